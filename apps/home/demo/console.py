"""What the demo says on the terminal: few lines, one look."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

WIDTH = 10


class Console:
    """Writes prefixed lines; colour only for a terminal that wants it."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._colours = self._out.isatty() and "NO_COLOR" not in os.environ

    def say(self, text: str = "") -> None:
        # A terminal that went away must not keep the processes from being stopped.
        try:
            self._out.write(f"{text}\n")
            self._out.flush()
        except OSError:
            self._out = open(os.devnull, "w")  # noqa: PTH123, SIM115 (a stream for the rest of the run)

    def step(self, name: str, text: str, seconds: float | None = None) -> None:
        took = "" if seconds is None else self._paint(f"  {seconds:.1f} s", "2")
        self.say(f"{self._prefix(name, '36')} {text}{took}")

    def warn(self, name: str, text: str) -> None:
        self.say(f"{self._prefix(name, '33')} {text}")

    def lines(self, name: str, lines: Iterable[str]) -> None:
        for line in lines:
            self.say(f"{self._prefix(name, '2')} {line}")

    def strong(self, text: str) -> str:
        return self._paint(text, "1")

    def _prefix(self, name: str, code: str) -> str:
        return self._paint(f"{name:>{WIDTH}} │", code)

    def _paint(self, text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colours else text
