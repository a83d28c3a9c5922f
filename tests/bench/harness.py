"""What benchmarks share: a portal on an empty database of its own, timing, and the printout."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import tests.environment  # noqa: F401
from apps.home.demo import broker
from apps.home.demo.ports import free_port


@contextmanager
def _broker(folder: Path) -> Iterator[str]:
    """Run the demo's broker in a folder and yield its address."""
    port, password = free_port(), "bench"
    command = broker.command(broker.find_server(), folder, port, password)
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while not broker.answers(port, password):
            assert server.poll() is None, "the broker did not start"
            time.sleep(0.02)
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def portal() -> Iterator[Path]:
    """Set Django up on a migrated SQLite database and a broker of its own; yield their folder."""
    with tempfile.TemporaryDirectory() as name, _broker(Path(name)) as broker_url:
        folder = Path(name)
        os.environ["PORTAL_BROKER_URL"] = broker_url
        os.environ["PORTAL_DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
        os.environ["PORTAL_FILES_DIR"] = str(folder / "files")
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        os.environ["PORTAL_LOG_LEVEL"] = "ERROR"
        import django  # noqa: PLC0415 (settings are read when Django is set up)

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        yield folder
        connections.close_all()


def times(action: Callable[[], object], *, rounds: int, warm_up: int = 5) -> list[float]:
    """Return how long each round took, in milliseconds, after some that do not count."""
    for _ in range(warm_up):
        action()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table for people."""
    texts = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in texts) for i in range(len(head))]
    print(f"\n{title}")
    for number, row in enumerate(texts):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  " + "  ".join(cells).rstrip())
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))


def finish(figures: Mapping[str, float]) -> None:
    """Print the last line: the figures as one JSON object."""
    print()
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
