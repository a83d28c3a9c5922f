"""How the demo exposes the pretend Gallery's workflows: category, icon and who may run each."""

from __future__ import annotations

from dataclasses import dataclass

from apps.home.demo.cast import FINANCE, OPERATIONS, SALES


@dataclass(frozen=True, slots=True)
class Tile:
    """One app of the catalogue; without groups it is for everyone."""

    category: str = ""
    icon: str = "chart-column"
    groups: tuple[str, ...] = ()


# By the workflow's slug; one that is not listed is for everyone.
TILES = {
    "sales-extract": Tile("Sales", "table-2", (SALES, FINANCE)),
    "customer-churn": Tile("Sales", "trending-up", (SALES,)),
    "price-list": Tile("Sales", "wallet", (SALES,)),
    "customer-list": Tile("Sales", "users", (SALES, OPERATIONS)),
    "kpi-deck": Tile("Sales", "presentation", (SALES, FINANCE)),
    "regional-picture": Tile("Sales", "image", (SALES,)),
    "store-map": Tile("Sales", "map", (SALES, OPERATIONS)),
    "transaction-dump": Tile("Sales", "receipt", (SALES, FINANCE)),
    "budget-check": Tile("Finance", "clipboard-check", (FINANCE,)),
    "month-end-close": Tile("Finance", "calendar-check", (FINANCE,)),
    "exchange-rates": Tile("Finance", "coins"),
    "supplier-invoice-match": Tile("Finance", "scale", (FINANCE,)),
    "inventory-ageing": Tile("Operations", "warehouse", (OPERATIONS, FINANCE)),
    "demand-forecast": Tile("Operations", "chart-line", (OPERATIONS, SALES)),
    "data-quality-scan": Tile("Operations", "shield-check", (OPERATIONS,)),
    "cache-refresh": Tile("Operations", "refresh-cw", (OPERATIONS,)),
    "headcount-snapshot": Tile("People", "users", (OPERATIONS,)),
    "absence-overview": Tile("People", "calendar", (OPERATIONS,)),
}
