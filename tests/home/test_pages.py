"""Health endpoints and the self-check page."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.base import heartbeat
from apps.gallery.types import Verdict
from apps.home import selfcheck
from tests.factories import make_connection

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 (shutil's own shape)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    heartbeat._last_write.clear()
    selfcheck._tables_are_current.clear()
    cache.clear()
    yield
    selfcheck._tables_are_current.clear()


def finding(title: str) -> selfcheck.Finding:
    return next(found for found in selfcheck.look() if title in found.title)


def drop_a_migration() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'runs'")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_needs_no_sign_in_and_tells_nothing_else(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.json() == {"status": "ok"}
    assert response.headers["Cache-Control"] == "no-store, private"


def test_a_portal_with_old_tables_is_alive_but_not_ready(client: Client) -> None:
    drop_a_migration()
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


def test_the_self_check_is_for_administrators(client: Client, bob: User, admin: User) -> None:
    assert client.get("/manage/status/").status_code == 302
    client.force_login(bob)
    assert client.get("/manage/status/").status_code == 404
    client.force_login(admin)
    page = client.get("/manage/status/")
    assert page.status_code == 200
    assert "Self-check" in page.content.decode()


def test_the_page_refreshes_its_findings_alone(client: Client, admin: User) -> None:
    client.force_login(admin)
    part = client.get("/manage/status/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "never been seen at work" in part


def test_an_absent_broker_is_named_without_its_address(settings: Settings) -> None:
    settings.BROKER_URL = "redis://:password@127.0.0.1:1/0"
    found = finding("Broker")
    assert found.verdict is Verdict.FAIL
    assert "127.0.0.1" not in found.saw + found.todo
    assert "PORTAL_BROKER_URL" in found.todo


def test_a_worker_seen_just_now_is_at_work() -> None:
    heartbeat.beat(heartbeat.WORKER)
    assert finding("Worker").verdict is Verdict.OK
    assert finding("Scheduler").verdict is Verdict.FAIL


def test_a_silent_worker_is_named_with_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat.beat(heartbeat.WORKER)
    monkeypatch.setattr(heartbeat, "age", lambda _: timedelta(minutes=3))
    found = finding("Worker")
    assert found.verdict is Verdict.FAIL
    assert "nothing is sent to a Gallery" in found.saw


def test_signs_of_life_are_written_at_most_every_five_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = []
    monkeypatch.setattr(cache, "set", lambda key, *_: written.append(key))
    for _ in range(10):
        heartbeat.beat(heartbeat.WORKER)
    assert written == ["heartbeat:worker"]


def test_someone_never_seen_has_no_age() -> None:
    assert heartbeat.age("nobody") is None


@pytest.mark.parametrize(
    ("free_mb", "verdict"), [(50_000, Verdict.OK), (900, Verdict.WARN), (90, Verdict.FAIL)]
)
def test_a_disk_running_full_is_seen_early(
    monkeypatch: pytest.MonkeyPatch, free_mb: int, verdict: Verdict
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, free_mb * 1_000_000))
    assert finding("Disk").verdict is verdict


def test_a_folder_that_is_not_made_yet_is_measured_where_it_will_be(
    settings: Settings, tmp_path: Path
) -> None:
    settings.FILES_DIR = tmp_path / "a" / "b"
    assert finding("Disk").verdict is Verdict.OK


def test_each_gallery_is_told_apart() -> None:
    make_connection(name="Fine", is_healthy=True)
    make_connection(name="New")
    make_connection(name="Shaky", is_healthy=True, failures=2)
    make_connection(name="Broken", is_healthy=False)
    later = timezone.now() + timedelta(minutes=1)
    make_connection(name="Away", is_healthy=True, failures=5, paused_until=later)
    verdicts = {
        name: finding(f"“{name}”").verdict for name in ("Fine", "New", "Shaky", "Broken", "Away")
    }
    assert verdicts == {
        "Fine": Verdict.OK,
        "New": Verdict.WARN,
        "Shaky": Verdict.WARN,
        "Broken": Verdict.FAIL,
        "Away": Verdict.FAIL,
    }


def test_without_a_connection_the_page_says_what_to_do() -> None:
    assert "Add one" in finding("Galleries").todo


def test_the_container_check_fails_for_a_silent_worker() -> None:
    with pytest.raises(CommandError, match="No worker has been seen"):
        call_command("health", "--seen", "worker")
    heartbeat.beat(heartbeat.WORKER)
    call_command("health", "--seen", "worker")


def test_the_container_check_fails_where_no_web_process_answers() -> None:
    with pytest.raises(CommandError, match="does not answer"):
        call_command("health", "--port", "1")


@pytest.mark.parametrize("path", ["/no/such/page", "/runs/not-a-uuid/"])
def test_unknown_addresses_get_the_portals_own_page(client: Client, bob: User, path: str) -> None:
    client.force_login(bob)
    page = client.get(path)
    assert page.status_code == 404
    assert "Traceback" not in page.content.decode()
