"""``manage.py doctor [NAME]``: examine connections and print the ladder in words."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.gallery import doctor
from apps.gallery.models import Connection
from apps.gallery.services import check_connection


class Command(BaseCommand):
    help = "Examine one connection, or all, and say what works and what to do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="the connection's name; all if left out")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        found = Connection.objects.all()
        if options["name"]:
            found = found.filter(name=options["name"])
            if not found:
                names = ", ".join(Connection.objects.values_list("name", flat=True)) or "none"
                raise CommandError(f"There is no connection of this name. There are: {names}.")
        is_healthy = True
        for connection in found:
            self.stdout.write(f"{connection.name}: {connection.url}")
            report = check_connection(connection)
            self.stdout.write(doctor.as_text(report))
            is_healthy &= report.is_healthy
        if not found:
            self.stdout.write("There is no connection yet.")
        if not is_healthy:
            sys.exit(1)
