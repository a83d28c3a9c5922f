"""The rungs of an examination and the time it may take."""

from __future__ import annotations

import time
from typing import NoReturn

from apps.gallery.types import Probe, Report, Verdict
from apps.gallery.wire.exchange import Patience

SECONDS = 13.0
ONE_STEP = 4.0


class Stop(Exception):
    """The rungs above this one cannot be judged."""


class Ladder:
    """Collects probes in order; rungs that were not reached are reported as skipped."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._probes: list[Probe] = []
        self._ends_at = time.monotonic() + SECONDS

    def ok(self, name: str, tried: str, saw: str, advice: str = "") -> None:
        self._probes.append(Probe(name, Verdict.OK, tried, saw, advice))

    def warn(self, name: str, tried: str, saw: str, advice: str) -> None:
        self._probes.append(Probe(name, Verdict.WARN, tried, saw, advice))

    def fail(self, name: str, tried: str, saw: str, advice: str) -> NoReturn:
        self._probes.append(Probe(name, Verdict.FAIL, tried, saw, advice))
        raise Stop

    @property
    def next_name(self) -> str:
        return self._names[len(self._probes)]

    def patience(self) -> Patience:
        """Return how long the next request may take.

        Raises:
            Stop: the time for the whole examination is up.
        """
        left = self._ends_at - time.monotonic()
        if left < 0.5:  # noqa: PLR2004 (nothing useful fits)
            self.fail(
                self.next_name,
                "Waited for the Gallery's answers.",
                f"After {SECONDS:.0f} seconds not everything had been answered.",
                "The Gallery or the network is very slow now. Check again later.",
            )
        step = min(left, ONE_STEP)
        return Patience(connect=min(step, 3.0), silence=step, total=step)

    def report(self) -> Report:
        missing = self._names[len(self._probes) :]
        skipped = [Probe(name, Verdict.SKIPPED, tried="", saw="") for name in missing]
        return Report((*self._probes, *skipped))
