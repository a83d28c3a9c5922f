"""Which files people may hand in, and the names they keep."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

# What Alteryx reads as input, less everything that can run: executables, scripts, macros.
EXTENSIONS = (
    "accdb", "avro", "cpg", "csv", "dat", "dbf", "flat", "gpx", "gz", "json", "kml", "mdb", "mid",
    "mif", "parquet", "prj", "sav", "shp", "shx", "tab", "tsv", "txt", "xls", "xlsb", "xlsx",
    "xml", "yxdb", "zip",
)  # fmt: skip
MAX_NAME = 120

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_STARTS = {"xlsx": _ZIP, "xlsb": _ZIP, "zip": _ZIP, "gz": (b"\x1f\x8b",)}
_PROGRAM_STARTS = (b"MZ\x90\x00", b"\x7fELF")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def extension(name: str) -> str:
    """Return the last extension without its dot, lower case; ``""`` for odd or missing ones.

    A name that ends in a dot or a blank has none: Windows would cut it to another extension.
    """
    match = re.search(r"[^./\\]\.([A-Za-z0-9]{1,8})$", name)
    return match[1].lower() if match else ""


def clean_name(name: str) -> str:
    """Return a name that is safe to show, to store beside a file and to send on."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    kept = kept.strip(". ") or "file"
    if len(kept) > MAX_NAME:
        ending = f".{extension(kept)}" if extension(kept) else ""
        kept = kept[: MAX_NAME - len(ending)] + ending
    return f"_{kept}" if _RESERVED.fullmatch(kept) else kept


def is_what_it_says(ending: str, start: bytes) -> bool:
    """Whether the first bytes of a file can belong to its extension, and are no program's."""
    expected = _STARTS.get(ending)
    if expected:
        return start.startswith(expected)
    return not start.startswith(_PROGRAM_STARTS)
