"""OAuth 2 tokens: asked for with the key, kept encrypted in the connection's row."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import requests
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from apps.base.crypto import Secret
from apps.gallery import reading
from apps.gallery.errors import Cause, GalleryRefusal
from apps.gallery.models import Connection
from apps.gallery.wire.exchange import Patience
from apps.gallery.wire.faults import from_status, refusal
from apps.gallery.wire.redaction import excerpt
from apps.gallery.wire.send import Request, ask

USUAL_SECONDS = 3600
LONGEST_SECONDS = 86_400
MARGIN_SECONDS = 60
LONGEST_TOKEN = 16_384
_locks: dict[Any, threading.Lock] = {}
_locks_lock = threading.Lock()


def current(connection: Connection, session: requests.Session, patience: Patience) -> str:
    """Return a token that is good for another minute, asking for one if there is none."""
    if _is_fresh(connection):
        return connection.token_in_clear
    return renew(connection, session, patience, used=connection.token_in_clear)


def renew(
    connection: Connection, session: requests.Session, patience: Patience, *, used: str
) -> str:
    """Return a token other than ``used``; of many threads one asks and the others take it over.

    Raises:
        GalleryRefusal: the key is not accepted.
        GalleryUnreachable: no usable answer.
    """
    with _lock_of(connection):
        _reload(connection)
        if _is_fresh(connection) and connection.token_in_clear != used:
            return connection.token_in_clear
        try:
            text, seconds = _request(connection, session, patience)
        except GalleryRefusal as error:
            # Nothing works with this key any more: say so on the pages before a check does.
            _same_key(connection).update(is_healthy=False, last_error=str(error))
            raise
        connection.token = Secret(text)
        connection.token_expires_at = timezone.now() + timedelta(seconds=seconds)
        _same_key(connection).update(
            token=connection.token, token_expires_at=connection.token_expires_at
        )
        return text


def forget(connection: Connection, used: str) -> None:
    """Drop a token the Gallery no longer takes, unless another has been stored meanwhile."""
    with _lock_of(connection):
        _reload(connection)
        if used and connection.token_in_clear == used:
            connection.token, connection.token_expires_at = Secret(""), None
            _same_key(connection).update(token="", token_expires_at=None)


def _is_fresh(connection: Connection) -> bool:
    expires_at = connection.token_expires_at
    return bool(connection.token and expires_at and expires_at > timezone.now())


def _lock_of(connection: Connection) -> threading.Lock:
    with _locks_lock:
        return _locks.setdefault(connection.pk, threading.Lock())


def _same_key(connection: Connection) -> Any:
    # Neither a token of an older secret nor one of an address on trial may end up in the row.
    return connection.row_with_this_secret().filter(api_url=connection.api_url)


def _reload(connection: Connection) -> None:
    row = _same_key(connection).values_list("token", "token_expires_at").first()
    if row is not None:
        connection.token, connection.token_expires_at = row


@sensitive_variables("secret", "form", "answer")
def _request(
    connection: Connection, session: requests.Session, patience: Patience
) -> tuple[str, float]:
    secret = connection.secret_in_clear
    form = {
        "grant_type": "client_credentials",
        "client_id": connection.client_key,
        "client_secret": secret,
    }
    request = Request(
        "POST",
        f"{connection.api_url}/oauth2/token",
        headers={
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        body=urlencode(form).encode(),
    )
    reply = ask(session, request, patience=patience)
    error = from_status(reply.status, reply.headers, reply.body, secret, connection.client_key)
    if isinstance(error, GalleryRefusal) and error.status in {400, 401}:
        raise refusal(Cause.BAD_KEY, status=error.status, detail=error.detail)
    if error:
        raise error
    answer = reading.record(reading.parse(reply), "a token")
    if answer.get("error"):
        detail = excerpt(reply.body, secret, connection.client_key)
        raise refusal(Cause.BAD_KEY, status=reply.status, detail=detail)
    return _token(answer), _seconds(answer.get("expires_in"))


def _token(answer: dict[str, Any]) -> str:
    token = answer.get("access_token")
    if (
        not isinstance(token, str)
        or not 0 < len(token) <= LONGEST_TOKEN
        or not token.isascii()
        or not token.isprintable()
        or " " in token
    ):
        reading.unusable("a token")
    return token


def _seconds(value: Any) -> float:
    """Return how long to use a token: what the Gallery says less a minute."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:9])
    given = reading.number(value)
    if given is None or given <= 0:
        given = USUAL_SECONDS
    given = min(given, LONGEST_SECONDS)
    return max(given - MARGIN_SECONDS, given / 2)
