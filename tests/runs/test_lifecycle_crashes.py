"""Workers that die: whatever they were doing, nothing is lost and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.core.files.storage import default_storage
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.catalog.models import App
from apps.emulator.emulator import Emulator
from apps.emulator.faults import Fault, Reset
from apps.gallery import services as gallery_services
from apps.gallery.client import GalleryClient
from apps.gallery.models import Connection
from apps.runs import lifecycle
from apps.runs.lifecycle import engine, fetch, leases, poll, submit, waiting
from apps.runs.models import Run, RunMessage, RunOutput
from apps.runs.services import cancel_run, run_again
from apps.runs.types import ENDED, MOVES, Reason, RunState
from tests.factories import make_run
from tests.runs.driving import (
    SUBMIT,
    WorkerDied,
    advance,
    dies,
    every_dialect,
    settle,
    submissions,
    submitted,
)

pytestmark = pytest.mark.django_db

BEFORE, AFTER = False, True


class Point(NamedTuple):
    """A call at which the worker dies, before or after it has done its work."""

    owner: Any
    name: str
    is_done: bool

    def __str__(self) -> str:
        return f"{'after' if self.is_done else 'before'} {self.name}"


# Where a worker may die while sending, and whether the Gallery has a job then.
WHILE_SENDING = [
    Point(waiting, "while_paused", AFTER),
    Point(GalleryClient, "prepare", BEFORE),
    Point(GalleryClient, "prepare", AFTER),
    Point(GalleryClient, "jobs", AFTER),
    Point(leases, "renew", AFTER),
    Point(submit, "_commit_intent", BEFORE),
]
WITH_THE_INTENT_WRITTEN = [
    Point(submit, "_commit_intent", AFTER),
    Point(submit, "_post", BEFORE),
    Point(GalleryClient, "submit", BEFORE),
]
WITH_THE_JOB_CREATED = [
    Point(GalleryClient, "submit", AFTER),
    Point(gallery_services, "note_success", AFTER),
    Point(submit, "accept", BEFORE),
]
WHILE_FOLLOWING = [
    Point(submit, "accept", AFTER),
    Point(waiting, "while_paused", AFTER),
    Point(GalleryClient, "job", BEFORE),
    Point(GalleryClient, "job", AFTER),
    Point(poll, "_note", BEFORE),
    Point(poll, "_note", AFTER),
    Point(fetch, "_keep_messages", BEFORE),
    Point(fetch, "_keep_messages", AFTER),
    Point(fetch, "store", BEFORE),
    Point(fetch, "store", AFTER),
    Point(fetch, "clean_name", AFTER),
    Point(RunOutput.objects, "create", AFTER),
    Point(fetch, "_keep_outputs", AFTER),
    Point(fetch, "_end", BEFORE),
    Point(fetch, "_end", AFTER),
]


def at(points: list[Point]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("point", points, ids=str)


def lease_over(run: Run) -> Run:
    """Let the dead worker's lease run out, and return the run anew."""
    Run.objects.filter(pk=run.pk).exclude(lease_until=None).update(
        lease_until=Now() - timedelta(seconds=1)
    )
    return Run.objects.get(pk=run.pk)


def to_the_end(run: Run, gallery: Emulator) -> Run:
    """Let workers and the Gallery do what is left to do."""
    for _ in range(6):
        if run.state in {*ENDED, RunState.ASK}:
            break
        run = advance(run)
        if gallery.jobs:
            gallery.finish()
    return run


@pytest.fixture(autouse=True)
def _invariants(gallery: Emulator) -> Iterator[None]:
    """After each test: what must hold whatever died."""
    yield
    for run in Run.objects.all():
        assert (run.due_at is None) == run.has_ended == (run.ended_at is not None)
        moves = [(event.from_state, event.to_state) for event in run.events.all()][1:]
        assert all(RunState(to) in MOVES[RunState(was)] for was, to in moves)
        assert [was for was, _ in moves[1:]] == [to for _, to in moves[:-1]]
        assert run.job_id is None or gallery.job(run.job_id)
        for output in run.outputs.all():
            assert default_storage.size(output.file) == output.size
        assert run.messages.count() == len({m.position for m in run.messages.all()})


@at(WHILE_SENDING)
def test_a_worker_that_dies_before_the_intent_leaves_a_run_to_be_sent(
    gallery: Emulator,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
    point: Point,
) -> None:
    run = make_run(app)
    with dies(monkeypatch, point.owner, point.name, after=point.is_done):
        advance(run)
    assert submissions(gallery) == []
    assert advance(run).state == "NEW"  # while the lease lasts nobody touches it
    run = to_the_end(lease_over(run), gallery)
    assert run.state == "SUCCEEDED"
    assert len(gallery.jobs) == 1


@at(WITH_THE_INTENT_WRITTEN)
def test_a_worker_that_dies_with_the_intent_written_leaves_a_question(
    gallery: Emulator,
    app: App,
    admin: User,
    monkeypatch: pytest.MonkeyPatch,
    point: Point,
) -> None:
    run = make_run(app)
    with dies(monkeypatch, point.owner, point.name, after=point.is_done):
        advance(run)
    run = advance(lease_over(run))
    assert run.state == "UNSURE"
    run = settle(run)
    assert run.state == "ASK"
    assert submissions(gallery) == []
    run_again(run=run, user=admin)
    run = to_the_end(Run.objects.get(pk=run.pk), gallery)
    assert run.state == "SUCCEEDED"
    assert len(gallery.jobs) == 1


@every_dialect
@at(WITH_THE_JOB_CREATED)
def test_a_worker_that_dies_before_it_noted_the_job_leaves_it_to_be_found(
    gallery: Emulator,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
    point: Point,
) -> None:
    run = make_run(app)
    with dies(monkeypatch, point.owner, point.name, after=point.is_done):
        advance(run)
    assert Run.objects.get(pk=run.pk).state == "SUBMITTING"
    run = to_the_end(lease_over(run), gallery)
    assert run.state == "SUCCEEDED"
    assert len(gallery.jobs) == len(submissions(gallery)) == 1


@at(WHILE_FOLLOWING)
def test_a_worker_that_dies_later_costs_time_and_nothing_else(
    gallery: Emulator,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
    point: Point,
) -> None:
    run = make_run(app)
    with dies(monkeypatch, point.owner, point.name, after=point.is_done):
        run = advance(run)
        gallery.finish()
        advance(run)
    run = to_the_end(lease_over(run), gallery)
    assert run.state == "SUCCEEDED"
    assert run.outputs.count() == 2
    assert [m.text for m in run.messages.all()] == [m.text for m in gallery.jobs[0].messages]
    assert len(gallery.jobs) == len(submissions(gallery)) == 1


def test_a_worker_that_dies_in_the_middle_of_the_messages_keeps_the_old_ones(
    gallery: Emulator, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = submitted(make_run(app))
    gallery.finish()
    with dies(monkeypatch, RunMessage.objects, "bulk_create"):
        advance(run)
    run = to_the_end(lease_over(run), gallery)
    assert run.state == "SUCCEEDED"
    assert run.messages.count() == len(gallery.jobs[0].messages)


def test_a_frozen_worker_that_wakes_after_another_took_over_changes_nothing(
    gallery: Emulator, app: App
) -> None:
    run = submitted(make_run(app))
    gallery.finish()
    Run.objects.filter(pk=run.pk).update(due_at=Now())
    (frozen,) = leases.claim(1)
    lease_over(run)
    run = advance(run)
    assert run.state == "SUCCEEDED"
    before = Run.objects.filter(pk=run.pk).values().get()
    engine.advance(frozen)
    assert Run.objects.filter(pk=run.pk).values().get() == before
    assert run.outputs.count() == 2


@pytest.mark.parametrize("state", ["NEW", "QUEUED", "FETCHING"])
def test_a_run_that_kills_every_worker_ends_after_three(
    gallery: Emulator, app: App, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    run = make_run(app)
    if state != "NEW":
        run = submitted(run)
        gallery.finish()
    deadly = {"NEW": "prepare", "QUEUED": "job", "FETCHING": "download"}[state]
    for _ in range(3):
        with dies(monkeypatch, GalleryClient, deadly):
            advance(run)
        run = lease_over(run)
    run = advance(run)
    assert (run.state, run.reason) == ("FAILED", Reason.CRASHED)
    assert "administrator" in run.error
    assert len(submissions(gallery)) == len(gallery.jobs) == (state != "NEW")


def test_an_unsure_run_that_kills_every_worker_is_given_to_a_person(
    gallery: Emulator, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.faults.add(Fault(SUBMIT, Reset(after_effect=True)))
    run = advance(make_run(app))
    for _ in range(3):
        with dies(monkeypatch, GalleryClient, "jobs"):
            advance(run)
        run = lease_over(run)
    run = advance(run)
    assert (run.state, run.crashes) == ("ASK", 0)
    assert len(submissions(gallery)) == 1


def test_two_crashes_are_forgotten_after_a_good_step(
    gallery: Emulator, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = submitted(make_run(app))
    for _ in range(2):
        for _ in range(2):
            with dies(monkeypatch, GalleryClient, "job"):
                advance(run)
            run = lease_over(run)
        run = advance(run)
        assert (run.state, run.crashes) == ("QUEUED", 0)


def test_a_cancellation_outlives_the_worker_that_was_telling_the_gallery(
    gallery: Emulator, app: App, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = submitted(make_run(app))
    cancel_run(run=run, user=alice)
    with dies(monkeypatch, GalleryClient, "cancel", after=True):
        advance(run)
    run = advance(lease_over(run))
    assert run.state == "CANCELLED"


def test_a_sweep_takes_every_due_run(gallery: Emulator, connection: Connection, app: App) -> None:
    runs = [make_run(app) for _ in range(5)]
    assert lifecycle.advance_due() == 5
    assert {run.job_id for run in Run.objects.all()} == {job.id for job in gallery.jobs}
    assert len(gallery.jobs) == len(runs)
    assert lifecycle.advance_due() == 0


def test_nothing_swallows_the_death_of_a_worker(
    gallery: Emulator, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not issubclass(WorkerDied, Exception)
    run = make_run(app)
    with dies(monkeypatch, GalleryClient, "prepare"):
        advance(run)
    left = Run.objects.get(pk=run.pk)
    assert left.crashes == 1
    assert left.lease_until is not None
