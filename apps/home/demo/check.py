"""``manage.py demo --check``: from sign-in to download over HTTP, as a person does it."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import requests

from apps.home.demo.cast import ANNA, BEN, DAN
from apps.home.demo.console import Console
from apps.home.demo.environment import Demo
from apps.home.demo.page import Page, Table
from apps.home.demo.refusal import Refusal
from apps.home.demo.start import Steps, running, timed
from apps.home.demo.supervisor import ChildFailed
from apps.home.demo.visitor import CheckFailed, Visitor, fill, form_with

APP = "Sales extract by region"
RUN_WITHIN = 60.0  # seconds
LOOK_EVERY = 0.25
NOT_FOUND = 404


def run(demo: Demo, console: Console) -> None:
    """Start the stack, walk through it, stop it and print how long each step took.

    Raises:
        Refusal: the first thing that was wrong, after the ends of all logs.
    """
    steps: Steps = []
    began = time.monotonic()
    said = ""
    try:
        with running(demo, console, steps) as supervisor:
            try:
                _walk(demo, steps, supervisor.look)
            except (CheckFailed, requests.RequestException, ChildFailed):
                said = supervisor.tails()
                raise
    except (CheckFailed, requests.RequestException, ChildFailed) as failure:
        if said:
            console.say(f"\n{said}")
        _table(console, steps)
        raise Refusal(f"\nThe check failed: {failure}") from None
    steps.append(("all together", time.monotonic() - began))
    _table(console, steps)
    console.say("The check passed.")


def _walk(demo: Demo, steps: Steps, look: Callable[[], None]) -> None:
    visitor = Visitor(demo.url)
    with timed(steps, f"sign in as {BEN.username}"):
        catalogue = visitor.sign_in(BEN.username, BEN.password)
        for sheet in catalogue.style_sheets:
            visitor.fetch(sheet)
    with timed(steps, "open the form"):
        link = catalogue.link(APP)
        if link is None:
            raise CheckFailed(f"The catalogue does not offer “{APP}”.")
        form = form_with(visitor.open(link.url), "q0")
    with timed(steps, f"fill in and send {fill(form)} questions"):
        page = visitor.send(form)
    with timed(steps, "wait for the result"):
        page = _wait(visitor, page, look)
    with timed(steps, "download the output"):
        _compare(visitor, page)
    with timed(steps, f"be turned away as {DAN.username}"):
        stranger = Visitor(demo.url)
        stranger.sign_in(DAN.username, DAN.password)
        for url in (link.url, page.url):
            stranger.open(url, expect=NOT_FOUND)
    with timed(steps, f"self-check as {ANNA.username}"):
        _self_check(demo)


def _wait(visitor: Visitor, page: Page, look: Callable[[], None]) -> Page:
    """Follow the run's page until it says that the result is there."""
    if page.live is None:
        raise CheckFailed(f"Sending the form led to {urlsplit(page.url).path}, not to a run.")
    deadline = time.monotonic() + RUN_WITHIN
    while page.live == "live":
        if time.monotonic() > deadline:
            raise CheckFailed(f"The run was not over after {RUN_WITHIN:.0f} seconds.")
        look()
        time.sleep(LOOK_EVERY)
        page = visitor.open(page.url)
    if page.live != "ready":
        raise CheckFailed("The run ended without a result.")
    return page


def _compare(visitor: Visitor, page: Page) -> None:
    """Require that the downloaded file holds the very rows which the page shows."""
    table = next((table for table in page.tables if table.rows and table.header), Table())
    link = next((link for link in page.links if link.is_download), None)
    if not table.rows or link is None:
        raise CheckFailed("The run's page shows no table or offers no download.")
    text = visitor.fetch(link.url, is_file=True).content.decode("utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(text)))
    if header != table.header or rows[: len(table.rows)] != table.rows:
        raise CheckFailed("The downloaded file differs from the table on the run's page.")


def _self_check(demo: Demo) -> None:
    administrator = Visitor(demo.url)
    administrator.sign_in(ANNA.username, ANNA.password)
    page = administrator.open("/manage/status/")
    if "Everything is at work" not in page.words:
        raise CheckFailed(f"The self-check page does not find everything at work: {page.words}")


def _table(console: Console, steps: Steps) -> None:
    console.say()
    console.say(f"  {'seconds':>8}  step")
    for name, seconds in steps:
        console.say(f"  {seconds:>8.2f}  {name}")
