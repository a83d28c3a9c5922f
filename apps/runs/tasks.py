"""Celery entry points: an id in, one call, nothing out."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from celery import shared_task
from django.conf import settings

from apps.runs import lifecycle


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    """Threads that live as long as the worker, and with them their connections to Galleries."""
    return ThreadPoolExecutor(settings.WORKER_THREADS, thread_name_prefix="sweep")


@shared_task(name="runs.sweep")
def sweep() -> None:
    """Take every due run as far as it goes. Beat calls this each second."""
    lifecycle.advance_due(pool=_pool())


@shared_task(name="runs.advance")
def advance_run(run_id: str) -> None:
    """Take one run as far as it goes; a hint that saves the wait for the next sweep."""
    lifecycle.advance_one(uuid.UUID(run_id))
