"""Sending a run: one POST, whatever the line and the Gallery do to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from apps.catalog.models import App
from apps.emulator.emulator import Emulator
from apps.emulator.faults import (
    Action,
    Fault,
    Reset,
    Rewrite,
    Status,
    half_json,
    login_page,
    retry_after,
)
from apps.gallery.models import Connection
from apps.runs.lifecycle import engine, leases
from apps.runs.models import Run
from apps.runs.types import Reason
from tests.factories import make_run
from tests.runs.driving import (
    LIST,
    SUBMIT,
    TOKEN,
    V2021_3,
    V2022_1,
    V2022_3,
    advance,
    by_name,
    end_pause,
    every_dialect,
    on,
    submissions,
    submitted,
    with_tokens,
)

pytestmark = pytest.mark.django_db


def test_of_two_workers_one_submits(gallery: Emulator, app: App) -> None:
    run = make_run(app)
    (frozen,) = leases.claim(1)
    Run.objects.filter(pk=run.pk).update(lease_until=Now() - timedelta(seconds=1))
    (other,) = leases.claim(1)
    engine.advance(other)
    engine.advance(frozen)
    assert len(gallery.jobs) == len(submissions(gallery)) == 1
    assert Run.objects.get(pk=run.pk).job_id == gallery.jobs[0].id


def test_a_worker_that_was_frozen_past_its_lease_does_not_send(gallery: Emulator, app: App) -> None:
    run = make_run(app)
    (frozen,) = leases.claim(1)
    Run.objects.filter(pk=run.pk).update(lease_until=Now() - timedelta(seconds=1))
    leases.claim(1)
    engine.advance(frozen)
    assert submissions(gallery) == []
    assert Run.objects.get(pk=run.pk).state == "NEW"


def test_two_runs_of_one_app_are_both_sent_once(gallery: Emulator, app: App) -> None:
    runs = [submitted(make_run(app)), submitted(make_run(app))]
    assert {run.job_id for run in runs} == {job.id for job in gallery.jobs}


@with_tokens
def test_a_token_taken_back_is_renewed_and_the_run_goes_on(gallery: Emulator, app: App) -> None:
    submitted(make_run(app))
    gallery.expire_tokens()
    submitted(make_run(app))
    assert len(gallery.jobs) == 2


@with_tokens
def test_a_token_refused_at_the_submission_is_renewed_for_the_next_one(
    gallery: Emulator, app: App
) -> None:
    submitted(make_run(app))
    gallery.faults.add(Fault(SUBMIT, Status(401, '{"message":"denied"}')))
    run = advance(make_run(app))
    assert (run.state, run.sent_at is not None) == ("NEW", True)
    submitted(run)
    assert len(gallery.jobs) == 2


@every_dialect
def test_a_key_that_is_always_denied_ends_the_run_with_a_sentence(
    gallery: Emulator, app: App
) -> None:
    body = '{"message":"Authorization has been denied for this request."}'
    gallery.faults.add(Fault(SUBMIT, Status(401, body), times=None))
    run = make_run(app)
    for _ in range(3):
        run = advance(run)
    assert (run.state, run.reason) == ("FAILED", Reason.NO_RIGHT)
    assert "administrator" in run.error
    assert gallery.jobs == []
    assert len(submissions(gallery)) <= 2


@every_dialect
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, Reason.REFUSED),
        (403, Reason.NO_RIGHT),
        (404, Reason.NOT_FOUND),
        (405, Reason.REFUSED),
        (413, Reason.REFUSED),
        (422, Reason.REFUSED),
    ],
)
def test_a_clear_no_ends_the_run_with_a_sentence(
    gallery: Emulator, app: App, status: int, reason: Reason
) -> None:
    gallery.faults.add(Fault(SUBMIT, Status(status, '{"message":"No."}')))
    run = advance(make_run(app))
    assert (run.state, run.reason) == ("FAILED", reason)
    assert run.error.endswith(".")
    assert str(status) in run.detail
    assert gallery.jobs == []


def test_a_busy_gallery_is_left_alone_as_long_as_it_says(
    gallery: Emulator, app: App, connection: Connection
) -> None:
    gallery.faults.add(Fault(SUBMIT, retry_after(120, status=429)))
    before = timezone.now()
    run = advance(make_run(app))
    assert run.state == "NEW"
    assert run.due_at is not None
    assert timedelta(seconds=100) < run.due_at - before < timedelta(seconds=140)
    asked = len(gallery.requests)
    run = advance(run)
    assert len(gallery.requests) == asked
    end_pause(connection)
    submitted(run)
    assert len(gallery.jobs) == 1


@every_dialect
def test_a_gallery_that_is_down_keeps_the_run_waiting_until_it_is_back(
    gallery: Emulator, app: App
) -> None:
    gallery.stop()
    run = make_run(app)
    for _ in range(2):
        run = advance(run)
        assert run.state == "NEW"
        assert "not running" in run.notice
    gallery.start()
    run = submitted(run)
    assert run.notice == ""
    assert len(gallery.jobs) == 1


def test_after_five_failures_nothing_is_asked_for_a_while(
    gallery: Emulator, app: App, connection: Connection
) -> None:
    following = submitted(make_run(app))
    gallery.faults.add(Fault("", Reset(), times=None))
    run = make_run(app)
    for _ in range(5):
        run = advance(run)
    connection.refresh_from_db()
    assert connection.is_paused
    asked = len(gallery.requests)
    run, following = advance(run), advance(following)
    assert len(gallery.requests) == asked
    assert (run.state, following.state) == ("NEW", "QUEUED")
    assert run.notice == following.notice
    assert "safe" in run.notice
    gallery.faults.clear()
    end_pause(connection)
    submitted(run)
    connection.refresh_from_db()
    assert (connection.failures, connection.is_paused) == (0, False)


@pytest.mark.parametrize("state", ["UNSURE", "FETCHING"])
def test_runs_in_every_state_keep_quiet_while_the_breaker_is_open(
    gallery: Emulator, app: App, connection: Connection, state: str
) -> None:
    job = "job" if state == "FETCHING" else None
    run = make_run(app, state=state, job_id=job, sent_at=timezone.now())
    until = timezone.now() + timedelta(minutes=1)
    Connection.objects.filter(pk=connection.pk).update(paused_until=until)
    run = advance(run)
    assert gallery.requests == []
    assert run.state == state
    assert run.due_at is not None
    assert run.due_at >= until
    assert "not answering" in run.notice


@by_name({"reset": Reset(), "page": login_page(), "500": Status(500), "half": half_json()})
def test_where_present_jobs_cannot_be_listed_nothing_is_sent_yet(
    gallery: Emulator, app: App, action: Action
) -> None:
    gallery.faults.add(Fault(LIST, action))
    run = advance(make_run(app))
    assert run.state == "NEW"
    assert run.notice
    assert submissions(gallery) == []
    submitted(run)


def test_a_key_that_may_not_list_jobs_may_still_submit(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(LIST, Status(403, '{"message":"No."}'), times=None))
    run = submitted(make_run(app))
    assert run.job_id == gallery.jobs[0].id


@on(V2022_1, V2022_3)
@pytest.mark.parametrize(
    "action", [Reset(), login_page(), Status(503), Rewrite(body=b"{}")], ids=repr
)
def test_without_a_token_nothing_is_sent_and_the_run_waits(
    gallery: Emulator, app: App, action: Action
) -> None:
    gallery.faults.add(Fault(TOKEN, action))
    run = advance(make_run(app))
    assert run.state == "NEW"
    assert submissions(gallery) == []
    submitted(run)


@on(V2021_3)
def test_a_wrong_secret_is_named_as_such(
    gallery: Emulator, app: App, connection: Connection
) -> None:
    connection.secret = "not the secret"
    connection.save()
    run = advance(make_run(app))
    assert (run.state, run.reason) == ("FAILED", Reason.NO_RIGHT)
    assert "secret" in run.error


@on(V2022_3)
def test_a_workflow_taken_off_the_gallery_fails_the_run_with_a_sentence(
    gallery: Emulator, app: App
) -> None:
    gallery.withdraw("quick")
    run = advance(make_run(app))
    assert (run.state, run.reason) == ("FAILED", Reason.NOT_FOUND)
    assert run.error
