"""No answer leaves without the headers that keep a browser from being used against people."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.urls import reverse
from pytest import MonkeyPatch

from apps.base.logs import LineFormatter, RefusalFilter
from apps.home import selfcheck
from tests.security.world import make_world

pytestmark = pytest.mark.django_db

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
REFUSED_HOST = {"HTTP_HOST": "elsewhere.example"}
ANSWERS = [
    ("/accounts/login/", 200, {}),
    ("/", 302, {}),
    ("/health/live", 200, {}),
    ("/health/ready", 200, {}),
    ("/nothing/here/", 404, {}),
    ("/runs", 301, {}),
    ("/", 400, REFUSED_HOST),
    ("/?q=%00", 400, {}),
    ("/static/nothing.css", 404, {}),
    ("/admin/", 302, {}),
]


@pytest.mark.parametrize(("path", "status", "extra"), ANSWERS, ids=str)
def test_every_answer_has_them(
    client: Client, path: str, status: int, extra: dict[str, str]
) -> None:
    response = client.get(path, **extra)  # type: ignore[arg-type]
    assert response.status_code == status
    assert response.headers.items() >= ALWAYS.items()
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_static_files_have_them_and_may_be_kept(client: Client) -> None:
    response = client.get("/static/css/tokens.css")
    assert response.status_code == 200
    assert response.headers.items() >= ALWAYS.items()
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "no-store" not in response["Cache-Control"]


def test_a_failure_of_ours_has_them_and_tells_nothing(monkeypatch: MonkeyPatch) -> None:
    def broken() -> bool:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(selfcheck, "is_ready", broken)
    response = Client(raise_request_exception=False).get("/health/ready")
    assert response.status_code == 500
    assert response.headers.items() >= ALWAYS.items()
    assert "default-src 'none'" in response["Content-Security-Policy"]
    page = response.content.decode()
    assert "swordfish" not in page
    assert "Traceback" not in page
    assert response["X-Request-ID"] in page


def test_files_of_runs_are_locked_away_from_our_pages() -> None:
    world = make_world()
    client = world.client("owner")
    for name, output in (("download", world.table), ("picture", world.picture)):
        response = client.get(reverse(f"results:{name}", args=[output.pk]))
        assert response.status_code == 200
        assert response.headers.items() >= ALWAYS.items()
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in response["Cache-Control"]


def test_a_request_without_its_token_is_refused_in_words(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"login": "alice", "password": "x"})
    assert response.status_code == 403
    assert response.headers.items() >= ALWAYS.items()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["session", "csrf"])
def test_cookies_are_out_of_scripts_reach(name: str) -> None:
    world = make_world()
    client = world.client("owner")
    client.logout()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "owner", "password": "right horse"})
    cookie = client.cookies[name]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_refused_request_leaves_one_line_in_the_log() -> None:
    odd = SuspiciousOperation("odd")
    refused = (type(odd), odd, None)
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Bad", (), refused)
    vars(record).update(status_code=400, request_id="-")
    RefusalFilter().filter(record)
    assert LineFormatter().format(record).count("\n") == 0
    handlers: Any = settings.LOGGING["handlers"]
    assert "refusal" in handlers["console"]["filters"]
