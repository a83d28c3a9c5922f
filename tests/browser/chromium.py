"""Finds and starts a Chromium; says how to get one where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

try:
    from playwright.sync_api import expect, sync_playwright
except ImportError:  # a machine for which playwright has no build: every browser test is skipped
    expect = sync_playwright = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["HOW_TO_GET_ONE", "chromium", "expect", "find"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_ONE = (
    "no Chromium for the browser tests: apt-get install chromium (or name one in PORTAL_CHROMIUM)"
)
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
PATIENCE_MS = 10_000


def find() -> Path | None:
    """Return the Chromium to use; None where there is none, or nothing to drive it with."""
    if find_spec("playwright") is None:
        return None
    named = os.environ.get("PORTAL_CHROMIUM")
    found = (named, "/usr/bin/chromium", *(shutil.which(name) for name in NAMES))
    return next((Path(path) for path in found if path and os.access(path, os.X_OK)), None)


@contextmanager
def chromium(path: Path) -> Iterator[Browser]:
    """Run a headless Chromium with a profile of its own that is thrown away afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, headless=True, chromium_sandbox=False, args=list(FLAGS)
        )
        expect.set_options(timeout=PATIENCE_MS)
        try:
            yield browser
        finally:
            browser.close()
