"""The catalogue: who sees what, how it is found, what the page says when there is nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.catalog.catalogue import FEW
from apps.catalog.models import App, Favourite
from apps.catalog.services.index import index
from tests.catalog.conftest import SignedIn
from tests.factories import make_app, make_connection, make_group

pytestmark = pytest.mark.django_db


def listed(**facts: object) -> App:
    app = make_app(**facts)  # type: ignore[arg-type]
    app.search_text = index(app)
    app.save()
    return app


@pytest.fixture
def app(sales: Group) -> App:
    return listed(groups=[sales], title="Sales extract", summary="Orders of a région")


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_rights_decide_who_sees_an_app(
    app: App, alice: User, bob: User, charlie: User, admin: User
) -> None:
    for user, sees in ((alice, True), (bob, True), (charlie, False), (admin, False)):
        assert App.objects.visible_to(user).exists() is sees, user


def test_an_app_for_everyone_is_seen_by_strangers(charlie: User) -> None:
    app = make_app(for_everyone=True)
    assert App.objects.visible_to(charlie).get() == app


def test_a_hidden_app_is_seen_by_nobody(app: App, alice: User) -> None:
    app.is_live = False
    app.save()
    assert not App.objects.visible_to(alice).exists()


def test_a_closed_account_sees_nothing(app: App, alice: User) -> None:
    alice.is_active = False
    assert not App.objects.visible_to(alice).exists()


def test_two_groups_of_one_person_show_an_app_once(app: App, alice: User) -> None:
    second = make_group("Second")
    app.groups.add(second)
    alice.groups.add(second)
    assert App.objects.visible_to(alice).count() == 1


def test_the_page_shows_what_one_may_run(
    app: App, alice: User, charlie: User, signed_in: SignedIn
) -> None:
    assert "Sales extract" in page(signed_in(alice))
    html = page(signed_in(charlie))
    assert "Sales extract" not in html
    assert "Nothing has been shared with you yet" in html


def test_an_administrator_without_apps_is_shown_where_to_begin(
    admin: User, signed_in: SignedIn
) -> None:
    assert reverse("manage_apps:list") in page(signed_in(admin))


def test_the_page_is_behind_sign_in(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


@pytest.mark.parametrize("words", ["sales", "SALES extr", "region", "orders"])
def test_searching_without_script_hides_what_does_not_match(
    app: App, alice: User, signed_in: SignedIn, words: str
) -> None:
    listed(for_everyone=True, title="Headcount")
    html = page(signed_in(alice), f"?q={words}")
    assert html.count('<li class="tile"') == 2
    assert html.count("hidden>") >= 1
    assert f'id="app-{app.pk}" data-search="{app.search_text}">' in html


def test_a_search_without_a_hit_says_so(app: App, alice: User, signed_in: SignedIn) -> None:
    html = page(signed_in(alice), "?q=%3Cb%3Exyz")
    assert "No app matches" in html
    assert "&lt;b&gt;xyz" in html
    assert "<div data-filter-empty>" in html


def test_categories_are_sections_and_filters(alice: User, signed_in: SignedIn) -> None:
    for position in range(FEW):
        listed(title=f"Sheet {position}", category="Sales", for_everyone=True)
    listed(title="Plan", category="Finance", for_everyone=True)
    listed(title="Stock", category="Supply", for_everyone=True)
    listed(title="Odd", for_everyone=True)
    html = page(signed_in(alice))
    assert html.index("Finance</h2>") < html.index("Supply</h2>") < html.index("Other apps</h2>")
    assert "tile-category" not in html
    narrowed = page(signed_in(alice), "?category=Supply")
    assert "Stock" in narrowed
    assert "Plan" not in narrowed
    assert "Plan" in page(signed_in(alice), "?category=Nonsense")


def test_few_apps_stand_together_and_name_their_category(alice: User, signed_in: SignedIn) -> None:
    stock = listed(title="Stock", category="Supply", for_everyone=True)
    listed(title="Plan", category="Finance", for_everyone=True)
    client = signed_in(alice)
    html = page(client)
    assert "</h2>" not in html
    finance, supply = '<span class="tile-category">Finance<', '<span class="tile-category">Supply<'
    assert html.index(finance) < html.index(supply)
    assert '<p class="row-text">Finance<' in page(client, "?view=rows")
    narrowed = page(client, "?category=Supply&view=tiles")
    assert "Stock" in narrowed
    assert "tile-category" not in narrowed
    client.post(reverse("catalog:star", args=[stock.pk]))
    html = page(client)
    assert html.index("Favourites</h2>") < html.index(supply) < html.index("Other apps</h2>")


def test_the_view_is_remembered(app: App, alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    assert '<ul class="grid">' in page(client)
    assert '<ul class="rows">' in page(client, "?view=rows")
    assert '<ul class="rows">' in page(client)
    assert '<ul class="rows">' in page(client, "?view=nonsense")
    assert '<ul class="grid">' in page(client, "?view=tiles")


def test_a_star_moves_an_app_to_the_top_and_back(
    app: App, alice: User, signed_in: SignedIn
) -> None:
    client = signed_in(alice)
    response = client.post(reverse("catalog:star", args=[app.pk]), {"q": "sal", "category": ""})
    assert response.status_code == 302
    assert response["Location"] == f"/?q=sal#app-{app.pk}"
    assert Favourite.objects.get().user == alice
    html = page(client)
    assert "Favourites</h2>" in html
    assert 'aria-pressed="true"' in html
    client.post(reverse("catalog:star", args=[app.pk]))
    assert not Favourite.objects.exists()


def test_a_star_is_nobody_elses(
    app: App, alice: User, bob: User, charlie: User, signed_in: SignedIn
) -> None:
    signed_in(alice).post(reverse("catalog:star", args=[app.pk]))
    assert "Favourites</h2>" not in page(signed_in(bob))
    response = signed_in(charlie).post(reverse("catalog:star", args=[app.pk]))
    assert response.status_code == 404
    assert signed_in(alice).get(reverse("catalog:star", args=[app.pk])).status_code == 405


def test_trouble_is_shown_on_the_tile(app: App, alice: User, signed_in: SignedIn) -> None:
    app.connection.paused_until = timezone.now() + timedelta(minutes=1)
    app.connection.save()
    assert "the Gallery does not answer" in page(signed_in(alice))
    app.missing_since = timezone.now()
    app.save()
    assert "Not available at the moment" in page(signed_in(alice))


def test_titles_are_escaped(alice: User, signed_in: SignedIn) -> None:
    listed(for_everyone=True, title="<script>alert(1)</script>", summary="{{ settings.X }}")
    html = page(signed_in(alice))
    assert "<script>alert" not in html
    assert "{{ settings.X }}" in html


def test_the_page_takes_one_query_for_any_number_of_apps(
    alice: User, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    connection = make_connection()
    for number in range(25):
        listed(connection=connection, for_everyone=True, title=f"App {number:02}")
    client = signed_in(alice)
    page(client)
    with django_assert_num_queries(3):  # session, person, apps
        page(client)
