"""Watches everything a browser does and complains of what no page of the portal may do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

# Chromium says this of every page that answers 404 or 422, which is what those pages should do.
EXPECTED = "Failed to load resource: the server responded with a status of 4"
LOCAL = {"data", "blob"}
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.tellViolation(`${event.violatedDirective} blocked ${event.blockedURI} on ${location}`);
});
"""


class Watch:
    """What went wrong in one browser context: errors, blocked content, requests to others."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.troubles: list[str] = []
        self._origin = urlsplit(origin)[:2]
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        context.expose_binding("tellViolation", lambda _, text: self._note(f"CSP: {text}"))
        context.add_init_script(TELL_VIOLATIONS)

    def take(self) -> list[str]:
        """Return the troubles since the last time."""
        taken, self.troubles = self.troubles, []
        return taken

    def _note(self, trouble: str) -> None:
        self.troubles.append(trouble)

    def _console(self, message: ConsoleMessage) -> None:
        is_expected = message.text.startswith(EXPECTED)
        if message.type in {"error", "warning"} and not is_expected:
            self.troubles.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in LOCAL and parts[:2] != self._origin:
            self.troubles.append(f"request to another origin: {request.url}")

    def _response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.troubles.append(f"{response.status} for {response.url}")
