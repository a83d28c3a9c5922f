"""Reading outputs back the way people's programs do."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from python_calamine import load_workbook
from yxdb.yxdb_reader import YxdbReader


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sheet_rows(path: Path, sheet: str) -> list[list[Any]]:
    return load_workbook(str(path)).get_sheet_by_name(sheet).to_python()


def yxdb_rows(path: Path) -> list[dict[str, Any]]:
    reader = YxdbReader(path=str(path))
    names = [field.name for field in reader.list_fields()]
    rows = []
    while reader.next():
        rows.append({name: reader.read_name(name) for name in names})
    return rows
