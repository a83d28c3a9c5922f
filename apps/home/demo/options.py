"""The demo command's options; read before Django's settings and again by the command."""

from __future__ import annotations

import argparse
from pathlib import Path

DEFAULT_PORT = 8000
DEFAULT_FOLDER = Path(".demo")
# Of apps.emulator.options, which is not there to ask before the settings are.
GENERATIONS = ("2021.3", "2021.4", "2022.1", "2022.3", "2025.x")

SUMMARY = (
    "Set up and run the whole portal on this machine: database, broker, worker, scheduler, "
    "web server and a pretend Gallery with apps to try. Needs no other service. Ctrl-C stops it."
)


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        help=f"port of the web pages (default {DEFAULT_PORT}); 0 takes any free one",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="folder that keeps everything between starts (default .demo)",
    )
    parser.add_argument(
        "--generation",
        choices=GENERATIONS,
        default="2025.x",
        help="server generation the pretend Gallery speaks (default 2025.x)",
    )
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    parser.add_argument("--logs", action="store_true", help="show every line of every process")
    parser.add_argument(
        "--check",
        action="store_true",
        help="start everything in a temporary folder on free ports, walk through the main job "
        "over HTTP as a person would, stop, and exit 0 if all of it worked",
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:  # noqa: PLR2004 (the highest port there is)
        raise argparse.ArgumentTypeError("a port is a whole number between 0 and 65535.")
    return int(text)
