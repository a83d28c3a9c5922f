"""What can go wrong between the portal and a Gallery. ``str(error)`` is a sentence for users."""

from __future__ import annotations


class GalleryError(Exception):
    """The Gallery did not do what was asked.

    Attributes:
        status: the HTTP status, or None where no answer was read.
        detail: for administrators: what was seen, redacted and cut; never a body in full.
        retry_after: seconds the Gallery asked us to wait, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        detail: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
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
