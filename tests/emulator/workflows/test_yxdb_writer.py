"""The yxdb writer, judged by an independent reader and by files Alteryx wrote."""

from __future__ import annotations

import os
import struct
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yxdb.yxdb_reader import YxdbReader

from apps.emulator.workflows.yxdb_writer import Cell, Field, FieldType, write_yxdb

from .readers import yxdb_rows

SHARED = Path(os.environ.get("PORTAL_SHARED", Path(__file__).resolve().parents[4] / "shared"))
SAMPLES = SHARED / "samples" / "yxdb"
CREATED_AT = datetime(2026, 10, 1, tzinfo=UTC)
FIELDS = (
    Field("flag", FieldType.BOOL),
    Field("small", FieldType.INT32),
    Field("large", FieldType.INT64),
    Field("ratio", FieldType.DOUBLE),
    Field("price", FieldType.FIXED_DECIMAL, 12, 2),
    Field("code", FieldType.STRING, 8),
    Field("wide", FieldType.WSTRING, 10),
    Field("plain", FieldType.V_STRING, 5000),
    Field("text", FieldType.V_WSTRING, 5000),
    Field("day", FieldType.DATE),
    Field("moment", FieldType.DATE_TIME),
)
FULL: tuple[Cell, ...] = (
    *(True, -2_000_000_000, 9_000_000_000_000, 0.1, Decimal("-1234.50"), "A-17", "Zürich €"),
    *("plain", "Łódź 🙂", date(2026, 2, 28), datetime.fromisoformat("2026-02-28T23:59:58")),
)


def write(path: Path, rows: list[tuple[Cell, ...]], fields: tuple[Field, ...] = FIELDS) -> Path:
    assert write_yxdb(path, fields, rows, created_at=CREATED_AT) == len(rows)
    return path


def test_every_type_is_read_back(tmp_path: Path) -> None:
    (row,) = yxdb_rows(write(tmp_path / "a.yxdb", [FULL]))
    assert row == {
        "flag": True,
        "small": -2_000_000_000,
        "large": 9_000_000_000_000,
        "ratio": 0.1,
        "price": -1234.5,
        "code": "A-17",
        "wide": "Zürich €",
        "plain": "plain",
        "text": "Łódź 🙂",
        "day": datetime.fromisoformat("2026-02-28"),
        "moment": datetime.fromisoformat("2026-02-28T23:59:58"),
    }


def test_every_type_can_be_null(tmp_path: Path) -> None:
    nulls: tuple[Cell, ...] = (None,) * len(FIELDS)
    rows = yxdb_rows(write(tmp_path / "a.yxdb", [FULL, nulls, FULL]))
    assert set(rows[1].values()) == {None}
    assert rows[0] == rows[2]


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 63, 64, 127, 128, 4999])
def test_texts_of_every_form_are_read_back(tmp_path: Path, length: int) -> None:
    fields = (Field("a", FieldType.V_WSTRING, 5000), Field("b", FieldType.V_STRING, 5000))
    rows: list[tuple[Cell, ...]] = [("é" * length, "b" * length), ("x", None)]
    found = yxdb_rows(write(tmp_path / "a.yxdb", rows, fields))
    assert found == [{"a": "é" * length, "b": "b" * length}, {"a": "x", "b": None}]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.none() | texts, st.none() | st.integers(-(2**31), 2**31 - 1))))
def test_whatever_is_written_is_read(tmp_path: Path, rows: list[tuple[Cell, ...]]) -> None:
    fields = (Field("text", FieldType.V_WSTRING, 1000), Field("number", FieldType.INT32))
    found = yxdb_rows(write(tmp_path / "a.yxdb", rows, fields))
    assert [(row["text"], row["number"]) for row in found] == rows


def test_many_records_fill_many_blocks_and_an_index(tmp_path: Path) -> None:
    fields = (Field("number", FieldType.INT64), Field("text", FieldType.V_WSTRING, 20))
    rows: list[tuple[Cell, ...]] = [(n, f"record {n}") for n in range(70_000)]
    path = write(tmp_path / "a.yxdb", rows, fields)
    reader = YxdbReader(path=str(path))
    assert reader.num_records == 70_000
    for number, text in rows:
        assert reader.next()
        assert (reader.read_index(0), reader.read_index(1)) == (number, text)
    content = path.read_bytes()
    (index_at,) = struct.unpack_from("<q", content, 96)
    count, first, second = struct.unpack_from("<iqq", content, index_at)
    assert (count, len(content)) == (2, index_at + 4 + 2 * 8)
    (layout_length,) = struct.unpack_from("<I", content, 80)
    assert first == 512 + 2 * layout_length
    # The second entry names the block that begins with record 65,536.
    assert struct.unpack_from("<q", content, second + 4) == (65_536,)


def test_a_file_without_records_is_valid(tmp_path: Path) -> None:
    assert yxdb_rows(write(tmp_path / "a.yxdb", [])) == []


def test_names_are_escaped_in_the_layout(tmp_path: Path) -> None:
    fields = (Field('a "b" <c> & é', FieldType.INT32, source='from "x"'),)
    (row,) = yxdb_rows(write(tmp_path / "a.yxdb", [(7,)], fields))
    assert row == {'a "b" <c> & é': 7}


def test_a_text_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    for field in (Field("code", FieldType.STRING, 3), Field("text", FieldType.V_WSTRING, 3)):
        with pytest.raises(ValueError, match="does not fit"):
            write(tmp_path / "a.yxdb", [("long",)], (field,))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside the project")
@pytest.mark.parametrize("name", ["authors.yxdb", "xml_input.yxdb"])
def test_the_layout_is_that_of_files_alteryx_wrote(tmp_path: Path, name: str) -> None:
    theirs = (SAMPLES / name).read_bytes()
    ours = write(tmp_path / "a.yxdb", [FULL]).read_bytes()
    description = struct.Struct("<25s")
    assert description.unpack_from(ours) == description.unpack_from(theirs)
    facts = struct.Struct("<I4xIIII q")  # file id, flags, layout length, …, spatial index
    our_facts, their_facts = facts.unpack_from(ours, 64), facts.unpack_from(theirs, 64)
    assert our_facts[:3] == their_facts[:3]
    assert our_facts[4:] == their_facts[4:]
    assert struct.unpack_from("<i", ours, 112) == struct.unpack_from("<i", theirs, 112)
    assert set(ours[116:512]) == set(theirs[116:512]) == {0}
    for content in (ours, theirs):
        (layout_length,) = struct.unpack_from("<I", content, 80)
        layout = content[512 : 512 + 2 * layout_length].decode("utf-16-le")
        assert "<RecordInfo>\n\t<Field " in layout
        assert layout.endswith(("</RecordInfo>\n</MetaInfo>\n\0", "</RecordInfo>\n\0"))
        (index_at,) = struct.unpack_from("<q", content, 96)
        assert struct.unpack_from("<iq", content, index_at) == (1, 512 + 2 * layout_length)
        assert len(content) == index_at + 12
