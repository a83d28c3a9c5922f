"""An environment of its own for each published client, kept between runs."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT_IN = HERE.parents[1] / ".cache" / "published"
INSTALL_SECONDS = 300
SCRIPT_SECONDS = 120


class RegistryAway(Exception):
    """The client's packages cannot be had; the text is one line that says why."""


def environment(package: str, version: str, *others: str) -> Path:
    """Return the Python of an environment that holds a client and ``others``.

    Made once, under a lock, so that parallel test processes share it.

    Raises:
        RegistryAway: its packages could not be installed.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = KEPT_IN / f"{package}-{version}-{python}"
    with _locked(folder.with_name(f"{folder.name}.lock")):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _install(folder, [f"{package}=={version}", *others])
            (folder / "complete").touch()
    return _python_in(folder)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install(folder: Path, requirements: list[str]) -> None:
    python = str(_python_in(folder))
    if uv := shutil.which("uv"):
        _run(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
        _run(uv, "pip", "install", "--quiet", "--python", python, *requirements)
    else:
        _run(sys.executable, "-m", "venv", str(folder))
        _run(python, "-m", "pip", "install", "--quiet", *requirements)


def _run(*command: str) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise RegistryAway(f"no answer within {INSTALL_SECONDS} s: {' '.join(command)}") from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise RegistryAway(f"{' '.join(command[-2:])}: {lines[-1] if lines else 'failed'}")


def _python_in(folder: Path) -> Path:
    scripts = sysconfig.get_path("scripts", "venv", {"base": str(folder)})
    return Path(scripts) / Path("python").with_suffix(sysconfig.get_config_var("EXE") or "")


def run_script(python: Path, script: str, told: dict[str, Any], **environ: str) -> dict[str, Any]:
    """Run a script of this folder in a client's environment; JSON goes in and comes out.

    ``-I`` keeps the portal's own packages, this folder and PYTHON* variables out.
    """
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        [str(python), "-I", str(HERE / script)],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=SCRIPT_SECONDS,
        check=False,
        env=clean | {"NO_PROXY": "*"} | environ,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found
