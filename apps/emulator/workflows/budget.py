"""Budget upload check: reads the file people send and tells what to mend, line by line."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company, html_report
from apps.emulator.workflows.answers import flag_of, item_of, items, number_of, text_of
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.html_report import Tile
from apps.emulator.workflows.tables import Column, Row, Style, Table, offer_csv, offer_html
from apps.emulator.workflows.uploads import Grid, UnreadableFileError, read_tables

BUDGET_FILE = InterfaceTool(
    name="Budget file",
    kind=Kind.FILE_BROWSE,
    description="Your budget as csv or xlsx with the columns Cost centre, Account, Month, Amount",
    tool_id=61,
)
FISCAL_YEAR = InterfaceTool(
    name="Fiscal year",
    kind=Kind.LIST_BOX,
    description="For which fiscal year is the budget?",
    default="2027",
    items=items(
        ("October 2025 to September 2026", "2026"), ("October 2026 to September 2027", "2027")
    ),
    multiple=False,
    tool_id=62,
)
LARGEST = InterfaceTool(
    name="Largest amount",
    kind=Kind.NUMERIC_UP_DOWN,
    description="Ask for a second look at amounts above this many euro",
    default="50000",
    minimum=1000,
    maximum=1_000_000,
    increment=1000,
    decimals=0,
    tool_id=63,
)
STRICT = InterfaceTool(
    name="Stop at errors",
    kind=Kind.BOOLEAN_GROUP,
    description="End in error if any line has to be corrected, as the final upload does",
    default="False",
    tool_id=64,
)
COST_CENTRES = {f"{1000 + 10 * n}": name for n, name in enumerate(company.REGIONS)} | {
    "2000": "Head office",
    "2100": "Logistics",
    "2200": "Technology",
}
ACCOUNTS = {
    "6000": "Wages",
    "6100": "Rent",
    "6200": "Freight",
    "6300": "Energy",
    "6400": "Marketing",
    "6500": "Travel",
    "6600": "Software",
}
WANTED = ("Cost centre", "Account", "Month", "Amount")
ERROR, REVIEW = "Correct", "Review"
COLUMNS = (
    Column("Line", Style.WHOLE),
    Column("Action"),
    Column("Column"),
    Column("Value"),
    Column("What is wrong", width=60),
)
SAMPLE = (
    ("1000", "6000", "2026-10", "48200.00"),
    ("1000", "6100", "2026-10", "12750.00"),
    ("1000", "6300", "2026-10", "3.480,00"),
    ("1010", "6000", "2026-10", "51900"),
    ("1010", "6400", "2026-13", "8000"),
    ("1020", "6500", "2026-11", "2600"),
    ("1020", "6500", "2026-11", "2600"),
    ("1030", "6000", "2026-11", "46100"),
    ("1045", "6200", "2026-11", "7400"),
    ("2000", "6600", "2026-12", "18900"),
    ("2000", "6900", "2026-12", "5000"),
    ("2100", "6200", "2027-01", "96500"),
    ("2100", "6300", "2027-01", "n/a"),
    ("2200", "6600", "2025-12", "31200"),
    ("2200", "6000", "2027-02", "-4100"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend; ``line`` counts as the spreadsheet does, the header is line 1."""

    line: int
    action: str
    column: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a line is measured against."""

    fiscal_year: int
    largest: float


def _budget_check(engine: Engine) -> None:
    rules = Rules(int(item_of(engine, FISCAL_YEAR).value), number_of(engine, LARGEST))
    grid = _read(engine)
    places = _columns(grid)
    lines = grid[1:]
    findings = [
        finding
        for number, cells in enumerate(lines, start=2)
        for finding in _check({name: _at(cells, places[name]) for name in WANTED}, number, rules)
    ]
    findings += _repeated(lines, places)
    findings.sort(key=lambda finding: (finding.line, finding.column))
    engine.work(1.1)
    wrong = {finding.line for finding in findings if finding.action == ERROR}
    engine.say(8, f"{len(lines) - len(wrong):,} of {len(lines):,} lines can be uploaded as is")
    if wrong and flag_of(engine, STRICT):
        for finding in [finding for finding in findings if finding.action == ERROR][:20]:
            engine.error(8, f"Line {finding.line}, {finding.column}: {finding.text}")
        return
    if wrong:
        engine.warn(8, f"{len(wrong)} lines have to be corrected before the upload.")
    rows: list[Row] = [(f.line, f.action, f.column, f.value, f.text) for f in findings]
    table = Table(COLUMNS, rows)
    offer_csv(engine, 10, "budget_findings.csv", table)
    report = _report(lines, places, table, wrong, rules)
    offer_html(engine, 11, "budget_check.html", report)


def _read(engine: Engine) -> Grid:
    answer = text_of(engine, BUDGET_FILE)
    if not answer:
        engine.warn(BUDGET_FILE.tool_id, "No file was chosen; a sample budget was checked instead.")
        engine.read(4, len(SAMPLE), "sample_budget.csv", seconds=0.5)
        return [list(WANTED), *map(list, SAMPLE)]
    try:
        tables = read_tables(engine.context.input_file(answer))
    except UnreadableFileError as error:
        raise ToolError(4, f"The budget file cannot be read. {error}") from error
    name, grid = next(iter(tables.items()), ("", []))
    if not grid:
        raise ToolError(4, "The first worksheet of the budget file is empty.")
    engine.read(4, len(grid) - 1, name, seconds=0.5)
    return grid


def _columns(grid: Grid) -> dict[str, int]:
    """Return where the wanted columns are, whatever their order and case."""
    header = [cell.strip().lower() for cell in grid[0]]
    missing = [name for name in WANTED if name.lower() not in header]
    if missing:
        raise ToolError(
            5,
            f"The first line must name the columns {', '.join(WANTED)};"
            f" missing: {', '.join(missing)}.",
        )
    return {name: header.index(name.lower()) for name in WANTED}


def _at(cells: Sequence[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def _check(cells: Mapping[str, str], line: int, rules: Rules) -> Iterator[Finding]:
    centre, account, month, amount = (cells[name] for name in WANTED)
    if centre.removesuffix(".0") not in COST_CENTRES:
        yield Finding(line, ERROR, "Cost centre", centre, "There is no such cost centre.")
    if account.removesuffix(".0") not in ACCOUNTS:
        yield Finding(line, ERROR, "Account", account, "This account cannot be budgeted.")
    first = _month(month)
    if first is None:
        yield Finding(line, ERROR, "Month", month, "Not a month; write it as 2026-10.")
    elif _fiscal_year(first) != rules.fiscal_year:
        text = f"The month is not in fiscal year {rules.fiscal_year}."
        yield Finding(line, ERROR, "Month", month, text)
    yield from _check_amount(amount, line, rules)


def _check_amount(amount: str, line: int, rules: Rules) -> Iterator[Finding]:
    number = _number(amount)
    if number is None:
        text = "Not a number; write it with a decimal point and no separators."
        yield Finding(line, ERROR, "Amount", amount, text)
    elif number < 0:
        yield Finding(line, REVIEW, "Amount", amount, "The amount is negative: is that meant?")
    elif number > rules.largest:
        text = f"The amount is above {rules.largest:,.0f} EUR: please confirm."
        yield Finding(line, REVIEW, "Amount", amount, text)


def _repeated(lines: Grid, places: Mapping[str, int]) -> Iterator[Finding]:
    first_seen: dict[tuple[str, ...], int] = {}
    for number, cells in enumerate(lines, start=2):
        key = tuple(_at(cells, places[name]) for name in WANTED[:3])
        if key in first_seen:
            text = f"Line {first_seen[key]} has the same cost centre, account and month."
            yield Finding(number, ERROR, "Account", key[1], text)
        first_seen.setdefault(key, number)


def _number(text: str) -> float | None:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?", text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _month(text: str) -> date | None:
    """Return the first day of a month written as 2026-10, 2026-10-01 or as Excel counts days."""
    serial = re.fullmatch(r"([0-9]{5})(\.[0-9]+)?", text)
    if serial:
        return (date(1899, 12, 30) + timedelta(days=int(serial[1]))).replace(day=1)
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return None


def _fiscal_year(month: date) -> int:
    first_month = 10
    return month.year + (month.month >= first_month)


def _report(
    lines: Grid, places: Mapping[str, int], findings: Table, wrong: set[int], rules: Rules
) -> str:
    totals: Counter[str] = Counter()
    for number, cells in enumerate(lines, start=2):
        if number not in wrong:
            centre = _at(cells, places["Cost centre"]).removesuffix(".0")
            amount = float(_at(cells, places["Amount"]))
            totals[f"{centre} {COST_CENTRES[centre]}"] += max(0, round(amount))
    reviews = sum(row[1] == REVIEW for row in findings.rows)
    tiles = [
        Tile("Lines", f"{len(lines):,}", "in the file"),
        Tile("Ready", f"{len(lines) - len(wrong):,}", "can be uploaded as is", "good"),
        Tile("To correct", f"{len(wrong):,}", "lines", "bad" if wrong else "good"),
        Tile("To review", f"{reviews:,}", "amounts", "warn" if reviews else "good"),
    ]
    marks = {n: "bad" if row[1] == ERROR else "warn" for n, row in enumerate(findings.rows)}
    sections = [
        html_report.section("What to mend", html_report.table(findings, limit=60, marks=marks)),
        html_report.section(
            "Budget of the lines that are ready",
            html_report.bar_chart(sorted(totals.items()), unit=" EUR"),
        ),
    ]
    subtitle = f"Fiscal year {rules.fiscal_year} · second look above {rules.largest:,.0f} EUR"
    return html_report.page("Budget upload check", subtitle, tiles, sections)


BUDGET_CHECK = Workflow(
    slug="budget-check",
    name="Budget upload check",
    description="Checks your budget file line by line before it goes into the ledger.",
    run=job("Budget upload check.yxwz", _budget_check),
    questions=(BUDGET_FILE, FISCAL_YEAR, LARGEST, STRICT),
    author="Ivo Horvat",
    file_name="Budget upload check.yxwz",
    version_comment="Reads xlsx as well as csv",
    tags=("budget", "check"),
)
