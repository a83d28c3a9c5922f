"""What outlives the process: jobs, used nonces and uploaded files."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from pathlib import Path

from apps.emulator.jobs import Job

_TABLES = """
CREATE TABLE IF NOT EXISTS job (id TEXT PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS nonce (
    key TEXT, timestamp TEXT, nonce TEXT, PRIMARY KEY (key, timestamp, nonce)
) WITHOUT ROWID;
"""
_UNSAFE = re.compile(r"[^\w.\- ]+")


class Store:
    """Keeps the state of one Gallery in a folder, safely for several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._inputs = folder / "inputs"
        self._inputs.mkdir(parents=True, exist_ok=True)
        (folder / "jobs").mkdir(exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(folder / "gallery.sqlite3", check_same_thread=False)
        self._database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=5000;" + _TABLES
        )

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def job_folder(self, job_id: str) -> Path:
        """Make an empty folder for a job."""
        folder = self.folder / "jobs" / job_id
        folder.mkdir(exist_ok=True)
        return folder

    def save(self, job: Job) -> None:
        with self._lock, self._database:
            self._database.execute(
                "INSERT INTO job VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data",
                (job.id, json.dumps(job.to_json())),
            )

    def jobs(self) -> list[Job]:
        with self._lock:
            rows = self._database.execute("SELECT data FROM job ORDER BY rowid").fetchall()
        return [Job.from_json(json.loads(data)) for (data,) in rows]

    def remember_nonce(self, key: str, timestamp: str, nonce: str) -> bool:
        """Keep a used nonce; False where these three were used before."""
        with self._lock, self._database:
            added = self._database.execute(
                "INSERT OR IGNORE INTO nonce VALUES (?, ?, ?)", (key, timestamp, nonce)
            )
            return added.rowcount == 1

    def keep_input(self, input_id: str, name: str, content: bytes) -> str:
        """Keep an uploaded file; the text returned is the answer that names it."""
        tidy = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")[-50:]
        answer = f"{input_id}_{tidy or 'file'}"
        (self._inputs / answer).write_bytes(content)
        return answer

    def input_file(self, answer: str) -> Path | None:
        """Return the uploaded file an answer names, if there is one."""
        for path in self._inputs.iterdir():
            if path.name == answer:
                return path
        return None
