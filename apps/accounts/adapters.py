"""How django-allauth behaves here: people join by the company's provider, never by themselves."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from requests import RequestException

from apps.accounts.models import User
from apps.accounts.oidc import Refused
from apps.base.addresses import is_own_path

log = logging.getLogger(__name__)

LONGEST_NAME = 150  # Django's columns


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
        """Keep django-allauth's own form shut: in it people could write any address as theirs."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Make the account of somebody new; bring a known one up to date."""
        if sociallogin.is_existing:
            _bring_up_to_date(sociallogin)
            return
        address = sociallogin.user.email
        if address and filter_users_by_email(address):
            log.warning("sign-in refused", extra={"reason": "another account has the address"})
            page = "socialaccount/address_taken.html"
            raise ImmediateHttpResponse(render(request, page, {"address": address}, status=403))
        with transaction.atomic():
            _give_free_name(sociallogin.user)
            self.save_user(request, sociallogin)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say in words what went wrong, and to the log what an administrator can act on."""
        if error == AuthError.CANCELLED:
            return
        reason = _reason(exception, extra_context or {})
        # Messages of others may quote tokens and addresses with codes in them.
        told = isinstance(exception, Refused)
        detail = str(exception) if told else type(exception).__name__ if exception else ""
        log.warning("sign-in failed", extra={"reason": reason, "detail": detail})
        page = "socialaccount/authentication_error.html"
        context = {"reason": reason, "provider": provider}
        status = 503 if reason == "away" else 403
        raise ImmediateHttpResponse(render(request, page, context, status=status))


def _reason(exception: Exception | None, context: dict[str, Any]) -> str:
    if isinstance(exception, RequestException):
        return "away"
    if exception is not None:
        return "unusable"
    return "lost" if "state_id" in context else "refused"


def _give_free_name(user: User) -> None:
    """Keep the provider's name for a person if nobody has it and it can be one."""
    adapter = get_adapter()
    try:
        adapter.clean_username(user.username)
    except ValidationError:
        hints = [user.username, user.first_name, user.email, "user"]
        user.username = adapter.generate_unique_username(hints)


def _bring_up_to_date(sociallogin: Any) -> None:
    """Take over name and address as the company has them now, the address if nobody else has it."""
    user: User = sociallogin.user
    claims = sociallogin.account.extra_data["userinfo"]
    with transaction.atomic():
        user.first_name = claims.get("given_name", user.first_name)[:LONGEST_NAME]
        user.last_name = claims.get("family_name", user.last_name)[:LONGEST_NAME]
        new = next((row for row in sociallogin.email_addresses if row.email != user.email), None)
        if new and all(other == user for other in filter_users_by_email(new.email)):
            EmailAddress.objects.filter(user=user).delete()
            new.user, user.email = user, new.email
            new.save()
        user.save(update_fields=["first_name", "last_name", "email"])
