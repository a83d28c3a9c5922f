"""The portal's view of its own health, in words: what it leans on and whether it is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from apps.base import heartbeat
from apps.gallery.models import Connection
from apps.gallery.types import Verdict

SILENT_AFTER = timedelta(seconds=30)
LOW_DISK_MB, FULL_DISK_MB = 2_000, 200

_tables_are_current: list[bool] = []


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, in the shape the ladder component draws."""

    title: str
    verdict: Verdict
    saw: str
    todo: str = ""
    tried: str = ""
    took: timedelta | None = None


def look() -> list[Finding]:
    """Look at everything the portal leans on; each look ends by itself within a second or two."""
    database = _database()
    if database.verdict is Verdict.FAIL:
        return [database]
    return [database, _broker(), _worker(), _scheduler(), _disk(), *_galleries()]


def is_ready() -> bool:
    """Return whether this process can serve pages: its database answers and is up to date."""
    return _database().verdict is Verdict.OK


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = _missing_migrations()
    except DatabaseError:
        return Finding(
            "Database",
            Verdict.FAIL,
            "The database does not answer.",
            "Check that it is running and that PORTAL_DATABASE_URL names it.",
        )
    if missing:
        return Finding(
            "Database",
            Verdict.FAIL,
            f"{missing} changes to its tables are still to be made.",
            "Run: manage.py migrate",
        )
    return Finding(
        "Database", Verdict.OK, f"{connection.display_name} answers and its tables are up to date."
    )


def _missing_migrations() -> int:
    """Count migrations still to be run; once there are none this process does not look again."""
    if not _tables_are_current:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            return missing
        _tables_are_current.append(True)
    return 0


def _broker() -> Finding:
    client = redis.Redis.from_url(
        settings.BROKER_URL, socket_connect_timeout=1, socket_timeout=1, retry=None
    )
    try:
        client.ping()
    except redis.AuthenticationError:
        return Finding(
            "Broker",
            Verdict.FAIL,
            "The broker answers but does not take the password.",
            "Check the password in PORTAL_BROKER_URL.",
        )
    except redis.RedisError:
        return Finding(
            "Broker",
            Verdict.FAIL,
            "The broker does not answer. Runs are accepted and kept, and go on once it is back.",
            "Check that it is running and that PORTAL_BROKER_URL names it.",
        )
    finally:
        client.close()
    return Finding("Broker", Verdict.OK, "It answers.")


def _worker() -> Finding:
    return _sign_of_life(
        "Worker",
        heartbeat.WORKER,
        "Runs are accepted and kept, but nothing is sent to a Gallery and nothing comes back.",
        "Start it: celery --app portal worker",
    )


def _scheduler() -> Finding:
    return _sign_of_life(
        "Scheduler",
        heartbeat.SCHEDULER,
        "New runs may still start, but no run is followed to its end.",
        "Start it, once only: celery --app portal beat",
    )


def _sign_of_life(title: str, name: str, means: str, todo: str) -> Finding:
    age = heartbeat.age(name)
    if age is None:
        return Finding(title, Verdict.FAIL, f"It has never been seen at work. {means}", todo)
    if age > SILENT_AFTER:
        seen = timezone.localtime(timezone.now() - age)
        return Finding(title, Verdict.FAIL, f"Last seen {seen:%d %b, %H:%M}. {means}", todo)
    return Finding(title, Verdict.OK, "It is at work.")


def _disk() -> Finding:
    folder = Path(settings.FILES_DIR)
    # Made with the first output; until then the disk is the one of the folder above.
    place = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(place).free // 1_000_000
    size = f"{free / 1000:,.1f} GB" if free >= 1000 else f"{free} MB"  # noqa: PLR2004 (MB in a GB)
    if free >= LOW_DISK_MB:
        return Finding("Disk for results", Verdict.OK, f"{size} are free.")
    verdict = Verdict.WARN if free >= FULL_DISK_MB else Verdict.FAIL
    return Finding(
        "Disk for results",
        verdict,
        f"Only {size} are free.",
        "Make room, or name a larger place with PORTAL_FILES_DIR. Results that do not fit are "
        "fetched again once there is room.",
    )


def _galleries() -> list[Finding]:
    connections = list(Connection.objects.all())
    if not connections:
        return [
            Finding(
                "Galleries",
                Verdict.SKIPPED,
                "No Gallery is connected yet.",
                "Add one under Connections.",
            )
        ]
    return [_gallery(row) for row in connections]


def _gallery(row: Connection) -> Finding:
    title = f"Gallery “{row.name}”"
    verdicts: list[tuple[Callable[[Connection], bool], Verdict, str, str]] = [
        (
            _is_paused,
            Verdict.FAIL,
            "It has stopped answering. Its runs wait and go on by themselves.",
            "Open the connection and check it.",
        ),
        (
            lambda row: row.is_healthy is False,
            Verdict.FAIL,
            "The last check found a fault.",
            "Open the connection: each step says what to do.",
        ),
        (
            lambda row: row.is_healthy is None,
            Verdict.WARN,
            "It has not been checked yet.",
            "Open the connection and check it.",
        ),
        (
            lambda row: row.failures > 0,
            Verdict.WARN,
            "The last call to it failed; the portal goes on trying.",
            "",
        ),
    ]
    for applies, verdict, saw, todo in verdicts:
        if applies(row):
            return Finding(title, verdict, saw, todo)
    return Finding(title, Verdict.OK, "It answers and takes the key.")


def _is_paused(row: Connection) -> bool:
    return row.paused_until is not None and row.paused_until > timezone.now()
