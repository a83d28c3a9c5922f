"""Celery entry points: an id in, one call, nothing out."""

from celery import shared_task


@shared_task(name="runs.sweep")
def sweep() -> None:
    """Take every due run one step further."""


@shared_task(name="runs.advance")
def advance_run(run_id: str) -> None:
    """Take one run one step further."""
