from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from apps.gallery import guard
from apps.gallery.errors import Cause, GalleryUnreachable
from tests.gallery.odd import client_at
from tests.gallery.servers import reply, says, serve


@pytest.fixture
def strict(settings: Settings) -> Settings:
    settings.GALLERY_HOSTS = []
    settings.GALLERY_ALLOW_HTTP = False
    return settings


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://gallery.example.com", "https://gallery.example.com"),
        ("  https://Gallery.Example.COM/gallery/ ", "https://gallery.example.com/gallery"),
        ("https://h:443/webapi", "https://h/webapi"),
        ("https://h:8443//a///b/", "https://h:8443/a/b"),
        ("HTTPS://h./x", "https://h/x"),
        ("https://10.0.0.7/gallery", "https://10.0.0.7/gallery"),
        ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
        ("https://bücher.example/g", "https://xn--bcher-kva.example/g"),
        ("https://gallery。example", "https://gallery.example"),
        ("https://alteryx_srv01/gallery", "https://alteryx_srv01/gallery"),
        ("https://h/a b", None),
        ("https://h/%7Eteam", "https://h/~team"),
        ("http://gallery.example.com", None),
        ("ftp://h", None),
        ("file:///etc/passwd", None),
        ("gopher://h", None),
        ("javascript:alert(1)", None),
        ("gallery.example.com", None),
        ("", None),
        ("https://", None),
        ("https://good@evil/", None),
        ("https://good:pw@evil/", None),
        ("https://good\\@evil", None),
        ("https://good#@evil", None),
        ("https://h/#!/apps", None),
        ("https://h/?a=b", None),
        ("https://h/\tx", None),
        ("https://h\n.evil", None),
        ("https://h\u200b.evil", None),
        ("https://h:0", None),
        ("https://h:70000", None),
        ("https://h:abc", None),
        ("https://h/../x", None),
        ("https://h/%2e%2e/x", None),
        ("https://h..evil", None),
        ("https://-h", None),
        ("https://" + "a" * 64, None),
        ("https://h/" + "a" * 500, None),
        ("https://127.0.0.1", None),
        ("https://localhost", None),
        ("https://a.localhost", None),
        ("https://[::1]", None),
        ("https://0", None),
        ("https://0.0.0.0", None),
        ("https://2130706433", None),
        ("https://0x7f.1", None),
        ("https://0x7f000001", None),
        ("https://017700000001", None),
        ("https://127.1", None),
        ("https://0177.0.0.1", None),
        ("https://[::ffff:127.0.0.1]", None),
        ("https://[::127.0.0.1]", None),
        ("https://[64:ff9b::7f00:1]", None),
        ("https://[2002:7f00:1::]", None),
        ("https://[::]", None),
        ("https://[fe80::1]", None),
        ("https://[fe80::1%25eth0]", None),
        ("https://[ff02::1]", None),
        ("https://[fd00:ec2::254]", None),
        ("https://169.254.169.254/latest", None),
        ("https://224.0.0.1", None),
        ("https://255.255.255.255", None),
        ("https://\uff11\uff12\uff17.0.0.1", None),
        ("https://[nonsense]", None),
    ],
)
def test_one_form_is_stored_and_forbidden_ones_are_refused(
    text: str, url: str | None, strict: Settings
) -> None:
    if url is None:
        with pytest.raises(guard.AddressRefused) as refused:
            guard.canonical_url(text)
        assert str(refused.value).endswith((".", ".)"))
    else:
        assert guard.canonical_url(text) == url
        assert guard.canonical_url(url) == url


def test_http_is_allowed_by_the_operator_only(strict: Settings) -> None:
    strict.GALLERY_ALLOW_HTTP = True
    assert guard.canonical_url("http://h:80/x") == "http://h/x"


@pytest.mark.parametrize(
    ("hosts", "url", "is_allowed"),
    [
        (["gallery.corp"], "https://gallery.corp/x", True),
        (["gallery.corp"], "https://other.corp/x", False),
        (["*.corp"], "https://a.corp", True),
        (["*.corp"], "https://corp.evil", False),
        (["10.0.0.0/8"], "https://10.9.9.9", True),
        (["10.0.0.0/8"], "https://192.168.0.1", False),
        (["10.0.0.0/8"], "https://name-decided-at-connect", True),
        (["127.0.0.1"], "https://127.0.0.1", True),
        (["127.0.0.1"], "https://127.0.0.2", False),
        (["127.0.0.1"], "https://[::ffff:127.0.0.1]", True),
        (["localhost"], "https://localhost", True),
        (["*"], "https://127.0.0.1", False),
        (["*"], "https://localhost", False),
    ],
)
def test_the_operators_list_decides(
    hosts: list[str], url: str, is_allowed: bool, strict: Settings
) -> None:
    strict.GALLERY_HOSTS = hosts
    if is_allowed:
        assert guard.canonical_url(url)
    else:
        with pytest.raises(guard.AddressRefused):
            guard.canonical_url(url)


def answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1", "127.0.0.1"],
        ["::1"],
        ["169.254.169.254"],
        ["::ffff:169.254.169.254"],
        ["0.0.0.0"],
    ],
)
def test_a_name_that_leads_to_a_forbidden_address_is_refused(
    addresses: list[str], strict: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict.GALLERY_HOSTS = ["gallery.corp", "*.corp"]
    answers(monkeypatch, *addresses)
    with pytest.raises(guard.AddressRefused):
        guard.resolve("gallery.corp", 443, patience=1)


def test_an_unlisted_name_passes_by_its_listed_address_only(
    strict: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict.GALLERY_HOSTS = ["10.0.0.0/8"]
    answers(monkeypatch, "10.1.2.3")
    assert guard.resolve("any.name", 443, patience=1) == [(socket.AF_INET, "10.1.2.3")]
    answers(monkeypatch, "192.168.1.1")
    with pytest.raises(guard.AddressRefused):
        guard.resolve("any.name", 443, patience=1)


def test_a_name_that_changes_its_mind_is_refused_at_connect(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(says(reply(b"[]"))) as port:
        assert client_at(port).questions("w") == []
        settings.GALLERY_HOSTS = ["127.0.0.9"]
        with pytest.raises(GalleryUnreachable) as refused:
            client_at(port).questions("w")
    assert refused.value.cause is Cause.ADDRESS
    assert not refused.value.was_sent


def test_a_silent_name_server_is_given_up(
    strict: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: __import__("time").sleep(2))
    with pytest.raises(TimeoutError):
        guard.resolve("slow.example", 443, patience=0.05)


@given(number=st.integers(0, 2**32 - 1))
def test_no_spelling_hides_a_loopback_address(number: int) -> None:
    address = ipaddress.IPv4Address(number)
    for carrier in (f"::ffff:{address}", f"64:ff9b::{address}", f"::{address}"):
        carried = guard._carried(ipaddress.ip_address(carrier))
        if address.is_loopback or address.is_link_local:
            assert carried == address
