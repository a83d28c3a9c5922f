"""Broken, slow and endless lines; files that are not whole."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.emulator import faults
from apps.emulator.emulator import Emulator
from apps.emulator.faults import Fault
from apps.gallery.errors import Cause, GalleryUnreachable
from apps.gallery.wire.download import file_name
from apps.gallery.wire.exchange import Patience
from tests.gallery.conftest import Connect
from tests.gallery.odd import client_at
from tests.gallery.servers import Authority, Talk, closed_port, drips, reply, says, serve


def test_before_anything_was_sent_this_is_certain(tmp_path: Path) -> None:
    with serve(says(reply(b"")), Authority(tmp_path).context()) as port:
        clients = {
            Cause.REFUSED: client_at(closed_port()),
            Cause.TLS: client_at(port, scheme="https"),
        }
        for cause, client in clients.items():
            with pytest.raises(GalleryUnreachable) as failed:
                client.submit("w", [])
            assert (failed.value.was_sent, failed.value.cause) == (False, cause)


def test_a_reset_after_the_request_may_have_had_its_effect(ask: Callable[..., Any]) -> None:
    def reset(sock: socket.socket) -> None:
        sock.recv(65_536)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    error = ask(reset)
    assert (error.was_sent, error.cause) == (True, Cause.CUT)


@pytest.mark.parametrize(
    "talk",
    [
        drips(b"", b"H"),
        drips(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", every=0.2),
        drips(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b" "),
        drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status line", "headers", "body", "chunks", "continue"],
)
def test_a_server_that_drips_ends_with_the_clock_on_the_wall(
    talk: Talk, ask: Callable[..., Any]
) -> None:
    begun = time.monotonic()
    error = ask(talk, Patience(connect=1, silence=5, total=0.5))
    assert time.monotonic() - begun < 15  # the drip goes on for longer
    assert isinstance(error, GalleryUnreachable)
    assert (error.was_sent, error.cause) == (True, Cause.TIME_OUT)


def test_a_handshake_that_drips_ends_too() -> None:
    def drip(sock: socket.socket) -> None:
        sock.recv(1000)
        for byte in b"\x16\x03\x03\x3f\xff" + b"\x00" * 500:
            sock.sendall(bytes([byte]))
            time.sleep(0.05)

    with serve(drip) as port:
        client = client_at(port, Patience(connect=5, silence=5, total=0.5), "https")
        begun = time.monotonic()
        with pytest.raises(GalleryUnreachable) as failed:
            client.submit("w", [])
    assert time.monotonic() - begun < 15  # the drip goes on for longer
    assert (failed.value.was_sent, failed.value.cause) == (False, Cause.TIME_OUT)


def test_silence_is_a_time_out(ask: Callable[..., Any]) -> None:
    error = ask(lambda _: time.sleep(1.5), Patience(connect=1, silence=0.3, total=5))
    assert (error.was_sent, error.cause) == (True, Cause.TIME_OUT)


def fetch(talk: Talk | bytes) -> bytes:
    talk = says(talk) if isinstance(talk, bytes) else talk
    with serve(talk) as port, client_at(port).download("J", "O", "Csv") as download:
        return b"".join(download.chunks())


def test_a_whole_file_comes_with_a_length_or_in_chunks() -> None:
    assert fetch(reply(b"a" * 200_000, kind="text/csv")) == b"a" * 200_000
    assert fetch(reply(b"", kind="text/csv")) == b""
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    assert fetch(chunked) == b"abc"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        reply(b"<html>", kind="text/html"),
        b"HTTP/1.1 204 No Content\r\n\r\n",
        reply(b"", status="302 Found"),
    ],
)
def test_a_file_is_whole_or_an_error(answer: bytes) -> None:
    with pytest.raises(GalleryUnreachable):
        fetch(answer)


def test_a_file_above_the_limit_is_refused(settings: Any) -> None:
    settings.MAX_OUTPUT_BYTES = 1000
    for answer in (
        reply(b"a" * 2000, kind="text/csv"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + (b"3e8\r\n" + b"a" * 1000 + b"\r\n") * 3
        + b"0\r\n\r\n",
    ):
        with pytest.raises(GalleryUnreachable) as failed:
            fetch(answer)
        assert failed.value.cause is Cause.TOO_LARGE


@pytest.mark.parametrize(
    "action", [faults.cut(0.5), faults.wrong_length(5), faults.wrong_length(-5)]
)
def test_the_emulators_broken_downloads_are_noticed(
    action: faults.Action, gallery: Emulator, connect: Connect
) -> None:
    client = connect(gallery).client()
    job = client.submit(gallery.workflow_id("echo"), [])
    gallery.finish(job.id)
    [output] = client.job(job.id).outputs
    gallery.faults.add(Fault("/output/", action))
    with (
        pytest.raises(GalleryUnreachable),
        client.download(job.id, output.id, "Csv") as download,
    ):
        list(download.chunks())
    with client.download(job.id, output.id, "Csv") as download:
        assert b"".join(download.chunks())


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="a b.csv"', "a b.csv"),
        ("attachment; filename*=UTF-8''%C3%A4%20b.csv", "ä b.csv"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\x\\\\y.csv"', "y.csv"),
        ('attachment; filename="a\u202egpj.exe"', "agpj.exe"),
        ("attachment", ""),
        ("", ""),
        ('attachment; filename=".."', ""),
        ("=;=;;", ""),
    ],
)
def test_file_names_are_cleaned(header: str, name: str) -> None:
    assert file_name(header) == name


def test_a_long_file_name_keeps_its_ending() -> None:
    name = file_name(f'attachment; filename="{"a" * 1000}.csv"')
    assert len(name) <= 150
    assert name.endswith(".csv")
