"""What is offered with and without a mail server."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from apps.accounts.models import User

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"


def test_with_mail_a_forgotten_password_is_made_anew(alice: User) -> None:
    assert RESET in Client().get("/accounts/login/").content.decode()
    assert Client().post(RESET, {"email": alice.email}).status_code == 302
    assert mail.outbox[0].to == [alice.email]


def test_without_mail_no_link_goes_to_a_log(settings: Settings, alice: User) -> None:
    settings.HAS_MAIL = False
    page = Client().get("/accounts/login/").content.decode()
    assert RESET not in page
    assert "Ask your administrator" in page
    assert Client().get(RESET).status_code == 404
    assert Client().post(RESET, {"email": alice.email}).status_code == 404
    assert not mail.outbox
