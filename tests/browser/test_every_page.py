"""What holds for every page: usable with assistive technology, fits a phone, stays at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import axe
from tests.browser.person import Person
from tests.browser.tour import STOPS, settle
from tests.browser.world import World

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.mark.parametrize("name", STOPS)
def test_page_is_accessible_and_fits_a_phone(name: str, world: World) -> None:
    """One visit for both: getting there takes longer than looking."""
    stop = STOPS[name]
    person = world.tourist(stop.username)
    person.page.set_viewport_size(WIDE)
    stop.way(person, world)
    found = {theme: _look(person, theme) for theme in ("light", "dark")}
    person.page.set_viewport_size(PHONE)
    settle(person.page)
    found["phone"] = [*_sideways(person), *axe.violations(person.page)]
    if stop.leave:
        stop.leave(person, world)
    found["watch"] = person.watch.take()
    assert found == {"light": [], "dark": [], "phone": [], "watch": []}


def _look(person: Person, theme: str) -> list[str]:
    person.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    settle(person.page)
    return axe.violations(person.page)


def _sideways(person: Person) -> list[str]:
    """Return what sticks out of a page that scrolls sideways."""
    widths = "() => [document.scrollingElement.scrollWidth, window.innerWidth]"
    wide, screen = person.page.evaluate(widths)
    if wide <= screen:
        return []
    sticking_out: list[str] = person.page.evaluate(
        """() => [...document.querySelectorAll("main *, header *")]
          .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1)
          .map((e) => `${e.tagName}.${e.className}`).slice(0, 8)"""
    )
    return [f"{wide} pixels wide: {', '.join(sticking_out)}"]
