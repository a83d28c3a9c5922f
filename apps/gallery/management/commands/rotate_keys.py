"""``manage.py rotate_keys``: encrypt every stored secret anew with the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from apps.gallery.models import Connection


class Command(BaseCommand):
    help = (
        "Encrypts stored Gallery secrets anew with the first key of PORTAL_ENCRYPTION_KEYS. "
        "Put a new key first, restart, run this, then take the old key away."
    )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        with transaction.atomic():
            # Read and written under a lock, so that a token renewed meanwhile is not undone.
            connections = list(Connection.objects.select_for_update())
            for connection in connections:
                connection.save(update_fields=["secret", "token"])
        self.stdout.write(f"{len(connections)} connections are encrypted with the newest key.")
