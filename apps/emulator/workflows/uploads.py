"""Reading uploaded tables: csv in the usual encodings, and xlsx with the standard library."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

Grid = list[list[str]]
MAX_UNPACKED = 80_000_000
MAX_COLUMNS = 200
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ONLY_SHEET = "csv"


class UnreadableFileError(ValueError):
    """An upload is not a table we can read; the text is for the person who sent it."""


def read_tables(path: Path) -> dict[str, Grid]:
    """Return the cells of every worksheet as text; a csv has one, named ``csv``.

    The kind of file is told by its first bytes, never by its name.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise UnreadableFileError("The file is empty.")
    if start.startswith(b"PK"):
        return _read_xlsx(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFileError(
            "This is a workbook of Excel 97-2003 (.xls) or one with a password;"
            " save it as .xlsx without a password."
        )
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFileError("This is neither a csv nor an xlsx file.")
    return {ONLY_SHEET: _read_csv(path.read_bytes())}


def _read_csv(content: bytes) -> Grid:
    text = _decode(content)
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t|", key=first_line.count)
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise UnreadableFileError(f"The csv file is damaged: {error}.") from error


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read_xlsx(path: Path) -> dict[str, Grid]:
    try:
        with ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableFileError("The workbook is too large.")
            texts = _shared_texts(archive)
            return {
                name: _grid(_parse(archive, target), texts) for name, target in _worksheets(archive)
            }
    except (BadZipFile, KeyError, IndexError, ET.ParseError, ValueError) as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError("The file is not a workbook or is damaged.") from error


def _parse(archive: ZipFile, member: str) -> ET.Element:
    content = archive.read(member)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableFileError("The workbook declares entities, which no spreadsheet does.")
    return ET.fromstring(content)  # noqa: S314 - entities are refused above


def _worksheets(archive: ZipFile) -> Iterator[tuple[str, str]]:
    links = _parse(archive, "xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in _parse(archive, "xl/workbook.xml").iter(f"{SPACE}sheet"):
        target = targets[sheet.get(RELATION)].removeprefix("/xl/")
        yield sheet.get("name", ""), f"xl/{target}"


def _shared_texts(archive: ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(entry) for entry in _parse(archive, "xl/sharedStrings.xml").iter(f"{SPACE}si")]


def _text(entry: ET.Element) -> str:
    return "".join(part.text or "" for part in entry.iter(f"{SPACE}t"))


def _grid(sheet: ET.Element, texts: list[str]) -> Grid:
    """Return rows of equal meaning: a cell stands in its column, missing ones are empty."""
    grid: Grid = []
    for row in sheet.iter(f"{SPACE}row"):
        cells: list[str] = []
        for cell in row.iter(f"{SPACE}c"):
            column = _column(cell.get("r", ""), len(cells))
            cells.extend([""] * (column - len(cells)))
            cells.append(_cell(cell, texts))
        if any(cells):
            grid.append(cells)
    return grid


def _column(reference: str, following: int) -> int:
    letters = re.match(r"[A-Z]{1,3}", reference)
    if letters is None:
        return following
    column = 0
    for letter in letters.group():
        column = column * 26 + ord(letter) - ord("A") + 1
    if column > MAX_COLUMNS:
        raise UnreadableFileError(f"A worksheet has more than {MAX_COLUMNS} columns.")
    return column - 1


def _cell(cell: ET.Element, texts: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.findtext(f"{SPACE}v", "")
    return texts[int(value)] if cell.get("t") == "s" and value else value
