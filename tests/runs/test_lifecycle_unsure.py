"""Runs whose submission got no usable answer: found, or asked about; never sent twice."""

from __future__ import annotations

from dataclasses import replace as copy_of

import pytest
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
    wrong_length,
)
from apps.emulator.jobs import Answer
from apps.emulator.people import ARTISAN
from apps.emulator.wire import Priority
from apps.gallery import client as gallery_client
from apps.gallery.wire.exchange import Patience
from apps.runs.models import Run
from apps.runs.services import close_run, run_again
from tests.factories import make_run
from tests.runs.driving import (
    LIST,
    SUBMIT,
    advance,
    by_name,
    every_dialect,
    later,
    settle,
    submissions,
    submitted,
    wait_until,
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


def start_past_the_portal(gallery: Emulator) -> str:
    """Somebody else starts the same workflow; return the job's id."""
    job = gallery.gallery.start_job(
        gallery.workflow("quick"),
        answers=(Answer("Region", "North"),),
        pair=ARTISAN.pair,
        priority=Priority.LOW,
    )
    return job.id


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


def test_without_a_list_of_jobs_a_lost_answer_needs_a_person(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(LIST, Status(403, '{"message":"No."}'), times=None))
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    run = advance(advance(make_run(app)))
    assert run.state == "ASK"
    assert len(gallery.jobs) == 1


def test_an_unsure_run_waits_while_the_gallery_cannot_be_asked(gallery: Emulator, app: App) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    run = advance(make_run(app))
    gallery.faults.add(Fault(LIST, login_page(), times=2))
    for _ in range(2):
        run = advance(run)
        assert run.state == "UNSURE"
    later(run, hours=2)
    assert advance(run).job_id == gallery.jobs[0].id
