"""Store map: takes a tree and a map as answers, the two kinds the Gallery's API cannot ask."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company, html_report
from apps.emulator.workflows.answers import text_of
from apps.emulator.workflows.company import Store
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.html_report import Tile
from apps.emulator.workflows.tables import Column, Row, Style, Table, offer_csv, offer_html

PLACES = InterfaceTool(
    name="Places",
    kind=Kind.TREE,
    description="Regions, countries or single stores to show; nothing chosen means all",
    default='["REGION:North","REGION:East","REGION:South","REGION:West","REGION:Central"]',
    tool_id=121,
)
AREA = InterfaceTool(
    name="Area",
    kind=Kind.MAP,
    description="Draw a box around the area to show: west, south, east and north in degrees",
    default="-12,34,30,66",
    tool_id=122,
)
COLOURS = {
    "North": "#2f6fb0",
    "East": "#8b5aa8",
    "South": "#d98a1f",
    "West": "#12877f",
    "Central": "#b2453f",
}
COLUMNS = (
    *(Column("Store"), Column("City"), Column("Country", width=18), Column("Region")),
    *(Column("Latitude", Style.RATE), Column("Longitude", Style.RATE)),
    *(Column("Floor m2", Style.WHOLE), Column("Sales last 12 months EUR", Style.MONEY)),
)
WIDTH = 1000
Area = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Box:
    """An area in degrees, drawn in Mercator's projection."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, store: Store) -> bool:
        return (
            self.west <= store.longitude <= self.east and self.south <= store.latitude <= self.north
        )

    @property
    def height(self) -> float:
        """The picture's height in units of its width ``WIDTH``."""
        span = _mercator(self.north) - _mercator(self.south)
        return WIDTH * span / math.radians(self.east - self.west)

    def x(self, longitude: float) -> float:
        return WIDTH * (longitude - self.west) / (self.east - self.west)

    def y(self, latitude: float) -> float:
        span = _mercator(self.north) - _mercator(self.south)
        return self.height * (_mercator(self.north) - _mercator(latitude)) / span


def _mercator(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude)))


def _store_map(engine: Engine) -> None:
    box, nodes = _box(engine), _nodes(engine)
    every_store = company.stores()
    engine.read(4, len(every_store), "stores.yxdb", seconds=0.5)
    sales = _sales_by_store()
    chosen = [store for store in every_store if not nodes or nodes & _node_names(store)]
    inside = [store for store in chosen if box.holds(store)]
    if not inside:
        raise ToolError(AREA.tool_id, "None of the chosen stores lies in the chosen area.")
    if len(inside) < len(chosen):
        engine.warn(6, f"{len(chosen) - len(inside)} of the chosen stores lie outside the area.")
    engine.say(7, f"{len(inside)} stores were matched with the area")
    engine.work(1.2)
    rows = [_row(store, sales[store.code]) for store in inside]
    offer_html(engine, 9, "store_map.html", _report(inside, sales, box))
    offer_csv(engine, 10, "stores.csv", Table(COLUMNS, rows))


def _nodes(engine: Engine) -> set[str]:
    """Return the chosen nodes of the tree, such as ``COUNTRY:Denmark``."""
    text = text_of(engine, PLACES)
    try:
        nodes = json.loads(text) if text else []
    except ValueError:
        nodes = [text]
    if not isinstance(nodes, list) or not all(isinstance(node, str) for node in nodes):
        raise ToolError(PLACES.tool_id, "The places must be a list of nodes of the tree.")
    known = {name for store in company.stores() for name in _node_names(store)}
    unknown = set(nodes) - known
    if unknown:
        raise ToolError(PLACES.tool_id, f'"{min(unknown)}" is not a node of the tree.')
    return set(nodes)


def _node_names(store: Store) -> set[str]:
    return {f"REGION:{store.region}", f"COUNTRY:{store.country}", f"STORE:{store.code}"}


def _box(engine: Engine) -> Box:
    text = text_of(engine, AREA) or str(AREA.default)
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise ToolError(
            AREA.tool_id, f'"{text}" is not an area: four numbers are needed.'
        ) from None
    is_on_earth = -180 <= west < east <= 180 and -80 <= south < north <= 80  # noqa: PLR2004
    if not is_on_earth:
        raise ToolError(AREA.tool_id, f'"{text}" is not an area: west, south, east, north.')
    return Box(west, south, east, north)


def _sales_by_store() -> Counter[str]:
    """Return the last twelve months' sales in whole euro by store code."""
    begin = company.months()[-12]
    sums: Counter[str] = Counter()
    for line in company.order_lines():
        if line.day >= begin:
            sums[line.store.code] += round(line.amount)
    return sums


def _row(store: Store, sales: float) -> Row:
    return (
        *(store.code, store.city, store.country, store.region),
        *(store.latitude, store.longitude, store.square_metres, float(sales)),
    )


def _report(stores: Sequence[Store], sales: Counter[str], box: Box) -> str:
    by_sales = sorted(stores, key=lambda store: -sales[store.code])
    total = sum(sales[store.code] for store in stores)
    floor = sum(store.square_metres for store in stores)
    best = by_sales[0]
    tiles = [
        Tile("Stores", f"{len(stores)}", f"in {len({s.country for s in stores})} countries"),
        Tile("Sales", f"{total:,.0f} EUR", "last twelve months"),
        Tile("Sales per m²", f"{total / floor:,.0f} EUR", f"on {floor:,} m²"),
        Tile("Strongest store", best.city, f"{sales[best.code]:,.0f} EUR", "good"),
    ]
    rows = [_row(store, sales[store.code]) for store in by_sales]
    table = html_report.table(Table(COLUMNS, rows), limit=15)
    lead = "The larger the circle, the more a store sold in the last twelve months."
    sections = [
        html_report.section("Where our stores are", _picture(by_sales, sales, box), lead=lead),
        html_report.section("Strongest stores", table),
    ]
    return html_report.page("Store map", "Stores by region and sales", tiles, sections)


def _picture(by_sales: Sequence[Store], sales: Counter[str], box: Box) -> str:
    most = max(sales[store.code] for store in by_sales) or 1
    radius = {s.code: 5 + 17 * math.sqrt(sales[s.code] / most) for s in by_sales}
    circles = "".join(
        f'<circle cx="{box.x(s.longitude):.1f}" cy="{box.y(s.latitude):.1f}"'
        f' r="{radius[s.code]:.1f}" fill="{COLOURS[s.region]}" fill-opacity="0.72" stroke="#fff">'
        f"<title>{escape(s.city)}: {sales[s.code]:,} EUR</title></circle>"
        for s in by_sales
    )
    spots = [(box.x(s.longitude), box.y(s.latitude), radius[s.code]) for s in by_sales]
    labels = "".join(
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="{anchor}" stroke="#eaf2f4"'
        f' stroke-width="3" paint-order="stroke">{escape(city)}</text>'
        for city, x, y, anchor in _labels([store.city for store in by_sales], spots)
    )
    present = sorted({store.region for store in by_sales})
    legend = "".join(
        f'<circle cx="24" cy="{26 + 24 * n}" r="7" fill="{COLOURS[region]}"/>'
        f'<text x="40" y="{31 + 24 * n}" font-size="14">{region}</text>'
        for n, region in enumerate(present)
    )
    sea = f'<rect width="{WIDTH}" height="{box.height:.0f}" rx="10" fill="#eaf2f4"/>'
    return (
        f'<svg viewBox="0 0 {WIDTH} {box.height:.0f}" role="img" aria-label="Map of the stores">'
        f"{sea}{_graticule(box)}{circles}{labels}{legend}</svg>"
    )


def _labels(
    cities: Sequence[str], spots: Sequence[tuple[float, float, float]]
) -> Iterator[tuple[str, float, float, str]]:
    """Yield (city, x, y, anchor) beside each circle where nothing else lies, else nowhere."""
    taken = [(x - r, y - r, x + r, y + r) for x, y, r in spots]
    for city, (x, y, r) in zip(cities, spots, strict=True):
        width = 6.6 * len(city)
        for left, middle, anchor, at in (
            (x + r + 3, y, "start", x + r + 3),
            (x - r - 3 - width, y, "end", x - r - 3),
            (x - width / 2, y - r - 8, "middle", x),
            (x - width / 2, y + r + 9, "middle", x),
        ):
            area = (left, middle - 6, left + width, middle + 6)
            if not any(_overlap(area, other) for other in taken):
                taken.append(area)
                yield city, at, middle + 4, anchor
                break


def _overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _graticule(box: Box) -> str:
    """Return lines every five degrees, as there is no free map to lay under."""
    step = 5
    lines = []
    for longitude in range(math.ceil(box.west / step) * step, math.floor(box.east) + 1, step):
        x = f"{box.x(longitude):.1f}"
        lines.append(f'<line x1="{x}" x2="{x}" y1="0" y2="{box.height:.1f}" stroke="#d3e2e6"/>')
    for latitude in range(math.ceil(box.south / step) * step, math.floor(box.north) + 1, step):
        y = f"{box.y(latitude):.1f}"
        lines.append(f'<line x1="0" x2="{WIDTH}" y1="{y}" y2="{y}" stroke="#d3e2e6"/>')
    return "".join(lines)


STORE_MAP = Workflow(
    slug="store-map",
    name="Store map",
    description="Our stores on a map, sized by what they sold, with a table of the strongest.",
    run=job("Store map.yxwz", _store_map),
    questions=(PLACES, AREA),
    author="Elena De Vries",
    file_name="Store map.yxwz",
    tags=("stores", "map"),
)
