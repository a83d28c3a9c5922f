"""What administrators add to questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record
from apps.catalog.models import App, Overlay
from apps.catalog.services.index import index
from apps.catalog.types import NOTHING_ADDED, OverlayFacts


def set_overlay(
    app: App,
    question_name: str,
    *,
    actor: User | None,
    label: str = "",
    help_text: str = "",
    is_required: bool = False,
    is_hidden: bool = False,
    is_accepted: bool = False,
) -> None:
    """Replace what is added to one question."""
    facts = OverlayFacts(label, help_text, is_required, is_hidden, is_accepted)
    set_overlays(app, {question_name: facts}, actor=actor)


@transaction.atomic
def set_overlays(app: App, wanted: Mapping[str, OverlayFacts], *, actor: User | None) -> None:
    """Replace what is added to each named question; others stay as they are."""
    before = {overlay.question_name: overlay.facts for overlay in app.overlays.all()}
    changed = []
    for name, facts in wanted.items():
        if facts == before.get(name, NOTHING_ADDED):
            continue
        Overlay.objects.update_or_create(app=app, question_name=name, defaults=asdict(facts))
        changed.append(name)
    if changed:
        app.search_text = index(app)
        app.save(update_fields=["search_text", "updated_at"])
        record("app.questions_changed", app, actor=actor, questions=changed)
