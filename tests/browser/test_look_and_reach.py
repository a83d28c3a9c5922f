"""Keyboard, theme and phone: how the pages are reached and how they follow the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import axe
from tests.browser.chromium import expect
from tests.browser.conftest import Visit
from tests.browser.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Dialog

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# What Tab should reach inside the form; of radio buttons it stops at the chosen one alone.
REACHABLE = """() => [...document.querySelectorAll(
    "main form.run-form :is(input, select, textarea, button, a)")]
  .filter((e) => e.type !== "hidden" && e.checkVisibility() && (e.type !== "radio" || e.checked))
  .map((e) => e.id || e.textContent.trim())"""
FOCUSED = "() => document.activeElement.id || document.activeElement.textContent.trim()"
HAS_RING = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""


def test_the_tab_key_reaches_every_part_of_a_form_in_order(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_app("Price list to hand out")
    wanted = ben.page.evaluate(REACHABLE)
    assert len(wanted) > 10
    ben.page.locator("main").focus()
    reached: list[str] = []
    for _ in range(len(wanted) + 5):
        ben.page.keyboard.press("Tab")
        reached.append(ben.page.evaluate(FOCUSED))
        assert ben.page.evaluate(HAS_RING), f"nobody sees that {reached[-1]} has the focus"
        if reached[-1] == wanted[-1]:
            break
    assert [name for name in reached if name in wanted] == wanted


def test_the_skip_link_leads_past_the_navigation(visit: Visit) -> None:
    ben = visit("ben")
    ben.go("/")
    ben.page.keyboard.press("Tab")
    link = ben.page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    ben.page.keyboard.press("Enter")
    expect(ben.page.locator("main")).to_be_focused()
    ben.page.keyboard.press("Tab")
    assert ben.page.evaluate("() => Boolean(document.activeElement.closest('main'))")


def test_an_app_is_run_with_the_keyboard_alone(visit: Visit) -> None:
    dan = visit("dan")
    dan.go("/")
    dan.page.keyboard.press("/")
    expect(dan.page.get_by_role("searchbox")).to_be_focused()
    dan.page.keyboard.type("exchange")
    link = dan.page.get_by_role("link", name="Exchange-rate table")
    link.focus()
    dan.page.keyboard.press("Enter")
    button = dan.button("Run")
    button.focus()
    dan.page.keyboard.press("Enter")
    dan.page.wait_for_url("**/runs/*-*/")


def test_the_theme_changes_at_once_and_is_remembered(visit: Visit) -> None:
    ben = visit("ben")
    ben.go("/")
    background = "() => getComputedStyle(document.body).backgroundColor"
    light = ben.page.evaluate(background)
    ben.page.locator("summary.user-button").click()
    ben.page.evaluate("() => { window.untouched = true; }")
    with ben.page.expect_response("**/theme/"):
        ben.page.get_by_role("button", name="Dark").click()
    expect(ben.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert ben.page.evaluate("() => window.untouched")
    dark = ben.page.evaluate(background)
    assert dark != light
    ben.go("/runs/")
    assert ben.page.evaluate(background) == dark


def test_on_a_phone_run_stays_in_sight_of_a_long_form(visit: Visit) -> None:
    chloe = visit("chloe", viewport={"width": 390, "height": 664}, has_touch=True)
    chloe.open_app("Month-end close")
    assert chloe.page.evaluate(
        "() => document.scrollingElement.scrollHeight > window.innerHeight * 1.2"
    )
    expect(chloe.button("Run")).to_be_in_viewport(ratio=1)


def test_a_change_that_was_not_sent_is_asked_about(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_app("Customer churn report")
    ben.field("After how many days").fill("120")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    ben.page.on("dialog", leave)
    ben.page.get_by_role("link", name="My runs").first.click()
    ben.page.wait_for_url("**/runs/")
    assert asked == ["beforeunload"]


def test_the_checker_of_all_pages_sees_what_breaks_a_rule(visit: Visit, world: World) -> None:
    """The proof that "no violations" means something."""
    ben = visit("ben")
    ben.go(world.run("table"))
    assert axe.violations(ben.page) == []
    ben.page.evaluate(
        "() => document.querySelector('main').append(document.createElement('input'))"
    )
    assert any(line.startswith("label:") for line in axe.violations(ben.page))


def test_the_watch_of_all_pages_sees_what_is_forbidden(world: World) -> None:
    ben = world.visitor("ben")
    ben.go("/")
    ben.page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", "<p style='color:red'>inline</p>");
          const picture = new Image();
          picture.src = "https://elsewhere.example/pixel.png";
          document.body.append(picture);
        }"""
    )
    expect(ben.page.get_by_text("inline")).to_be_visible()
    ben.page.wait_for_function("() => document.images[0].complete")
    ben.context.close()
    troubles = " ".join(ben.watch.troubles)
    assert "CSP: style-src" in troubles
    assert "CSP: img-src" in troubles
