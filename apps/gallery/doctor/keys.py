"""Whether the Gallery takes the key, and whether it is of the right kind.

OAuth 2 servers answer alike to a wrong key, a wrong secret, the pair of a studio and a user
without API access; OAuth 1 servers tell a key from a secret. What else can be found out is the
shape of a pair and how the other dialect, where there is one, takes it.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

import requests
from requests_oauthlib import OAuth1

from apps.gallery.client import GalleryClient
from apps.gallery.doctor.detection import Api
from apps.gallery.doctor.ladder import Ladder
from apps.gallery.errors import Cause, GalleryError, GalleryRefusal
from apps.gallery.models import Connection
from apps.gallery.types import Dialect
from apps.gallery.wire.exchange import Patience
from apps.gallery.wire.send import Request, ask
from apps.gallery.wire.sessions import session_for

_HEX = re.compile(r"[0-9a-fA-F]+")
SECRET_LENGTH = 64
SHORTEST_KEY = 40
TICKS = 10_000_000
NOTICED_SECONDS = 60


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    BAD_KEY = "bad key"
    BAD_SECRET = "bad secret"  # noqa: S105 (a word)
    BAD_PAIR = "bad pair"  # one of the two, the server does not say which
    WRONG_KIND = "wrong kind"
    NO_RIGHTS = "no rights"  # the pair is good, its owner may not use the API
    CLOCK = "clock"  # the signature is good by the server's clock only
    OTHER_BASE = "other base"  # the signature is made over another address than the server's
    UNKNOWN = "unknown"  # no usable answer


@dataclass(frozen=True, slots=True)
class Trial:
    """How one API took the pair."""

    api: Api
    outcome: Outcome
    detail: str = ""


def try_all(ladder: Ladder, connection: Connection, apis: list[Api], offset: float | None) -> Trial:
    """Return the first trial that lets us in, else the one that says most."""
    trials = []
    for api in apis:
        trial = try_one(ladder, connection, api, offset)
        if trial.outcome is Outcome.ACCEPTED:
            return trial
        trials.append(trial)
    return max(trials, key=lambda trial: _telling(trial.outcome))


def _telling(outcome: Outcome) -> int:
    order = (
        *(Outcome.UNKNOWN, Outcome.BAD_KEY, Outcome.BAD_PAIR, Outcome.BAD_SECRET),
        *(Outcome.CLOCK, Outcome.OTHER_BASE, Outcome.NO_RIGHTS, Outcome.WRONG_KIND),
    )
    return order.index(outcome)


def try_one(ladder: Ladder, connection: Connection, api: Api, offset: float | None) -> Trial:
    """Sign in at one API and ask for the list of workflows."""
    aim(connection, api)
    client = GalleryClient(connection, patience=ladder.patience())
    if api.dialect == Dialect.OAUTH2:
        return _try_oauth2(client, api)
    return _try_oauth1(ladder, client, api, offset)


def aim(connection: Connection, api: Api) -> None:
    """Point a copy of a connection at an API on trial."""
    if connection.api_url != api.url or connection.dialect != api.dialect:
        connection.token, connection.token_expires_at = "", None
    connection.api_url, connection.dialect, connection.has_v3 = api.url, api.dialect, False


def _try_oauth2(client: GalleryClient, api: Api) -> Trial:
    try:
        client.prepare()
    except GalleryRefusal as error:
        return Trial(api, Outcome.BAD_PAIR, error.detail)
    except GalleryError as error:
        return Trial(api, Outcome.UNKNOWN, error.detail)
    try:
        client.peek()
    except GalleryRefusal as error:
        if error.status in {401, 403}:
            return Trial(api, Outcome.NO_RIGHTS, error.detail)
        return Trial(api, Outcome.UNKNOWN, error.detail)
    except GalleryError as error:
        return Trial(api, Outcome.UNKNOWN, error.detail)
    return Trial(api, Outcome.ACCEPTED)


def _try_oauth1(ladder: Ladder, client: GalleryClient, api: Api, offset: float | None) -> Trial:
    try:
        client.peek()
    except GalleryRefusal as error:
        if error.status not in {401, 403}:
            return Trial(api, Outcome.UNKNOWN, error.detail)
        return Trial(api, _oauth1_trouble(ladder, client, error, offset), error.detail)
    except GalleryError as error:
        return Trial(api, Outcome.UNKNOWN, error.detail)
    return Trial(api, Outcome.ACCEPTED)


def _oauth1_trouble(
    ladder: Ladder, client: GalleryClient, error: GalleryRefusal, offset: float | None
) -> Outcome:
    if _works_for_users(client):
        return Outcome.WRONG_KIND
    if error.cause is Cause.BAD_KEY:
        return Outcome.BAD_KEY
    if offset and abs(offset) > NOTICED_SECONDS:
        their_time = str(int(time.time() + offset))
        if _is_taken(client.connection, ladder.patience(), timestamp=their_time):
            return Outcome.CLOCK
    return Outcome.OTHER_BASE if other_base(ladder, client.connection) else Outcome.BAD_SECRET


def _works_for_users(client: GalleryClient) -> bool:
    """Return whether it is an *API Access* pair, which the studio's addresses refuse."""
    try:
        client.credentials()
    except GalleryError:
        return False
    return True


def other_base(ladder: Ladder, connection: Connection) -> str:
    """Return the address a signature has to be made over to be accepted, where it is not ours.

    A proxy that ends TLS leaves the server with another address than the one called, and the
    address is part of the signature.
    """
    for other in _bases(_list_url(connection)):
        if _is_taken(connection, ladder.patience(), signed_url=other):
            parts = urlsplit(other)
            return f"{parts.scheme}://{parts.netloc}"
    return ""


def _list_url(connection: Connection) -> str:
    return f"{connection.api_url}/v1/workflows/subscription/"


def _is_taken(
    connection: Connection, patience: Patience, *, signed_url: str = "", timestamp: str = ""
) -> bool:
    called = _list_url(connection)
    signer = _SignedFor(connection, signed_url or called, timestamp)
    request = Request("GET", called, headers={"Accept": "application/json"})
    try:
        reply = ask(session_for(connection), request, auth=signer, patience=patience)
    except GalleryError:
        return False
    return reply.status == 200  # noqa: PLR2004


def _bases(url: str) -> list[str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    swapped = "http" if parts.scheme == "https" else "https"
    pairs = [(swapped, parts.netloc), (swapped, host), (parts.scheme, host)]
    pairs += [("http", "localhost"), ("http", host.partition(".")[0])]
    found = [urlunsplit((scheme, netloc, parts.path, "", "")) for scheme, netloc in pairs]
    return [base for base in dict.fromkeys(found) if base != url]


class _SignedFor(OAuth1):
    """Signs as if another address were called, or at another time."""

    def __init__(self, connection: Connection, url: str, timestamp: str) -> None:
        secret = connection.secret_in_clear
        super().__init__(connection.client_key, secret, timestamp=timestamp or None)
        self._signed_url = url

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        called, request.url = request.url, self._signed_url
        signed: requests.PreparedRequest = super().__call__(request)
        signed.url = called
        return signed


# --- The shape of a pair -------------------------------------------------------------------------


def shape(key: str, secret: str) -> list[str]:
    """Return what looks odd about a pair, in sentences. Nothing of it is shown."""
    odd = []
    if key != key.strip() or secret != secret.strip():
        odd.append("There is a blank at the end of the key or the secret.")
    if looks_like_secret(key) and not looks_like_secret(secret):
        odd.append("Key and secret seem to be in each other's place.")
    elif made_at(key) is None:
        odd.append("The key does not look like one a Gallery makes.")
    if not looks_like_secret(secret):
        odd.append(
            f"The secret has {len(secret)} characters; a Gallery's has {SECRET_LENGTH} "
            "of 0-9 and a-f."
        )
    return odd


def looks_like_secret(text: str) -> bool:
    return len(text) == SECRET_LENGTH and bool(_HEX.fullmatch(text)) and made_at(text) is None


def made_at(key: str) -> datetime | None:
    """Return when a key was made: its first 15 hex digits count .NET ticks."""
    if len(key) < SHORTEST_KEY or not _HEX.fullmatch(key):
        return None
    ticks = int(key[:15], 16)
    try:
        moment = datetime(1, 1, 1, tzinfo=UTC) + timedelta(seconds=ticks // TICKS)
    except OverflowError:
        return None
    return moment if 2010 <= moment.year <= 2100 else None  # noqa: PLR2004
