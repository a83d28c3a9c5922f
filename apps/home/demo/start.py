"""Brings the demo's stack up in order and takes it down again."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from apps.home.demo import seed, stack
from apps.home.demo.console import Console
from apps.home.demo.environment import Demo
from apps.home.demo.supervisor import Supervisor

Steps = list[tuple[str, float]]


@contextmanager
def running(demo: Demo, console: Console, steps: Steps | None = None) -> Iterator[Supervisor]:
    """Run the whole stack; inside, everything is ready and the demo's people and apps are there.

    Args:
        steps: gets the name and seconds of each step of the start.

    Raises:
        ChildFailed: a process cannot be kept running.
    """
    steps = [] if steps is None else steps
    supervisor = Supervisor(
        demo.logs, console, folder=settings.BASE_DIR, show_all=demo.options.logs
    )
    try:
        with timed(steps, "migrate the database"):
            supervisor.start(*stack.foundation(demo))
            call_command("migrate", verbosity=0, interactive=False)
        console.step("database", f"ready: {connection.display_name}", steps[-1][1])
        with timed(steps, "start broker and Gallery"):
            supervisor.wait_ready()
        with timed(steps, "people, groups and apps"):
            supervisor.start(*stack.portal(demo))
            for trouble in seed.sow(demo):
                console.warn("apps", trouble)
        with timed(steps, "start web, worker and scheduler"):
            supervisor.wait_ready()
        yield supervisor
    finally:
        connection.close()
        with timed(steps, "stop everything"):
            supervisor.stop()


@contextmanager
def timed(steps: Steps, name: str) -> Iterator[None]:
    """Note how long the block takes, whether it ends well or not."""
    began = time.monotonic()
    try:
        yield
    finally:
        steps.append((name, time.monotonic() - began))


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Turn the first Ctrl-C, TERM or hang-up into KeyboardInterrupt; later ones change nothing.

    A terminal and ``uv run`` may each pass on the same Ctrl-C; the second must not break into
    the orderly stop that the first began.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (signal's signature)
        nonlocal asked
        if not asked:
            asked = True
            raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
