"""Every route with everybody: who gets in, who is sent to sign in, for whom it does not exist."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import transaction
from django.http import HttpResponse

from tests.security.rights import RIGHTS
from tests.security.routes import address, all_names
from tests.security.world import ACTORS, make_world

pytestmark = pytest.mark.django_db
PACKAGES = sorted({name.replace("_", ":").split(":")[0] for name in RIGHTS} - {"admin"})
ADMIN = sorted({name.rpartition("_")[0] for name in RIGHTS if name.startswith("admin:")})


def told(response: HttpResponse) -> str:
    """Return an answer's status, or where it sends people who have to sign in."""
    location = response.headers.get("Location", "")
    doors = {"/accounts/login/": "in", "/admin/login/": "door"}
    found = (word for start, word in doors.items() if location.startswith(start))
    return next(found, str(response.status_code))


def test_every_route_has_a_row() -> None:
    assert all_names() == sorted(RIGHTS)


@pytest.mark.parametrize(
    "names",
    [[n for n in RIGHTS if n.replace("_", ":").split(":")[0] == p] for p in PACKAGES]
    + [[n for n in RIGHTS if n.startswith("admin:") and n.rpartition("_")[0] == p] for p in ADMIN],
    ids=PACKAGES + [name or "admin" for name in ADMIN],
)
def test_everybody_gets_what_the_table_says(names: list[str]) -> None:
    world = make_world()
    clients = {actor: world.client(actor) for actor in ACTORS}
    wrong = []
    for name in names:
        url = address(name, world)
        for method, row in zip(("get", "post"), RIGHTS[name], strict=True):
            for actor, expected in zip(ACTORS, row.split(), strict=True):
                client = clients[actor]
                cookies = deepcopy(client.cookies)  # signing out is undone as well
                with transaction.atomic():
                    seen = told(getattr(client, method)(url))
                    transaction.set_rollback(True)
                client.cookies = cookies
                if seen != expected:
                    wrong.append(f"{method} {name} as {actor}: {seen}, not {expected}")
    assert not wrong
