"""Exposing workflows, taking over their questions, and what happens when these change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.catalog import services
from apps.catalog.drift import Level
from apps.catalog.errors import CatalogError
from apps.catalog.models import App, QuestionSet
from apps.catalog.types import Standing
from apps.emulator.emulator import Emulator
from apps.emulator.people import ARTISAN
from apps.emulator.workflow import Item
from apps.gallery.errors import GalleryError, GalleryRefusal, GalleryUnreachable
from apps.gallery.models import Connection
from apps.gallery.types import Choice, Kind, Question
from tests.catalog.conftest import AREA, LIMIT, REGION, SALES
from tests.factories import make_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(gallery: Emulator, connection: Connection, sales: Group, admin: User) -> App:
    return services.expose(
        connection=connection,
        workflow_id=gallery.workflow_id(SALES.slug),
        title="Sales extract",
        groups=[sales],
        actor=admin,
    )


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("at").values_list("verb", flat=True))


def test_an_exposed_app_asks_what_the_workflow_asks(app: App) -> None:
    assert [(q.name, q.kind, q.default) for q in app.questions] == [
        ("Region", Kind.LIST, "E"),
        ("Limit (2)", Kind.NUMBER, "10"),
        ("Area", Kind.TREE, None),
    ]
    assert app.questions[0].choices == (Choice("East", "E"), Choice("West", "W"))
    assert app.is_live
    assert verbs() == ["app.exposed"]


def test_an_app_is_found_by_what_people_read_and_not_by_what_is_hidden(app: App) -> None:
    assert "region?" in app.search_text
    assert "area?" not in app.search_text


def test_a_workflow_is_exposed_once(app: App, admin: User) -> None:
    with pytest.raises(CatalogError, match="exposed already"):
        services.expose(
            connection=app.connection, workflow_id=app.workflow_id, title="Again", actor=admin
        )
    assert App.objects.count() == 1
    assert QuestionSet.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "reason"), [("Two steps", "several steps"), ("Twins", "called “Limit \\(2\\)”")]
)
def test_what_cannot_be_asked_is_not_exposed(
    gallery: Emulator, connection: Connection, admin: User, name: str, reason: str
) -> None:
    with pytest.raises(CatalogError, match=reason):
        services.expose(
            connection=connection,
            workflow_id=gallery.workflow_id(name),
            title=name,
            actor=admin,
        )
    assert not App.objects.exists()


def test_a_gallery_that_is_away_leaves_nothing_behind(admin: User) -> None:
    with pytest.raises(GalleryUnreachable):
        services.expose(connection=make_connection(), workflow_id="x", title="X", actor=admin)
    assert not App.objects.exists()


def test_unchanged_questions_reuse_their_set(app: App, admin: User) -> None:
    before = app.question_set
    imported, drift = services.import_questions(app, actor=admin)
    assert imported == before
    assert drift is not None
    assert drift.level is Level.SAME
    assert verbs() == ["app.exposed"]


def test_a_change_that_fits_is_taken_over(app: App, gallery: Emulator, admin: User) -> None:
    wider = replace(REGION, items=(*REGION.items, Item("North", "N")))
    new = replace(LIMIT, name="Offset")
    gallery.change_questions(SALES.slug, [wider, LIMIT, AREA, new])
    imported, drift = services.import_questions(app, actor=admin)
    app.refresh_from_db()
    assert drift is not None
    assert drift.level is Level.COMPATIBLE
    assert (drift.added, drift.removed) == (("Offset",), ())
    assert drift.changed[0].differences == ("choices added: North",)
    assert app.question_set == imported
    assert app.standing == Standing.LIVE
    assert verbs() == ["app.exposed", "app.questions_imported"]


def test_a_change_that_breaks_waits_for_a_decision(
    app: App, gallery: Emulator, admin: User
) -> None:
    old = app.question_set
    gallery.change_questions(SALES.slug, [replace(REGION, name="Territory"), LIMIT, AREA])
    imported, drift = services.import_questions(app, actor=admin)
    app.refresh_from_db()
    assert drift is not None
    assert drift.level is Level.BREAKING
    assert (drift.added, drift.removed) == (("Territory",), ("Region",))
    assert (app.question_set, app.offered_set) == (old, imported)
    assert app.standing == Standing.REVIEW

    services.adopt_questions(app, actor=admin)
    app.refresh_from_db()
    assert (app.question_set, app.offered_set) == (imported, None)
    assert [q.name for q in app.questions] == ["Territory", "Limit (2)", "Area"]


def test_a_breaking_change_that_is_taken_back_needs_no_decision(
    app: App, gallery: Emulator, admin: User
) -> None:
    gallery.change_questions(SALES.slug, [LIMIT])
    services.import_questions(app, actor=admin)
    gallery.change_questions(SALES.slug, SALES.questions)
    services.import_questions(app, actor=admin)
    app.refresh_from_db()
    assert app.offered_set is None
    assert app.question_sets.count() == 2


def test_a_workflow_that_is_gone_is_marked_and_nothing_is_deleted(
    app: App, gallery: Emulator, admin: User
) -> None:
    gallery.withdraw(SALES.slug)
    with pytest.raises(GalleryRefusal):
        services.import_questions(app, actor=admin)
    app.refresh_from_db()
    assert app.standing == Standing.MISSING
    assert app.questions
    assert verbs() == ["app.exposed", "app.missing"]


def test_names_that_could_not_be_answered_are_refused() -> None:
    questions = [
        Question("", Kind.TEXT),
        Question("x" * 501, Kind.TEXT),
        Question("a\0", Kind.TEXT),
        *(Question(f"q{n}", Kind.TEXT) for n in range(500)),
    ]
    with pytest.raises(CatalogError) as refusal:
        services.questions.check_questions(questions)
    for word in ("503 questions", "no name", "longer than 500", "NUL"):
        assert word in str(refusal.value)


def test_overlays_are_recorded_where_they_change_something(app: App, admin: User) -> None:
    services.set_overlay(app, "Area", is_accepted=True, label="Area of sale", actor=admin)
    services.set_overlay(app, "Area", is_accepted=True, label="Area of sale", actor=admin)
    assert verbs() == ["app.exposed", "app.questions_changed"]
    assert "area" in App.objects.get().search_text


def test_changes_name_what_was_changed(app: App, sales: Group, admin: User) -> None:
    finance = Group.objects.create(name="Finance")
    services.change_app(app, actor=admin, title="Sales", summary="", groups=[finance])
    event = AuditEvent.objects.get(verb="app.changed")
    assert event.facts == {"fields": ["title"], "added": ["Finance"], "removed": ["Sales"]}
    services.change_app(app, actor=admin, title="Sales", groups=[finance])
    assert AuditEvent.objects.filter(verb="app.changed").count() == 1
    with pytest.raises(TypeError):
        services.change_app(app, actor=admin, is_live=False)


def test_a_withdrawn_app_comes_back_as_it_was(app: App, admin: User, alice: User) -> None:
    services.withdraw(app, actor=admin)
    services.withdraw(app, actor=admin)
    assert not App.objects.visible_to(alice).exists()
    services.publish(app, actor=admin)
    assert App.objects.visible_to(alice).get() == app
    assert verbs() == ["app.exposed", "app.withdrawn", "app.published"]


def test_gallery_errors_hold_no_secret(connection: Connection, admin: User) -> None:
    with pytest.raises(GalleryError) as error:
        services.expose(connection=connection, workflow_id="0" * 24, title="X", actor=admin)
    assert ARTISAN.pair.secret not in f"{error.value}{error.value.detail}"
