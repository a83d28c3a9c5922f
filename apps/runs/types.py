"""The run's states, the moves between them, and the reasons a run ended for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Where a run is. Labels are what people read."""

    NEW = "NEW", _("Accepted")
    SUBMITTING = "SUBMITTING", _("Sending")
    UNSURE = "UNSURE", _("Checking")
    ASK = "ASK", _("Needs a decision")
    QUEUED = "QUEUED", _("Waiting")
    RUNNING = "RUNNING", _("Running")
    FETCHING = "FETCHING", _("Collecting results")
    SUCCEEDED = "SUCCEEDED", _("Ready")
    FAILED = "FAILED", _("Failed")
    CANCELLED = "CANCELLED", _("Cancelled")


S = RunState
ENDED = (S.SUCCEEDED, S.FAILED, S.CANCELLED)
LIVE = tuple(state for state in S if state not in ENDED)
# The Gallery may be working on it, or may be about to.
UNRESOLVED = (S.SUBMITTING, S.UNSURE)
HAS_JOB = (S.QUEUED, S.RUNNING, S.FETCHING, S.SUCCEEDED)

MOVES: dict[RunState, tuple[RunState, ...]] = {
    S.NEW: (S.SUBMITTING, S.FAILED, S.CANCELLED),
    S.SUBMITTING: (S.QUEUED, S.NEW, S.FAILED, S.UNSURE),
    S.UNSURE: (S.QUEUED, S.NEW, S.ASK, S.CANCELLED),
    S.ASK: (S.QUEUED, S.NEW, S.CANCELLED),
    S.QUEUED: (S.RUNNING, S.FETCHING, S.FAILED, S.CANCELLED),
    S.RUNNING: (S.QUEUED, S.FETCHING, S.FAILED, S.CANCELLED),
    S.FETCHING: (S.SUCCEEDED, S.FAILED, S.CANCELLED),
}


class Reason(models.TextChoices):
    """Why a run ended as it did: whose matter it is and what a person can do next."""

    NONE = "", _("—")
    JOB_ERROR = "job_error", _("The app reported an error")
    REFUSED = "refused", _("The Gallery refused the run")
    NO_RIGHT = "no_right", _("The portal's key may not run this app")
    NOT_FOUND = "not_found", _("The Gallery no longer has this app")
    JOB_GONE = "job_gone", _("The Gallery lost track of the run")
    UPLOAD = "upload", _("A file could not be handed over")
    OUTPUTS = "outputs", _("The results could not be collected")
    CRASHED = "crashed", _("The portal could not process the run")
    CANCELLED = "cancelled", _("Cancelled on request")
    LEFT_RUNNING = "left_running", _("Cancelled here; the Gallery may finish it")
