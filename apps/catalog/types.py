"""Question sets as JSON: how they are stored, compared and read back; how an app stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.gallery.types import Choice, Question


class Standing(models.TextChoices):
    """How an app stands, for administrators."""

    LIVE = "live", _("Live")
    HIDDEN = "hidden", _("Hidden")
    REVIEW = "review", _("Needs review")
    MISSING = "missing", _("Missing upstream")


@dataclass(frozen=True, slots=True)
class OverlayFacts:
    """All that can be added to one question; the defaults add nothing."""

    label: str = ""
    help_text: str = ""
    is_required: bool = False
    is_hidden: bool = False
    is_accepted: bool = False


NOTHING_ADDED = OverlayFacts()


def questions_to_json(questions: Iterable[Question]) -> list[dict[str, Any]]:
    return [asdict(question) for question in questions]


def questions_from_json(content: Iterable[dict[str, Any]]) -> tuple[Question, ...]:
    return tuple(
        Question(**{**entry, "choices": tuple(Choice(**choice) for choice in entry["choices"])})
        for entry in content
    )


def digest(content: list[dict[str, Any]]) -> str:
    """Return the SHA-256 of a question set's canonical JSON, as 64 hex digits."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
