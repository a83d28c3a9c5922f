"""How states and steps are shown: icon, words and tone for each."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Look:
    """An icon of the sprite, words for people, and a tone: one of the ``tone-…`` classes."""

    icon: str
    label: Words
    tone: str
    live: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the stepper; ``status`` is done, current, todo, failed or cancelled."""

    label: Words
    status: str


STATES: dict[str, Look] = {
    "NEW": Look("circle-dashed", _("Accepted"), "info", live=True),
    "SUBMITTING": Look("send", _("Sending"), "info", live=True),
    "UNSURE": Look("search", _("Checking"), "warning", live=True),
    "ASK": Look("hand", _("Needs a decision"), "warning"),
    "QUEUED": Look("hourglass", _("Waiting"), "info", live=True),
    "RUNNING": Look("loader-circle", _("Running"), "accent", live=True),
    "FETCHING": Look("download", _("Collecting results"), "accent", live=True),
    "SUCCEEDED": Look("circle-check", _("Ready"), "success"),
    "FAILED": Look("circle-x", _("Failed"), "error"),
    "CANCELLED": Look("ban", _("Cancelled"), "neutral"),
    "MISSED": Look("clock", _("Missed"), "warning"),
}

UNKNOWN_STATE = Look("circle-help", _("Unknown"), "neutral")

VERDICTS: dict[str, Look] = {
    "ok": Look("check", _("Passed"), "success"),
    "warn": Look("triangle-alert", _("Look at this"), "warning"),
    "fail": Look("x", _("Failed"), "error"),
    "skipped": Look("circle-dashed", _("Not tried"), "neutral"),
}

NOTICE_ICONS: dict[str, str] = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "error": "circle-alert",
    "neutral": "info",
}

STEPS: tuple[Words, ...] = (
    _("Accepted"),
    _("Sent"),
    _("Waiting"),
    _("Running"),
    _("Collecting results"),
    _("Ready"),
)

STEP_OF_STATE: dict[str, int] = {
    "NEW": 0,
    "SUBMITTING": 1,
    "UNSURE": 1,
    "ASK": 1,
    "QUEUED": 2,
    "RUNNING": 3,
    "FETCHING": 4,
    "SUCCEEDED": 5,
}


def steps(state: str, reached: str = "") -> list[Step]:
    """Return the six steps of a run in ``state``; an unknown state counts as just accepted.

    ``reached`` says for FAILED and CANCELLED which live state came last: there the cross
    stands. Empty means that the job ran.
    """
    if state == "SUCCEEDED":
        return [Step(label, "done") for label in STEPS]
    ended = {"FAILED": "failed", "CANCELLED": "cancelled"}.get(state)
    here = STEP_OF_STATE.get((reached or "RUNNING") if ended else state, 0)
    statuses = ["done"] * here + [ended or "current"] + ["todo"] * (len(STEPS) - here - 1)
    return [Step(label, status) for label, status in zip(STEPS, statuses, strict=True)]
