"""Following a job: patient with the line, exact about what the Gallery says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.catalog.models import App
from apps.emulator.emulator import Emulator
from apps.emulator.faults import (
    Action,
    Delay,
    Fault,
    Reset,
    Rewrite,
    Status,
    byte_order_mark,
    clock_skew,
    cut,
    half_json,
    login_page,
    redirect,
    retry_after,
)
from apps.emulator.jobs import Status as JobStatus
from apps.gallery import client as gallery_client
from apps.gallery.models import Connection
from apps.gallery.wire.exchange import Patience
from apps.runs.models import Run
from apps.runs.types import Reason
from tests.factories import make_app, make_run
from tests.runs.driving import (
    JOB,
    V2025,
    advance,
    by_name,
    every_dialect,
    on,
    submissions,
    submitted,
    wait_until,
    with_tokens,
)

pytestmark = pytest.mark.django_db

BROKEN: dict[str, Action] = {
    "reset": Reset(),
    "page": login_page(),
    "500": Status(500, '{"message":"An error has occurred."}'),
    "503": retry_after("soon"),
    "moved": redirect("http://127.0.0.1/elsewhere"),
    "half": half_json(),
    "cut": cut(0.5),
    "nothing": Rewrite(body=b""),
    "null": Rewrite(body=b"null"),
    "a list": Rewrite(body=b"[]"),
    "no status": Rewrite(body=b'{"id":"1"}'),
    "another job": Rewrite(body=b'{"id":"1","status":"Completed","disposition":"Success"}'),
}


@by_name(BROKEN)
def test_an_answer_of_no_use_leaves_the_run_where_it_is(
    gallery: Emulator, app: App, action: Action
) -> None:
    run = submitted(make_run(app))
    gallery.finish()
    gallery.faults.add(Fault(JOB, action, times=3))
    for _ in range(3):
        run = advance(run)
        assert (run.state, run.crashes, run.lease_until) == ("QUEUED", 0, None)
        assert run.notice
    assert advance(run).state == "SUCCEEDED"


def test_a_gallery_that_is_too_slow_is_asked_again_later(
    gallery: Emulator, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = submitted(make_run(app))
    with monkeypatch.context() as patch:
        patch.setattr(gallery_client, "Patience", lambda: Patience(silence=0.1, total=0.3))
        gallery.faults.add(Fault(JOB, Delay(2)))
        run = advance(run)
    assert run.state == "QUEUED"
    assert "in time" in run.notice
    run = advance(run)
    assert run.notice == ""


@every_dialect
def test_a_forgotten_job_fails_the_run_after_three_looks(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    gallery.forget_jobs()
    before = timezone.now()
    for _ in range(2):
        run = advance(run)
        assert run.state == "QUEUED"
        assert run.due_at is not None
        assert run.due_at - before > timedelta(seconds=20)
    run = advance(run)
    assert (run.state, run.reason) == ("FAILED", Reason.JOB_GONE)
    assert "no longer knows" in run.error
    assert len(submissions(gallery)) == 1


def test_a_gallery_restarted_without_its_jobs_is_noticed(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    gallery.restart()
    for _ in range(4):
        run = advance(run)
    assert (run.state, run.reason) == ("FAILED", Reason.JOB_GONE)
    assert len(gallery.jobs) == 1


def test_a_job_missing_for_a_moment_is_followed_on(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    gallery.faults.add(Fault(JOB, Status(404, '{"message":"Not found."}'), times=2))
    run = advance(advance(run))
    assert run.state == "QUEUED"
    gallery.finish()
    assert advance(run).state == "SUCCEEDED"


def test_looks_that_saw_nothing_do_not_count_as_looks_without_the_job(
    gallery: Emulator, app: App
) -> None:
    run = submitted(make_run(app))
    gallery.faults.add(Fault(JOB, Reset(), times=2))
    gallery.faults.add(Fault(JOB, Status(404, '{"message":"Not found."}'), times=2))
    for _ in range(4):
        run = advance(run)
    assert run.state == "QUEUED"


@every_dialect
def test_a_running_job_is_shown_as_running(gallery: Emulator, connection: Connection) -> None:
    app = make_app(connection, workflow_id=gallery.workflow_id("slow"))
    run = submitted(make_run(app))
    gallery.release()
    wait_until(lambda: gallery.jobs[0].status == JobStatus.RUNNING)
    run = advance(run)
    assert (run.state, run.status) == ("RUNNING", "Running")
    assert run.started_at
    gallery.finish()
    run = advance(run)
    assert run.state == "FETCHING"  # it has no outputs: looked for twice more
    assert [e.to_state for e in run.events.all()][-2:] == ["RUNNING", "FETCHING"]


def test_a_young_job_is_asked_for_often_and_an_old_one_seldom(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    waits = []
    for hours in (0, 1):
        age = timezone.now() - timedelta(hours=hours)
        Run.objects.filter(pk=run.pk).update(accepted_at=age)
        before = timezone.now()
        run = advance(run)
        assert run.due_at is not None
        waits.append((run.due_at - before).total_seconds())
    assert waits[0] < 2
    assert 10 < waits[1] < 60


def test_a_broken_line_is_tried_with_growing_pauses(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    gallery.faults.add(Fault(JOB, login_page(), times=4))
    for _ in range(4):
        before = timezone.now()
        run = advance(run)
        assert run.due_at is not None
        assert timedelta(seconds=0.5) < run.due_at - before < timedelta(seconds=62)
    assert run.looks == 4


@with_tokens
def test_a_token_that_runs_out_while_polling_is_renewed(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    gallery.expire_tokens()
    gallery.finish()
    assert advance(run).state == "SUCCEEDED"


def test_a_key_that_lost_its_right_makes_the_run_wait_for_it(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    fault = gallery.faults.add(Fault(JOB, Status(403, '{"message":"No."}'), times=None))
    run = advance(run)
    assert run.state == "QUEUED"
    assert "administrator" in run.notice
    gallery.faults.remove(fault)
    gallery.finish()
    assert advance(run).state == "SUCCEEDED"


def test_a_right_that_stays_lost_for_a_day_ends_the_run_with_a_sentence(
    gallery: Emulator, app: App
) -> None:
    run = submitted(make_run(app))
    gallery.faults.add(Fault(JOB, Status(403, '{"message":"No."}'), times=None))
    run.change(accepted_at=timezone.now() - timedelta(hours=25))
    run = advance(run)
    assert (run.state, run.reason) == ("FAILED", Reason.NO_RIGHT)
    assert "administrator" in run.error


def test_a_cancelled_run_does_not_wait_for_a_right_to_come_back(
    gallery: Emulator, app: App
) -> None:
    run = submitted(make_run(app))
    gallery.faults.add(Fault("", Status(403, '{"message":"No."}'), times=None))
    run.change(cancel_requested_at=timezone.now())
    assert advance(run).state == "CANCELLED"


def test_after_the_end_nothing_changes_a_run(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    job = gallery.finish()
    run = advance(run)
    job.status, asked = JobStatus.RUNNING, len(gallery.requests)
    assert advance(run).state == "SUCCEEDED"
    assert len(gallery.requests) == asked


@every_dialect
def test_the_ways_of_other_servers_change_nothing(gallery: Emulator, app: App) -> None:
    gallery.options.byte_order_mark = True
    gallery.options.date_decimals = 7
    gallery.options.enum_style_classic = "names"
    gallery.options.enum_style_web = "integers"
    gallery.options.v3_missing = "left-out"
    gallery.options.download_type = "by-name"
    gallery.options.download_disposition = "none"
    gallery.faults.add(Fault("", clock_skew(-86_400), times=None))
    run = submitted(make_run(app))
    gallery.finish()
    run = advance(run)
    assert run.state == "SUCCEEDED"
    assert run.outputs.count() == 2


def test_two_byte_order_marks_are_one_too_many(gallery: Emulator, app: App) -> None:
    gallery.options.byte_order_mark = True
    gallery.faults.add(Fault(JOB, byte_order_mark()))
    run = submitted(make_run(app))
    run = advance(run)
    assert run.state == "QUEUED"
    assert run.notice


@on(V2025)
def test_a_status_of_the_future_is_waited_through(gallery: Emulator, app: App) -> None:
    run = submitted(make_run(app))
    job = gallery.jobs[0]
    job.status = "Preparing"  # type: ignore[assignment]
    run = advance(run)
    assert (run.state, run.status) == ("RUNNING", "Preparing")
    job.status = JobStatus.QUEUED
    gallery.finish()
    assert advance(run).state == "SUCCEEDED"
