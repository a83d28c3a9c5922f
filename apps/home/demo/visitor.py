"""Somebody at a browser: keeps cookies, follows links, fills in forms."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from apps.home.demo.page import Control, Form, Page

TIMEOUT = 20  # seconds


class CheckFailed(Exception):
    """The portal did not do what people are promised. The text says what was wrong."""


class Visitor:
    """One browser session with the portal."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        # A proxy of this machine has no business between the check and the portal beside it.
        self._session.trust_env = False

    def open(self, url: str, *, expect: int = 200) -> Page:
        """Open a page by its path or address, following redirects as a browser does."""
        return self._page(self._session.get(self._full(url), timeout=TIMEOUT), expect)

    def send(self, form: Form, *, expect: int = 200) -> Page:
        """Send a form with what it holds now, from the page it came with."""
        values = form.values()
        files = {c.name: ("", b"") for c in form.controls if c.kind == "file"}
        answer = self._session.post(
            form.url,
            data=values,
            files=files or None,
            headers={"Referer": form.url, "Origin": self.url},
            timeout=TIMEOUT,
        )
        return self._page(answer, expect)

    def fetch(self, url: str, *, is_file: bool = False) -> requests.Response:
        """Get what is not a page; a file must come as one to keep, whatever is in it."""
        answer = self._session.get(url, timeout=TIMEOUT)
        self._require(answer, 200)
        disposition = answer.headers.get("Content-Disposition", "")
        if is_file and not disposition.startswith("attachment"):
            raise CheckFailed(f"{_path(url)} was not offered as a file to keep.")
        return answer

    def sign_in(self, username: str, password: str) -> Page:
        page = self.open("/")
        form = form_with(page, "password")
        _control(form, "login").value = username
        _control(form, "password").value = password
        page = self.send(form)
        if any(control.name == "password" for form in page.forms for control in form.controls):
            raise CheckFailed(f"{username} could not sign in.")
        return page

    def _full(self, url: str) -> str:
        return self.url + url if url.startswith("/") else url

    def _page(self, answer: requests.Response, expect: int) -> Page:
        self._require(answer, expect)
        return Page(answer.url, answer.text)

    @staticmethod
    def _require(answer: requests.Response, expect: int) -> None:
        if answer.status_code != expect:
            raise CheckFailed(
                f"{answer.request.method} {_path(answer.url)} answered {answer.status_code}, "
                f"not {expect} (request {answer.headers.get('X-Request-ID', 'without an id')})."
            )


def form_with(page: Page, name: str) -> Form:
    """Return the first form of a page that has a field of that name."""
    for form in page.forms:
        if any(control.name == name for control in form.controls):
            return form
    raise CheckFailed(f"{_path(page.url)} has no form with a field named {name!r}.")


def fill(form: Form) -> int:
    """Answer what the form asks and leaves open; return how many questions it has."""
    questions = [c for c in form.controls if c.kind != "hidden"]
    for control in questions:
        if control.kind == "select" and not control.is_multiple:
            _choose(control)
        elif control.is_required and not control.value:
            control.value = {"date": "2026-03-31", "number": "1"}.get(control.kind, "Check")
    return len({control.name for control in questions})


def _choose(control: Control) -> None:
    """Choose the last entry of a list, so that a default cannot pass for an answer."""
    for choice in control.choices:
        choice.is_selected = choice is control.choices[-1]


def _control(form: Form, name: str) -> Control:
    return next(control for control in form.controls if control.name == name)


def _path(url: str) -> str:
    return urlsplit(url).path
