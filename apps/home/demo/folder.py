"""The folder that keeps the demo's data, keys and logs between starts."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from apps.home.demo.refusal import Refusal, words_for

NEEDED_MB = 200
PARTS = ("logs", "files", "broker", "gallery")


def make(folder: Path) -> None:
    """Make the folder and its parts, for the owner alone.

    Raises:
        Refusal: it cannot be made, or its disk is nearly full.
    """
    try:
        for path in (folder, *(folder / part for part in PARTS)):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        free_mb = shutil.disk_usage(folder).free // 1_000_000
    except OSError as error:
        raise Refusal(words_for(error, folder)) from None
    if free_mb < NEEDED_MB:
        raise Refusal(
            f"The disk that holds {folder} is nearly full: {free_mb} MB are free, the demo needs "
            f"{NEEDED_MB} MB. Free some space or choose another folder with --data."
        )


def lock(folder: Path) -> int:
    """Hold the folder for this process and return the handle; the lock ends with the process.

    Raises:
        Refusal: another demo holds it.
    """
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        url = read_json(folder / "running.json").get("url", "the address it has printed")
        raise Refusal(
            f"The demo is already running with this folder, at {url}. Stop it there with Ctrl-C, "
            "or start a second one with --data and --port."
        ) from None
    return handle


def keys(folder: Path) -> dict[str, str]:
    """Return the folder's keys, made once: stored secrets can be read with these alone."""
    path = folder / "keys.json"
    known: dict[str, str] = read_json(path)
    fresh = {
        "secret_key": secrets.token_urlsafe(50),
        "encryption_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "broker_password": secrets.token_urlsafe(32),
    }
    if not fresh.keys() <= known.keys():
        known = fresh | known
        write_private(path, json.dumps(known))
    return known


def read_json(path: Path) -> dict[str, Any]:
    """Return a file's members; none where it is absent or cut short."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step with one that its owner alone can read."""
    beside = path.with_name(f"{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
