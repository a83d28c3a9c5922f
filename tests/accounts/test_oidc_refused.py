"""Answers of a company's provider by which nobody gets in, and what people read instead."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from tests.accounts.oidc_provider import CLIENT_ID, Provider, rsa_key
from tests.accounts.oidc_steps import CALLBACK, LOGIN, assert_refused, leave, sign_in, use

pytestmark = pytest.mark.django_db


def in_seconds(shift: int) -> Callable[[], int]:
    return lambda: int(time.time()) + shift


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another-client"], "azp": "another-client"},
        {"aud": None},
        {"iss": "https://other.example"},
        {"iss": None},
        {"exp": in_seconds(-120)},
        {"exp": None},
        {"iat": in_seconds(600)},
        {"nbf": in_seconds(600)},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 192},
        {"sub": "s-2"},
    ],
    ids=lambda claims: "-".join(f"{name}={str(value)[:12]}" for name, value in claims.items()),
)
def test_an_id_token_not_meant_for_this_sign_in_is_refused(
    client: Client, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = {k: v() if callable(v) else v for k, v in claims.items()}
    words = assert_refused(client, sign_in(client, provider))
    assert "gave an answer the portal cannot accept" in words
    assert not User.objects.exists()


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_no_public_key_signed_is_refused(
    client: Client, provider: Provider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    assert_refused(client, sign_in(client, provider))


def test_a_token_of_a_foreign_key_is_refused(client: Client, provider: Provider) -> None:
    provider.key = rsa_key("two")
    assert_refused(client, sign_in(client, provider))
    provider.kid = "two"
    assert_refused(client, sign_in(client, provider))


def test_two_keys_of_one_name_are_refused(client: Client, provider: Provider) -> None:
    provider.published.append(("one", rsa_key("two")))
    assert_refused(client, sign_in(client, provider))


def test_a_new_key_of_the_provider_is_known_at_once(client: Client, provider: Provider) -> None:
    provider.published.append(("two", rsa_key("two")))
    provider.key, provider.kid = rsa_key("two"), "two"
    assert sign_in(client, provider).status_code == 302


def test_user_info_about_somebody_else_is_refused(client: Client, provider: Provider) -> None:
    provider.userinfo = {"sub": "s-2"}
    assert_refused(client, sign_in(client, provider))


def test_a_return_nobody_asked_for_is_refused(client: Client, provider: Provider) -> None:
    query = provider.authorize(leave(Client()))
    words = assert_refused(client, client.get(f"{CALLBACK}?{query}"))
    assert "This sign-in is no longer open" in words
    assert_refused(client, client.get(CALLBACK))
    assert_refused(client, client.get(f"{CALLBACK}?code=x&state=made-up"))
    assert provider.token_requests == []


def test_a_return_counts_once(client: Client, provider: Provider) -> None:
    query = provider.authorize(leave(client))
    assert client.get(f"{CALLBACK}?{query}").status_code == 302
    assert client.get(f"{CALLBACK}?{query}").status_code == 403
    assert len(provider.token_requests) == 1


def test_a_code_begun_elsewhere_fails_for_its_verifier(client: Client, provider: Provider) -> None:
    stolen = parse_qs(provider.authorize(leave(Client())))["code"][0]
    own_state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    query = urlencode({"code": stolen, "state": own_state})
    assert_refused(client, client.get(f"{CALLBACK}?{query}"))


def test_a_wrong_client_secret_is_said_to_the_log_alone(
    client: Client,
    provider: Provider,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    use(settings, provider.address, secret="wr0ng")
    words = assert_refused(client, sign_in(client, provider))
    assert "wr0ng" not in words + caplog.text
    details = [getattr(record, "detail", "") for record in caplog.records]
    assert "no token for the code: check client id, secret and redirect URI" in details


def test_a_person_may_turn_back(client: Client, provider: Provider) -> None:
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    response = client.get(f"{CALLBACK}?error=access_denied&state={state}", follow=True)
    assert "You stopped signing in" in response.content.decode()
    assert not User.objects.exists()


def test_a_refusal_of_the_provider_is_said(client: Client, provider: Provider) -> None:
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    response = client.get(f"{CALLBACK}?error=server_error&state={state}")
    assert "did not let you in" in assert_refused(client, response)


@pytest.mark.parametrize("spoil", [(500, b"{}"), (200, b"<html>busy</html>"), (200, b"")])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/userinfo"])
def test_a_provider_out_of_order_is_said(
    client: Client, provider: Provider, path: str, spoil: tuple[int, bytes]
) -> None:
    query = provider.authorize(leave(client))
    provider.broken[path] = spoil
    words = assert_refused(client, client.get(f"{CALLBACK}?{query}"), status=503)
    assert "The company sign-in does not answer" in words


@pytest.mark.parametrize("content", [b"[]", b"null", b"{}", b'{"keys": 7}', b'{"keys": [7]}'])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
def test_json_of_another_shape_is_refused(
    client: Client, provider: Provider, path: str, content: bytes
) -> None:
    query = provider.authorize(leave(client))
    provider.broken[path] = (200, content)
    assert_refused(client, client.get(f"{CALLBACK}?{query}"))


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
)
def test_a_configuration_that_cannot_be_right_is_refused(
    client: Client, provider: Provider, configuration: dict[str, Any]
) -> None:
    provider.configuration = configuration
    assert_refused(client, client.post(LOGIN))


def test_a_provider_that_is_away_is_said(client: Client, settings: Settings) -> None:
    use(settings, "http://127.0.0.1:1")
    words = assert_refused(client, client.post(LOGIN), status=503)
    assert "The company sign-in does not answer" in words


def test_a_provider_that_goes_away_meanwhile_is_said(
    client: Client, provider: Provider, settings: Settings
) -> None:
    query = provider.authorize(leave(client))
    use(settings, "http://127.0.0.1:1")
    assert_refused(client, client.get(f"{CALLBACK}?{query}"), status=503)
