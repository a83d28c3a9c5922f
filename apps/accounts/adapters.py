"""How django-allauth behaves here: people join by the company's provider, never by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from apps.base.addresses import is_own_path


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Lead people back to pages of the portal alone; a full address is never asked for."""
        return bool(url) and is_own_path(str(url))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A first sign-in by the company's provider makes an account without rights.

    The identity is (provider, subject); an e-mail address never links to an existing account.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return True
