"""Fixtures for every test, and the rule that CI skips nothing it was told to prove."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from tests.factories import make_group, make_user
from tests.scheduling import pytest_xdist_make_scheduler

__all__ = ["pytest_xdist_make_scheduler"]

# Where CI runs, a browser or published-client test that skips is a failure of the set-up.
STRICT = os.environ.get("PORTAL_CI_STRICT") == "1"
NEVER_SKIPPED = {"browser", "published"}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    marks = {mark.name for mark in item.iter_markers()}
    if STRICT and report.skipped and not hasattr(report, "wasxfail") and marks & NEVER_SKIPPED:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where it must run: {report.longrepr}"


@pytest.fixture(autouse=True)
def _fast_and_apart(settings: Settings, tmp_path: Path) -> None:
    """Cheap password hashes, and a folder of its own for each test's files."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FILES_DIR = settings.MEDIA_ROOT = tmp_path / "files"
    settings.ACCOUNT_RATE_LIMITS = {}


@pytest.fixture
def sales(db: None) -> Group:
    return make_group("Sales")


@pytest.fixture
def alice(sales: Group) -> User:
    """Owns things."""
    return make_user("alice", groups=[sales])


@pytest.fixture
def bob(sales: Group) -> User:
    """Shares Alice's group."""
    return make_user("bob", groups=[sales])


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger."""
    return make_user("charlie")


@pytest.fixture
def admin(db: None) -> User:
    """An administrator of the portal."""
    return make_user("admin", staff=True)
