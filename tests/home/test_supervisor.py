"""The supervisor with real, small processes."""

from __future__ import annotations

import io
import os
import platform
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from apps.home.demo import supervisor as module
from apps.home.demo.console import Console
from apps.home.demo.supervisor import ChildFailed, Service, Supervisor

SOON = 10.0  # seconds no step here should ever need


class Stage:
    """A supervisor, what it said, and services that note their process ids."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = io.StringIO()
        self.supervisor = Supervisor(folder, Console(self.said))

    def service(self, name: str, code: str, *, wave: int = 1) -> Service:
        lines = f"""
            import os, pathlib, signal, sys, time
            here = pathlib.Path({str(self.folder)!r})
            with (here / "{name}.pids").open("a") as f: f.write(f"{{os.getpid()}}\\n")
            {code}
        """
        program = textwrap.dedent(lines)
        return Service(name, "a test", [sys.executable, "-c", program], self.has_begun(name), wave)

    def has_begun(self, name: str) -> Callable[[float], bool]:
        before = len(self.pids(name))
        return lambda _: len(self.pids(name)) > before

    def pids(self, name: str) -> list[int]:
        file = self.folder / f"{name}.pids"
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def look_until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SOON
        while not happened():
            assert time.monotonic() < deadline, self.said.getvalue()
            self.supervisor.look()
            time.sleep(0.02)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.supervisor.stop()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


SLEEP = "time.sleep(60)"


def test_services_become_ready_and_stop_in_order(stage: Stage) -> None:
    note = "lambda *_: ((here / 'order').open('a').write('{}\\n'), sys.exit(0))"
    for name, wave in (("inner", 1), ("outer", 2)):
        code = f"signal.signal(signal.SIGTERM, {note.format(name)}); {SLEEP}"
        stage.supervisor.start(stage.service(name, code, wave=wave))
    stage.supervisor.wait_ready()
    time.sleep(0.2)  # the handler is set after the pid is noted
    stage.supervisor.stop()
    assert (stage.folder / "order").read_text().split() == ["outer", "inner"]
    assert not any(is_alive(pid) for name in ("inner", "outer") for pid in stage.pids(name))


def test_a_dead_service_is_started_again_and_that_is_said(stage: Stage) -> None:
    stage.supervisor.start(stage.service("worker", SLEEP))
    stage.supervisor.wait_ready()
    os.kill(stage.pids("worker")[0], signal.SIGKILL)
    stage.look_until(lambda: len(stage.pids("worker")) == 2)
    assert "was ended by SIGKILL; starting it again (1 of 3 in a minute)" in stage.said.getvalue()


def test_the_fourth_death_within_a_minute_ends_the_demo(stage: Stage) -> None:
    stage.supervisor.start(stage.service("web", SLEEP))
    stage.supervisor.wait_ready()
    for deaths in range(1, 4):
        os.kill(stage.pids("web")[-1], signal.SIGKILL)
        stage.look_until(lambda deaths=deaths: len(stage.pids("web")) > deaths)  # type: ignore[misc]
    os.kill(stage.pids("web")[-1], signal.SIGKILL)
    with pytest.raises(ChildFailed, match="web was ended by SIGKILL 4 times within a minute"):
        stage.look_until(lambda: False)


def test_deaths_of_long_ago_do_not_count(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RESTARTS_WITHIN", 0.0)
    stage.supervisor.start(stage.service("web", SLEEP))
    stage.supervisor.wait_ready()
    for deaths in range(1, 6):
        os.kill(stage.pids("web")[-1], signal.SIGKILL)
        stage.look_until(lambda deaths=deaths: len(stage.pids("web")) > deaths)  # type: ignore[misc]
        stage.supervisor.wait_ready()


def test_a_service_that_never_starts_ends_the_demo_with_its_last_words(stage: Stage) -> None:
    service = stage.service("broker", "print('no such option'); sys.exit(3)")
    stage.supervisor.start(Service(service.name, service.does, service.command, lambda _: False))
    with pytest.raises(ChildFailed, match=r"(?s)broker ended with exit status 3.*no such option"):
        stage.supervisor.wait_ready()


def test_a_service_that_is_never_ready_is_named(stage: Stage) -> None:
    service = stage.service("gallery", SLEEP)
    stage.supervisor.start(Service(service.name, service.does, service.command, lambda _: False))
    with pytest.raises(ChildFailed, match="gallery was not ready within"):
        stage.supervisor.wait_ready(within=0.2)


def test_a_service_deaf_to_the_signal_is_killed_with_its_children(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.3)
    deaf = (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork(); "
        "(here / 'deaf.pids').open('a').write(f'{os.getpid()}\\n'); time.sleep(60)"
    )
    stage.supervisor.start(stage.service("deaf", deaf))
    stage.look_until(lambda: len(set(stage.pids("deaf"))) == 2)
    stage.supervisor.stop()
    wait_until(lambda: not any(is_alive(pid) for pid in stage.pids("deaf")))


def test_errors_reach_the_terminal_and_all_else_stays_in_the_file(stage: Stage) -> None:
    code = (
        "print('2026-01-01 10:00:00,1 WARNING portal [-] calm'); "
        "print('2026-01-01 10:00:00,1 ERROR portal [-] look here'); "
        "print('Traceback (most recent call last):', flush=True); time.sleep(60)"
    )
    stage.supervisor.start(stage.service("web", code))
    stage.look_until(lambda: "look here" in stage.said.getvalue())
    assert "calm" not in stage.said.getvalue()
    assert "Traceback" not in stage.said.getvalue()
    assert "Traceback" in stage.supervisor.tails()


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from apps.home.demo import supervisor as module
from apps.home.demo.console import Console
from tests.home.test_supervisor import SLEEP, Stage
if {elsewhere}:
    module.platform.system = lambda: "Elsewhere"
stage = Stage(Path({folder!r}))
stage.supervisor.start(stage.service("a", SLEEP), stage.service("b", SLEEP))
stage.supervisor.wait_ready()
print("ready", flush=True)
stage.supervisor.watch()
"""


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(
            False,
            marks=pytest.mark.skipif(platform.system() != "Linux", reason="a feature of Linux"),
        ),
        True,
    ],
    ids=["told by Linux", "by the lifeline"],
)
def test_nothing_outlives_a_killed_supervisor(tmp_path: Path, elsewhere: bool) -> None:
    root = Path(__file__).resolve().parents[2]
    program = KILLED.format(root=str(root), folder=str(tmp_path), elsewhere=elsewhere)
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE
    ) as killed:
        assert killed.stdout is not None
        while line := killed.stdout.readline():
            if line == b"ready\n":
                break
        killed.kill()
    stage = Stage(tmp_path)
    pids = stage.pids("a") + stage.pids("b")
    assert len(pids) == 2
    wait_until(lambda: not any(is_alive(pid) for pid in pids))
