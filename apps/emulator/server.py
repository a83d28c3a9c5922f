"""The HTTP/1.1 server: threads, keep-alive connections, raw sockets for faults."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, BinaryIO, cast

from apps.emulator import transport
from apps.emulator.exchange import LineDropped, Logged, Request, Response
from apps.emulator.faults import Attempt, Faults, read_faults
from apps.emulator.front import Front
from apps.emulator.gallery import Gallery

log = logging.getLogger(__name__)

CONTROL_PATH = "/__faults__"
_IDLE_SECONDS = 75
_GRACE_SECONDS = 5.0


class Server(ThreadingHTTPServer):
    """Listens at once when made; ``run`` serves until ``stop``."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(
        self, address: tuple[str, int], gallery: Gallery, faults: Faults, log_to: deque[Logged]
    ) -> None:
        self.gallery = gallery
        self.faults = faults
        self.front = Front(gallery)
        self.log = log_to
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._busy = 0
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Bind without the parent's look-up of the host's name, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def run(self) -> None:
        self.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Take no more connections, let answers finish for a moment, then end all."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        ends = time.monotonic() + _GRACE_SECONDS
        while self._busy and time.monotonic() < ends:
            time.sleep(0.01)
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def connected(self, connection: socket.socket) -> Iterator[None]:
        with self._lock:
            self._connections.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self._connections.discard(connection)

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        log.error("A connection ended in an error", exc_info=True)  # noqa: LOG014 - called in one


class Handler(BaseHTTPRequestHandler):
    """Reads requests from one connection and sends what the front or a fault answers."""

    protocol_version = "HTTP/1.1"
    # Even a line that cannot be read is answered with a status line.
    default_request_version = "HTTP/1.0"
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    wbufsize = 64 * 1024

    @property
    def _server(self) -> Server:
        return cast("Server", self.server)

    def handle(self) -> None:
        # Clients go away at any moment, most of all in tests of faults.
        with (
            self._server.connected(self.connection),
            contextlib.suppress(ConnectionError, TimeoutError),
        ):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def serve(self) -> None:
        """Answer one request."""
        with self._server.working():
            body = self._read_body()
            if body is None:
                self._send(Response(413, b"", content_type="text/html"), closes=True)
                return
            path, _, query = self.path.partition("?")
            at = self._server.gallery.now()
            request = Request(self.command, path, query, self.headers, body, at)
            self._answer(request)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = serve  # noqa: N815

    def _answer(self, request: Request) -> None:
        try:
            response = self._respond(request)
        except LineDropped:
            self._log(request, None)
            self.close_connection = True
            transport.reset(self.connection)
        else:
            # Logged first: who has read the answer must find it in the log.
            self._log(request, response.status)
            self._send(response, closes=self._server.stopping.is_set())

    def _log(self, request: Request, status: int | None) -> None:
        if request.path != CONTROL_PATH:
            entry = Logged(request.method, request.path, status, datetime.now(UTC))
            self._server.log.append(entry)

    def _respond(self, request: Request) -> Response:
        server = self._server
        if request.path == CONTROL_PATH and server.gallery.options.fault_control:
            return control(server.faults, request)
        if server.gallery.options.latency:
            server.stopping.wait(server.gallery.options.latency)
        action = server.faults.take(request)
        if action is None:
            return server.front.answer(request)
        attempt = Attempt(lambda: server.front.answer(request), server.stopping.wait)
        return action.apply(attempt)

    def _send(self, response: Response, *, closes: bool) -> None:
        wire = transport.Wire(
            cast("BinaryIO", self.wfile),
            is_http_11=self.request_version != "HTTP/1.0",
            clock_skew=self._server.gallery.options.clock_skew,
            wait=self._server.stopping.wait,
        )
        closes = closes or self.close_connection
        if not wire.send(response, has_body=self.command != "HEAD", closes=closes):
            self.close_connection = True

    def _read_body(self) -> bytes | None:
        """Return the request's body; None where it is too large or cannot be read."""
        limit = self._server.gallery.options.max_body_mib << 20
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks(limit)
        length = self.headers.get("Content-Length", "0").strip()
        if not (length.isascii() and length.isdecimal()) or int(length) > limit:
            return None
        return self.rfile.read(int(length))

    def _read_chunks(self, limit: int) -> bytes | None:
        found = bytearray()
        while True:
            text = self.rfile.readline(1024).split(b";")[0].strip()
            try:
                size = int(text, 16)
            except ValueError:
                return None
            if size < 0 or len(found) + size > limit:
                return None
            found += self.rfile.read(size)
            line = self.rfile.readline(1024)
            if size == 0:
                while line.strip():
                    line = self.rfile.readline(1024)
                return bytes(found)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        log.debug("http: " + format, *args)  # noqa: G003 - the parent's format


def control(faults: Faults, request: Request) -> Response:
    """Answer ``/__faults__``: POST adds, GET lists, DELETE removes all."""
    try:
        if request.method == "POST":
            for fault in list(read_faults(json.loads(request.body))):
                faults.add(fault)
        elif request.method == "DELETE":
            faults.clear()
    except ValueError as error:
        return Response(400, json.dumps({"message": str(error)}).encode())
    return Response(200, json.dumps(faults.described()).encode())
