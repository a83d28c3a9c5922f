"""People."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class User(AbstractUser):
    """A person who signs in. Administrators are ``is_staff``; groups are Django's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        words = [w for w in (self.first_name, self.last_name) if w] or [self.username]
        return "".join(word[0] for word in words).upper()


class PortalRequest(HttpRequest):
    """A request behind sign-in: its user is one of ours."""

    if TYPE_CHECKING:
        user: User
        htmx: HtmxDetails
