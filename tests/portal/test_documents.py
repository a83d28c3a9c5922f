"""What the documents and deployment files say of settings is what the code reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Read by docker compose itself, before there is a portal.
COMPOSE_ONLY = {"PORTAL_LISTEN", "PORTAL_VERSION"}


def names_in(path: str) -> set[str]:
    text = (ROOT / path).read_text(encoding="utf-8")
    return {name.removesuffix("_FILE") for name in re.findall(r"PORTAL_[A-Z]+(?:_[A-Z]+)*", text)}


def settings_read() -> set[str]:
    text = (ROOT / "portal/settings.py").read_text(encoding="utf-8")
    return {f"PORTAL_{name}" for name in re.findall(r'env\.read\(\s*"([A-Z_]+)"', text)}


def test_every_setting_is_explained_and_nothing_else() -> None:
    assert names_in("docs/settings.md") == settings_read()


@pytest.mark.parametrize("path", ["docker-compose.yml", ".env.example", "Dockerfile"])
def test_deployment_files_set_only_what_the_portal_reads(path: str) -> None:
    assert names_in(path) <= settings_read() | COMPOSE_ONLY


def test_compose_can_set_everything_an_operator_may_want() -> None:
    not_for_operators = {"PORTAL_DEBUG", "PORTAL_FILES_DIR"}
    assert settings_read() - not_for_operators <= names_in("docker-compose.yml")


def test_no_secret_stands_in_the_deployment_files() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "DATABASE_URL", "BROKER_URL"):
        assert f"PORTAL_{name}:" not in compose
        assert f"PORTAL_{name}_FILE: /run/secrets/" in compose
