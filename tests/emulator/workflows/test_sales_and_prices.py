"""Extracts and price tables follow their answers."""

from __future__ import annotations

import json

import pytest

from apps.emulator.workflows import company
from apps.emulator.workflows.prices import EXCHANGE_RATES, PRICE_LIST
from apps.emulator.workflows.sales import SALES_EXTRACT, TRANSACTION_DUMP

from .conftest import DefaultJob, Run
from .readers import csv_rows, sheet_rows


@pytest.mark.parametrize("region", company.REGIONS)
def test_the_extract_holds_one_region_and_the_asked_days(run: Run, region: str) -> None:
    dates = {"Orders on or after": "2026-03-05", "Orders on or before": "2026-03-20"}
    rows = csv_rows(
        run(SALES_EXTRACT, {"Region": region} | dates).file(f"sales_{region.lower()}.csv")
    )
    assert {row["Region"] for row in rows} == {region}
    assert min(row["Order date"] for row in rows) >= "2026-03-05"
    assert max(row["Order date"] for row in rows) <= "2026-03-20"


def test_all_regions_are_the_sum_of_each(run: Run) -> None:
    counts = [
        len(csv_rows(next(iter(run(SALES_EXTRACT, {"Region": region}).outputs.values()))["Csv"]))
        for region in ("*", *company.REGIONS)
    ]
    assert counts[0] == sum(counts[1:])


def test_the_extract_agrees_with_the_company(run: Run) -> None:
    answers = {
        "Region": "*",
        "Orders on or after": str(company.FIRST_DAY),
        "Orders on or before": str(company.LAST_DAY),
    }
    rows = csv_rows(run(SALES_EXTRACT, answers).file("sales_all.csv"))
    total = sum(float(row["Net sales EUR"]) for row in rows)
    assert total == pytest.approx(sum(line.amount for line in company.order_lines()))


def test_a_list_answer_as_json_means_the_same(run: Run) -> None:
    chosen = json.dumps([{"key": "North", "value": True}, {"key": "East", "value": "false"}])
    plain, as_json = run(SALES_EXTRACT, {"Region": "North"}), run(SALES_EXTRACT, {"Region": chosen})
    assert (
        plain.file("sales_north.csv").read_bytes() == as_json.file("sales_north.csv").read_bytes()
    )


def test_customer_details_add_columns(run: Run) -> None:
    without = csv_rows(run(SALES_EXTRACT).file("sales_east.csv"))
    details = csv_rows(run(SALES_EXTRACT, {"Customer details": "TRUE"}).file("sales_east.csv"))
    assert len(without) == len(details)
    assert set(details[0]) - set(without[0]) == {"Customer", "Name", "Segment", "Contact"}


def test_a_period_without_orders_gives_a_header_and_a_warning(run: Run) -> None:
    dates = {"Orders on or after": "2030-01-01", "Orders on or before": "2030-01-31"}
    job = run(SALES_EXTRACT, dates)
    assert csv_rows(job.file("sales_east.csv")) == []
    assert not job.errors
    assert "No orders between" in job.warnings[0]
    assert job.messages[-1].text.endswith("with 1 warning")


@pytest.mark.parametrize(
    ("answers", "tool", "text"),
    [
        ({"Orders on or before": "2026-06-30"}, 16, "lies before its start"),
        ({"Orders on or after": "31/12/2025"}, 15, "not a valid date"),
        ({"Orders on or after": ""}, 15, "not a valid date"),
        ({"Region": "Atlantis"}, 14, '"Atlantis" is not one of the choices'),
        ({"Region": ""}, 14, "exactly one value"),
        ({"Region": "North,South"}, 14, "exactly one value"),
    ],
)
def test_bad_answers_end_in_an_error_of_their_tool(
    run: Run, answers: dict[str, str], tool: int, text: str
) -> None:
    job = run(SALES_EXTRACT, answers)
    (error,) = job.errors
    assert error.startswith(f"Tool #{tool}: ")
    assert text in error
    assert job.outputs == {}
    assert job.messages[-1].text.endswith("with 1 error")


def test_the_dump_has_two_hundred_thousand_receipts(default_job: DefaultJob) -> None:
    rows = csv_rows(default_job(TRANSACTION_DUMP).file("transactions.csv"))
    assert len(rows) == 200_000
    assert len({row["Receipt"] for row in rows}) == 200_000
    assert {row["Store"] for row in rows} == {store.code for store in company.stores()}


def test_the_dump_is_as_long_as_asked(run: Run) -> None:
    assert (
        len(csv_rows(run(TRANSACTION_DUMP, {"Receipts": "1234"}).file("transactions.csv"))) == 1234
    )


@pytest.mark.parametrize("count", ["999", "500001", "1500.5", "many", "nan", ""])
def test_a_bad_number_of_receipts_is_refused(run: Run, count: str) -> None:
    job = run(TRANSACTION_DUMP, {"Receipts": count})
    assert job.errors[0].startswith("Tool #3: ")
    assert job.outputs == {}


def test_rates_against_another_base_are_consistent(run: Run) -> None:
    euro = csv_rows(run(EXCHANGE_RATES).file("exchange_rates_2026-09-30.csv"))
    dollar = csv_rows(
        run(EXCHANGE_RATES, {"Base currency": "USD"}).file("exchange_rates_2026-09-30.csv")
    )
    rate = {row["Currency"]: float(row["Rate"]) for row in euro}
    assert {row["Currency"] for row in dollar} == (set(rate) | {"EUR"}) - {"USD"}
    for row in dollar:
        expected = rate.get(row["Currency"], 1.0) / rate["USD"]
        assert float(row["Rate"]) == pytest.approx(expected, rel=1e-5)
        assert float(row["Lowest in 30 days"]) <= float(row["Rate"])
        assert float(row["Rate"]) <= float(row["Highest in 30 days"])


@pytest.mark.parametrize("day", ["2026-09-26", "2026-09-27"])
def test_a_weekend_takes_fridays_rates(run: Run, day: str) -> None:
    job = run(EXCHANGE_RATES, {"Rate date": day})
    assert list(job.outputs) == ["exchange_rates_2026-09-25.csv"]
    assert "not a working day" in job.warnings[0]


@pytest.mark.parametrize("day", ["2026-10-01", "2020-01-01"])
def test_a_day_without_rates_is_an_error(run: Run, day: str) -> None:
    assert "No rates were published" in run(EXCHANGE_RATES, {"Rate date": day}).errors[0]


def test_the_price_list_holds_the_listed_codes_only(run: Run) -> None:
    job = run(PRICE_LIST, {"Product codes": "fur-010\n kit-020 \n\nXXX-999"})
    rows = csv_rows(job.file("price_list.xlsx", "Csv"))
    assert [row["Code"] for row in rows] == ["FUR-010", "KIT-020"]
    assert "XXX-999" in job.warnings[0]


def test_rebate_and_tax_change_every_price(run: Run) -> None:
    plain = run(PRICE_LIST)
    taxed = run(
        PRICE_LIST,
        {
            "Prices without tax": "False",
            "Prices with tax": "True",
            "Tax of country": "DK",
            "Rebate": "10",
        },
    )
    before = csv_rows(plain.file("price_list.xlsx", "Csv"))
    after = csv_rows(taxed.file("price_list.xlsx", "Csv"))
    for one, other in zip(before, after, strict=True):
        net = float(one["Price EUR without tax"])
        assert float(other["Price EUR with 25 % tax (Denmark)"]) == pytest.approx(
            net * 0.9 * 1.25, abs=0.01
        )
    sheet = sheet_rows(taxed.file("price_list.xlsx", "Xlsx"), "Price list")
    assert sheet[2][0] == "Code"
    assert sheet[3][4] == pytest.approx(float(after[0]["Price EUR with 25 % tax (Denmark)"]))


def test_two_pressed_radio_buttons_are_refused(run: Run) -> None:
    job = run(PRICE_LIST, {"Prices with tax": "True"})
    assert job.errors[0].startswith("Tool #24: Only one of these can be chosen")


def test_a_price_list_of_nothing_is_an_error(run: Run) -> None:
    assert "nothing to list" in run(PRICE_LIST, {"Categories": ""}).errors[0]
