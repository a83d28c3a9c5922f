"""Jobs: what was asked, where each stands, and the ledger of all there ever were."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from apps.emulator.wire import Priority
from apps.emulator.workflow import Severity


class Status(StrEnum):
    QUEUED = "Queued"
    INITIALIZING = "Initializing"
    RUNNING = "Running"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"


_OVER = frozenset({Status.COMPLETED, Status.CANCELLED})


class Disposition(StrEnum):
    NONE = "None"
    SUCCESS = "Success"
    ERROR = "Error"


@dataclass(frozen=True)
class Answer:
    """One answer as it was received."""

    name: str
    value: str


@dataclass(frozen=True)
class Message:
    severity: Severity
    text: str
    tool_id: int = -1


@dataclass(frozen=True)
class Output:
    """One output of a job; ``files`` maps each format that is offered to its file."""

    id: str
    name: str
    files: dict[str, Path]


@dataclass(eq=False)
class Job:
    """One execution of a workflow, as the emulator knows it."""

    id: str
    workflow_id: str
    slug: str
    version: int
    answers: tuple[Answer, ...]
    created: datetime
    key: str
    """The key of the pair that started it."""
    started_by: str
    """The person's identifier; empty where a studio's pair was used."""
    priority: Priority
    folder: Path
    worker_tag: str = ""
    credential_id: str = ""
    status: Status = Status.QUEUED
    disposition: str = Disposition.NONE
    messages: list[Message] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    started: datetime | None = None
    ended: datetime | None = None
    is_known: bool = True
    """Whether the Gallery still answers for it; the ledger keeps it in any case."""
    cancel_requested: bool = False
    wake: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set to end pauses: the job is cancelled, or a test wants it over."""
    over: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def has_ended(self) -> bool:
        return self.ended is not None

    def standing(self) -> tuple[Status, str]:
        """Return status and disposition as one reading; workers set the status last."""
        status = self.status
        return status, self.disposition if status in _OVER else Disposition.NONE

    def offered(self) -> list[Output]:
        """Return the outputs the Gallery shows: none before the end."""
        return list(self.outputs) if self.status in _OVER else []

    def to_json(self) -> dict[str, Any]:
        """Return what is kept on disk."""
        return {
            "id": self.id,
            "workflow_id": self.workflow_id,
            "slug": self.slug,
            "version": self.version,
            "answers": [[answer.name, answer.value] for answer in self.answers],
            "created": self.created.isoformat(),
            "key": self.key,
            "started_by": self.started_by,
            "priority": int(self.priority),
            "folder": str(self.folder),
            "worker_tag": self.worker_tag,
            "credential_id": self.credential_id,
            "status": self.status,
            "disposition": self.disposition,
            "messages": [[int(m.severity), m.text, m.tool_id] for m in self.messages],
            "outputs": [
                [output.id, output.name, {name: str(path) for name, path in output.files.items()}]
                for output in self.outputs
            ],
            "started": self.started and self.started.isoformat(),
            "ended": self.ended and self.ended.isoformat(),
            "is_known": self.is_known,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Job:
        """Return a kept job; one that was not over is queued again, as after a restart."""
        job = cls(
            **{name: data[name] for name in _PLAIN},
            answers=tuple(Answer(*answer) for answer in data["answers"]),
            created=datetime.fromisoformat(data["created"]),
            priority=Priority(data["priority"]),
            folder=Path(data["folder"]),
        )
        if data["ended"]:
            job.status = Status(data["status"])
            job.disposition = data["disposition"]
            job.messages = [Message(Severity(m[0]), m[1], m[2]) for m in data["messages"]]
            job.outputs = [
                Output(entry[0], entry[1], {name: Path(path) for name, path in entry[2].items()})
                for entry in data["outputs"]
            ]
            job.started = data["started"] and datetime.fromisoformat(data["started"])
            job.ended = datetime.fromisoformat(data["ended"])
            job.over.set()
        return job


_PLAIN = (
    "id",
    "workflow_id",
    "slug",
    "version",
    "key",
    "started_by",
    "worker_tag",
    "credential_id",
    "is_known",
)


class Ledger:
    """Every job ever created, oldest first."""

    def __init__(self, jobs: Iterable[Job] = ()) -> None:
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._by_id: dict[str, Job] = {}
        self._by_workflow: dict[str, list[Job]] = {}
        for job in jobs:
            self.add(job)

    def add(self, job: Job) -> None:
        with self._lock:
            self._jobs.append(job)
            self._by_id[job.id] = job
            self._by_workflow.setdefault(job.workflow_id, []).append(job)

    def everything(self) -> list[Job]:
        with self._lock:
            return list(self._jobs)

    def known(self) -> list[Job]:
        """Return the jobs the Gallery still answers for."""
        return [job for job in self.everything() if job.is_known]

    def of_workflow(self, workflow_id: str) -> list[Job]:
        """Return the known jobs of a workflow, newest first."""
        with self._lock:
            jobs = self._by_workflow.get(workflow_id, [])[::-1]
        return [job for job in jobs if job.is_known]

    def find(self, job_id: str) -> Job | None:
        job = self._by_id.get(job_id)
        return job if job is not None and job.is_known else None
