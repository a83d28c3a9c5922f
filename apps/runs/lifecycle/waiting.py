"""Waiting: how long until the next look, and what people are told meanwhile."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils import timezone

from apps.gallery import services as gallery
from apps.gallery.errors import GalleryUnreachable
from apps.gallery.models import Connection
from apps.runs.lifecycle.leases import parked
from apps.runs.models import Run

# How old a job is, and how long to wait before asking for it again.
POLL_EVERY = (
    (timedelta(seconds=20), timedelta(seconds=0.7)),
    (timedelta(minutes=2), timedelta(seconds=2)),
    (timedelta(minutes=15), timedelta(seconds=5)),
)
POLL_SLOWLY = timedelta(seconds=15)
LONGEST_BACKOFF = timedelta(seconds=60)
# What a Gallery withholds for this long is not waited for any more.
PATIENCE = timedelta(hours=24)


def poll_interval(run: Run) -> timedelta:
    """Ask often while a job is young, seldom once it has shown to be long."""
    age = timezone.now() - (run.accepted_at or run.created_at)
    return next((every for limit, every in POLL_EVERY if age < limit), POLL_SLOWLY)


def backoff(looks: int) -> timedelta:
    """Return a wait between 1 and 60 s that doubles with each failed look, with full jitter."""
    ceiling = min(2.0**looks, LONGEST_BACKOFF.total_seconds())
    return timedelta(seconds=random.uniform(min(1.0, ceiling), ceiling))  # noqa: S311


def looks_in_a_row(run: Run) -> int:
    """Return how often the Gallery was seen as it is now; broken looks leave a notice behind."""
    return 0 if run.notice else run.looks


def is_out_of_patience(since: datetime | None) -> bool:
    """Whether something has been waited for longer than a day."""
    return since is not None and timezone.now() - since > PATIENCE


def until_reachable(run: Run, error: GalleryUnreachable) -> None:
    """Note that the Gallery gave no usable answer; the run waits, it does not fail."""
    gallery.note_failure(run.connection, error)
    wait = timedelta(seconds=error.retry_after) if error.retry_after else backoff(run.looks)
    run.change(looks=min(run.looks + 1, 30), notice=str(error), detail=error.detail, **parked(wait))


def while_paused(run: Run) -> bool:
    """Put the run off while its connection's breaker is open; return whether it was."""
    paused = Connection.objects.filter(pk=run.connection_id, paused_until__gt=Now())
    until = paused.values_list("paused_until", flat=True).first()
    if until is None:
        return False
    notice = "The Gallery is not answering. Your run is safe and goes on when it is back."
    columns = parked() | {"due_at": until + backoff(1)}
    run.change(notice=notice, **columns)
    return True
