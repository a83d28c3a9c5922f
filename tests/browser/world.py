"""What the browser tests share: who is signed in where, and runs that were made before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from apps.emulator import people
from apps.home.demo.cast import CAST
from tests.browser.person import Person
from tests.browser.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, StorageState

PASSWORDS = {person.username: person.password for person in CAST}
SALES, PICTURE = "Sales extract by region", "Regional picture"
SLOW, SILENT, FAILING = "Demand forecast", "Refresh of the sales cache", "Headcount snapshot"


def _wrong_pass_phrase(person: Person) -> None:
    person.field("Add the average salary per department").check()
    person.field("Pass phrase of the payroll files").fill("not this one")


def _two_regions(person: Person) -> None:
    person.field("Words above the picture").fill("North and south")


# Runs that several tests look at, by name: who runs which app, and what they enter.
RUNS: Mapping[str, tuple[str, str, Callable[[Person], None] | None, str]] = {
    "table": ("ben", SALES, None, "Ready"),
    "picture": ("ben", PICTURE, _two_regions, "Ready"),
    "silent": ("anna", SILENT, None, "Ready"),
    "failed": ("anna", FAILING, _wrong_pass_phrase, "Failed"),
    "cancelled": ("anna", SLOW, None, "Cancelled"),
}


class World:
    """A running demo and the browsers in front of it."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.stack = stack
        self._browser = browser
        self._signed_in: dict[str, StorageState] = {}
        self._runs: dict[str, str] = {}
        self._ended: set[str] = set()
        self._connections: dict[str, str] = {}
        self._tourists: dict[str, Person] = {}

    def visitor(self, username: str = "", **options: Any) -> Person:
        """Open a browser with nothing remembered; with a name, that person is signed in."""
        if username and username not in self._signed_in:
            self._sign_in(username)
        context = self._browser.new_context(
            base_url=self.stack.url,
            storage_state=self._signed_in.get(username),
            locale="en-GB",
            **options,
        )
        return Person(context, self.stack.url)

    def tourist(self, username: str) -> Person:
        """Return somebody with a fresh window of a browser that stays open: pages load faster."""
        if username in self._tourists:
            self._tourists[username].open_window()
        else:
            self._tourists[username] = self.visitor(username)
        return self._tourists[username]

    def _sign_in(self, username: str) -> None:
        person = self.visitor()
        person.go("/")
        person.sign_in(username, PASSWORDS[username])
        self._signed_in[username] = person.context.storage_state()
        person.context.close()

    def run(self, name: str) -> str:
        """Return the path of a run that has ended, made once; ``name`` is one of ``RUNS``."""
        if not self._runs:
            self._runs = {key: self._start(key) for key in RUNS}
        if name not in self._ended:
            username, _app, _fill, state = RUNS[name]
            person = self.visitor(username)
            person.go(self._runs[name])
            person.wait_for(state)
            person.context.close()
            self._ended.add(name)
        return self._runs[name]

    def _start(self, name: str) -> str:
        username, app, fill, state = RUNS[name]
        person = self.visitor(username)
        person.open_app(app)
        if fill:
            fill(person)
        path = person.run()
        if state == "Cancelled":
            person.button("Cancel run").click()
        person.context.close()
        return path

    def connection(self, *, works: bool) -> str:
        """Return the path of a second connection to the pretend Gallery, made once."""
        name = "Planning Gallery" if works else "Gallery with a wrong secret"
        if name not in self._connections:
            anna = self.visitor("anna")
            anna.go("/manage/connections/new/")
            pair = people.CURATOR.pair
            secret = pair.secret if works else "0" * 64
            connect(anna, name, self.stack.gallery_url, pair.key, secret)
            self._connections[name] = anna.path
            anna.context.close()
        return self._connections[name]


def connect(anna: Person, name: str, gallery_url: str, key: str, secret: str) -> None:
    """Fill in the form of a connection and save it, which also examines it."""
    anna.field("Name").fill(name)
    anna.field("Address").fill(f"{gallery_url}/gallery")
    anna.field("Key").fill(key)
    anna.field("Secret").fill(secret)
    anna.button("Save and check").click()
    anna.page.wait_for_url("**/manage/connections/*-*/")
