"""A pretend Gallery with tiny workflows, in the generations the portal must live with."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from apps.catalog.models import App
from apps.emulator.emulator import Emulator
from apps.emulator.options import Options
from apps.gallery.models import Connection
from tests.factories import make_app, make_connection
from tests.runs.driving import V2022_3, WORKFLOWS, Server, secrets_of, texts_of_rows


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    """Which Gallery it is: 2022.3 by v3, unless a test names another."""
    found = getattr(request, "param", V2022_3)
    assert isinstance(found, Server)
    return found


@pytest.fixture
def gallery(server: Server) -> Iterator[Emulator]:
    """A running Gallery that keeps jobs queued until a test finishes them."""
    with Emulator(Options(generation=server.generation), WORKFLOWS) as emulator:
        emulator.hold()
        yield emulator


@pytest.fixture
def connection(db: None, server: Server, gallery: Emulator) -> Connection:
    url = gallery.webapi_url if server.has_tokens else f"{gallery.gallery_url}api/"
    return make_connection(
        url,
        dialect=server.dialect,
        has_v3=server.has_v3,
        client_key=server.pair.key,
        secret=server.pair.secret,
    )


@pytest.fixture
def app(connection: Connection, gallery: Emulator) -> App:
    """The quick workflow, exposed."""
    return make_app(connection, workflow_id=gallery.workflow_id("quick"))


@pytest.fixture(autouse=True)
def _no_secret_is_told(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """After every test with a Gallery: no secret in the log, nor in what the runs keep."""
    if "connection" not in request.fixturenames:
        yield
        return
    caplog.set_level(logging.DEBUG)
    layout = logging.Formatter()  # with tracebacks, as a handler would write them
    connection: Connection = request.getfixturevalue("connection")
    yield
    logged = [f"{layout.format(record)} {vars(record)}" for record in caplog.get_records("call")]
    told = "\n".join([*logged, *texts_of_rows()])
    assert not [secret for secret in secrets_of(connection) if secret in told]
