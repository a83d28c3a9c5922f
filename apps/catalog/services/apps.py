"""Exposing workflows as apps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.services import record
from apps.catalog.errors import CatalogError
from apps.catalog.models import App, QuestionSet
from apps.catalog.services.index import index
from apps.catalog.services.questions import check_questions
from apps.catalog.types import digest, questions_to_json
from apps.gallery.models import Connection
from apps.gallery.types import Question, Workflow

if TYPE_CHECKING:
    from apps.gallery.client import GalleryClient

CHANGEABLE = frozenset(
    {"title", "summary", "instructions", "category", "icon", "contact", "for_everyone"}
)


def expose(
    *,
    connection: Connection,
    workflow_id: str,
    title: str,
    actor: User | None,
    summary: str = "",
    instructions: str = "",
    category: str = "",
    icon: str = "chart-column",
    contact: str = "",
    groups: Iterable[Group] = (),
    for_everyone: bool = False,
    is_live: bool = True,
    client: GalleryClient | None = None,
) -> App:
    """Make a workflow an app, with its questions as they are now.

    Raises:
        CatalogError: it is exposed already, cannot be run through the API, or asks what no
            form can offer.
        GalleryUnreachable, GalleryRefusal: as the client has it.
    """
    client = client or connection.client()
    workflow = client.workflow(workflow_id)
    if obstacle(workflow):
        raise CatalogError(obstacle(workflow))
    questions = client.questions(workflow_id)
    check_questions(questions)
    app = App(
        connection=connection,
        workflow_id=workflow_id,
        workflow_name=workflow.name[:255],
        title=title,
        summary=summary,
        instructions=instructions,
        category=category,
        icon=icon,
        contact=contact,
        for_everyone=for_everyone,
    )
    try:
        _store(app, questions, list(groups), is_live=is_live, actor=actor)
    except IntegrityError:
        raise CatalogError(_("This workflow is exposed already.")) from None
    return app


@transaction.atomic
def _store(
    app: App, questions: list[Question], groups: list[Group], *, is_live: bool, actor: User | None
) -> None:
    app.save(force_insert=True)
    content = questions_to_json(questions)
    app.question_set = QuestionSet.objects.create(app=app, digest=digest(content), content=content)
    app.is_live = is_live
    app.search_text = index(app)
    app.save()
    app.groups.set(groups)
    record(
        "app.exposed",
        app,
        actor=actor,
        connection=app.connection.name,
        workflow=app.workflow_id,
        questions=len(questions),
        groups=[group.name for group in groups],
        for_everyone=app.for_everyone,
        is_live=is_live,
    )


def obstacle(workflow: Workflow) -> str:
    """Return why a workflow cannot be exposed, or an empty text."""
    if workflow.is_chained:
        return _("It asks its questions in several steps, which the Gallery's API cannot do.")
    if workflow.kind == "Macro":
        return _("A macro is a part of other workflows, not something to run.")
    return ""


@transaction.atomic
def change_app(
    app: App, *, actor: User, groups: Collection[Group] | None = None, **changes: Any
) -> App:
    """Change what an app looks like or who may run it.

    Args:
        groups: all groups that may run it from now on; None leaves them as they are.
        changes: any of ``CHANGEABLE``.
    """
    if changes.keys() - CHANGEABLE:
        raise TypeError(f"Not changeable: {', '.join(sorted(changes.keys() - CHANGEABLE))}")
    facts: dict[str, Any] = {}
    changed = [name for name, value in changes.items() if getattr(app, name) != value]
    for name in changed:
        setattr(app, name, changes[name])
    if "for_everyone" in changed:
        facts["for_everyone"] = app.for_everyone
    if groups is not None:
        facts |= _set_groups(app, groups)
    if changed or facts:
        app.search_text = index(app)
        app.save()
        record("app.changed", app, actor=actor, fields=sorted(changed), **facts)
    return app


def _set_groups(app: App, groups: Collection[Group]) -> dict[str, Any]:
    before, after = set(app.groups.all()), set(groups)
    app.groups.set(after)
    added = sorted(group.name for group in after - before)
    removed = sorted(group.name for group in before - after)
    return {key: names for key, names in (("added", added), ("removed", removed)) if names}


def withdraw(app: App, *, actor: User | None) -> None:
    """Take an app out of the catalogue. Its runs and settings stay."""
    _set_live(app, is_live=False, verb="app.withdrawn", actor=actor)


def publish(app: App, *, actor: User | None) -> None:
    """Show an app to those who may run it."""
    if not app.question_set_id:
        raise CatalogError(_("The app's questions are not known yet. Refresh them first."))
    _set_live(app, is_live=True, verb="app.published", actor=actor)


@transaction.atomic
def _set_live(app: App, *, is_live: bool, verb: str, actor: User | None) -> None:
    if app.is_live == is_live:
        return
    app.is_live = is_live
    app.save(update_fields=["is_live", "updated_at"])
    record(verb, app, actor=actor)
