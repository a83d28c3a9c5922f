from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.gallery.encoding import AnswerValue, encode
from apps.gallery.types import Choice, Kind, Question


def ask(kind: str, *, multiple: bool = False) -> Question:
    choices = (Choice("North side", "N"), Choice("South, “side”", 'S"'))
    return Question("q", kind, choices=choices, multiple=multiple)


@pytest.mark.parametrize(
    ("question", "value", "text"),
    [
        (ask(Kind.TEXT), "a\r\nb “c” 100 %", "a\r\nb “c” 100 %"),
        (ask(Kind.TEXT), "", ""),
        (ask(Kind.TEXT), None, None),
        (ask(Kind.NUMBER), Decimal(150), "150"),
        (ask(Kind.NUMBER), Decimal("1.50"), "1.50"),
        (ask(Kind.NUMBER), Decimal("1E+3"), "1000"),
        (ask(Kind.NUMBER), Decimal("1E-7"), "0.0000001"),
        (ask(Kind.NUMBER), Decimal("-0"), "0"),
        (ask(Kind.NUMBER), Decimal("-2.5"), "-2.5"),
        (ask(Kind.NUMBER), 7, "7"),
        (ask(Kind.DATE), dt.date(2016, 7, 10), "2016-07-10"),
        (ask(Kind.DATE), dt.datetime(2016, 7, 10, 23, 59, tzinfo=dt.UTC), "2016-07-10"),
        (ask(Kind.DATE), dt.date(7, 1, 2), "0007-01-02"),
        (ask(Kind.LIST), "N", "N"),
        (ask(Kind.LIST), ["N"], "N"),
        (ask(Kind.LIST), [], None),
        (ask(Kind.LIST, multiple=True), [], "[]"),
        (ask(Kind.LIST, multiple=True), "N", '[{"key":"N","value":true}]'),
        (
            ask(Kind.LIST, multiple=True),
            ["N", 'S"', "N"],
            '[{"key":"N","value":true},{"key":"S\\"","value":true}]',
        ),
        (ask(Kind.CHECK), True, "True"),
        (ask(Kind.CHECK), False, "False"),
        (ask(Kind.CHECK), "true", "True"),
        (ask(Kind.RADIO), "FALSE", "False"),
        (ask(Kind.FILE), "upload-1", "upload-1"),
        (ask(Kind.FOLDER), "\\\\server\\share", "\\\\server\\share"),
        (ask(Kind.TREE), ["CBSAMET:14500"], '["CBSAMET:14500"]'),
        (ask(Kind.MAP), "x", "x"),
        (ask("NewKind"), "ä", "ä"),
    ],
)
def test_every_kind_is_written_as_the_contract_says(
    question: Question, value: AnswerValue, text: str | None
) -> None:
    assert encode(question, value) == text


@pytest.mark.parametrize("odd", [Decimal("NaN"), Decimal("Infinity"), ["N", "S"]])
def test_what_has_no_text_is_refused(odd: AnswerValue) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        encode(ask(Kind.TEXT), odd)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_numbers_keep_their_value_without_exponent(number: Decimal) -> None:
    text = encode(ask(Kind.NUMBER), number)
    assert text is not None
    assert Decimal(text) == number
    assert "e" not in text.lower()


@given(st.lists(st.text(), unique=True))
def test_every_choice_arrives_once_and_in_order(values: list[str]) -> None:
    text = encode(ask(Kind.LIST, multiple=True), values)
    assert text is not None
    assert [entry["key"] for entry in json.loads(text)] == values
