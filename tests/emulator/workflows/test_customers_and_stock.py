"""Customer, stock and people workflows follow their answers."""

from __future__ import annotations

from datetime import datetime

import pytest

from apps.emulator.workflows import company
from apps.emulator.workflows.churn import CUSTOMER_CHURN
from apps.emulator.workflows.customers import CUSTOMER_LIST
from apps.emulator.workflows.people import ABSENCES, HEADCOUNT
from apps.emulator.workflows.stock import INVENTORY_AGEING
from apps.emulator.workflows.upkeep import CACHE_REFRESH, DATA_QUALITY

from .conftest import Run
from .readers import csv_rows, sheet_rows, yxdb_rows


def test_the_customer_list_says_the_same_as_yxdb_and_csv(run: Run) -> None:
    job = run(CUSTOMER_LIST, {"Stores": "S001,S044", "Active customers only": "False"})
    rows = yxdb_rows(job.file("customers.yxdb", "Yxdb"))
    texts = csv_rows(job.file("customers.yxdb", "Csv"))
    wanted = [c for c in company.customers() if c.store.code in {"S001", "S044"}]
    assert [row["CustomerID"] for row in rows] == [customer.number for customer in wanted]
    assert [int(row["CustomerID"]) for row in texts] == [row["CustomerID"] for row in rows]
    for row, customer in zip(rows, wanted, strict=True):
        assert row["Name"] == customer.name
        assert row["CreditLimit"] == customer.credit_limit
        assert row["Newsletter"] is customer.newsletter
        assert row["CustomerSince"] == datetime.combine(customer.since, datetime.min.time())


def test_stores_may_be_named_by_what_people_see(run: Run) -> None:
    by_code = run(CUSTOMER_LIST, {"Stores": "S008"}).file("customers.yxdb")
    by_name = run(CUSTOMER_LIST, {"Stores": "Oslo (Norway)"}).file("customers.yxdb")
    assert by_code.read_bytes() == by_name.read_bytes()


def test_sleeping_customers_are_left_out_on_request(run: Run) -> None:
    every = ",".join(store.code for store in company.stores())
    active = yxdb_rows(run(CUSTOMER_LIST, {"Stores": every}).file("customers.yxdb"))
    everyone = {"Stores": every, "Active customers only": "False"}
    assert len(active) < len(yxdb_rows(run(CUSTOMER_LIST, everyone).file("customers.yxdb"))) == 720
    assert min(row["LastOrder"] for row in active) > datetime.fromisoformat("2025-09-30")


def test_no_store_is_an_error(run: Run) -> None:
    assert run(CUSTOMER_LIST, {"Stores": ""}).errors == [
        "Tool #31: No store is selected; choose at least one."
    ]


def test_the_threshold_decides_who_is_at_risk(run: Run) -> None:
    counts = []
    for days in ("30", "90", "365"):
        rows = csv_rows(run(CUSTOMER_CHURN, {"Quiet for days": days}).file("customers_at_risk.csv"))
        assert all(int(row["Quiet days"]) > int(days) for row in rows)
        assert {row["State"] for row in rows} <= {"At risk", "Lost"}
        counts.append(len(rows))
    assert counts[0] > counts[1] > counts[2] > 0


def test_segments_choose_customers(run: Run) -> None:
    job = run(CUSTOMER_CHURN, {"Customer segments": "EDU,ONL", "Smallest yearly sales": "0"})
    rows = csv_rows(job.file("customers_at_risk.csv"))
    assert {row["Segment"] for row in rows} == {"Education", "Online"}
    assert "Education, Online" in job.file("customer_churn.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"Quiet for days": "29"}, "Tool #52: The value 29 is out of range"),
        ({"Quiet for days": "366"}, "Tool #52: The value 366 is out of range"),
        ({"Customer segments": ""}, "Tool #51: No segment is selected"),
        ({"Smallest yearly sales": "100000"}, "Tool #8: No customer is left"),
    ],
)
def test_bad_churn_answers_are_errors(run: Run, answers: dict[str, str], error: str) -> None:
    job = run(CUSTOMER_CHURN, answers)
    assert job.errors[0].startswith(error)
    assert job.outputs == {}


def test_the_ageing_agrees_with_the_stock(run: Run) -> None:
    path = run(INVENTORY_AGEING).file("inventory_ageing.xlsx", "Xlsx")
    lots = sheet_rows(path, "Lots")[3:-1]
    assert len(lots) == len(company.stock_lots())
    total = sum(lot.value for lot in company.stock_lots())
    assert sum(row[9] for row in lots) == pytest.approx(total)
    ageing = sheet_rows(path, "Ageing")
    assert sum(row[6] for row in ageing[3:-1]) == pytest.approx(total, abs=0.05)
    assert ageing[-1][0] == "Total"


def test_nested_answers_count_only_while_their_check_box_is_on(run: Run) -> None:
    off = run(INVENTORY_AGEING, {"Warehouses": "LYO", "Flag old stock": "False"})
    lots = sheet_rows(off.file("inventory_ageing.xlsx"), "Lots")[3:-1]
    assert {row[1] for row in lots} == set(company.WAREHOUSES)
    assert {row[10] for row in lots} == {"no"}
    on = run(INVENTORY_AGEING, {"Choose warehouses": "true", "Warehouses": "LYO,BIL"})
    lots = sheet_rows(on.file("inventory_ageing.xlsx"), "Lots")[3:-1]
    assert {row[1] for row in lots} == {"Lyon", "Bilbao"}


def test_the_age_limit_decides_the_write_down(run: Run) -> None:
    sums = []
    for days, share in (("30", "50"), ("180", "50"), ("180", "100")):
        job = run(INVENTORY_AGEING, {"Old after days": days, "Write-down": share})
        lots = sheet_rows(job.file("inventory_ageing.xlsx"), "Lots")[3:-1]
        assert all((row[10] == "yes") == (row[6] > int(days)) for row in lots)
        sums.append(sum(row[11] for row in lots))
    assert sums[0] > sums[1]
    assert sums[2] == pytest.approx(2 * sums[1], abs=1)


def test_choosing_no_warehouse_is_an_error(run: Run) -> None:
    job = run(INVENTORY_AGEING, {"Choose warehouses": "True", "Warehouses": ""})
    assert job.errors == ["Tool #42: No warehouse is selected; choose at least one."]


def test_the_headcount_belongs_to_the_folders_month(run: Run) -> None:
    counts = set()
    for month in ("2025-03", "2026-09"):
        job = run(HEADCOUNT, {"Payroll folder": rf"\\files\payroll\{month}"})
        rows = csv_rows(job.file(f"headcount_{month}_departments.csv"))
        total = sum(int(row["People"]) for row in rows)
        regions = sheet_rows(job.file(f"headcount_{month}.xlsx"), "By region")[3:-1]
        assert sum(sum(row[1:]) for row in regions) == total
        counts.add(total)
    assert len(counts) == 2


@pytest.mark.parametrize("folder", ["", r"C:\temp", r"\\files\payroll\2031-01", "2026-13"])
def test_a_folder_without_payroll_files_is_an_error(run: Run, folder: str) -> None:
    job = run(HEADCOUNT, {"Payroll folder": folder})
    assert job.errors[0].startswith("Tool #81: ")


def test_salaries_need_the_pass_phrase_and_never_log_it(run: Run) -> None:
    refused = run(HEADCOUNT, {"Include salary bands": "True", "Pass phrase": "guessed-wrong"})
    assert refused.errors == ["Tool #83: The payroll files do not open: wrong pass phrase."]
    assert "guessed-wrong" not in refused.log
    shown = run(HEADCOUNT, {"Include salary bands": "True", "Pass phrase": "fernhill"})
    assert "fernhill" not in shown.log
    rows = csv_rows(shown.file("headcount_2026-09_departments.csv"))
    assert all(20_000 < float(row["Average salary EUR"]) < 120_000 for row in rows)


def test_absences_are_of_the_chosen_department(run: Run) -> None:
    rows = csv_rows(run(ABSENCES, {"Department": "Finance"}).file("absences.csv"))
    assert {row["Department"] for row in rows} == {"Finance"}
    assert len(rows) == 48


def test_the_scan_counts_what_it_lists(run: Run) -> None:
    job = run(DATA_QUALITY)
    path = job.file("data_quality.xlsx", "Xlsx")
    rules, findings = sheet_rows(path, "Rules")[3:], sheet_rows(path, "Findings")[3:]
    assert len(rules) == 11
    assert sum(row[3] for row in rules) == len(findings)
    assert all("rule" not in warning for warning in job.warnings)


def test_the_refresh_leaves_no_output(run: Run) -> None:
    job = run(CACHE_REFRESH)
    assert job.outputs == {}
    assert not job.errors
    assert "up to date" in job.log
