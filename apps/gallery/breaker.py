"""The breaker of a connection, kept in its row so that every process sees it.

After five broken exchanges in a row nothing is asked of a Gallery for a while. Runs wait
meanwhile; nothing fails because a Gallery is down.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Now

from apps.gallery.errors import Cause, GalleryError, GalleryUnreachable
from apps.gallery.models import Connection
from apps.gallery.wire.faults import LONGEST_PAUSE

OPENS_AFTER = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_BREAK = timedelta(minutes=5)
# The line is good where the Gallery answered something, if not what was expected.
NOT_TRANSPORT = {Cause.TOKEN, Cause.TOO_LATE, Cause.UNUSABLE, Cause.TOO_LARGE, Cause.BUSY}


def note_success(connection: Connection) -> None:
    """Close the breaker: the Gallery gave a usable answer."""
    if not (connection.failures or connection.failing_since or connection.paused_until):
        return  # as far as this row was read; the next reader sees what came after
    Connection.objects.filter(
        Q(failures__gt=0) | Q(failing_since__isnull=False) | Q(paused_until__isnull=False),
        pk=connection.pk,
    ).update(failures=0, failing_since=None, paused_until=None, last_error="")
    connection.failures, connection.failing_since, connection.paused_until = 0, None, None


def note_failure(connection: Connection, error: GalleryError) -> None:
    """Count a broken exchange; after five in a row nothing is asked for a while.

    The pause is 30 s at first and doubles up to 5 min with each failure after it. A Gallery that
    says how long to wait (429, 503) is left alone for that long, at most an hour.
    """
    if not isinstance(error, GalleryUnreachable):
        return
    row = Connection.objects.filter(pk=connection.pk)
    if error.retry_after:
        until = Now() + timedelta(seconds=min(error.retry_after, LONGEST_PAUSE))
        row.filter(Q(paused_until=None) | Q(paused_until__lt=until)).update(
            failing_since=Coalesce("failing_since", Now()),
            paused_until=until,
            last_error=str(error),
        )
    elif error.cause not in NOT_TRANSPORT:
        # While the breaker is open, late answers of earlier requests do not lengthen the pause.
        row.filter(Q(paused_until=None) | Q(paused_until__lte=Now())).update(
            failures=F("failures") + 1,
            failing_since=Coalesce("failing_since", Now()),
            paused_until=_pause(),
            last_error=str(error),
        )


def _pause() -> Case:
    """Return until when to pause, by the number of failures before this one."""
    steps = []
    pause, failures = FIRST_PAUSE, OPENS_AFTER - 1
    while pause < LONGEST_BREAK:
        steps.append(When(failures=failures, then=Now() + pause))
        pause, failures = pause * 2, failures + 1
    return Case(
        When(failures__lt=OPENS_AFTER - 1, then=Value(None)),
        *steps,
        default=Now() + LONGEST_BREAK,
    )
