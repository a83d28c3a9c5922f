"""The token that makes one submission of a form one run."""

from __future__ import annotations

import uuid

from django.core import signing

from apps.accounts.models import User
from apps.catalog.models import App

FIELD = "form_token"


def _salt(app: App, user: User) -> str:
    return f"run-form:{app.pk}:{user.pk}"


def new_token(app: App, user: User) -> str:
    """Return a token for one drawing of an app's form for one person."""
    return signing.dumps(str(uuid.uuid4()), salt=_salt(app, user))


def read_token(text: str, app: App, user: User) -> uuid.UUID | None:
    """Return the token's id, or None for one that was not made for this app and person."""
    try:
        return uuid.UUID(signing.loads(text, salt=_salt(app, user)))
    except (signing.BadSignature, ValueError):
        return None
