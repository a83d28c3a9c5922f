"""Signing in: how often it may fail, where it leads, and how fast a right ends."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

import portal.settings
from apps.accounts.models import User
from tests.security.world import World, make_world

pytestmark = pytest.mark.django_db
RIGHT = "right horse"


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = portal.settings.ACCOUNT_RATE_LIMITS
    cache.clear()


@pytest.fixture
def world() -> World:
    return make_world()


def sign_in(client: Client, name: str, password: str, **extra: str) -> str:
    fields = {"login": name, "password": password} | extra
    response = client.post("/accounts/login/", fields)
    return response.headers.get("Location") or response.content.decode()


def test_five_failures_lock_an_account_for_a_while_and_say_so(world: World) -> None:
    for _ in range(5):
        assert "Too many" not in sign_in(Client(), "owner", "wrong")
    for name in ("owner", "OWNER", " owner "):
        assert "Too many failed login attempts" in sign_in(Client(), name, RIGHT)
    assert sign_in(Client(), "member", RIGHT) == "/"


def test_an_address_that_pretends_to_be_another_is_limited_alike(world: World) -> None:
    for number in range(12):
        headers = {"X-Forwarded-For": f"10.0.0.{number}"}
        fields = {"login": f"nobody{number}", "password": "wrong"}
        last = Client().post("/accounts/login/", fields, headers=headers)
    assert "Too many" in last.content.decode()


def test_more_requests_than_a_person_makes_are_refused_in_the_portals_words(
    world: World,
) -> None:
    client = Client()
    pages = [client.post("/accounts/login/", {"login": "a"}) for _ in range(31)]
    assert pages[-1].status_code == 429
    assert "Wait a few minutes" in pages[-1].content.decode()


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/"])
def test_the_admin_has_no_door_of_its_own(world: World, path: str) -> None:
    fields = {"username": "superuser", "password": RIGHT, "this_is_the_login_form": "1"}
    client = Client()
    response = client.post(path, fields, follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")
    assert client.get("/runs/").status_code == 302


def test_who_is_deactivated_is_out_with_the_next_request(world: World) -> None:
    client = world.client("superuser")
    paths = [
        "/runs/",
        "/manage/apps/",
        "/admin/",
        reverse("results:download", args=[world.table.pk]),
    ]
    assert {client.get(path).status_code for path in paths} == {200}
    User.objects.filter(username="superuser").update(is_active=False)
    assert {client.get(path).status_code for path in paths} == {302}
    assert sign_in(Client(), "superuser", RIGHT) != "/"


def test_who_loses_a_group_loses_its_apps_with_the_next_request(world: World) -> None:
    client = world.client("member")
    assert client.get(world.app.get_absolute_url()).status_code == 200
    world.group.user_set.clear()
    assert client.get(world.app.get_absolute_url()).status_code == 404


def test_a_session_is_new_after_signing_in_and_gone_after_signing_out(world: World) -> None:
    client = Client()
    client.cookies["session"] = "planted0planted0planted0planted0"
    sign_in(client, "owner", RIGHT)
    key = client.cookies["session"].value
    assert not key.startswith("planted")
    assert client.get("/runs/").status_code == 200
    client.post("/accounts/logout/")
    again = Client()
    again.cookies["session"] = key
    assert again.get("/runs/").status_code == 302


def test_the_table_of_sessions_opens_no_session(world: World) -> None:
    client = world.client("owner")
    stored = [row.session_key for row in Session.objects.all()]
    assert client.cookies["session"].value not in stored
    for key in stored:
        thief = Client()
        thief.cookies["session"] = key
        assert thief.get("/runs/").status_code == 302


OFF_SITE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "http://evil.example",
    "http:///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\n//evil.example",
    "\x00//evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "//testserver@evil.example",
    "http://testserver@evil.example",
    "http://testserver.evil.example",
    "http://evil.example#testserver",
    "//evil.example\\@testserver",
    "http://testserver:99/",
    "ftp://testserver/",
    "//[::1]/",
    "http://[",
    "//",
    "https://",
    "/%5cevil.example",
    "%2f%2fevil.example",
    "/%2f/evil.example",
    "/%09/evil.example",
    "\u2028//evil",
    "//evil\u3002example",
    "/\\/\\evil.example",
    "./\\evil.example",
    "?next=//evil.example",
]


@pytest.mark.parametrize("wanted", OFF_SITE, ids=ascii)
def test_nobody_is_led_to_another_site(world: World, wanted: str, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    client = Client()
    seen = [
        client.post("/theme/", {"theme": "dark", "next": wanted}).headers.get("Location", ""),
        sign_in(client, "owner", RIGHT, next=wanted),
        client.get("/accounts/login/", {"next": wanted}).headers.get("Location", ""),
        client.post("/accounts/logout/", {"next": wanted}).headers.get("Location", ""),
    ]
    for location in seen:
        # As a browser reads it: blanks and tabs dropped, backslashes turned.
        plain = re.sub(r"[\x00-\x20]", "", location).replace("\\", "/")
        assert not plain.startswith("//")
        assert not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", plain)
        assert not re.search(r"[\r\n]", location)


def test_a_path_of_our_own_is_followed(world: World) -> None:
    assert sign_in(Client(), "owner", RIGHT, next="/runs/?state=failed") == "/runs/?state=failed"


def test_company_accounts_get_no_password_by_mail(world: World) -> None:
    person = world.people["member"]
    person.set_unusable_password()
    person.save()
    answers = [
        Client().post("/accounts/password/reset/", {"email": f"{name}@example.com"})
        for name in ("member", "owner", "nobody")
    ]
    assert {answer["Location"] for answer in answers} == {"/accounts/password/reset/done/"}
    links = {m.to[0]: "/password/reset/key/" in m.body for m in mail.outbox}
    assert links["owner@example.com"]
    assert not links.get("member@example.com")


def test_nobody_names_an_address_as_theirs(world: World) -> None:
    client = world.client("stranger")
    for path in ("/accounts/email/", "/accounts/password/set/"):
        assert client.post(path, {"email": "boss@example.com", "action_add": ""}).status_code == 404
    assert not User.objects.filter(email="boss@example.com").exists()
