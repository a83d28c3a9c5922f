"""Whatever a request holds, the answer is a page of ours: never a failure, never a change."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.catalog.models import App
from apps.runs.models import Run
from tests.security.routes import address
from tests.security.world import World, make_world

pytestmark = pytest.mark.django_db

PAGES = [
    "catalog:list", "runs:list", "runs:new", "runs:detail", "results:table", "home:status",
    "manage_apps:list", "manage_apps:expose", "people:list", "connections:detail", "account_login",
    "admin:accounts_user_changelist", "admin:audit_auditevent_changelist",
]  # fmt: skip
PARAMETERS = [
    "q", "category", "view", "page", "before", "after", "state", "app", "who", "from", "seen",
    "next", "p", "o", "e", "at__year", "actor__password__startswith",
]  # fmt: skip
VALUES = [
    "", "\U0001f4a9", "x" * 3000, "9" * 5000, "-1", "0", "1e9", "\u0663", "NaN", "\r\nA: b",
    "../../x", "{{7*7}}", "%(x)s", "<script>alert(1)</script>", "' OR 1=1 --", "\u202e",
    str(uuid.UUID(int=0)),
]  # fmt: skip
NAUGHTY = [
    b"a%00b", b"%ED%A0%80", b"%FF%FE", b"%F0%9F%92%A9", b"x" * 60_000, b"9" * 5000, b"%E2%80%AE",
]  # fmt: skip
FORMS = {
    "account_login": ("login", "password", "next"),
    "account_reset_password": ("email",),
    "account_change_password": ("oldpassword", "password1", "password2"),
    "home:theme": ("theme", "next"),
    "catalog:star": ("q", "category"),
    "people:list": ("name",),
    "people:group": ("person",),
    "connections:new": ("name", "url", "client_key", "secret"),
    "connections:edit": ("name", "url", "client_key", "secret"),
    "manage_apps:detail": ("title", "summary", "instructions", "category", "icon", "contact"),
    "manage_apps:who": ("new_group", "groups", "for_everyone"),
    "manage_apps:questions": ("q0-label", "q0-help_text"),
    "runs:new": ("form_token", "q0", "q1", "q2", "q3"),
    "runs:decide": ("choice",),
    "admin:accounts_user_add": ("username", "password1", "password2"),
}


@pytest.fixture
def world() -> World:
    return make_world()


def say(world: World, name: str, body: bytes) -> int:
    content_type = "application/x-www-form-urlencoded"
    client = Client() if name.startswith("account_log") else world.client("superuser")
    client.raise_request_exception = False
    return client.post(address(name, world), body, content_type=content_type).status_code


@pytest.mark.parametrize("page", PAGES)
def test_odd_parameters_are_no_failure(world: World, page: str) -> None:
    client = Client() if page == "account_login" else world.client("superuser")
    url = address(page, world)
    for value in VALUES:
        response = client.get(url, {name: [value, "second"] for name in PARAMETERS})
        assert response.status_code < 500, value[:20]
        assert b"<script>alert" not in response.content
    assert client.get(f"{url}?q=%00").status_code == 400
    assert client.get(f"{url}?{'a=b&' * 3000}").status_code < 500


@pytest.mark.parametrize("name", FORMS)
def test_odd_fields_are_no_failure(world: World, name: str) -> None:
    for value in NAUGHTY:
        body = b"&".join(field.encode() + b"=" + value for field in FORMS[name])
        assert say(world, name, body) < 500, value[:12]


@pytest.mark.parametrize("cookie", ["session", "csrf", "theme", "catalogue_view", "messages"])
@pytest.mark.parametrize("value", ['"aaaaaaaaaaaa\\000bbb"', "x" * 4000, '"\\377\\376"', ""])
def test_odd_cookies_are_no_failure(world: World, cookie: str, value: str) -> None:
    response = Client().get("/runs/", headers={"Cookie": f"{cookie}={value}"})
    assert response.status_code in {302, 400}


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/apps/%00/",
        "/manage/people/99999999999999999999999/",
        "/manage/people/0/",
        "/%ff",
        "/runs/00000000-0000-0000-0000-000000000000/",
        "/admin/accounts/user/x/change/",
        "/runs/x/",
        "/admin/r/x/y/",
        "/accounts/password/reset/key/1-%F0%9F/",
        "/\\e",
    ],
)
def test_odd_addresses_are_not_found(world: World, path: str) -> None:
    response = world.client("superuser").generic("GET", path)
    assert response.status_code in {302, 400, 404} or b"reset" in response.content


def test_bodies_beyond_every_form_are_refused_in_words(world: World, settings: Settings) -> None:
    client, url = world.client("owner"), reverse("home:theme")
    many = client.post(url, {f"f{number}": "x" for number in range(2001)})
    large = client.post(url, {"theme": "x" * 3_000_000})
    for response in (many, large):
        assert response.status_code == 413
        assert "larger than this page takes" in response.content.decode()
    assert client.get("/").status_code == 200


def test_a_stranger_fills_no_disk(world: World, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    settings.MAX_UPLOAD_BYTES = 20_000
    big = {"theme": "dark", "f": SimpleUploadedFile("a.csv", b"x" * 15_000)}
    assert Client().post("/theme/", big).status_code == 413
    big["f"] = SimpleUploadedFile("a.csv", b"x" * 15_000)
    assert world.client("owner").post("/theme/", big).status_code == 302
    huge = {"theme": "dark", "f": SimpleUploadedFile("a.csv", b"x" * 400_000)}
    assert world.client("owner").post("/theme/", huge).status_code == 413


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "text/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "",
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data; boundary=a; charset=x",
    ],
)
def test_bodies_of_other_kinds_start_nothing(world: World, content_type: str) -> None:
    client = world.client("owner")
    response = client.generic("POST", world.app.get_absolute_url(), '{"q0": "East"}', content_type)
    assert response.status_code in {400, 422}
    assert Run.objects.count() == 1


def test_fields_nobody_asked_for_change_nothing(world: World) -> None:
    facts = {
        "is_staff": "on",
        "is_superuser": "on",
        "owner": "x",
        "state": "SUCCEEDED",
        "user": "x",
    }
    page = world.client("member").get(world.app.get_absolute_url()).content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    answers = {"q0": "East", "form_token": token[1]}
    world.client("member").post(world.app.get_absolute_url(), facts | answers)
    run = Run.objects.exclude(pk=world.run.pk).get()
    assert (run.user, run.state) == (world.people["member"], "NEW")
    assert not User.objects.get(username="member").is_staff


def test_a_form_token_is_good_for_its_person_and_app_alone(world: World) -> None:
    page = world.client("member").get(world.app.get_absolute_url()).content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    for given in (token[1], "", "x" * 5000, "\0", token[1][:-1]):
        post = {"q0": "East", "form_token": given}
        assert world.client("owner").post(world.app.get_absolute_url(), post).status_code == 422
    assert Run.objects.count() == 1


def test_a_withdrawn_app_takes_no_answers(world: World) -> None:
    App.objects.update(is_live=False)
    assert (
        world.client("owner").post(world.app.get_absolute_url(), {"q0": "East"}).status_code == 404
    )
