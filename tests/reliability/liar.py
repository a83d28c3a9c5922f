"""A Gallery that answers one run honestly, but for the lies it was told to tell."""

from __future__ import annotations

import hashlib
import json
import re
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

JOB_ID = "65f1c0ffee65f1c0ffee0001"
TOKEN = "AQAANCMnd8BFdERjHoAwE-a-token-for-tests"


class Call(StrEnum):
    """The calls a run's life is made of."""

    TOKEN = "token"
    LIST = "list"
    SUBMIT = "submit"
    JOB = "job"
    OUTPUT = "output"


_OLD_JOB = {"id": "65f1c0ffee65f1c0ffee0000", "createDate": "2026-01-01T00:00:00Z"}
_OVER = {"status": "Completed", "disposition": "Success"}
TRUTH: dict[Call, Any] = {
    Call.TOKEN: {"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600},
    Call.LIST: [_OLD_JOB | _OVER],
    Call.SUBMIT: {"id": JOB_ID, "appId": None, "status": "Queued", "disposition": "None"},
    Call.JOB: {
        "id": JOB_ID,
        **_OVER,
        "outputs": [
            {"id": "o1", "formats": ["Raw"], "name": "a.csv"},
            {"id": "o2", "availableFormats": ["Raw", "Csv"], "fileName": "b.xlsx"},
        ],
        "messages": [{"status": 1, "text": "Done.", "toolId": -1}],
    },
}
FILE = b"number,region\n" + b"1,West\n" * 200


@dataclass(frozen=True)
class Lie:
    """One answer as it stands on the wire.

    ``framing`` is how the body's end is told: its ``length``, one that is too ``short`` or too
    ``long``, ``chunks``, chunks that are ``torn``, or ``nothing`` at all.
    """

    start: bytes = b"HTTP/1.1 200 OK"
    headers: tuple[bytes, ...] = (b"Content-Type: application/json",)
    body: bytes = b""
    framing: str = "length"

    @property
    def is_whole(self) -> bool:
        return self.framing in {"length", "chunks"} or (self.framing == "short" and not self.body)

    def on_the_wire(self) -> bytes:
        announced = {
            "length": b"Content-Length: %d" % len(self.body),
            "short": b"Content-Length: %d" % max(0, len(self.body) - 7),
            "long": b"Content-Length: %d" % (len(self.body) + 7),
            "chunks": b"Transfer-Encoding: chunked",
            "torn": b"Transfer-Encoding: chunked",
        }
        headers = [*self.headers, b"Connection: close"]
        headers += [announced[self.framing]] if self.framing in announced else []
        body = self.body
        if self.framing in {"chunks", "torn"}:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
            body = body[:-10] if self.framing == "torn" else body
        return b"\r\n".join([self.start, *headers, b"", body])


def honest(call: Call) -> Lie:
    if call is Call.OUTPUT:
        return Lie(headers=(b"Content-Type: application/octet-stream",), body=FILE)
    return Lie(body=json.dumps(TRUTH[call]).encode())


@dataclass
class Plan:
    """Which call is lied about, how, and how often; and what has been said so far."""

    call: Call
    lies: tuple[Lie, ...]
    told: list[tuple[Call, Lie]] = field(default_factory=list)
    has_job: bool = False

    def answer(self, call: Call) -> Lie:
        index = sum(1 for said, _ in self.told if said is call)
        lie = self.lies[index] if call is self.call and index < len(self.lies) else honest(call)
        if call is Call.SUBMIT:
            self.has_job = True
        elif call is Call.LIST and self.has_job and call is not self.call:
            lie = Lie(body=json.dumps([TRUTH[Call.SUBMIT], *TRUTH[Call.LIST]]).encode())
        self.told.append((call, lie))
        return lie

    def calls(self) -> Counter[Call]:
        return Counter(call for call, _ in self.told)

    def said(self, call: Call) -> list[Lie]:
        return [lie for said, lie in self.told if said is call]

    def whole_files(self) -> set[str]:
        """Return the checksums of the files that were given whole."""
        return {
            hashlib.sha256(lie.body).hexdigest() for lie in self.said(Call.OUTPUT) if lie.is_whole
        }


class Liar(socketserver.ThreadingTCPServer):
    """Serves one plan at a time on a port of its own."""

    allow_reuse_address = True
    daemon_threads = True
    plan: Plan

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/webapi"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients go away in the middle; that is what is tested."""


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        line = self.rfile.readline(65_536).decode("latin-1")
        length = 0
        while (header := self.rfile.readline(65_536)) not in {b"\r\n", b""}:
            if found := re.match(rb"content-length:\s*(\d+)", header, re.IGNORECASE):
                length = int(found[1])
        self.rfile.read(length)
        if line:
            answer = cast("Liar", self.server).plan.answer(call_of(line)).on_the_wire()
            with suppress(OSError):
                self.wfile.write(answer)


def call_of(line: str) -> Call:
    """Say which call a request line is."""
    method, path = line.split()[:2]
    if "/oauth2/token" in path:
        return Call.TOKEN
    if "/output/" in path:
        return Call.OUTPUT
    if "/workflows/" not in path:
        return Call.JOB
    return Call.SUBMIT if method == "POST" else Call.LIST


@contextmanager
def liar() -> Iterator[Liar]:
    with Liar() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(timeout=5)
