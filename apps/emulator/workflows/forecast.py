"""Demand forecast: fits one small model per product, and takes its time."""

# ruff: noqa: S311 - simulated futures need chance that repeats

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company, html_report
from apps.emulator.workflows.answers import item_of, items, number_of
from apps.emulator.workflows.engine import Engine, job
from apps.emulator.workflows.html_report import Course, Tile
from apps.emulator.workflows.tables import Column, Row, Style, Table, offer_csv, offer_html

EVERYTHING = "*"
CATEGORY = InterfaceTool(
    name="Category",
    kind=Kind.LIST_BOX,
    description="Forecast which products?",
    default=EVERYTHING,
    items=items(
        ("All categories", EVERYTHING),
        *sorted({product.category for product in company.products()}),
    ),
    multiple=False,
    tool_id=111,
)
MONTHS_AHEAD = InterfaceTool(
    name="Months ahead",
    kind=Kind.NUMERIC_UP_DOWN,
    description="How many months to look ahead",
    default="6",
    minimum=1,
    maximum=12,
    increment=1,
    decimals=0,
    tool_id=112,
)
STEPS = 14
SECONDS_PER_STEP = 3.0
FUTURES = 60  # simulated courses per product
COLUMNS = (
    *(Column("Product code"), Column("Product", width=32), Column("Category"), Column("Month")),
    *(Column("Expected EUR", Style.MONEY), Column("Low EUR", Style.MONEY)),
    *(Column("High EUR", Style.MONEY), Column("Same month a year before EUR", Style.MONEY)),
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of one product, per month ahead; amounts in euro."""

    product: company.Product
    history: tuple[float, ...]
    futures: tuple[tuple[float, ...], ...]

    def expected(self, month: int) -> float:
        return sum(future[month] for future in self.futures) / len(self.futures)

    def quantile(self, month: int, share: float) -> float:
        ordered = sorted(future[month] for future in self.futures)
        return ordered[round(share * (len(ordered) - 1))]


def _demand_forecast(engine: Engine) -> None:
    category = item_of(engine, CATEGORY).value
    ahead = round(number_of(engine, MONTHS_AHEAD))
    engine.read(4, len(company.order_lines()), "orders.yxdb", seconds=1.5)
    history = _history()
    wanted = [p for p in company.products() if category in {EVERYTHING, p.category}]
    chance = random.Random(engine.context.seed)
    # What all products share: without it single ups and downs would cancel out in the total.
    mood = [[chance.gauss(0, 0.06) for _ in range(ahead)] for _ in range(FUTURES)]
    outlooks: list[Outlook] = []
    for step in range(STEPS):
        begin, end = (len(wanted) * n // STEPS for n in (step, step + 1))
        outlooks += [_outlook(p, history[p.code], mood, chance) for p in wanted[begin:end]]
        engine.work(SECONDS_PER_STEP)
        done = (step + 1) / STEPS
        engine.say(8, f"{done:.0%} done: {len(outlooks)} of {len(wanted)} models are fitted")
    months = _months_ahead(ahead)
    rows = [row for outlook in outlooks for row in _rows(outlook, months)]
    engine.work(1.0)
    report = _report(outlooks, months, item_of(engine, CATEGORY).key)
    offer_html(engine, 11, "demand_forecast.html", report)
    offer_csv(engine, 12, "demand_forecast.csv", Table(COLUMNS, rows))


def _history() -> dict[str, tuple[float, ...]]:
    """Return sales in euro by product code, one figure per month of the company's figures."""
    sums: defaultdict[tuple[str, date], float] = defaultdict(float)
    for line in company.order_lines():
        sums[line.product.code, company.month_of(line.day)] += line.amount
    months = company.months()
    return {
        product.code: tuple(round(sums[product.code, month], 2) for month in months)
        for product in company.products()
    }


def _outlook(
    product: company.Product,
    history: tuple[float, ...],
    mood: Sequence[Sequence[float]],
    chance: random.Random,
) -> Outlook:
    """Fit growth of the last year over the one before, and the season of both."""
    before, last = history[:12], history[12:]
    growth = min(1.4, max(0.75, sum(last) / max(1.0, sum(before))))
    mean = sum(last) / 12
    season = [(a + b) / (sum(history) / 12) for a, b in zip(before, last, strict=True)]
    errors = [
        b / (mean * s) - 1 for b, s in zip(last, season, strict=True) if mean > 0 and s > 0
    ] or [0.0]
    futures = []
    for feelings in mood:
        level, course = mean * growth**0.5, []
        for month, feeling in enumerate(feelings):
            level *= growth ** (1 / 12)
            shock = chance.choice(errors) + feeling
            course.append(max(0.0, level * season[month % 12] * (1 + shock)))
        futures.append(tuple(course))
    return Outlook(product, history, tuple(futures))


def _months_ahead(count: int) -> list[date]:
    base = company.LAST_DAY.year * 12 + company.LAST_DAY.month
    return [date((base + n) // 12, (base + n) % 12 + 1, 1) for n in range(count)]


def _rows(outlook: Outlook, months: Sequence[date]) -> list[Row]:
    product = outlook.product
    return [
        (
            *(product.code, product.name, product.category, f"{month:%Y-%m}"),
            round(outlook.expected(n), 2),
            round(outlook.quantile(n, 0.1), 2),
            round(outlook.quantile(n, 0.9), 2),
            outlook.history[12 + n],
        )
        for n, month in enumerate(months)
    ]


def _report(outlooks: Sequence[Outlook], months: Sequence[date], chosen: str) -> str:
    past = [sum(o.history[n] for o in outlooks) for n in range(24)]
    sums = [
        [sum(o.futures[k][n] for o in outlooks) for k in range(FUTURES)] for n in range(len(months))
    ]
    middle = [sum(values) / FUTURES for values in sums]
    low, high = ([sorted(values)[k] for values in sums] for k in (FUTURES // 10, FUTURES * 9 // 10))
    year_before = sum(past[12 : 12 + len(months)])
    change = sum(middle) / year_before - 1
    tiles = [
        Tile("Expected sales", f"{sum(middle):,.0f} EUR", f"next {len(months)} months"),
        Tile(
            "Against a year before",
            f"{change:+.1%}",
            "the same months",
            "good" if change > 0 else "bad",
        ),
        Tile("Products", f"{len(outlooks)}", "one model each"),
        Tile("Next month", f"{middle[0]:,.0f} EUR", f"{low[0]:,.0f} to {high[0]:,.0f}"),
    ]
    labels = [f"{month:%b %y}" for month in (*company.months(), *months)]
    start: list[float | None] = [*([None] * 23), past[-1]]
    none_ahead: list[float | None] = [None] * len(months)
    courses = [
        Course("Forecast", [*start, *middle], "#d98a1f", [*start, *low], [*start, *high]),
        Course("Sales so far", [*past, *none_ahead], "#12877f"),
    ]
    most = sorted(outlooks, key=lambda o: -o.expected(0))[:12]
    bars = [(o.product.name, o.expected(0)) for o in most]
    lead = "The band holds eight of ten simulated courses."
    sections = [
        html_report.section("Sales per month", html_report.line_chart(labels, courses), lead=lead),
        html_report.section(
            f"Strongest products in {months[0]:%B %Y}", html_report.bar_chart(bars, unit=" EUR")
        ),
    ]
    subtitle = f"{chosen} · {months[0]:%B %Y} to {months[-1]:%B %Y}"
    return html_report.page("Demand forecast", subtitle, tiles, sections)


DEMAND_FORECAST = Workflow(
    slug="demand-forecast",
    name="Demand forecast",
    description="Expected sales per product for the coming months; takes most of a minute.",
    run=job("Demand forecast.yxwz", _demand_forecast),
    questions=(CATEGORY, MONTHS_AHEAD),
    author="Anouk Jansen",
    file_name="Demand forecast.yxwz",
    tags=("planning", "slow"),
)
