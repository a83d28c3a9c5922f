"""What can go wrong between the portal and a Gallery. ``str(error)`` is a sentence for users."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """What went wrong, for programs; ``str(error)`` says it to people."""

    ADDRESS = "address"  # the portal may not connect to this address
    DNS = "dns"
    REFUSED = "refused"
    NO_ROUTE = "no_route"
    TIME_OUT = "time_out"
    TLS = "tls"
    CUT = "cut"  # the line broke after the request had left
    TOO_LATE = "too_late"  # the caller's deadline had passed; nothing was sent
    TOO_LARGE = "too_large"
    MOVED = "moved"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    NOT_JSON = "not_json"
    UNUSABLE = "unusable"  # JSON, but not what was asked for
    TOKEN = "token"  # noqa: S105 (a word) - the token had become stale; nothing was done
    UNKNOWN_DIALECT = "unknown_dialect"
    BAD_KEY = "bad_key"
    BAD_SIGNATURE = "bad_signature"
    DENIED = "denied"  # token or role
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    NOT_ACCEPTED = "not_accepted"


class GalleryError(Exception):
    """The Gallery did not do what was asked.

    Attributes:
        status: the HTTP status, or None where no answer was read.
        detail: for administrators: what was seen, redacted and cut; never a body in full.
        retry_after: seconds the Gallery asked us to wait, or None.
        cause: what went wrong, in one word; None where the raiser does not say.
    """

    def __init__(
        self,
        message: str,
        *,
        cause: Cause | None = None,
        status: int | None = None,
        detail: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.cause = cause
        self.status = status
        self.detail = detail
        self.retry_after = retry_after


class GalleryUnreachable(GalleryError):
    """No usable answer; try later. A 200 without the JSON we expect counts.

    Attributes:
        was_sent: False only where the request provably never reached the Gallery (no such
            host, refused, connect time-out, TLS failure, 429). A POST with True may have had
            its effect.
    """

    def __init__(self, message: str, *, was_sent: bool = True, **facts: object) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type]
        self.was_sent = was_sent


class GalleryRefusal(GalleryError):
    """The answer is no: this key, this workflow or these answers are not accepted."""


class JobGone(GalleryRefusal):
    """The Gallery does not know this job (any more): a 404 for a job's id."""
