"""The demo of the README as a process of its own: nothing is patched, nothing is shared."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY_WITHIN = 90.0  # seconds
STOPPED_WITHIN = 30.0
LOOK_EVERY = 0.1
READY = "Ready in"
# The first whose Gallery can be told to stop a job: a cancelled one would keep others waiting.
GENERATION = "2025.x"


class StackFailed(Exception):
    """The demo did not start or stop as it should; the text holds what it printed."""


@dataclass(frozen=True)
class Stack:
    """A running demo."""

    url: str
    gallery_url: str


@contextmanager
def demo_stack(folder: Path) -> Iterator[Stack]:
    """Run the demo in an empty folder, on free ports; inside, it is ready.

    Raises:
        StackFailed: it did not get ready, or did not stop cleanly when asked to.
    """
    output = folder / "output.txt"
    data = folder / "data"
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", "0", "--no-open"]
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--generation", GENERATION, "--data", str(data)],
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _wait_ready(process, data, output)
    finally:
        _stop(process, output)


def _environment() -> dict[str, str]:
    """Return the environment of somebody who has set nothing up; the tests' own is not theirs."""
    hidden = ("PORTAL_", "DJANGO_", "PYTEST_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    # With mail, because the page for a new password is offered only then.
    mail = {"PORTAL_EMAIL_URL": "consolemail://"}
    return kept | mail | {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


def _wait_ready(process: subprocess.Popen[bytes], data: Path, output: Path) -> Stack:
    deadline = time.monotonic() + READY_WITHIN
    while READY not in (said := output.read_text(encoding="utf-8", errors="replace")):
        if process.poll() is not None:
            raise StackFailed(f"The demo ended with {process.returncode}:\n{said}")
        if time.monotonic() > deadline:
            raise StackFailed(f"The demo was not ready after {READY_WITHIN:.0f} s:\n{said}")
        time.sleep(LOOK_EVERY)
    running = json.loads((data / "running.json").read_text(encoding="utf-8"))
    ports = json.loads((data / "ports.json").read_text(encoding="utf-8"))
    stack = Stack(running["url"], f"http://127.0.0.1:{ports['gallery']}")
    with urllib.request.urlopen(f"{stack.url}/health/ready", timeout=10) as answer:
        assert answer.status == 200
    return stack


def _stop(process: subprocess.Popen[bytes], output: Path) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        code = None
    if code != 0:
        how = "did not stop" if code is None else f"ended with {code}"
        said = output.read_text(encoding="utf-8", errors="replace")
        raise StackFailed(f"The demo {how} when it was asked to stop:\n{said}")


def answers(url: str) -> bool:
    """Return whether anything still answers there."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
