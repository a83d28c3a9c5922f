"""The first rungs: whether the address leads anywhere, and who answers there."""

from __future__ import annotations

import ipaddress
import re
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings

from apps.gallery import guard
from apps.gallery.doctor.ladder import Ladder
from apps.gallery.errors import Cause, GalleryUnreachable
from apps.gallery.wire.redaction import excerpt
from apps.gallery.wire.send import Reply, Request, ask

ADDRESS, CONNECTION, CERTIFICATE, ANSWER = "Address", "Connection", "Certificate", "Answer"
ENCRYPT = "Agree on encryption and check the certificate."
LOOK_FOR_TLS = "See whether the connection is encrypted."
WAIT_FOR_NAME = 3.0
_TITLE = re.compile(r"<title[^>]*>(.{1,300}?)</title>", re.IGNORECASE | re.DOTALL)

# What the TLS library says (beginning of it), what it means, what to do.
TLS_TROUBLE = (
    (
        "self-signed certificate in certificate chain",
        "The certificate was issued by an authority this machine does not know.",
        (
            "Install your company's root certificate on the portal's machine, or name its file in "
            "SSL_CERT_FILE, and restart the portal."
        ),
    ),
    (
        "self-signed",
        "The certificate is self-signed: the server vouches for itself only.",
        (
            "Give the Gallery a certificate of your company's authority. Until then, this very "
            "certificate can be trusted by naming its file in SSL_CERT_FILE."
        ),
    ),
    (
        "certificate has expired",
        "The certificate has expired.",
        "Ask the Gallery's administrator to renew the certificate.",
    ),
    (
        "certificate is not yet valid",
        "The certificate is not valid yet.",
        "Check the clocks of the portal's machine and of the Gallery.",
    ),
    (
        "Hostname mismatch",
        "The certificate is for another host name.",
        "Enter the address with the host name that stands in the certificate.",
    ),
    (
        "IP address mismatch",
        "The certificate is for a host name, not for this number.",
        "Enter the address with the host name that stands in the certificate.",
    ),
    (
        "unable to get",
        (
            "The certificate was issued by an authority this machine does not know, or the server "
            "does not send its intermediate certificate."
        ),
        (
            "Install your company's root certificate on the portal's machine, or name its file in "
            "SSL_CERT_FILE; or have the Gallery send the whole chain."
        ),
    ),
    (
        "WRONG_VERSION_NUMBER",
        "The server does not speak TLS at this port.",
        "The address probably begins with http://, or needs another port.",
    ),
)
CONNECTION_TROUBLE = {
    Cause.REFUSED: (
        "The machine is there, but nothing listens at this port.",
        "Check the port. If it is right, the Gallery's service is stopped: ask its administrator.",
    ),
    Cause.TIME_OUT: (
        "No answer; the attempt was given up.",
        "Usually a firewall between the portal and the Gallery. Ask for this port to be opened.",
    ),
    Cause.NO_ROUTE: (
        "The network does not lead there.",
        "Check that the portal's machine has a way into the Gallery's network.",
    ),
    Cause.CUT: (
        "The line was cut before an answer came.",
        (
            "Something between portal and Gallery ends the connection, or this port does not "
            "speak HTTP. Check the address, then ask the network's administrators."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Front:
    """What answered at the address itself."""

    reply: Reply
    offset: float | None
    """Seconds the other clock is ahead of ours; None where it does not tell."""

    @property
    def title(self) -> str:
        text = self.reply.body[:100_000].decode("utf-8", "replace")
        match = _TITLE.search(text)
        return excerpt(match.group(1).encode())[:80] if match else ""

    @property
    def is_login(self) -> bool:
        return b'type="password"' in self.reply.body[:200_000].lower()


def reach(ladder: Ladder, session: requests.Session, url: str) -> Front:
    """Climb from the name to the first answer."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or guard.DEFAULT_PORTS[parts.scheme]
    _look_up(ladder, host, port)
    tried = f"Connect to {host}, port {port}."
    begun = time.time()
    try:
        reply = ask(session, Request("GET", f"{url}/"), patience=ladder.patience())
    except GalleryUnreachable as error:
        _explain(ladder, error, tried, is_tls=parts.scheme == "https")
    ladder.ok(CONNECTION, tried, "The connection was made.")
    _encrypted(ladder, parts.scheme, host)
    _answered(ladder, url, reply)
    return Front(reply, clock_offset(reply, (begun + time.time()) / 2))


def _look_up(ladder: Ladder, host: str, port: int) -> None:
    tried = f"Look up {host}."
    try:
        guard.check_host(host)
        addresses = [text for _, text in guard.resolve(host, port, patience=WAIT_FOR_NAME)]
    except guard.AddressRefused as error:
        ladder.fail(ADDRESS, tried, str(error), "Enter the Gallery's own address.")
    except TimeoutError:
        ladder.fail(
            ADDRESS,
            tried,
            "The name server did not answer.",
            "The portal's machine has trouble with its network or name server. Check again later.",
        )
    except OSError:
        ladder.fail(
            ADDRESS,
            tried,
            "There is no such host, as far as the portal's machine can see.",
            "Check the spelling. A name of your own network may be needed in its full form.",
        )
    is_number = addresses[:1] == [host]
    saw = "Nothing to look up: it is a number." if is_number else ", ".join(addresses[:4]) + "."
    ladder.ok(ADDRESS, tried, saw)


def _explain(ladder: Ladder, error: GalleryUnreachable, tried: str, *, is_tls: bool) -> None:
    if error.cause is Cause.TLS:
        ladder.ok(CONNECTION, tried, "The connection was made.")
        saw, todo = _tls_trouble(error.detail)
        ladder.fail(CERTIFICATE, ENCRYPT, saw, todo)
    if error.was_sent:
        ladder.ok(CONNECTION, tried, "The connection was made.")
        ladder.ok(
            CERTIFICATE,
            ENCRYPT if is_tls else LOOK_FOR_TLS,
            "The line was set up.",
        )
        saw, todo = CONNECTION_TROUBLE.get(error.cause or Cause.CUT, CONNECTION_TROUBLE[Cause.CUT])
        if error.cause is Cause.TIME_OUT:
            todo = "The server takes connections but does not answer. Ask its administrator."
        ladder.fail(ANSWER, "Ask for the page at the address.", saw, todo)
    saw, todo = CONNECTION_TROUBLE.get(
        error.cause or Cause.CUT, (str(error), "Check the address, then ask your network people.")
    )
    ladder.fail(CONNECTION, tried, saw, todo)


def _tls_trouble(detail: str) -> tuple[str, str]:
    for begin, saw, todo in TLS_TROUBLE:
        if begin.casefold() in detail.casefold():
            return saw, todo
    return (
        f"Encryption could not be agreed on ({detail}).",
        "The server may only speak an outdated version of TLS. Ask the Gallery's administrator.",
    )


def _encrypted(ladder: Ladder, scheme: str, host: str) -> None:
    if scheme == "https":
        ladder.ok(
            CERTIFICATE,
            ENCRYPT,
            "The certificate is good.",
        )
    elif is_own_machine(host):
        ladder.ok(CERTIFICATE, LOOK_FOR_TLS, "No, but the Gallery is on this very machine.")
    else:
        ladder.warn(
            CERTIFICATE,
            LOOK_FOR_TLS,
            "No: the address begins with http://.",
            "Use https:// if the Gallery offers it: the key's secret can be read on its way.",
        )


def is_own_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _answered(ladder: Ladder, url: str, reply: Reply) -> None:
    tried = "Ask for the page at the address."
    saw = f"Status {reply.status}."
    if 300 <= reply.status < 400:  # noqa: PLR2004
        saw += f" It sends visitors on{_where_to(url, reply)}."
    if reply.status in {502, 503, 504}:
        ladder.fail(
            ANSWER,
            tried,
            f"{saw} A machine in front answers, the Gallery behind it does not.",
            "The Gallery is stopped, starting or being maintained. Check again later.",
        )
    if reply.status == 407:  # noqa: PLR2004
        ladder.fail(
            ANSWER,
            tried,
            f"{saw} A proxy wants the portal to sign in.",
            "The portal connects directly. Ask for a direct way to the Gallery.",
        )
    ladder.ok(ANSWER, tried, saw)


def _where_to(url: str, reply: Reply) -> str:
    try:
        target = urlsplit(urljoin(f"{url}/", reply.headers.get("location", "")))
        is_same = target.hostname == urlsplit(url).hostname
    except ValueError:
        return ""
    if not target.hostname:
        return ""
    return " to another page of its own" if is_same else f" to {target.hostname[:100]}"


def clock_offset(reply: Reply, ours: float) -> float | None:
    try:
        theirs = parsedate_to_datetime(reply.headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    # The header has whole seconds; half a second is the best guess for the rest.
    return theirs.timestamp() + 0.5 - ours


def is_portal(url: str, front: Front) -> bool:
    """Return whether the address leads back to this portal."""
    own = urlsplit(settings.BASE_URL)
    parts = urlsplit(url)
    same = (own.scheme, own.hostname, own.port) == (parts.scheme, parts.hostname, parts.port)
    return (same and not own.path) or (
        "x-request-id" in front.reply.headers and front.title.endswith(settings.PORTAL_NAME)
    )
