"""Figures that more than one report shows: sales, margin and orders by month, region, store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from apps.emulator.workflows import company
from apps.emulator.workflows.company import OrderLine

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Figures:
    """Sums over some order lines; amounts in euro."""

    sales: float = 0.0
    margin: float = 0.0
    list_price: float = 0.0
    pieces: int = 0
    orders: set[int] = field(default_factory=set)
    customers: set[int] = field(default_factory=set)

    def add(self, line: OrderLine) -> None:
        self.sales += line.amount
        self.margin += line.margin
        self.list_price += line.quantity * line.product.price
        self.pieces += line.quantity
        self.orders.add(line.order)
        self.customers.add(line.customer.number)

    @property
    def margin_rate(self) -> float:
        return self.margin / self.sales if self.sales else 0.0

    @property
    def discount_rate(self) -> float:
        return 1 - self.sales / self.list_price if self.list_price else 0.0

    @property
    def average_order(self) -> float:
        return self.sales / len(self.orders) if self.orders else 0.0


def total(lines: Iterable[OrderLine]) -> Figures:
    """Return the figures of all lines together."""
    figures = Figures()
    for line in lines:
        figures.add(line)
    return figures


def by(lines: Iterable[OrderLine], key: Callable[[OrderLine], Key]) -> dict[Key, Figures]:
    """Return the figures of each group of lines with an equal key."""
    groups: defaultdict[Key, Figures] = defaultdict(Figures)
    for line in lines:
        groups[key(line)].add(line)
    return dict(groups)


def in_months(months: Sequence[date]) -> list[OrderLine]:
    """Return the order lines of whole months."""
    wanted = set(months)
    return [line for line in company.order_lines() if company.month_of(line.day) in wanted]
