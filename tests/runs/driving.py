"""Taking runs through their lives by hand: workflows, Galleries, time, and dying workers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now

from apps.emulator.emulator import Emulator
from apps.emulator.exchange import Logged
from apps.emulator.faults import Action
from apps.emulator.options import Generation
from apps.emulator.people import ARTISAN, CURATOR, FINANCE, KeyPair
from apps.emulator.workflow import InterfaceTool, JobContext, Kind, Severity, Workflow
from apps.gallery.models import Connection
from apps.gallery.types import Dialect
from apps.runs import lifecycle
from apps.runs.models import Run

# What faults are aimed at, in every dialect.
SUBMIT = r"POST .*/jobs/?$"
LIST = r"GET .*/workflows/[^/]+/jobs/?$"
JOB = r"GET .*/v\d/jobs/[^/]+/?$"
DOWNLOAD = r"GET .*/output/"
UPLOAD = r"POST .*/inputfiles/?$"
TOKEN = r"POST .*/oauth2/token$"


@dataclass(frozen=True)
class Server:
    """One generation, spoken to in one way with one kind of key."""

    generation: Generation
    dialect: Dialect
    pair: KeyPair
    has_v3: bool = False

    def __str__(self) -> str:
        return f"{self.generation}-{self.dialect}"

    @property
    def has_tokens(self) -> bool:
        return self.dialect == Dialect.OAUTH2


V2021_3 = Server(Generation.V2021_3, Dialect.OAUTH1, FINANCE.pair)
V2022_1 = Server(Generation.V2022_1, Dialect.OAUTH2, ARTISAN.pair)
V2022_3 = Server(Generation.V2022_3, Dialect.OAUTH2, ARTISAN.pair, has_v3=True)
V2025 = Server(Generation.V2025, Dialect.OAUTH2, CURATOR.pair, has_v3=True)


def on(*servers: Server) -> pytest.MarkDecorator:
    """Run a test once for each of these Galleries."""
    return pytest.mark.parametrize("server", servers, indirect=True, ids=str)


def by_name(actions: dict[str, Action]) -> pytest.MarkDecorator:
    """Run a test once with each of these faults as ``action``."""
    return pytest.mark.parametrize("action", list(actions.values()), ids=list(actions))


every_dialect = on(V2021_3, V2022_1, V2022_3)
with_tokens = on(V2022_1, V2022_3)


def _quick(context: JobContext) -> None:
    rows = "".join(f"{number},{context.answers['Region']}\n" for number in range(20_000))
    raw, csv = context.folder / "table.json", context.folder / "table.csv"
    raw.write_text('{"rows": 20000}', encoding="utf-8")
    csv.write_text(f"number,region\n{rows}", encoding="utf-8")
    context.message("Wrote 20000 rows.", tool_id=7)
    context.output("table.json", {"Raw": raw, "Csv": csv})


def _failing(context: JobContext) -> None:
    context.message("The month is not closed.", Severity.WARNING, tool_id=3)
    context.message("Must specify a bucket.", Severity.ERROR, tool_id=694)


def _silent(context: JobContext) -> None:
    context.message("Refreshed the cache.")


def _slow(context: JobContext) -> None:
    context.message("Begun.")
    context.pause(3600)
    context.message("Done.")


def _reader(context: JobContext) -> None:
    copy = context.folder / "copy.bin"
    copy.write_bytes(context.input_file(context.answers["File"]).read_bytes())
    context.output("copy.bin", {"Raw": copy})


REGION = InterfaceTool("Region", Kind.TEXT_BOX, default="East")
FILE = InterfaceTool("File", Kind.FILE_BROWSE)
WORKFLOWS = (
    Workflow("quick", "Quick", "Writes a table", _quick, (REGION,)),
    Workflow("failing", "Failing", "Ends in error", _failing),
    Workflow("silent", "Silent", "Writes nothing", _silent),
    Workflow("slow", "Slow", "Takes an hour", _slow),
    Workflow("reader", "Reader", "Copies a file", _reader, (FILE,)),
)


def advance(run: Run) -> Run:
    """Let a worker take a run one look further, as if its time had come, and return it anew."""
    Run.objects.live().filter(pk=run.pk).update(due_at=Now() - timedelta(seconds=1))
    lifecycle.advance_one(run.pk)
    return Run.objects.get(pk=run.pk)


def submitted(run: Run) -> Run:
    """Send a run that is expected to be taken."""
    run = advance(run)
    assert run.state == "QUEUED", (run.state, run.notice, run.error, run.detail)
    return run


def later(run: Run, **passed: float) -> None:
    """Move what a run remembers of the clock into the past."""
    span = timedelta(**passed)
    columns = ("sent_at", "lease_until", "finished_at")
    Run.objects.filter(pk=run.pk).update(**{name: F(name) - span for name in columns})


def settle(run: Run) -> Run:
    """Let the time go by in which a lost submission may still take effect, and look."""
    later(run, minutes=16)
    return advance(run)


def end_pause(connection: Connection) -> None:
    """Let the breaker's pause go by."""
    Connection.objects.filter(pk=connection.pk).update(paused_until=Now() - timedelta(seconds=1))


def submissions(gallery: Emulator) -> list[Logged]:
    """Every POST of a job that reached the Gallery, with or without effect."""
    return [r for r in gallery.requests if r.method == "POST" and "/jobs" in r.path]


def wait_until(is_so: Callable[[], bool]) -> None:
    """Give the Gallery's own threads up to five seconds."""
    for _ in range(250):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to pass")


class WorkerDied(BaseException):
    """Stands for a process that is killed: nothing in the portal catches it."""


@contextmanager
def dies(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, *, after: bool = False
) -> Iterator[None]:
    """Kill the worker where it calls ``owner.name``, or just after that has done its work."""
    real = getattr(owner, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if after:
            real(*args, **kwargs)
        raise WorkerDied

    with monkeypatch.context() as patch, pytest.raises(WorkerDied):
        patch.setattr(owner, name, deadly)
        yield


def secrets_of(connection: Connection) -> list[str]:
    """What must not be told: the secret, and the token if there is one."""
    now = Connection.objects.get(pk=connection.pk)
    return [text for text in (now.secret_in_clear, now.token_in_clear) if text]


def texts_of_rows() -> Iterator[str]:
    """Every text a run or connection keeps for people to read."""
    for run in Run.objects.all():
        yield from (run.error, run.detail, run.notice)
        yield from run.events.values_list("note", flat=True)
    yield from Connection.objects.values_list("last_error", flat=True)
