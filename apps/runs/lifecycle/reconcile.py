"""Runs whose POST got no usable answer: find the job or ask a person. Never a second POST."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from apps.gallery import services as gallery
from apps.gallery.errors import GalleryRefusal, GalleryUnreachable
from apps.gallery.types import Job
from apps.runs.lifecycle import waiting
from apps.runs.lifecycle.leases import parked
from apps.runs.lifecycle.submit import accept
from apps.runs.models import Run
from apps.runs.models.run import MAX_CRASHES
from apps.runs.types import Reason, RunState

# Longer than a proxy or web server may hold a request that can still take effect.
SETTLE = timedelta(minutes=15)
ASK_AGAIN = timedelta(hours=1)
# While another attempt on the workflow was open this recently, a found job may be its own.
OTHERS_OPEN_FOR = timedelta(hours=24)
CHECKING = "Checking whether the Gallery took this run."


def sender_died(run: Run) -> bool:
    """A run found in SUBMITTING has lost its worker, so nobody knows whether the POST left."""
    run.move(RunState.UNSURE, notice=CHECKING, note="The worker stopped while sending.")
    return not run.has_ended and run.state == RunState.UNSURE


def look_for_job(run: Run) -> bool:
    """Look for the run's job among those that were not there before the POST."""
    if run.crashes > MAX_CRASHES or run.jobs_before is None:
        return _ask(run, "The Gallery's list of jobs cannot be used to find this run.")
    if waiting.while_paused(run):
        return False
    try:
        candidates = _candidates(run)
    except GalleryUnreachable as error:
        waiting.until_reachable(run, error)
        return False
    except GalleryRefusal as error:
        return _ask(run, error.detail or str(error))
    gallery.note_success(run.connection)
    if len(candidates) == 1 and not _others_open(run):
        accept(run, candidates[0])
        return False
    if candidates:
        return _ask(run, f"{len(candidates)} jobs could be this run's.")
    if Run.objects.filter(pk=run.pk, sent_at__lt=Now() - SETTLE).exists():
        return _ask(run, "No job of this run was found.")
    run.change(looks=run.looks + 1, notice=CHECKING, **parked(waiting.backoff(run.looks)))
    return False


def look_again(run: Run) -> bool:
    """Look once an hour whether time has brought proof; until then a person decides."""
    if run.cancel_requested_at:
        run.move(RunState.CANCELLED, reason=Reason.LEFT_RUNNING)
        return False
    run.change(**parked(ASK_AGAIN))
    return False


def _candidates(run: Run) -> list[Job]:
    jobs = run.connection.client().jobs(run.workflow_id)
    known = set(run.jobs_before or ())
    new = [job for job in jobs if job.id not in known]
    taken = set(
        Run.objects.filter(
            connection=run.connection_id, job_id__in=[job.id for job in new]
        ).values_list("job_id", flat=True)
    )
    return [job for job in new if job.id not in taken]


def _others_open(run: Run) -> bool:
    return (
        Run.objects.filter(
            connection=run.connection_id,
            workflow_id=run.workflow_id,
            state__in=[RunState.SUBMITTING, RunState.UNSURE, RunState.ASK],
            sent_at__gt=Now() - OTHERS_OPEN_FOR,
        )
        .exclude(pk=run.pk)
        .exists()
    )


def _ask(run: Run, why: str) -> bool:
    if run.cancel_requested_at:
        run.move(RunState.CANCELLED, reason=Reason.LEFT_RUNNING, note=why, detail=why)
        return False
    notice = (
        "It is not certain whether the Gallery took this run. An administrator has to decide; "
        "until then it is not sent again."
    )
    run.move(RunState.ASK, note=why, notice=notice, detail=why, **parked(ASK_AGAIN))
    return False
