"""What people do with connections, and what the engine notes about them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.gallery import doctor, guard
from apps.gallery.breaker import note_failure, note_success
from apps.gallery.models import Connection
from apps.gallery.types import Dialect, Report
from apps.gallery.wire import sessions

__all__ = [
    "change_connection",
    "check_connection",
    "create_connection",
    "delete_connection",
    "note_failure",
    "note_success",
    "secret_history",
]

SECRET_VERBS = ("connection.created", "connection.secret_changed")


@transaction.atomic
def create_connection(
    *, name: str, url: str, key: str, secret: str, actor: User | None
) -> Connection:
    """Store a Gallery's address and key. Nothing is asked of the Gallery yet.

    Args:
        key, secret: blanks at their ends, which pasting adds, are dropped.

    Raises:
        AddressRefused: the portal may not connect to this address.
    """
    connection = Connection.objects.create(
        name=name.strip(),
        url=guard.canonical_url(url),
        client_key=key.strip(),
        secret=secret.strip(),
    )
    connection.refresh_from_db()
    record("connection.created", connection, actor=actor, url=connection.url)
    return connection


@transaction.atomic
def change_connection(
    connection: Connection,
    *,
    name: str,
    url: str,
    key: str,
    actor: User | None,
    secret: str = "",
) -> Connection:
    """Change a connection; without ``secret`` the stored one stays.

    Another scheme, host or port empties the secret unless a new one is given: it was entrusted
    to the old address, and whoever may change an address need not know it.
    """
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    wanted = {
        "name": name.strip(),
        "url": guard.canonical_url(url),
        "client_key": key.strip(),
    }
    changed = [column for column, value in wanted.items() if getattr(row, column) != value]
    has_moved, secret = _origin(row.url) != _origin(wanted["url"]), secret.strip()
    is_emptied = has_moved and not secret and bool(row.secret)
    for column in changed:
        setattr(row, column, wanted[column])
    if secret or has_moved:
        row.secret, row.secret_set_at = secret, timezone.now()
    if secret or {"url", "client_key"} & set(changed):
        _forget_findings(row)
    row.save()
    connection.refresh_from_db()
    if changed:
        record("connection.changed", connection, actor=actor, changed=changed)
    if secret:
        record("connection.secret_changed", connection, actor=actor)
    if is_emptied:
        record("connection.secret_emptied", connection, actor=actor, because="address changed")
    return connection


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _forget_findings(connection: Connection) -> None:
    connection.token, connection.token_expires_at = "", None
    connection.api_url, connection.dialect, connection.has_v3 = "", Dialect.UNKNOWN, False
    connection.report, connection.checked_at, connection.is_healthy = {}, None, None
    connection.failures, connection.failing_since, connection.paused_until = 0, None, None
    connection.last_error = ""


@transaction.atomic
def delete_connection(connection: Connection, *, actor: User | None) -> None:
    """Delete a connection that nothing uses.

    Raises:
        ProtectedError: an app or a run belongs to it.
    """
    record("connection.deleted", connection, actor=actor, url=connection.url)
    connection.delete()


def check_connection(connection: Connection, *, actor: User | None = None) -> Report:
    """Run the doctor and keep what it found: report, address of the API, dialect, v3.

    A dialect once found stays while the Gallery does not answer.
    """
    found = doctor.examine(connection)
    columns: dict[str, Any] = {
        "report": doctor.to_json(found.report),
        "checked_at": Now(),
        "is_healthy": found.report.is_healthy,
    }
    if found.dialect:
        columns |= {
            "dialect": found.dialect,
            "api_url": found.api_url,
            "has_v3": found.has_v3,
        }
        if found.api_url != connection.api_url:
            columns |= {"token": "", "token_expires_at": None}
    if found.report.is_healthy:
        columns |= {"failures": 0, "failing_since": None, "paused_until": None, "last_error": ""}
    with transaction.atomic():
        # Not where the connection was changed meanwhile: the report is about what it was.
        if connection.row_with_this_secret().update(**columns):
            facts = {"healthy": found.report.is_healthy, "dialect": str(found.dialect)}
            record("connection.checked", connection, actor=actor, **facts)
    sessions.drop(connection)
    connection.refresh_from_db()
    return found.report


def secret_history(connection: Connection) -> AuditEvent | None:
    """Return the deed by which the present secret was set."""
    deeds = AuditEvent.objects.filter(
        object_type="connection", object_id=str(connection.pk), verb__in=SECRET_VERBS
    )
    return deeds.first()
