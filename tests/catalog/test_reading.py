"""Texts of authors and old servers, read as values of a form."""

from __future__ import annotations

from datetime import date

import pytest

from apps.catalog.drift import Level, compare
from apps.catalog.forms import reading
from apps.gallery.types import Choice, Kind, Question

ANY = Question("q", Kind.TEXT)
LIST = Question(
    "q",
    Kind.LIST,
    choices=(Choice("One, two", "12"), Choice("Three", "3"), Choice("12", "twelve")),
    multiple=True,
)


@pytest.mark.parametrize(
    "text",
    ["2026-03-31", "2026-03-31T00:00:00", "2026-03-31 23:59:59.1234567", "2026/03/31", "20260331",
     "31.03.2026", "3/31/2026", "31/3/2026 00:00", " 2026-03-31 "],
)  # fmt: skip
def test_certain_dates_are_read(text: str) -> None:
    assert reading.read_date(ANY, text) == date(2026, 3, 31)


@pytest.mark.parametrize(
    "text", ["", "03/04/2026", "31.31.2026", "30.02.2026", "1899-12-31", "monday", "1" * 10_000]
)
def test_dates_that_would_be_guesses_are_not_read(text: str) -> None:
    assert reading.read_date(ANY, text) is None


def test_a_day_equal_to_its_month_is_certain() -> None:
    assert reading.read_date(ANY, "04/04/2026") == date(2026, 4, 4)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12", ["12"]),
        ("One, two", ["12"]),
        ("Three,twelve", ["3", "twelve"]),
        ("3;3", ["3"]),
        ('["Three"]', ["3"]),
        ('[{"key":"3","value":false},{"key":"twelve"}]', ["twelve"]),
        ('{"3": "True", "12": "False"}', ["3"]),
        ("", []),
        ("[]", []),
        ("four", None),
        ('["four"]', None),
        ("[" * 50_000, None),
        ("[1, 2", None),
    ],
)
def test_choices_are_read_in_every_spelling(text: str, values: list[str] | None) -> None:
    assert reading.read_choices(LIST, text) == values


def test_one_choice_is_not_several() -> None:
    assert reading.read_choice(LIST, "3,twelve") is None
    assert reading.read_choice(LIST, "Three") == "3"


@pytest.mark.parametrize(
    ("text", "value"), [("TRUE", True), ("1", True), ("false", False), ("", False), ("maybe", None)]
)
def test_flags_are_read_without_regard_to_case(text: str, value: bool | None) -> None:
    assert reading.read_flag(ANY, text) is value


def changed(**facts: object) -> Level:
    values = {"name": "q", "kind": Kind.LIST, "choices": (Choice("a", "a"),), **facts}
    old = Question("q", Kind.LIST, choices=(Choice("a", "a"),))
    return compare([old], [Question(**values)]).level  # type: ignore[arg-type]


def test_only_what_makes_old_answers_useless_is_breaking() -> None:
    assert changed() is Level.SAME
    assert changed(description="other") is Level.COMPATIBLE
    assert changed(default="a") is Level.COMPATIBLE
    assert changed(choices=(Choice("b", "b"),)) is Level.COMPATIBLE
    assert changed(choices=(Choice("A", "a"),)) is Level.COMPATIBLE
    assert changed(multiple=True) is Level.BREAKING
    assert changed(kind=Kind.TEXT) is Level.BREAKING
    assert changed(name="r") is Level.BREAKING


def test_another_order_is_a_change_that_fits() -> None:
    first, second = Question("a", Kind.TEXT), Question("b", Kind.TEXT)
    assert compare([first, second], [second, first]).level is Level.COMPATIBLE
