"""Connections: where a Gallery is and the key the portal speaks to it with."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from apps.base.crypto import EncryptedField, Secret
from apps.gallery.types import Dialect

if TYPE_CHECKING:
    from apps.gallery.client import GalleryClient


class Connection(models.Model):
    """One Gallery address, dialect and key pair.

    ``url`` is what an administrator entered, in canonical form. ``api_url`` is where the API was
    found (``…/gallery/api`` or ``…/webapi``), without a slash at the end; empty until detected.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    url = models.URLField(max_length=500)
    api_url = models.URLField(max_length=500, blank=True)
    dialect = models.CharField(max_length=8, choices=Dialect, default=Dialect.UNKNOWN, blank=True)
    has_v3 = models.BooleanField(default=False)  # the v3 workflow and job endpoints answer this key
    client_key = models.CharField(max_length=200)
    secret = EncryptedField()
    secret_set_at = models.DateTimeField(db_default=Now())
    token = EncryptedField(blank=True, default="")
    token_expires_at = models.DateTimeField(null=True, blank=True)
    # What the doctor last saw: {"probes": [...]} as in types.Report.
    report = models.JSONField(default=dict, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    is_healthy = models.BooleanField(null=True)
    # The breaker: while paused_until lies ahead nothing is asked of this Gallery.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("connections:detail", args=[self.pk])

    @property
    def is_paused(self) -> bool:
        """Whether the breaker is open, as of when the row was read."""
        return self.paused_until is not None and self.paused_until > timezone.now()

    @property
    def secret_in_clear(self) -> str:
        return _in_clear(self.secret)

    @property
    def token_in_clear(self) -> str:
        return _in_clear(self.token)

    def row_with_this_secret(self) -> models.QuerySet[Connection]:
        """Return this row, or nothing where its secret was changed since it was read."""
        rows = Connection.objects.filter(pk=self.pk, url=self.url)
        if self._state.adding:
            return rows.none()
        # Not equality: SQLite keeps the database's own clock with fewer decimals than ours.
        return rows.filter(secret_set_at__lt=self.secret_set_at + timedelta(milliseconds=1))

    def client(self) -> GalleryClient:
        """Return the client that speaks this connection's dialect."""
        from apps.gallery.client import GalleryClient  # noqa: PLC0415 (client knows models)

        return GalleryClient(self)


def _in_clear(value: Secret | str) -> str:
    # A row made in this process still holds the text it was made with.
    return value.reveal() if isinstance(value, Secret) else value
