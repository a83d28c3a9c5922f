"""What the client asks of a dialect."""

from __future__ import annotations

from typing import Protocol

from requests.auth import AuthBase


class DialectOf(Protocol):
    """One way to address and sign the requests of one connection."""

    def url(self, path: str) -> str:
        """Return the full address of ``v1/jobs/…``."""

    def auth(self, *, nonce: str = "", timestamp: str = "") -> AuthBase:
        """Return what signs the next request. May ask the Gallery for a token."""

    def renewed(self, auth: AuthBase) -> AuthBase | None:
        """Return another way in after a 401, or None where there is none."""

    def forget(self, auth: AuthBase) -> bool:
        """Do not use this way in again; return whether another may be let in."""
