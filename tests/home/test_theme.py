"""The theme is a cookie that the server reads: no flash of the wrong colours, no script needed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def choose(client: Client, theme: str, back: str = "/accounts/login/") -> str:
    response = client.post(reverse("home:theme"), {"theme": theme, "next": back})
    assert response.status_code == 302
    return response["Location"]


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_the_next_page_comes_in_the_chosen_theme(client: Client, theme: str) -> None:
    choose(client, theme)
    assert f'data-theme="{theme}"' in client.get("/accounts/login/").content.decode()


def test_one_returns_to_the_page_the_choice_was_made_on(client: Client) -> None:
    assert choose(client, "dark", "/runs/?state=FAILED") == "/runs/?state=FAILED"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_choice_leads_nowhere_else(client: Client, back: str) -> None:
    assert choose(client, "dark", back) == "/"


def test_an_unknown_theme_is_refused(client: Client) -> None:
    assert client.post(reverse("home:theme"), {"theme": "pink"}).status_code == 400


def test_a_forged_cookie_counts_as_no_choice(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="system"' in client.get("/accounts/login/").content.decode()


def test_looking_at_an_address_changes_nothing(client: Client) -> None:
    assert client.get(reverse("home:theme")).status_code == 405
