"""What else stands in the Gallery: schedules, collections, user groups, connections, events.

Nothing can change it by the API; it follows from the people and the published workflows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.emulator import ids, people
from apps.emulator.catalog import Catalog, Published
from apps.emulator.people import Person


@dataclass(frozen=True)
class Schedule:
    id: str
    name: str
    published: Published
    owner: Person
    created: datetime
    next_run: datetime


@dataclass(frozen=True)
class Collection:
    id: str
    name: str
    owner: Person
    members: tuple[Person, ...]
    published: tuple[Published, ...]
    created: datetime


@dataclass(frozen=True)
class UserGroup:
    id: str
    name: str
    role: people.Role
    members: tuple[Person, ...]
    created: datetime


@dataclass(frozen=True)
class DataConnection:
    id: str
    name: str
    kind: str
    text: str


def schedules(catalog: Catalog, now: datetime) -> list[Schedule]:
    """Return a nightly schedule for every third workflow that asks nothing or has defaults."""
    tonight = (now + timedelta(days=1)).replace(hour=2, minute=0, second=0, microsecond=0)
    return [
        Schedule(
            id=ids.derived("objectid", "schedule", published.workflow.slug),
            name=f"{published.workflow.name}, nightly",
            published=published,
            owner=published.owner,
            created=published.created + timedelta(days=3),
            next_run=tonight + timedelta(minutes=10 * number),
        )
        for number, published in enumerate(catalog.all()[::3])
    ]


def collections(catalog: Catalog) -> list[Collection]:
    """Return the collection by which the planner reaches workflows tagged ``shared``."""
    shared = tuple(p for p in catalog.all() if people.PLANNER.id in p.shared_with)
    return [
        Collection(
            id=ids.derived("objectid", "collection", "month end"),
            name="Month end",
            owner=people.CURATOR,
            members=(people.PLANNER, people.ARTISAN),
            published=shared,
            created=ids.moment("collection", "month end"),
        )
    ]


def share(catalog: Catalog) -> None:
    """Put the workflows tagged ``shared`` into the collection."""
    for published in catalog.all():
        if "shared" in published.workflow.tags:
            published.shared_with |= {people.PLANNER.id, people.ARTISAN.id}


def user_groups() -> list[UserGroup]:
    return [
        UserGroup(
            id=ids.derived("objectid", "group", studio.name),
            name=f"{studio.name} analysts",
            role=people.Role.ARTISAN,
            members=tuple(p for p in people.PEOPLE if p.studio == studio and not p.is_curator),
            created=ids.moment("group", studio.name),
        )
        for studio in people.STUDIOS
    ]


def data_connections() -> list[DataConnection]:
    return [
        DataConnection(
            id=ids.derived("objectid", "connection", "warehouse"),
            name="Warehouse",
            kind="SQLServer",
            text="odbc:Driver={SQL Server};Server=warehouse.example;Database=Sales",
        )
    ]
