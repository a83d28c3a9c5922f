"""Workflows about prices: exchange rates of a day, and a price list to hand out."""

# ruff: noqa: S311 - made-up rates need chance that repeats

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import cache

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company
from apps.emulator.workflows.answers import (
    button_of,
    date_of,
    item_of,
    items,
    items_of,
    number_of,
    text_of,
)
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

# Units of a currency for one euro on the first day, and its usual daily move.
CURRENCIES = {
    "CHF": ("Swiss franc", 0.943, 0.0022),
    "CZK": ("Czech koruna", 25.21, 0.0021),
    "DKK": ("Danish krone", 7.459, 0.0001),
    "GBP": ("Pound sterling", 0.834, 0.0027),
    "HUF": ("Hungarian forint", 397.4, 0.0038),
    "JPY": ("Japanese yen", 160.2, 0.0046),
    "NOK": ("Norwegian krone", 11.72, 0.0036),
    "PLN": ("Polish zloty", 4.283, 0.0029),
    "SEK": ("Swedish krona", 11.31, 0.0031),
    "USD": ("US dollar", 1.114, 0.0034),
}
EURO = "EUR"
SATURDAY = 5

RATE_DAY = InterfaceTool(
    name="Rate date",
    kind=Kind.DATE,
    description="Day of the rates",
    default="2026-09-30",
    tool_id=11,
)
BASE = InterfaceTool(
    name="Base currency",
    kind=Kind.LIST_BOX,
    description="One unit of which currency shall be converted?",
    default=EURO,
    items=items(
        ("Euro", EURO), *((CURRENCIES[code][0], code) for code in ("USD", "GBP", "CHF", "SEK"))
    ),
    multiple=False,
    tool_id=12,
)
RATE_COLUMNS = (
    Column("Currency"),
    Column("Name", width=20),
    Column("Rate date", Style.DAY),
    Column("Rate", Style.RATE),
    Column("Previous", Style.RATE),
    Column("Change", Style.SHARE),
    Column("Lowest in 30 days", Style.RATE),
    Column("Highest in 30 days", Style.RATE),
)


@cache
def _rates(currency: str) -> dict[date, float]:
    """Return what one euro buys on every working day: a seeded random walk."""
    if currency == EURO:
        return dict.fromkeys(_rates("USD"), 1.0)
    _name, start, step = CURRENCIES[currency]
    chance = random.Random(f"{company.SEED} {currency}")
    found, rate, day = {}, start, company.FIRST_DAY - timedelta(days=60)
    while day <= company.LAST_DAY:
        if day.weekday() < SATURDAY:
            rate *= 1 + chance.gauss(0, step) + 0.004 * (start / rate - 1)
            found[day] = rate
        day += timedelta(days=1)
    return found


def _exchange_rates(engine: Engine) -> None:
    asked, base = date_of(engine, RATE_DAY), item_of(engine, BASE).value
    if not company.FIRST_DAY <= asked <= company.LAST_DAY:
        raise ToolError(
            RATE_DAY.tool_id,
            f"No rates were published for {asked}; there are rates from {company.FIRST_DAY}"
            f" to {company.LAST_DAY}.",
        )
    day = asked - timedelta(days=max(0, asked.weekday() - SATURDAY + 1))
    days = [known for known in _rates("USD") if known <= day][-31:]
    engine.read(4, len(days) * len(CURRENCIES), "reference_rates.csv", seconds=0.5)
    if day != asked:
        engine.warn(6, f"{asked} is not a working day; the rates of {day} are used.")
    wanted = [code for code in (EURO, *CURRENCIES) if code != base]
    rows = [_rate_row(code, base, days) for code in wanted]
    engine.work(0.4)
    offer_csv(engine, 9, f"exchange_rates_{day}.csv", Table(RATE_COLUMNS, rows))


def _rate_row(code: str, base: str, days: list[date]) -> Row:
    course = [round(_rates(code)[day] / _rates(base)[day], 6) for day in days]
    name = "Euro" if code == EURO else CURRENCIES[code][0]
    change = round(course[-1] / course[-2] - 1, 6)
    return code, name, days[-1], course[-1], course[-2], change, min(course), max(course)


EXCHANGE_RATES = Workflow(
    slug="exchange-rates",
    name="Exchange-rate table",
    description="The day's reference rates with their last move and 30-day range.",
    run=job("Exchange-rate table.yxwz", _exchange_rates),
    questions=(RATE_DAY, BASE),
    author="Group Treasury",
    file_name="Exchange-rate table.yxwz",
    tags=("treasury", "daily"),
)


CATEGORIES = InterfaceTool(
    name="Categories",
    kind=Kind.LIST_BOX,
    description="Leave a category out to leave out its products",
    default=",".join(sorted({entry.code[:3] for entry in company.products()})),
    items=items(*sorted({(product.category, product.code[:3]) for product in company.products()})),
    multiple=True,
    tool_id=21,
)
CODES = InterfaceTool(
    name="Product codes",
    kind=Kind.TEXT_BOX,
    description="Only these products, one code per line; leave empty for all",
    default="",
    is_multiline=True,
    tool_id=22,
)
WITHOUT_TAX = InterfaceTool(
    name="Prices without tax",
    kind=Kind.RADIO_GROUP,
    description="Prices without tax, for business customers",
    default="True",
    tool_id=23,
    group="Prices",
)
WITH_TAX = InterfaceTool(
    name="Prices with tax",
    kind=Kind.RADIO_GROUP,
    description="Prices with tax, for the shop window",
    default="False",
    tool_id=24,
    group="Prices",
)
TAX_RATES = {
    "AT": ("Austria", 20),
    "DE": ("Germany", 19),
    "DK": ("Denmark", 25),
    "ES": ("Spain", 21),
    "FR": ("France", 20),
    "IT": ("Italy", 22),
}
TAX_COUNTRY = InterfaceTool(
    name="Tax of country",
    kind=Kind.LIST_BOX,
    description="Whose tax rate applies?",
    default="DE",
    items=items(*((f"{country} ({rate} %)", code) for code, (country, rate) in TAX_RATES.items())),
    multiple=False,
    tool_id=25,
    group="Prices",
    inside="Prices with tax",
)
REBATE = InterfaceTool(
    name="Rebate",
    kind=Kind.NUMERIC_UP_DOWN,
    description="Rebate on every price, in percent",
    default="0",
    minimum=0,
    maximum=40,
    increment=0.5,
    decimals=1,
    tool_id=26,
    group="Prices",
)


def _price_list(engine: Engine) -> None:
    prefixes = {item.value for item in items_of(engine, CATEGORIES)}
    codes = set(text_of(engine, CODES).upper().replace(",", " ").split())
    factor, tax = 1 - number_of(engine, REBATE) / 100, "without tax"
    if button_of(engine, (WITHOUT_TAX, WITH_TAX)) is WITH_TAX:
        country, rate = TAX_RATES[item_of(engine, TAX_COUNTRY).value]
        factor, tax = factor * (1 + rate / 100), f"with {rate} % tax ({country})"
    known = company.products()
    engine.read(4, len(known), "products.yxdb", seconds=0.4)
    unknown = codes - {product.code for product in known}
    if unknown:
        engine.warn(5, f"Not in the catalogue: {', '.join(sorted(unknown))}")
    rows: list[Row] = [
        (p.code, p.name, p.category, p.supplier, round(p.price * factor, 2))
        for p in known
        if p.code[:3] in prefixes and (not codes or p.code in codes)
    ]
    if not rows:
        raise ToolError(8, "No product is left after the filter; nothing to list.")
    engine.work(0.7)
    price = Column(f"Price EUR {tax}", Style.MONEY, 24)
    columns = (Column("Code"), Column("Product", width=34), Column("Category"))
    table = Table((*columns, Column("Supplier", width=20), price), rows)
    title = f"{company.NAME}: price list, EUR {tax}"
    offer_xlsx(engine, 9, "price_list.xlsx", [Sheet("Price list", table, title)])


PRICE_LIST = Workflow(
    slug="price-list",
    name="Price list to hand out",
    description="A price list for the products you choose, with or without tax, with your rebate.",
    run=job("Price list to hand out.yxwz", _price_list),
    questions=(CATEGORIES, CODES, WITHOUT_TAX, WITH_TAX, TAX_COUNTRY, REBATE),
    author="Tomas Keller",
    file_name="Price list to hand out.yxwz",
    tags=("sales", "prices"),
)
