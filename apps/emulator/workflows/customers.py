"""Workflows about customers: who they are, and who is about to leave."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company
from apps.emulator.workflows.answers import flag_of, items, items_of
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.tables import Column, Row, Style, Table, offer_yxdb
from apps.emulator.workflows.yxdb_writer import Field, FieldType

STORES = InterfaceTool(
    name="Stores",
    kind=Kind.LIST_BOX,
    description="Customers of which stores?",
    default="S022,S041,S044,S056",
    items=items(*((f"{store.city} ({store.country})", store.code) for store in company.stores())),
    multiple=True,
    tool_id=31,
)
ACTIVE_ONLY = InterfaceTool(
    name="Active customers only",
    kind=Kind.BOOLEAN_GROUP,
    description="Leave out customers without an order in the last twelve months",
    default="True",
    tool_id=32,
)
FIELDS = (
    Field("CustomerID", FieldType.INT32),
    Field("Name", FieldType.V_WSTRING, 120),
    Field("Segment", FieldType.STRING, 16),
    Field("Contact", FieldType.V_WSTRING, 80),
    Field("Email", FieldType.WSTRING, 60),
    Field("Store", FieldType.STRING, 4),
    Field("City", FieldType.V_WSTRING, 40),
    Field("CustomerSince", FieldType.DATE),
    Field("LastOrder", FieldType.DATE_TIME),
    Field("Orders", FieldType.INT64),
    Field("NetSales", FieldType.DOUBLE),
    Field("CreditLimit", FieldType.FIXED_DECIMAL, 12, 2),
    Field("Newsletter", FieldType.BOOL),
)
STYLES = {"CustomerSince": Style.DAY, "NetSales": Style.MONEY}


def _customer_list(engine: Engine) -> None:
    codes = {item.value for item in items_of(engine, STORES)}
    if not codes:
        raise ToolError(STORES.tool_id, "No store is selected; choose at least one.")
    everyone = company.customers()
    engine.read(4, len(everyone), "customers.yxdb", seconds=0.6)
    lines = company.order_lines()
    engine.read(5, len(lines), "orders.yxdb", seconds=0.8)
    rows = [_row(customer) for customer in everyone if customer.store.code in codes]
    if flag_of(engine, ACTIVE_ONLY):
        year_ago = datetime.combine(company.LAST_DAY.replace(year=2025), time())
        rows = [row for row in rows if isinstance(row[8], datetime) and row[8] > year_ago]
    engine.join(7, len(rows), len(everyone) - len(rows), 0)
    engine.work(0.5)
    columns = tuple(Column(field.name, STYLES.get(field.name, Style.TEXT)) for field in FIELDS)
    offer_yxdb(engine, 9, "customers.yxdb", FIELDS, Table(columns, rows))


def _row(customer: company.Customer) -> Row:
    lines = company.lines_of(customer.number)
    orders = {line.order for line in lines}
    last = None
    if lines:
        # Orders carry no time of day; their number spreads them over the opening hours.
        hours = time(8 + lines[-1].order % 11, lines[-1].order * 7 % 60)
        last = datetime.combine(lines[-1].day, hours)
    limit = customer.credit_limit
    return (
        *(customer.number, customer.name, customer.segment, customer.contact, customer.email),
        *(customer.store.code, customer.store.city, customer.since, last, len(orders)),
        round(sum(line.amount for line in lines), 2),
        None if limit is None else Decimal(f"{limit:.2f}"),
        customer.newsletter,
    )


CUSTOMER_LIST = Workflow(
    slug="customer-list",
    name="Customer list for stores",
    description="Contacts, credit limits and last orders of the customers of your stores.",
    run=job("Customer list for stores.yxwz", _customer_list),
    questions=(STORES, ACTIVE_ONLY),
    author="Marta Kowalska",
    file_name="Customer list for stores.yxwz",
    tags=("customers",),
)
