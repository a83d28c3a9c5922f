"""Collecting what a job left: its messages, and each output whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db import transaction

from apps.gallery import services as gallery
from apps.gallery.client import GalleryClient
from apps.gallery.errors import GalleryRefusal, GalleryUnreachable, JobGone
from apps.gallery.types import Job, Output
from apps.runs.lifecycle import leases, waiting
from apps.runs.lifecycle.leases import parked
from apps.runs.lifecycle.storing import StorageFull, clean_name, store
from apps.runs.models import Run, RunMessage, RunOutput
from apps.runs.types import Reason, RunState

# Outputs may be listed a moment after the job is over: look this often before believing "none".
LOOKS_FOR_OUTPUTS = 3
LOOK_AGAIN = timedelta(seconds=0.7)
MESSAGES_KEPT = 5_000
MESSAGE_LENGTH = 10_000
FORMAT_LENGTH = 16


def fetch(run: Run) -> bool:
    """Store messages and outputs, then end the run as its disposition says."""
    if waiting.while_paused(run):
        return False
    client = run.connection.client()
    try:
        job = client.job(run.job_id or "", messages=True)
        looks = waiting.looks_in_a_row(run) + 1
        if job.has_succeeded and not job.outputs and looks < LOOKS_FOR_OUTPUTS:
            run.change(looks=looks, notice="", **parked(LOOK_AGAIN))
            return False
        _keep_messages(run, job)
        missing = _keep_outputs(run, job, client)
    except GalleryUnreachable as error:
        _wait_or_give_up(run, error)
        return False
    except JobGone as error:
        _fail(run, "The Gallery forgot this run before its results were collected.", error.detail)
        return False
    except GalleryRefusal as error:
        _fail(run, str(error), error.detail)
        return False
    except StorageFull as error:
        run.change(notice=str(error), **parked(timedelta(minutes=1)))
        return False
    gallery.note_success(run.connection)
    _end(run, job, missing)
    return False


def _keep_messages(run: Run, job: Job) -> None:
    kept = list(job.messages[:MESSAGES_KEPT])
    rows = [
        RunMessage(
            run=run,
            position=position,
            severity=message.severity,
            text=message.text.replace("\x00", "")[:MESSAGE_LENGTH],
            tool_id=message.tool_id,
        )
        for position, message in enumerate(kept)
    ]
    with transaction.atomic():
        run.messages.all().delete()
        RunMessage.objects.bulk_create(rows, batch_size=500)


def wanted_formats(output: Output) -> list[str]:
    """Return the formats of an output worth keeping: the file as written, and a table to look at.

    ``Raw`` is the file as written. A Csv beside it is taken where the file is no csv itself.
    """
    offered = {word.casefold(): word for word in output.formats}
    ending = output.name.rpartition(".")[2].casefold()
    native = offered.get("raw") or offered.get(ending) or next(iter(offered.values()), "Raw")
    formats = [native]
    if "csv" in offered and ending != "csv" and offered["csv"] != native:
        formats.append(offered["csv"])
    return formats


def _keep_outputs(run: Run, job: Job, client: GalleryClient) -> list[str]:
    """Download what is not stored yet; return the names of outputs the Gallery refused."""
    stored = set(run.outputs.values_list("output_id", "format"))
    missing = []
    for position, output in enumerate(job.outputs):
        for format_ in wanted_formats(output):
            if (output.id, format_[:FORMAT_LENGTH]) in stored:
                continue
            leases.renew(run)
            try:
                _keep_output(run, output, format_, position, client)
            except GalleryRefusal:
                missing.append(clean_name(output.name, format_))
            stored.add((output.id, format_[:FORMAT_LENGTH]))  # some lists name an output twice
    return missing


def _keep_output(
    run: Run, output: Output, format_: str, position: int, client: GalleryClient
) -> None:
    with client.download(run.job_id or "", output.id, format_) as download:
        blocks = _renewing(run, download.chunks())
        file = store(blocks, folder=f"outputs/{run.pk}")
    name = clean_name(output.name or download.file_name or "result", format_)
    RunOutput.objects.create(
        run=run,
        position=position,
        output_id=output.id[:200],
        format=format_[:FORMAT_LENGTH],
        name=name,
        file=file.name,
        size=file.size,
        sha256=file.sha256,
    )


def _renewing(run: Run, blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        leases.renew_when_old(run)
        yield block


def _wait_or_give_up(run: Run, error: GalleryUnreachable) -> None:
    if waiting.is_out_of_patience(run.finished_at):
        _fail(run, "The Gallery did not hand over the results for a day.", error.detail)
    else:
        waiting.until_reachable(run, error)


def _fail(run: Run, text: str, detail: str) -> None:
    run.move(RunState.FAILED, reason=Reason.OUTPUTS, error=text, detail=detail)


def _end(run: Run, job: Job, missing: list[str]) -> None:
    words = {"status": job.status[:32], "disposition": job.disposition[:32]}
    if job.has_succeeded and missing:
        text = f"The Gallery would not hand over: {', '.join(missing)}."
        run.move(RunState.FAILED, reason=Reason.OUTPUTS, error=text, **words)
    elif job.has_succeeded:
        run.move(RunState.SUCCEEDED, **words)
    elif run.cancel_requested_at or job.status.casefold() in {"cancelled", "canceled"}:
        run.move(RunState.CANCELLED, reason=Reason.CANCELLED, **words)
    else:
        text = "The app ran and stopped with an error."
        run.move(RunState.FAILED, reason=Reason.JOB_ERROR, error=text, **words)
