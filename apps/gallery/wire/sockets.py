"""Connections that go to a vetted address only, and that know whether anything was sent."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import time
from contextlib import suppress
from functools import lru_cache
from typing import Any

import certifi
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.retry import Retry

from apps.gallery import guard
from apps.gallery.errors import Cause
from apps.gallery.wire.exchange import current, note_surplus
from apps.gallery.wire.faults import unreachable

# A connection kept longer than this may be cut by the other side just as a request leaves,
# and a POST that meets the cut is one whose fate nobody knows.
IDLE_SECONDS = 15.0
SHORTEST_WAIT = 0.2


class WholeResponse(http.client.HTTPResponse):
    """An answer that notices bytes beyond its announced length."""

    def _close_conn(self) -> None:
        if self.length == 0 and not self.chunked and self.fp is not None:
            with suppress(OSError, ValueError):
                if self._left_over():
                    note_surplus()
        super()._close_conn()  # type: ignore[misc]

    def _left_over(self) -> bytes:
        buffered: Any = self.fp
        handle = buffered.raw._sock
        if handle is None:
            return b""
        timeout = handle.gettimeout()
        handle.settimeout(0.0)
        try:
            return bytes(buffered.peek(1))
        finally:
            handle.settimeout(timeout)


class GuardedMixin:
    """Resolves once, vets every address, connects to exactly one of them."""

    response_class = WholeResponse
    host: str
    port: int
    sock: Any
    socket_options: Any
    _handle: socket.socket | None = None
    _used_at: float = 0.0

    def _new_conn(self) -> socket.socket:
        sock = self._connect_to_one()
        for option in self.socket_options or ():
            sock.setsockopt(*option)
        # The TLS layer takes the socket over; a duplicate stays good for shutting it.
        self._handle = sock.dup()
        current().uses(self._handle)
        return sock

    def _connect_to_one(self) -> socket.socket:
        exchange = current()
        patience = min(exchange.patience.connect, exchange.remaining)
        ends_at = time.monotonic() + patience
        try:
            addresses = guard.resolve(self.host, self.port, patience=patience)
        except guard.AddressRefused as error:
            raise unreachable(Cause.ADDRESS, detail=str(error), was_sent=False) from None
        except TimeoutError:
            raise unreachable(
                Cause.DNS, detail="The name server did not answer in time.", was_sent=False
            ) from None
        except OSError as error:
            raise unreachable(Cause.DNS, detail=_plain(error), was_sent=False) from None
        failure: OSError = TimeoutError("timed out")
        for family, address in addresses:
            left = ends_at - time.monotonic()
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(max(left, SHORTEST_WAIT))
                sock.connect((address, self.port))
            except OSError as error:
                sock.close()
                failure = error
            else:
                return sock
        raise unreachable(_cause_of(failure), detail=_plain(failure), was_sent=False) from None

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None and time.monotonic() - self._used_at > IDLE_SECONDS:
            self.close()
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        current().uses(self._handle)
        super().request(*args, **kwargs)  # type: ignore[misc]

    def send(self, data: Any) -> None:
        exchange = current()
        if not exchange.was_sent:
            if exchange.may_send is not None and not exchange.may_send():
                raise unreachable(Cause.TOO_LATE, was_sent=False)
            exchange.was_sent = True
        super().send(data)  # type: ignore[misc]

    def getresponse(self) -> Any:
        self._used_at = time.monotonic()
        return super().getresponse()  # type: ignore[misc]

    def close(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None
        super().close()  # type: ignore[misc]


class GuardedConnection(GuardedMixin, HTTPConnection):  # type: ignore[misc]
    pass


class GuardedTLSConnection(GuardedMixin, HTTPSConnection):  # type: ignore[misc]
    pass


class GuardedPool(HTTPConnectionPool):
    ConnectionCls = GuardedConnection


class GuardedTLSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedTLSConnection


class GuardedAdapter(HTTPAdapter):
    """Tries once, follows nothing, verifies always."""

    def __init__(self) -> None:
        super().__init__(pool_connections=4, pool_maxsize=4, max_retries=Retry(total=0, read=False))

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        super().init_poolmanager(
            connections, maxsize, block, ssl_context=tls_context(), **pool_kwargs
        )
        self.poolmanager.pool_classes_by_scheme = {"http": GuardedPool, "https": GuardedTLSPool}

    def build_connection_pool_key_attributes(
        self,
        request: Any,
        verify: Any,  # noqa: ARG002 (always)
        cert: Any = None,
    ) -> Any:
        host, tls = super().build_connection_pool_key_attributes(request, True, cert)
        if host["scheme"] == "http":
            return host, {}
        return host, {"ssl_context": tls_context(), "cert_reqs": tls["cert_reqs"]}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        conn.cert_reqs = "CERT_REQUIRED"  # the context knows its authorities already


def tls_context() -> ssl.SSLContext:
    """Return what certificates are checked against: the machine's authorities and Mozilla's.

    A company's own authority is the machine's: OpenSSL also reads ``SSL_CERT_FILE`` and
    ``SSL_CERT_DIR``.
    """
    return _tls_context(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@lru_cache(maxsize=4)
def _tls_context(*_paths: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    return context


def _cause_of(error: OSError) -> Cause:
    if isinstance(error, TimeoutError):
        return Cause.TIME_OUT
    return Cause.REFUSED if isinstance(error, ConnectionRefusedError) else Cause.NO_ROUTE


def _plain(error: OSError) -> str:
    return error.strerror or type(error).__name__
