"""Runs that go well, and what is kept of them, in every dialect."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.accounts.models import User
from apps.catalog.models import App
from apps.emulator.emulator import Emulator
from apps.emulator.faults import Fault, Rewrite, cut, drip, wrong_length
from apps.emulator.people import MEMBER
from apps.gallery.models import Connection
from apps.runs.models import Run
from apps.runs.services import keep_upload, start_run
from apps.runs.tasks import advance_run
from apps.runs.types import Reason, RunState
from tests.factories import make_app, make_run
from tests.runs.driving import (
    DOWNLOAD,
    JOB,
    V2021_3,
    advance,
    every_dialect,
    later,
    on,
    submissions,
    submitted,
    with_tokens,
)

pytestmark = pytest.mark.django_db
WEST = [{"name": "Region", "value": "West & Süd", "label": "Region", "shown": "West & Süd"}]


def stored_files() -> set[str]:
    """Every file below the portal's folder, as names relative to it."""
    root = settings.FILES_DIR
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@every_dialect
def test_a_run_goes_from_its_answers_to_stored_outputs(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app, answers=WEST))
    (job,) = gallery.jobs
    assert run.job_id == job.id
    assert [(answer.name, answer.value) for answer in job.answers] == [("Region", "West & Süd")]
    gallery.finish()
    run = advance(run)
    assert (run.state, run.status, run.disposition) == ("SUCCEEDED", "Completed", "Success")
    assert run.ended_at
    assert not (run.error or run.notice or run.due_at or run.lease_until)
    (output,) = job.outputs
    assert {row.format for row in run.outputs.all()} == {"Raw", "Csv"}
    for row in run.outputs.all():
        truth = output.files[row.format].read_bytes()
        with default_storage.open(row.file) as file:
            assert file.read() == truth
        assert (row.size, row.sha256) == (len(truth), hashlib.sha256(truth).hexdigest())
    assert {row.name for row in run.outputs.all()} == {"table.json", "table.csv"}
    assert [m.text for m in run.messages.all()] == [m.text for m in job.messages]
    assert stored_files() == {row.file for row in run.outputs.all()}


@every_dialect
def test_each_move_of_a_run_is_an_event(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    gallery.finish()
    run = advance(run)
    states = [event.to_state for event in run.events.all()]
    assert states == ["NEW", "SUBMITTING", "QUEUED", "FETCHING", "SUCCEEDED"]


@every_dialect
def test_completed_with_disposition_error_is_a_failure_with_messages(
    gallery: Emulator, connection: Connection
) -> None:
    app = make_app(connection, workflow_id=gallery.workflow_id("failing"))
    run = submitted(make_run(app))
    gallery.finish()
    run = advance(run)
    assert (run.state, run.reason) == ("FAILED", Reason.JOB_ERROR)
    assert (run.status, run.disposition) == ("Completed", "Error")
    assert run.error
    said = [(m.severity, m.text, m.tool_id) for m in run.messages.all()]
    assert (2, "The month is not closed.", 3) in said
    assert (3, "Must specify a bucket.", 694) in said
    assert not run.outputs.exists()


@pytest.mark.parametrize("disposition", ["Cancelled", "TimedOut", "", None, "success!"])
def test_only_the_disposition_success_is_a_success(
    gallery: Emulator, app: App, disposition: str | None
) -> None:
    gallery.options.warnings_disposition = "Success"
    run = submitted(make_run(app))
    job = gallery.finish()
    job.disposition = disposition  # type: ignore[assignment]
    run = advance(run)
    assert run.state == "FAILED"


@every_dialect
def test_a_run_without_outputs_succeeds_after_three_looks(
    gallery: Emulator, connection: Connection
) -> None:
    app = make_app(connection, workflow_id=gallery.workflow_id("silent"))
    run = submitted(make_run(app))
    gallery.finish()
    states = [(run := advance(run)).state for _ in range(3)]
    assert states == ["FETCHING", "FETCHING", "SUCCEEDED"]
    assert not run.outputs.exists()
    assert run.messages.filter(text="Refreshed the cache.").exists()


def test_outputs_listed_a_moment_late_are_still_collected(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    job = gallery.finish()
    kept, job.outputs = job.outputs, []
    assert advance(run).state == "FETCHING"
    job.outputs = kept
    run = advance(run)
    assert run.state == "SUCCEEDED"
    assert run.outputs.count() == 2


@pytest.mark.parametrize("percent", range(0, 100, 10))
def test_a_download_cut_short_is_tried_again_and_never_stored_half(
    gallery: Emulator, app: App, percent: int
) -> None:
    gallery.faults.add(Fault(DOWNLOAD, cut(percent / 100), times=2))
    run = submitted(make_run(app))
    gallery.finish()
    for _ in range(2):
        run = advance(run)
        assert run.state == "FETCHING"
        assert run.notice
        assert stored_files() == {row.file for row in run.outputs.all()}
    run = advance(run)
    assert run.state == "SUCCEEDED"
    sizes = {row.format: row.size for row in run.outputs.all()}
    (output,) = gallery.jobs[0].outputs
    assert sizes == {name: path.stat().st_size for name, path in output.files.items()}


@pytest.mark.parametrize("change", [-1, 1, -5000, 5000])
def test_a_file_of_another_length_than_announced_is_not_stored(
    gallery: Emulator, app: App, change: int
) -> None:
    gallery.faults.add(Fault(r"/output/", wrong_length(change), times=1))
    run = submitted(make_run(app))
    gallery.finish()
    run = advance(run)
    assert run.state == "FETCHING"
    assert not run.outputs.exists()
    assert stored_files() == set()
    # The line is closed after such an answer, which the next request may meet.
    for _ in range(2):
        run = advance(run)
    assert run.state == "SUCCEEDED"
    (output,) = gallery.jobs[0].outputs
    truth = {name: path.stat().st_size for name, path in output.files.items()}
    assert {row.format: row.size for row in run.outputs.all()} == truth


def test_what_is_stored_already_is_not_downloaded_again(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(DOWNLOAD, cut(0.5), skip=1))
    run = submitted(make_run(app))
    gallery.finish()
    run = advance(run)
    (first,) = run.outputs.all()
    run = advance(run)
    assert run.state == "SUCCEEDED"
    assert run.outputs.get(pk=first.pk).file == first.file
    assert len([r for r in gallery.requests if "/output/" in r.path]) == 3


def test_results_that_cannot_be_had_for_a_day_are_given_up(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(DOWNLOAD, cut(0.5), times=None))
    run = submitted(make_run(app))
    gallery.finish()
    run = advance(run)
    later(run, hours=25)
    run = advance(run)
    assert (run.state, run.reason) == ("FAILED", Reason.OUTPUTS)
    assert run.error
    assert stored_files() == set()


def test_an_output_the_gallery_refuses_fails_the_run_and_keeps_the_others(
    gallery: Emulator, app: App
) -> None:
    gallery.options.unknown_format_status = 400
    run = submitted(make_run(app))
    job = gallery.finish()
    job.outputs[0].files["Csv"].unlink()
    run = advance(run)
    assert (run.state, run.reason) == ("FAILED", Reason.OUTPUTS)
    assert "table.csv" in run.error
    assert [row.name for row in run.outputs.all()] == ["table.json"]


def test_an_output_named_twice_is_stored_once(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    job = gallery.finish()
    job.outputs *= 2
    run = advance(run)
    assert run.state == "SUCCEEDED"
    assert run.outputs.count() == 2


def test_a_full_storage_waits_with_a_sentence(
    gallery: Emulator, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = submitted(make_run(app))
    gallery.finish()

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_room)
        run = advance(run)
    assert run.state == "FETCHING"
    assert "full" in run.notice
    assert (run.crashes, run.lease_until) == (0, None)
    assert stored_files() == set()
    run = advance(run)
    assert run.state == "SUCCEEDED"
    assert run.notice == ""


def test_the_same_workflows_answers_in_a_drip_are_read_to_the_end(
    gallery: Emulator, app: App
) -> None:
    gallery.faults.add(Fault(JOB, drip(20_000, drips_head=True), times=None))
    run = submitted(make_run(app))
    gallery.finish()
    assert advance(run).state == "SUCCEEDED"


def test_an_output_under_an_evil_name_gets_a_name_of_ours(gallery: Emulator, app: App) -> None:
    gallery.options.download_disposition = "none"
    run = submitted(make_run(app))
    job = gallery.finish()
    object.__setattr__(job.outputs[0], "name", "..\\..\\etc/pass\u202ewd\r\n\x00")
    run = advance(run)
    assert run.state == "SUCCEEDED"
    names = {row.name for row in run.outputs.all()}
    assert not [name for name in names if set(name) & set("/\\\r\n\x00\u202e")]
    assert all(row.file.startswith(f"outputs/{run.pk}/") for row in run.outputs.all())


def test_a_messages_body_that_is_one_object_is_read_too(gallery: Emulator, app: App) -> None:
    gallery.options.messages_as_one = True
    run = submitted(make_run(app))
    gallery.finish()
    assert advance(run).state == "SUCCEEDED"


def start_with_file(app: App, user: User, content: bytes) -> Run:
    upload = keep_upload("File", SimpleUploadedFile("Büdget 2026.csv", content))
    answer = {"name": "File", "value": "", "label": "File", "shown": "Büdget 2026.csv"}
    return start_run(app=app, user=user, answers=[answer], token=uuid.uuid4(), uploads=[upload])


@with_tokens
def test_an_upload_reaches_the_gallery_and_the_answer_names_it(
    gallery: Emulator, connection: Connection, alice: User
) -> None:
    app = make_app(connection, workflow_id=gallery.workflow_id("reader"))
    content = os.urandom(200_000)
    run = submitted(start_with_file(app, alice, content))
    (job,) = gallery.jobs
    (item,) = run.inputs.all()
    assert [(a.name, a.value) for a in job.answers] == [("File", item.gallery_value)]
    assert item.gallery_value
    gallery.finish()
    run = advance(run)
    assert run.state == "SUCCEEDED"
    (output,) = run.outputs.all()
    assert output.sha256 == hashlib.sha256(content).hexdigest() == item.sha256


def test_an_upload_is_handed_over_once_although_the_submission_waits(
    gallery: Emulator, connection: Connection, alice: User
) -> None:
    app = make_app(connection, workflow_id=gallery.workflow_id("reader"))
    gallery.faults.add(Fault(r"GET .*/jobs$", Rewrite(body=b"<html>"), times=1))
    run = advance(start_with_file(app, alice, b"a,b\n1,2\n"))
    assert run.state == "NEW"
    submitted(run)
    assert len([r for r in gallery.requests if r.path.endswith("inputfiles")]) == 1


@on(V2021_3)
def test_a_studio_key_that_may_not_upload_fails_the_run_with_a_sentence(
    gallery: Emulator, connection: Connection, alice: User
) -> None:
    app = make_app(connection, workflow_id=gallery.workflow_id("reader"))
    run = advance(start_with_file(app, alice, b"a,b\n1,2\n"))
    assert run.state == "FAILED"
    assert run.error
    assert gallery.jobs == []


def test_a_task_is_told_nothing_but_the_runs_id(
    app: App,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    told: list[tuple[Any, ...]] = []

    def note(*args: Any, **kwargs: Any) -> None:
        told.append((args, kwargs))

    monkeypatch.setattr(advance_run, "apply_async", note)
    with django_capture_on_commit_callbacks(execute=True):
        run = start_run(app=app, user=alice, answers=WEST, token=uuid.uuid4())
    assert told == [(((str(run.pk),), {}), {})]


def test_a_key_that_may_not_use_the_api_fails_the_run_in_words(
    gallery: Emulator, app: App, connection: Connection
) -> None:
    connection.client_key, connection.secret = MEMBER.pair.key, MEMBER.pair.secret
    connection.save()
    run = advance(make_run(app))
    assert run.state == RunState.FAILED
    assert "portal's key" in run.error
    assert submissions(gallery) == []
