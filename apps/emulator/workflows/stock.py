"""Inventory ageing: how long goods have been lying, and what should be written down."""

from __future__ import annotations

from collections.abc import Sequence

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company
from apps.emulator.workflows.answers import flag_of, items, items_of, number_of
from apps.emulator.workflows.company import StockLot
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.tables import Column, Row, Sheet, Style, Table, offer_xlsx

CHOOSE_WAREHOUSES = InterfaceTool(
    name="Choose warehouses",
    kind=Kind.BOOLEAN_GROUP,
    description="Look at some warehouses only",
    default="False",
    tool_id=41,
)
WAREHOUSES = InterfaceTool(
    name="Warehouses",
    kind=Kind.LIST_BOX,
    description="Which warehouses?",
    default="ROT",
    items=items(*((name, name[:3].upper()) for name in company.WAREHOUSES)),
    multiple=True,
    tool_id=42,
    inside="Choose warehouses",
)
FLAG_OLD = InterfaceTool(
    name="Flag old stock",
    kind=Kind.BOOLEAN_GROUP,
    description="Mark lots that have been lying too long and propose a write-down",
    default="True",
    tool_id=43,
)
OLD_AFTER = InterfaceTool(
    name="Old after days",
    kind=Kind.NUMERIC_UP_DOWN,
    description="Days after which a lot counts as old",
    default="180",
    minimum=30,
    maximum=720,
    increment=10,
    decimals=0,
    tool_id=44,
    inside="Flag old stock",
)
WRITE_DOWN = InterfaceTool(
    name="Write-down",
    kind=Kind.NUMERIC_UP_DOWN,
    description="Share of an old lot's value to write down, in percent",
    default="50",
    minimum=0,
    maximum=100,
    increment=5,
    decimals=0,
    tool_id=45,
    inside="Flag old stock",
)
BUCKETS = ((30, "0-30 days"), (90, "31-90 days"), (180, "91-180 days"), (365, "181-365 days"))
OLDEST = "over 365 days"

LOT_COLUMNS = (
    Column("Lot", width=10),
    Column("Warehouse", width=13),
    Column("Product code", width=13),
    Column("Product", width=32),
    Column("Category", width=13),
    Column("Received", Style.DAY, 12),
    Column("Age in days", Style.WHOLE, 11),
    Column("Age group", width=14),
    Column("Quantity", Style.WHOLE, 10),
    Column("Value EUR", Style.MONEY, 13),
    Column("Old", width=6),
    Column("Write-down EUR", Style.MONEY, 15),
)


def _inventory_ageing(engine: Engine) -> None:
    chosen = set(company.WAREHOUSES)
    if flag_of(engine, CHOOSE_WAREHOUSES):
        chosen = {item.key for item in items_of(engine, WAREHOUSES)}
        if not chosen:
            raise ToolError(WAREHOUSES.tool_id, "No warehouse is selected; choose at least one.")
    old_after, share = None, 0.0
    if flag_of(engine, FLAG_OLD):
        old_after = number_of(engine, OLD_AFTER)
        share = number_of(engine, WRITE_DOWN) / 100
    every_lot = company.stock_lots()
    engine.read(5, len(every_lot), "stock_lots.yxdb", seconds=0.7)
    lots = sorted(
        (lot for lot in every_lot if lot.warehouse in chosen), key=lambda lot: (-lot.age, lot.lot)
    )
    engine.say(6, f"{len(lots):,} records were True and {len(every_lot) - len(lots):,} False")
    rows = [_lot_row(lot, old_after, share) for lot in lots]
    old = {
        index: "bad" if lot.age > 2 * old_after else "warn"
        for index, lot in enumerate(lots)
        if old_after is not None and lot.age > old_after
    }
    if old:
        value = sum(lots[index].value for index in old)
        engine.warn(8, f"{len(old)} lots worth {value:,.2f} EUR are older than {old_after:g} days.")
    engine.work(1.1)
    sheets = [
        Sheet("Ageing", _by_age_group(lots), "Stock value by age, EUR", totals=True),
        Sheet("Lots", Table(LOT_COLUMNS, rows), "All lots, oldest first", old, totals=True),
    ]
    offer_xlsx(engine, 12, "inventory_ageing.xlsx", sheets)


def _age_group(lot: StockLot) -> str:
    return next((name for days, name in BUCKETS if lot.age <= days), OLDEST)


def _lot_row(lot: StockLot, old_after: float | None, share: float) -> Row:
    is_old = old_after is not None and lot.age > old_after
    product = lot.product
    return (
        *(lot.lot, lot.warehouse, product.code, product.name, product.category, lot.received),
        *(lot.age, _age_group(lot), lot.quantity, lot.value),
        "yes" if is_old else "no",
        round(lot.value * share, 2) if is_old else 0.0,
    )


def _by_age_group(lots: Sequence[StockLot]) -> Table:
    groups = [name for _days, name in BUCKETS] + [OLDEST]
    rows: list[Row] = []
    for warehouse in company.WAREHOUSES:
        values = dict.fromkeys(groups, 0.0)
        for lot in lots:
            if lot.warehouse == warehouse:
                values[_age_group(lot)] += lot.value
        total = sum(values.values())
        if total:
            sums = (round(value, 2) for value in values.values())
            rows.append((warehouse, *sums, round(total, 2), values[OLDEST] / total))
    columns = [Column(name, Style.MONEY, 15) for name in (*groups, "Total")]
    return Table(
        (Column("Warehouse", width=16), *columns, Column("Share over 365", Style.SHARE, 15)), rows
    )


INVENTORY_AGEING = Workflow(
    slug="inventory-ageing",
    name="Inventory ageing",
    description="How long stock has been lying in each warehouse, and what to write down.",
    run=job("Inventory ageing.yxwz", _inventory_ageing),
    questions=(CHOOSE_WAREHOUSES, WAREHOUSES, FLAG_OLD, OLD_AFTER, WRITE_DOWN),
    author="Anouk Jansen",
    file_name="Inventory ageing.yxwz",
    version_comment="Write-down proposal as agreed with the auditors",
    tags=("stock", "audit"),
)
