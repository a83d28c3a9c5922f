"""An administrator's way from an empty connection to an app that a group can run."""

from __future__ import annotations

import re

import pytest

from apps.emulator import people
from tests.browser.chromium import expect
from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.browser.world import World, connect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORKFLOW = "Month-end close"


def _verdicts(anna: Person) -> set[str]:
    """Return the words of all rungs of the doctor's ladder."""
    words = set(anna.page.locator(".ladder .rung-word").all_inner_texts())
    assert words
    return words


def test_a_gallery_is_connected_and_one_of_its_workflows_opened_to_a_group(
    visit: Visit, world: World
) -> None:
    anna = visit("anna")
    anna.go("/")
    anna.page.locator("nav summary").first.click()
    anna.page.get_by_role("link", name="Connections").first.click()
    anna.page.get_by_role("link", name="Add a connection").click()
    pair = people.CURATOR.pair
    connect(anna, "Closing Gallery", world.stack.gallery_url, f" {pair.key} ", pair.secret)
    expect(anna.page.locator("main")).to_contain_text("The connection works.")
    assert not {"Failed", "Fails"} & _verdicts(anna)
    expect(anna.page.locator("#report-text")).not_to_contain_text(pair.secret)
    assert pair.secret not in anna.page.content()

    anna.go("/manage/apps/")
    anna.page.get_by_role("link", name="Expose an app").first.click()
    anna.page.get_by_role("link", name="Closing Gallery").click()
    anna.page.get_by_role("searchbox").press_sequentially("month-end")
    found = anna.page.locator("#workflows .row:visible")
    expect(found).to_have_count(1)
    found.get_by_role("link", name=WORKFLOW).click()
    expect(anna.page.locator("#preview-title")).to_be_visible()
    anna.field("Title").fill("Close the month")
    anna.field("Category").fill("Closing")
    anna.page.locator("label.choice", has_text="calendar check").click()
    anna.page.get_by_role("group", name="Groups").get_by_label("Finance").check()
    anna.button("Expose now").click()
    expect(anna.page.get_by_role("heading", level=1)).to_have_text("Close the month")
    # She is in no group of the app: no link may lead her to a page that is not there for her.
    expect(anna.page.get_by_role("link", name="Open as people see it")).to_have_count(0)
    form = anna.path.removeprefix("/manage")
    assert anna.context.request.get(form).status == 404

    chloe = visit("chloe")
    chloe.open_app("Close the month")
    assert chloe.path == form
    chloe.field("Your name").fill("Chloe")
    chloe.run()
    chloe.wait_for("Ready")

    ben = visit("ben")
    ben.go("/")
    expect(ben.page.locator("#catalogue")).not_to_contain_text("Close the month")
    assert ben.go(form) == 404


def test_a_wrong_secret_is_named_with_what_to_do_and_can_be_mended(
    visit: Visit, world: World
) -> None:
    anna = visit("anna")
    anna.go("/manage/connections/new/")
    pair = people.PLANNER.pair
    connect(anna, "Mended Gallery", world.stack.gallery_url, pair.key, "0" * 64)
    expect(anna.page.locator("main")).to_contain_text("the connection does not work yet")
    failed = anna.page.locator(".rung-fail")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("What to do")
    expect(failed).to_contain_text("secret")

    anna.page.get_by_role("link", name="Change", exact=True).click()
    expect(anna.field("Secret")).to_have_value("")
    anna.field("Secret").fill(pair.secret)
    anna.button("Save and check").click()
    expect(anna.page.locator("main")).to_contain_text("The connection works.")


def test_an_app_can_be_hidden_and_shown_again(visit: Visit) -> None:
    anna, dan = visit("anna"), visit("dan")
    dan.open_app("Exchange-rate table")
    form = dan.path
    anna.go("/manage/apps/")
    anna.page.get_by_role("link", name="Exchange-rate table", exact=True).click()
    anna.button("Hide").click()
    try:
        expect(anna.button("Publish")).to_be_visible()
        assert dan.go(form) == 404
    finally:
        anna.button("Publish").click()
    expect(anna.button("Hide")).to_be_visible()
    assert dan.go(form) == 200


def test_a_question_is_asked_in_other_words_once_they_are_saved(visit: Visit) -> None:
    anna, ben = visit("anna"), visit("ben")
    anna.go("/manage/apps/")
    anna.page.get_by_role("link", name="Store map", exact=True).click()
    anna.page.get_by_role("link", name="Questions", exact=True).click()
    area = anna.page.locator("fieldset.question").last
    area.get_by_label("Label").fill("Which part of Europe?")
    area.get_by_label("Help").fill("West, south, east, north.")
    area.get_by_role("checkbox").first.check()
    anna.button("Save").click()
    expect(anna.page.locator("main")).to_contain_text("Saved.")
    ben.open_app("Store map")
    expect(ben.field("Which part of Europe?")).to_be_visible()


def test_the_self_check_finds_everything_at_work(visit: Visit) -> None:
    anna = visit("anna")
    anna.go("/manage/status/")
    rungs = anna.page.locator(".ladder .rung")
    for part in ("Database", "Worker", "Scheduler", "Broker"):
        rung = rungs.filter(has_text=part).first
        expect(rung).to_have_class(re.compile(r"\brung-ok\b"))


def test_nobody_else_gets_to_the_pages_of_administrators(visit: Visit) -> None:
    ben = visit("ben")
    ben.go("/")
    expect(ben.page.get_by_text("Manage")).to_have_count(0)
    for part in ("connections", "apps", "people", "status", "style"):
        assert ben.go(f"/manage/{part}/") == 404
