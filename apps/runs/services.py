"""What a person can do with runs: start one, cancel it, decide about an unsure one."""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from apps.accounts.models import User
from apps.audit.services import record
from apps.catalog.models import App
from apps.runs.lifecycle.storing import StoredFile, clean_name, store
from apps.runs.models import InputFile, Run, RunEvent
from apps.runs.tasks import advance_run
from apps.runs.types import Reason, RunState

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file a person gave for a question."""

    question_name: str
    name: str
    file: StoredFile


def keep_upload(question_name: str, uploaded: UploadedFile[Any]) -> Upload:
    """Store an uploaded file under a name of our own; raises StorageFull."""
    stored = store(uploaded.chunks(), folder="inputs")
    return Upload(question_name, clean_name(uploaded.name or "file"), stored)


def start_run(
    *,
    app: App,
    user: User,
    answers: Sequence[dict[str, Any]],
    token: uuid.UUID,
    uploads: Sequence[Upload] = (),
) -> Run:
    """Record a run and wake a worker once the row is committed.

    The same token with the same answers is the same run, so a double click, a reload or 50
    parallel posts make one; with other answers it is a new one (the form was changed after
    going back).

    Args:
        answers: ``{"name", "value", "label", "shown"}`` per question, values as they are sent.
        token: the form's own, made when it was drawn.

    """
    assert app.question_set_id, "a live app has questions, a constraint sees to it"
    form_token = uuid.uuid5(token, _fingerprint(app, answers, uploads))
    try:
        with transaction.atomic():
            run = Run.objects.create(
                app=app,
                user=user,
                question_set_id=app.question_set_id,
                connection_id=app.connection_id,
                workflow_id=app.workflow_id,
                answers=list(answers),
                form_token=form_token,
            )
            RunEvent.objects.create(run=run, to_state=RunState.NEW)
            InputFile.objects.bulk_create(_input_file(run, upload) for upload in uploads)
    except IntegrityError:
        for upload in uploads:
            default_storage.delete(upload.file.name)
        return Run.objects.get(user=user, form_token=form_token)
    wake(run)
    return run


def _fingerprint(app: App, answers: Sequence[dict[str, Any]], uploads: Sequence[Upload]) -> str:
    sent = [[a["name"], a["value"]] for a in answers]
    files = [[u.question_name, u.file.sha256] for u in uploads]
    text = json.dumps([str(app.pk), sent, files], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _input_file(run: Run, upload: Upload) -> InputFile:
    return InputFile(
        run=run,
        question_name=upload.question_name,
        name=upload.name,
        file=upload.file.name,
        size=upload.file.size,
        sha256=upload.file.sha256,
    )


def wake(run: Run) -> None:
    """Hint a worker at a run once the transaction is committed; losing the hint costs a second."""
    run_id = str(run.pk)

    def ring() -> None:
        try:
            advance_run.delay(run_id)
        except OperationalError:
            logger.warning("broker away, the sweep will find the run", extra={"run": run_id})

    transaction.on_commit(ring, robust=True)


def cancel_run(*, run: Run, user: User) -> None:
    """Stop a run: at once where nothing was sent yet, otherwise by way of the Gallery."""
    if run.has_ended:
        return
    record("run.cancel_requested", run, actor=user, state=run.state)
    if run.state == RunState.NEW and run.move(
        RunState.CANCELLED, reason=Reason.CANCELLED, cancel_requested_at=Now()
    ):
        return
    asked = Run.objects.filter(pk=run.pk, cancel_requested_at=None).live()
    asked.update(cancel_requested_at=Now(), due_at=Now())
    wake(run)


def run_again(*, run: Run, user: User) -> None:
    """Send an unsure run once more, because a person found that the Gallery has no job of it."""
    record("run.sent_again", run, actor=user)
    if run.move(RunState.NEW, note=f"{user} decided to send it again.", due_at=Now()):
        wake(run)


def close_run(*, run: Run, user: User) -> None:
    """End an unsure run, because a person found that it is not wanted any more."""
    record("run.closed", run, actor=user)
    run.move(RunState.CANCELLED, reason=Reason.LEFT_RUNNING, note=f"{user} closed it.")
