"""Signing in by the company's OpenID Connect provider, over real HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from tests.accounts.oidc_provider import Provider
from tests.accounts.oidc_steps import CALLBACK, LOGIN, OLGA, assert_refused, leave, sign_in, use
from tests.factories import make_app, make_group

pytestmark = pytest.mark.django_db


def test_the_sign_in_page_has_a_button_for_the_provider(client: Client, provider: Provider) -> None:
    words = client.get(reverse("account_login")).content.decode()
    assert "Continue with Contoso account" in words
    assert f'action="{LOGIN}' in words


def test_without_a_provider_its_addresses_do_not_exist(client: Client) -> None:
    assert client.post(LOGIN).status_code == 404
    assert client.get(CALLBACK).status_code == 404


def test_a_link_alone_signs_nobody_in(client: Client, provider: Provider) -> None:
    page = client.get(LOGIN)
    assert page.status_code == 200
    assert "Refresh" not in page
    assert b"Continue with Contoso account" in page.content


def test_a_first_sign_in_makes_an_account_without_rights(
    client: Client, provider: Provider, settings: Settings
) -> None:
    make_app(groups=[make_group("Finance")], title="Month-end close")
    response = sign_in(client, provider)
    assert response["Location"] == "/"
    account = SocialAccount.objects.get()
    user = account.user
    assert (account.provider, account.uid) == ("company", "s-1")
    assert (user.username, user.email, str(user)) == ("olga", OLGA["email"], "Olga Identity")
    assert not (user.is_staff or user.is_superuser or user.has_usable_password())
    assert not user.groups.exists()
    assert not user.user_permissions.exists()
    catalogue = client.get("/").content.decode()
    assert "Nothing has been shared with you yet" in catalogue
    assert "Month-end close" not in catalogue
    sent = provider.token_requests[0]
    assert sent["redirect_uri"] == settings.BASE_URL + CALLBACK


def test_rights_are_never_taken_from_claims(client: Client, provider: Provider) -> None:
    provider.person |= {"is_staff": True, "is_superuser": True, "groups": ["Finance"]}
    sign_in(client, provider)
    user = User.objects.get()
    assert not (user.is_staff or user.is_superuser or user.groups.exists())


def test_a_second_sign_in_finds_the_account_by_its_subject(
    client: Client, provider: Provider
) -> None:
    sign_in(client, provider)
    provider.person |= {"email": "olga.new@corp.example", "family_name": "Newname"}
    sign_in(Client(), provider)
    user = User.objects.get()
    assert (user.email, user.last_name) == ("olga.new@corp.example", "Newname")


def test_a_changed_address_that_somebody_has_is_not_taken_over(
    client: Client, provider: Provider, alice: User
) -> None:
    sign_in(client, provider)
    provider.person["email"] = alice.email.upper()
    again = Client()
    assert sign_in(again, provider).status_code == 302
    user = SocialAccount.objects.get().user
    assert user.email == OLGA["email"]
    assert again.get("/").context["user"] == user


@pytest.mark.parametrize("verified", [True, None])
def test_a_known_address_does_not_open_its_account(
    client: Client, provider: Provider, alice: User, verified: bool | None
) -> None:
    provider.person["email"] = alice.email.upper()
    provider.person["email_verified"] = verified
    words = assert_refused(client, sign_in(client, provider))
    assert "Your address is in use already" in words
    assert User.objects.count() == 1


def test_an_address_the_provider_does_not_vouch_for_is_not_kept(
    client: Client, provider: Provider, alice: User
) -> None:
    stranger = {"email": alice.email, "preferred_username": alice.email, "email_verified": False}
    provider.person |= stranger
    sign_in(client, provider)
    user = SocialAccount.objects.get().user
    assert user != alice
    assert (user.email, user.username) == ("", "olga")


def test_a_taken_name_does_not_open_its_account(
    client: Client, provider: Provider, alice: User
) -> None:
    provider.person["preferred_username"] = "alice"
    sign_in(client, provider)
    user = SocialAccount.objects.get().user
    assert user != alice
    assert user.username != "alice"


@pytest.mark.parametrize(
    "odd",
    [
        {"email": None, "email_verified": None},
        {"email": ["a@b.example"], "name": 7, "preferred_username": {}, "given_name": None},
        {"preferred_username": "o\0lga", "given_name": "x" * 5000, "family_name": "\n"},
        {"email": "not an address", "preferred_username": ""},
    ],
)
def test_missing_and_odd_claims_still_make_an_account(
    client: Client, provider: Provider, odd: dict[str, Any]
) -> None:
    provider.person |= odd
    for _ in range(2):
        assert sign_in(client, provider)["Location"] == "/"
    assert SocialAccount.objects.get().user.username


def test_a_provider_without_user_info_is_enough(client: Client, provider: Provider) -> None:
    provider.configuration["userinfo_endpoint"] = None
    sign_in(client, provider)
    assert User.objects.get().email == OLGA["email"]


def test_an_issuer_with_a_slash_at_its_end_is_the_same(
    client: Client, provider: Provider, settings: Settings
) -> None:
    use(settings, provider.address + "/")
    assert sign_in(client, provider).status_code == 302


def test_people_come_back_to_where_they_wanted(client: Client, provider: Provider) -> None:
    assert sign_in(client, provider, next="/runs/")["Location"] == "/runs/"


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "/\\evil"])
def test_nobody_is_led_elsewhere(client: Client, provider: Provider, next_page: str) -> None:
    assert sign_in(client, provider, next=next_page)["Location"] == "/"


def test_the_query_cannot_change_what_is_asked_of_the_provider(
    client: Client, provider: Provider
) -> None:
    spoiled = {"auth_params": "redirect_uri=https://evil.example&nonce=n", "scope": "admin"}
    address = leave(client, process="connect", **spoiled)
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == ["http://testserver" + CALLBACK]
    assert asked["nonce"] != ["n"]
    assert "admin" not in asked["scope"][0]


def test_a_signed_in_person_is_not_connected_but_changed(
    client: Client, provider: Provider, alice: User
) -> None:
    client.force_login(alice)
    sign_in(client, provider, process="connect")
    assert SocialAccount.objects.get().user != alice
    assert client.get("/").context["user"] != alice
    assert client.get("/accounts/3rdparty/").status_code == 404


def test_a_switched_off_account_stays_out(client: Client, provider: Provider) -> None:
    sign_in(client, provider)
    User.objects.update(is_active=False)
    again = Client()
    assert again.get(sign_in(again, provider)["Location"]).status_code == 200
    assert again.get("/").status_code == 302


def test_signing_out_ends_the_session(client: Client, provider: Provider) -> None:
    sign_in(client, provider)
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert client.get("/").status_code == 302
