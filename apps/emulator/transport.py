"""Putting answers on the wire: honestly, or as a fault wants it."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from apps.emulator.exchange import Delivery, Response

_PIECE = 256 * 1024
_SLOW_TICKS = 20
_LINGER_NOT = struct.pack("ii", 1, 0)


class Wire:
    """Writes one answer to a connection.

    ``wait`` sleeps for seconds and returns True where the emulator stops meanwhile.
    """

    def __init__(
        self, out: BinaryIO, *, is_http_11: bool, clock_skew: float, wait: Callable[[float], bool]
    ) -> None:
        self._out = out
        self._is_http_11 = is_http_11
        self._clock_skew = clock_skew
        self._wait = wait

    def send(self, response: Response, *, has_body: bool, closes: bool) -> bool:
        """Write head and body; True where the connection may go on."""
        delivery = response.delivery
        length = _length(response.body)
        is_chunked = delivery.is_chunked and self._is_http_11 and not delivery.length_change
        head = self._head(response, length, is_chunked=is_chunked, closes=closes)
        if delivery.drips_head and delivery.bytes_per_second:
            self._drip(head, delivery.bytes_per_second)
            head = b""
        if not has_body or _has_no_body(response.status):
            self._out.write(head)
            self._out.flush()
            return not closes
        return self._send_body(response, head, length, is_chunked=is_chunked) and not closes

    def _send_body(self, response: Response, head: bytes, length: int, *, is_chunked: bool) -> bool:
        delivery = response.delivery
        keeps = length if delivery.cut_at is None else int(length * delivery.cut_at)
        is_whole = keeps == length and not delivery.length_change
        for piece in _pieces(response.body, keeps):
            self._write(head, _chunk(piece) if is_chunked else piece, delivery)
            head = b""
        if head:
            self._out.write(head)
        if delivery.is_endless:
            self._go_on_for_ever()
            return False
        if is_chunked and is_whole:
            self._out.write(b"0\r\n\r\n")
        self._out.flush()
        return is_whole

    def _write(self, head: bytes, piece: bytes, delivery: Delivery) -> None:
        if delivery.bytes_per_second is None:
            self._out.write(head + piece)
        else:
            self._out.write(head)
            self._drip(piece, delivery.bytes_per_second)

    def _drip(self, content: bytes, bytes_per_second: float) -> None:
        size = max(1, int(bytes_per_second / _SLOW_TICKS))
        for start in range(0, len(content), size):
            self._out.write(content[start : start + size])
            self._out.flush()
            if self._wait(size / bytes_per_second):
                return

    def _go_on_for_ever(self) -> None:
        """Send blanks in chunks until the other side goes away."""
        while not self._wait(0.02):
            self._out.write(_chunk(b" " * 1024))
            self._out.flush()

    def _head(self, response: Response, length: int, *, is_chunked: bool, closes: bool) -> bytes:
        delivery = response.delivery
        skew = timedelta(seconds=self._clock_skew + delivery.clock_skew)
        fields = {
            "Date": format_datetime(datetime.now(UTC) + skew, usegmt=True),
            "Server": "Microsoft-HTTPAPI/2.0",
            "Content-Type": response.content_type,
            **response.headers,
        }
        if is_chunked:
            fields["Transfer-Encoding"] = "chunked"
        elif not _has_no_body(response.status):
            fields["Content-Length"] = str(max(0, length + delivery.length_change))
        if closes:
            fields["Connection"] = "close"
        lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
        lines += [f"{name}: {value}" for name, value in fields.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def reset(connection: socket.socket) -> None:
    """Close a connection so that the other side sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    # The handler's files hold the socket open; only its descriptor itself ends the line.
    socket.close(connection.detach())


def _length(body: bytes | Path) -> int:
    return body.stat().st_size if isinstance(body, Path) else len(body)


def _has_no_body(status: int) -> bool:
    return status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"


def _pieces(body: bytes | Path, keeps: int) -> Iterator[bytes]:
    if isinstance(body, bytes):
        if keeps:
            yield body[:keeps]
        return
    with body.open("rb") as file:
        while keeps > 0 and (piece := file.read(min(_PIECE, keeps))):
            keeps -= len(piece)
            yield piece


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)
