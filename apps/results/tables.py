"""Tables in text files: what the delimiter, quoting and encoding are, and one page of rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

PAGE_ROWS = 50
MAX_COLUMNS = 200
MAX_CELL = 500
SAMPLE_BYTES = 65_536
# One field longer than this is no table for a page; csv's own limit guards the memory.
FIELD_LIMIT = 1_048_576
DELIMITERS = ",;\t|"
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?([.]\d+)?([eE][+-]?\d+)?%?")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NotATable(Exception):
    """The file cannot be shown as rows. ``str(error)`` is a sentence for users."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as shown; ``is_cut`` where the file's own is longer."""

    text: str
    is_cut: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class TablePage:
    """One page of a table.

    Args:
        first: number of the first row shown, counted from 1; 0 where there is none.
        has_more: whether rows follow.
        left_out: how many columns beyond the first 200 are not shown.
        ragged: how many rows of this page have more or fewer fields than the header.

    """

    columns: list[Column]
    rows: list[list[Cell]]
    first: int
    has_more: bool
    left_out: int = 0
    ragged: int = 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0


def encoding_of(sample: bytes) -> str:
    """Return the encoding a file's beginning speaks for: a BOM, else UTF-8, else Windows-1252."""
    for bom, name in BOMS:
        if sample.startswith(bom):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        # Not final: the sample may end inside a character.
        decoder.decode(sample)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def delimiter_of(text: str) -> str:
    """Return the delimiter that splits the first line into most fields; a comma where none does."""
    line = text.split("\n", 1)[0]
    outside_quotes = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=lambda d: (outside_quotes.count(d), -DELIMITERS.index(d)))


def read_page(stream: BinaryIO, *, page: int = 1, size: int = PAGE_ROWS) -> TablePage:
    """Return one page of a csv file whose first row is its header, in bounded memory.

    Raises:
        NotATable: the file is empty, binary, or has a field of over 1 MiB.

    """
    sample = stream.read(SAMPLE_BYTES)
    stream.seek(0)
    encoding = encoding_of(sample)
    if not sample.strip(codecs.BOM_UTF8 + b" \r\n\t"):
        raise NotATable("This file is empty.")
    if b"\x00" in sample and encoding != "utf-16":
        raise NotATable("This file is not a text file, so it cannot be shown as a table.")
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    head = sample.decode(encoding, errors="replace")
    try:
        return _page(_records(text, delimiter_of(head)), page, size)
    except csv.Error:
        raise NotATable("This file has lines too long to be shown as a table.") from None
    finally:
        text.detach()


def _records(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(FIELD_LIMIT)
    return (row for row in csv.reader(_bounded(text), delimiter=delimiter) if row)


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield lines, refusing one that would not fit into memory."""
    while line := text.readline(FIELD_LIMIT):
        if len(line) == FIELD_LIMIT and not line.endswith("\n"):
            raise csv.Error("line too long")
        yield line.replace("\x00", "\ufffd")


def _page(records: Iterator[list[str]], page: int, size: int) -> TablePage:
    header = next(records, [])
    start = (page - 1) * size
    found = list(islice(records, start, start + size + 1))
    rows = found[:size]
    shown = min(len(header), MAX_COLUMNS)
    columns = [
        Column(name or f"Column {i + 1}", _is_numeric(rows, i))
        for i, name in enumerate(header[:shown])
    ]
    return TablePage(
        columns=columns,
        rows=[[_cell(row, i, column) for i, column in enumerate(columns)] for row in rows],
        first=start + 1 if rows else 0,
        has_more=len(found) > size,
        left_out=len(header) - shown,
        ragged=sum(len(row) != len(header) for row in rows),
    )


def _cell(row: list[str], index: int, column: Column) -> Cell:
    text = row[index] if index < len(row) else ""
    return Cell(text[:MAX_CELL], is_cut=len(text) > MAX_CELL, is_number=column.is_number)


def _is_numeric(rows: list[list[str]], index: int) -> bool:
    values = [row[index].strip() for row in rows if index < len(row) and row[index].strip()]
    return bool(values) and all(_NUMBER.fullmatch(value) for value in values)
