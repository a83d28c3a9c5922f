"""Runs the demo's processes: starts, watches, restarts and stops them.

Each child has a session of its own, so that the terminal's Ctrl-C reaches the supervisor alone,
and ends when the supervisor dies. What a child says goes to its own log file.
"""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from apps.home.demo.console import Console
from apps.home.demo.logfile import LogFile

CHILD = Path(__file__).with_name("child.py")
LOOK_EVERY = 0.1  # seconds
READY_WITHIN = 60.0  # seconds; a cold start on a slow disk compiles every library first
GRACE = 2.5  # seconds from the signal to stop until a wave of processes is killed
RESTARTS = 3
RESTARTS_WITHIN = 60.0  # seconds


class ChildFailed(Exception):
    """A process cannot be kept running; the text says which and what it said last."""


@dataclass(frozen=True, slots=True)
class Service:
    """One process of the stack.

    Args:
        is_ready: asked again and again with the seconds since the start until it says yes.
        wave: when it is stopped; those of a higher wave stop first, together.
    """

    name: str
    does: str
    command: Sequence[str]
    is_ready: Callable[[float], bool]
    wave: int = 1


@dataclass(slots=True)
class _Child:
    service: Service
    log: LogFile
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    is_ready: bool = False
    deaths: deque[float] = field(default_factory=deque)


class Supervisor:
    """Keeps a list of services running until told to stop."""

    def __init__(
        self, logs: Path, console: Console, *, folder: Path | None = None, show_all: bool = False
    ) -> None:
        self._logs = logs
        self._folder = folder  # the children's working folder; None: the supervisor's own
        self._console = console
        self._show_all = show_all
        self._children: list[_Child] = []
        self._lifeline = _lifeline()

    def start(self, *services: Service) -> None:
        """Start services without waiting for them."""
        for service in services:
            log = LogFile(self._logs / f"{service.name}.log", show_all=self._show_all)
            child = _Child(service, log)
            self._children.append(child)
            self._spawn(child)

    def wait_ready(self, within: float = READY_WITHIN) -> None:
        """Return once every service is ready.

        Raises:
            ChildFailed: one ended or took too long.
        """
        deadline = time.monotonic() + within
        while waiting := [child for child in self._children if not child.is_ready]:
            self.look()
            if time.monotonic() > deadline:
                raise ChildFailed(self._story(waiting[0], f"was not ready within {within:.0f} s"))
            time.sleep(LOOK_EVERY)

    def watch(self) -> None:
        """Keep everything running; ends by an exception, such as Ctrl-C's, alone."""
        while True:
            self.look()
            time.sleep(LOOK_EVERY)

    def look(self) -> None:
        """Pass on new log lines, note who became ready and restart who died."""
        for child in self._children:
            self._console.lines(child.service.name, child.log.news())
            assert child.process is not None
            if child.process.poll() is not None:
                self._bury(child)
            elif not child.is_ready:
                self._ask(child)

    def stop(self) -> None:
        """Stop all services, the highest wave first; kill what does not stop in time."""
        for wave in sorted({child.service.wave for child in self._children}, reverse=True):
            self._stop_wave([c for c in self._children if c.service.wave == wave])

    def tails(self, lines: int = 15) -> str:
        """Return the last lines of every service's log, for a report of a failure."""
        return "\n".join(
            f"--- {child.service.name}\n{child.log.tail(lines)}" for child in self._children
        )

    def _spawn(self, child: _Child) -> None:
        launcher = [sys.executable, "-I", "-S", str(CHILD), str(os.getpid()), str(self._lifeline)]
        with child.log.path.open("ab") as log:
            child.process = subprocess.Popen(  # noqa: S603 (commands are the stack's own)
                [*launcher, *child.service.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                start_new_session=True,
                pass_fds=[self._lifeline] if self._lifeline >= 0 else [],
            )
        child.started = time.monotonic()
        child.is_ready = False

    def _ask(self, child: _Child) -> None:
        took = time.monotonic() - child.started
        if child.service.is_ready(took):
            child.is_ready = True
            word = "ready again" if child.deaths else "ready"
            self._console.step(child.service.name, f"{word}: {child.service.does}", took)

    def _bury(self, child: _Child) -> None:
        assert child.process is not None
        _signal_group(child.process, signal.SIGKILL)  # what it may have left behind
        how = _how_it_ended(child.process.returncode)
        now = time.monotonic()
        child.deaths.append(now)
        while child.deaths[0] < now - RESTARTS_WITHIN:
            child.deaths.popleft()
        if len(child.deaths) > RESTARTS or not (child.is_ready or len(child.deaths) > 1):
            raise ChildFailed(self._story(child, how))
        self._console.warn(
            child.service.name,
            f"{how}; starting it again ({len(child.deaths)} of {RESTARTS} in a minute).",
        )
        self._spawn(child)

    def _story(self, child: _Child, how: str) -> str:
        times = f" {len(child.deaths)} times within a minute" if len(child.deaths) > 1 else ""
        said = child.log.tail(10) or "(nothing)"
        return f"{child.service.name} {how}{times}. It said last:\n{said}"

    def _stop_wave(self, children: list[_Child]) -> None:
        running = [child for child in children if child.process and child.process.poll() is None]
        for child in running:
            assert child.process is not None
            _signal_group(child.process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child in running:
            assert child.process is not None
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
        for child in children:
            if child.process:
                _signal_group(child.process, signal.SIGKILL)
                child.process.wait()


def _lifeline() -> int:
    """Return what tells children of the supervisor's death, or -1 where the system does."""
    if platform.system() == "Linux":
        return -1
    reading, _ = os.pipe()  # the other end stays open, here alone, for as long as we live
    return reading


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # On macOS a group of none but the dead answers with a lack of rights.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit status {code}"
