"""Uploaded tables are read as people's programs write them, and checked line by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter

from apps.emulator.workflows.budget import BUDGET_CHECK
from apps.emulator.workflows.invoices import INVOICE_MATCH, purchase_orders
from apps.emulator.workflows.tables import Column, Row, Sheet, Style, Table, write_xlsx
from apps.emulator.workflows.uploads import UnreadableFileError, read_tables

from .conftest import FinishedJob, Run, UnknownFileError
from .readers import csv_rows, sheet_rows

HEADER = "Cost centre,Account,Month,Amount"


def check(run: Run, content: str | bytes, tmp_path: Path, **answers: str) -> FinishedJob:
    path = tmp_path / "upload"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    named = {name.replace("_", " "): value for name, value in answers.items()}
    return run(BUDGET_CHECK, {"Budget file": "file-1"} | named, uploads={"file-1": path})


def test_a_right_budget_has_no_findings(run: Run, tmp_path: Path) -> None:
    job = check(run, f"{HEADER}\n1000,6000,2026-10,100\n1010,6100,2027-09-30,250.50\n", tmp_path)
    assert csv_rows(job.file("budget_findings.csv")) == []
    assert job.warnings == []
    assert "2 of 2 lines can be uploaded as is" in job.log


@pytest.mark.parametrize(
    ("line", "expected", "text"),
    [
        ("1045,6000,2026-10,100", ("Cost centre", "Correct"), "no such cost centre"),
        ("1000,9999,2026-10,100", ("Account", "Correct"), "cannot be budgeted"),
        ("1000,6000,2026-13,100", ("Month", "Correct"), "Not a month"),
        ("1000,6000,2025-10,100", ("Month", "Correct"), "not in fiscal year 2027"),
        ("1000,6000,2026-10,n/a", ("Amount", "Correct"), "Not a number"),
        ("1000,6000,2026-10,1e999", ("Amount", "Correct"), "Not a number"),
        ("1000,6000,2026-10", ("Amount", "Correct"), "Not a number"),
        ("1000,6000,2026-10,-5", ("Amount", "Review"), "negative"),
        ("1000,6000,2026-10,50001", ("Amount", "Review"), "above 50,000"),
    ],
)
def test_each_mistake_is_found_at_its_line(
    run: Run, tmp_path: Path, line: str, expected: tuple[str, str], text: str
) -> None:
    job = check(run, f"{HEADER}\n1000,6200,2026-11,1\n{line}\n", tmp_path)
    (finding,) = csv_rows(job.file("budget_findings.csv"))
    assert (finding["Line"], finding["Column"], finding["Action"]) == ("3", *expected)
    assert text in finding["What is wrong"]


def test_a_repeated_line_names_the_first(run: Run, tmp_path: Path) -> None:
    line = "1000,6000,2026-10,100\n"
    job = check(run, f"{HEADER}\n{line}1000,6000,2026-11,100\n{line}", tmp_path)
    (finding,) = csv_rows(job.file("budget_findings.csv"))
    assert finding["Line"] == "4"
    assert finding["What is wrong"].startswith("Line 2 has the same")


def test_year_and_limit_change_the_findings(run: Run, tmp_path: Path) -> None:
    content = f"{HEADER}\n1000,6000,2025-10,60000\n"
    found = check(run, content, tmp_path)
    assert len(csv_rows(found.file("budget_findings.csv"))) == 2
    none = check(run, content, tmp_path, Fiscal_year="2026", Largest_amount="60000")
    assert csv_rows(none.file("budget_findings.csv")) == []


def test_stopping_at_errors_ends_in_error_with_every_line_named(run: Run, tmp_path: Path) -> None:
    content = f"{HEADER}\n1,6000,2026-10,1\n1000,6000,2026-10,x\n"
    job = check(run, content, tmp_path, Stop_at_errors="True")
    assert [error[:22] for error in job.errors] == [
        "Tool #8: Line 2, Cost ",
        "Tool #8: Line 3, Amoun",
    ]
    assert job.outputs == {}


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n1000,6000,2026-10,100\n".replace(",", ";").encode(),
        f"\ufeff{HEADER}\r\n1000,6000,2026-10,100\r\n".encode(),
        f"{HEADER}\n1000,6000,2026-10,100\n".replace(",", "\t").encode("utf-16"),
        b"Amount,MONTH, account ,cost centre,Caf\xe9\n100,2026-10,6000,1000,\xe9\n",
    ],
)
def test_csv_is_read_in_any_usual_dress(run: Run, tmp_path: Path, content: bytes) -> None:
    assert "1 of 1 lines can be uploaded as is" in check(run, content, tmp_path).log


def test_a_workbook_is_read_like_a_csv(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Budget")
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, [1000, 6000])
        sheet.write_datetime(1, 2, date(2026, 10, 1), book.add_format({"num_format": "mmm yy"}))
        sheet.write(1, 3, 1250.5)
        sheet.write_row(3, 0, ["2200", "6600", "2027-01", 99])
    job = check(run, path.read_bytes(), tmp_path)
    assert csv_rows(job.file("budget_findings.csv")) == []
    assert '2 records were read from "Budget"' in job.log


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "Tool #4: The budget file cannot be read. The file is empty."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx"),
        (b"PK\x03\x04 broken", "not a workbook or is damaged"),
        (b"\x89PNG\0\0\0\0", "neither a csv nor an xlsx"),
        (b"a,b\n1,2\n", "Tool #5: The first line must name the columns"),
        (b"Cost centre,Account,Month\n", "missing: Amount"),
        (b"\n\n", "The first worksheet of the budget file is empty"),
    ],
)
def test_an_unreadable_file_is_explained(
    run: Run, tmp_path: Path, content: bytes, text: str
) -> None:
    job = check(run, content, tmp_path)
    assert text in job.errors[0]
    assert job.outputs == {}


def test_a_file_nobody_uploaded_ends_the_job(run: Run) -> None:
    with pytest.raises(UnknownFileError):
        run(BUDGET_CHECK, {"Budget file": "nowhere.csv"})


def test_our_reader_agrees_with_an_independent_one(tmp_path: Path) -> None:
    columns = (Column("a"), Column("b", Style.MONEY), Column("c", Style.DAY))
    table = Table(
        columns, [("x & <y>", 1.5, date(2026, 1, 2)), (None, 2.0, None), ("", None, None)]
    )
    sheets = [Sheet("One", table), Sheet("Two & more", table, "Title")]
    path = write_xlsx(tmp_path / "a.xlsx", sheets)
    ours = read_tables(path)
    assert list(ours) == ["One", "Two & more"]
    assert ours["One"][:2] == [["a", "b", "c"], ["x & <y>", "1.5", "46024"]]
    theirs = sheet_rows(path, "One")
    assert theirs[1] == ["x & <y>", 1.5, date(2026, 1, 2)]


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [Sheet("One", Table((Column("a"),), [("b",)]))])
    changed = tmp_path / "b.xlsx"
    with ZipFile(path) as source, ZipFile(changed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/workbook.xml":
                content = content.replace(
                    b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook', 1
                )
            target.writestr(name, content)
    with pytest.raises(UnreadableFileError, match="entities"):
        read_tables(changed)


def test_the_invoice_match_fails_with_telling_messages(run: Run) -> None:
    job = run(INVOICE_MATCH)
    missing, nothing = job.errors
    assert missing.startswith('Tool #4: The sheet "Invoices" does not exist in supplier_invoices')
    assert missing.endswith('It has: "Cover", "Inv_Sept", "Notes".')
    assert nothing == "Tool #6: No incoming records: the invoices could not be read."
    assert job.outputs == {}
    assert job.messages[-1].text.endswith("with 1 warning and 2 errors")


def test_the_right_sheet_makes_the_invoice_match_succeed(run: Run) -> None:
    job = run(INVOICE_MATCH, {"Sheet": "inv_sept"})
    rows = sheet_rows(job.file("invoice_match.xlsx"), "Match")[3:]
    assert len(rows) == len(purchase_orders())
    review = csv_rows(job.file("invoices_to_review.csv"))
    assert len(review) == sum(row[6] != "Matched" for row in rows)


def test_the_tolerance_decides_what_matches(run: Run) -> None:
    counts = [
        len(csv_rows(run(INVOICE_MATCH, answers).file("invoices_to_review.csv")))
        for answers in ({"Sheet": "Inv_Sept", "Tolerance": limit} for limit in ("0", "2", "10"))
    ]
    assert counts[0] > counts[1] > counts[2]


def test_a_sheet_without_the_fields_names_each(run: Run) -> None:
    job = run(INVOICE_MATCH, {"Sheet": "Cover"})
    assert len(job.errors) == 4
    assert 'The field "Amount" is missing' in job.errors[3]


def test_an_unreadable_invoice_file_is_explained(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")
    job = run(INVOICE_MATCH, {"Invoice file": "f"}, uploads={"f": path})
    assert job.errors == ["Tool #4: The invoice file cannot be read. The file is empty."]


def test_an_uploaded_invoice_file_is_matched(run: Run, tmp_path: Path) -> None:
    order, (supplier, value) = next(iter(purchase_orders().items()))
    columns = tuple(Column(name) for name in ("Invoice", "Supplier", "Order", "Amount"))
    rows: list[Row] = [
        ("I1", supplier, order, value),
        ("I2", supplier, "PO-1", 5.0),
        ("I3", "", order, "?"),
    ]
    path = write_xlsx(tmp_path / "a.xlsx", [Sheet("Invoices", Table(columns, rows))])
    job = run(INVOICE_MATCH, {"Invoice file": "f"}, uploads={"f": path})
    results = [row["Result"] for row in csv_rows(job.file("invoice_match.xlsx", "Csv"))]
    assert results == ["Matched", "No such order", "Unreadable"]
