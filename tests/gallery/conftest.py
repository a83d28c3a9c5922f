"""A pretend Gallery with three small workflows, and connections to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from apps.emulator.emulator import Emulator
from apps.emulator.options import Generation, Options
from apps.emulator.people import ARTISAN, FINANCE, KeyPair
from apps.emulator.workflow import InterfaceTool, Item, JobContext, Kind, Severity, Workflow
from apps.gallery.errors import GalleryError
from apps.gallery.models import Connection
from apps.gallery.types import Answer, Dialect, Job
from apps.gallery.wire.exchange import Patience
from tests.factories import make_connection
from tests.gallery.odd import client_at
from tests.gallery.servers import Talk, says, serve

Connect: TypeAlias = Callable[..., Connection]
Start: TypeAlias = Callable[..., Emulator]


def _echo(job: JobContext) -> None:
    """Write every answer into a file, so that a test can see what arrived."""
    lines = [f"{name}={job.answers[name]}" for name in sorted(job.answers)]
    path = job.folder / "answers.csv"
    path.write_text("answer\n" + "\n".join(lines) + "\n", encoding="utf-8")
    job.message("All done.")
    job.output("answers.csv", {"Raw": path, "Csv": path})


def _fail(job: JobContext) -> None:
    job.message("The sheet has no column Region.", Severity.ERROR, 12)


ECHO = Workflow(
    slug="echo",
    name="Echo",
    description="Says what it was told.",
    run=_echo,
    questions=(
        InterfaceTool("Customer (1)", Kind.TEXT_BOX, "Which customer?", default="ACME"),
        InterfaceTool(
            "Region",
            Kind.LIST_BOX,
            "Which region?",
            items=(Item("North side", "N"), Item("South side", "S")),
            multiple=False,
        ),
        InterfaceTool(
            "Products",
            Kind.LIST_BOX,
            "Which products?",
            items=(Item("Tea", "T"), Item("Coffee", "C"), Item("Cocoa", "K")),
            multiple=True,
        ),
        InterfaceTool("Since", Kind.DATE, "Since when?"),
        InterfaceTool("With returns", Kind.BOOLEAN_GROUP, "Include returns?", default="False"),
    ),
)
FAILING = Workflow(slug="failing", name="Failing", description="", run=_fail)
FOREIGN = Workflow(slug="foreign", name="Foreign", description="", run=_echo, studio="Operations")
WORKFLOWS = (ECHO, FAILING, FOREIGN)


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a pretend Gallery; all are stopped at the end."""
    running: list[Emulator] = []

    def begin(generation: Generation = Generation.V2025, **options: object) -> Emulator:
        options.setdefault("speed", 1000.0)
        emulator = Emulator(Options(generation=generation, **options), WORKFLOWS)  # type: ignore[arg-type]
        running.append(emulator.start())
        return emulator

    yield begin
    for emulator in running:
        emulator.stop()


@pytest.fixture
def gallery(start: Start) -> Emulator:
    """The newest generation, which speaks OAuth 2 and v3."""
    return start()


@pytest.fixture
def connect(db: None) -> Connect:
    """Return a function that makes a row as detection would have left it."""

    def make(emulator: Emulator, pair: KeyPair | None = None, **facts: object) -> Connection:
        generation = emulator.options.generation
        is_web = facts.pop("is_web", generation.has_web_api)
        pair = pair or (ARTISAN.pair if is_web else FINANCE.pair)
        api_url = emulator.webapi_url if is_web else f"{emulator.gallery_url}api"
        values: dict[str, object] = {
            "api_url": api_url.rstrip("/"),
            "dialect": Dialect.OAUTH2 if is_web else Dialect.OAUTH1,
            "has_v3": bool(is_web and generation.is_from(Generation.V2022_3)),
            "client_key": pair.key,
            "secret": pair.secret,
        }
        made = make_connection(emulator.gallery_url.rstrip("/"), **(values | facts))
        return Connection.objects.get(pk=made.pk)

    return make


@pytest.fixture
def ask() -> Callable[..., object]:
    """Return a function that submits to a server of the given talk: the error, or the job."""

    def submit(talk: Talk | bytes, patience: Patience | None = None) -> object:
        with serve(says(talk) if isinstance(talk, bytes) else talk) as port:
            try:
                return client_at(port, patience).submit("w", [])
            except GalleryError as error:
                return error

    return submit


FACES = [
    (Generation.V2021_3, False),
    (Generation.V2021_4, False),
    (Generation.V2021_4, True),
    (Generation.V2022_1, True),
    (Generation.V2022_3, True),
    (Generation.V2025, True),
]


@pytest.fixture(params=FACES, ids=lambda face: f"{face[0]}-{'oauth2' if face[1] else 'oauth1'}")
def face(
    request: pytest.FixtureRequest, start: Start, connect: Connect
) -> Iterator[tuple[Emulator, Connection]]:
    generation, is_web = request.param
    emulator = start(generation)
    yield emulator, connect(emulator, is_web=is_web)


def run_echo(emulator: Emulator, connection: Connection) -> Job:
    client = connection.client()
    client.prepare()
    nonce, timestamp = client.new_nonce()
    job = client.submit(
        emulator.workflow_id("echo"),
        [Answer("Customer (1)", "Ärger & Söhne, 100 % +1"), Answer("Region", "S")],
        nonce=nonce,
        timestamp=timestamp,
    )
    emulator.finish(job.id)
    return client.job(job.id)
