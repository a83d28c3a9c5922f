#!/usr/bin/env python3
"""Entry point of the portal's commands; ``demo`` needs nothing set up before."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (this line is for people who start it without uv)
    raise SystemExit(
        f"Gallery Portal needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
        "Install a newer Python, or let uv bring one: pip install uv && uv run manage.py demo"
    )


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 (may be absent)
    except ImportError:
        raise SystemExit(
            "Gallery Portal's libraries are not installed here. Start it through uv:\n"
            "  pip install uv\n  uv run manage.py demo"
        ) from None
    if sys.argv[1:2] == ["demo"]:
        from apps.home.demo.environment import prepare  # noqa: PLC0415 (for this command alone)

        prepare(sys.argv[2:])
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
