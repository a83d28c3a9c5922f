"""What a Gallery, or whatever stands in its place, may put on the wire."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.reliability.liar import TRUTH, Call, Lie, honest

STATUSES = (
    *(100, 101, 103, 199, 200, 201, 202, 203, 204, 205, 206, 207, 226),
    *(300, 301, 302, 304, 307, 399, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 411, 413),
    *(414, 415, 418, 421, 422, 425, 429, 431, 451, 500, 501, 502, 503, 504, 507, 511, 599),
)
STARTS = (
    *(b"HTTP/1.1 200", b"HTTP/1.1  200 OK", b"HTTP/1.0 200 OK", b"HTTP/2 200 OK", b"ICY 200 OK"),
    *(b"HTTP/1.1 2000 OK", b"HTTP/1.1 -1 OK", b"HTTP/1.1 abc OK", b"HTTP/1.1", b"", b"\x00\xff"),
    *(b"SSH-2.0-OpenSSH_9.2", b"<html>", b"HTTP/1.1 200 " + b"x" * 70_000),
)
HEADERS = (
    *(b"Content-Type: text/html", b"Content-Type: application/xml", b"Content-Type:"),
    *(b"Content-Type: application/json; charset=utf-16", b"Content-Type: \xff\xfe"),
    *(b"Content-Encoding: gzip", b"Content-Encoding: deflate", b"Content-Encoding: br, gzip"),
    *(b"Content-Length: 5", b"Content-Length: -5", b"Content-Length: 1e3", b"Content-Length: x"),
    *(b"Content-Length: 99999999999999999999", b"Transfer-Encoding: gzip, chunked"),
    *(b"Retry-After: 1", b"Retry-After: -1", b"Retry-After: soon", b"Retry-After: 9" + b"9" * 400),
    *(b"Retry-After: Wed, 99 Foo 2026 00:00:00 GMT", b"Retry-After: \xb2"),
    *(b"Location: http://169.254.169.254/latest", b"Location: //", b"Location: file:///etc/passwd"),
    *(b"Set-Cookie: a=b; Domain=.", b"Date: yesterday", b"no colon here", b": no name"),
    *(b"X-Long: " + b"x" * 70_000, b"X-Nul: \x00", b" folded: yes"),
    b"Content-Disposition: attachment; filename=\"../../x\xff\"; filename*=UTF-8''%00%zz",
    b"Content-Disposition: attachment; filename*=no-such-charset''%ff",
)
WHOLE_BODIES = (
    *(b"", b" ", b"null", b"true", b"42", b'""', b"[]", b"{}", b"[[]]", b"[null]", b"[{}]", b"NaN"),
    *(b"<!DOCTYPE html><title>Sign in</title>", b'"\\ud800"', b"\xef\xbb\xbf[]", b"\xff\xfe[\x00"),
    *(b"[" * 20_000, b'{"a":' * 20_000, b"1" * 100_000, b'{"id":' + b"9" * 5000 + b"}"),
    *(b'{"id":"1","id":"2"}', b'{"message":"The request is invalid."}', gzip.compress(b"[]")),
)
# Put in the place of any member: wrong types, wrong sizes, wrong alphabets.
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 3.5, 1e308, 10**30, "", " ", [], {}, [[]], [None], {"a": "b"}),
    *("x" * 300, "x" * 70, "\x00", "a\x00b", "\ud800", "\u202e", "../..", ".", "a/b?c#d", "é" * 60),
    *("Success", "success", "Completed", "Cancelled", "Error", "Queued", "Running", "None"),
    *(["Raw", "Raw"], ["x" * 40], ["Csv"], [7, True, None], [{"id": "o1"}, {"id": "o1"}]),
)


T = TypeVar("T")


def _one_of(values: Sequence[T]) -> st.SearchStrategy[T]:
    """Choose one; unlike ``sampled_from`` without all of them in every report."""
    return st.integers(0, len(values) - 1).map(lambda index: values[index])


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every member of a JSON value, and of the value itself."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*path, key))


@st.composite
def changed(draw: st.DrawFn, call: Call) -> bytes:
    """An honest JSON answer with some members replaced, dropped or doubled."""
    value = copy.deepcopy(TRUTH[call])
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from(list(_places(value))))
        new = draw(_one_of(VALUES))
        if not path:
            value = new
            continue
        holder = value
        for key in path[:-1]:
            holder = holder[key]
        match draw(st.sampled_from(("replace", "drop", "double"))):
            case "replace":
                holder[path[-1]] = new
            case "drop":
                del holder[path[-1]]
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[path[-1]]))
    return json.dumps(value).encode()


def bodies(call: Call) -> st.SearchStrategy[bytes]:
    truth = honest(call).body
    cut = st.integers(0, len(truth)).map(lambda at: truth[:at])
    encoded = st.sampled_from(("utf-16", "utf-32", "utf-8-sig")).map(truth.decode().encode)
    found = [st.just(truth), cut, encoded, _one_of(WHOLE_BODIES), st.binary(max_size=60)]
    if call in TRUTH:
        found += [changed(call)] * 4
    return st.one_of(found)


def lies(call: Call) -> st.SearchStrategy[Lie]:
    """Answers to one call: mostly one thing wrong, sometimes several."""
    plain = honest(call)
    starts = st.one_of(
        _one_of(STATUSES).map(lambda status: b"HTTP/1.1 %d Well" % status),
        _one_of(STARTS),
    )
    extra = st.lists(_one_of(HEADERS), max_size=2).map(tuple)
    headers = st.one_of(extra, extra.map(lambda more: (*plain.headers, *more)))
    framing = st.sampled_from(("short", "long", "chunks", "torn", "nothing"))
    return st.one_of(
        st.builds(Lie, headers=st.just(plain.headers), body=bodies(call)),
        st.builds(Lie, start=starts, headers=st.just(plain.headers), body=bodies(call)),
        st.builds(Lie, headers=headers, body=st.just(plain.body)),
        st.builds(Lie, headers=st.just(plain.headers), body=bodies(call), framing=framing),
        st.builds(Lie, start=starts, headers=headers, body=bodies(call), framing=framing),
    )
