"""Puts ``tests/test.env`` into the environment before Django's settings are read.

Imported by tests.settings_for_tools, which pytest and the type checker use. What is set
already stays, so that the same tests run on PostgreSQL and Redis.
"""

import os
from pathlib import Path

VALUES = {}
for line in Path(__file__).with_name("test.env").read_text(encoding="utf-8").splitlines():
    name, sign, value = line.partition("=")
    if sign and not line.startswith("#"):
        VALUES[name.strip()] = value.strip()
        os.environ.setdefault(name.strip(), value.strip())
