"""Pages of csv files as they come: any delimiter, quote, encoding, and damage."""

from __future__ import annotations

import io

import pytest

from apps.results.tables import MAX_CELL, MAX_COLUMNS, NotATable, TablePage, read_page


def page(content: bytes | str, **options: int) -> TablePage:
    data = content.encode() if isinstance(content, str) else content
    return read_page(io.BytesIO(data), **options)


def texts(table: TablePage) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_usual_delimiters_are_recognised(delimiter: str) -> None:
    table = page(f"Region{delimiter}Amount\nEast{delimiter}10\n")
    assert [column.name for column in table.columns] == ["Region", "Amount"]
    assert texts(table) == [["East", "10"]]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Ort\nKöln\n"),
        ("utf-8-sig", "Ort\nKöln\n"),
        ("utf-16", "Ort\nKöln\n"),
        ("cp1252", "Ort\nKöln, 5 €\n"),
    ],
)
def test_usual_encodings_are_read(encoding: str, text: str) -> None:
    table = page(text.encode(encoding))
    assert table.columns[0].name == "Ort"
    assert texts(table)[0][0] == text.splitlines()[1].split(",")[0]


def test_quoted_delimiters_and_line_breaks_stay_in_their_cell() -> None:
    table = page('Name,Note\n"Berg, Anna","two\nlines"\n')
    assert texts(table) == [["Berg, Anna", "two\nlines"]]


def test_numbers_are_told_from_text_by_column() -> None:
    table = page('A,B,C\n1,x,"1,234.50"\n-2.5,7,\n')
    assert [column.is_number for column in table.columns] == [True, False, True]


def test_pages_follow_each_other_without_gap() -> None:
    content = "n\n" + "".join(f"{i}\n" for i in range(1, 121))
    first, third = page(content, page=1), page(content, page=3)
    assert (first.first, first.last, first.has_more) == (1, 50, True)
    assert (third.first, third.last, third.has_more) == (101, 120, False)
    assert texts(third)[0] == ["101"]


def test_a_page_beyond_the_end_is_empty() -> None:
    table = page("n\n1\n", page=9)
    assert (table.rows, table.first, table.last, table.has_more) == ([], 0, 0, False)


def test_ragged_rows_are_shown_and_counted() -> None:
    table = page("a,b\n1\n1,2,3\n1,2\n")
    assert texts(table) == [["1", ""], ["1", "2"], ["1", "2"]]
    assert table.ragged == 2


def test_wide_tables_say_how_many_columns_are_left_out() -> None:
    table = page(",".join(f"c{i}" for i in range(100_000)) + "\n")
    assert len(table.columns) == MAX_COLUMNS
    assert table.left_out == 100_000 - MAX_COLUMNS


def test_long_cells_are_cut_and_say_so() -> None:
    table = page(f"a\n{'x' * 2000}\n")
    assert len(table.rows[0][0].text) == MAX_CELL
    assert table.rows[0][0].is_cut


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(content: bytes) -> None:
    with pytest.raises(NotATable, match="empty"):
        page(content)


def test_binary_content_is_not_shown_as_a_table() -> None:
    with pytest.raises(NotATable, match="not a text file"):
        page(b"PK\x03\x04\x00\x00\x00a,b")


def test_one_line_of_many_megabytes_is_refused() -> None:
    with pytest.raises(NotATable, match="too long"):
        page(b"a,b\n" + b"x" * 3_000_000)


def test_a_header_alone_is_a_table_without_rows() -> None:
    table = page("Region,Amount\n")
    assert (len(table.columns), table.rows) == (2, [])
