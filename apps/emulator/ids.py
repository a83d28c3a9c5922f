"""Identifiers as the two generations of databases write them: ObjectId and ULID."""

from __future__ import annotations

import hashlib
import itertools
import secrets
from datetime import UTC, datetime, timedelta
from typing import Literal

IdStyle = Literal["objectid", "ulid"]

_ULID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST_DAY = datetime(2023, 1, 9, 8, 0, tzinfo=UTC)
_counter = itertools.count(secrets.randbelow(1 << 20))


def fresh(style: IdStyle, at: datetime) -> str:
    """Return an identifier nobody has yet; later ones sort after earlier ones."""
    tail = secrets.token_bytes(5) + (next(_counter) & 0xFFFFFF).to_bytes(3, "big")
    return _write(style, at, tail + secrets.token_bytes(2))


def derived(style: IdStyle, *parts: str) -> str:
    """Return the same identifier for the same words, on every machine and at every start."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return _write(style, moment(*parts), digest[:10])


def moment(*parts: str) -> datetime:
    """Return a moment in 2023 or 2024 that belongs to these words."""
    digest = hashlib.sha256("\0".join(("moment", *parts)).encode()).digest()
    milliseconds = int.from_bytes(digest[:6], "big") % (700 * 86_400_000)
    return _FIRST_DAY + timedelta(milliseconds=milliseconds)


def _write(style: IdStyle, at: datetime, tail: bytes) -> str:
    if style == "objectid":
        return f"{int(at.timestamp()):08x}{tail[:8].hex()}"
    number = int(at.timestamp() * 1000) << 80 | int.from_bytes(tail[:10], "big")
    return "".join(_ULID_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
