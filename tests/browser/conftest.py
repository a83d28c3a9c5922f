"""One stack and one Chromium for all browser tests, a fresh browser context for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.browser import chromium
from tests.browser.person import Person
from tests.browser.stack import Stack, answers, demo_stack
from tests.browser.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    path = chromium.find()
    if path is None:
        pytest.skip(chromium.HOW_TO_GET_ONE)
    return path


@pytest.fixture(scope="session")
def stack(chromium_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with demo_stack(tmp_path_factory.mktemp("demo")) as running:
        yield running
    assert not answers(running.url), "a process of the demo has outlived it"
    assert not answers(running.gallery_url), "a process of the demo has outlived it"


# Not for the session: while playwright is at work its event loop keeps Django from the database.
@pytest.fixture(scope="package")
def browser(chromium_path: Path) -> Iterator[Browser]:
    with chromium.chromium(chromium_path) as running:
        yield running


@pytest.fixture(scope="package")
def world(browser: Browser, stack: Stack) -> World:
    """Everything the tests share; its browsers close with the Chromium."""
    return World(browser, stack)


class Visit(Protocol):
    def __call__(self, username: str = "", **options: Any) -> Person: ...


@pytest.fixture
def visit(world: World) -> Iterator[Visit]:
    """Open a browser for somebody; at the end nothing forbidden may have happened in any."""
    visitors: list[Person] = []

    def open_browser(username: str = "", **options: Any) -> Person:
        visitors.append(world.visitor(username, **options))
        return visitors[-1]

    yield open_browser
    for visitor in visitors:
        visitor.context.close()
    assert [trouble for visitor in visitors for trouble in visitor.watch.troubles] == []
