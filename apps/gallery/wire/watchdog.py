"""Ends exchanges whose time on the wall clock is up.

A read time-out counts the gap between two bytes, so a server that sends one byte a second
would hold a worker for ever. One thread per process watches all exchanges.
"""

from __future__ import annotations

import heapq
import itertools
import os
import threading
import time

from apps.gallery.wire.exchange import Exchange

TIDY_ABOVE = 512


class Watchdog:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heap: list[tuple[float, int, Exchange]] = []
        self._order = itertools.count()
        self._thread: threading.Thread | None = None

    def watch(self, exchange: Exchange) -> None:
        """Abort ``exchange`` at its end unless it is over by then."""
        with self._changed:
            if len(self._heap) > TIDY_ABOVE:
                self._heap = [entry for entry in self._heap if not entry[2].is_over]
                heapq.heapify(self._heap)
            heapq.heappush(self._heap, (exchange.ends_at, next(self._order), exchange))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="gallery-watchdog", daemon=True
                )
                self._thread.start()
            elif self._heap[0][2] is exchange:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._heap and self._heap[0][2].is_over:
                    heapq.heappop(self._heap)
                wait = self._heap[0][0] - time.monotonic() if self._heap else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                exchange = heapq.heappop(self._heap)[2]
            if not exchange.is_over:
                exchange.abort()


watchdog = Watchdog()


def _start_anew() -> None:
    # Threads do not survive a fork, and the lock may have been held in the parent.
    watchdog.__init__()  # type: ignore[misc]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
