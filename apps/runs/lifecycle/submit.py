"""Sending a new run to its Gallery: intent first, one POST, and the truth about its answer."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, JSONField, Value
from django.db.models.functions import Now

from apps.gallery import services as gallery
from apps.gallery.client import GalleryClient
from apps.gallery.errors import GalleryRefusal, GalleryUnreachable
from apps.gallery.types import Answer, Job
from apps.runs.lifecycle import leases, waiting
from apps.runs.lifecycle.leases import parked
from apps.runs.models import Run
from apps.runs.types import Reason, RunState

SETTLE_FIRST_LOOK = timedelta(seconds=2)
GATE_WAIT = timedelta(seconds=0.5)


def submit(run: Run) -> bool:
    """Send a new run; of several callers one gets through, and nothing is sent twice."""
    if run.cancel_requested_at:
        run.move(RunState.CANCELLED, reason=Reason.CANCELLED)
        return False
    if waiting.while_paused(run):
        return False
    client = run.connection.client()
    try:
        answers = _hand_over_files(run, client)
        client.prepare()
        jobs_before = _jobs_now(run, client)
    except GalleryUnreachable as error:
        waiting.until_reachable(run, error)
        return False
    except GalleryRefusal as error:
        refuse(run, error)
        return False
    if _commit_intent(run, client, jobs_before):
        _post(run, client, answers)
    return False


def refuse(run: Run, error: GalleryRefusal) -> None:
    """End a run the Gallery said no to."""
    reasons = {403: Reason.NO_RIGHT, 401: Reason.NO_RIGHT, 404: Reason.NOT_FOUND}
    reason = reasons.get(error.status or 0, Reason.REFUSED)
    run.move(RunState.FAILED, reason=reason, error=str(error), detail=error.detail)


def _hand_over_files(run: Run, client: GalleryClient) -> list[Answer]:
    """Upload what has not been uploaded yet; return the answers as they are sent."""
    values = {}
    for item in run.inputs.all():
        if not item.gallery_value:
            with default_storage.open(item.file, "rb") as stream:
                item.gallery_value = client.upload(item.name, cast("BinaryIO", stream))
            item.save(update_fields=["gallery_value"])
        values[item.question_name] = item.gallery_value
    return [Answer(a["name"], values.get(a["name"], a["value"])) for a in run.answers]


def _jobs_now(run: Run, client: GalleryClient) -> list[str] | None:
    """Return the ids of the workflow's jobs, so that ours can be told apart later.

    None where this key may not list them: an unanswered POST then needs a person.
    """
    try:
        return [job.id for job in client.jobs(run.workflow_id)]
    except GalleryRefusal:
        return None


def _commit_intent(run: Run, client: GalleryClient, jobs_before: list[str] | None) -> bool:
    """Write down that a POST is about to leave; False where another worker or run is first."""
    nonce, timestamp = client.new_nonce()
    leases.renew(run)
    try:
        with transaction.atomic():
            return run.move(
                RunState.SUBMITTING,
                attempt=F("attempt") + 1,
                sent_at=Now(),
                jobs_before=Value(jobs_before, JSONField()),  # a bare None would be SQL's NULL
                oauth_nonce=nonce,
                oauth_timestamp=timestamp,
            )
    except IntegrityError:
        # The gate: while another run of this workflow is unresolved, ours could not be told
        # from it in the Gallery's job list.
        run.refresh_from_db(fields=["state"])
        run.change(notice="Another run of this app is being handed over.", **parked(GATE_WAIT))
        return False


def _post(run: Run, client: GalleryClient, answers: list[Answer]) -> None:
    # From here on the job may exist even if no answer comes back. The run then stays
    # unresolved and is looked for in the job list: never send twice.
    try:
        job = client.submit(
            run.workflow_id,
            answers,
            nonce=run.oauth_nonce,
            timestamp=run.oauth_timestamp,
            deadline=lambda: leases.may_be_sent(run),
        )
    except GalleryUnreachable as error:
        _unanswered(run, error)
    except GalleryRefusal as error:
        refuse(run, error)
    else:
        gallery.note_success(run.connection)
        accept(run, job)


def _unanswered(run: Run, error: GalleryUnreachable) -> None:
    gallery.note_failure(run.connection, error)
    facts = {"notice": str(error), "detail": error.detail}
    if error.was_sent:
        run.move(RunState.UNSURE, note=error.detail, **facts, **parked(SETTLE_FIRST_LOOK))
        return
    wait = (
        timedelta(seconds=error.retry_after) if error.retry_after else waiting.backoff(run.attempt)
    )
    run.move(RunState.NEW, note=error.detail, **facts, **parked(wait))


def accept(run: Run, job: Job) -> None:
    """Take a job as this run's own; where another run has it already a person must look."""
    words = {"status": job.status[:32], "disposition": job.disposition[:32]}
    facts = {"job_id": job.id, **words}
    try:
        with transaction.atomic():
            run.move(
                RunState.QUEUED, accepted_at=Now(), **facts, **parked(waiting.poll_interval(run))
            )
    except IntegrityError:
        run.refresh_from_db(fields=["state"])
        note = "The Gallery answered with a job that belongs to another run."
        if run.state == RunState.UNSURE or run.move(RunState.UNSURE, note=note):
            run.move(RunState.ASK, note=note, detail=note, **parked(timedelta(hours=1)))
