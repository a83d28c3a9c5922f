"""What the demo needs before Django's settings can be read: a folder, keys, ports, variables.

Uses the standard library alone. Whatever the operator has set in the environment stays as it
is, except for ``--check``, which must touch nothing but its own temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from apps.home.demo import options
from apps.home.demo.ports import HOST, same_or_free, web_port
from apps.home.demo.refusal import Refusal, words_for


@dataclass(frozen=True, slots=True)
class Demo:
    """What one start of the demo works with."""

    folder: Path
    port: int
    gallery_port: int
    broker_port: int
    has_own_broker: bool  # False: the operator named one
    keys: Mapping[str, str] = field(repr=False)
    options: argparse.Namespace = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def gallery_url(self) -> str:
        return f"http://{HOST}:{self.gallery_port}"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def is_throwaway(self) -> bool:
        return self.options.check and self.options.data is None


_prepared: list[Demo] = []


def prepare(argv: Sequence[str]) -> Demo:
    """Make folder, keys and ports ready and put ``PORTAL_*`` into the environment.

    Raises:
        Refusal: what stands in the way, in one sentence.
    """
    if sys.platform == "win32":
        raise Refusal("The demo needs Linux or macOS. On Windows start it inside WSL.")
    parser = argparse.ArgumentParser(prog="manage.py demo", description=options.SUMMARY)
    options.add_to(parser)
    chosen, _ = parser.parse_known_args(argv)
    if chosen.check:
        chosen.port = 0
        for name in [name for name in os.environ if name.startswith("PORTAL_")]:
            del os.environ[name]
    demo = _make(_folder(chosen), chosen)
    for name, value in _variables(demo).items():
        if not _is_set(name):
            os.environ[name] = value
    _prepared[:] = [demo]
    return demo


def prepared() -> Demo:
    """Return what ``prepare`` made in this process."""
    if not _prepared:
        raise Refusal("The demo starts through manage.py only: uv run manage.py demo")
    return _prepared[0]


def _is_set(name: str) -> bool:
    return bool(os.environ.get(name, "").strip() or os.environ.get(f"{name}_FILE"))


def _folder(chosen: argparse.Namespace) -> Path:
    if chosen.check and chosen.data is None:
        return Path(tempfile.mkdtemp(prefix="gallery-portal-check-"))
    path: Path = chosen.data or options.DEFAULT_FOLDER
    return path.expanduser().absolute()


def _make(path: Path, chosen: argparse.Namespace) -> Demo:
    from apps.home.demo import folder  # noqa: PLC0415 (its locks are not for Windows)

    try:
        folder.make(path)
        folder.lock(path)
        ports = folder.read_json(path / "ports.json")
        demo = Demo(
            folder=path,
            port=web_port(chosen.port),
            gallery_port=same_or_free(ports.get("gallery")),
            broker_port=same_or_free(ports.get("broker")),
            has_own_broker=not _is_set("PORTAL_BROKER_URL"),
            keys=folder.keys(path),
            options=chosen,
        )
        ports = {"gallery": demo.gallery_port, "broker": demo.broker_port}
        folder.write_private(path / "ports.json", json.dumps(ports))
        running = {"url": demo.url, "pid": os.getpid()}
        folder.write_private(path / "running.json", json.dumps(running))
    except (OSError, Refusal) as error:
        if chosen.check and chosen.data is None:
            shutil.rmtree(path, ignore_errors=True)
        if isinstance(error, OSError):
            raise Refusal(words_for(error, path)) from None
        raise
    return demo


def _variables(demo: Demo) -> dict[str, str]:
    password = demo.keys["broker_password"]
    return {
        "PORTAL_SECRET_KEY": demo.keys["secret_key"],
        "PORTAL_ENCRYPTION_KEYS": demo.keys["encryption_key"],
        "PORTAL_BASE_URL": demo.url,
        "PORTAL_ALLOWED_HOSTS": f"{HOST},localhost",
        "PORTAL_DATABASE_URL": f"sqlite:///{quote(str(demo.folder / 'portal.sqlite3'))}",
        "PORTAL_BROKER_URL": f"redis://:{password}@{HOST}:{demo.broker_port}/0",
        "PORTAL_FILES_DIR": str(demo.folder / "files"),
        # The pretend Gallery on this machine, and any real one a visitor may want to try.
        "PORTAL_GALLERY_HOSTS": f"{HOST}/32,*",
        "PORTAL_GALLERY_ALLOW_HTTP": "true",
    }
