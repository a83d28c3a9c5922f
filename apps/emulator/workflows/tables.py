"""Tables that workflows make, and writing them as csv, xlsx and yxdb."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter

from apps.emulator.workflows import company
from apps.emulator.workflows.engine import Engine
from apps.emulator.workflows.yxdb_writer import Cell, Field, write_yxdb

Row = tuple[Cell, ...]
# Files carry a moment inside; a fixed one keeps equal jobs equal to the byte.
WRITTEN_AT = datetime(2026, 10, 1, 6, 0, tzinfo=UTC)


class Style(Enum):
    """How a column looks in a workbook or a report."""

    TEXT = "@"
    WHOLE = "#,##0"
    MONEY = "#,##0.00"
    AVERAGE = "#,##0.0"
    RATE = "0.0000"
    SHARE = "0.0%"
    DAY = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``width`` is in characters."""

    name: str
    style: Style = Style.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns."""

    columns: tuple[Column, ...]
    rows: Sequence[Row]

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: a table under a title, with cells marked by row and colour word."""

    name: str
    table: Table
    title: str = ""
    marks: dict[int, str] | None = None  # row index → "good", "warn" or "bad"
    totals: bool = False


def write_csv(path: Path, table: Table) -> Path:
    """Write comma-separated UTF-8, numbers with a point, empty text for nulls."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.header)
        writer.writerows(map(_csv_cells, table.rows, [table.columns] * len(table.rows)))
    return path


def _csv_cells(row: Row, columns: Sequence[Column]) -> list[object]:
    return [
        f"{value:.2f}" if isinstance(value, float) and column.style is Style.MONEY else value
        for value, column in zip(row, columns, strict=True)
    ]


MARKS = {"good": "#E3F4EA", "warn": "#FFF1D0", "bad": "#FBE0DC"}


def write_xlsx(path: Path, sheets: Iterable[Sheet]) -> Path:
    """Write a workbook row by row, so that large tables need little memory."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"author": company.NAME, "created": WRITTEN_AT.replace(tzinfo=None)})
        looks = _Looks(book)
        for sheet in sheets:
            _SheetWriter(book, looks, sheet).write()
    return path


class _Looks:
    """The formats of one workbook, each made once: a workbook keeps every copy."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._known: dict[tuple[Style | None, str], xlsxwriter.format.Format] = {}

    def get(self, style: Style | None, role: str = "") -> xlsxwriter.format.Format:
        """Return the format for ``title``, ``head``, ``total``, a mark or, as "", a plain cell."""
        if (style, role) not in self._known:
            self._known[style, role] = self._book.add_format(_look(style, role))
        return self._known[style, role]


class _SheetWriter:
    """Writes one worksheet, top to bottom as constant memory demands."""

    def __init__(self, book: xlsxwriter.Workbook, looks: _Looks, sheet: Sheet) -> None:
        self.looks, self.sheet, self.table = looks, sheet, sheet.table
        self.page = book.add_worksheet(sheet.name)
        self.top = 2 if sheet.title else 0

    def write(self) -> None:
        page, last = self.page, len(self.table.columns) - 1
        for index, column in enumerate(self.table.columns):
            page.set_column(index, index, column.width)
        page.hide_gridlines(2)
        page.freeze_panes(self.top + 1, 0)
        page.autofilter(self.top, 0, self.top + max(1, len(self.table.rows)), last)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(self.top)
        self._head()
        for index, row in enumerate(self.table.rows):
            self._row(self.top + 1 + index, row, (self.sheet.marks or {}).get(index, ""))
        if self.sheet.totals and self.table.rows:
            self._totals()

    def _head(self) -> None:
        if self.sheet.title:
            self.page.write_string(0, 0, self.sheet.title, self.looks.get(None, "title"))
        for index, column in enumerate(self.table.columns):
            look = self.looks.get(column.style, "head")
            self.page.write_string(self.top, index, column.name, look)

    def _row(self, line: int, row: Row, mark: str) -> None:
        for index, (value, column) in enumerate(zip(row, self.table.columns, strict=True)):
            look = self.looks.get(column.style, mark)
            if value is None:
                self.page.write_blank(line, index, None, look)
            elif isinstance(value, str):
                self.page.write_string(line, index, value, look)
            elif isinstance(value, bool):
                self.page.write_boolean(line, index, value, look)
            elif isinstance(value, date):
                self.page.write_datetime(line, index, value, look)
            else:
                self.page.write_number(line, index, value, look)

    def _totals(self) -> None:
        line = self.top + 1 + len(self.table.rows)
        for index, column in enumerate(self.table.columns):
            look = self.looks.get(column.style, "total")
            if column.style in {Style.MONEY, Style.WHOLE}:
                first, end = self.top + 2, line
                letter = xlsxwriter.utility.xl_col_to_name(index)
                values = [row[index] for row in self.table.rows]
                total = sum(v for v in values if isinstance(v, (int, float)))
                formula = f"=SUBTOTAL(109,{letter}{first}:{letter}{end})"
                self.page.write_formula(line, index, formula, look, round(total, 2))
            else:
                self.page.write_string(line, index, "Total" if index == 0 else "", look)


def _look(style: Style | None, role: str) -> dict[str, object]:
    look: dict[str, object] = {"font_name": "Calibri", "font_size": 11, "valign": "vcenter"}
    if style is None:
        return look | {"bold": True, "font_size": 14, "font_color": "#0F3D3E"}
    if role == "head":
        side = "left" if style in {Style.TEXT, Style.DAY} else "right"
        look |= {"bold": True, "bg_color": "#0F3D3E", "font_color": "#FFFFFF"}
        return look | {"align": side, "text_wrap": True}
    look |= {"num_format": style.value, "bottom": 1, "bottom_color": "#E3E8E8"}
    if style is Style.DAY:
        look["align"] = "left"
    if role in MARKS:
        look["bg_color"] = MARKS[role]
    if role == "total":
        look |= {"bold": True, "top": 2, "top_color": "#0F3D3E"}
    return look


def write_zip(path: Path, members: Sequence[Path]) -> Path:
    """Pack files under their own names, with one fixed date."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for member in members:
            info = ZipInfo(member.name, WRITTEN_AT.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, member.read_bytes())
    return path


def offer_csv(engine: Engine, tool_id: int, name: str, table: Table) -> Path:
    """Write a table as csv and offer it; return the file."""
    path = write_csv(engine.folder / name, table)
    engine.offer(tool_id, name, {"Raw": path, "Csv": path}, count=len(table.rows))
    return path


def offer_xlsx(engine: Engine, tool_id: int, name: str, sheets: Sequence[Sheet]) -> Path:
    """Write a workbook and offer it, as csv too where it is one table; return the file."""
    path = write_xlsx(engine.folder / name, sheets)
    formats = {"Raw": path, "Xlsx": path}
    if len(sheets) == 1:
        formats["Csv"] = write_csv(path.with_suffix(".csv"), sheets[0].table)
    engine.offer(tool_id, name, formats, count=sum(len(sheet.table.rows) for sheet in sheets))
    return path


def offer_yxdb(
    engine: Engine, tool_id: int, name: str, fields: Sequence[Field], table: Table
) -> Path:
    """Write a table as yxdb and offer it, as csv too; return the file."""
    path = engine.folder / name
    write_yxdb(path, fields, table.rows, created_at=WRITTEN_AT)
    csv_path = write_csv(path.with_suffix(".csv"), table)
    formats = {"Raw": path, "Yxdb": path, "Csv": csv_path}
    engine.offer(tool_id, name, formats, count=len(table.rows))
    return path


def offer_html(engine: Engine, tool_id: int, name: str, html: str) -> Path:
    """Write a report page and offer it; return the file."""
    path = engine.folder / name
    path.write_text(html, encoding="utf-8")
    engine.offer(tool_id, name, {"Raw": path, "Html": path})
    return path
