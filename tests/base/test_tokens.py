"""The colours of the style sheet are readable in both themes: contrast computed from the file."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.base.templatetags.ui import STYLESHEETS

STATIC = settings.BASE_DIR / "static"
TOKEN = re.compile(r"--([a-z0-9-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
COLOURS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in TOKEN.findall((STATIC / "css/tokens.css").read_text())
}
TONES = ("success", "warning", "danger", "info")
TILES = ("teal", "blue", "green", "amber", "rust", "plum", "slate")
GROUNDS = ("canvas", "surface", "sunken", "raised", "hover")

# WCAG 2.2 AA: 4.5 for text, 3 for the edges of controls, icons that carry meaning and focus.
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft", "ink-quiet") for ground in GROUNDS),
    *(("accent", ground) for ground in ("canvas", "surface", "sunken", "raised", "hover")),
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
    ("on-danger", "danger-strong"),
    *((f"{tone}-ink", f"{tone}-soft") for tone in TONES),
    *((f"{tone}-ink", ground) for tone in TONES for ground in ("canvas", "surface", "raised")),
    *(("ink", f"{tone}-soft") for tone in TONES),
    *((f"tile-{tile}-ink", f"tile-{tile}") for tile in TILES),
]
EDGES = [
    *(("line-control", ground) for ground in ("canvas", "surface")),
    *(("focus", ground) for ground in GROUNDS),
    *((tone, ground) for tone in TONES for ground in ("canvas", "surface")),
    ("accent", "surface"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_on_every_ground_it_stands_on(theme: str) -> None:
    found = {pair: contrast(*(COLOURS[name][theme] for name in pair)) for pair in TEXT}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_icons_and_focus_are_visible(theme: str) -> None:
    found = {pair: contrast(*(COLOURS[name][theme] for name in pair)) for pair in EDGES}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 3} == {}


def test_the_computed_contrast_is_the_one_of_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def css_files() -> list[Path]:
    return sorted((STATIC / "css").glob("*.css"))


def test_colours_are_written_in_the_tokens_only() -> None:
    for file in css_files():
        if file.name != "tokens.css":
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b", _values(file)), file.name


def _values(file: Path) -> str:
    return "\n".join(re.findall(r":\s*([^;{}]+);", file.read_text()))


def test_every_token_that_is_used_exists() -> None:
    text = "\n".join(file.read_text() for file in css_files())
    used = set(re.findall(r"var\(--([a-z0-9-]+)", text))
    defined = set(re.findall(r"--([a-z0-9-]+):", text))
    assert used <= defined


def test_every_rule_stands_in_a_layer() -> None:
    for file in css_files():
        text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
        tops = re.findall(r"(?m)^[^\s}@][^\n]*\{|^@(?!layer|font-face)[^\n]*\{", text)
        assert tops == [], file.name


def test_the_style_sheets_every_page_loads_stay_small() -> None:
    together = b"".join((STATIC / f"css/{name}.css").read_bytes() for name in STYLESHEETS)
    assert len(gzip.compress(together)) <= 15_000
