"""Settings from the environment: what is wrong is named, its value never shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from portal import env

SECRET = "do-not-show-me"
KEY = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
LONG = "tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP"


def test_a_missing_setting_ends_the_start_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_THING", raising=False)
    with pytest.raises(SystemExit, match=r"^PORTAL_THING is not set\. See docs/settings\.md"):
        env.read("THING", env.text)


def test_a_blank_setting_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_THING", "   ")
    assert env.read("THING", env.text, default="usual") == "usual"


def test_a_default_may_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_THING", raising=False)
    assert env.read("THING", env.text, default="") == ""


def test_a_secret_is_read_from_the_file_its_variable_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    monkeypatch.setenv("PORTAL_THING_FILE", str(file))
    monkeypatch.setenv("PORTAL_THING", "not this one")
    assert env.read("THING", env.text) == SECRET


def test_a_byte_order_mark_in_a_secret_file_is_not_part_of_the_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xef\xbb\xbf" + SECRET.encode() + b"\r\n")
    monkeypatch.setenv("PORTAL_THING_FILE", str(file))
    assert env.read("THING", env.text) == SECRET


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00bad", b""])
def test_an_unusable_secret_file_is_named_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / SECRET
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("PORTAL_THING_FILE", str(file))
    with pytest.raises(SystemExit, match=r"^PORTAL_THING") as ended:
        env.read("THING", env.text)
    assert SECRET not in str(ended.value)


ODD: list[tuple[Callable[[str], Any], str]] = [
    (env.boolean, SECRET),
    (env.boolean, "2"),
    (env.whole_number(1, 10), SECRET),
    (env.whole_number(1, 10), "0"),
    (env.whole_number(1, 10), "11"),
    (env.whole_number(1, 10), "1.5"),
    (env.whole_number(1, 10), "--5"),
    (env.whole_number(1, 10), "²"),
    (env.signing_key, SECRET),
    (env.signing_key, "change-me"),
    (env.signing_key, "a" * 60),
    (env.signing_key, "change-me-" * 6),
    (env.encryption_keys, SECRET),
    (env.encryption_keys, f"{KEY},{SECRET}"),
    (env.encryption_keys, ","),
    (env.database, SECRET),
    (env.database, f"mysql://u:{SECRET}@host/portal"),
    (env.database, f"postgres://u:{SECRET}@host:port/portal"),
    (env.database, f"postgres://u:{SECRET}@host:5432"),
    (env.database, f"postgres://u:{SECRET}@[host/portal"),
    (env.database, "sqlite://"),
    (env.broker, SECRET),
    (env.broker, f"amqp://u:{SECRET}@host"),
    (env.broker, f"redis://:{SECRET}@host:port/0"),
    (env.broker, f"redis://:{SECRET}@/0"),
    (env.base_url, SECRET),
    (env.base_url, f"https://user:{SECRET}@portal.example.com"),
    (env.base_url, "ftp://portal.example.com"),
    (env.base_url, "https://portal.example.com/?a=b"),
    (env.base_url, "https://portal.example.com/portal"),
    (env.base_url, "https://[portal"),
    (env.base_url, "https://portal.example.com:port"),
    (env.time_zone, SECRET),
    (env.time_zone, "../etc/passwd"),
    (env.log_level, SECRET),
    (env.email, SECRET),
    (env.email, f"http://u:{SECRET}@mail"),
    (env.email, f"smtp://u:{SECRET}@mail:port"),
]


@pytest.mark.parametrize(("parse", "value"), ODD)
def test_an_odd_value_is_refused_by_name_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, parse: Callable[[str], Any], value: str
) -> None:
    monkeypatch.setenv("PORTAL_THING", value)
    with pytest.raises(SystemExit, match=r"^PORTAL_THING must ") as ended:
        env.read("THING", parse)
    assert SECRET not in str(ended.value)
    assert ended.value.__context__ is None or SECRET not in str(ended.value.__cause__)


@pytest.mark.parametrize(
    ("parse", "value", "meant"),
    [
        (env.boolean, "Yes", True),
        (env.boolean, "off", False),
        (env.whole_number(-5, 10), "-5", -5),
        (env.words, " a, ,b ,", ["a", "b"]),
        (env.signing_key, LONG, LONG),
        (env.broker, "rediss://:p@host:6379/0", "rediss://:p@host:6379/0"),
        (env.base_url, "https://portal.example.com/", "https://portal.example.com"),
        (env.base_url, "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        (env.time_zone, "Europe/Berlin", "Europe/Berlin"),
        (env.log_level, "debug", "DEBUG"),
    ],
)
def test_a_good_value_means_what_it_says(
    monkeypatch: pytest.MonkeyPatch, parse: Callable[[str], Any], value: str, meant: object
) -> None:
    monkeypatch.setenv("PORTAL_THING", value)
    assert env.read("THING", parse) == meant


def test_sqlite_is_opened_so_that_writers_wait_for_each_other() -> None:
    config = env.database("sqlite:////var/lib/portal/with%20space.sqlite3")
    assert config["NAME"] == "/var/lib/portal/with space.sqlite3"
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]


def test_postgres_takes_a_password_with_odd_characters() -> None:
    config = env.database("postgres://portal:p%40ss%2Fw%23rd@db:5433/portal")
    assert (config["PASSWORD"], config["HOST"], config["PORT"]) == ("p@ss/w#rd", "db", 5433)
    assert config["CONN_HEALTH_CHECKS"] is True


def test_newest_encryption_key_comes_first() -> None:
    newest, old = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    assert env.encryption_keys(f"{newest}, {old}") == [newest, old]
