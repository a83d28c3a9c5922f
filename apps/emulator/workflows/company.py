"""Fernhill Supply, the made-up company whose figures all sample workflows report.

It sells office and kitchen goods from sixty European stores. Everything is generated from
one fixed seed, so that two workflows that speak of the same month agree to the cent.
"""

# ruff: noqa: S311, PLR2004 - made-up figures need chance that repeats, and odds written in place

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from apps.emulator.workflows.places import (
    CATALOGUE,
    FAMILY_NAMES,
    FIRST_NAMES,
    TOWNS,
    TRADE_NAMES,
    TRADES,
)

NAME = "Fernhill Supply"
FIRST_DAY = date(2024, 10, 1)
LAST_DAY = date(2026, 9, 30)
SEED = 20261025
CUSTOMERS = 720
SEGMENTS = ("Retail", "Hospitality", "Education", "Healthcare", "Public sector", "Online")
REGIONS = ("North", "East", "South", "West", "Central")
WAREHOUSES = ("Rotterdam", "Lyon", "Poznan", "Bilbao")
# Share of a year's demand per month, January first: quiet summers, a strong autumn.
SEASON = (0.92, 0.90, 1.02, 0.98, 0.97, 0.95, 0.84, 0.82, 1.10, 1.12, 1.22, 1.16)


@dataclass(frozen=True, slots=True)
class Store:
    """One store; ``code`` is what systems know, ``city`` what people say."""

    code: str
    city: str
    country: str
    region: str
    latitude: float
    longitude: float
    opened: date
    square_metres: int


@dataclass(frozen=True, slots=True)
class Product:
    """One article; prices in euro without tax."""

    code: str
    name: str
    category: str
    supplier: str
    price: float
    cost: float


@dataclass(frozen=True, slots=True)
class Customer:
    """One business customer of one store."""

    number: int
    name: str
    segment: str
    contact: str
    email: str
    store: Store
    since: date
    credit_limit: float | None
    newsletter: bool | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of one order; ``amount`` is in euro, net of discount and tax."""

    order: int
    day: date
    customer: Customer
    product: Product
    quantity: int
    discount: float
    amount: float
    channel: str

    @property
    def store(self) -> Store:
        return self.customer.store

    @property
    def margin(self) -> float:
        return self.amount - self.quantity * self.product.cost


@dataclass(frozen=True, slots=True)
class StockLot:
    """One delivery still (partly) lying in a warehouse on the last day."""

    lot: str
    warehouse: str
    product: Product
    received: date
    quantity: int

    @property
    def age(self) -> int:
        """Days between the delivery and the last day of the figures."""
        return (LAST_DAY - self.received).days

    @property
    def value(self) -> float:
        return round(self.quantity * self.product.cost, 2)


@cache
def stores() -> tuple[Store, ...]:
    """Return the sixty stores, ordered by code."""
    chance = random.Random(SEED)
    return tuple(
        Store(
            f"S{number:03d}",
            *town,
            opened=date(1998, 1, 1) + timedelta(days=chance.randrange(9000)),
            square_metres=chance.randrange(240, 1900, 20),
        )
        for number, town in enumerate(TOWNS, start=1)
    )


@cache
def products() -> tuple[Product, ...]:
    """Return the catalogue, ordered by code."""
    found: list[Product] = []
    for category, prefix, suppliers, articles in CATALOGUE:
        for number, (name, price) in enumerate(articles, start=1):
            supplier = suppliers[number % len(suppliers)]
            cost = round(price * (0.52 + 0.02 * ((number * 7) % 9)), 2)
            code = f"{prefix}-{number * 10:03d}"
            found.append(Product(code, name, category, supplier, price, cost))
    return tuple(sorted(found, key=lambda product: product.code))


@cache
def customers() -> tuple[Customer, ...]:
    """Return the business customers, ordered by number."""
    chance = random.Random(SEED + 1)
    places = stores()
    weights = [store.square_metres for store in places]
    return tuple(_customer(10_000 + 7 * n, chance, places, weights) for n in range(CUSTOMERS))


def _customer(
    number: int, chance: random.Random, places: Sequence[Store], weights: Sequence[int]
) -> Customer:
    first, last = chance.choice(FIRST_NAMES), chance.choice(FAMILY_NAMES)
    segment = chance.choices(SEGMENTS, (30, 20, 14, 12, 9, 15))[0]
    word, kind = chance.choice(TRADE_NAMES), chance.choice(TRADES[segment])
    store = chance.choices(places, weights)[0]
    mailbox = _plain(f"{first}.{last}")
    return Customer(
        number=number,
        name=f"{word} {kind}" if chance.random() < 0.6 else f"{last} {kind}",
        segment=segment,
        contact=f"{first} {last}",
        email=f"{mailbox}@{word.lower()}.example",
        store=store,
        since=FIRST_DAY - timedelta(days=int(chance.triangular(-600, 3000, 100))),
        credit_limit=chance.choice((None, 2500.0, 5000.0, 10_000.0, 25_000.0)),
        newsletter=chance.choice((True, False, None)),
    )


def _plain(name: str) -> str:
    """Return a name as it stands in an e-mail address: small ASCII letters and dots."""
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in decomposed if c.isascii() and (c.isalpha() or c == "."))


@cache
def order_lines() -> tuple[OrderLine, ...]:
    """Return two years of order lines (some 25,000), ordered by day and order number."""
    chance = random.Random(SEED + 2)
    drafts: list[tuple[date, Customer]] = []
    for customer in customers():
        drafts.extend((day, customer) for day in _order_days(customer, chance))
    drafts.sort(key=lambda draft: (draft[0], draft[1].number))
    found: list[OrderLine] = []
    for order, (day, customer) in enumerate(drafts, start=500_001):
        found.extend(_lines(order, day, customer, chance))
    return tuple(found)


@cache
def _lines_by_customer() -> dict[int, list[OrderLine]]:
    found: dict[int, list[OrderLine]] = {}
    for line in order_lines():
        found.setdefault(line.customer.number, []).append(line)
    return found


def lines_of(customer: int) -> list[OrderLine]:
    """Return a customer's order lines, oldest first."""
    return _lines_by_customer().get(customer, [])


def _order_days(customer: Customer, chance: random.Random) -> list[date]:
    """Return the days a customer orders on; about one in seven stops for good."""
    every = chance.triangular(14, 95, 30)
    day = max(customer.since, FIRST_DAY) + timedelta(days=chance.randrange(40))
    end = LAST_DAY
    if chance.random() < 0.15:
        end = LAST_DAY - timedelta(days=chance.randrange(60, 420))
    days: list[date] = []
    while day <= end:
        if day.weekday() < 6:
            days.append(day)
        growth = 1 + 0.34 * (day - FIRST_DAY).days / 365
        gap = chance.expovariate(SEASON[day.month - 1] * growth / every)
        day += timedelta(days=max(1, round(gap)))
    return days


def _lines(order: int, day: date, customer: Customer, chance: random.Random) -> list[OrderLine]:
    channel = "Web" if customer.segment == "Online" or chance.random() < 0.35 else "Store"
    found = []
    for product in chance.sample(products(), chance.choices((1, 2, 3, 4), (40, 32, 18, 10))[0]):
        quantity = max(1, round(chance.lognormvariate(2.1, 0.8) * 40 / (10 + product.price)))
        discount = chance.choices((0.0, 0.05, 0.10, 0.15), (70, 14, 11, 5))[0]
        amount = round(quantity * product.price * (1 - discount), 2)
        found.append(OrderLine(order, day, customer, product, quantity, discount, amount, channel))
    return found


@cache
def stock_lots() -> tuple[StockLot, ...]:
    """Return what lies in the four warehouses on the last day."""
    chance = random.Random(SEED + 3)
    found: list[StockLot] = []
    for warehouse in WAREHOUSES:
        for product in products():
            for _ in range(chance.choices((0, 1, 2, 3), (10, 35, 35, 20))[0]):
                received = LAST_DAY - timedelta(days=int(chance.expovariate(1 / 95)))
                quantity = max(1, round(chance.lognormvariate(4.2, 0.9) * 20 / (8 + product.price)))
                lot = f"L{len(found) + 3101:05d}"
                found.append(StockLot(lot, warehouse, product, received, quantity))
    return tuple(found)


def months() -> tuple[date, ...]:
    """Return the first days of the months the figures cover, oldest first."""
    count = (LAST_DAY.year - FIRST_DAY.year) * 12 + LAST_DAY.month - FIRST_DAY.month + 1
    base = FIRST_DAY.year * 12 + FIRST_DAY.month - 1
    return tuple(date((base + n) // 12, (base + n) % 12 + 1, 1) for n in range(count))


def month_of(day: date) -> date:
    """Return the first day of the month that ``day`` lies in."""
    return day.replace(day=1)
