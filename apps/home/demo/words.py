"""What the demo tells people once it is ready."""

from __future__ import annotations

from pathlib import Path

from apps.home.demo.cast import ANNA, BEN, CAST, CHLOE
from apps.home.demo.console import Console
from apps.home.demo.environment import Demo


def greet(demo: Demo, console: Console, seconds: float) -> None:
    """Print where the portal is, who can sign in, what to try and how to stop."""
    console.say()
    console.say(f"Ready in {seconds:.1f} s. Open  {console.strong(demo.url)}")
    console.say()
    console.say("  Sign in as   Password      Who it is")
    for person in CAST:
        who = f"{person.first_name} {person.last_name}, {person.part}"
        console.say(f"  {person.username:<12} {person.password:<13} {who}")
    console.say()
    console.say("What to try")
    console.say(
        f"  · As {BEN.username}: run “Sales extract by region”, read the table in the page."
    )
    console.say(f"  · As {CHLOE.username}: run an app of Finance, which {BEN.username} cannot see.")
    console.say(
        f"  · As {ANNA.username}: Manage, then Connections; check one, expose another of its apps."
    )
    console.say()
    console.say(f"The pretend Gallery is at {demo.gallery_url}/gallery/")
    console.say(f"Everything is kept in {_short(demo.folder)}; logs of each process in its logs/.")
    console.say("Stop with Ctrl-C.")


def _short(folder: Path) -> str:
    try:
        return str(folder.relative_to(Path.cwd()))
    except ValueError:
        return str(folder)
