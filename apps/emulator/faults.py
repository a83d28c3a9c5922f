"""Faults on command: what goes wrong, for which requests, how often.

A test adds ``Fault(match="POST .*/jobs$", action=Reset(after_effect=True), times=1)``. With the
option ``fault_control`` another process does the same by ``POST /__faults__``.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from apps.emulator.exchange import Delivery, LineDropped, Request, Response


@dataclass(frozen=True)
class Attempt:
    """One request on its way: ``effect`` does what it asks and returns the honest answer.

    ``wait`` sleeps for seconds and ends early when the emulator stops.
    """

    effect: Callable[[], Response]
    wait: Callable[[float], object]


LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>"
    b'<form method="post" action="/login"><label>User <input name="user"></label>'
    b'<label>Password <input type="password" name="password"></label></form></body></html>'
)


class Action(Protocol):
    """What a fault does instead of, or around, the honest answer."""

    def apply(self, attempt: Attempt) -> Response:
        """Return what to send, or raise LineDropped."""


@dataclass(frozen=True)
class Status:
    """Answer with this status and body; by default nothing is done, with the effect it is."""

    status: int
    body: str = ""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    after_effect: bool = False

    def apply(self, attempt: Attempt) -> Response:
        if self.after_effect:
            attempt.effect()
        return Response(
            self.status,
            self.body.encode(),
            content_type=self.content_type,
            headers=dict(self.headers),
        )


def retry_after(seconds: int | str, status: int = 503) -> Status:
    """Return a refusal that names when to come back: seconds or an HTTP date."""
    return Status(status, headers={"Retry-After": str(seconds)})


def redirect(location: str, status: int = 302) -> Status:
    return Status(status, headers={"Location": location})


def login_page(*, after_effect: bool = False) -> Status:
    """Return the 200 with a page that a proxy or an expired session gives."""
    return Status(
        200, LOGIN_PAGE.decode(), content_type="text/html; charset=utf-8", after_effect=after_effect
    )


@dataclass(frozen=True)
class Rewrite:
    """Do the work and spoil the answer's body or its type."""

    keeps: float = 1.0
    prefix: bytes = b""
    body: bytes | None = None
    content_type: str | None = None
    encoding: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def apply(self, attempt: Attempt) -> Response:
        response = attempt.effect()
        body = response.body
        content = body.read_bytes() if isinstance(body, Path) else body
        content = content if self.body is None else self.body
        if self.encoding:
            content = content.decode().encode(self.encoding)
        response.body = self.prefix + content[: int(len(content) * self.keeps)]
        response.content_type = self.content_type or response.content_type
        response.headers |= self.headers
        return response


def half_json() -> Rewrite:
    return Rewrite(keeps=0.5)


def byte_order_mark() -> Rewrite:
    return Rewrite(prefix=b"\xef\xbb\xbf")


def wrong_type(content_type: str = "text/html") -> Rewrite:
    return Rewrite(content_type=content_type)


@dataclass(frozen=True)
class Delay:
    """Do the work, then wait before answering; or wait first."""

    seconds: float
    after_effect: bool = True

    def apply(self, attempt: Attempt) -> Response:
        if not self.after_effect:
            attempt.wait(self.seconds)
        response = attempt.effect()
        if self.after_effect:
            attempt.wait(self.seconds)
        return response


@dataclass(frozen=True)
class Reset:
    """Reset the connection without an answer, before or after the work is done."""

    after_effect: bool = False

    def apply(self, attempt: Attempt) -> Response:
        if self.after_effect:
            attempt.effect()
        raise LineDropped


@dataclass(frozen=True)
class Late:
    """Drop the line at once and do the work later, as a slow proxy does.

    Later is after ``seconds``, or when ``until`` is set; ``landed`` is set once it is done.
    """

    seconds: float = 0.0
    until: threading.Event | None = None
    landed: threading.Event = field(default_factory=threading.Event)

    def apply(self, attempt: Attempt) -> Response:
        def work() -> None:
            if self.until is None:
                attempt.wait(self.seconds)
            else:
                self.until.wait()
            attempt.effect()
            self.landed.set()

        threading.Thread(target=work, name="late-request", daemon=True).start()
        raise LineDropped


@dataclass(frozen=True)
class Transport:
    """Do the work and spoil how the answer travels; see ``Delivery`` for the members."""

    bytes_per_second: float | None = None
    drips_head: bool = False
    cut_at: float | None = None
    length_change: int = 0
    is_endless: bool = False
    clock_skew: float = 0.0

    def apply(self, attempt: Attempt) -> Response:
        response = attempt.effect()
        response.delivery = Delivery(
            is_chunked=response.delivery.is_chunked or self.is_endless,
            bytes_per_second=self.bytes_per_second,
            drips_head=self.drips_head,
            cut_at=self.cut_at,
            length_change=self.length_change,
            is_endless=self.is_endless,
            clock_skew=self.clock_skew,
        )
        return response


def drip(bytes_per_second: float, *, drips_head: bool = False) -> Transport:
    return Transport(bytes_per_second=bytes_per_second, drips_head=drips_head)


def cut(share: float) -> Transport:
    """Close the line after this share of the body, under a true Content-Length."""
    return Transport(cut_at=share)


def wrong_length(change: int) -> Transport:
    return Transport(length_change=change)


def clock_skew(seconds: float) -> Transport:
    """Put a wrong time into the ``Date`` header."""
    return Transport(clock_skew=seconds)


ACTIONS: dict[str, Callable[..., Action]] = {
    "status": Status,
    "retry_after": retry_after,
    "redirect": redirect,
    "login_page": login_page,
    "half_json": half_json,
    "byte_order_mark": byte_order_mark,
    "wrong_type": wrong_type,
    "delay": Delay,
    "reset": Reset,
    "late": Late,
    "drip": drip,
    "cut": cut,
    "wrong_length": wrong_length,
    "clock_skew": clock_skew,
    "transport": Transport,
}


@dataclass
class Fault:
    """One fault: which requests, what happens, how often.

    ``match`` is a regular expression searched in ``METHOD path`` or a function of the request;
    ``times`` None is until removed; ``skip`` requests go by first; ``share`` is the chance of a
    request being hit, drawn from ``seed``.
    """

    match: str | Callable[[Request], bool]
    action: Action
    times: int | None = 1
    skip: int = 0
    share: float = 1.0
    seed: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - chance that repeats
        self._pattern = re.compile(self.match) if isinstance(self.match, str) else None

    def takes(self, request: Request) -> bool:
        """Return whether this request is hit, and count it."""
        if not self._fits(request) or (self.times is not None and self.hits >= self.times):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self._chance.random() >= self.share:
            return False
        self.hits += 1
        return True

    def _fits(self, request: Request) -> bool:
        if self._pattern is not None:
            return self._pattern.search(f"{request.method} {request.path}") is not None
        return callable(self.match) and self.match(request)


class Faults:
    """The faults in force, first come first taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        with self._lock:
            self._faults = [other for other in self._faults if other is not fault]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, request: Request) -> Action | None:
        with self._lock:
            return next((fault.action for fault in self._faults if fault.takes(request)), None)

    def described(self) -> list[dict[str, Any]]:
        with self._lock:
            return [
                {"match": str(f.match), "action": repr(f.action), "times": f.times, "hits": f.hits}
                for f in self._faults
            ]


def read_faults(data: object) -> Iterable[Fault]:
    """Return the faults a control request describes: one object or a list of them.

    Each has ``match``, ``action`` (a name of ``ACTIONS``), ``with`` (its arguments), and ``times``,
    ``skip``, ``share``, ``seed`` as in ``Fault``.

    Raises:
        ValueError: something is not as described, in words.
    """
    for entry in data if isinstance(data, list) else [data]:
        if not isinstance(entry, dict) or entry.get("action") not in ACTIONS:
            raise ValueError(f"each fault needs an action of {', '.join(ACTIONS)}")
        rest = {name: entry[name] for name in ("times", "skip", "share", "seed") if name in entry}
        try:
            action = ACTIONS[entry["action"]](**entry.get("with", {}))
            yield Fault(match=entry.get("match", ""), action=action, **rest)
        except (TypeError, re.error) as error:
            raise ValueError(str(error)) from None
