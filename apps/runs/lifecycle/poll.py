"""Following a job until it is over."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from apps.gallery import services as gallery
from apps.gallery.client import GalleryClient
from apps.gallery.errors import GalleryRefusal, GalleryUnreachable, JobGone
from apps.gallery.types import Job
from apps.runs.lifecycle import waiting
from apps.runs.lifecycle.leases import parked
from apps.runs.lifecycle.submit import refuse
from apps.runs.models import Run
from apps.runs.types import Reason, RunState

# A job counts as gone after this many looks spread over a minute.
GONE_LOOKS = 3
GONE_EVERY = timedelta(seconds=30)
REFUSED_EVERY = timedelta(minutes=1)


def poll(run: Run) -> bool:
    """Ask for the run's job once; True when it is over and its results can be collected."""
    if not run.cancel_requested_at and waiting.while_paused(run):
        return False
    client = run.connection.client()
    will_stop = True
    try:
        will_stop = not run.cancel_requested_at or _cancel(run, client)
        job = client.job(run.job_id or "", messages=False)
    except GalleryUnreachable as error:
        if will_stop:
            waiting.until_reachable(run, error)
        else:
            _let_go(run)
        return False
    except JobGone as error:
        _gone(run, error)
        return False
    except GalleryRefusal as error:
        _refused(run, error)
        return False
    gallery.note_success(run.connection)
    if not (will_stop or job.is_over):
        _let_go(run)
        return False
    return _note(run, job)


def _note(run: Run, job: Job) -> bool:
    words = {"status": job.status[:32], "disposition": job.disposition[:32]}
    if job.is_over:
        # The lease is kept: collecting the results follows at once.
        return run.move(RunState.FETCHING, finished_at=Now(), due_at=Now(), **words)
    state = RunState.QUEUED if job.is_waiting else RunState.RUNNING
    wait = parked(waiting.poll_interval(run))
    if state == run.state:
        run.change(notice="", looks=0, **words, **wait)
    elif state == RunState.RUNNING:
        run.move(state, started_at=run.started_at or timezone.now(), **words, **wait)
    else:
        run.move(state, **words, **wait)
    return False


def _cancel(run: Run, client: GalleryClient) -> bool:
    """Ask the Gallery to stop; False where it cannot, or the job is over already."""
    if not (run.cancel_sent_at or client.cancel(run.job_id or "")):
        return False
    run.change(cancel_sent_at=run.cancel_sent_at or Now())
    return True


def _refused(run: Run, error: GalleryRefusal) -> None:
    """Wait for the key to be mended: the job goes on whether or not we may look at it."""
    if run.cancel_requested_at:
        _let_go(run)
    elif waiting.is_out_of_patience(run.accepted_at):
        refuse(run, error)
    else:
        run.change(notice=str(error), detail=error.detail, **parked(REFUSED_EVERY))


def _let_go(run: Run) -> None:
    run.move(
        RunState.CANCELLED,
        reason=Reason.LEFT_RUNNING,
        error="The portal stopped following this run. The Gallery cannot be told to stop, so the "
        "job may go on there; its result is not collected.",
    )


def _gone(run: Run, error: JobGone) -> None:
    if run.cancel_requested_at:
        # A cancelled job that had not begun is taken off the Gallery's queue.
        run.move(RunState.CANCELLED, reason=Reason.CANCELLED)
        return
    looks = waiting.looks_in_a_row(run) + 1
    if looks < GONE_LOOKS:
        run.change(looks=looks, notice="", detail=error.detail, **parked(GONE_EVERY))
        return
    run.move(
        RunState.FAILED,
        reason=Reason.JOB_GONE,
        error="The Gallery no longer knows this run. It may have been restarted or cleaned up. "
        "Run the app again.",
        detail=error.detail,
    )
