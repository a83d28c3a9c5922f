"""Every page of the portal, and how a person gets there: for the checks all pages have to pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.browser.chromium import expect
from tests.browser.person import Person
from tests.browser.world import RUNS, SALES, SLOW, World

if TYPE_CHECKING:
    from playwright.sync_api import Page

Way = Callable[[Person, World], None]


@dataclass(frozen=True)
class Stop:
    """A page worth a look: who sees it, how they get there, and how they leave nothing behind."""

    username: str
    way: Way
    leave: Way | None = None


def _path(path: str) -> Way:
    def way(person: Person, world: World) -> None:
        person.go(path)

    return way


def _app(title: str) -> Way:
    return lambda person, _world: person.open_app(title)


def _run(name: str) -> Stop:
    def way(person: Person, world: World) -> None:
        person.go(world.run(name))
        for details in person.page.locator("details.disclosure").all():
            details.locator("summary").click()

    return Stop(RUNS[name][0], way)


def _form_with_errors(person: Person, _world: World) -> None:
    person.open_app("Customer churn report")
    person.field("After how many days without an order").fill("many")
    person.field("Leave out customers who bought for less").fill("1.000,50")
    person.button("Run").click()
    expect(person.page.locator("[data-error-summary]")).to_be_visible()


def _form_again(person: Person, world: World) -> None:
    person.go(world.run("table"))
    person.page.get_by_role("link", name="Run again with changes").click()
    expect(person.button("Run")).to_be_visible()


def _live(person: Person, _world: World) -> None:
    person.open_app(SLOW)
    person.run()
    person.wait_for("Running")


def _cancel(person: Person, _world: World) -> None:
    person.button("Cancel run").click()
    person.wait_for("Cancelled")


def _table(person: Person, world: World) -> None:
    person.go(world.run("table"))
    person.page.get_by_role("link", name="Look through all rows").click()
    expect(person.page.locator("main table")).to_be_visible()


def _no_match(person: Person, _world: World) -> None:
    person.go("/?q=zeppelin")


def _history(person: Person, world: World) -> None:
    world.run("table")
    person.go("/runs/")


def _connection(*, works: bool) -> Way:
    return lambda person, world: (person.go(world.connection(works=works)), None)[1]


def _new_connection_with_errors(person: Person, _world: World) -> None:
    person.go("/manage/connections/new/")
    person.field("Address").fill("ftp://nowhere")
    person.button("Save and check").click()
    expect(person.page.locator("[data-error-summary]")).to_be_visible()


def _connection_part(part: str) -> Way:
    return lambda person, world: (person.go(f"{world.connection(works=True)}{part}/"), None)[1]


def _browse(person: Person, world: World) -> None:
    person.go(world.connection(works=True).replace("connections", "apps/new"))
    expect(person.page.get_by_role("heading", name=SALES)).to_be_visible()


def _expose(person: Person, world: World) -> None:
    _browse(person, world)
    person.page.get_by_role("link", name="Customer churn report").click()
    expect(person.button("Expose now")).to_be_visible()


def _expose_with_errors(person: Person, world: World) -> None:
    _expose(person, world)
    person.field("Title").fill("")
    person.button("Expose now").click()
    expect(person.page.locator("[data-error-summary]")).to_be_visible()


def _choose(person: Person, world: World) -> None:
    world.connection(works=True)
    person.go("/manage/apps/new/")


def _managed_app(tab: str = "") -> Way:
    def way(person: Person, world: World) -> None:
        person.go("/manage/apps/")
        person.page.locator("main").get_by_role("link", name="Customer churn report").first.click()
        if tab:
            person.page.get_by_role("link", name=tab, exact=True).click()
            expect(person.page.locator(".tab[aria-current]")).to_have_text(tab)

    return way


def _group(person: Person, _world: World) -> None:
    person.go("/manage/people/")
    person.page.get_by_role("link", name="Sales", exact=True).click()
    expect(person.page.get_by_role("heading", name="Sales", level=1)).to_be_visible()


STOPS: dict[str, Stop] = {
    "sign-in": Stop("", _path("/accounts/login/")),
    "sign-in-forgotten": Stop("", _path("/accounts/password/reset/")),
    "catalogue": Stop("ben", _path("/?view=tiles")),
    "catalogue-list": Stop("ben", _path("/?view=rows")),
    "catalogue-no-match": Stop("ben", _no_match),
    "form": Stop("chloe", _app("Month-end close")),
    "form-choices": Stop("ben", _app("Price list to hand out")),
    "form-file": Stop("chloe", _app("Budget upload check")),
    "form-nothing-asked": Stop("anna", _app("Refresh of the sales cache")),
    "form-errors": Stop("ben", _form_with_errors),
    "form-again": Stop("ben", _form_again),
    "run-live": Stop("ben", _live, _cancel),
    "result-table": _run("table"),
    "result-picture": _run("picture"),
    "result-no-files": _run("silent"),
    "result-all-rows": Stop("ben", _table),
    "run-failed": _run("failed"),
    "run-cancelled": _run("cancelled"),
    "history": Stop("ben", _history),
    "history-empty": Stop("dan", _path("/runs/?state=failed")),
    "history-everybody": Stop("anna", _path("/runs/?who=all")),
    "password": Stop("ben", _path("/accounts/password/change/")),
    "not-found": Stop("ben", _path("/apps/00000000-0000-4000-8000-000000000000/")),
    "connections": Stop("anna", _path("/manage/connections/")),
    "connection-new": Stop("anna", _path("/manage/connections/new/")),
    "connection-errors": Stop("anna", _new_connection_with_errors),
    "connection-works": Stop("anna", _connection(works=True)),
    "connection-broken": Stop("anna", _connection(works=False)),
    "connection-edit": Stop("anna", _connection_part("edit")),
    "connection-delete": Stop("anna", _connection_part("delete")),
    "apps": Stop("anna", _path("/manage/apps/")),
    "apps-choose": Stop("anna", _choose),
    "apps-browse": Stop("anna", _browse),
    "apps-expose": Stop("anna", _expose),
    "apps-expose-errors": Stop("anna", _expose_with_errors),
    "app-overview": Stop("anna", _managed_app()),
    "app-questions": Stop("anna", _managed_app("Questions")),
    "app-who": Stop("anna", _managed_app("Who")),
    "app-preview": Stop("anna", _managed_app("Preview")),
    "people": Stop("anna", _path("/manage/people/")),
    "people-group": Stop("anna", _group),
    "self-check": Stop("anna", _path("/manage/status/")),
    "style-page": Stop("anna", _path("/manage/style/")),
}


def settle(page: Page) -> None:
    """Go to the top and wait for fonts and movement, so that colours and sizes are final."""
    page.evaluate(
        """async () => {
          window.scrollTo(0, 0);
          await document.fonts.ready;
          // What follows a scroll position never ends, nor does what turns as long as one waits.
          const ends = (animation) =>
            animation.timeline === document.timeline && animation.effect.getTiming().iterations < 9;
          const moving = document.getAnimations().filter(ends);
          await Promise.allSettled(moving.map((animation) => animation.finished));
        }"""
    )
