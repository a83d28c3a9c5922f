"""OAuth 2.0 client credentials: opaque tokens that expire."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from urllib.parse import parse_qs

from apps.emulator.exchange import Request, Response
from apps.emulator.options import Options
from apps.emulator.people import Person
from apps.emulator.refusals import denied

_TOKEN_START = "AQAAANCMnd8BFdERjHoAwE"  # noqa: S105 - how a DPAPI ticket begins, no secret
_DESCRIPTIONS = {
    "invalid_client": "Client authentication failed.",
    "invalid_request": "The request could not be read as a form.",
    "unsupported_grant_type": "Only client_credentials is supported.",
}


class Tokens:
    """The tokens given out, with the moment each ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._people: dict[str, tuple[Person, float]] = {}

    def issue(self, person: Person, *, ends: float, now: float) -> str:
        token = _TOKEN_START + secrets.token_urlsafe(210)
        with self._lock:
            self._people = {t: entry for t, entry in self._people.items() if entry[1] > now}
            self._people[token] = (person, ends)
        return token

    def owner(self, token: str, now: float) -> Person | None:
        with self._lock:
            person, ends = self._people.get(token, (None, 0.0))
        return person if ends > now else None

    def expire_all(self) -> None:
        with self._lock:
            self._people.clear()


def authenticate(request: Request, tokens: Tokens, now: float) -> Person:
    """Return whose token the request carries.

    Raises:
        Refusal: 401, also where there is no token or the account lost its API access.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    person = tokens.owner(token.strip(), now) if scheme.lower() == "bearer" else None
    if person is None or not person.api_enabled:
        raise denied()
    return person


def token_answer(
    request: Request,
    *,
    tokens: Tokens,
    options: Options,
    now: float,
    find_person: Callable[[str], Person | None],
) -> Response:
    """Answer ``POST oauth2/token``: the pair in the form or by Basic, other fields ignored."""
    form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    grant = form.get("grant_type", [""])[0]
    if grant != "client_credentials":
        return _error("unsupported_grant_type" if grant else "invalid_request")
    key, secret = _basic(request) or (
        form.get("client_id", [""])[0],
        form.get("client_secret", [""])[0],
    )
    person = find_person(key)
    is_right = person is not None and hmac.compare_digest(
        person.pair.secret.encode(), secret.encode()
    )
    if person is None or not is_right or not person.api_enabled:
        return _error("invalid_client")
    body = {
        "access_token": tokens.issue(person, ends=now + options.token_lifetime, now=now),
        "token_type": "bearer",
        "expires_in": options.expires_in or max(0, int(options.token_lifetime) - 1),
    }
    headers = {"Cache-Control": "no-cache", "Pragma": "no-cache"}
    return Response(200, json.dumps(body).encode(), headers=headers)


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, coded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(coded.strip(), validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return "", ""
    key, _, secret = text.partition(":")
    return key, secret


def _error(code: str) -> Response:
    body = {"error": code, "error_description": _DESCRIPTIONS[code]}
    return Response(400, json.dumps(body).encode())
