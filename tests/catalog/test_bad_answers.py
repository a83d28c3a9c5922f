"""Answers that are refused: a message at the field, nothing sent, what was typed stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.datastructures import MultiValueDict
from pytest_django.fixtures import Settings

from apps.catalog.forms import build_form_class
from apps.catalog.models import Overlay
from apps.gallery.types import Choice, Kind, Question
from tests.catalog.test_kinds import REGIONS, form_of, posted

NUMBER = Question("Limit", Kind.NUMBER)
DAY = Question("From", Kind.DATE)
TEXT = Question("Title", Kind.TEXT)
ONE = Question("Region", Kind.LIST, choices=REGIONS)
MANY = Question("Regions", Kind.LIST, choices=REGIONS, multiple=True)


def complaint(question: Question, value: Any, *, required: bool = False) -> str:
    added = Overlay(question_name=question.name, is_required=required)
    form = form_of(question, overlays=(added,), q0=value)
    assert not form.is_valid()
    return str(form.errors["q0"][0])


@pytest.mark.parametrize(
    "value",
    ["", " ", "\t\r\n", "\u200b", "\u200b \u2060\ufeff\u200d", "\u00ad", "\u3164", "\u202e"],
)
@pytest.mark.parametrize("question", [TEXT, NUMBER, DAY])
def test_what_cannot_be_seen_is_no_answer(question: Question, value: str) -> None:
    assert "required" in complaint(question, value, required=True)


@pytest.mark.parametrize("question", [ONE, MANY])
def test_a_required_choice_has_to_be_made(question: Question) -> None:
    assert "required" in complaint(question, "" if question is ONE else [], required=True)


@pytest.mark.parametrize(
    "value",
    ["abc", "1e5", "1E400", "NaN", "Infinity", "-inf", "1,5", "1 000", "0x10", "1_000", "--1", "+",
     ".", "1.2.3", "5 €", "٣x"],
)  # fmt: skip
def test_only_plain_numbers_are_numbers(value: str) -> None:
    assert "number" in complaint(NUMBER, value)


@pytest.mark.parametrize("value", ["9" * 41, "9" * 400, "0." + "1" * 400, "9" * 4000])
def test_a_number_of_many_digits_is_refused(value: str) -> None:
    assert "40 digits" in complaint(NUMBER, value)


def test_a_monstrous_number_is_refused() -> None:
    assert not build_form_class([NUMBER], [])(posted(q0="9" * 1_000_000)).is_valid()


@pytest.mark.parametrize(
    "value",
    ["0000-00-00", "2026-02-30", "1899-12-31", "2200-01-01", "99999-01-01", "31.12.2026", "today",
     "2026-13-01", "2026-1-1", "2026-W01-1x", "<script>"],
)  # fmt: skip
def test_only_days_of_the_calendar_are_dates(value: str) -> None:
    assert "date" in complaint(DAY, value)


def test_a_text_has_a_length() -> None:
    assert "at most 4000" in complaint(TEXT, "x" * 4001)
    assert form_of(TEXT, q0="x" * 4000).is_valid()
    assert form_of(TEXT, q0="e" + "\u0301" * 3999).is_valid()


def test_a_text_holds_no_null_character() -> None:
    assert complaint(TEXT, "a\0b")


@pytest.mark.parametrize("value", ["North", "e", "East", "E ", "<S", "\0", "E\nW"])
def test_a_choice_that_is_not_in_the_list_is_no_longer_offered(value: str) -> None:
    assert "no longer offered" in complaint(ONE, value)
    assert "no longer offered" in complaint(MANY, ["E", value])


def test_at_most_five_hundred_choices_can_be_made() -> None:
    choices = tuple(Choice(str(n), str(n)) for n in range(10_000))
    question = Question("Regions", Kind.LIST, choices=choices, multiple=True)
    assert "at most 500" in complaint(question, [str(n) for n in range(10_000)])
    assert form_of(question, q0=[str(n) for n in range(500)]).is_valid()


def test_a_radio_choice_out_of_range_is_refused() -> None:
    month = Question("month", Kind.RADIO, default="True")
    quarter = Question("quarter", Kind.RADIO)
    for value in ("2", "-1", "month", "True"):
        assert not form_of(month, quarter, q0=value).is_valid()


def test_what_was_typed_stays_and_is_escaped() -> None:
    form = form_of(NUMBER, DAY, TEXT, q0="1,5<b>", q1="2026-02-30", q2='"><script>')
    html = str(form)
    assert 'value="1,5&lt;b&gt;"' in html
    assert 'value="2026-02-30"' in html
    assert "<script>" not in html
    assert 'aria-invalid="true"' in html


FILE = Question("Budget", Kind.FILE)


def named(name: str, content: bytes) -> SimpleUploadedFile:
    """A file with a name that the parser of uploads, which cleans, let through."""
    upload = SimpleUploadedFile("x.csv", content)
    upload.__dict__["_name"] = name
    return upload


def upload_complaint(name: str, content: bytes = b"a,b\n") -> str:
    form = form_of(FILE, q0=named(name, content))
    assert not form.is_valid()
    return str(form.errors["q0"][0])


@pytest.mark.parametrize(
    "name",
    ["x.exe", "x.csv.exe", "x", "x.csv.", "x.csv ", ".csv", "x.xlsm", "x.yxmd", "x.csv\0.exe",
     "x.ps1", "x.html", "x.csv::$DATA"],
)  # fmt: skip
def test_only_kinds_of_files_alteryx_reads_are_accepted(name: str) -> None:
    assert "not accepted" in upload_complaint(name)


def test_a_file_that_is_something_else_is_refused() -> None:
    assert "not what its name says" in upload_complaint("x.xlsx", b"<html>")
    assert "not what its name says" in upload_complaint("x.csv", b"MZ\x90\x00rest")


def test_an_empty_file_is_refused() -> None:
    assert "empty" in upload_complaint("x.csv", b"")


def test_a_file_above_the_limit_is_refused(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 3
    assert "At most" in upload_complaint("x.csv", b"1234")


def test_two_files_for_one_question_are_refused() -> None:
    files: MultiValueDict[str, UploadedFile[Any]] = MultiValueDict(
        {"q0": [SimpleUploadedFile("a.csv", b"1"), SimpleUploadedFile("b.csv", b"2")]}
    )
    form = build_form_class([FILE], [])(posted(), files)
    assert "only one" in form.errors["q0"][0]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/plan.csv", "plan.csv"),
        (r"C:\Users\me\plan.csv", "plan.csv"),
        ("CON.csv", "_CON.csv"),
        ("plan\u202evsc.csv", "planvsc.csv"),
        ("x" * 400 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_file_keeps_a_name_that_is_safe_to_show(given: str, kept: str) -> None:
    form = form_of(FILE, q0=named(given, b"a"))
    assert form.is_valid(), form.errors
    assert form.uploads()[0][1].name == kept
