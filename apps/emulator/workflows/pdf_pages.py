"""Pages of a slide deck as pdf: cover, tiles, charts and tables, drawn with reportlab."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from apps.emulator.workflows import company
from apps.emulator.workflows.html_report import Tile, axis_top, short, shown
from apps.emulator.workflows.tables import Style, Table

WIDTH, HEIGHT = landscape(A4)
MARGIN = 42.0
DEEP, ACCENT, AMBER = HexColor("#0f3d3e"), HexColor("#12877f"), HexColor("#d98a1f")
INK, SOFT, LINE = HexColor("#16302f"), HexColor("#5c7170"), HexColor("#dfe8e6")
PALE = HexColor("#f3f7f6")
TONES: dict[str, Color] = {
    "": ACCENT,
    "good": HexColor("#1b7f4d"),
    "warn": AMBER,
    "bad": HexColor("#b42318"),
}
PLAIN, BOLD = "Helvetica", "Helvetica-Bold"


class Deck:
    """A pdf under way; every method draws on the current page, from a top-left corner."""

    def __init__(self, path: Path, title: str, author: str) -> None:
        # invariant leaves out the moment of writing: equal jobs give equal bytes.
        self.canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self._page = 0

    def save(self) -> None:
        self.canvas.showPage()
        self.canvas.save()

    def cover(self, title: str, subtitle: str, lines: Sequence[str]) -> None:
        """Draw the first page."""
        canvas = self.canvas
        canvas.setFillColor(DEEP)
        canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
        for step, radius in enumerate((330, 250, 170, 90)):
            canvas.setFillColor(Color(1, 1, 1, alpha=0.03 + 0.015 * step))
            canvas.circle(WIDTH - 90, 80, radius, stroke=0, fill=1)
        canvas.setFillColor(AMBER)
        canvas.rect(MARGIN, HEIGHT - 250, 64, 5, stroke=0, fill=1)
        self.text(company.NAME, MARGIN, 80, size=15, colour=HexColor("#b9d6d3"))
        self.text(title, MARGIN, 216, size=46, bold=True, colour=white)
        self.text(subtitle, MARGIN, 296, size=20, colour=white)
        for number, line in enumerate(lines):
            top = HEIGHT - MARGIN - 20 * (len(lines) - number)
            self.text(line, MARGIN, top, size=12, colour=HexColor("#b9d6d3"))
        self._page += 1

    def page(self, heading: str, subtitle: str) -> None:
        """Begin a further page."""
        self.canvas.showPage()
        self._page += 1
        self.canvas.setFillColor(DEEP)
        self.canvas.rect(0, HEIGHT - 8, WIDTH, 8, stroke=0, fill=1)
        self.text(heading, MARGIN, 54, size=24, bold=True)
        self.text(subtitle, MARGIN, 76, size=12, colour=SOFT)
        self.text(company.NAME, MARGIN, HEIGHT - 24, size=9, colour=SOFT)
        self.text(f"{self._page}", WIDTH - MARGIN, HEIGHT - 24, size=9, colour=SOFT, right=True)

    def text(
        self,
        words: str,
        left: float,
        top: float,
        *,
        size: float = 11,
        bold: bool = False,
        colour: Color = INK,
        right: bool = False,
    ) -> None:
        self.canvas.setFillColor(colour)
        self.canvas.setFont(BOLD if bold else PLAIN, size)
        draw = self.canvas.drawRightString if right else self.canvas.drawString
        draw(left, HEIGHT - top, words)

    def tiles(self, tiles: Sequence[Tile], top: float) -> None:
        """Draw key figures side by side over the page's width."""
        gap, height = 14.0, 84.0
        width = (WIDTH - 2 * MARGIN - gap * (len(tiles) - 1)) / len(tiles)
        for number, tile in enumerate(tiles):
            left = MARGIN + number * (width + gap)
            self.canvas.setFillColor(PALE)
            self.canvas.roundRect(left, HEIGHT - top - height, width, height, 6, stroke=0, fill=1)
            self.canvas.setFillColor(TONES[tile.tone])
            self.canvas.rect(left, HEIGHT - top - height, 4, height, stroke=0, fill=1)
            self.text(tile.label, left + 16, top + 22, size=10, colour=SOFT)
            self.text(tile.value, left + 16, top + 50, size=21, bold=True)
            self.text(tile.note, left + 16, top + 70, size=9.5, colour=TONES[tile.tone])

    def bars(
        self,
        heading: str,
        entries: Sequence[tuple[str, float]],
        corner: tuple[float, float],
        size: tuple[float, float],
        *,
        colour: Color = ACCENT,
    ) -> None:
        """Draw horizontal bars with their values inside a box of ``size``."""
        left, top = corner
        width, height = size
        self.text(heading, left, top, size=13, bold=True)
        most = max((value for _label, value in entries), default=0) or 1
        pitch = (height - 20) / max(1, len(entries))
        room = width - 170
        for number, (label, value) in enumerate(entries):
            middle = top + 20 + pitch * (number + 0.5)
            thick = min(20.0, pitch * 0.62)
            self.text(label, left + 96, middle + 4, size=10.5, right=True)
            self.canvas.setFillColor(colour)
            long = max(1.0, room * value / most)
            bottom = HEIGHT - middle - thick / 2
            self.canvas.roundRect(left + 106, bottom, long, thick, 3, stroke=0, fill=1)
            self.text(f"{value:,.0f}", left + 112 + long, middle + 4, size=10, colour=SOFT)

    def lines(
        self,
        heading: str,
        labels: Sequence[str],
        courses: Sequence[tuple[str, Sequence[float], Color]],
        corner: tuple[float, float],
        size: tuple[float, float],
    ) -> None:
        """Draw lines over ``labels`` with a grid of four."""
        left, top = corner
        width, height = size
        self.text(heading, left, top, size=13, bold=True)
        self._legend([(name, colour) for name, _values, colour in courses], left + width, top)
        highest = axis_top(max(value for _name, values, _colour in courses for value in values))
        floor, room = HEIGHT - top - height + 18, height - 44
        for step in range(5):
            level = floor + room * step / 4
            self.canvas.setStrokeColor(LINE)
            self.canvas.setLineWidth(0.7)
            self.canvas.line(left + 40, level, left + width, level)
            words = short(highest * step / 4)
            self.text(words, left + 34, HEIGHT - level + 3, size=9, colour=SOFT, right=True)
        pitch = (width - 56) / max(1, len(labels) - 1)
        for number, label in enumerate(labels):
            middle = left + 48 + number * pitch
            self.canvas.setFont(PLAIN, 9)
            self.canvas.setFillColor(SOFT)
            self.canvas.drawCentredString(middle, floor - 14, label)
        for _name, values, colour in courses:
            points = [
                (left + 48 + n * pitch, floor + room * v / highest) for n, v in enumerate(values)
            ]
            self._course(points, colour)

    def _legend(self, entries: Sequence[tuple[str, Color]], right: float, top: float) -> None:
        for name, colour in reversed(entries):
            self.text(name, right, top, size=10, colour=SOFT, right=True)
            right -= self.canvas.stringWidth(name, PLAIN, 10) + 10
            self.canvas.setFillColor(colour)
            self.canvas.circle(right, HEIGHT - top + 3.5, 4, stroke=0, fill=1)
            right -= 18

    def _course(self, points: Sequence[tuple[float, float]], colour: Color) -> None:
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(2.2)
        self.canvas.setLineJoin(1)
        path = self.canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        self.canvas.drawPath(path)
        self.canvas.setFillColor(colour)
        for x, y in points:
            self.canvas.circle(x, y, 2.4, stroke=0, fill=1)

    def table(self, table: Table, top: float) -> None:
        """Draw a table over the page's width, columns as wide as their styles ask."""
        weights = [column.width for column in table.columns]
        scale = (WIDTH - 2 * MARGIN) / sum(weights)
        edges = [MARGIN + scale * sum(weights[:n]) for n in range(len(weights) + 1)]
        pitch = 21.0
        for line, row in enumerate([tuple(table.header), *table.rows]):
            base = top + pitch * line
            if line % 2 == 0 and line:
                self.canvas.setFillColor(PALE)
                self.canvas.rect(MARGIN, HEIGHT - base - 6, WIDTH - 2 * MARGIN, pitch, 0, 1)
            for number, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
                is_figure = column.style not in {Style.TEXT, Style.DAY}
                place = edges[number + 1] - 8 if is_figure else edges[number] + 8
                words = str(cell) if line == 0 else shown(cell, column.style)
                colour = SOFT if line == 0 else INK
                self.text(words, place, base, bold=line == 0, colour=colour, right=is_figure)
        self.canvas.setStrokeColor(DEEP)
        self.canvas.setLineWidth(1)
        self.canvas.line(MARGIN, HEIGHT - top - 7, WIDTH - MARGIN, HEIGHT - top - 7)
