"""Which of a run's files can be looked at in the page, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, cast

from django.core.files.storage import default_storage

from apps.results.tables import NotATable, TablePage, read_page
from apps.runs.models import RunOutput

GONE = "This file is no longer in the portal's storage. Ask an administrator."
MAX_PICTURE = 10_485_760  # bytes; a larger picture is offered as a download only
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


class Viewer(StrEnum):
    TABLE = "table"
    PICTURE = "picture"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows of one file; ``trouble`` says why there is nothing to see."""

    viewer: Viewer
    output: RunOutput
    table: TablePage | None = None
    trouble: str = ""

    @property
    def can_be_seen(self) -> bool:
        return self.viewer != Viewer.NONE


def is_table(output: RunOutput) -> bool:
    return output.format.casefold() == "csv" or output.name.casefold().endswith(".csv")


def picture_type(output: RunOutput) -> str:
    """Return the media type of a picture by its first bytes, whatever its name says; else ""."""
    if output.size > MAX_PICTURE:
        return ""
    with default_storage.open(output.file) as stream:
        head = stream.read(16)
    return next((kind for mark, kind in PICTURES.items() if head.startswith(mark)), "")


def table_of(output: RunOutput, page: int = 1) -> View:
    """Return one page of a table output; a damaged or missing file is said, not raised."""
    try:
        with default_storage.open(output.file) as stream:
            return View(Viewer.TABLE, output, table=read_page(cast("BinaryIO", stream), page=page))
    except NotATable as error:
        return View(Viewer.NONE, output, trouble=str(error))
    except FileNotFoundError:
        return View(Viewer.NONE, output, trouble=GONE)


def best_view(files: list[RunOutput]) -> View:
    """Return how to show one output, given the formats it is stored in (at least one)."""
    for file in files:
        if is_table(file):
            return table_of(file)
    first = files[0]
    try:
        if picture_type(first):
            return View(Viewer.PICTURE, first)
    except FileNotFoundError:
        return View(Viewer.NONE, first, trouble=GONE)
    return View(Viewer.NONE, first)
