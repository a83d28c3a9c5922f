"""The main job with JavaScript switched off."""

from __future__ import annotations

import pytest

from tests.browser.chromium import expect
from tests.browser.conftest import Visit
from tests.browser.person import RUN_MS
from tests.browser.world import SALES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_an_app_is_found_and_run_to_its_result(visit: Visit) -> None:
    ben = visit(java_script_enabled=False)
    ben.go("/")
    ben.sign_in("ben", "demo-ben")
    ben.page.get_by_role("searchbox").fill("sales extract")
    ben.button("Search").click()
    expect(ben.page.locator("#catalogue [data-search]:visible")).to_have_count(1)
    ben.page.get_by_role("link", name=SALES).click()
    ben.field("Which sales region do you need?").select_option(label="North")
    ben.run()
    # The page asks for itself again by a meta element, as browsers did before scripts.
    expect(ben.state()).to_have_text("Ready", timeout=RUN_MS)
    header, *rows = ben.table()
    assert header[0] == "Order"
    assert {row[2] for row in rows} == {"North"}
    with ben.page.expect_download() as download:
        ben.page.get_by_role("link", name="Download").first.click()
    assert download.value.suggested_filename == "sales_north.csv"


def test_a_wrong_answer_is_said_and_kept(visit: Visit) -> None:
    ben = visit("ben", java_script_enabled=False)
    ben.open_app("Customer churn report")
    days = ben.field("After how many days without an order")
    days.fill("ninety")
    ben.button("Run").click()
    expect(ben.page.locator("[data-error-summary]")).to_contain_text("Enter a number")
    expect(days).to_have_value("ninety")


def test_the_theme_is_kept(visit: Visit) -> None:
    ben = visit("ben", java_script_enabled=False)
    ben.go("/runs/")
    ben.page.get_by_text("Account menu of").locator("..").click()
    ben.page.get_by_role("button", name="Dark").click()
    assert ben.path == "/runs/"
    expect(ben.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_star_is_kept(visit: Visit) -> None:
    ben = visit("ben", java_script_enabled=False)
    ben.go("/?view=tiles")
    star = ben.page.get_by_role("button", name="Favourite: Store map").first
    before = star.get_attribute("aria-pressed")
    star.click()
    star = ben.page.get_by_role("button", name="Favourite: Store map").first
    expect(star).not_to_have_attribute("aria-pressed", str(before))
