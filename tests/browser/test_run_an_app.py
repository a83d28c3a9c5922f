"""A business user's day: find an app, fill it in, wait, read the result, run it again."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from tests.browser.chromium import expect
from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.browser.world import SALES, SLOW, World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MARK = "() => { window.untouched = true; }"
IS_MARKED = "() => window.untouched === true"
BUDGET = "Cost centre,Account,Month,Amount\n4100,6000,2027-01,1200.50\n4100,6100,2027-02,900\n"


def _runs(person: Person, app: str) -> int:
    """Return how many runs of an app the person's history shows."""
    person.go("/runs/")
    return person.page.locator("main table").get_by_role("link", name=app, exact=True).count()


def test_an_app_is_found_by_typing_and_run_to_a_table_and_a_download(visit: Visit) -> None:
    ben = visit()
    ben.go("/")
    ben.sign_in("ben", "demo-ben")
    ben.page.get_by_role("searchbox").press_sequentially("sales ext")
    tiles = ben.page.locator("#catalogue [data-search]:visible")
    expect(tiles).to_have_count(1)
    tiles.get_by_role("link", name=SALES).click()
    ben.field("Which sales region do you need?").select_option(label="West")
    ben.field("First day of the orders").fill("2026-08-01")
    ben.field("Last day of the orders").fill("2026-08-31")
    ben.field("Add the customer's name").check()
    path = ben.run()

    ben.page.evaluate(MARK)
    ben.wait_for("Ready")
    assert ben.page.evaluate(IS_MARKED), "the page was loaded again"
    expect(ben.page).to_have_title(re.compile("^Ready"))
    chips = ben.page.locator(".run-answers .chip")
    assert [chip.inner_text().split("\n")[-1] for chip in chips.all()][:1] == ["West"]

    header, *rows = ben.table()
    with ben.page.expect_download() as download:
        ben.page.get_by_role("link", name="Download").first.click()
    saved = Path(download.value.path()).read_bytes()
    in_file = list(csv.reader(io.StringIO(saved.decode("utf-8-sig"))))
    assert download.value.suggested_filename == "sales_west.csv"
    assert header == in_file[0]
    assert rows == in_file[1 : len(rows) + 1]
    assert header[-1] == "Contact"
    assert {row[2] for row in rows} == {"West"}

    href = ben.page.get_by_role("link", name="Download").first.get_attribute("href")
    assert href
    assert ben.context.request.get(href).body() == saved

    ben.go("/runs/")
    newest = ben.page.locator("main table tbody tr").first
    expect(newest).to_contain_text("Ready")
    assert newest.get_by_role("link").get_attribute("href") == path


def test_running_again_starts_from_the_answers_given_before(visit: Visit, world: World) -> None:
    path = world.run("picture")
    ben = visit("ben")
    ben.go(path)
    ben.page.get_by_role("link", name="Run again with changes").click()
    expect(ben.field("Words above the picture")).to_have_value("North and south")
    ben.field("Words above the picture").fill("All of them")
    assert ben.run() != path
    expect(ben.page.locator(".run-answers")).to_contain_text("All of them")


def test_every_kind_of_field_reaches_the_run_as_it_was_filled_in(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_app("Price list to hand out")
    ben.field("Furniture").uncheck()
    ben.field("Only these products").fill("KIT-010")
    ben.field("Prices with tax").check()
    ben.field("Whose tax rate applies?").select_option(index=1)
    country = ben.field("Whose tax rate applies?").locator("option:checked").inner_text()
    ben.field("Rebate on every price").fill("12.5")
    ben.run()
    answers = ben.page.locator(".run-answers")
    for words in ("Kitchen", "KIT-010", country, "12.5"):
        expect(answers).to_contain_text(words)
    expect(answers).not_to_contain_text("Furniture")
    ben.wait_for("Ready")


def test_a_file_is_handed_over_and_checked_line_by_line(visit: Visit) -> None:
    chloe = visit("chloe")
    chloe.open_app("Budget upload check")
    content = {"name": "my budget.csv", "mimeType": "text/csv", "buffer": BUDGET.encode()}
    chloe.field("Your budget as csv or xlsx").set_input_files(content)  # type: ignore[arg-type]
    chloe.run()
    expect(chloe.page.locator(".run-answers")).to_contain_text("my budget.csv")
    chloe.wait_for("Ready")


def test_a_text_of_dates_and_folders_is_taken_as_it_stands(visit: Visit) -> None:
    anna = visit("anna")
    anna.open_app("Headcount snapshot")
    anna.field("Folder of the month's payroll files").fill(r"\\files\people\payroll\2026-08")
    anna.field("Ledger the snapshot").fill("HR “02” <&>")
    anna.run()
    expect(anna.page.locator(".run-answers")).to_contain_text("HR “02” <&>")
    anna.wait_for("Ready")
    assert anna.table()[0][0] == "Department"


def test_a_wrong_answer_is_said_at_its_field_and_nothing_typed_is_lost(visit: Visit) -> None:
    ben = visit("ben")
    before = _runs(ben, "Customer churn report")
    ben.open_app("Customer churn report")
    days = ben.field("After how many days without an order")
    days.fill("ninety")
    ben.field("Leave out customers").fill("2500")
    ben.field("Education").check()
    with ben.page.expect_response("**/apps/*/") as answer:
        ben.button("Run").click()
    assert answer.value.status == 422
    summary = ben.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(days).to_have_value("ninety")
    expect(days).to_have_attribute("aria-invalid", "true")
    expect(ben.field("Leave out customers")).to_have_value("2500")
    expect(ben.field("Education")).to_be_checked()
    described_by = (days.get_attribute("aria-describedby") or "").split()
    texts = " ".join(ben.page.locator(f"#{name}").inner_text() for name in described_by)
    assert "Enter a number" in texts
    summary.get_by_role("link").click()
    expect(days).to_be_focused()
    assert _runs(ben, "Customer churn report") == before


def test_a_running_app_can_be_cancelled(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_app(SLOW)
    ben.run()
    ben.wait_for("Running")
    ben.button("Cancel run").click()
    ben.wait_for("Cancelled")
    expect(ben.button("Cancel run")).to_have_count(0)


def test_a_failed_run_says_what_happened_and_what_to_do(visit: Visit, world: World) -> None:
    anna = visit("anna")
    anna.go(world.run("failed"))
    notice = anna.page.locator("#run .notice").first
    expect(notice).to_contain_text("error")
    expect(anna.page.locator(".run-errors")).to_contain_text("wrong pass phrase")
    expect(anna.page.locator(".step-failed")).to_contain_text("Running")
    expect(anna.page.get_by_role("link", name="Run again with changes")).to_be_visible()
    expect(anna.page.locator("main")).not_to_contain_text("Traceback")


def test_an_app_without_files_says_that_it_is_done(visit: Visit, world: World) -> None:
    anna = visit("anna")
    anna.go(world.run("silent"))
    expect(anna.page.locator("main")).to_contain_text("Done. This app makes no files.")


def test_a_picture_is_shown_in_the_page(visit: Visit, world: World) -> None:
    ben = visit("ben")
    ben.go(world.run("picture"))
    picture = ben.page.locator("#run img")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.complete && image.naturalWidth > 100")


def test_a_double_click_on_run_makes_one_run(visit: Visit) -> None:
    dan = visit("dan")
    before = _runs(dan, "Exchange-rate table")
    dan.open_app("Exchange-rate table")
    dan.button("Run").dblclick()
    dan.page.wait_for_url("**/runs/*-*/")
    assert _runs(dan, "Exchange-rate table") == before + 1


def test_going_back_after_running_shows_the_form_and_makes_no_second_run(visit: Visit) -> None:
    dan = visit("dan")
    before = _runs(dan, "Exchange-rate table")
    dan.open_app("Exchange-rate table")
    form = dan.path
    dan.run()
    dan.page.go_back()
    expect(dan.button("Run")).to_be_visible()
    assert dan.path == form
    assert _runs(dan, "Exchange-rate table") == before + 1


def test_what_is_not_shared_is_not_there(visit: Visit, world: World) -> None:
    ben = visit("ben")
    run = world.run("table")
    ben.open_app(SALES)
    form = ben.path
    ben.go(run)
    output = ben.page.get_by_role("link", name="Download").first.get_attribute("href") or ""
    dan = visit("dan")
    dan.go("/")
    expect(dan.page.locator("#catalogue")).not_to_contain_text(SALES)
    for path in (form, run, output, "/manage/connections/", "/manage/apps/"):
        assert dan.context.request.get(path).status == 404, path
    dan.go(run)
    expect(dan.page.get_by_role("heading", level=1)).to_have_text("This page is not here")


def test_who_is_not_signed_in_is_asked_to_and_comes_back(visit: Visit, world: World) -> None:
    run = world.run("table")
    ben = visit()
    ben.go(run)
    assert ben.path == "/accounts/login/"
    ben.sign_in("ben", "demo-ben")
    assert ben.path == run
