"""What the demo makes ready before Django's settings are read."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.home.demo import environment, folder, ports
from apps.home.demo.refusal import Refusal, words_for

ROOT = Path(__file__).resolve().parents[2]
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 (shutil's own shape)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take every setting away for the test and put what was there back afterwards."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        del os.environ[name]
    handles: list[int] = []
    lock = folder.lock

    def held(path: Path) -> int:
        handles.append(lock(path))
        return handles[-1]

    monkeypatch.setattr(folder, "lock", held)
    yield
    for handle in handles:
        os.close(handle)
    os.environ.clear()
    os.environ.update(before)


def prepare(path: Path, *more: str) -> environment.Demo:
    return environment.prepare(["--data", str(path), "--port", "0", *more])


def test_a_new_folder_gets_keys_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    demo = prepare(tmp_path / "new" / "demo")
    assert stat.S_IMODE(demo.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((demo.folder / "keys.json").stat().st_mode) == 0o600
    assert len(os.environ["PORTAL_SECRET_KEY"]) >= 50
    assert os.environ["PORTAL_DATABASE_URL"].startswith("sqlite:////")
    assert demo.keys["broker_password"] in os.environ["PORTAL_BROKER_URL"]
    assert demo.keys["broker_password"] not in repr(demo)


def test_a_second_start_uses_the_keys_and_ports_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prepare(tmp_path)
    monkeypatch.setattr(folder, "lock", lambda _: None)  # as after the first has ended
    second = prepare(tmp_path)
    assert second.keys == first.keys
    assert (second.gallery_port, second.broker_port) == (first.gallery_port, first.broker_port)


def test_a_port_taken_since_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = prepare(tmp_path)
    monkeypatch.setattr(folder, "lock", lambda _: None)
    with socket.create_server(("127.0.0.1", first.gallery_port)):
        assert prepare(tmp_path).gallery_port != first.gallery_port


def test_what_the_operator_set_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_BROKER_URL", "redis://:p@elsewhere:6379/0")
    monkeypatch.setenv("PORTAL_SECRET_KEY_FILE", "/a/file")
    demo = prepare(tmp_path)
    assert os.environ["PORTAL_BROKER_URL"] == "redis://:p@elsewhere:6379/0"
    assert not demo.has_own_broker
    assert "PORTAL_SECRET_KEY" not in os.environ


def test_the_check_uses_nothing_of_the_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgres://portal@production/portal")
    demo = environment.prepare(["--check"])
    try:
        assert "production" not in os.environ["PORTAL_DATABASE_URL"]
        assert demo.is_throwaway
    finally:
        shutil.rmtree(demo.folder)


def test_a_second_start_while_one_runs_says_where_it_is(tmp_path: Path) -> None:
    demo = prepare(tmp_path)
    with pytest.raises(Refusal, match=f"already running with this folder, at {demo.url}"):
        prepare(tmp_path)


def test_a_taken_port_is_said_and_another_one_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(Refusal, match=rf"Port {port} .* is taken .* --port \d+$"):
            environment.prepare(["--data", str(tmp_path), "--port", str(port)])


def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 5_000_000))
    with pytest.raises(Refusal, match="nearly full: 5 MB are free"):
        prepare(tmp_path)
    assert not (tmp_path / "keys.json").exists()


def test_a_disk_that_fills_up_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder, "write_private", full)
    with pytest.raises(Refusal, match=r"is full\. Free some space"):
        prepare(tmp_path)


def test_a_file_in_the_folders_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "demo").touch()
    with pytest.raises(Refusal, match="is not a folder"):
        prepare(tmp_path / "demo")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Refusal, match="may not write to"):
        prepare(tmp_path / "demo")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EIO])
def test_whatever_the_system_says_becomes_one_sentence(number: int) -> None:
    sentence = words_for(OSError(number, os.strerror(number)), Path("/data"))
    assert "/data" in sentence
    assert "\n" not in sentence


def test_damaged_key_files_are_made_anew(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text('{"secret_key": "half a')
    assert len(prepare(tmp_path).keys) == 3


def test_ports_are_not_among_those_of_outgoing_connections() -> None:
    assert ports.free_port() < 32_768


def test_help_needs_no_settings_and_makes_no_folder(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "demo", "--help"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--check" in shown.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["seventy", "-1", "65536"])
def test_an_odd_port_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(SystemExit):
        environment.prepare(["--data", str(tmp_path), "--port", port])
