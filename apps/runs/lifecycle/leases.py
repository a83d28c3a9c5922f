"""Claiming runs: a lease brings a dead worker's runs back, a fence keeps its writes out."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from apps.runs.models import Run
from apps.runs.types import RunState

LEASE = timedelta(seconds=60)
# A request must leave this long before the lease ends, so that nobody else can be sending.
MARGIN = timedelta(seconds=5)
RENEW_AFTER = timedelta(seconds=15)


class LeaseLost(Exception):
    """Another worker holds the run; whoever raised this has stopped touching it."""


def claim(limit: int, *, only: uuid.UUID | None = None) -> list[Run]:
    """Lease up to ``limit`` due runs, oldest first, and return them.

    ``crashes`` is raised here and cleared by ``parked``: what is left of it counts the
    workers that died holding the run.
    """
    deadline = time.monotonic() + (LEASE - MARGIN).total_seconds()
    with transaction.atomic():
        due = Run.objects.due()
        if only is not None:
            due = due.filter(pk=only)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        ids = list(due.values_list("pk", flat=True)[:limit])
        if not ids:
            return []
        Run.objects.filter(pk__in=ids).update(
            fence=F("fence") + 1, crashes=F("crashes") + 1, lease_until=Now() + LEASE
        )
        claimed = Run.objects.filter(pk__in=ids).select_related("app", "connection")
        runs = list(claimed.order_by("due_at"))
    for run in runs:
        run.deadline = deadline
    return runs


def parked(wait: timedelta = timedelta()) -> dict[str, Any]:
    """Return the columns that end a step cleanly: no lease, no crash, due again after ``wait``."""
    return {"lease_until": None, "crashes": 0, "due_at": Now() + wait}


def renew(run: Run) -> None:
    """Hold a run for another lease during long work; raises LeaseLost when it is too late."""
    deadline = time.monotonic() + (LEASE - MARGIN).total_seconds()
    if not run.change(lease_until=Now() + LEASE):
        raise LeaseLost
    run.deadline = deadline


def holds(run: Run) -> bool:
    """Whether this worker may still act, by its monotonic clock alone."""
    return time.monotonic() < run.deadline


def renew_when_old(run: Run) -> None:
    """Renew a lease of which a quarter is used up; cheap enough to call for each block read."""
    used = (LEASE - MARGIN).total_seconds() - (run.deadline - time.monotonic())
    if used > RENEW_AFTER.total_seconds():
        renew(run)


def may_be_sent(run: Run) -> bool:
    """Whether a submission may leave now: asked as the last thing before its first byte."""
    return run.state == RunState.SUBMITTING and holds(run)
