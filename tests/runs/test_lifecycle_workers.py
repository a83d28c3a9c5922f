"""Many workers at once, on a database where they really run side by side."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database

from apps.catalog.models import App
from apps.emulator.emulator import Emulator
from apps.gallery.client import GalleryClient
from apps.gallery.models import Connection
from apps.gallery.types import Job
from apps.runs.lifecycle import advance_due
from apps.runs.models import Run
from tests.factories import make_app, make_run, make_user
from tests.runs.driving import advance, submissions

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        database.vendor == "sqlite",
        reason="SQLite's database of the tests has one writer and no threads; PostgreSQL proves it",
    ),
]
WORKERS, RUNS = 6, 24


@pytest.fixture
def apps(gallery: Emulator, connection: Connection) -> list[App]:
    names = ("quick", "failing", "silent", "slow")
    return [make_app(connection, workflow_id=gallery.workflow_id(name)) for name in names]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(WORKERS) as found:
        yield found


def sweep() -> int:
    try:
        return sum(advance_due(limit=5) for _ in range(8))
    finally:
        database.close()


def test_of_many_workers_each_run_is_sent_once(
    gallery: Emulator, apps: list[App], pool: ThreadPoolExecutor
) -> None:
    user = make_user()
    for number in range(RUNS):
        make_run(apps[number % len(apps)], user)
    for sweeping in [pool.submit(sweep) for _ in range(WORKERS)]:
        sweeping.result(timeout=60)
    # Those that met another one's submission of their workflow wait for their turn.
    for run in Run.objects.filter(state="NEW"):
        advance(run)
    taken = list(Run.objects.values_list("state", "job_id"))
    assert {state for state, _ in taken} <= {"QUEUED", "RUNNING"}
    assert sorted(str(job_id) for _, job_id in taken) == sorted(job.id for job in gallery.jobs)
    assert len(submissions(gallery)) == len(gallery.jobs) == RUNS


def test_a_bug_in_one_run_does_not_stop_the_others_of_its_batch(
    gallery: Emulator,
    apps: list[App],
    pool: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, *good = [make_run(app) for app in apps]
    real = GalleryClient.jobs

    def buggy(client: GalleryClient, workflow_id: str) -> list[Job]:
        if workflow_id == bad.workflow_id:
            raise ZeroDivisionError
        return real(client, workflow_id)

    with monkeypatch.context() as patch:
        patch.setattr(GalleryClient, "jobs", buggy)
        assert advance_due(pool=pool) == len(apps)
    assert Run.objects.filter(pk__in=[run.pk for run in good], state="QUEUED").count() == 3
    left = Run.objects.get(pk=bad.pk)
    assert (left.state, left.crashes) == ("NEW", 1)
    assert left.lease_until is not None
