"""Writing the record."""

from __future__ import annotations

from typing import Any

from django.db import models

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.base.logs import request_id_var


def record(
    verb: str, thing: models.Model | None = None, *, actor: User | None = None, **facts: Any
) -> AuditEvent:
    """Add one deed, in the caller's transaction.

    Args:
        verb: ``noun.past_participle``, such as ``app.exposed``.
        thing: what it was done to; None for deeds without an object, such as a sign-in.
        actor: None where the portal itself acted.
        facts: JSON values that tell the deed apart; never answers or secrets.
    """
    return AuditEvent.objects.create(
        verb=verb,
        actor=actor,
        actor_name=str(actor) if actor else "portal",
        object_type=thing._meta.model_name or "" if thing else "",
        object_id=str(thing.pk) if thing else "",
        object_name=str(thing)[:200] if thing else "",
        facts=facts,
        request_id=request_id_var.get(),
    )
