"""The portal's commands with the tests' settings: ``python -m tests.manage makemigrations``."""

import os
import sys

from django.core.management import execute_from_command_line

import tests.environment  # noqa: F401 (puts the settings into the environment)

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    execute_from_command_line(sys.argv)
