"""What one process of the demo writes: kept in a file, and shown where it matters."""

from __future__ import annotations

import os
import re
from pathlib import Path

LARGEST = 10_000_000  # bytes; a demo may run for weeks

# The portal's own form of a line, and the web server's.
_GRAVE = re.compile(r"(\d{4}-\d\d-\d\d \S+ |\[)(ERROR|CRITICAL)\b")
WIDEST = 240  # characters of a line shown; the file has the rest


class LogFile:
    """A log that its process appends to and the supervisor reads along."""

    def __init__(self, path: Path, *, show_all: bool = False) -> None:
        self.path = path
        self._show_all = show_all
        path.touch(mode=0o600)
        self._read_to = path.stat().st_size

    def news(self) -> list[str]:
        """Return the whole lines added since the last call that people should see: what went wrong.

        Tracebacks stay in the file.
        """
        size = self.path.stat().st_size
        if size == self._read_to:
            return []
        with self.path.open("rb") as file:
            file.seek(self._read_to)
            added = file.read(size - self._read_to)
        whole, newline, _ = added.rpartition(b"\n")
        self._read_to += len(whole) + len(newline)
        if size > LARGEST:
            # Safe while the process appends: its next line goes to the new end.
            os.truncate(self.path, 0)
            self._read_to = 0
        lines = whole.decode(errors="replace").splitlines()
        if self._show_all:
            return lines
        return [line[:WIDEST] for line in lines if _GRAVE.match(line)]

    def tail(self, lines: int) -> str:
        """Return the last lines written."""
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - 200 * lines))
            text = file.read().decode(errors="replace")
        return "\n".join(text.rstrip().splitlines()[-lines:])
