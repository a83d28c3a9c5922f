"""A pretend Gallery to expose apps of, and the cast signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.emulator.emulator import Emulator
from apps.emulator.options import Options
from apps.emulator.people import ARTISAN
from apps.emulator.workflow import InterfaceTool, Item, JobContext, Kind, PackageType, Workflow
from apps.gallery.models import Connection
from tests.factories import make_connection

SignedIn: TypeAlias = Callable[[User], Client]

REGION = InterfaceTool(
    "Region",
    Kind.LIST_BOX,
    "Which region?",
    default="E",
    items=(Item("East", "E"), Item("West", "W")),
    multiple=False,
)
LIMIT = InterfaceTool("Limit (2)", Kind.NUMERIC_UP_DOWN, "How many rows?", default="10")
AREA = InterfaceTool("Area", Kind.TREE, "Which area?")


def _nothing(job: JobContext) -> None:
    job.message("Done.")


def workflow(slug: str, *questions: InterfaceTool, **facts: object) -> Workflow:
    values = {"name": slug, "description": f"What {slug} is for.", **facts}
    return Workflow(slug=slug, run=_nothing, questions=questions, **values)  # type: ignore[arg-type]


SALES = workflow("SALES_EXTRACT_v2.yxwz", REGION, LIMIT, AREA)
PLAIN = workflow("Data quality scan", package_type=PackageType.MODULE)
CHAINED = workflow("Two steps", REGION, is_chained=True)
SWITCHED_OFF = workflow("Old report", run_disabled=True)
TWINS = workflow("Twins", LIMIT, LIMIT)


@pytest.fixture
def gallery() -> Iterator[Emulator]:
    workflows = (SALES, PLAIN, CHAINED, SWITCHED_OFF, TWINS)
    with Emulator(Options(speed=1000), workflows) as emulator:
        yield emulator


@pytest.fixture
def connection(gallery: Emulator, db: None) -> Connection:
    pair = ARTISAN.pair
    return make_connection(gallery.webapi_url, client_key=pair.key, secret=pair.secret)


@pytest.fixture
def signed_in() -> SignedIn:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
