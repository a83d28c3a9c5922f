"""Writing Alteryx's yxdb files of the first engine (e1).

Layout: a header of 512 bytes, the record layout as XML in UTF-16, blocks of records, and an
index with the position of every 65,536th record. A block may be LZF-packed or stored;
this writer stores. A record is its fixed part and, where a field has no fixed size, the
length of its variable part and that part.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

Cell = str | int | float | bool | Decimal | date | datetime | None

HEADER_SIZE = 512
DESCRIPTION = b"Alteryx Database File  (C) 2019 Alteryx\r\n"
FILE_ID = 0x00440204  # a file without spatial index
BLOCK_SIZE = 0x40000  # what readers can hold of one block, unpacked
TINY, SMALL = 4, 128  # values with fewer bytes have shorter forms
STORED = 0x80000000  # set in a block's length when the block is not packed
RECORDS_PER_INDEX_ENTRY = 0x10000


class FieldType(StrEnum):
    """The field types this writer knows, by their names in the record layout."""

    BOOL = "Bool"
    INT32 = "Int32"
    INT64 = "Int64"
    DOUBLE = "Double"
    FIXED_DECIMAL = "FixedDecimal"
    STRING = "String"
    WSTRING = "WString"
    V_STRING = "V_String"
    V_WSTRING = "V_WString"
    DATE = "Date"
    DATE_TIME = "DateTime"


VARIABLE = {FieldType.V_STRING: "latin-1", FieldType.V_WSTRING: "utf-16-le"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field; ``size`` counts characters, ``scale`` decimals, where the type has them."""

    name: str
    type: FieldType
    size: int = 0
    scale: int = 0
    source: str = ""


def write_yxdb(
    path: Path, fields: Sequence[Field], rows: Iterable[Sequence[Cell]], *, created_at: datetime
) -> int:
    """Write rows, one cell per field and None for null, and return how many there were.

    A text that is longer than its field, or not in the field's character set, is a ValueError.
    """
    layout = _layout_xml(fields).encode("utf-16-le")
    encoder = _RecordEncoder(fields)
    with path.open("wb") as file:
        file.write(bytes(HEADER_SIZE) + layout)
        blocks = _BlockWriter(file)
        for row in rows:
            blocks.add(encoder.encode(row))
        index_at = blocks.finish()
        file.seek(0)
        file.write(_header(created_at, len(layout) // 2, index_at, blocks.count))
    return blocks.count


def _header(created_at: datetime, layout_length: int, index_at: int, count: int) -> bytes:
    head = struct.pack(
        "<64sIIIIIIqqqi",
        DESCRIPTION,
        FILE_ID,
        int(created_at.timestamp()),
        0,
        0,
        layout_length,
        0,
        0,  # no spatial index
        index_at,
        count,
        1,  # LZF, the only packing there is
    )
    return head.ljust(HEADER_SIZE, b"\0")


def _layout_xml(fields: Sequence[Field]) -> str:
    lines = "".join(f"\t<Field {_attributes(field)}/>\n" for field in fields)
    return f'<MetaInfo connection="Output">\n<RecordInfo>\n{lines}</RecordInfo>\n</MetaInfo>\n\0'


def _attributes(field: Field) -> str:
    facts = {"name": field.name}
    if field.size:
        facts["size"] = str(field.size)
    if field.type is FieldType.FIXED_DECIMAL:
        facts["scale"] = str(field.scale)
    if field.source:
        facts["source"] = field.source
    facts["type"] = field.type.value
    return " ".join(f"{name}={quoteattr(value)}" for name, value in facts.items())


class _BlockWriter:
    """Gathers records into blocks and remembers where every 65,536th begins."""

    def __init__(self, file: BinaryIO) -> None:
        self.count = 0
        self._file = file
        self._block = bytearray()
        self._index: list[int] = []

    def add(self, record: bytes) -> None:
        # An indexed record must be the first of its block: the index knows blocks only.
        if self.count % RECORDS_PER_INDEX_ENTRY == 0:
            self._flush()
            self._index.append(self._file.tell())
        self.count += 1
        self._block += record
        while len(self._block) >= BLOCK_SIZE:
            self._write(self._block[:BLOCK_SIZE])
            del self._block[:BLOCK_SIZE]

    def finish(self) -> int:
        """Write what is left and the index; return the index's position."""
        self._flush()
        position = self._file.tell()
        self._file.write(struct.pack(f"<i{len(self._index)}q", len(self._index), *self._index))
        return position

    def _flush(self) -> None:
        if self._block:
            self._write(self._block)
            self._block.clear()

    def _write(self, block: bytes | bytearray) -> None:
        self._file.write(struct.pack("<I", len(block) | STORED))
        self._file.write(block)


class _RecordEncoder:
    """Turns one row into the bytes of one record."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._fixed_size = sum(_fixed_size(field) for field in fields)
        self._has_variable = any(field.type in VARIABLE for field in fields)

    def encode(self, row: Sequence[Cell]) -> bytes:
        fixed, variable = bytearray(), bytearray()
        for field, value in zip(self._fields, row, strict=True):
            if field.type in VARIABLE:
                # Offsets count from the field's own place to the value behind the fixed part.
                ahead = self._fixed_size + 4 + len(variable) - len(fixed)
                reference, data = _variable(field, value, ahead)
                fixed += reference
                variable += data
            else:
                fixed += _fixed(field, value)
        if not self._has_variable:
            return bytes(fixed)
        return bytes(fixed) + struct.pack("<I", len(variable)) + bytes(variable)


def _variable(field: Field, value: Cell, ahead: int) -> tuple[bytes, bytes]:
    """Return the reference in the fixed part and the bytes of the variable part."""
    if value is None:
        return struct.pack("<I", 1), b""
    data = _text(field, value).encode(VARIABLE[field.type])
    if not data:
        return struct.pack("<I", 0), b""
    if len(data) < TINY:  # lies in the reference itself, its length in the top bits
        return struct.pack("<I", int.from_bytes(data, "little") | len(data) << 28), b""
    if len(data) < SMALL:
        return struct.pack("<I", ahead), bytes([len(data) << 1 | 1]) + data
    return struct.pack("<I", ahead), struct.pack("<I", len(data) * 2) + data


def _fixed_size(field: Field) -> int:
    """Return the bytes a field takes in the fixed part, null flag included."""
    if field.type in VARIABLE:
        return 4
    if field.type is FieldType.BOOL:
        return 1
    return _width(field) + 1


def _width(field: Field) -> int:
    widths = {
        FieldType.INT32: 4,
        FieldType.INT64: 8,
        FieldType.DOUBLE: 8,
        FieldType.DATE: 10,
        FieldType.DATE_TIME: 19,
        FieldType.WSTRING: field.size * 2,
    }
    return widths.get(field.type, field.size)


def _fixed(field: Field, value: Cell) -> bytes:
    if field.type is FieldType.BOOL:
        return bytes([2 if value is None else int(bool(value))])
    width = _width(field)
    if value is None:
        return bytes(width) + b"\1"
    return ENCODERS[field.type](field, value).ljust(width, b"\0") + b"\0"


def _text(field: Field, value: Cell) -> str:
    text = str(value)
    if field.size and len(text) > field.size:
        raise ValueError(f"{field.name}: a text of {len(text)} does not fit into {field.size}")
    return text


def _decimal(field: Field, value: Cell) -> bytes:
    return _text(field, f"{value:.{field.scale}f}").encode("ascii")


def _moment(_field: Field, value: Cell) -> bytes:
    if not isinstance(value, date):
        raise TypeError(f"not a date: {type(value).__name__}")
    shape = "%Y-%m-%d %H:%M:%S" if isinstance(value, datetime) else "%Y-%m-%d"
    return value.strftime(shape).encode("ascii")


ENCODERS: dict[FieldType, Callable[[Field, Cell], bytes]] = {
    FieldType.INT32: lambda _field, value: struct.pack("<i", value),
    FieldType.INT64: lambda _field, value: struct.pack("<q", value),
    FieldType.DOUBLE: lambda _field, value: struct.pack("<d", value),
    FieldType.FIXED_DECIMAL: _decimal,
    FieldType.STRING: lambda field, value: _text(field, value).encode("latin-1"),
    FieldType.WSTRING: lambda field, value: _text(field, value).encode("utf-16-le"),
    FieldType.DATE: _moment,
    FieldType.DATE_TIME: _moment,
}
