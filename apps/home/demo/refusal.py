"""What stands in the way of the demo, in words."""

from __future__ import annotations

import errno
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY = {errno.EACCES, errno.EPERM, errno.EROFS}


class Refusal(SystemExit):
    """The demo cannot go on. Ends the process with its sentence and exit status 1."""


def words_for(error: OSError, folder: Path) -> str:
    """Return one sentence for what the system said about the demo's folder."""
    if error.errno in _FULL:
        return (
            f"The disk that holds {folder} is full. Free some space or choose another folder "
            "with --data."
        )
    if error.errno in _READ_ONLY:
        return (
            f"The demo may not write to {folder}. Choose a folder of your own with --data, or "
            "give yourself the right to write there."
        )
    if error.errno in {errno.EEXIST, errno.ENOTDIR}:
        return f"{folder} is not a folder. Choose another one with --data."
    return f"The folder {folder} cannot be used: {error.strerror or 'unknown reason'}."
