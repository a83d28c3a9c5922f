"""Where the API is: every place it usually stands at is asked, without a key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from apps.gallery import reading
from apps.gallery.doctor.ladder import Ladder
from apps.gallery.errors import GalleryUnreachable
from apps.gallery.types import Dialect
from apps.gallery.wire.send import Reply, Request, ask

DENIED = "authorization has been denied"
UNAUTHORISED = 401
# What people copy from the address bar or a help page, and what may stand behind the API.
ENDINGS = ("/swagger/ui/index", "/swagger", "/api-docs", "/v1", "/v2", "/v3", "/oauth2/token")


@dataclass(frozen=True, slots=True)
class Api:
    """One API that answers: a dialect and its address, without a slash at the end."""

    dialect: Dialect
    url: str


def find(ladder: Ladder, session: requests.Session, url: str) -> list[Api]:
    """Return the APIs found at or near an address, the newest dialect first."""
    found: dict[Dialect, Api] = {}
    for candidate in candidates(url):
        dialect = _dialect_at(ladder, session, candidate)
        if dialect:
            found.setdefault(dialect, Api(dialect, candidate))
        if len(found) == 2:  # noqa: PLR2004 (there are two dialects)
            break
    order = (Dialect.OAUTH2, Dialect.OAUTH1)
    return [found[dialect] for dialect in order if dialect in found]


def candidates(url: str) -> list[str]:
    """Return the addresses where an API may stand, likeliest first."""
    parts = urlsplit(url)
    root, path = f"{parts.scheme}://{parts.netloc}", parts.path
    for ending in ENDINGS:
        path = path.removesuffix(ending)
    base = path
    for ending in ("/api", "/gallery", "/webapi"):
        base = _without(base, ending)
    given = [path] if path and path != base else []
    bases = list(dict.fromkeys([base, ""]))
    places = [place for b in bases for place in (f"{b}/webapi", f"{b}/gallery/api")]
    # A Gallery under another name, or at the root of its host.
    places += [f"{path}/api", f"{path}/webapi", *given, f"{base}/api", path]
    return [root + place for place in dict.fromkeys(places)]


def _without(path: str, ending: str) -> str:
    return path[: -len(ending)] if path.lower().endswith(ending) else path


def _dialect_at(ladder: Ladder, session: requests.Session, api_url: str) -> Dialect | None:
    slash = "/" if api_url.lower().endswith("/api") else ""
    request = Request(
        "GET",
        f"{api_url}/v1/workflows/subscription{slash}",
        headers={"Accept": "application/json"},
    )
    try:
        reply = ask(session, request, patience=ladder.patience())
    except GalleryUnreachable:
        return None
    if reply.status != UNAUTHORISED:
        return None
    answer = parsed(reply)
    if isinstance(answer, dict):
        message = reading.text(answer.get("message", answer.get("Message"))).lower()
        if "exceptionName" in answer or "oauth_" in message:
            return Dialect.OAUTH1
        if DENIED in message:
            return Dialect.OAUTH2
    if _gives_tokens(ladder, session, api_url):
        return Dialect.OAUTH2
    # Old servers may answer with a page of their web server; other things at /api do, too,
    # but they do not know this path.
    return Dialect.OAUTH1 if api_url.lower().endswith("/gallery/api") else None


def _gives_tokens(ladder: Ladder, session: requests.Session, api_url: str) -> bool:
    request = Request(
        "POST",
        f"{api_url}/oauth2/token",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=b"grant_type=client_credentials",
    )
    try:
        answer = parsed(ask(session, request, patience=ladder.patience()))
    except GalleryUnreachable:
        return False
    return isinstance(answer, dict) and "error" in answer


def parsed(reply: Reply) -> Any:
    """Return an answer's JSON, or None."""
    try:
        return json.loads(reply.body[:100_000].decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
