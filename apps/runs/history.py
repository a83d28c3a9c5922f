"""Pages of history by key: asked for by their neighbour's row, so page 1,000 costs as page 1."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Q

from apps.runs.models import Run
from apps.runs.models.run import RunQuerySet

PAGE = 25
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of runs, newest first, and its neighbours' cursors ("" where there is none)."""

    runs: list[Run]
    newer: str
    older: str


def page_of(runs: RunQuerySet, *, before: str = "", after: str = "") -> HistoryPage:
    """Return the runs older than cursor ``before``, or newer than ``after``, or the newest ones.

    Raises ValueError for a cursor that is not ours.
    """
    runs = runs.select_related("app", "user").defer("answers", "jobs_before", "detail")
    if after:
        at, pk = _read(after)
        newer = runs.filter(Q(created_at__gte=at + TICK) | _at(at) & Q(pk__gt=pk))
        found = list(newer.order_by("created_at", "pk")[: PAGE + 1])
        rows = found[:PAGE][::-1]
        has_newer, has_older = len(found) > PAGE, True
    else:
        if before:
            at, pk = _read(before)
            runs = runs.filter(Q(created_at__lte=at - TICK) | _at(at) & Q(pk__lt=pk))
        found = list(runs.order_by("-created_at", "-pk")[: PAGE + 1])
        rows = found[:PAGE]
        has_newer, has_older = bool(before), len(found) > PAGE
    return HistoryPage(
        runs=rows,
        newer=_cursor(rows[0]) if rows and has_newer else "",
        older=_cursor(rows[-1]) if rows and has_older else "",
    )


def _at(moment: datetime) -> Q:
    """Match rows of one moment.

    SQLite compares moments as text and its own clock writes three decimals where Python writes
    six or none, so that equal ones differ; a microsecond to either side holds both spellings.
    """
    return Q(created_at__gt=moment - TICK, created_at__lt=moment + TICK)


def _cursor(run: Run) -> str:
    return signing.dumps([run.created_at.isoformat(), str(run.pk)], salt="history", compress=True)


def _read(cursor: str) -> tuple[datetime, uuid.UUID]:
    try:
        at, pk = signing.loads(cursor, salt="history")
    except signing.BadSignature:
        raise ValueError("not a cursor") from None
    return datetime.fromisoformat(at), uuid.UUID(pk)
