"""What changes something needs a token; what only looks changes nothing."""

from __future__ import annotations

import hashlib

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse

from tests.security.routes import address, all_names
from tests.security.world import make_world

pytestmark = pytest.mark.django_db

# What looking may leave behind: the session of a visitor, what limits and heartbeats count, and
# the record of who took a file.
TRACES = {"django_session", "portal_cache", "audit_auditevent"}


def tables() -> dict[str, str]:
    """Return a checksum over the rows of every table that looking must not touch."""
    sums = {}
    names = [m._meta.db_table for m in apps.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        for name in set(names) - TRACES:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            sums[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return sums


def test_looking_at_every_page_changes_no_table() -> None:
    world = make_world()
    clients = [world.client("superuser"), world.client("administrator"), world.client("owner")]
    before = tables()
    for name in all_names():
        for client in clients:
            client.get(address(name, world))
            client.head(address(name, world))
    assert tables() == before


def test_every_route_refuses_a_post_without_its_token() -> None:
    world = make_world()
    client = world.client("superuser", enforce_csrf=True)
    before = tables()
    taken = []
    for name in all_names():
        with transaction.atomic():
            status = client.post(address(name, world), {"name": "x"}).status_code
        if status not in {403, 404, 405}:
            taken.append((name, status))
    assert not taken
    assert tables() == before


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://testserver.evil"])
def test_a_foreign_page_cannot_post_even_with_a_token(origin: str) -> None:
    world = make_world()
    client = world.client("owner", enforce_csrf=True)
    client.get("/")
    token = client.cookies["csrf"].value
    url = reverse("runs:cancel", args=[world.run.pk])
    post = {"csrfmiddlewaretoken": token}
    assert client.post(url, post, headers={"Origin": origin}).status_code == 403
    assert client.post(url, post, headers={"Origin": "http://testserver"}).status_code == 302
