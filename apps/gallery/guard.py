"""Which addresses the portal may connect to.

Addresses are entered by administrators and answered by name servers; neither may lead the
portal to its own machine or to a cloud's metadata service. Private ranges are normal for a
Gallery, so the operator's list (``PORTAL_GALLERY_HOSTS``) narrows them down, not this module.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

import idna
from django.conf import settings

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

FORBIDDEN: tuple[IPNetwork, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this machine, by another name
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "100.100.100.200/32",  # metadata
        "168.63.129.16/32",  # metadata
        "192.0.0.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
        "fd00:ec2::/32",  # metadata
    )
)
# Ranges whose last 32 bits are an IPv4 address.
CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_URL = 400
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\]")


class AddressRefused(ValueError):
    """The portal does not connect there. ``str(error)`` is a sentence for administrators."""


def canonical_url(text: str) -> str:
    """Return the one form in which an address is stored: no slash at the end, no default port.

    Raises:
        AddressRefused: it is not a plain web address, or one the portal may not connect to.
    """
    text = text.strip()
    if _UNSEEN.search(text):
        raise AddressRefused("The address holds a blank, a backslash or an invisible character.")
    if "://" not in text:
        raise AddressRefused("Start the address with https://, for example https://host/gallery.")
    parts, port = _split(text)
    _check_scheme(parts.scheme)
    if "@" in parts.netloc:
        raise AddressRefused("Leave out the user name before the @; the key goes into its field.")
    if "?" in text or "#" in text:
        raise AddressRefused("Leave out everything from the ? or # on.")
    host = canonical_host(parts.hostname or "")
    check_host(host)
    shown = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        shown += f":{port}"
    url = f"{parts.scheme}://{shown}{_canonical_path(parts.path)}"
    if len(url) > LONGEST_URL:
        raise AddressRefused("The address is too long.")
    return url


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise AddressRefused("This is not a complete web address.") from None
    if port == 0:
        raise AddressRefused("Port 0 does not exist.")
    return parts, port


def _check_scheme(scheme: str) -> None:
    if scheme not in DEFAULT_PORTS:
        raise AddressRefused("Only web addresses work here, such as https://host/gallery.")
    if scheme == "http" and not settings.GALLERY_ALLOW_HTTP:
        raise AddressRefused(
            "Use https://: over http:// the key's secret could be read on its way. "
            "(The operator can allow it with PORTAL_GALLERY_ALLOW_HTTP.)"
        )


def _canonical_path(path: str) -> str:
    segments = [segment for segment in unquote(path).split("/") if segment]
    if any(segment in {".", ".."} for segment in segments) or "\\" in unquote(path):
        raise AddressRefused("The path of the address may not hold . or .. or a backslash.")
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)


def canonical_host(host: str) -> str:
    """Return a host name in ASCII, or an address in its usual spelling.

    Spellings that only some resolvers take for an address (``0x7f.1``, ``2130706433``) are
    refused, because what they lead to is decided elsewhere.
    """
    host = host.rstrip(".").lower() if not host.endswith("..") else ""
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host.partition("%")[0]))
        except ValueError:
            raise AddressRefused("This is not a usable IPv6 address.") from None
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii").lower()
        except idna.IDNAError:
            raise AddressRefused("This host name cannot exist.") from None
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise AddressRefused("Write an address in numbers as four parts: 10.0.0.7.") from None
    if not host or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004 (RFC 1035)
        raise AddressRefused("This host name cannot exist.")
    return host


def check_host(host: str) -> None:
    """Refuse a host that is not on the operator's list or is a forbidden address itself.

    A name that is not listed passes only where networks are listed: its addresses decide then.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if host == "localhost" or host.endswith(".localhost"):
            if "localhost" not in settings.GALLERY_HOSTS:
                raise AddressRefused(_own_machine()) from None
        elif (
            settings.GALLERY_HOSTS and not _is_listed_name(host) and next(_networks(), None) is None
        ):
            raise AddressRefused(_not_listed()) from None
        return
    check_address(address, host)


def check_address(address: IPAddress, host: str) -> None:
    """Refuse one address that ``host`` led to.

    A listed name does not unlock a forbidden address, except ``localhost`` the loopback: what
    a name leads to is its name server's choice, not the operator's.
    """
    address = _carried(address)
    is_listed = any(address in network for network in _networks())
    if is_listed:
        return
    if host == "localhost" and address.is_loopback and "localhost" in settings.GALLERY_HOSTS:
        return
    if any(address in network for network in FORBIDDEN) or address.is_multicast:
        raise AddressRefused(_own_machine())
    if settings.GALLERY_HOSTS and not _is_listed_name(host):
        raise AddressRefused(_not_listed())


def resolve(host: str, port: int, *, patience: float) -> list[tuple[int, str]]:
    """Return the family and text of every address of a host, each of them vetted.

    One bad address refuses the host: which one would be used is otherwise a matter of luck.

    Raises:
        AddressRefused: the portal may not connect to one of them.
        TimeoutError: no answer within ``patience`` seconds.
        OSError: there is no such host.
    """
    found: list[tuple[int, str]] = []
    for family, _, _, _, sockaddr in _lookup(host, port, patience):
        if family not in {socket.AF_INET, socket.AF_INET6}:
            continue
        text = str(sockaddr[0])
        check_address(ipaddress.ip_address(text.partition("%")[0]), host)
        found.append((family, text))
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "no address")
    return list(dict.fromkeys(found))


def _lookup(
    host: str, port: int, patience: float
) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    # getaddrinfo knows no time-out and may hold its caller for half a minute.
    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    thread = threading.Thread(target=ask, name="gallery-lookup", daemon=True)
    thread.start()
    thread.join(patience)
    if not answer:
        raise TimeoutError("no answer from the name server")
    found = answer[0]
    if isinstance(found, UnicodeError):
        raise socket.gaierror(socket.EAI_NONAME, "impossible name")
    if isinstance(found, OSError):
        raise found
    return list(found)


def _carried(address: IPAddress) -> IPAddress:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    small = int(address) & 0xFFFF_FFFF
    for network in CARRIERS:
        if address in network and small > 1:
            return ipaddress.IPv4Address(small)
    return address


def _networks() -> Iterator[IPNetwork]:
    for entry in settings.GALLERY_HOSTS:
        try:
            yield ipaddress.ip_network(entry, strict=False)
        except ValueError:
            continue


def _is_listed_name(host: str) -> bool:
    return any(fnmatchcase(host, entry.lower()) for entry in settings.GALLERY_HOSTS)


def _own_machine() -> str:
    return (
        "The portal does not connect to its own machine or to special addresses. "
        "(The operator can list this one in PORTAL_GALLERY_HOSTS.)"
    )


def _not_listed() -> str:
    return "The operator of this portal has not listed this host in PORTAL_GALLERY_HOSTS."
