"""One request and its answer, as the socket layer sees it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass

MIB = 1_048_576


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds.

    Args:
        connect: for the name server, the connection and each step of the TLS handshake.
        silence: between two pieces of an answer.
        total: for the whole exchange by the clock on the wall.
    """

    connect: float = 5.0
    silence: float = 30.0
    total: float = 60.0


class Exchange:
    """The facts of one request that only the socket knows.

    Attributes:
        was_sent: whether a byte of the request may have left.
        ran_out: whether the watchdog ended it.
        has_surplus: whether more bytes came than the answer had announced.
    """

    def __init__(self, patience: Patience, may_send: Callable[[], bool] | None = None) -> None:
        self.patience = patience
        self.may_send = may_send
        self.ends_at = time.monotonic() + patience.total
        self.was_sent = False
        self.ran_out = False
        self.has_surplus = False
        self.is_over = False
        self._handle: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def remaining(self) -> float:
        return max(0.1, self.ends_at - time.monotonic())

    def uses(self, handle: socket.socket | None) -> None:
        """Note the socket the watchdog has to shut when time is up."""
        with self._lock:
            self._handle = handle
            is_late = self.ran_out
        if is_late:
            self.abort()

    def abort(self) -> None:
        """Shut the socket from another thread; its reader sees the end of the line."""
        with self._lock:
            self.ran_out = True
            if self._handle is not None:
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        with self._lock:
            self._handle = None
            self.is_over = True


_current: ContextVar[Exchange | None] = ContextVar("gallery_exchange", default=None)


def current() -> Exchange:
    """Return the exchange this thread is in; sockets are never opened outside of one."""
    exchange = _current.get()
    assert exchange is not None
    return exchange


def note_surplus() -> None:
    if exchange := _current.get():
        exchange.has_surplus = True


@contextmanager
def as_current(exchange: Exchange) -> Iterator[None]:
    token = _current.set(exchange)
    try:
        yield
    finally:
        _current.reset(token)
