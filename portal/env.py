"""Settings read from the environment, each checked where it is read.

A value comes from ``PORTAL_NAME`` or, for secrets kept in files, from the file that
``PORTAL_NAME_FILE`` names. A missing or odd value stops the start with one sentence that
names the variable; the value itself is never part of that sentence.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from cryptography.fernet import Fernet

T = TypeVar("T")

PREFIX = "PORTAL_"
PLACEHOLDERS = ("change-me", "changeme", "insecure", "placeholder")
SIGNING_KEY_LENGTH, SIGNING_KEY_VARIETY = 50, 5  # what `check --deploy` asks for, too


class SettingError(SystemExit):
    """A setting is missing or odd. Ends the process with its sentence and exit status 1."""

    def __init__(self, name: str, complaint: str) -> None:
        super().__init__(f"{PREFIX}{name} {complaint}")


def raw(name: str) -> str | None:
    """Return the text of a setting, or None where neither it nor its file is set."""
    path = os.environ.get(f"{PREFIX}{name}_FILE", "").strip()
    if path:
        return _from_file(f"{name}_FILE", Path(path))
    return os.environ.get(f"{PREFIX}{name}", "").strip() or None


def _from_file(name: str, path: Path) -> str:
    try:
        content = path.read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise SettingError(name, f"names a file that cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise SettingError(name, "names a file that is not plain text.") from None
    if not content:
        raise SettingError(name, "names a file that is empty.")
    return content


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
        is_number = value.removeprefix("-").isdecimal()
        if not is_number or not minimum <= int(value) <= maximum:
            raise ValueError(f"must be a whole number between {minimum} and {maximum}.")
        return int(value)

    return parse


def words(value: str) -> list[str]:
    """Split a comma separated list, leaving out empty entries."""
    return [word for word in (part.strip() for part in value.split(",")) if word]


def hosts(value: str) -> list[str]:
    """Split a list of host names that may not be empty: with none every request is refused."""
    found = words(value)
    if not found or any(set("/@ ") & set(host) for host in found):
        raise ValueError("must hold host names separated by commas, such as portal.example.com.")
    return found


def hosts_or_networks(value: str) -> list[str]:
    """Split a list of names, patterns and networks; a network that is none would match nothing."""
    found = words(value)
    try:
        for entry in found:
            if "/" in entry:
                ip_network(entry, strict=False)
    except ValueError:
        raise ValueError(
            "must hold names, patterns or networks separated by commas, such as 10.1.0.0/16."
        ) from None
    return found


def issuer(value: str) -> str:
    complaint = "must be the address of an OpenID provider, such as https://login.example.com."
    if not split(value, {"http", "https"}, complaint).hostname:
        raise ValueError(complaint)
    return value


def signing_key(value: str) -> str:
    is_placeholder = any(word in value.lower() for word in PLACEHOLDERS)
    if len(value) < SIGNING_KEY_LENGTH or len(set(value)) < SIGNING_KEY_VARIETY or is_placeholder:
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


def split(value: str, schemes: Collection[str], complaint: str) -> SplitResult:
    """Return the parts of an address; ValueError with the complaint if they make no sense."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # read here because an odd one is found out only when read
    except ValueError:
        raise ValueError(complaint) from None
    if parts.scheme not in schemes:
        raise ValueError(complaint)
    return parts


def database(value: str) -> dict[str, Any]:
    """Turn a database address into Django's form: ``sqlite:///…`` or ``postgres://…``."""
    complaint = (
        "must be an address such as sqlite:////var/lib/portal/portal.sqlite3 "
        "or postgres://user:password@host:5432/portal."
    )
    parts = split(value, {"sqlite", "postgres", "postgresql"}, complaint)
    scheme = parts.scheme
    if not parts.path.strip("/"):
        raise ValueError(complaint)
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
    complaint = "must be an address such as redis://:password@host:6379/0."
    if not split(value, {"redis", "rediss"}, complaint).hostname:
        raise ValueError(complaint)
    return value


def base_url(value: str) -> str:
    """Return the portal's own address, scheme and host alone, without a slash at the end."""
    complaint = "must be the portal's own address, such as https://portal.example.com."
    parts = split(value, {"http", "https"}, complaint)
    if not parts.hostname or "@" in parts.netloc or parts.path.strip("/") or set("?#") & set(value):
        raise ValueError(complaint)
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
    complaint = "must be an address such as smtp+tls://user:password@mail.example.com:587."
    split(value, {"smtp", "smtp+tls", "smtp+ssl", "consolemail"}, complaint)
    config: dict[str, Any] = environ.Env.email_url_config(value)
    return config
