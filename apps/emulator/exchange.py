"""What comes in and goes out over HTTP, before anyone asks what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    """One request as it was called; ``path`` is neither decoded nor tidied."""

    method: str
    path: str
    query_string: str
    headers: Message
    body: bytes
    at: datetime

    @cached_property
    def query(self) -> dict[str, str]:
        """The query's values by lower-case name; of equal names the first counts."""
        found: dict[str, str] = {}
        for name, value in parse_qsl(self.query_string, keep_blank_values=True):
            found.setdefault(name.lower(), value)
        return found

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "") or ""


@dataclass
class Delivery:
    """How an answer is put on the wire; the defaults are an honest server's."""

    is_chunked: bool = False
    bytes_per_second: float | None = None
    drips_head: bool = False
    cut_at: float | None = None
    """Share of the body after which the line is closed."""
    length_change: int = 0
    """Added to the true Content-Length."""
    is_endless: bool = False
    clock_skew: float = 0.0


@dataclass
class Response:
    """An answer; a body that is a path is streamed from that file."""

    status: int = 200
    body: bytes | Path = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    delivery: Delivery = field(default_factory=Delivery)


class LineDropped(Exception):
    """The connection is to be reset without an answer."""


@dataclass(frozen=True)
class Logged:
    """One line of the request log; ``status`` is None where no answer left."""

    method: str
    path: str
    status: int | None
    at: datetime
