"""Sows the demo: people, groups, a connection to the pretend Gallery and its apps.

Done at every start; what is there already, and what people changed since, stays as it is.
"""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group
from django.db import transaction

from apps.accounts.models import User
from apps.catalog.errors import CatalogError
from apps.catalog.models import App
from apps.catalog.services import expose
from apps.emulator import people
from apps.emulator.workflows import ALL
from apps.gallery import services as gallery
from apps.gallery.client import GalleryClient
from apps.gallery.errors import GalleryError
from apps.gallery.models import Connection
from apps.gallery.types import Workflow
from apps.home.demo.cast import ANNA, CAST, GROUPS, Person
from apps.home.demo.environment import Demo
from apps.home.demo.refusal import Refusal
from apps.home.demo.showcase import TILES, Tile

CONNECTION = "Company Gallery"
# The classic API: its keys belong to a studio. From 2021.4 on keys belong to a person.
STUDIO_KEYS = {"2021.3"}


def sow(demo: Demo) -> list[str]:
    """Make what is missing; return what could not be made, in words.

    Raises:
        Refusal: the database is not a demo's. Passwords everybody knows have no place there.
    """
    anna = _cast()
    connection = _connection(demo, anna)
    return _apps(connection, anna)


@transaction.atomic
def _cast() -> User:
    names = [person.username for person in CAST]
    present = set(User.objects.values_list("username", flat=True))
    if present - set(names) and ANNA.username not in present:
        raise Refusal(
            "The database that PORTAL_DATABASE_URL names already holds other people. The demo "
            "would let everybody in who knows its passwords, so it does not start there."
        )
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in GROUPS}
    for person in CAST:
        if person.username not in present:
            user = User.objects.create(
                username=person.username,
                first_name=person.first_name,
                last_name=person.last_name,
                email=f"{person.username}@demo.example",
                is_staff=person.is_staff,
                is_superuser=person.is_staff,
                password=_hashed(person),
            )
            user.groups.set(groups[name] for name in person.groups)
    return User.objects.get(username=ANNA.username)


def _hashed(person: Person) -> str:
    """Return a quickly made hash; the first sign-in replaces it by one of full strength."""
    hasher = PBKDF2PasswordHasher()
    return hasher.encode(person.password, hasher.salt(), iterations=1_000)


def _connection(demo: Demo, anna: User) -> Connection:
    pair = people.CURATOR.pair
    if demo.options.generation in STUDIO_KEYS:
        pair = people.FINANCE.pair
    url = f"{demo.gallery_url}/gallery"
    row = Connection.objects.filter(name=CONNECTION).first()
    if row is None:
        row = gallery.create_connection(
            name=CONNECTION, url=url, key=pair.key, secret=pair.secret, actor=anna
        )
    elif (row.url, row.client_key) != (url, pair.key) and row.url.startswith("http://127.0.0.1"):
        # The Gallery's port was taken by another program, or it speaks another generation now.
        gallery.change_connection(
            row, name=row.name, url=url, key=pair.key, secret=pair.secret, actor=anna
        )
    if not row.is_healthy:
        gallery.check_connection(row)
    return row


def _apps(connection: Connection, anna: User) -> list[str]:
    exposed = set(App.objects.filter(connection=connection).values_list("workflow_id", flat=True))
    tiles = {workflow.name: TILES.get(workflow.slug, Tile()) for workflow in ALL}
    client, troubles = connection.client(), []
    try:
        for workflow in client.workflows():
            if workflow.id not in exposed and workflow.name in tiles:
                try:
                    _expose(connection, workflow, tiles[workflow.name], anna, client)
                except CatalogError as error:
                    troubles.append(f"“{workflow.name}” is not exposed: {error}")
    except GalleryError as error:
        troubles.append(f"Not every app could be exposed: {error}")
    return troubles


def _expose(
    connection: Connection, workflow: Workflow, tile: Tile, anna: User, client: GalleryClient
) -> None:
    expose(
        connection=connection,
        workflow_id=workflow.id,
        title=workflow.name,
        summary=workflow.description,
        category=tile.category,
        icon=tile.icon,
        groups=Group.objects.filter(name__in=tile.groups),
        for_everyone=not tile.groups,
        actor=anna,
        client=client,
    )
