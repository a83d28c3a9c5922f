"""Administrators' pages of apps, against a Gallery over real HTTP."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.catalog.forms.staff import plain_title
from apps.catalog.models import App, Overlay
from apps.emulator.emulator import Emulator
from apps.emulator.faults import Fault, Status, login_page
from apps.gallery.models import Connection
from apps.gallery.types import Choice, Kind, Question
from tests.catalog.conftest import LIMIT, SALES, SignedIn
from tests.factories import make_app, make_connection

pytestmark = pytest.mark.django_db

QUESTIONS = [
    Question("Region", Kind.LIST, "Which region?", None, (Choice("East", "E"),)),
    Question("Area", Kind.TREE, "Which area?"),
]


@pytest.fixture
def staff(admin: User, signed_in: SignedIn) -> Client:
    return signed_in(admin)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def url(name: str, *args: object) -> str:
    return reverse(f"manage_apps:{name}", args=args)


def expose_url(gallery: Emulator, connection: Connection, name: str = SALES.slug) -> str:
    return url("expose", connection.pk, gallery.workflow_id(name))


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("list", "get"), ("choose", "get"), ("detail", "get"), ("detail", "post"),
        ("questions", "get"), ("who", "post"), ("preview", "get"), ("refresh", "post"),
        ("adopt", "post"), ("publish", "post"), ("withdraw", "post"), ("browse", "get"),
        ("expose", "post"),
    ],
)  # fmt: skip
def test_only_administrators_get_in(
    alice: User, charlie: User, signed_in: SignedIn, name: str, method: str
) -> None:
    app = make_app(groups=list(alice.groups.all()))
    own: dict[str, list[object]] = {
        "list": [],
        "choose": [],
        "browse": [app.connection_id],
        "expose": [app.connection_id, "x"],
    }
    args = own.get(name, [app.pk])
    for user in (alice, charlie):
        assert getattr(signed_in(user), method)(url(name, *args)).status_code == 404
    assert getattr(Client(), method)(url(name, *args)).status_code == 302


def test_the_list_shows_how_every_app_stands(staff: Client, sales: Group) -> None:
    make_app(title="Plan", groups=[sales])
    hidden = make_app(title="Old plan")
    hidden.is_live = False
    hidden.save()
    gone = make_app(title="Gone plan", missing_since=timezone.now())
    html = text(staff.get(url("list")))
    for words in ("Live", "Hidden", "Missing upstream", "Sales", "Everyone"):
        assert words in html
    assert url("detail", gone.pk) in html


def test_the_list_takes_as_many_queries_for_many_apps(
    staff: Client, sales: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    connection = make_connection()
    for _ in range(10):
        make_app(connection, groups=[sales])
    with django_assert_num_queries(4):  # session, person, apps, groups
        staff.get(url("list"))


def test_an_empty_list_shows_the_first_step(staff: Client) -> None:
    assert url("choose") in text(staff.get(url("list")))


def test_a_single_gallery_needs_no_choice(staff: Client) -> None:
    assert "No Gallery is connected" in text(staff.get(url("choose")))
    only = make_connection()
    assert staff.get(url("choose"))["Location"] == url("browse", only.pk)
    make_connection(name="Second <Gallery>")
    assert "Second &lt;Gallery&gt;" in text(staff.get(url("choose")))


def test_browsing_shows_workflows_and_what_keeps_them_from_being_exposed(
    staff: Client, gallery: Emulator, connection: Connection
) -> None:
    make_app(connection, workflow_id=gallery.workflow_id("Data quality scan"))
    html = text(staff.get(url("browse", connection.pk)))
    assert expose_url(gallery, connection) in html
    assert expose_url(gallery, connection, "Two steps") not in html
    for words in ("What SALES_EXTRACT_v2.yxwz is for.", "several steps", "Exposed", "uploaded"):
        assert words in html
    filtered = text(staff.get(url("browse", connection.pk) + "?q=quality"))
    assert filtered.count("hidden>") > html.count("hidden>")


@pytest.mark.parametrize("action", [Status(500, "<html>"), Status(401, "{}"), login_page()])
def test_a_gallery_in_trouble_is_told_with_a_way_to_the_doctor(
    staff: Client, gallery: Emulator, connection: Connection, action: object
) -> None:
    gallery.faults.add(Fault(match=".*", action=action, times=None))  # type: ignore[arg-type]
    for address in (url("browse", connection.pk), expose_url(gallery, connection)):
        response = staff.get(address)
        assert response.status_code == 200
        assert "did not answer as it should" in text(response)
        assert connection.get_absolute_url() in text(response)


def test_exposing_proposes_words_and_shows_the_form(
    staff: Client, gallery: Emulator, connection: Connection
) -> None:
    html = text(staff.get(expose_url(gallery, connection)))
    assert 'value="SALES EXTRACT v2"' in html
    assert "Which region?" in html
    assert "How many rows?" in html
    assert "Which area?" not in html


def test_an_app_is_exposed_to_a_new_group(
    staff: Client, gallery: Emulator, connection: Connection, sales: Group, alice: User
) -> None:
    posted = {
        "title": "Sales extract",
        "summary": "Orders",
        "icon": "receipt",
        "category": "Sales",
        "groups": [sales.pk],
        "new_group": "Controlling",
    }
    response = staff.post(expose_url(gallery, connection), posted)
    app = App.objects.get()
    assert response["Location"] == app.get_manage_url()
    assert (app.title, app.icon, app.is_live) == ("Sales extract", "receipt", True)
    assert {group.name for group in app.groups.all()} == {"Sales", "Controlling"}
    assert App.objects.visible_to(alice).exists()
    assert staff.get(expose_url(gallery, connection))["Location"] == app.get_manage_url()


def test_an_app_can_be_kept_hidden_at_first(
    staff: Client, gallery: Emulator, connection: Connection
) -> None:
    posted = {"title": "Later", "icon": "receipt", "hidden": "1"}
    staff.post(expose_url(gallery, connection), posted)
    assert not App.objects.get().is_live


def test_a_bad_exposing_form_keeps_what_was_typed(
    staff: Client, gallery: Emulator, connection: Connection, sales: Group
) -> None:
    posted = {"title": "", "summary": "typed", "icon": "no-such", "new_group": "sales"}
    response = staff.post(expose_url(gallery, connection), posted)
    assert response.status_code == 422
    html = text(response)
    assert 'value="typed"' in html
    assert "there already" in html
    assert not App.objects.exists()


def test_what_cannot_be_a_form_says_why(
    staff: Client, gallery: Emulator, connection: Connection
) -> None:
    response = staff.get(expose_url(gallery, connection, "Twins"))
    assert response.status_code == 422
    assert "a name of its own" in text(response)
    chained = staff.get(expose_url(gallery, connection, "Two steps"))
    assert "several steps" in text(chained)
    assert "Expose now" not in text(chained)


def test_words_are_changed(staff: Client) -> None:
    app = make_app(title="Old", icon="odd-icon")
    html = text(staff.get(url("detail", app.pk)))
    assert 'value="odd-icon" checked' in html
    posted = {"title": "New", "icon": "receipt", "instructions": "Read me"}
    assert staff.post(url("detail", app.pk), posted)["Location"] == url("detail", app.pk)
    app.refresh_from_db()
    assert (app.title, app.instructions, app.icon) == ("New", "Read me", "receipt")
    assert staff.post(url("detail", app.pk), {"title": " "}).status_code == 422


def test_questions_are_shaped_in_one_form(staff: Client) -> None:
    app = make_app(questions=QUESTIONS)
    html = text(staff.get(url("questions", app.pk)))
    assert "Region · ListBox" in html
    assert "does not support this kind" in html
    posted = {
        "q0-label": "Where?",
        "q0-is_required": "on",
        "q0-is_shown": "on",
        "q1-is_shown": "on",
        "q1-help_text": "A code",
    }
    assert staff.post(url("questions", app.pk), posted).status_code == 302
    first, second = Overlay.objects.order_by("-question_name")
    assert (first.label, first.is_required, first.is_hidden) == ("Where?", True, False)
    assert (second.help_text, second.is_accepted, second.is_hidden) == ("A code", True, False)
    preview = text(staff.get(url("preview", app.pk)))
    assert "Where?" in preview
    assert "Which area?" in preview

    staff.post(url("questions", app.pk), {})
    assert "Where?" not in text(staff.get(url("preview", app.pk)))
    too_long = {"q0-label": "x" * 201}
    assert staff.post(url("questions", app.pk), too_long).status_code == 422


def test_rights_are_given_and_taken(
    staff: Client, sales: Group, alice: User, charlie: User
) -> None:
    app = make_app(groups=[sales])
    staff.post(url("who", app.pk), {"for_everyone": "on"})
    assert App.objects.visible_to(charlie).exists()
    staff.post(url("who", app.pk), {})
    assert not App.objects.visible_to(alice).exists()
    assert "Nobody can see this app yet" in text(staff.get(url("who", app.pk)))
    assert staff.post(url("who", app.pk), {"groups": ["99999"]}).status_code == 422


def test_a_breaking_change_is_shown_and_adopted(
    staff: Client, gallery: Emulator, connection: Connection
) -> None:
    staff.post(expose_url(gallery, connection), {"title": "Sales", "icon": "receipt"})
    app = App.objects.get()
    same = staff.post(url("refresh", app.pk), follow=True)
    assert "what they were" in text(same)
    gallery.change_questions(SALES.slug, [LIMIT])
    changed = text(staff.post(url("refresh", app.pk), follow=True))
    assert "is no longer asked" in changed
    assert "Needs review" in changed
    staff.post(url("adopt", app.pk))
    app.refresh_from_db()
    assert [question.name for question in app.questions] == ["Limit (2)"]


def test_a_refresh_tells_what_went_wrong(staff: Client) -> None:
    app = make_app()
    response = staff.post(url("refresh", app.pk), follow=True)
    assert "tone-error" in text(response)


def test_hiding_and_publishing(staff: Client) -> None:
    app = make_app()
    staff.post(url("withdraw", app.pk))
    assert not App.objects.get().is_live
    assert "Publish" in text(staff.get(url("detail", app.pk)))
    staff.post(url("publish", app.pk))
    assert App.objects.get().is_live
    never_read = App.objects.create(connection=app.connection, workflow_id="z", title="Z")
    response = staff.post(url("publish", never_read.pk), follow=True)
    assert "Refresh them first" in text(response)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Sales_extract.yxwz", "Sales extract"),
        ("MONTH END CLOSE", "Month end close"),
        ("KPI", "KPI"),
        ("  a \n b ", "a b"),
    ],
)
def test_names_become_plain_titles(name: str, title: str) -> None:
    assert plain_title(name) == title
