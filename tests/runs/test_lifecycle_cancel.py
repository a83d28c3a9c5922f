"""Cancelling a run in each state it can be in, on servers that can stop a job and that cannot."""

from __future__ import annotations

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.catalog.models import App
from apps.emulator.emulator import Emulator
from apps.emulator.faults import Fault, Reset, Status, cut, login_page
from apps.emulator.jobs import Status as JobStatus
from apps.gallery.models import Connection
from apps.runs.lifecycle import engine, leases
from apps.runs.models import Run
from apps.runs.services import cancel_run
from apps.runs.types import Reason
from tests.factories import make_app, make_run
from tests.runs.driving import (
    DOWNLOAD,
    SUBMIT,
    V2021_3,
    V2022_1,
    V2022_3,
    V2025,
    advance,
    every_dialect,
    on,
    settle,
    submissions,
    submitted,
    wait_until,
)

pytestmark = pytest.mark.django_db
DELETE = "DELETE .*/jobs/"
# The ends a cancelled job may have; nobody outside knows which a server shows.
every_end = pytest.mark.parametrize("end", ["Cancelled", "Completed", "gone"])
older = on(V2021_3, V2022_1, V2022_3)


def cancelled(run: Run, user: User) -> Run:
    """Ask for a run's end as a person does, and return it anew."""
    cancel_run(run=run, user=user)
    return Run.objects.get(pk=run.pk)


@pytest.fixture
def running(connection: Connection, gallery: Emulator) -> Run:
    """A run whose job a Gallery worker has taken."""
    app = make_app(connection, workflow_id=gallery.workflow_id("slow"))
    run = submitted(make_run(app))
    gallery.release()
    wait_until(lambda: gallery.jobs[0].status == JobStatus.RUNNING)
    return advance(run)


@every_dialect
def test_a_run_not_sent_yet_is_cancelled_at_once(gallery: Emulator, app: App, alice: User) -> None:
    run = cancelled(make_run(app), alice)
    assert (run.state, run.reason, run.due_at) == ("CANCELLED", Reason.CANCELLED, None)
    assert advance(run).state == "CANCELLED"
    assert gallery.requests == []
    assert AuditEvent.objects.filter(verb="run.cancel_requested", actor=alice).exists()


def test_a_worker_that_holds_a_run_cancelled_meanwhile_sends_nothing(
    gallery: Emulator, app: App, alice: User
) -> None:
    run = make_run(app)
    (held,) = leases.claim(1)
    run = cancelled(Run.objects.get(pk=run.pk), alice)
    assert run.state == "CANCELLED"
    engine.advance(held)
    assert submissions(gallery) == []


def test_a_run_cancelled_while_it_is_sent_is_found_and_stopped(
    gallery: Emulator, app: App, alice: User
) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    run = advance(make_run(app))
    assert run.state == "UNSURE"
    run = cancelled(run, alice)
    assert (run.state, run.is_cancelling) == ("UNSURE", True)
    run = advance(run)
    assert run.job_id == gallery.jobs[0].id
    run = advance(run)
    assert (run.state, run.reason) == ("CANCELLED", Reason.LEFT_RUNNING)


def test_a_run_nobody_found_ends_when_its_end_was_asked_for(
    gallery: Emulator, app: App, alice: User
) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset()))
    run = settle(cancelled(advance(make_run(app)), alice))
    assert (run.state, run.reason) == ("CANCELLED", Reason.LEFT_RUNNING)
    assert gallery.jobs == []


def test_a_run_that_needs_a_decision_is_cancelled_at_the_next_look(
    gallery: Emulator, app: App, alice: User
) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset()))
    run = settle(advance(make_run(app)))
    assert run.state == "ASK"
    run = advance(cancelled(run, alice))
    assert (run.state, run.reason) == ("CANCELLED", Reason.LEFT_RUNNING)


@on(V2025)
@every_end
def test_a_queued_job_is_taken_off_the_gallerys_queue(
    gallery: Emulator, app: App, alice: User, end: str
) -> None:
    gallery.options.cancelled_queued_status = end  # type: ignore[assignment]
    run = advance(cancelled(submitted(make_run(app)), alice))
    assert (run.state, run.reason) == ("CANCELLED", Reason.CANCELLED)
    assert gallery.jobs[0].cancel_requested or gallery.jobs[0].has_ended
    assert not run.outputs.exists()


@on(V2025)
@every_end
def test_a_running_job_is_stopped_at_the_gallery(
    gallery: Emulator, running: Run, alice: User, end: str
) -> None:
    gallery.options.cancelled_status = end  # type: ignore[assignment]
    run = advance(cancelled(running, alice))
    assert (run.state, run.reason) == ("CANCELLED", Reason.CANCELLED)
    assert gallery.jobs[0].has_ended
    assert gallery.jobs[0].cancel_requested


@older
def test_where_the_gallery_cannot_stop_a_job_the_run_says_that_it_may_go_on(
    gallery: Emulator, app: App, alice: User
) -> None:
    run = advance(cancelled(submitted(make_run(app)), alice))
    assert (run.state, run.reason) == ("CANCELLED", Reason.LEFT_RUNNING)
    assert "may go on" in run.error
    assert not [r for r in gallery.requests if r.method == "DELETE" and r.status == 200]
    assert not gallery.jobs[0].cancel_requested


@on(V2022_1, V2025)
def test_a_job_that_was_over_first_still_gives_its_results(
    gallery: Emulator, app: App, alice: User
) -> None:
    run = submitted(make_run(app))
    gallery.finish()
    run = advance(cancelled(run, alice))
    assert run.state == "SUCCEEDED"
    assert run.outputs.count() == 2


@on(V2025)
def test_a_run_whose_results_are_being_collected_ends_with_them(
    gallery: Emulator, app: App, alice: User
) -> None:
    gallery.faults.add(Fault(DOWNLOAD, cut(0.5)))
    run = submitted(make_run(app))
    gallery.finish()
    run = advance(run)
    assert run.state == "FETCHING"
    assert advance(cancelled(run, alice)).state == "SUCCEEDED"


@on(V2025)
def test_a_cancellation_the_gallery_did_not_hear_is_said_again(
    gallery: Emulator, app: App, alice: User
) -> None:
    gallery.faults.add(Fault(DELETE, Reset()))
    gallery.faults.add(Fault(DELETE, login_page()))
    run = cancelled(submitted(make_run(app)), alice)
    for _ in range(2):
        run = advance(run)
        assert (run.state, run.is_cancelling) == ("QUEUED", True)
    run = advance(run)
    assert (run.state, run.reason) == ("CANCELLED", Reason.CANCELLED)


@on(V2025)
def test_a_cancellation_whose_answer_was_lost_has_happened(
    gallery: Emulator, app: App, alice: User
) -> None:
    gallery.faults.add(Fault(DELETE, Reset(after_effect=True)))
    run = cancelled(submitted(make_run(app)), alice)
    for _ in range(2):
        run = advance(run)
    assert run.state == "CANCELLED"
    assert gallery.jobs[0].has_ended


@older
def test_a_run_is_let_go_although_the_gallery_is_away(
    gallery: Emulator, app: App, alice: User
) -> None:
    run = submitted(make_run(app))
    gallery.stop()
    run = advance(cancelled(run, alice))
    expected = {"CANCELLED"} if not run.connection.has_v3 else {"QUEUED", "CANCELLED"}
    assert run.state in expected
    assert not run.outputs.exists()


@on(V2025)
def test_a_key_that_may_not_cancel_ends_following_with_a_sentence(
    gallery: Emulator, app: App, alice: User
) -> None:
    gallery.faults.add(Fault(DELETE, Status(403, '{"message":"No."}'), times=None))
    run = advance(cancelled(submitted(make_run(app)), alice))
    assert run.has_ended
    assert run.error


@pytest.mark.parametrize("state", ["SUCCEEDED", "FAILED", "CANCELLED"])
def test_a_run_that_has_ended_stays_as_it_is(
    gallery: Emulator, app: App, alice: User, state: str
) -> None:
    run = submitted(make_run(app))
    gallery.finish()
    run = advance(run)
    Run.objects.filter(pk=run.pk).update(state=state)
    before = Run.objects.filter(pk=run.pk).values().get()
    cancelled(Run.objects.get(pk=run.pk), alice)
    assert Run.objects.filter(pk=run.pk).values().get() == before
