"""Somebody at a browser of their own: does what people do, by what people see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.browser.chromium import expect
from tests.browser.watch import Watch

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

# The longest any run of these tests may take, on a machine that is busy with other tests.
RUN_MS = 60_000
RUN_ADDRESS = re.compile(r"/runs/[0-9a-f-]{36}/$")


class Person:
    """One person's browser window.

    Attributes:
        page: the window; locators of playwright are used on it directly.
        watch: collects what no page may do.
    """

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context = context
        self.watch = Watch(context, origin)
        self.page: Page = context.new_page()

    def open_window(self) -> None:
        """Go on in a new window of the same browser."""
        self.page.close()
        self.page = self.context.new_page()

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def go(self, path: str) -> int:
        """Open a page and return its HTTP status."""
        response = self.page.goto(path)
        assert response is not None
        return response.status

    def sign_in(self, username: str, password: str) -> None:
        self.page.get_by_label("User name or e-mail").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.button("Sign in").click()
        expect(self.page.get_by_role("heading", name="Sign in")).to_have_count(0)

    def button(self, name: str) -> Locator:
        return self.page.locator("main").get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        """Return the control with this label, whatever marks stand beside it."""
        return self.page.locator("main").get_by_label(label)

    def open_app(self, title: str) -> None:
        """Go to an app's form from the catalogue."""
        self.go("/")
        self.page.get_by_role("link", name=title, exact=True).first.click()
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()

    def run(self) -> str:
        """Send the form and return the path of the run it led to."""
        self.button("Run").click()
        self.page.wait_for_url(RUN_ADDRESS)
        return self.path

    def state(self) -> Locator:
        """The run's state as the page's header shows it."""
        return self.page.locator("#run .page-header .pill")

    def wait_for(self, words: str) -> None:
        """Wait, without touching the page, until the run is in this state."""
        expect(self.state()).to_have_text(words, timeout=RUN_MS)

    def table(self) -> list[list[str]]:
        """Return the texts of the first table of the page, its header first."""
        rows = self.page.locator("main table").first.locator("tr")
        return [row.locator("th, td").all_inner_texts() for row in rows.all()]
