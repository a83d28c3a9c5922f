"""The state of one pretend Gallery, apart from HTTP."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apps.emulator import ids, people
from apps.emulator.catalog import Catalog, Published
from apps.emulator.job_queue import JobQueue
from apps.emulator.jobs import Answer, Job, Ledger
from apps.emulator.oauth2 import Tokens
from apps.emulator.options import Options
from apps.emulator.people import KeyPair, PairKind, Person, Studio
from apps.emulator.store import Store
from apps.emulator.wire import Priority
from apps.emulator.workflow import Workflow


class Gallery:
    """Workflows, people, jobs and files; ``folder`` None forgets everything at the end."""

    def __init__(
        self, options: Options, workflows: Iterable[Workflow], folder: Path | None = None
    ) -> None:
        self.options = options
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="emulator-")
        self.store = Store(folder or Path(self._temporary.name if self._temporary else ""))
        self.catalog = Catalog(workflows, options.id_style)
        self.tokens = Tokens()
        self.ledger = Ledger(self.store.jobs())
        self.queue = JobQueue(
            options=options,
            now=self.now,
            save=self.store.save,
            find_workflow=self._workflow_of,
            find_input=self.store.input_file,
        )
        self._take_up()

    def now(self) -> datetime:
        """Return the time by the Gallery's clock, which may be wrong."""
        return datetime.now(UTC) + timedelta(seconds=self.options.clock_skew)

    def close(self) -> None:
        self.queue.stop()
        self.store.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def studios(self) -> list[Studio]:
        """Return the studios people have and those workflows stand in."""
        of_workflows = [published.studio for published in self.catalog.all()]
        return list(dict.fromkeys([*people.STUDIOS, *of_workflows]))

    def find_pair(self, key: str) -> KeyPair | None:
        pairs = [studio.pair for studio in self.studios()]
        pairs += [person.pair for person in people.PEOPLE]
        return next((pair for pair in pairs if pair.key == key), None)

    def person_of(self, key: str) -> Person | None:
        """Return the person whose *API Access* key it is."""
        return next((person for person in people.PEOPLE if person.pair.key == key), None)

    def studio_of(self, key: str) -> Studio | None:
        """Return the studio whose *Private Studio* key it is."""
        return next((studio for studio in self.studios() if studio.pair.key == key), None)

    def start_job(
        self,
        published: Published,
        *,
        answers: tuple[Answer, ...],
        pair: KeyPair,
        priority: Priority,
        worker_tag: str = "",
        credential_id: str = "",
    ) -> Job:
        """Create a job and put it into the queue."""
        now = self.now()
        job_id = ids.fresh(self.options.id_style, now)
        person = self.person_of(pair.key) if pair.kind is PairKind.USER else None
        job = Job(
            id=job_id,
            workflow_id=published.id,
            slug=published.workflow.slug,
            version=published.version.number,
            answers=answers,
            created=now,
            key=pair.key,
            started_by=person.id if person else "",
            priority=priority,
            folder=self.store.job_folder(job_id),
            worker_tag=worker_tag,
            credential_id=credential_id,
        )
        self.store.save(job)
        self.ledger.add(job)
        published.runs += 1
        self.queue.put(job)
        return job

    def forget_jobs(self) -> None:
        """Drop every job, as a restart without a database or the clean-up does."""
        self.queue.clear()
        for job in self.ledger.known():
            job.is_known = False
            self.store.save(job)

    def _workflow_of(self, job: Job) -> Workflow:
        published = self.catalog.find(job.workflow_id)
        if published is None or len(published.versions) < job.version:
            return Workflow(job.slug, job.slug, "", run=_gone)
        return published.versions[job.version - 1].workflow

    def _take_up(self) -> None:
        """Count and queue what an earlier process left."""
        for job in self.ledger.everything():
            published = self.catalog.find(job.workflow_id)
            if published is not None:
                published.runs += 1
            if not job.has_ended and job.is_known:
                job.folder.mkdir(parents=True, exist_ok=True)
                self.queue.put(job)


def _gone(_: object) -> None:
    raise LookupError("the workflow is not published any more")
