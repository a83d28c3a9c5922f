"""Signs of life: who was last seen at work, kept in the cache that all processes share.

The scheduler beats when it sends a tick, the worker when it has done one. A worker that is
alive but deaf to its broker therefore counts as silent, which is what people notice of it.
"""

from __future__ import annotations

import time
from datetime import timedelta

from django.core.cache import cache

WORKER = "worker"
SCHEDULER = "scheduler"

WRITE_EVERY = 5.0  # seconds; ticks come every second, the database need not see each of them
KEPT_FOR = 7 * 24 * 60 * 60  # seconds; long enough to say "last seen on Friday"

_last_write: dict[str, float] = {}


def beat(name: str) -> None:
    """Say that ``name`` is at work; writes at most once per ``WRITE_EVERY`` and process."""
    now = time.monotonic()
    if now - _last_write.get(name, -WRITE_EVERY) < WRITE_EVERY:
        return
    # Noted before the write: while the database is away the next tick must not wait for it too.
    _last_write[name] = now
    cache.set(_key(name), time.time(), KEPT_FOR)


def age(name: str) -> timedelta | None:
    """Return how long ago ``name`` was last seen, or None if never within ``KEPT_FOR``."""
    seen = cache.get(_key(name))
    return None if seen is None else timedelta(seconds=max(0.0, time.time() - seen))


def _key(name: str) -> str:
    return f"heartbeat:{name}"
