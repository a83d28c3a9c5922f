"""KPI deck: four pages of a month's key figures for one of three audiences, as pdf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company
from apps.emulator.workflows.answers import button_of, item_of, items, number_of
from apps.emulator.workflows.company import OrderLine
from apps.emulator.workflows.engine import Engine, job
from apps.emulator.workflows.figures import Figures, by, in_months, total
from apps.emulator.workflows.html_report import Tile
from apps.emulator.workflows.pdf_pages import ACCENT, AMBER, MARGIN, WIDTH, Deck
from apps.emulator.workflows.tables import Column, Row, Style, Table

FOR_MANAGEMENT = InterfaceTool(
    name="For management",
    kind=Kind.RADIO_GROUP,
    description="Management: sales, customers and growth",
    default="True",
    tool_id=131,
    group="Who is it for?",
)
FOR_STORES = InterfaceTool(
    name="For store operations",
    kind=Kind.RADIO_GROUP,
    description="Store operations: orders, pieces and sales per square metre",
    default="False",
    tool_id=132,
    group="Who is it for?",
)
FOR_FINANCE = InterfaceTool(
    name="For finance",
    kind=Kind.RADIO_GROUP,
    description="Finance: margin, discounts and cost of goods",
    default="False",
    tool_id=133,
    group="Who is it for?",
)
MONTH = InterfaceTool(
    name="Reporting month",
    kind=Kind.LIST_BOX,
    description="Which month shall the deck report?",
    default="2026-09",
    # The first year is there to be compared with.
    items=items(*((f"{m:%B %Y}", f"{m:%Y-%m}") for m in reversed(company.months()[12:]))),
    multiple=False,
    tool_id=134,
)
TOP_STORES = InterfaceTool(
    name="Stores in the ranking",
    kind=Kind.NUMERIC_UP_DOWN,
    description="How many stores the ranking shows",
    default="15",
    minimum=5,
    maximum=20,
    increment=1,
    decimals=0,
    tool_id=135,
)


@dataclass(frozen=True, slots=True)
class Focus:
    """What one audience looks at: its main figure and its tiles."""

    audience: str
    figure: str
    value: Callable[[Figures], float]
    tiles: Callable[[Figures, Figures], list[Tile]]


def _change(now: float, before: float) -> tuple[str, str]:
    """Return a year's change as a note and a tone."""
    change = now / before - 1 if before else 0.0
    return f"{change:+.1%} on a year before", "good" if change >= 0 else "bad"


def _tile(label: str, text: str, now: float, before: float) -> Tile:
    return Tile(label, text, *_change(now, before))


def _management_tiles(now: Figures, before: Figures) -> list[Tile]:
    return [
        _tile("Net sales", f"{now.sales / 1000:,.0f}k EUR", now.sales, before.sales),
        _tile("Margin", f"{now.margin / 1000:,.0f}k EUR", now.margin, before.margin),
        _tile("Customers", f"{len(now.customers):,}", len(now.customers), len(before.customers)),
        _tile(
            "Average order",
            f"{now.average_order:,.0f} EUR",
            now.average_order,
            before.average_order,
        ),
    ]


def _store_tiles(now: Figures, before: Figures) -> list[Tile]:
    floor = sum(store.square_metres for store in company.stores())
    per_metre = now.sales / floor
    return [
        _tile("Orders", f"{len(now.orders):,}", len(now.orders), len(before.orders)),
        _tile("Pieces sold", f"{now.pieces:,}", now.pieces, before.pieces),
        _tile("Sales per m²", f"{per_metre:,.2f} EUR", per_metre, before.sales / floor),
        _tile("Net sales", f"{now.sales / 1000:,.0f}k EUR", now.sales, before.sales),
    ]


def _finance_tiles(now: Figures, before: Figures) -> list[Tile]:
    cost, cost_before = now.sales - now.margin, before.sales - before.margin
    return [
        _tile("Margin", f"{now.margin / 1000:,.0f}k EUR", now.margin, before.margin),
        _tile("Margin rate", f"{now.margin_rate:.1%}", now.margin_rate, before.margin_rate),
        Tile("Cost of goods", f"{cost / 1000:,.0f}k EUR", _change(cost, cost_before)[0]),
        Tile("Discounts", f"{now.discount_rate:.1%}", "of the list price", "warn"),
    ]


FOCUSES = {
    FOR_MANAGEMENT.name: Focus("Management", "Net sales", lambda f: f.sales, _management_tiles),
    FOR_STORES.name: Focus("Store operations", "Orders", lambda f: len(f.orders), _store_tiles),
    FOR_FINANCE.name: Focus("Finance", "Margin", lambda f: f.margin, _finance_tiles),
}


def _kpi_deck(engine: Engine) -> None:
    focus = FOCUSES[button_of(engine, (FOR_MANAGEMENT, FOR_STORES, FOR_FINANCE)).name]
    month = date.fromisoformat(f"{item_of(engine, MONTH).value}-01")
    count = round(number_of(engine, TOP_STORES))
    year_before = month.replace(year=month.year - 1)
    lines, lines_before = in_months([month]), in_months([year_before])
    engine.read(4, len(lines) + len(lines_before), "orders.yxdb", seconds=0.9)
    engine.say(6, f"Figures of {month:%B %Y} and of {year_before:%B %Y} were compared")
    engine.work(1.6)
    name = f"kpi_deck_{month:%Y-%m}.pdf"
    path = engine.folder / name
    deck = Deck(path, f"KPI deck {month:%B %Y}", company.NAME)
    facts = [f"Prepared for {focus.audience}", "Amounts in euro, without tax"]
    deck.cover("KPI deck", f"{month:%B %Y}", facts)
    _overview(deck, focus, month, total(lines), total(lines_before))
    _breakdown(deck, focus, month, lines)
    _ranking(deck, month, lines, lines_before, count)
    deck.save()
    engine.offer(9, name, {"Raw": path, "Pdf": path})
    engine.work(0.5)


def _overview(deck: Deck, focus: Focus, month: date, now: Figures, before: Figures) -> None:
    deck.page("The month at a glance", f"{month:%B %Y} · {focus.audience}")
    deck.tiles(focus.tiles(now, before), top=100)
    every_month = company.months()
    end = every_month.index(month) + 1
    sums = by(company.order_lines(), lambda line: company.month_of(line.day))
    this_year = [focus.value(sums[m]) for m in every_month[end - 12 : end]]
    last_year = [focus.value(sums[m]) for m in every_month[max(0, end - 24) : end - 12]]
    labels = [f"{m:%b}" for m in every_month[end - 12 : end]]
    courses = [("Twelve months", this_year, ACCENT)]
    if len(last_year) == len(this_year):
        courses.insert(0, ("The twelve before", last_year, AMBER))
    heading = f"{focus.figure} per month"
    deck.lines(heading, labels, courses, (MARGIN, 226), (WIDTH - 2 * MARGIN, 310))


def _breakdown(deck: Deck, focus: Focus, month: date, lines: Sequence[OrderLine]) -> None:
    deck.page("Where it comes from", f"{focus.figure} in {month:%B %Y}")
    half = (WIDTH - 2 * MARGIN - 30) / 2
    right = MARGIN + half + 30
    charts: list[tuple[str, Callable[[OrderLine], str], float, float]] = [
        ("Regions", lambda line: line.store.region, MARGIN, 112),
        ("Categories", lambda line: line.product.category, right, 112),
        ("Customer segments", lambda line: line.customer.segment, MARGIN, 348),
        ("Channels", lambda line: line.channel, right, 348),
    ]
    for heading, key, left, top in charts:
        values = {name: focus.value(figures) for name, figures in by(lines, key).items()}
        ordered = sorted(values.items(), key=lambda entry: -entry[1])
        colour = ACCENT if left == MARGIN else AMBER
        height = 24 + 29 * len(ordered)
        deck.bars(heading, ordered, (left, top), (half, height), colour=colour)


def _ranking(
    deck: Deck,
    month: date,
    lines: Sequence[OrderLine],
    lines_before: Sequence[OrderLine],
    count: int,
) -> None:
    deck.page("Strongest stores", f"By net sales in {month:%B %Y}")
    now = by(lines, lambda line: line.store)
    before = by(lines_before, lambda line: line.store)
    best = sorted(now, key=lambda store: (-now[store].sales, store.code))[:count]
    rows: list[Row] = []
    for rank, store in enumerate(best, start=1):
        figures = now[store]
        earlier = before[store].sales if store in before else 0.0
        change = figures.sales / earlier - 1 if earlier else None
        facts = (len(figures.orders), figures.sales, figures.margin_rate, change)
        rows.append((str(rank), store.city, store.country, store.region, *facts))
    columns = (
        *(Column("", width=4), Column("Store", width=16), Column("Country", width=18)),
        *(Column("Region", width=12), Column("Orders", Style.WHOLE, 11)),
        *(Column("Net sales", Style.MONEY, 15), Column("Margin rate", Style.SHARE, 13)),
        Column("On a year before", Style.SHARE, 17),
    )
    deck.table(Table(columns, rows), top=112)


KPI_DECK = Workflow(
    slug="kpi-deck",
    name="KPI deck",
    description="A month's key figures as four pages to present, for the audience you choose.",
    run=job("KPI deck.yxwz", _kpi_deck),
    questions=(FOR_MANAGEMENT, FOR_STORES, FOR_FINANCE, MONTH, TOP_STORES),
    author="Priya Raman",
    file_name="KPI deck.yxwz",
    tags=("management", "pdf"),
)
