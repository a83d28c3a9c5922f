"""How long runs of an app usually take: ours to know, the Gallery tells nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from apps.catalog.models import App
from apps.runs.models import Run
from apps.runs.types import RunState

SAMPLE = 50
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Forecast:
    """What half of an app's recent good runs stayed below, and nine in ten."""

    usual: timedelta
    long: timedelta


def forecast(app: App) -> Forecast | None:
    """Return the spread of the last 50 good runs of an app; None below three."""
    rows = Run.objects.filter(app=app, state=RunState.SUCCEEDED).order_by("-created_at")
    moments = rows.values_list("created_at", "ended_at")[:SAMPLE]
    times = sorted(ended - created for created, ended in moments if ended)
    if len(times) < ENOUGH:
        return None
    return Forecast(usual=times[len(times) // 2], long=times[int(len(times) * 0.9)])


def runs_ahead(run: Run) -> int:
    """Return how many of the portal's waiting runs on the same Gallery are older."""
    older = Run.objects.filter(
        connection=run.connection_id,
        state__in=[RunState.NEW, RunState.SUBMITTING, RunState.QUEUED],
        created_at__lt=run.created_at,
    )
    # By name, because SQLite may find a run older than itself: its clock writes three decimals.
    return older.exclude(pk=run.pk).count()
