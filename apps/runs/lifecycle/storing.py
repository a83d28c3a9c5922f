"""Files on their way into storage: whole with size and checksum, or absent."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

NAME_LENGTH = 200
# The ending a file of each of the Gallery's formats carries; Raw keeps the name's own.
ENDINGS = {
    "yxdb", "shp", "kml", "tab", "mif", "dbf", "csv", "pdf", "docx", "xlsx", "html", "tde", "zip",
}  # fmt: skip


class StorageFull(Exception):
    """No room for a file. ``str(error)`` is a sentence for users."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A whole file: its name in the default storage, its size in bytes and its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class _Finished(File):  # type: ignore[type-arg]
    """A closed temporary file the storage may move instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def store(blocks: Iterable[bytes], *, folder: str) -> StoredFile:
    """Write a stream under a new name in ``folder`` and return where it stands.

    The name is ours alone, so nothing the Gallery says reaches the file system. An error
    while reading leaves nothing behind.
    """
    waiting_room = Path(settings.FILES_DIR) / "incoming"
    waiting_room.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, path = tempfile.mkstemp(dir=waiting_room)
    try:
        with os.fdopen(handle, "wb") as temporary:
            for block in blocks:
                temporary.write(block)
                digest.update(block)
                size += len(block)
            temporary.flush()
            os.fsync(temporary.fileno())
        with Path(path).open("rb") as whole:
            name = default_storage.save(f"{folder}/{uuid.uuid4().hex}", _Finished(whole, path))
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(
                "The portal's storage is full. Your result waits on the Gallery and is collected "
                "as soon as there is room."
            ) from error
        raise
    finally:
        Path(path).unlink(missing_ok=True)
    return StoredFile(name=name, size=size, sha256=digest.hexdigest())


def clean_name(name: str, format_: str = "") -> str:
    """Return a file name that is safe to show and to download under.

    Folders, control characters and marks that turn the reading direction are dropped; the
    ending follows the format unless that is ``Raw``.
    """
    last = re.split(r"[\\/]", name)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    kept = re.sub(r'[<>:"|?*]', "_", kept).strip(" .") or "result"
    ending = format_.casefold()
    if ending in ENDINGS and kept.rpartition(".")[2].casefold() != ending:
        kept = f"{kept.rpartition('.')[0] or kept}.{ending}"
    stem, dot, tail = kept.rpartition(".")
    return kept if len(kept) <= NAME_LENGTH else f"{stem[:NAME_LENGTH]}{dot}{tail[:16]}"
