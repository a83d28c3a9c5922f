"""Settings read from the environment, each checked where it is read.

A value comes from ``PORTAL_NAME`` or, for secrets kept in files, from the file that
``PORTAL_NAME_FILE`` names. A missing or odd value stops the start with one sentence that
names the variable; the value itself is never part of that sentence.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from cryptography.fernet import Fernet

T = TypeVar("T")

PREFIX = "PORTAL_"
PLACEHOLDERS = frozenset({"change-me", "changeme", "secret", "insecure", "placeholder"})


class SettingError(SystemExit):
    """A setting is missing or odd. Ends the process with its sentence and exit status 1."""

    def __init__(self, name: str, complaint: str) -> None:
        super().__init__(f"{PREFIX}{name} {complaint}")


def raw(name: str) -> str | None:
    """Return the text of a setting, or None where neither it nor its file is set."""
    path = os.environ.get(f"{PREFIX}{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(
                f"{name}_FILE", f"names a file that cannot be read ({error.strerror})."
            ) from None
    value = os.environ.get(f"{PREFIX}{name}")
    return value.strip() if value and value.strip() else None


def read(name: str, parse: Callable[[str], T], default: T | None = None) -> T:
    """Return a parsed setting; without a default it is required.

    ``parse`` raises ValueError with the end of a sentence, such as "must be a whole number.".
    """
    text = raw(name)
    if text is None:
        if default is None:
            raise SettingError(name, "is not set. See docs/settings.md for what it means.")
        return default
    try:
        return parse(text)
    except ValueError as error:
        raise SettingError(name, str(error)) from None


def text(value: str) -> str:
    return value


def boolean(value: str) -> bool:
    lowered = value.lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise ValueError("must be true or false.")


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    """Return a parser for a whole number between two limits, both included."""

    def parse(value: str) -> int:
        complaint = f"must be a whole number between {minimum} and {maximum}."
        if not value.lstrip("-").isdecimal() or not minimum <= int(value) <= maximum:
            raise ValueError(complaint)
        return int(value)

    return parse


def words(value: str) -> list[str]:
    """Split a comma separated list, leaving out empty entries."""
    return [word for word in (part.strip() for part in value.split(",")) if word]


def signing_key(value: str) -> str:
    if len(value) < 50 or len(set(value)) < 5 or value.lower() in PLACEHOLDERS:  # noqa: PLR2004
        raise ValueError(
            "must be at least 50 random characters. Make one with: python -c "
            '"import secrets; print(secrets.token_urlsafe(50))"'
        )
    return value


def encryption_keys(value: str) -> list[str]:
    """Return the keys stored secrets are encrypted with, newest first."""
    keys = words(value)
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise ValueError(
                "must hold Fernet keys separated by commas, newest first. Make one with: python -c "
                '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            ) from None
    if not keys:
        raise ValueError("must hold at least one Fernet key.")
    return keys


def database(value: str) -> dict[str, Any]:
    """Turn a database address into Django's form: ``sqlite:///…`` or ``postgres://…``."""
    scheme = urlsplit(value).scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError(
            "must be an address such as sqlite:////var/lib/portal/portal.sqlite3 "
            "or postgres://user:password@host:5432/portal."
        )
    config: dict[str, Any] = environ.Env.db_url_config(value)
    if scheme == "sqlite":
        # WAL alone makes a transaction that has read fail when it writes; IMMEDIATE cures it.
        config["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
                "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-16000;"
            ),
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


def broker(value: str) -> str:
    if urlsplit(value).scheme not in {"redis", "rediss"}:
        raise ValueError("must be an address such as redis://:password@host:6379/0.")
    return value


def base_url(value: str) -> str:
    """Return the portal's own address without a slash at the end."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be the portal's own address, such as https://portal.example.com.")
    return value.rstrip("/")


def time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("must be a time zone such as Europe/Berlin or UTC.") from None
    return value


def log_level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR.")
    return value.upper()


def email(value: str) -> dict[str, Any]:
    """Turn a mail address such as ``smtp+tls://user:password@host:587`` into Django's settings."""
    if urlsplit(value).scheme not in {"smtp", "smtp+tls", "smtp+ssl", "consolemail"}:
        raise ValueError(
            "must be an address such as smtp+tls://user:password@mail.example.com:587."
        )
    config: dict[str, Any] = environ.Env.email_url_config(value)
    return config
