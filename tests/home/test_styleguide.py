"""The style page is for staff, and draws every component."""

from __future__ import annotations

import re

from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.factories import make_user

# Drawn by base.html or by a tag, or used by one page only.
ELSEWHERE = {"crumb", "state"}


def test_staff_see_every_component(client: Client, db: None) -> None:
    client.force_login(make_user("dora", staff=True))
    page = client.get(reverse("home:styleguide"))
    assert page.status_code == 200
    drawn = {template.name for template in page.templates}
    components = (settings.BASE_DIR / "templates/components").glob("*.html")
    missing = {file.stem for file in components if f"components/{file.name}" not in drawn}
    assert missing <= ELSEWHERE | {"messages"}


def test_others_do_not_find_it(client: Client, alice: User, bob: User, charlie: User) -> None:
    for user in (alice, bob, charlie):
        client.force_login(user)
        assert client.get(reverse("home:styleguide")).status_code == 404


def test_no_id_stands_twice_on_a_page(client: Client, db: None) -> None:
    client.force_login(make_user("dora", staff=True))
    html = client.get(reverse("home:styleguide")).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
