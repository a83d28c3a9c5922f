"""A provider people can sign in by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.accounts.oidc_provider import Provider, running_provider
from tests.accounts.oidc_steps import OLGA, use


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with running_provider() as running:
        running.person = dict(OLGA)
        use(settings, running.address)
        yield running
