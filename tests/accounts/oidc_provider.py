"""A small OpenID Connect provider on loopback, whose answers a test may spoil."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID = "portal"
CLIENT_SECRET = "only-for-tests-only-for-tests-only-for-tests"


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """Return a key of this name, made once per process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """What the provider says; a test changes it before somebody signs in."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.person: dict[str, Any] = {"sub": "s-1"}
        self.claims: dict[str, Any] = {}  # replace those of the ID token; None leaves one out
        self.userinfo: dict[str, Any] = {}
        self.configuration: dict[str, Any] = {}
        self.algorithm, self.key, self.kid = "RS256", rsa_key("one"), "one"
        self.published = [("one", rsa_key("one"))]
        self.broken: dict[str, tuple[int, bytes]] = {}  # path: status and body instead
        self.codes: dict[str, dict[str, str]] = {}
        self.token_requests: list[dict[str, str]] = []

    def authorize(self, address: str) -> str:
        """Sign the person in, as its page would; return the query to come back with."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return urlencode({"code": code, "state": asked["state"]})

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            return 200, self._described()
        if path == "/jwks":
            return 200, {"keys": [_public(kid, key) for kid, key in self.published]}
        if path == "/token":
            return self._token(form)
        if path == "/userinfo":
            return 200, self.person | self.userinfo
        return 404, {}

    def _described(self) -> dict[str, Any]:
        known = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        return {k: v for k, v in (known | self.configuration).items() if v is not None}

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.token_requests.append(form)
        asked = self.codes.pop(form.get("code", ""), None)
        if form.get("client_secret") != CLIENT_SECRET or form.get("client_id") != CLIENT_ID:
            return 401, {"error": "invalid_client"}
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        tokens = {"access_token": secrets.token_urlsafe(), "id_token": self._id_token(asked)}
        return 200, {"token_type": "Bearer", "expires_in": 60, **tokens}

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        times = {"iat": now, "exp": now + 300}
        facts = {"iss": self.address, "aud": CLIENT_ID, "nonce": asked.get("nonce"), **times}
        claims = facts | self.person | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        key: Any = {"none": None, "HS256": CLIENT_SECRET}.get(self.algorithm, self.key)
        return jwt.encode(kept, key, algorithm=self.algorithm, headers={"kid": self.kid})


def _public(kid: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"}


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Answer on a free port of loopback until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            fields = parse_qs(self.rfile.read(length).decode())
            path = urlsplit(self.path).path
            if path in provider.broken:
                status, body = provider.broken[path]
            else:
                form = {name: values[0] for name, values in fields.items()}
                status, content = provider.answer(path, form)
                body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 (the name http.server calls)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    # Half a second is how long the default would keep each test waiting for the end.
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
