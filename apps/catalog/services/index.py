"""The words an app is found by."""

from __future__ import annotations

import unicodedata

from apps.catalog.forms.builder import is_shown, label
from apps.catalog.models import App
from apps.catalog.types import NOTHING_ADDED

MAX_WORDS = 1000


def index(app: App) -> str:
    """Return title, summary, category and the questions' labels as people see them, folded."""
    overlays = {} if app._state.adding else {o.question_name: o for o in app.overlays.all()}
    texts = [app.title, app.summary, app.category, app.workflow_name]
    for question in app.questions:
        overlay = overlays.get(question.name)
        if is_shown(question, overlay):
            texts.append(label(question, overlay or NOTHING_ADDED))
    words = dict.fromkeys(fold(" ".join(texts)).split())
    return " ".join(words)[:MAX_WORDS]


def fold(text: str) -> str:
    """Return a text without case and accents, as ``static/js/filter.js`` compares it."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] != "M").lower()
