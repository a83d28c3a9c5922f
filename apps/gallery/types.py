"""The one vocabulary in which the portal speaks of a Gallery, whatever its dialect."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from django.db import models


class Dialect(models.TextChoices):
    """How a Gallery is spoken to. Found by probing, never typed in."""

    UNKNOWN = "", "not known yet"
    OAUTH1 = "oauth1", "OAuth 1.0a (server 2021.4 and older)"
    OAUTH2 = "oauth2", "OAuth 2.0 (server 2021.4 and newer)"


class Kind(StrEnum):
    """What a question is, from its API type without ``Question``. Others are kept as sent."""

    TEXT = "TextBox"
    NUMBER = "NumericUpDown"
    DATE = "Date"
    LIST = "ListBox"
    CHECK = "BooleanGroup"
    RADIO = "RadioGroup"
    FILE = "FileBrowse"
    FOLDER = "FolderBrowse"
    TREE = "Tree"
    MAP = "Map"


UNSUPPORTED = frozenset({Kind.TREE, Kind.MAP})
"""Kinds the vendor names as not usable by API. (File Browse works through uploads.)"""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list: what people see and what is sent."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """One interface tool that asks something, as the Gallery tells it.

    Args:
        name: key of the answer; any characters.
        kind: a ``Kind`` value, or the Gallery's own word for a type we do not know.
        default: the author's default as text; None where the Gallery sends none.
        multiple: whether several choices may be given; only meaningful for lists.
    """

    name: str
    kind: str
    description: str = ""
    default: str | None = None
    choices: tuple[Choice, ...] = ()
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's name and the text that goes over the wire."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """What a key can see of one workflow."""

    id: str
    name: str
    description: str = ""
    author: str = ""
    file_name: str = ""
    kind: str = ""  # "App", "Module" or "Macro"; "" where the list does not tell
    is_chained: bool = False
    run_disabled: bool = False
    version: str = ""
    version_comment: str = ""
    uploaded_at: datetime | None = None
    run_count: int | None = None
    owner: str = ""
    needs_credential: bool = False


class Severity(IntEnum):
    INFORMATION = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a job's log. ``tool_id`` is -1 for the engine itself."""

    severity: int
    text: str
    tool_id: int = -1


@dataclass(frozen=True, slots=True)
class Output:
    """One file a job made, with the formats it can be had in (``Raw``, ``Csv`` …)."""

    id: str
    name: str
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One execution as the Gallery reports it; words as sent."""

    id: str
    status: str
    disposition: str = ""
    created_at: datetime | None = None
    outputs: tuple[Output, ...] = ()
    messages: tuple[Message, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.status.casefold() in {"completed", "complete", "cancelled", "canceled", "error"}

    @property
    def is_waiting(self) -> bool:
        return self.status.casefold() in {"queued", "created", "initializing"}

    @property
    def has_succeeded(self) -> bool:
        """Only ``Completed`` with ``Success`` is a success; every other word is not."""
        return (
            self.status.casefold() in {"completed", "complete"}
            and self.disposition.casefold() == "success"
        )


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Probe:
    """One rung of the doctor's ladder, in sentences. None of them holds a secret."""

    name: str
    verdict: Verdict
    tried: str
    saw: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What the doctor found, rung by rung."""

    probes: tuple[Probe, ...] = field(default=())

    @property
    def is_healthy(self) -> bool:
        return all(p.verdict in {Verdict.OK, Verdict.WARN} for p in self.probes)
