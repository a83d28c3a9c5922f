"""OAuth 2.0 client credentials: a token of an hour, renewed once after a 401."""

from __future__ import annotations

import requests
from requests.auth import AuthBase

from apps.gallery import tokens
from apps.gallery.models import Connection
from apps.gallery.wire.exchange import Patience


class Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class OAuth2Dialect:
    def __init__(
        self, connection: Connection, session: requests.Session, patience: Patience
    ) -> None:
        self._connection = connection
        self._session = session
        self._patience = patience
        self._new = ""  # the token this object asked for itself

    def url(self, path: str) -> str:
        return f"{self._connection.api_url}/{path}"

    def auth(self, *, nonce: str = "", timestamp: str = "") -> AuthBase:  # noqa: ARG002
        used = self._connection.token_in_clear
        token = tokens.current(self._connection, self._session, self._patience)
        if token != used:
            self._new = token
        return Bearer(token)

    def renewed(self, auth: AuthBase) -> AuthBase | None:
        assert isinstance(auth, Bearer)
        if auth.token == self._new:  # it was asked for a moment ago: another is no better
            return None
        self._new = tokens.renew(self._connection, self._session, self._patience, used=auth.token)
        return Bearer(self._new)

    def forget(self, auth: AuthBase) -> bool:
        assert isinstance(auth, Bearer)
        tokens.forget(self._connection, auth.token)
        return auth.token != self._new
