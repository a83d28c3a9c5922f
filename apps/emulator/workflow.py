"""What an emulated workflow is: its questions, and the work it does when a job runs it.

The protocol side of the emulator (HTTP, sign-in, queue) and the sample workflows meet here
and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Protocol


class Kind(StrEnum):
    """The ``Type`` of an interface tool in an app's XML; the API puts ``Question`` before it."""

    TEXT_BOX = "TextBox"
    NUMERIC_UP_DOWN = "NumericUpDown"
    DATE = "Date"
    LIST_BOX = "ListBox"
    BOOLEAN_GROUP = "BooleanGroup"
    RADIO_GROUP = "RadioGroup"
    FILE_BROWSE = "FileBrowse"
    FOLDER_BROWSE = "FolderBrowse"
    TREE = "Tree"
    MAP = "Map"


class PackageType(IntEnum):
    """Which sort of workflow it is, with the integers of the classic API."""

    APP = 0
    MODULE = 1
    MACRO = 2


class Severity(IntEnum):
    """Status of a job's message, as the Gallery numbers it."""

    INFORMATION = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list: the shown name (``key``) and the value behind it."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class InterfaceTool:
    """One interface tool that asks something.

    ``name`` is the key of the answer, ``description`` the text people see. The fields below
    ``tool_id`` never leave by the API: they stand in the package's XML alone.
    """

    name: str
    kind: Kind
    description: str = ""
    default: str | None = None
    items: tuple[Item, ...] = ()
    multiple: bool | None = None
    tool_id: int = 0
    minimum: float | None = None
    maximum: float | None = None
    increment: float | None = None
    decimals: int | None = None
    is_multiline: bool = False
    is_password: bool = False
    is_hidden: bool = False
    tab: str = ""
    group: str = ""
    inside: str = ""  # name of the check box or radio button this tool is nested under


class JobContext(Protocol):
    """What a workflow sees of the job that runs it."""

    answers: Mapping[str, str]
    """Every question's answer as text: what was sent, else the author's default, else ``""``."""
    seed: int
    """Equal for equal answers, so that a job can be repeated to the byte."""
    folder: Path
    """An empty folder of the job's own."""

    def message(
        self, text: str, severity: Severity = Severity.INFORMATION, tool_id: int = -1
    ) -> None:
        """Log one line; a line with ERROR makes the job end with disposition ``Error``."""

    def output(self, name: str, formats: Mapping[str, Path]) -> None:
        """Offer one output under its file name, in these formats (``Raw``, ``Csv``, ``Xlsx`` …)."""

    def pause(self, seconds: float) -> None:
        """Let time pass as a real engine would; ends early when the job is cancelled."""

    def input_file(self, value: str) -> Path:
        """Return the uploaded file that an answer names; an unknown name ends the job in error."""

    def list_answer(self, name: str) -> Sequence[str]:
        """Return the values chosen in a list, however the client wrote them."""

    def flag(self, name: str) -> bool:
        """Return whether a check box or radio button is on, without regard to case."""


@dataclass(frozen=True)
class Workflow:
    """One workflow of the pretend Gallery."""

    slug: str  # stable; identifiers are derived from it
    name: str
    description: str
    run: Callable[[JobContext], None]
    questions: tuple[InterfaceTool, ...] = ()
    author: str = "Analytics Team"
    package_type: PackageType = PackageType.APP
    studio: str = "Finance"
    file_name: str = ""
    version_comment: str = ""
    is_chained: bool = False
    run_disabled: bool = False
    credential_type: str = "Default"  # Default, Required, Specific
    tags: tuple[str, ...] = field(default=())
