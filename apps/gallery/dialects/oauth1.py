"""OAuth 1.0a: each request is signed with the key pair; there is no token.

Source: the Gallery's interactive documentation of Subscription v1 and User v2.
"""

from __future__ import annotations

from oauthlib.common import generate_nonce, generate_timestamp
from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from apps.gallery.models import Connection


class OAuth1Dialect:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def url(self, path: str) -> str:
        # With a slash at the end, as every known client of these servers signs and calls.
        return f"{self._connection.api_url}/{path}/"

    def auth(self, *, nonce: str = "", timestamp: str = "") -> AuthBase:
        """Sign in the header, so that signatures stay out of the logs of proxies."""
        signer: AuthBase = OAuth1(
            self._connection.client_key,
            self._connection.secret_in_clear,
            nonce=nonce or None,
            timestamp=timestamp or None,
        )
        return signer

    def renewed(self, auth: AuthBase) -> AuthBase | None:  # noqa: ARG002
        return None

    def forget(self, auth: AuthBase) -> bool:  # noqa: ARG002
        return False


def new_nonce() -> tuple[str, str]:
    return str(generate_nonce()), str(generate_timestamp())
