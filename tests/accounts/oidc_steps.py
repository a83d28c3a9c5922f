"""What a person does who signs in by the company's provider."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django.fixtures import Settings

from tests.accounts.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider

LOGIN = "/accounts/oidc/company/login/"
CALLBACK = LOGIN + "callback/"
OLGA = {
    "sub": "s-1",
    "email": "olga@corp.example",
    "email_verified": True,
    "preferred_username": "olga",
    "given_name": "Olga",
    "family_name": "Identity",
}


def use(settings: Settings, issuer: str, secret: str = CLIENT_SECRET) -> None:
    """Set what PORTAL_OIDC_* would."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "company",
                    "name": "Contoso account",
                    "client_id": CLIENT_ID,
                    "secret": secret,
                    "settings": {"server_url": issuer},
                }
            ],
        }
    }


def leave(client: Client, **query: str) -> str:
    """Press the button; return where the provider's page is."""
    page = client.post(f"{LOGIN}?{urlencode(query)}")
    assert page.status_code == 200
    _, _, address = page["Refresh"].partition("url=")
    linked = re.search(r'href="(http[^"]+/authorize[^"]*)"', page.content.decode())
    assert linked is not None
    assert unescape(linked[1]) == address
    return str(address)


def sign_in(client: Client, provider: Provider, **query: str) -> Any:
    address = leave(client, **query)
    return client.get(f"{CALLBACK}?{provider.authorize(address)}")


def assert_refused(client: Client, response: Any, status: int = 403) -> str:
    """Nobody is in, nothing was made, and the page says so in words; return them."""
    words = response.content.decode()
    assert response.status_code == status
    assert "entrance-title" in words
    assert "Traceback" not in words
    assert CLIENT_SECRET not in words
    assert not SocialAccount.objects.exists()
    assert client.get("/").status_code == 302
    return str(words)
