"""Supplier invoice match: with its defaults it fails, as people's first try often does."""

# ruff: noqa: S311 - made-up invoices need chance that repeats

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company
from apps.emulator.workflows.answers import number_of, text_of
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.tables import (
    Column,
    Row,
    Sheet,
    Style,
    Table,
    offer_csv,
    offer_xlsx,
)
from apps.emulator.workflows.uploads import Grid, UnreadableFileError, read_tables

INVOICE_FILE = InterfaceTool(
    name="Invoice file",
    kind=Kind.FILE_BROWSE,
    description="The suppliers' invoices as xlsx; without a file last month's workbook is taken",
    tool_id=71,
)
SHEET = InterfaceTool(
    name="Sheet",
    kind=Kind.TEXT_BOX,
    description="Name of the worksheet with the invoices",
    default="Invoices",
    tool_id=72,
)
TOLERANCE = InterfaceTool(
    name="Tolerance",
    kind=Kind.NUMERIC_UP_DOWN,
    description="Accept differences up to this many percent of the order",
    default="2",
    minimum=0,
    maximum=10,
    increment=0.5,
    decimals=1,
    tool_id=73,
)
WANTED = ("Invoice", "Supplier", "Order", "Amount")
LAST_MONTHS_FILE = "supplier_invoices_2026-09.xlsx"
ORDERS = 90
COLUMNS = (
    *(Column("Invoice"), Column("Supplier", width=22), Column("Order")),
    *(Column("Invoiced EUR", Style.MONEY), Column("Ordered EUR", Style.MONEY)),
    *(Column("Difference", Style.SHARE), Column("Result", width=22)),
)
MARKS = {"Matched": "good", "Differs": "warn", "No such order": "bad", "Unreadable": "bad"}


@cache
def purchase_orders() -> dict[str, tuple[str, float]]:
    """Return supplier and value in euro by order number."""
    chance = random.Random(company.SEED + 7)
    suppliers = sorted({product.supplier for product in company.products()})
    return {
        f"PO-{4500 + n}": (chance.choice(suppliers), round(chance.lognormvariate(7.2, 0.8), 2))
        for n in range(ORDERS)
    }


@cache
def _last_months_workbook() -> dict[str, Grid]:
    """Return the workbook as it came: its invoices are not on a sheet ``Invoices``."""
    chance = random.Random(company.SEED + 8)
    lines: Grid = [list(WANTED)]
    for number, (order, (supplier, value)) in enumerate(purchase_orders().items()):
        factor = chance.choices((1.0, 1.0 + chance.uniform(-0.09, 0.09)), (80, 20))[0]
        wanted = order if chance.random() < 0.96 else f"PO-{9900 + number}"  # noqa: PLR2004
        lines.append([f"INV-{70310 + number}", supplier, wanted, f"{value * factor:.2f}"])
    cover = [["Supplier invoices"], ["September 2026"], ["Accounts payable"]]
    return {"Cover": cover, "Inv_Sept": lines, "Notes": [["Sent by the scanning service"]]}


def _invoice_match(engine: Engine) -> None:
    tolerance = number_of(engine, TOLERANCE) / 100
    file_name, grid = _worksheet(engine)
    header = [cell.strip().lower() for cell in grid[0]] if grid else []
    missing = [name for name in WANTED if name.lower() not in header]
    if missing:
        for name in missing:
            engine.error(6, f'The field "{name}" is missing in {file_name}.')
        return
    places = [header.index(name.lower()) for name in WANTED]
    invoices = [
        [cells[place].strip() if place < len(cells) else "" for place in places]
        for cells in grid[1:]
    ]
    engine.read(4, len(invoices), file_name, seconds=0.4)
    engine.read(7, len(purchase_orders()), "purchase_orders.yxdb", seconds=0.5)
    rows = [_match(invoice, tolerance) for invoice in invoices]
    matched = sum(row[6] == "Matched" for row in rows)
    engine.join(8, matched, len(rows) - matched, len(purchase_orders()) - matched)
    engine.work(0.8)
    if matched < len(rows):
        engine.warn(8, f"{len(rows) - matched} invoices need a second look.")
    marks = {index: MARKS[str(row[6])] for index, row in enumerate(rows)}
    table = Table(COLUMNS, rows)
    sheet = Sheet("Match", table, f"Invoices against orders, tolerance {tolerance:.1%}", marks)
    offer_xlsx(engine, 11, "invoice_match.xlsx", [sheet])
    open_rows = [row for row in rows if row[6] != "Matched"]
    offer_csv(engine, 12, "invoices_to_review.csv", Table(COLUMNS, open_rows))


def _worksheet(engine: Engine) -> tuple[str, Grid]:
    answer, wanted = text_of(engine, INVOICE_FILE), text_of(engine, SHEET)
    engine.work(0.6)
    if not answer:
        file_name, tables = LAST_MONTHS_FILE, _last_months_workbook()
        engine.warn(INVOICE_FILE.tool_id, f"No file was chosen; {file_name} is used.")
    else:
        file_name = "the invoice file"
        try:
            tables = read_tables(engine.context.input_file(answer))
        except UnreadableFileError as error:
            raise ToolError(4, f"The invoice file cannot be read. {error}") from error
    found = {name.lower(): grid for name, grid in tables.items()}
    if wanted.lower() not in found:
        names = ", ".join(f'"{name}"' for name in tables)
        engine.error(4, f'The sheet "{wanted}" does not exist in {file_name}. It has: {names}.')
        raise ToolError(6, "No incoming records: the invoices could not be read.")
    return file_name, found[wanted.lower()]


def _match(invoice: Sequence[str], tolerance: float) -> Row:
    number, supplier, order, text = invoice
    try:
        amount = float(text)
    except ValueError:
        return number, supplier, order, None, None, None, "Unreadable"
    if order not in purchase_orders():
        return number, supplier, order, amount, None, None, "No such order"
    ordered = purchase_orders()[order][1]
    difference = amount / ordered - 1
    result = "Matched" if abs(difference) <= tolerance else "Differs"
    return number, supplier, order, amount, ordered, round(difference, 4), result


INVOICE_MATCH = Workflow(
    slug="supplier-invoice-match",
    name="Supplier invoice match",
    description="Compares the suppliers' invoices with our orders and lists what differs.",
    run=job("Supplier invoice match.yxwz", _invoice_match),
    questions=(INVOICE_FILE, SHEET, TOLERANCE),
    author="Accounts Payable",
    file_name="Supplier invoice match.yxwz",
    tags=("payables", "check"),
)
