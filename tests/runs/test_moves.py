"""The run's row: guarded moves, constraints, claims."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.runs.errors import IllegalMove
from apps.runs.lifecycle import leases
from apps.runs.models import Run
from apps.runs.types import ENDED, MOVES, RunState
from tests.factories import make_app, make_run, make_user

pytestmark = pytest.mark.django_db


def in_state(state: RunState) -> Run:
    """A run as it stands in a state, with what the constraints ask of it."""
    ended = timezone.now() if state in ENDED else None
    job = None if state in {RunState.NEW, RunState.SUBMITTING, RunState.UNSURE} else "job"
    return make_run(
        state=state, job_id=job, ended_at=ended, due_at=None if ended else timezone.now()
    )


@pytest.mark.parametrize("from_state", RunState)
@pytest.mark.parametrize("to_state", RunState)
def test_only_the_moves_of_the_machine_are_made(from_state: RunState, to_state: RunState) -> None:
    run = in_state(from_state)
    facts: dict[str, Any] = {"job_id": "job"} if to_state == RunState.QUEUED else {}
    facts |= {"job_id": None} if to_state == RunState.NEW else {}
    if to_state in MOVES.get(from_state, ()):
        assert run.move(to_state, **facts)
        assert Run.objects.get(pk=run.pk).state == to_state
        assert run.events.last().to_state == to_state  # type: ignore[union-attr]
    else:
        with pytest.raises(IllegalMove):
            run.move(to_state, **facts)
        assert Run.objects.get(pk=run.pk).state == from_state


def test_of_two_workers_with_the_same_row_one_moves_it() -> None:
    run = make_run()
    same_row = Run.objects.get(pk=run.pk)
    assert run.move(RunState.SUBMITTING)
    assert not same_row.move(RunState.SUBMITTING)
    assert run.events.filter(to_state=RunState.SUBMITTING).count() == 1


def test_a_worker_whose_fence_is_old_writes_nothing_although_the_state_came_back() -> None:
    run = make_run()
    (frozen,) = leases.claim(1)
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    (other,) = leases.claim(1)
    assert other.fence > frozen.fence
    assert not frozen.move(RunState.SUBMITTING)
    assert not frozen.change(notice="late")
    assert other.move(RunState.SUBMITTING)


def test_a_leased_run_is_not_claimed_again_until_its_lease_ends() -> None:
    run = make_run()
    assert [claimed.pk for claimed in leases.claim(10)] == [run.pk]
    assert leases.claim(10) == []
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert [claimed.pk for claimed in leases.claim(10)] == [run.pk]


def test_a_run_that_is_not_due_is_not_claimed() -> None:
    make_run(due_at=timezone.now() + timedelta(minutes=1))
    assert leases.claim(10) == []


def test_an_ended_run_is_never_due() -> None:
    run = make_run()
    run.move(RunState.CANCELLED)
    assert run.due_at is None
    assert run.ended_at is not None
    assert leases.claim(10) == []


def test_a_live_run_without_a_due_time_cannot_be_stored() -> None:
    run = make_run()
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(due_at=None)


def test_a_job_belongs_to_one_run() -> None:
    app = make_app()
    make_run(app, state=RunState.QUEUED, job_id="j1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_run(app, state=RunState.QUEUED, job_id="j1")


def test_one_submission_of_a_workflow_is_unresolved_at_a_time() -> None:
    app = make_app()
    make_run(app, state=RunState.UNSURE)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_run(app, state=RunState.SUBMITTING)


def test_a_state_with_a_job_needs_its_id() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_run(state=RunState.RUNNING, job_id=None)


def test_a_form_makes_one_run() -> None:
    user, token = make_user(), uuid.uuid4()
    make_run(user=user, form_token=token)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_run(user=user, form_token=token)


def test_a_clean_end_of_a_step_clears_lease_and_crashes() -> None:
    make_run()
    (run,) = leases.claim(1)
    assert run.crashes == 1
    assert run.change(**leases.parked())
    assert (run.lease_until, run.crashes) == (None, 0)
