"""The pretend Gallery as one object: start it, call it over HTTP, look inside, make it misbehave.

with Emulator(Options(speed=1000), workflows) as gallery:
    client = connect(gallery.webapi_url, CURATOR.pair)
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from apps.emulator import furnishings
from apps.emulator.catalog import Published
from apps.emulator.exchange import Logged
from apps.emulator.faults import Faults
from apps.emulator.gallery import Gallery
from apps.emulator.jobs import Job
from apps.emulator.options import Options
from apps.emulator.server import Server
from apps.emulator.workflow import InterfaceTool, Workflow

_LOG_LENGTH = 200_000


class Emulator:
    """One pretend Gallery and its HTTP server.

    ``port`` 0 takes a free one, kept over a later ``start``. ``data`` is a folder in which jobs,
    outputs and uploaded files outlive the process; without it ``stop`` forgets them.
    """

    def __init__(
        self,
        options: Options | None = None,
        workflows: Iterable[Workflow] = (),
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        data: Path | None = None,
    ) -> None:
        self.options = options or Options()
        self.faults = Faults()
        self._workflows = tuple(workflows)
        self._host = host
        self._port = port
        self._data = data
        self._gallery: Gallery | None = None
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._past_jobs: list[Job] = []
        self._log: deque[Logged] = deque(maxlen=_LOG_LENGTH)

    def start(self) -> Self:
        """Listen and run; returns at once.

        Raises:
            OSError: the port is taken.
        """
        gallery = Gallery(self.options, self._workflows, self._data)
        furnishings.share(gallery.catalog)
        try:
            server = Server((self._host, self._port), gallery, self.faults, self._log)
        except OSError:
            gallery.close()
            raise
        if self._gallery is not None and self._data is None:
            self._past_jobs += self._gallery.ledger.everything()
        self._gallery, self._server, self._port = gallery, server, server.server_port
        gallery.queue.start()
        self._thread = threading.Thread(target=server.run, name="gallery", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Finish the answers under way and end; a job that runs is queued again in ``data``."""
        if self._server is None or self._gallery is None:
            return
        self._server.stop()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._gallery.close()
        self._server = None

    def restart(self) -> None:
        """Stop and start on the same port; tokens and, without ``data``, jobs are gone."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def gallery(self) -> Gallery:
        """The state behind the API, for tests that look inside."""
        if self._gallery is None:
            raise RuntimeError("the emulator has not been started")
        return self._gallery

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}"

    @property
    def gallery_url(self) -> str:
        return f"{self.url}/{_inner(self.options.gallery_path)}"

    @property
    def webapi_url(self) -> str:
        return f"{self.url}/{_inner(self.options.webapi_path)}"

    @property
    def jobs(self) -> list[Job]:
        """Every job ever created, oldest first, also those from before a restart or forgotten."""
        return self._past_jobs + self.gallery.ledger.everything()

    @property
    def requests(self) -> list[Logged]:
        """The log of requests, oldest first; control requests are left out."""
        return list(self._log)

    @property
    def workflows(self) -> list[Published]:
        return self.gallery.catalog.all()

    def workflow(self, name: str) -> Published:
        """Return a published workflow by identifier, slug or name."""
        return self.gallery.catalog.named(name)

    def workflow_id(self, name: str) -> str:
        return self.workflow(name).id

    def job(self, job: Job | str) -> Job:
        """Return a job of the ledger.

        Raises:
            LookupError: there never was one with this identifier.
        """
        if isinstance(job, Job):
            return job
        for found in self.jobs:
            if found.id == job:
                return found
        raise LookupError(f"no job {job!r}")

    def finish(self, job: Job | str | None = None, *, timeout: float = 30) -> Job:
        """Bring a job (default: the newest) to its end now, past the queue, and return it.

        Raises:
            LookupError: there is no such job.
            TimeoutError: its workflow does not come to an end.
        """
        if job is None and not self.jobs:
            raise LookupError("no job was ever created")
        found = self.jobs[-1] if job is None else self.job(job)
        if not self.gallery.queue.finish(found, timeout):
            raise TimeoutError(f"job {found.id} did not end in {timeout} s")
        return found

    def hold(self) -> None:
        """Keep every queued job queued until ``release``."""
        self.gallery.queue.hold()

    def release(self) -> None:
        self.gallery.queue.release()

    def publish(self, workflow: Workflow) -> Published:
        """Publish a workflow, or a further version of it."""
        return self.gallery.catalog.publish(workflow, at=self.gallery.now())

    def withdraw(self, name: str) -> None:
        """Delete a workflow: from now on nobody finds it."""
        self.gallery.catalog.withdraw(name)

    def change_questions(self, name: str, questions: Sequence[InterfaceTool]) -> Published:
        """Publish a version of a workflow (identifier, slug or name) that asks other questions."""
        return self.gallery.catalog.change_questions(name, questions, at=self.gallery.now())

    def forget_jobs(self) -> None:
        """Answer 404 for every job there is, as after a clean-up; the ledger keeps them."""
        self.gallery.forget_jobs()

    def expire_tokens(self) -> None:
        """Make every OAuth 2 token given out so far worthless."""
        self.gallery.tokens.expire_all()

    def set_latency(self, seconds: float) -> None:
        """Wait before every answer."""
        self.options.latency = seconds


def _inner(path: str) -> str:
    inner = path.strip("/")
    return f"{inner}/" if inner else ""
