"""Apps people marked with a star. Not audited: it is nobody else's concern."""

from __future__ import annotations

from apps.accounts.models import User
from apps.catalog.models import App, Favourite


def toggle_favourite(app: App, user: User) -> bool:
    """Star an app, or take its star away; return whether it has one now."""
    favourite, created = Favourite.objects.get_or_create(app=app, user=user)
    if not created:
        favourite.delete()
    return created
