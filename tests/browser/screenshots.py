"""``python -m tests.browser.screenshots FOLDER [NAME …]``: pictures of every page.

Each page of the tour as it stands at 1280 and 390 pixels, in light and dark. Without names all
of them; the README's pictures come from here.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browser import chromium
from tests.browser.stack import demo_stack
from tests.browser.tour import STOPS, settle
from tests.browser.world import World

SIZES = {"wide": (1280, 800), "phone": (390, 844)}
THEMES = ("light", "dark")


def main(arguments: list[str]) -> int:
    path = chromium.find()
    unknown = [name for name in arguments[1:] if name not in STOPS]
    if not arguments or unknown:
        print(__doc__, "Pages:", ", ".join(STOPS), file=sys.stderr)
        return 2
    if path is None:
        print(chromium.HOW_TO_GET_ONE, file=sys.stderr)
        return 1
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        demo_stack(Path(data)) as stack,
        chromium.chromium(path) as browser,
    ):
        world = World(browser, stack)
        for name in arguments[1:] or STOPS:
            _take(world, name, folder)
    return 0


def _take(world: World, name: str, folder: Path) -> None:
    stop = STOPS[name]
    person = world.visitor(stop.username, device_scale_factor=1)
    stop.way(person, world)
    for size, (width, height) in SIZES.items():
        person.page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            person.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            settle(person.page)
            target = folder / f"{name}-{size}-{theme}.png"
            # What stays in sight while scrolling would stand in the middle of a full picture.
            person.page.screenshot(path=target, full_page=size == "wide", animations="disabled")
    if stop.leave:
        stop.leave(person, world)
    person.context.close()
    print(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
