"""The processes of the demo: which they are, how they start and when each is ready."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import DatabaseError, connection

from apps.base import heartbeat
from apps.home.demo import broker
from apps.home.demo.environment import Demo
from apps.home.demo.ports import HOST
from apps.home.demo.supervisor import Service

OUTER, INNER = 2, 1  # waves of stopping: those who use the broker and the Gallery stop first


def foundation(demo: Demo) -> list[Service]:
    """Return what the portal's own processes lean on."""
    services = [_gallery(demo)]
    if demo.has_own_broker:
        services.insert(0, _broker(demo))
    return services


def portal(demo: Demo) -> list[Service]:
    """Return the portal's own processes, as in production."""
    return [_web(demo), _worker(), _scheduler(demo)]


def _broker(demo: Demo) -> Service:
    server, password = broker.find_server(), demo.keys["broker_password"]
    return Service(
        "broker",
        f"{server.name} on port {demo.broker_port}",
        broker.command(server, demo.folder / "broker", demo.broker_port, password),
        lambda _: broker.answers(demo.broker_port, password),
        INNER,
    )


def _gallery(demo: Demo) -> Service:
    options = ["--host", HOST, "--port", str(demo.gallery_port)]
    options += ["--generation", demo.options.generation, "--data", str(demo.folder / "gallery")]
    return Service(
        "gallery",
        f"the pretend Gallery, generation {demo.options.generation}, on port {demo.gallery_port}",
        _manage("emulator", *options),
        lambda _: _answers(demo.gallery_port, "/gallery/"),
        INNER,
    )


def _web(demo: Demo) -> Service:
    # Connections kept alive count against backpressure; at its default the rest would starve.
    options = ["--interface", "wsgi", "--host", HOST, "--port", str(demo.port), "--http", "1"]
    options += ["--blocking-threads", "4", "--backlog", "8192", "--backpressure", "4096"]
    options += ["--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "2"]
    return Service(
        "web",
        f"web pages on port {demo.port}",
        _module("granian", *options, "portal.wsgi:application"),
        lambda _: _answers(demo.port, "/health/live"),
        OUTER,
    )


def _worker() -> Service:
    options = ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    return Service(
        "worker",
        "Celery worker",
        _module("celery", "--app", "portal", "worker", *options),
        _was_seen(heartbeat.WORKER),
        OUTER,
    )


def _scheduler(demo: Demo) -> Service:
    # The schedule file's name without an ending: the library adds those of its format.
    options = ["--schedule", str(demo.folder / "beat-schedule"), "--pidfile", ""]
    return Service(
        "scheduler",
        "Celery beat",
        _module("celery", "--app", "portal", "beat", *options),
        _was_seen(heartbeat.SCHEDULER),
        OUTER,
    )


def _manage(*arguments: str) -> Sequence[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def _module(*arguments: str) -> Sequence[str]:
    return [sys.executable, "-m", *arguments]


def _answers(port: int, path: str) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        line.request("GET", path)
        return line.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _was_seen(name: str) -> Callable[[float], bool]:
    """Return a probe for a sign of life younger than the process itself."""

    def probe(running_for: float) -> bool:
        try:
            age = heartbeat.age(name)
        except DatabaseError:
            return False
        finally:
            connection.close()
        return age is not None and age.total_seconds() < running_for

    return probe
