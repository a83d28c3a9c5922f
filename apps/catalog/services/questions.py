"""Taking over what a workflow asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.audit.services import record
from apps.catalog.drift import Drift, Level, compare
from apps.catalog.errors import CatalogError
from apps.catalog.models import App, QuestionSet
from apps.catalog.services.index import index
from apps.catalog.types import digest, questions_to_json
from apps.gallery.errors import GalleryRefusal
from apps.gallery.types import Question

if TYPE_CHECKING:
    from apps.gallery.client import GalleryClient

MAX_QUESTIONS = 500
MAX_NAME = 500
HTTP_NOT_FOUND = 404


def import_questions(
    app: App, client: GalleryClient | None = None, *, actor: User | None = None
) -> tuple[QuestionSet, Drift | None]:
    """Ask the Gallery what the app asks now and take it over where that breaks nothing.

    Returns:
        the set as it is now, and its difference from the one in use until now, None at the
        first import. A breaking set is kept in ``app.offered_set`` until ``adopt_questions``.

    Raises:
        CatalogError: the questions cannot be offered as a form.
        GalleryUnreachable, GalleryRefusal: as the client has it; where the Gallery no longer
            has the workflow the app is marked as missing.
    """
    try:
        questions = (client or app.connection.client()).questions(app.workflow_id)
    except GalleryRefusal as refusal:
        if refusal.status == HTTP_NOT_FOUND:
            _mark_missing(app, actor)
        raise
    check_questions(questions)
    return _take_over(app, questions, actor)


@transaction.atomic
def adopt_questions(app: App, *, actor: User) -> None:
    """Use the questions the Gallery offers now, although old answers do not fit them."""
    adopted = app.offered_set
    if adopted is None:
        return
    app.question_set, app.offered_set = adopted, None
    app.search_text = index(app)
    app.save(update_fields=["question_set", "offered_set", "search_text", "updated_at"])
    record("app.questions_adopted", app, actor=actor, digest=adopted.digest)


def check_questions(questions: Sequence[Question]) -> None:
    """Refuse sets that no form could ask truthfully, naming every reason."""
    complaints = list(_complaints(questions))
    if complaints:
        raise CatalogError(" ".join(complaints))


def _complaints(questions: Sequence[Question]) -> Iterable[str]:
    if len(questions) > MAX_QUESTIONS:
        yield _("The app asks %(count)d questions. At most %(limit)d can be offered.") % {
            "count": len(questions),
            "limit": MAX_QUESTIONS,
        }
    twice = [name for name, count in Counter(q.name for q in questions).items() if count > 1]
    if twice:
        yield ngettext(
            "Two questions are called %s. An answer is known by its question's name alone, so "
            "ask the author to give each interface tool a name of its own.",
            "Several questions share a name: %s. An answer is known by its question's name alone, "
            "so ask the author to give each interface tool a name of its own.",
            len(twice),
        ) % ", ".join(f"“{name[:80]}”" for name in twice[:10])
    if any(not name.strip() for name in {q.name for q in questions}):
        yield _("A question has no name. Ask the author to name its interface tool.")
    if any(len(q.name) > MAX_NAME for q in questions):
        yield _("The name of a question is longer than %d characters.") % MAX_NAME
    if any("\0" in str(content) for q in questions for content in _texts(q)):
        yield _("A question holds a NUL character, which cannot be stored.")


def _texts(question: Question) -> Iterable[str]:
    yield from (question.name, question.kind, question.description, question.default or "")
    for choice in question.choices:
        yield from (choice.label, choice.value)


@transaction.atomic
def _take_over(
    app: App, questions: Sequence[Question], actor: User | None
) -> tuple[QuestionSet, Drift | None]:
    content = questions_to_json(questions)
    imported, _created = QuestionSet.objects.get_or_create(
        app=app, digest=digest(content), defaults={"content": content}
    )
    drift = compare(app.questions, imported.questions) if app.question_set_id else None
    if drift and drift.level is Level.BREAKING:
        app.offered_set = imported
    else:
        app.question_set, app.offered_set = imported, None
    app.missing_since = None
    app.search_text = index(app)
    app.save()
    if drift is None or drift.level is not Level.SAME:
        facts = drift.facts() if drift else {"level": "first"}
        record("app.questions_imported", app, actor=actor, count=len(questions), **facts)
    return imported, drift


def _mark_missing(app: App, actor: User | None) -> None:
    if App.objects.filter(pk=app.pk, missing_since=None).update(missing_since=Now()):
        record("app.missing", app, actor=actor)
        app.refresh_from_db(fields=["missing_since"])
