"""Workflows of the sales team: an extract people take daily, and a very large one."""

# ruff: noqa: S311 - made-up receipts need chance that repeats

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company
from apps.emulator.workflows.answers import flag_of, item_of, items, number_of, period_of
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.tables import Column, Row, Style, Table, offer_csv

EVERY_REGION = "*"
REGION = InterfaceTool(
    name="Region",
    kind=Kind.LIST_BOX,
    description="Which sales region do you need?",
    default="East",
    items=items(("All regions", EVERY_REGION), *company.REGIONS),
    multiple=False,
    tool_id=14,
)
ON_OR_AFTER = InterfaceTool(
    name="Orders on or after",
    kind=Kind.DATE,
    description="First day of the orders to include",
    default="2026-07-01",
    tool_id=15,
    group="Period",
)
ON_OR_BEFORE = InterfaceTool(
    name="Orders on or before",
    kind=Kind.DATE,
    description="Last day of the orders to include",
    default="2026-09-30",
    tool_id=16,
    group="Period",
)
WITH_CUSTOMERS = InterfaceTool(
    name="Customer details",
    kind=Kind.BOOLEAN_GROUP,
    description="Add the customer's name, segment and contact to every line",
    default="False",
    tool_id=17,
)

LINE_COLUMNS = (
    Column("Order"),
    Column("Order date", Style.DAY),
    Column("Region"),
    Column("Store"),
    Column("City"),
    Column("Channel"),
    Column("Product code"),
    Column("Product", width=30),
    Column("Category"),
    Column("Quantity", Style.WHOLE),
    Column("Discount", Style.SHARE),
    Column("Net sales EUR", Style.MONEY),
)
CUSTOMER_COLUMNS = (Column("Customer"), Column("Name"), Column("Segment"), Column("Contact"))


def _sales_extract(engine: Engine) -> None:
    region = item_of(engine, REGION).value
    start, end = period_of(engine, ON_OR_AFTER, ON_OR_BEFORE)
    details = flag_of(engine, WITH_CUSTOMERS)
    every_line = company.order_lines()
    engine.read(5, len(every_line), "orders.yxdb", seconds=0.9)
    engine.read(6, len(company.stores()), "stores.yxdb", seconds=0.2)
    lines = [
        line
        for line in every_line
        if start <= line.day <= end and region in {EVERY_REGION, line.store.region}
    ]
    engine.work(0.8)
    engine.say(7, f"{len(lines):,} records were True and {len(every_line) - len(lines):,} False")
    if not lines:
        engine.warn(7, f"No orders between {start} and {end}; the extract has a header only.")
    rows = [_line_row(line) + (_customer_cells(line) if details else ()) for line in lines]
    columns = LINE_COLUMNS + (CUSTOMER_COLUMNS if details else ())
    suffix = "all" if region == EVERY_REGION else region.lower()
    offer_csv(engine, 9, f"sales_{suffix}.csv", Table(columns, rows))
    engine.work(0.5)


def _line_row(line: company.OrderLine) -> Row:
    store, product = line.store, line.product
    return (
        *(line.order, line.day, store.region, store.code, store.city, line.channel),
        *(product.code, product.name, product.category),
        *(line.quantity, line.discount, line.amount),
    )


def _customer_cells(line: company.OrderLine) -> Row:
    customer = line.customer
    return customer.number, customer.name, customer.segment, customer.contact


SALES_EXTRACT = Workflow(
    slug="sales-extract",
    name="Sales extract by region",
    description="Every order line of a region and period, ready for your own analysis.",
    run=job("Sales extract by region.yxwz", _sales_extract),
    questions=(REGION, ON_OR_AFTER, ON_OR_BEFORE, WITH_CUSTOMERS),
    author="Priya Raman",
    file_name="Sales extract by region.yxwz",
    version_comment="Adds the customer details people asked for",
    tags=("sales", "extract"),
)


RECEIPTS = InterfaceTool(
    name="Receipts",
    kind=Kind.NUMERIC_UP_DOWN,
    description="How many till receipts to export, counted back from the newest",
    default="200000",
    minimum=1000,
    maximum=500_000,
    increment=1000,
    decimals=0,
    tool_id=3,
)
PAYMENT_WEIGHTS = {"Card": 61, "Invoice": 22, "Mobile": 11, "Cash": 6}
RECEIPT_COLUMNS = (
    *(Column("Receipt"), Column("Sold at"), Column("Store"), Column("Till")),
    *(Column("Product code"), Column("Quantity"), Column("Unit price EUR")),
    *(Column("Amount EUR"), Column("Payment"), Column("Loyalty card")),
)


def _transaction_dump(engine: Engine) -> None:
    count = number_of(engine, RECEIPTS)
    if count != int(count):
        raise ToolError(RECEIPTS.tool_id, f"{count:g} is not a whole number of receipts.")
    engine.work(1.2)
    engine.say(4, f'{int(count):,} records were read from "tills_*.yxdb" (4 files)')
    rows = list(_receipts(int(count), engine.context.seed))
    engine.work(0.6)
    offer_csv(engine, 8, "transactions.csv", Table(RECEIPT_COLUMNS, rows))


def _receipts(count: int, seed: int) -> Iterator[Row]:
    """Yield receipts, newest first; all columns are drawn at once because that is fast."""
    chance = random.Random(seed)
    stores = company.stores()
    sold_in = chance.choices(stores, [store.square_metres for store in stores], k=count)
    products = chance.choices(company.products(), k=count)
    quantities = chance.choices((1, 2, 3, 4, 5, 6, 10, 12), (44, 22, 11, 7, 5, 4, 4, 3), k=count)
    payments = chance.choices(list(PAYMENT_WEIGHTS), list(PAYMENT_WEIGHTS.values()), k=count)
    gaps = chance.choices(range(4, 90), k=count)
    tills = chance.choices((1, 1, 2, 2, 3, 4), k=count)
    cards = chance.choices((None, "yes", "no"), (6, 41, 53), k=count)
    sold_at = datetime.combine(company.LAST_DAY, time(19, 58))
    drawn = zip(sold_in, products, quantities, payments, gaps, tills, cards, strict=True)
    for number, (store, product, quantity, payment, gap, till, card) in enumerate(drawn):
        sold_at -= timedelta(seconds=gap)
        amount = f"{quantity * product.price:.2f}"
        cells = (store.code, till, product.code, quantity, f"{product.price:.2f}", amount)
        yield f"R{90_000_000 - number}", sold_at.isoformat(" "), *cells, payment, card


TRANSACTION_DUMP = Workflow(
    slug="transaction-dump",
    name="Till transactions in full",
    description="The newest till receipts of all stores, one line each: a large file for experts.",
    run=job("Till transactions in full.yxwz", _transaction_dump),
    questions=(RECEIPTS,),
    author="Data Platform Team",
    file_name="Till transactions in full.yxwz",
    tags=("sales", "large"),
)
