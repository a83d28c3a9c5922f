"""Reports as one self-contained HTML page: inline style, drawn charts, no scripts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from apps.emulator.workflows import company
from apps.emulator.workflows.tables import Row, Style, Table
from apps.emulator.workflows.yxdb_writer import Cell

STYLE = """
:root{color-scheme:light;--ink:#16302f;--soft:#5c7170;--line:#dfe8e6;--deep:#0f3d3e;--accent:#12877f;
--good:#1b7f4d;--warn:#a35b00;--bad:#b42318}
*{box-sizing:border-box}
body{margin:0;background:#f3f7f6;color:var(--ink);font:15px/1.5 "Segoe UI",system-ui,-apple-system,
Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
header{background:var(--deep);color:#fff;padding:36px 32px 72px}
header div{max-width:1016px;margin:0 auto}
header p{margin:0;color:#b9d6d3}header h1{margin:4px 0 6px;font-size:30px;line-height:1.2}
main{max-width:1080px;margin:0 auto;padding:24px 32px 48px}
section{background:#fff;border:1px solid var(--line);border-radius:12px;padding:20px 24px 24px;
margin-top:20px}
h2{font-size:18px;margin:0 0 12px}p.lead{color:var(--soft);margin:-6px 0 14px;max-width:70ch}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:16px;margin-top:-64px}
.tile{background:#fff;border:1px solid var(--line);border-top:4px solid var(--accent);
border-radius:12px;padding:14px 18px;box-shadow:0 2px 8px #0f3d3e14}
.tile b{display:block;font-size:24px;line-height:1.3}.tile span{color:var(--soft);font-size:13px}
.tile.good{border-top-color:var(--good)}.tile.warn{border-top-color:#d98a1f}
.tile.bad{border-top-color:var(--bad)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;color:var(--soft);font-weight:600;border-bottom:2px solid var(--line);
padding:6px 10px;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:7px 10px}td.n,th.n{text-align:right}
td.n,td.d,td:first-child{white-space:nowrap}
tr.good td{background:#f0f9f3}tr.warn td{background:#fff8e8}tr.bad td{background:#fdf1ef}
.more{color:var(--soft);font-size:13px;margin:10px 0 0}
.note{border-left:4px solid var(--accent);padding:2px 14px;white-space:pre-line}
ul.steps{list-style:none;margin:0;padding:0}ul.steps li{padding:8px 0;border-bottom:1px solid
var(--line);display:flex;gap:12px}ul.steps b{min-width:72px}.good-text{color:var(--good)}
.warn-text{color:var(--warn)}.bad-text{color:var(--bad)}
svg{display:block;width:100%;height:auto}svg text{font-family:inherit;fill:var(--ink)}
svg .soft{fill:var(--soft)}
footer{color:var(--soft);font-size:13px;text-align:center;padding:0 0 32px}
@media print{body{background:#fff}section,.tile{box-shadow:none;break-inside:avoid}}
"""


@dataclass(frozen=True, slots=True)
class Tile:
    """One key figure; ``tone`` is good, warn, bad or empty."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


def page(title: str, subtitle: str, tiles: Sequence[Tile], sections: Sequence[str]) -> str:
    """Return the whole report; ``sections`` are HTML made by the functions below."""
    shown = "".join(
        f'<div class="tile {tile.tone}"><span>{escape(tile.label)}</span>'
        f"<b>{escape(tile.value)}</b><span>{escape(tile.note)}</span></div>"
        for tile in tiles
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        f"<header><div><p>{company.NAME}</p><h1>{escape(title)}</h1><p>{escape(subtitle)}</p></div>"
        "</header>"
        f'<main><div class="tiles">{shown}</div>{"".join(sections)}</main>'
        f"<footer>{company.NAME} · figures up to {company.LAST_DAY:%d %B %Y}</footer>"
        "</body></html>\n"
    )


def section(heading: str, *parts: str, lead: str = "") -> str:
    lead = f'<p class="lead">{escape(lead)}</p>' if lead else ""
    return f"<section><h2>{escape(heading)}</h2>{lead}{''.join(parts)}</section>"


def note(text: str) -> str:
    """Return a person's own words, line breaks kept."""
    return f'<div class="note">{escape(text)}</div>'


def steps(entries: Sequence[tuple[str, str, str]]) -> str:
    """Return a check list of (tone, word, text)."""
    lines = "".join(
        f'<li><b class="{tone}-text">{escape(word)}</b><span>{escape(text)}</span></li>'
        for tone, word, text in entries
    )
    return f'<ul class="steps">{lines}</ul>'


def table(data: Table, *, limit: int = 40, marks: Mapping[int, str] | None = None) -> str:
    """Return a table; rows after ``limit`` are counted, not shown."""
    kinds = [_kind(column.style) for column in data.columns]
    head = "".join(
        f"<th{kind}>{escape(column.name)}</th>"
        for column, kind in zip(data.columns, kinds, strict=True)
    )
    body = "".join(
        f'<tr class="{(marks or {}).get(index, "")}">{_cells(row, data, kinds)}</tr>'
        for index, row in enumerate(data.rows[:limit])
    )
    hidden = len(data.rows) - limit
    more = f'<p class="more">… and {hidden:,} more rows in the file.</p>' if hidden > 0 else ""
    grid = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll">{grid}</div>{more}'


def _kind(style: Style) -> str:
    """Return the class attribute of a column's cells."""
    if style is Style.TEXT:
        return ""
    return " class=d" if style is Style.DAY else " class=n"


def _cells(row: Row, data: Table, kinds: Sequence[str]) -> str:
    return "".join(
        f"<td{kind}>{escape(shown(value, column.style))}</td>"
        for value, column, kind in zip(row, data.columns, kinds, strict=True)
    )


SHAPES = {
    Style.WHOLE: ",.0f",
    Style.MONEY: ",.2f",
    Style.AVERAGE: ",.1f",
    Style.RATE: ".4f",
    Style.SHARE: ".1%",
}


def shown(value: Cell, style: Style) -> str:
    """Return a cell as people read it."""
    if value is None:
        return "\N{EN DASH}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value:%d %b %Y}"
    if isinstance(value, (int, float)) and style in SHAPES:
        return format(value, SHAPES[style])
    return str(value)


def bar_chart(entries: Sequence[tuple[str, float]], *, unit: str = "", tone: str = "") -> str:
    """Return horizontal bars, one per (label, value)."""
    most = max((value for _label, value in entries), default=0) or 1
    fill = {"warn": "#d98a1f", "bad": "#b42318"}.get(tone, "#12877f")
    bars = "".join(
        f'<text x="248" y="{y + 16}" text-anchor="end" font-size="14">{escape(label)}</text>'
        f'<rect x="260" y="{y}" width="{620 * value / most:.1f}" height="22" rx="4" fill="{fill}"/>'
        f'<text x="{268 + 620 * value / most:.1f}" y="{y + 16}" font-size="13" class="soft">'
        f"{value:,.0f}{escape(unit)}</text>"
        for y, (label, value) in zip(range(0, 34 * len(entries), 34), entries, strict=True)
    )
    height = 34 * len(entries)
    return f'<svg viewBox="0 0 1000 {height}" role="img" aria-label="Bar chart">{bars}</svg>'


@dataclass(frozen=True, slots=True)
class Course:
    """One line of a line chart; ``low`` and ``high`` draw a band of doubt around it."""

    name: str
    values: Sequence[float | None]
    colour: str
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


def line_chart(labels: Sequence[str], courses: Sequence[Course]) -> str:
    """Return lines over ``labels``; None leaves a gap."""
    known = [v for c in courses for part in (c.values, c.high) for v in part if v is not None]
    top = axis_top(max(known, default=1.0))
    grid = "".join(
        f'<line x1="70" x2="985" y1="{_y(top * n / 4, top):.1f}" y2="{_y(top * n / 4, top):.1f}"'
        f' stroke="#dfe8e6"/><text x="60" y="{_y(top * n / 4, top) + 4:.1f}" text-anchor="end"'
        f' font-size="12" class="soft">{short(top * n / 4)}</text>'
        for n in range(5)
    )
    every = max(1, len(labels) // 10)
    names = "".join(
        f'<text x="{_x(n, len(labels)):.1f}" y="288" text-anchor="middle" font-size="12"'
        f' class="soft">{escape(label)}</text>'
        for n, label in enumerate(labels)
        if n % every == 0
    )
    lines = "".join(_line(course, len(labels), top) for course in courses)
    legend = "".join(
        f'<circle cx="{78 + 190 * n}" cy="10" r="6" fill="{course.colour}"/>'
        f'<text x="{90 + 190 * n}" y="15" font-size="13">{escape(course.name)}</text>'
        for n, course in enumerate(courses)
    )
    drawing = grid + names + lines + legend
    return f'<svg viewBox="0 0 1000 300" role="img" aria-label="Line chart">{drawing}</svg>'


def _line(course: Course, count: int, top: float) -> str:
    points = _points(course.values, count, top)
    line = (
        f'<polyline points="{points}" fill="none" stroke="{course.colour}" stroke-width="3"'
        ' stroke-linejoin="round"/>'
    )
    if not course.low:
        return line
    upper = _points(course.high, count, top)
    lower = " ".join(reversed(_points(course.low, count, top).split(" ")))
    return f'<polygon points="{upper} {lower}" fill="{course.colour}" opacity="0.15"/>{line}'


def _points(values: Sequence[float | None], count: int, top: float) -> str:
    return " ".join(
        f"{_x(n, count):.1f},{_y(value, top):.1f}"
        for n, value in enumerate(values)
        if value is not None
    )


def _x(index: int, count: int) -> float:
    return 85 + 885 * index / max(1, count - 1)


def _y(value: float, top: float) -> float:
    return 265 - 225 * value / top


def axis_top(most: float) -> float:
    """Return a round number not below ``most`` that four grid lines divide well."""
    size = 10.0 ** math.floor(math.log10(max(most, 1.0)))
    steps = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10)
    return next(size * step for step in steps if size * step >= most)


def short(value: float) -> str:
    """Return an axis label: 1,250,000 as 1.25M."""
    million, thousands = 1_000_000, 10_000
    if value >= million:
        return f"{value / million:,.2f}".rstrip("0").removesuffix(".") + "M"
    if value >= thousands:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.0f}"
