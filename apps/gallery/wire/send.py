"""Sending one request and reading its whole answer."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, TypeAlias, cast
from urllib.parse import quote

import requests
import urllib3.exceptions
from requests.auth import AuthBase

from apps.gallery.errors import Cause, GalleryUnreachable
from apps.gallery.wire.exchange import MIB, Exchange, Patience, as_current
from apps.gallery.wire.faults import from_exception, unreachable
from apps.gallery.wire.watchdog import watchdog

LARGEST_JSON = 10 * MIB
PIECE = 65_536
# What requests and the libraries below it raise for a broken exchange. ValueError and
# AttributeError come from answers the standard library parses carelessly.
BROKEN = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
    AttributeError,
)


class SizedStream(Protocol):
    """A body that is sent piece by piece with its length known."""

    def read(self, size: int = -1, /) -> bytes: ...
    def __len__(self) -> int: ...


Body: TypeAlias = bytes | SizedStream | None


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be signed.

    Args:
        query: pairs that are encoded by RFC 3986, because OAuth 1 signs what stands there.
        may_send: asked as the last thing before the bytes leave; False keeps them here.
    """

    method: str
    url: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default=None, repr=False)  # it may hold the secret or answers
    may_send: Callable[[], bool] | None = None

    @property
    def full_url(self) -> str:
        pairs = (f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query)
        return f"{self.url}?{'&'.join(pairs)}" if self.query else self.url


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, at most 10 MiB. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


def ask(
    session: requests.Session,
    request: Request,
    *,
    auth: AuthBase | None = None,
    patience: Patience | None = None,
) -> Reply:
    """Send one request once and return the whole answer, whatever its status.

    Raises:
        GalleryUnreachable: there was no whole answer.
    """
    with opened(session, request, auth=auth, patience=patience) as (response, exchange):
        body = bytearray()
        for piece in pieces(response, exchange):
            body += piece
            if len(body) > LARGEST_JSON:
                raise unreachable(Cause.TOO_LARGE, detail="More than 10 MiB of JSON.")
        return Reply(response.status_code, lower(response), bytes(body))


@contextmanager
def opened(
    session: requests.Session,
    request: Request,
    *,
    auth: AuthBase | None = None,
    patience: Patience | None = None,
) -> Iterator[tuple[requests.Response, Exchange]]:
    """Send one request and yield its answer with the body still unread."""
    exchange = Exchange(patience or Patience(), request.may_send)
    watchdog.watch(exchange)
    with as_current(exchange):
        response: requests.Response | None = None
        try:
            response = _send(session, request, auth, exchange)
            yield response, exchange
        except GalleryUnreachable:
            # The line may be about to close, or hold bytes of this answer: nobody's next one.
            session.close()
            raise
        finally:
            exchange.finish()
            if response is not None:
                response.close()


def _send(
    session: requests.Session, request: Request, auth: AuthBase | None, exchange: Exchange
) -> requests.Response:
    headers = {"User-Agent": "Gallery-Portal", "Accept-Encoding": "gzip", **request.headers}
    patience = exchange.patience
    try:
        prepared = session.prepare_request(
            requests.Request(
                request.method,
                request.full_url,
                headers=headers,
                data=cast("bytes | None", request.body),  # a sized stream is enough
                auth=auth,
            )
        )
        return session.send(
            prepared,
            stream=True,
            allow_redirects=False,
            timeout=(patience.connect, patience.silence),
        )
    except BROKEN as error:
        raise from_exception(error, exchange) from None


def pieces(response: requests.Response, exchange: Exchange) -> Iterator[bytes]:
    """Yield the body, decoded, in pieces of at most 64 KiB.

    Raises:
        GalleryUnreachable: it ended early, went on too long or took too long.
    """
    try:
        yield from response.raw.stream(PIECE, decode_content=True)
    except BROKEN as error:
        raise from_exception(error, exchange) from None
    if exchange.ran_out:
        raise unreachable(Cause.TIME_OUT, detail="No whole answer within the time allowed.")
    if exchange.has_surplus:
        raise unreachable(Cause.CUT, detail="More bytes came than were announced.")


def lower(response: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


class FormFile:
    """A multipart form with one file, read piece by piece so that memory stays small."""

    def __init__(self, section: str, name: str, stream: BinaryIO, *, boundary: str) -> None:
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(0)
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="{section}"; filename="{_quotable(name)}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        tail = f"\r\n--{boundary}--\r\n".encode()
        self._stream = stream
        self._length = len(head) + size + len(tail)
        self._parts = self._read_parts(head, tail)
        self._left = b""

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1, /) -> bytes:
        if size < 0:
            return self._left + b"".join(self._parts)
        while len(self._left) < size and (piece := next(self._parts, b"")):
            self._left += piece
        given, self._left = self._left[:size], self._left[size:]
        return given

    def _read_parts(self, head: bytes, tail: bytes) -> Iterator[bytes]:
        yield head
        while piece := self._stream.read(PIECE):
            yield piece
        yield tail


def _quotable(name: str) -> str:
    kept: Iterable[str] = (c for c in name if c.isprintable() and c not in '"\\/')
    return "".join(kept)[-200:] or "file"
