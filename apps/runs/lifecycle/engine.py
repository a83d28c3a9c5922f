"""The engine: claims due runs and takes each as far as it can go now."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from concurrent.futures import Executor

from django.db import connection

from apps.runs.lifecycle import fetch, leases, poll, reconcile, submit
from apps.runs.models import Run
from apps.runs.models.run import MAX_CRASHES
from apps.runs.types import Reason, RunState

logger = logging.getLogger(__name__)

# A step returns True when the run holds its lease still and can go on at once.
Step = Callable[[Run], bool]

STEPS: dict[RunState, Step] = {
    RunState.NEW: submit.submit,
    RunState.SUBMITTING: reconcile.sender_died,
    RunState.UNSURE: reconcile.look_for_job,
    RunState.ASK: reconcile.look_again,
    RunState.QUEUED: poll.poll,
    RunState.RUNNING: poll.poll,
    RunState.FETCHING: fetch.fetch,
}


def advance_due(*, limit: int = 50, pool: Executor | None = None) -> int:
    """Take due runs as far as they go and return how many were claimed."""
    runs = leases.claim(limit)
    if pool is None:
        for run in runs:
            advance(run)
    else:
        list(pool.map(_advance_in_thread, runs))
    return len(runs)


def advance_one(run_id: uuid.UUID) -> None:
    """Take one run as far as it goes, if it is due and free."""
    for run in leases.claim(1, only=run_id):
        advance(run)


def advance(run: Run) -> None:
    """Work a claimed run through its steps until one has to wait."""
    if run.crashes > MAX_CRASHES and _give_up(run):
        return
    try:
        while STEPS[RunState(run.state)](run):
            pass
    except leases.LeaseLost:
        logger.warning("lease lost", extra={"run": run.pk})


def _give_up(run: Run) -> bool:
    """End a run that killed its worker again and again, unless its job may still be unknown."""
    logger.error("run crashed its worker", extra={"run": run.pk, "crashes": run.crashes})
    if run.state in {RunState.SUBMITTING, RunState.UNSURE, RunState.ASK}:
        return False
    text = (
        "The portal stopped while working on this run, several times. An administrator can see why."
    )
    return run.move(RunState.FAILED, reason=Reason.CRASHED, error=text)


def _advance_in_thread(run: Run) -> None:
    try:
        advance(run)
    except Exception:
        # A bug in one run must not stop the others of its batch; its lease runs out and the
        # crash is counted, as if the worker had died.
        logger.exception("run step failed", extra={"run": run.pk})
    finally:
        connection.close()
