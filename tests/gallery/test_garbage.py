"""Answers no Gallery should give: each is waited out or refused, never a traceback."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from typing import Any

import pytest

from apps.gallery import reading
from apps.gallery.errors import Cause, GalleryRefusal, GalleryUnreachable
from apps.gallery.wire import faults as wire_faults
from apps.gallery.wire.send import Reply
from tests.gallery.odd import JOB
from tests.gallery.servers import reply

UNUSABLE = {
    "empty": reply(b""),
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "null": reply(b"null"),
    "list": reply(b"[]"),
    "text": reply(b'""'),
    "number": reply(b"42"),
    "html": reply(b"<html>Sign in</html>", kind="text/html"),
    "html called json": reply(b"<html>Sign in</html>"),
    "json called html": reply(JOB, kind="text/html"),
    "half": reply(JOB[:-9]),
    "utf-16": reply(JOB.decode().encode("utf-16")),
    "latin-1": reply(b'{"id": "J\xe4", "status": "Queued"}'),
    "nan": reply(b'{"id": "J", "status": "Queued", "x": NaN}'),
    "infinity": reply(b'{"id": "J", "status": "Queued", "x": 1e999}'),
    "twice": reply(b'{"id": "J", "id": "K", "status": "Queued"}'),
    "huge number": reply(b'{"id": "J", "status": "Queued", "x": ' + b"9" * 1_000_000 + b"}"),
    "deep list": reply(b"[" * 10_000 + b"]" * 10_000),
    "deep object": reply(b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    "id null": reply(b'{"id": null, "status": "Queued"}'),
    "id list": reply(b'{"id": ["J"], "status": "Queued"}'),
    "id object": reply(b'{"id": {"a": 1}, "status": "Queued"}'),
    "id true": reply(b'{"id": true, "status": "Queued"}'),
    "id blank": reply(b'{"id": "  ", "status": "Queued"}'),
    "id with a break": reply(b'{"id": "a\\nb", "status": "Queued"}'),
    "id half a character": reply(b'{"id": "a\\ud800", "status": "Queued"}'),
    "id endless": reply(b'{"id": "' + b"a" * 5000 + b'", "status": "Queued"}'),
    "no id": reply(b'{"status": "Queued"}'),
    "outputs text": reply(b'{"id": "J", "status": "Queued", "outputs": "x"}'),
    "outputs without id": reply(b'{"id": "J", "status": "Queued", "outputs": [{}]}'),
    "messages number": reply(b'{"id": "J", "status": "Queued", "messages": 3}'),
    "envelope": reply(b'{"data": null, "exceptionName": "X", "message": "m"}'),
    "gzip that is none": reply(b"no gzip", more="Content-Encoding: gzip\r\n"),
    "moved": reply(b"", status="302 Found", more="Location: http://169.254.169.254/\r\n"),
    "not modified": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "time-out": reply(b"", status="408 Request Timeout"),
    "proxy": reply(b"", status="407 Proxy Authentication Required"),
    "network": reply(b"", status="511 Network Authentication Required"),
    "gateway": reply(b"<html>", status="502 Bad Gateway", kind="text/html"),
    "crash": reply(b'{"message": "An error has occurred."}', status="500 Oh"),
    "odd status": b"HTTP/1.1 abc Hm\r\n\r\n",
    "status 999": reply(b"", status="999 Hm"),
    "no http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "nothing": b"",
    "short": b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + JOB,
    "long": b"HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n" + JOB + b"more",
    "bad chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "cut chunks": b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n',
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n",
    "long header": b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
    "odd length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + JOB[:-1],
}  # fmt: skip


@pytest.mark.parametrize("answer", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_post_answered_oddly_may_have_had_its_effect(
    answer: bytes, ask: Callable[..., Any]
) -> None:
    error = ask(answer)
    assert isinstance(error, GalleryUnreachable), error
    assert error.was_sent
    assert error.cause
    assert str(error).endswith(".")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 415, 422])
def test_a_clear_no_is_a_refusal(status: int, ask: Callable[..., Any]) -> None:
    for body, kind in ((b"<h1>No</h1>", "text/html"), (b'{"message": "no"}', "application/json")):
        error = ask(reply(body, status=f"{status} No", kind=kind))
        assert isinstance(error, GalleryRefusal)
        assert error.status == status


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("999999", 3600), ("-1", None), ("soon", None), ("", None)],
)
def test_too_many_requests_means_nothing_was_done(
    header: str, seconds: float | None, ask: Callable[..., Any]
) -> None:
    error = ask(reply(b"", status="429 Slow", more=f"Retry-After: {header}\r\n"))
    assert isinstance(error, GalleryUnreachable)
    assert not error.was_sent
    assert error.retry_after == seconds


def test_retry_after_may_be_a_date() -> None:
    in_a_minute = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 60))
    seconds = wire_faults.retry_after({"retry-after": in_a_minute})
    assert seconds is not None
    assert 55 < seconds < 65


@pytest.mark.parametrize(
    "answer",
    [
        reply(JOB),
        reply(b"\xef\xbb\xbf" + JOB),
        reply(JOB, kind=""),
        reply(JOB, kind="text/json; charset=utf-8"),
        reply(JOB, kind="application/problem+json"),
        reply(JOB, status="201 Created"),
        reply(b'{"id": "J"}'),
        reply(gzip.compress(JOB), more="Content-Encoding: gzip\r\n"),
        reply(b'{"id": "J", "status": "Queued", "outputs": null, "messages": null, "new": [1]}'),
        b"HTTP/1.1 100 Continue\r\n\r\n" + reply(JOB),
    ],
)
def test_unusual_but_good_answers_are_understood(answer: bytes, ask: Callable[..., Any]) -> None:
    assert ask(answer).id == "J"


def test_a_number_may_be_an_id(ask: Callable[..., Any]) -> None:
    assert ask(reply(b'{"id": 17, "status": "Queued"}')).id == "17"


@pytest.mark.parametrize("name", ["deep list", "deep object", "huge number", "nan"])
def test_bombs_are_refused_without_unpacking_them(name: str) -> None:
    body = UNUSABLE[name].partition(b"\r\n\r\n")[2]
    with pytest.raises(GalleryUnreachable):
        reading.parse(Reply(200, {"content-type": "application/json"}, body))


def test_a_zip_bomb_ends_at_ten_mebibytes(ask: Callable[..., Any]) -> None:
    bomb = gzip.compress(b'{"a": "' + b"x" * 30 * 1_048_576 + b'"}', compresslevel=1)
    error = ask(reply(bomb, more="Content-Encoding: gzip\r\n"))
    assert error.cause is Cause.TOO_LARGE
