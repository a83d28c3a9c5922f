"""Files from a Gallery: streamed, bounded, whole or an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message as Mail
from email.utils import collapse_rfc2231_value

import requests
from django.conf import settings

from apps.gallery.errors import Cause
from apps.gallery.wire.exchange import MIB, Exchange, Patience
from apps.gallery.wire.faults import unreachable
from apps.gallery.wire.send import lower, pieces

LONGEST_NAME = 150
_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff<>:\"|?*]")


def patience() -> Patience:
    """Return how long the largest file may take: a megabyte a second, at least ten minutes."""
    return Patience(total=max(600.0, settings.MAX_OUTPUT_BYTES / MIB))


class Download:
    """One file on its way.

    Attributes:
        size: bytes announced, or None.
        file_name: as the Gallery names it, cleaned of paths and control characters; may be "".
    """

    def __init__(self, response: requests.Response, exchange: Exchange) -> None:
        self._response = response
        self._exchange = exchange
        headers = lower(response)
        self.content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        self.file_name = file_name(headers.get("content-disposition", ""))
        length = headers.get("content-length", "").strip()
        self.size = int(length) if re.fullmatch(r"[0-9]{1,15}", length) else None
        self._is_encoded = headers.get("content-encoding", "identity").lower() != "identity"
        is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        if self.size is None and not is_chunked:
            raise unreachable(Cause.CUT, detail="The file came without a length or chunks.")
        if self.size is not None and self.size > settings.MAX_OUTPUT_BYTES:
            raise unreachable(Cause.TOO_LARGE, detail=f"The file has {self.size} bytes.")
        if self._is_encoded:
            self.size = None

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, 64 KiB at most at a time.

        Raises:
            GalleryUnreachable: the file is not whole, is too large or takes too long; what was
                yielded before is to be thrown away.
        """
        count = 0
        for piece in pieces(self._response, self._exchange):
            count += len(piece)
            if count > settings.MAX_OUTPUT_BYTES:
                raise unreachable(Cause.TOO_LARGE, detail=f"The file has more than {count} bytes.")
            yield piece
        if self.size is not None and count != self.size:
            raise unreachable(Cause.CUT, detail=f"{count} of {self.size} bytes came.")


def file_name(disposition: str) -> str:
    """Return the file name of a ``Content-Disposition``, fit to be shown and stored."""
    mail = Mail()
    try:
        # Headers arrive as Latin-1; many servers write UTF-8 into them.
        text = disposition.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = disposition
    mail["Content-Disposition"] = re.sub(r"[\r\n]+", " ", text)
    value = mail.get_param("filename", "", "content-disposition")
    name = collapse_rfc2231_value(value) if value else ""
    name = _UNWANTED.sub("", re.split(r"[/\\]", name)[-1]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot:
        name = f"{stem[: LONGEST_NAME - 12]}.{ending[:10]}"
    return name[:LONGEST_NAME].encode("utf-8", "ignore").decode()
