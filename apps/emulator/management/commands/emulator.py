"""``manage.py emulator``: runs the pretend Gallery as a process of its own."""

from __future__ import annotations

import signal
import threading
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.emulator import people
from apps.emulator.emulator import Emulator
from apps.emulator.options import Generation, Options, described
from apps.emulator.workflows import ALL


class Command(BaseCommand):
    help = "Run a pretend Gallery with sample workflows."
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """List the options of ``--option`` below the usual help."""
        parser = super().create_parser(
            prog_name, subcommand, epilog=f"Options of --option:\n\n{described()}", **kwargs
        )
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8090, help="0 takes a free one")
        parser.add_argument("--generation", choices=[g.value for g in Generation])
        parser.add_argument("--workers", type=int, help="how many jobs run at once")
        parser.add_argument("--speed", type=float, help="how many times faster jobs run")
        parser.add_argument("--data", type=Path, help="folder in which jobs and outputs are kept")
        parser.add_argument(
            "--option", action="append", default=[], metavar="name=value", help="see below"
        )
        parser.add_argument(
            "--print-keys", action="store_true", help="print the keys of the sample people"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        emulator = Emulator(
            _options(options),
            ALL,
            options["host"],
            options["port"],
            data=_folder(options["data"]),
        )
        try:
            emulator.start()
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {options['host']}:{options['port']}: {error.strerror}."
            ) from None
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        try:
            self._announce(emulator)
            if options["print_keys"]:
                self._print_keys()
            stop.wait()
        finally:
            emulator.stop()

    def _announce(self, emulator: Emulator) -> None:
        generation = emulator.options.generation
        addresses = [emulator.gallery_url]
        if generation.has_web_api:
            addresses.append(emulator.webapi_url)
        self.stdout.write(f"Pretend Gallery {generation}: {' and '.join(addresses)}")
        self.stdout.flush()

    def _print_keys(self) -> None:
        owners: list[tuple[str, people.KeyPair]] = [
            (f"{person.name}, {person.role}", person.pair) for person in people.PEOPLE
        ]
        owners += [(studio.name, studio.pair) for studio in people.STUDIOS]
        for owner, pair in owners:
            self.stdout.write(f"{pair.kind} ({owner}): {pair.key} {pair.secret}")
        self.stdout.flush()


def _options(given: dict[str, Any]) -> Options:
    settings = [
        f"{name}={given[name]}"
        for name in ("generation", "workers", "speed")
        if given[name] is not None
    ]
    try:
        return Options().with_settings([*settings, *given["option"]])
    except ValueError as error:
        raise CommandError(str(error)) from None


def _folder(path: Path | None) -> Path | None:
    if path is not None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"Cannot use the folder {path}: {error.strerror}.") from None
    return path
