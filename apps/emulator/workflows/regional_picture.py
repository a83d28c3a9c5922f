"""Regional picture: one png to paste into a slide or a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company
from apps.emulator.workflows.answers import item_of, items, items_of, text_of
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.figures import Figures, by
from apps.emulator.workflows.html_report import axis_top, short
from apps.emulator.workflows.store_map import COLOURS

HEADLINE = InterfaceTool(
    name="Headline",
    kind=Kind.TEXT_BOX,
    description="Words above the picture, up to 60 characters",
    default="How our regions are doing",
    tool_id=141,
)
MEASURE = InterfaceTool(
    name="Measure",
    kind=Kind.LIST_BOX,
    description="What shall the picture show?",
    default="sales",
    items=items(
        ("Net sales in euro", "sales"),
        ("Margin in euro", "margin"),
        ("Number of orders", "orders"),
        ("Pieces sold", "pieces"),
    ),
    multiple=False,
    tool_id=142,
)
REGIONS = InterfaceTool(
    name="Regions",
    kind=Kind.LIST_BOX,
    description="Which regions shall be in the picture?",
    default=",".join(region[0] for region in company.REGIONS),
    items=items(*((region, region[0]) for region in company.REGIONS)),
    multiple=True,
    tool_id=143,
)
VALUES: dict[str, Callable[[Figures], float]] = {
    "sales": lambda figures: figures.sales,
    "margin": lambda figures: figures.margin,
    "orders": lambda figures: float(len(figures.orders)),
    "pieces": lambda figures: float(figures.pieces),
}
WIDTH, HEIGHT = 1600, 900
FINER = 2  # drawn larger and scaled down, which smooths the edges
LONGEST_HEADLINE = 60
DEEP, INK, SOFT, LINE, PAPER = "#0f3d3e", "#16302f", "#5c7170", "#dfe8e6", "#ffffff"
# reportlab brings these two along; nothing has to be installed on the machine.
FONTS = Path(reportlab.__file__).parent / "fonts"


class Drawing:
    """A picture in units of the final size."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAPER)
        self._draw = ImageDraw.Draw(self.image)
        self._fonts: dict[tuple[float, bool], ImageFont.FreeTypeFont] = {}

    def text(
        self,
        words: str,
        place: tuple[float, float],
        *,
        size: float = 20,
        bold: bool = False,
        colour: str = INK,
        anchor: str = "lm",
    ) -> None:
        key = (size, bold)
        if key not in self._fonts:
            name = "VeraBd.ttf" if bold else "Vera.ttf"
            self._fonts[key] = ImageFont.truetype(FONTS / name, size * FINER)
        self._draw.text(self._scaled(place), words, colour, self._fonts[key], anchor)

    def box(
        self, corner: tuple[float, float], size: tuple[float, float], colour: str, radius: float = 0
    ) -> None:
        (left, top), (width, height) = self._scaled(corner), self._scaled(size)
        area = (left, top, left + width, top + height)
        self._draw.rounded_rectangle(area, radius * FINER, colour)

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float) -> None:
        scaled = [self._scaled(point) for point in points]
        self._draw.line(scaled, colour, round(width * FINER), joint="curve")

    def dot(self, place: tuple[float, float], radius: float, colour: str) -> None:
        self._draw.circle(self._scaled(place), radius * FINER, colour)

    def save(self, path: Path) -> None:
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.save(path, "PNG", compress_level=9)

    @staticmethod
    def _scaled(pair: tuple[float, float]) -> tuple[float, float]:
        return pair[0] * FINER, pair[1] * FINER


def _regional_picture(engine: Engine) -> None:
    headline = text_of(engine, HEADLINE) or str(HEADLINE.default)
    if len(headline) > LONGEST_HEADLINE:
        raise ToolError(HEADLINE.tool_id, f"The headline is longer than {LONGEST_HEADLINE}.")
    measure, regions = item_of(engine, MEASURE), [item.key for item in items_of(engine, REGIONS)]
    if not regions:
        raise ToolError(REGIONS.tool_id, "No region is selected; choose at least one.")
    engine.read(4, len(company.order_lines()), "orders.yxdb", seconds=0.8)
    value = VALUES[measure.value]
    sums = by(company.order_lines(), lambda li: (li.store.region, company.month_of(li.day)))
    courses = {
        region: [value(sums.get((region, month), Figures())) for month in company.months()]
        for region in regions
    }
    engine.say(6, f"{len(courses) * len(company.months())} records were summarised")
    drawing = Drawing()
    _frame(drawing, headline, measure.key)
    _bars(drawing, courses)
    _lines(drawing, courses)
    path = engine.folder / "regional_picture.png"
    drawing.save(path)
    engine.work(1.2)
    engine.offer(9, path.name, {"Raw": path})


def _frame(drawing: Drawing, headline: str, measure: str) -> None:
    drawing.box((0, 0), (WIDTH, 150), DEEP)
    drawing.text(headline, (60, 62), size=38, bold=True, colour=PAPER)
    subtitle = f"{measure}, {company.FIRST_DAY:%B %Y} to {company.LAST_DAY:%B %Y}"
    drawing.text(subtitle, (60, 112), size=21, colour="#b9d6d3")
    drawing.text(company.NAME, (WIDTH - 60, 62), size=21, colour="#b9d6d3", anchor="rm")


def _bars(drawing: Drawing, courses: dict[str, list[float]]) -> None:
    """Draw the last twelve months of each region, with the change on the year before."""
    drawing.text("Last twelve months", (60, 205), size=23, bold=True)
    sums = {region: (sum(values[12:]), sum(values[:12])) for region, values in courses.items()}
    most = max(now for now, _before in sums.values()) or 1
    ordered = sorted(sums.items(), key=lambda entry: -entry[1][0])
    for number, (region, (now, before)) in enumerate(ordered):
        top = 245 + 118 * number
        drawing.text(region, (60, top + 16), size=20)
        drawing.box((60, top + 36), (max(8.0, 440 * now / most), 34), COLOURS[region], 6)
        drawing.text(short(now), (60, top + 90), size=18, colour=SOFT)
        change = now / before - 1 if before else 0.0
        colour = "#1b7f4d" if change >= 0 else "#b42318"
        drawing.text(f"{change:+.1%}", (150, top + 90), size=18, bold=True, colour=colour)
        drawing.text("on the year before", (240, top + 90), size=16, colour=SOFT)


def _lines(drawing: Drawing, courses: dict[str, list[float]]) -> None:
    left, right, top, floor = 680.0, WIDTH - 60.0, 290.0, 790.0
    drawing.text("Month by month", (left - 60, 205), size=23, bold=True)
    highest = axis_top(max(value for values in courses.values() for value in values))
    for step in range(5):
        level = floor - (floor - top) * step / 4
        drawing.line([(left, level), (right, level)], LINE, 1.5)
        label = short(highest * step / 4)
        drawing.text(label, (left - 12, level), size=16, colour=SOFT, anchor="rm")
    months = company.months()
    pitch = (right - left - 20) / (len(months) - 1)
    for number, month in enumerate(months):
        if number % 3 == 0:
            place = (left + 10 + number * pitch, floor + 28)
            drawing.text(f"{month:%b %y}", place, size=16, colour=SOFT, anchor="mm")
    for number, (region, values) in enumerate(courses.items()):
        points = [
            (left + 10 + n * pitch, floor - (floor - top) * value / highest)
            for n, value in enumerate(values)
        ]
        drawing.line(points, COLOURS[region], 4)
        drawing.dot(points[-1], 7, COLOURS[region])
        drawing.dot((left + 6 + 165 * number, 248), 8, COLOURS[region])
        drawing.text(region, (left + 24 + 165 * number, 248), size=18)
    footer = f"Figures up to {company.LAST_DAY:%d %B %Y}"
    drawing.text(footer, (right, HEIGHT - 30), size=15, colour=SOFT, anchor="rm")


REGIONAL_PICTURE = Workflow(
    slug="regional-picture",
    name="Regional picture",
    description="One picture of how the regions are doing, to paste into slides or messages.",
    run=job("Regional picture.yxwz", _regional_picture),
    questions=(HEADLINE, MEASURE, REGIONS),
    author="Elena De Vries",
    file_name="Regional picture.yxwz",
    tags=("management", "picture"),
)
