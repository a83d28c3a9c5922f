"""Sending a run: one POST, whatever the line and the Gallery do to it."""

from __future__ import annotations

from dataclasses import replace as copy_of
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from apps.accounts.models import User
from apps.catalog.models import App
from apps.emulator.emulator import Emulator
from apps.emulator.faults import (
    Action,
    Delay,
    Fault,
    Late,
    Reset,
    Rewrite,
    Status,
    cut,
    half_json,
    login_page,
    redirect,
    retry_after,
    wrong_length,
)
from apps.emulator.jobs import Answer
from apps.emulator.people import ARTISAN
from apps.emulator.wire import Priority
from apps.gallery import client as gallery_client
from apps.gallery.models import Connection
from apps.gallery.wire.exchange import Patience
from apps.runs.lifecycle import engine, leases
from apps.runs.models import Run
from apps.runs.services import close_run, run_again
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
    end_pause,
    every_dialect,
    later,
    on,
    settle,
    submissions,
    submitted,
    wait_until,
    with_tokens,
)

pytestmark = pytest.mark.django_db

# The POST has its effect and its answer is of no use.
AFTER_EFFECT: dict[str, Action] = {
    "reset": Reset(after_effect=True),
    "503": Status(503, "Busy", after_effect=True),
    "500": Status(500, '{"message":"An error has occurred."}', after_effect=True),
    "408": Status(408, after_effect=True),
    "moved": copy_of(redirect("http://127.0.0.1/elsewhere"), after_effect=True),
    "login page": login_page(after_effect=True),
    "half a JSON": half_json(),
    "nothing": Rewrite(body=b""),
    "204": Status(204, after_effect=True),
    "null": Rewrite(body=b"null"),
    "a list": Rewrite(body=b"[]"),
    "a number": Rewrite(body=b"42"),
    "no id": Rewrite(body=b'{"status":"Queued"}'),
    "an id that is none": Rewrite(body=b'{"id":{"$oid":"1"},"status":"Queued"}'),
    "cut": cut(0.5),
    "too short": wrong_length(20),
}
# The POST never reaches the application, but nobody can know.
BEFORE_EFFECT: dict[str, Action] = {
    "reset": Reset(),
    "503": Status(503, "Busy"),
    "login page": login_page(),
    "nothing": Status(200),
}


def by_name(actions: dict[str, Action]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("action", list(actions.values()), ids=list(actions))


def start_past_the_portal(gallery: Emulator) -> str:
    """Somebody else starts the same workflow; return the job's id."""
    job = gallery.gallery.start_job(
        gallery.workflow("quick"),
        answers=(Answer("Region", "North"),),
        pair=ARTISAN.pair,
        priority=Priority.LOW,
    )
    return job.id


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


def test_while_one_run_is_unsure_others_of_the_workflow_wait(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    unsure, waiting = advance(make_run(app)), advance(make_run(app))
    assert (unsure.state, waiting.state) == ("UNSURE", "NEW")
    assert waiting.notice
    unsure = advance(unsure)
    waiting = submitted(waiting)
    assert [unsure.job_id, waiting.job_id] == [job.id for job in gallery.jobs]


@every_dialect
def test_a_job_whose_answer_was_lost_is_found_and_adopted(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    run = advance(make_run(app))
    assert run.state == "UNSURE"
    assert run.notice
    run = advance(run)
    (job,) = gallery.jobs
    assert (run.state, run.job_id) == ("QUEUED", job.id)
    gallery.finish()
    assert advance(run).state == "SUCCEEDED"
    assert len(submissions(gallery)) == 1


@by_name(AFTER_EFFECT)
def test_an_answer_without_a_job_makes_the_run_unsure_until_the_job_is_found(
    gallery: Emulator, app: App, action: Action
) -> None:
    gallery.faults.add(Fault(SUBMIT, action))
    run = advance(make_run(app))
    assert run.state == "UNSURE"
    run = advance(run)
    assert (run.state, run.job_id) == ("QUEUED", gallery.jobs[0].id)
    assert len(gallery.jobs) == len(submissions(gallery)) == 1


def test_an_answer_that_does_not_come_in_time_makes_the_run_unsure(
    gallery: Emulator, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery_client, "Patience", lambda: Patience(silence=0.1, total=0.3))
    gallery.faults.add(Fault(SUBMIT, Delay(2)))
    run = advance(make_run(app))
    assert run.state == "UNSURE"
    assert "in time" in run.notice
    assert advance(run).job_id == gallery.jobs[0].id


@every_dialect
def test_a_submission_without_effect_is_not_repeated_until_a_person_says_so(
    gallery: Emulator, app: App, admin: User
) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset()))
    run = advance(make_run(app))
    for _ in range(3):
        run = advance(run)
        assert run.state == "UNSURE"
    run = settle(run)
    assert run.state == "ASK"
    assert "administrator" in run.notice
    assert len(submissions(gallery)) == 1
    run = advance(run)
    assert run.state == "ASK"
    run_again(run=run, user=admin)
    run = submitted(Run.objects.get(pk=run.pk))
    assert (run.attempt, run.job_id) == (2, gallery.jobs[0].id)
    assert len(gallery.jobs) == 1


@by_name(BEFORE_EFFECT)
def test_where_no_job_shows_up_a_person_is_asked(
    gallery: Emulator, app: App, action: Action
) -> None:
    gallery.faults.add(Fault(SUBMIT, action))
    run = settle(advance(make_run(app)))
    assert run.state == "ASK"
    assert len(submissions(gallery)) == 1
    assert gallery.jobs == []


def test_a_submission_that_lands_late_is_adopted(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(SUBMIT, Late(0.3)))
    run = advance(advance(make_run(app)))
    assert run.state == "UNSURE"
    wait_until(lambda: bool(gallery.jobs))
    run = advance(run)
    assert (run.state, run.job_id) == ("QUEUED", gallery.jobs[0].id)


def test_a_person_can_close_a_run_nobody_found(gallery: Emulator, app: App, admin: User) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset()))
    run = settle(advance(make_run(app)))
    close_run(run=run, user=admin)
    run.refresh_from_db()
    assert (run.state, run.due_at) == ("CANCELLED", None)


def test_of_two_possible_jobs_none_is_adopted(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    run = advance(make_run(app))
    start_past_the_portal(gallery)
    run = advance(run)
    assert (run.state, run.job_id) == ("ASK", None)
    assert "2 jobs" in run.detail


def test_a_job_that_was_there_before_is_not_adopted(gallery: Emulator, app: App) -> None:
    start_past_the_portal(gallery)
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    run = advance(advance(make_run(app)))
    assert run.job_id == gallery.jobs[1].id


def test_a_job_of_another_run_is_not_adopted(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset()))
    run = advance(make_run(app))
    make_run(app, state="QUEUED", job_id=start_past_the_portal(gallery))
    run = advance(run)
    assert (run.state, run.job_id) == ("UNSURE", None)


def test_while_another_run_may_own_the_job_a_person_is_asked(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset()))
    first = settle(advance(make_run(app)))
    assert first.state == "ASK"
    Run.objects.filter(pk=first.pk).update(sent_at=timezone.now())
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    second = advance(advance(make_run(app)))
    assert (second.state, second.job_id) == ("ASK", None)


def test_an_answer_with_another_runs_job_is_not_believed(gallery: Emulator, app: App) -> None:
    other = submitted(make_run(app))
    body = f'{{"id":"{other.job_id}","status":"Queued"}}'.encode()
    gallery.faults.add(Fault(SUBMIT, Rewrite(body=body)))
    run = advance(make_run(app))
    assert (run.state, run.job_id) == ("ASK", None)
    assert Run.objects.get(pk=other.pk).job_id == other.job_id


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
    job = start_past_the_portal(gallery) if state == "FETCHING" else None
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


def test_without_a_list_of_jobs_a_lost_answer_needs_a_person(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(LIST, Status(403, '{"message":"No."}'), times=None))
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    run = advance(advance(make_run(app)))
    assert run.state == "ASK"
    assert len(gallery.jobs) == 1


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


def test_an_unsure_run_waits_while_the_gallery_cannot_be_asked(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    run = advance(make_run(app))
    gallery.faults.add(Fault(LIST, login_page(), times=2))
    for _ in range(2):
        run = advance(run)
        assert run.state == "UNSURE"
    later(run, hours=2)
    assert advance(run).job_id == gallery.jobs[0].id
