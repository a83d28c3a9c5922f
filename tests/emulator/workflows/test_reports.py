"""Reports open in what people open them with, and show what was asked."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from apps.emulator.workflow import Kind, PackageType, Workflow
from apps.emulator.workflows import ALL, company
from apps.emulator.workflows.churn import CUSTOMER_CHURN
from apps.emulator.workflows.closing import MONTH_END_CLOSE
from apps.emulator.workflows.forecast import DEMAND_FORECAST
from apps.emulator.workflows.html_report import axis_top, short
from apps.emulator.workflows.kpi_deck import KPI_DECK
from apps.emulator.workflows.regional_picture import REGIONAL_PICTURE
from apps.emulator.workflows.store_map import STORE_MAP

from .conftest import DefaultJob, Run
from .readers import csv_rows, sheet_rows

VOID = {"meta", "line", "circle", "rect", "polyline", "polygon", "br"}


class TagCounter(HTMLParser):
    """Counts tags and notices those left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not [name for name, _value in attrs if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _value in attrs if name.startswith("on")]
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("workflow", ALL, ids=lambda workflow: workflow.slug)
def test_html_reports_are_whole_and_bring_everything_along(
    workflow: Workflow, default_job: DefaultJob
) -> None:
    job = default_job(workflow)
    for name, formats in job.outputs.items():
        if not name.endswith(".html"):
            continue
        text = formats["Html"].read_text(encoding="utf-8")
        parser = TagCounter()
        parser.feed(text)
        assert not parser.open
        assert not {"script", "link", "img", "iframe"} & set(parser.seen)
        assert not re.search(r"https?://|url\(|@import", text)


def test_a_persons_words_stay_words_in_a_report(run: Run) -> None:
    answers = {"Prepared by": "<b>Eve</b>", "Note": "Line one\n<script>alert(1)</script>"}
    job = run(MONTH_END_CLOSE, answers)
    text = job.file("close_checklist_2026-09.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;Eve&lt;/b&gt;" in text
    assert "Line one\n&lt;script&gt;" in text


def test_every_month_closes_in_balance(run: Run) -> None:
    for month in ("2024-10", "2025-12", "2026-09"):
        job = run(MONTH_END_CLOSE, {"Month": month, "Post depreciation": "True"})
        rows = csv_rows(job.file(f"journal_{month}.csv"))
        debit, credit = (
            sum(float(row[name] or 0) for row in rows) for name in ("Debit EUR", "Credit EUR")
        )
        assert debit == pytest.approx(credit)
        balance = sheet_rows(job.file(f"trial_balance_{month}.xlsx"), "Trial balance")[3:-1]
        assert sum(row[4] for row in balance) == pytest.approx(0, abs=0.01)


def test_the_archive_holds_the_other_outputs(run: Run) -> None:
    job = run(MONTH_END_CLOSE)
    with ZipFile(job.file("month_end_2026-09.zip", "Zip")) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(set(job.outputs) - {"month_end_2026-09.zip"})
        for name in archive.namelist():
            assert archive.read(name) == job.file(name).read_bytes()


def test_what_is_not_posted_is_missing_and_warned_of(run: Run) -> None:
    off = {"Post accruals": "False", "Revalue currencies": "False"}
    job = run(MONTH_END_CLOSE, off)
    entries = {row["Entry"] for row in csv_rows(job.file("journal_2026-09.csv"))}
    assert not {entry for entry in entries if entry[0] in "AFD"}
    assert any("No accruals were posted" in warning for warning in job.warnings)


def test_materiality_changes_the_warnings(run: Run) -> None:
    low, high = (run(MONTH_END_CLOSE, {"Materiality": limit}) for limit in ("1000", "250000"))
    counts = [int(re.findall(r"(\d+) entries are above", job.log)[0]) for job in (low, high)]
    assert counts[0] > counts[1]


def test_an_empty_name_stops_the_close(run: Run) -> None:
    assert run(MONTH_END_CLOSE, {"Prepared by": "  "}).errors == [
        "Tool #102: Prepared by must not be empty."
    ]


@pytest.mark.parametrize("chosen", ["For management", "For store operations", "For finance"])
def test_the_deck_has_four_pages_for_every_audience(run: Run, chosen: str) -> None:
    answers = {"For management": "False"} | {chosen: "True", "Reporting month": "2026-03"}
    job = run(KPI_DECK, answers)
    content = job.file("kpi_deck_2026-03.pdf", "Pdf").read_bytes()
    assert content.startswith(b"%PDF-1.")
    assert content.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type /Page\b(?!s)", content)) == 4


def test_decks_of_different_answers_differ(run: Run) -> None:
    contents = {
        run(KPI_DECK, answers).file("kpi_deck_2026-09.pdf").read_bytes()
        for answers in ({}, {"For management": "False", "For finance": "True"})
    }
    contents.add(
        run(KPI_DECK, {"Stores in the ranking": "5"}).file("kpi_deck_2026-09.pdf").read_bytes()
    )
    assert len(contents) == 3


def test_the_picture_opens_and_follows_its_answers(run: Run) -> None:
    seen = set()
    for answers in ({}, {"Regions": "N"}, {"Measure": "orders"}, {"Headline": "Grüße & more"}):
        path = run(REGIONAL_PICTURE, answers).file("regional_picture.png")
        with Image.open(path) as image:
            assert (image.format, image.size, image.mode) == ("PNG", (1600, 900), "RGB")
            image.load()
        seen.add(path.read_bytes())
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("answers", "tool"),
    [({"Regions": ""}, 143), ({"Headline": "x" * 61}, 141), ({"Measure": "profit"}, 142)],
)
def test_a_picture_of_nothing_is_refused(run: Run, answers: dict[str, str], tool: int) -> None:
    assert run(REGIONAL_PICTURE, answers).errors[0].startswith(f"Tool #{tool}: ")


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ("", {"North", "East", "South", "West", "Central"}),
        ('["REGION:South"]', {"South"}),
        ('["COUNTRY:Denmark","STORE:S025"]', {"North", "South"}),
        ("REGION:West", {"West"}),
    ],
)
def test_the_tree_chooses_stores(run: Run, places: str, expected: set[str]) -> None:
    rows = csv_rows(run(STORE_MAP, {"Places": places}).file("stores.csv"))
    assert {row["Region"] for row in rows} == expected


def test_the_map_cuts_the_area(run: Run) -> None:
    job = run(STORE_MAP, {"Area": "-12,50,2,60"})
    cities = {row["City"] for row in csv_rows(job.file("stores.csv"))}
    assert {"Dublin", "London", "Edinburgh"} <= cities
    assert "Madrid" not in cities
    assert "lie outside the area" in job.warnings[0]


@pytest.mark.parametrize(
    ("answers", "tool"),
    [
        ({"Area": "1,2,3"}, 122),
        ({"Area": "30,34,-12,66"}, 122),
        ({"Area": "nan,0,1,1"}, 122),
        ({"Area": "100,10,110,20"}, 122),
        ({"Places": '["REGION:Moon"]'}, 121),
        ({"Places": '{"a":1}'}, 121),
    ],
)
def test_places_that_are_not_are_refused(run: Run, answers: dict[str, str], tool: int) -> None:
    assert run(STORE_MAP, answers).errors[0].startswith(f"Tool #{tool}: ")


def test_the_forecast_looks_as_far_as_asked(run: Run) -> None:
    job = run(DEMAND_FORECAST, {"Months ahead": "3", "Category": "Kitchen"})
    rows = csv_rows(job.file("demand_forecast.csv"))
    assert {row["Category"] for row in rows} == {"Kitchen"}
    assert sorted({row["Month"] for row in rows}) == ["2026-10", "2026-11", "2026-12"]
    for row in rows:
        assert float(row["Low EUR"]) <= float(row["High EUR"])
    assert sum("models are fitted" in message.text for message in job.messages) == 14


def test_other_answers_give_other_bytes(run: Run) -> None:
    one = run(CUSTOMER_CHURN, {"Quiet for days": "60"}).file("customer_churn.html").read_bytes()
    assert one != run(CUSTOMER_CHURN).file("customer_churn.html").read_bytes()


@pytest.mark.parametrize(
    ("value", "label"), [(0, "0"), (9999, "9,999"), (12_000, "12k"), (1_250_000, "1.25M")]
)
def test_axis_labels_are_short(value: float, label: str) -> None:
    assert short(value) == label


@pytest.mark.parametrize("value", [0, 0.4, 1, 99, 100, 101, 123_456, 9_999_999])
def test_an_axis_ends_above_its_highest_value(value: float) -> None:
    assert value <= axis_top(value) <= max(1, 2.5 * value)


def test_every_kind_of_question_is_asked_somewhere() -> None:
    questions = [question for workflow in ALL for question in workflow.questions]
    assert {question.kind for question in questions} == set(Kind)
    lists = [question for question in questions if question.kind is Kind.LIST_BOX]
    assert {question.multiple for question in lists} == {True, False}
    assert max(len(question.items) for question in lists) >= 60
    assert [q for q in lists if q.multiple and any(item.key != item.value for item in q.items)]
    for trait in ("is_multiline", "is_password", "is_hidden", "tab", "group", "inside"):
        assert any(getattr(question, trait) for question in questions), trait
    for limit in ("minimum", "maximum", "increment", "decimals"):
        assert any(getattr(question, limit) for question in questions), limit


def test_nested_questions_are_inside_check_boxes_and_radio_buttons() -> None:
    holders = {
        next(q.kind for q in workflow.questions if q.name == question.inside)
        for workflow in ALL
        for question in workflow.questions
        if question.inside
    }
    assert holders == {Kind.BOOLEAN_GROUP, Kind.RADIO_GROUP}


def test_every_sort_of_output_is_offered_somewhere(default_job: DefaultJob) -> None:
    suffixes: set[str] = set()
    formats: set[str] = set()
    for workflow in ALL:
        for name, offered in default_job(workflow).outputs.items():
            suffixes.add(Path(name).suffix)
            formats |= set(offered)
    assert suffixes == {".csv", ".xlsx", ".html", ".pdf", ".png", ".yxdb", ".zip"}
    assert formats == {"Raw", "Csv", "Xlsx", "Html", "Pdf", "Yxdb", "Zip"}


def test_there_is_something_for_every_taste() -> None:
    assert len(ALL) >= 16
    assert any(not workflow.questions for workflow in ALL)
    assert {workflow.package_type for workflow in ALL} == {PackageType.APP, PackageType.MODULE}


def test_the_company_is_consistent() -> None:
    assert len(company.stores()) == 60
    assert len({customer.number for customer in company.customers()}) == company.CUSTOMERS
    days = [line.day for line in company.order_lines()]
    assert days == sorted(days)
    assert days[0] >= company.FIRST_DAY
    assert days[-1] <= company.LAST_DAY
    assert {company.month_of(day) for day in days} == set(company.months())
    assert len(company.months()) == 24
    assert all(customer.email.isascii() for customer in company.customers())
