"""``manage.py health``: what a container's health check asks; exit status 0 means healthy."""

from __future__ import annotations

import http.client
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.base import heartbeat
from apps.home.selfcheck import SILENT_AFTER


class Command(BaseCommand):
    help = "Say whether a web process beside this command answers, or who was last seen at work."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        asked = parser.add_mutually_exclusive_group(required=True)
        asked.add_argument("--port", type=int, help="ask the web process on this port")
        asked.add_argument("--seen", choices=[heartbeat.WORKER, heartbeat.SCHEDULER])

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if options["seen"]:
            _require_seen(options["seen"])
        else:
            _require_ready(options["port"])


def _require_seen(name: str) -> None:
    age = heartbeat.age(name)
    if age is None or age > SILENT_AFTER:
        raise CommandError(f"No {name} has been seen at work lately.")


def _require_ready(port: int) -> None:
    # Asked by the portal's own name: a request by any other is refused.
    headers = {"Host": urlsplit(settings.BASE_URL).netloc}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/health/ready", headers=headers)
        status = line.getresponse().status
    except (OSError, http.client.HTTPException):
        raise CommandError("The web process does not answer.") from None
    finally:
        line.close()
    if status != http.client.OK:
        raise CommandError(f"The web process is not ready: it answers {status}.")
