from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.emulator.emulator import Emulator
from apps.emulator.people import ARTISAN
from apps.gallery.models import Connection
from tests.factories import make_app, make_connection
from tests.gallery.servers import closed_port

pytestmark = pytest.mark.django_db

SECRET = "s3cret-of-the-test"


@pytest.fixture
def page(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def filled(url: str, **facts: str) -> dict[str, str]:
    return {"name": "Main", "url": url, "client_key": "KEY", "secret": SECRET} | facts


def addresses(connection: Connection) -> list[tuple[str, str]]:
    own = [("get", "detail"), ("post", "check"), ("get", "edit"), ("get", "delete")]
    found = [(method, reverse(f"connections:{name}", args=[connection.pk])) for method, name in own]
    return [*found, ("get", reverse("connections:list")), ("get", reverse("connections:new"))]


def test_for_everyone_but_administrators_the_pages_do_not_exist(
    client: Client, alice: User
) -> None:
    connection = make_connection()
    for method, url in addresses(connection):
        assert getattr(client, method)(url).status_code == 302
    client.force_login(alice)
    for method, url in addresses(connection):
        assert getattr(client, method)(url).status_code == 404
    assert not AuditEvent.objects.exists()


def test_an_empty_list_says_what_to_do(page: Client) -> None:
    assert "No Gallery is connected yet" in page.get(reverse("connections:list")).content.decode()


def test_the_list_shows_health_and_apps(page: Client) -> None:
    make_app(make_connection(name="Good", is_healthy=True))
    make_connection(name="Bad", is_healthy=False)
    text = page.get(reverse("connections:list")).content.decode()
    for words in ("Good", "Bad", "Works", "Needs attention", "1 app", "0 apps"):
        assert words in text


def test_adding_a_connection_examines_it_and_shows_the_ladder(
    page: Client, gallery: Emulator
) -> None:
    data = filled(gallery.url, client_key=ARTISAN.pair.key, secret=f" {ARTISAN.pair.secret} ")
    answer = page.post(reverse("connections:new"), data, follow=True)
    connection = Connection.objects.get()
    assert connection.is_healthy
    text = answer.content.decode()
    for words in ("The connection works", "A blank at the end", "Questions", "OAuth 2.0"):
        assert words in text
    assert ARTISAN.pair.secret not in text
    assert ARTISAN.pair.key not in text
    assert "Secret set" in text


def test_a_connection_that_does_not_work_is_saved_all_the_same(page: Client) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    answer = page.post(reverse("connections:new"), filled(url), follow=True)
    text = answer.content.decode()
    assert Connection.objects.get().is_healthy is False
    assert "Saved, but the connection does not work yet" in text
    assert "nothing listens" in text
    assert SECRET not in text


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"url": "ftp://h"}, "Only web addresses"),
        ({"url": "http://169.254.169.254"}, "special addresses"),
        ({"name": "taken"}, "of this name already"),
        ({"name": ""}, "required"),
        ({"client_key": "  "}, "Enter the key"),
        ({"secret": "   "}, "Enter the secret"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed_but_the_secret(
    facts: dict[str, str], words: str, page: Client
) -> None:
    make_connection(name="Taken")
    data = filled("http://127.0.0.1:9/typed") | facts
    answer = page.post(reverse("connections:new"), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert SECRET not in text
    assert data["url"] in text
    assert Connection.objects.count() == 1


def test_names_from_templates_stay_text(page: Client) -> None:
    make_connection(name="{{ settings.SECRET_KEY }}<script>")
    text = page.get(reverse("connections:list")).content.decode()
    assert "{{ settings.SECRET_KEY }}&lt;script&gt;" in text


def test_changing_without_a_secret_keeps_the_stored_one(page: Client, gallery: Emulator) -> None:
    connection = make_connection(
        gallery.url, client_key=ARTISAN.pair.key, secret=ARTISAN.pair.secret
    )
    url = reverse("connections:edit", args=[connection.pk])
    assert ARTISAN.pair.secret not in page.get(url).content.decode()
    data = filled(f"{gallery.url}/webapi", client_key=ARTISAN.pair.key, secret="")
    assert page.post(url, data).status_code == 302
    connection.refresh_from_db()
    assert connection.name == "Main"
    assert connection.is_healthy


def test_another_machine_asks_for_the_secret_again(page: Client) -> None:
    connection = make_connection(name="Main")
    data = filled(f"http://127.0.0.1:{closed_port()}", secret="")
    answer = page.post(reverse("connections:edit", args=[connection.pk]), data)
    assert answer.status_code == 422
    assert "enter its secret again" in answer.content.decode()


def test_checking_again_stores_a_new_report(page: Client, gallery: Emulator) -> None:
    connection = make_connection(
        gallery.url, client_key=ARTISAN.pair.key, secret=ARTISAN.pair.secret
    )
    url = reverse("connections:check", args=[connection.pk])
    assert page.get(url).status_code == 405
    assert page.post(url).status_code == 302
    connection.refresh_from_db()
    assert connection.is_healthy
    assert AuditEvent.objects.filter(verb="connection.checked").count() == 1


def test_a_connection_nothing_uses_is_deleted_after_asking(page: Client) -> None:
    connection = make_connection()
    url = reverse("connections:delete", args=[connection.pk])
    assert "Delete" in page.get(url).content.decode()
    assert page.post(url, follow=True).status_code == 200
    assert not Connection.objects.exists()


def test_a_connection_an_app_uses_stays(page: Client) -> None:
    connection = make_connection()
    make_app(connection)
    url = reverse("connections:delete", args=[connection.pk])
    assert "cannot be deleted" in page.get(url).content.decode()
    text = page.post(url, follow=True).content.decode()
    assert "It is in use" in text
    assert Connection.objects.exists()
