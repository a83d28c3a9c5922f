"""What broken lines and unwelcome statuses become: errors with a sentence for people."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime

from apps.gallery.errors import Cause, GalleryError, GalleryRefusal, GalleryUnreachable
from apps.gallery.wire.exchange import Exchange
from apps.gallery.wire.redaction import excerpt

LONGEST_PAUSE = 3600.0

_AGAIN = "The portal tries again by itself."
_ADMIN = "Your administrator has to look at the connection; the portal tries again until then."
UNREACHABLE = {
    Cause.ADDRESS: f"The portal is not allowed to connect to the Gallery's address. {_ADMIN}",
    Cause.DNS: f"The Gallery cannot be found on the network at the moment. {_AGAIN}",
    Cause.REFUSED: f"The Gallery is not running at the moment. {_AGAIN}",
    Cause.NO_ROUTE: f"The network does not lead to the Gallery at the moment. {_AGAIN}",
    Cause.TIME_OUT: f"The Gallery did not answer in time. {_AGAIN}",
    Cause.TLS: f"The Gallery's certificate could not be trusted. {_ADMIN}",
    Cause.CUT: f"The line to the Gallery broke before it had answered. {_AGAIN}",
    Cause.TOO_LATE: f"The portal was too busy to send this in time; nothing was sent. {_AGAIN}",
    Cause.TOO_LARGE: f"The Gallery's answer is larger than the portal accepts. {_ADMIN}",
    Cause.MOVED: f"The Gallery's address has moved. {_ADMIN}",
    Cause.BUSY: f"The Gallery has too much to do at the moment. {_AGAIN}",
    Cause.SERVER_ERROR: f"The Gallery reports a fault of its own. {_AGAIN}",
    Cause.NOT_JSON: f"Something else answered in the Gallery's place. {_AGAIN}",
    Cause.UNUSABLE: f"The Gallery's answer could not be understood. {_AGAIN}",
    Cause.TOKEN: f"The Gallery wants the portal to sign in again. {_AGAIN}",
    Cause.UNKNOWN_DIALECT: f"The portal does not know yet how to speak to this Gallery. {_ADMIN}",
}
_TELL = "Trying again does not help; please tell your administrator."
REFUSAL = {
    Cause.BAD_KEY: f"The Gallery does not know the portal's key. {_TELL}",
    Cause.BAD_SIGNATURE: f"The Gallery does not accept the portal's secret. {_TELL}",
    Cause.DENIED: f"The Gallery does not let the portal in. {_TELL}",
    Cause.FORBIDDEN: f"The Gallery does not allow the portal to do this. {_TELL}",
    Cause.NOT_FOUND: f"The Gallery does not have this, or does not show it to the portal. {_TELL}",
    Cause.NOT_ACCEPTED: f"The Gallery does not accept what was sent. {_TELL}",
}
# Statuses that mean "no" for certain. Every other failure leaves open what has happened.
REFUSED = {400, 401, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 422, 431}
TOO_MANY_REQUESTS = 429


def unreachable(
    cause: Cause,
    *,
    was_sent: bool = True,
    detail: str = "",
    status: int | None = None,
    retry_after: float | None = None,
) -> GalleryUnreachable:
    return GalleryUnreachable(
        UNREACHABLE[cause],
        cause=cause,
        was_sent=was_sent,
        detail=detail,
        status=status,
        retry_after=retry_after,
    )


def refusal(cause: Cause, *, status: int | None = None, detail: str = "") -> GalleryRefusal:
    return GalleryRefusal(REFUSAL[cause], cause=cause, status=status, detail=detail)


def from_exception(error: BaseException, exchange: Exchange) -> GalleryUnreachable:
    """Say what an exception of the HTTP libraries means; what was sent, the socket knows."""
    chain = list(_chain(error))
    if exchange.ran_out:
        cause, detail = Cause.TIME_OUT, "No whole answer within the time allowed."
    elif tls := next((e for e in chain if isinstance(e, ssl.SSLError)), None):
        cause, detail = Cause.TLS, tls_complaint(tls)
    elif any(isinstance(e, TimeoutError) or "Timeout" in type(e).__name__ for e in chain):
        cause, detail = Cause.TIME_OUT, "No answer within the time allowed."
    else:
        cause, detail = Cause.CUT, " < ".join(type(e).__name__ for e in chain)
    if cause is Cause.TLS and exchange.was_sent:
        cause = Cause.CUT
    return unreachable(cause, was_sent=exchange.was_sent, detail=detail)


def tls_complaint(error: ssl.SSLError) -> str:
    """Return why a certificate or handshake was not accepted, in the TLS library's words."""
    words = getattr(error, "verify_message", "") or error.reason or "the handshake failed"
    return str(words)[:200]


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue:
        link = queue.pop(0)
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        # urllib3 keeps what happened in ``reason``, requests in its arguments.
        queue += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]


def from_status(
    status: int, headers: dict[str, str], body: bytes, *secrets: str
) -> GalleryError | None:
    """Return the error that a status stands for, or None for a success."""
    if 200 <= status < 300:  # noqa: PLR2004
        return None
    detail = f"HTTP {status}: {excerpt(body, *secrets)}"
    if status == TOO_MANY_REQUESTS:
        return unreachable(
            Cause.BUSY,
            was_sent=False,
            status=status,
            detail=detail,
            retry_after=retry_after(headers),
        )
    if status in REFUSED:
        return refusal(_cause_of_refusal(status, body), status=status, detail=detail)
    cause = Cause.MOVED if 300 <= status < 400 else Cause.SERVER_ERROR  # noqa: PLR2004
    if status == 408:  # noqa: PLR2004
        cause = Cause.TIME_OUT
    return unreachable(cause, status=status, detail=detail, retry_after=retry_after(headers))


def _cause_of_refusal(status: int, body: bytes) -> Cause:
    text = body[:2000].decode("utf-8", "replace").lower()
    if status == 401:  # noqa: PLR2004
        if "api key" in text or "consumer_key" in text:
            return Cause.BAD_KEY
        return Cause.BAD_SIGNATURE if "signature" in text else Cause.DENIED
    if status in {404, 410}:
        return Cause.NOT_FOUND
    return Cause.FORBIDDEN if status == 403 else Cause.NOT_ACCEPTED  # noqa: PLR2004


def retry_after(headers: dict[str, str]) -> float | None:
    """Read ``Retry-After``, as seconds or as a date; at most an hour."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal():
        return min(float(text[:9]), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return min(max(moment.timestamp() - time.time(), 0.0), LONGEST_PAUSE)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
