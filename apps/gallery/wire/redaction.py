"""Pieces of answers that administrators may read: short, printable, without secrets."""

from __future__ import annotations

import re

LONGEST = 200
_TAGS = re.compile(
    r"<(?:script|style)\b.*?(?:</(?:script|style)>|$)|<[^>]*>", re.IGNORECASE | re.DOTALL
)
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_SECRETS = re.compile(
    r"(?i)\b(oauth_[a-z_]+|client_id|client_secret|access_token|refresh_token|password|pwd|secret"
    r"|apikey|api_key|authorization|set-cookie|cookie)(\"?\s*[=:]\s*\"?)((?:bearer|basic|oauth)\s+)?"
    r"[^\s\"&,;<>]+"
)
_LONG = re.compile(r"[A-Za-z0-9+/_=-]{40,}")
_ADDRESSES = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>]+")


def excerpt(body: bytes, *secrets: str) -> str:
    """Return at most 200 characters of an answer, without tags, addresses and secrets."""
    text = body[:20_000].decode("utf-8", "replace")
    text = _UNPRINTABLE.sub(" ", _TAGS.sub(" ", text)).strip()
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    text = _ADDRESSES.sub("***", _SECRETS.sub(r"\1\2***", text))
    text = _LONG.sub("***", text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
