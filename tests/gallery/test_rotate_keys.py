"""Changing the key that secrets are encrypted with."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pytest_django.fixtures import Settings

from apps.gallery.models import Connection
from tests.factories import make_connection

pytestmark = pytest.mark.django_db


def test_after_rotating_the_old_key_is_not_needed(settings: Settings) -> None:
    connection = make_connection(secret="s3cret", token="t0ken")
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, old]
    call_command("rotate_keys", verbosity=0)
    settings.ENCRYPTION_KEYS = [new]
    read = Connection.objects.get(pk=connection.pk)
    assert (read.secret_in_clear, read.token_in_clear) == ("s3cret", "t0ken")


def test_without_rotating_the_missing_key_is_named(settings: Settings) -> None:
    connection = make_connection()
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ImproperlyConfigured, match="PORTAL_ENCRYPTION_KEYS"):
        Connection.objects.get(pk=connection.pk)
