"""Celery: a doorbell and a clock. What a message says is "look now"; the rows say the rest."""

import os
from typing import Any

from celery import Celery
from celery.signals import after_task_publish, task_postrun, worker_ready
from django.db import DatabaseError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
# By name, so that importing this package reads no setting yet.
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
@task_postrun.connect
def worker_was_seen(**_: Any) -> None:
    """Note that a worker is at work."""
    from apps.base import heartbeat  # noqa: PLC0415 (needs Django's settings)

    _beat(heartbeat.WORKER)


@after_task_publish.connect(sender="runs.sweep")
def scheduler_was_seen(**_: Any) -> None:
    """Note that the scheduler is at work; nobody else sends this task."""
    from apps.base import heartbeat  # noqa: PLC0415 (needs Django's settings)

    _beat(heartbeat.SCHEDULER)


def _beat(name: str) -> None:
    from apps.base import heartbeat  # noqa: PLC0415 (needs Django's settings)

    try:
        heartbeat.beat(name)
    except DatabaseError:
        # An absent database is told by the task itself; a sign of life must not add to it.
        return
