"""A wrong setting stops every process before it does anything, with one sentence that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import VALUES

ROOT = Path(__file__).resolve().parents[2]
START = {
    "commands": ["manage.py", "check"],
    "worker": ["-m", "celery", "--app", "portal", "worker"],
    "beat": ["-m", "celery", "--app", "portal", "beat"],
    "web": ["-c", "import portal.wsgi"],
}
WRONG = {
    "PORTAL_SECRET_KEY": "short",
    "PORTAL_ENCRYPTION_KEYS": "",
    "PORTAL_BROKER_URL": "amqp://user:swordfish@broker/",
    "PORTAL_ALLOWED_HOSTS": "https://portal.example.com/",
    "PORTAL_GALLERY_HOSTS": "300.1.1.1/99",
    "PORTAL_OIDC_ISSUER": "login",
}


def start(process: str, **changed: str) -> subprocess.CompletedProcess[str]:
    # Not this process's own: tests of the demo change it.
    hidden = ("PORTAL_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    environment = kept | VALUES | changed
    return subprocess.run(
        [sys.executable, *START[process]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("process", "name"),
    [*((process, "PORTAL_SECRET_KEY") for process in START), *(("web", name) for name in WRONG)],
)
def test_a_wrong_setting_stops_the_start_and_is_named(process: str, name: str) -> None:
    ended = start(process, **{name: WRONG[name]})
    said = (ended.stdout + ended.stderr).strip()
    assert ended.returncode == 1
    assert said.startswith(name)
    assert "\n" not in said
    assert "swordfish" not in said
