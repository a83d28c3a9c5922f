"""How long people wait on the portal itself: before the Gallery has the job, after it is done.

Run with ``uv run python -m tests.bench.latency``. It starts the demo stack (broker, worker,
scheduler, web server and pretend Gallery, each a process) in a temporary folder and submits a
short app again and again over HTTP, following the run's page at the page's own pace.

accept: from the portal's acceptance of the form to the Gallery's acceptance of the job.
show: from the job's end on the Gallery to the page that shows the result.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.harness import finish, median, percentile, show

if TYPE_CHECKING:
    from apps.home.demo.visitor import Visitor

APP = "Sales extract by region"
GOAL_ACCEPT_S, GOAL_SHOW_S = 0.5, 2.0
PATIENCE_S = 60.0


def main() -> None:
    """Start the stack, submit, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=25)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        from apps.home.demo.environment import prepare  # noqa: PLC0415 (sets the environment)

        demo = prepare(["--check", "--data", name])
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        import django  # noqa: PLC0415

        django.setup()
        from apps.home.demo.console import Console  # noqa: PLC0415
        from apps.home.demo.start import running  # noqa: PLC0415

        with running(demo, Console(sys.stderr)):
            accept, shown = measure(demo.url, Path(name), chosen.runs)
    rows = [
        ("submit to the Gallery's acceptance", *_figures(accept), f"{GOAL_ACCEPT_S}"),
        ("job's end to the page showing it", *_figures(shown), f"{GOAL_SHOW_S}"),
    ]
    show(
        f"Latency over {chosen.runs} runs of a short app", ("", "p50 s", "p95 s", "goal p50"), rows
    )
    finish(
        {
            "accept_p50_s": median(accept),
            "show_p50_s": median(shown),
            "accept_p95_s": percentile(accept, 0.95),
            "show_p95_s": percentile(shown, 0.95),
        }
    )


def _figures(values: list[float]) -> tuple[str, str]:
    return f"{median(values):.2f}", f"{percentile(values, 0.95):.2f}"


def measure(url: str, folder: Path, runs: int) -> tuple[list[float], list[float]]:
    """Return for each run the seconds until acceptance, and from the job's end to the page."""
    from apps.home.demo.cast import BEN  # noqa: PLC0415
    from apps.home.demo.visitor import Visitor, fill, form_with  # noqa: PLC0415
    from apps.runs.models import Run  # noqa: PLC0415

    visitor = Visitor(url)
    catalogue = visitor.sign_in(BEN.username, BEN.password)
    link = catalogue.link(APP)
    assert link, f"the catalogue does not offer {APP}"
    accept, shown = [], []
    for _ in range(runs):
        form = form_with(visitor.open(link.url), "q0")
        fill(form)
        page = visitor.send(form)
        seen_at = _follow(visitor, page.url)
        run = Run.objects.get(pk=page.url.rstrip("/").rpartition("/")[2])
        assert run.state == "SUCCEEDED", f"run ended {run.state}: {run.error}"
        assert run.accepted_at
        accept.append((run.accepted_at - run.created_at).total_seconds())
        shown.append(seen_at - _ended_at(folder, run.job_id or ""))
    return accept, shown


def _follow(visitor: Visitor, url: str) -> float:
    """Ask as the page does, at the pace it was given, and return when it showed the end."""
    text = visitor.fetch(url).text
    give_up = time.monotonic() + PATIENCE_S
    while asked := re.search(r'hx-get="([^"]+)" hx-trigger="every (\d+)s"', text):
        assert time.monotonic() < give_up, "the run did not end"
        time.sleep(int(asked[2]))
        text = visitor.fetch(url).text
    return time.time()


def _ended_at(folder: Path, job_id: str) -> float:
    """Return when the pretend Gallery ended a job, by its own record."""
    (path,) = folder.rglob("gallery.sqlite3")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        (data,) = database.execute("SELECT data FROM job WHERE id = ?", (job_id,)).fetchone()
    return datetime.fromisoformat(json.loads(data)["ended"]).timestamp()


if __name__ == "__main__":
    main()
