"""Customer churn: who has gone quiet, measured against their own habit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company, html_report
from apps.emulator.workflows.answers import items, items_of, number_of
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.html_report import Tile
from apps.emulator.workflows.tables import Column, Row, Style, Table, offer_csv, offer_html

SEGMENT_CODES = {
    "Retail": "RTL",
    "Hospitality": "HOS",
    "Education": "EDU",
    "Healthcare": "HLT",
    "Public sector": "PUB",
    "Online": "ONL",
}
SEGMENTS = InterfaceTool(
    name="Customer segments",
    kind=Kind.LIST_BOX,
    description="Which kinds of customers shall the report cover?",
    default="RTL,HOS",
    items=items(*SEGMENT_CODES.items()),
    multiple=True,
    tool_id=51,
)
QUIET_DAYS = InterfaceTool(
    name="Quiet for days",
    kind=Kind.NUMERIC_UP_DOWN,
    description="After how many days without an order is a customer at risk?",
    default="90",
    minimum=30,
    maximum=365,
    increment=5,
    decimals=0,
    tool_id=52,
)
LEAST_SALES = InterfaceTool(
    name="Smallest yearly sales",
    kind=Kind.NUMERIC_UP_DOWN,
    description="Leave out customers who bought for less than this many euro in their best year",
    default="1000",
    minimum=0,
    maximum=100_000,
    increment=250,
    decimals=0,
    tool_id=53,
)
YEAR = timedelta(days=365)
LOST_FACTOR = 2  # quiet for twice the limit counts as lost
COLUMNS = (
    Column("Customer"),
    Column("Name", width=26),
    Column("Segment"),
    Column("Region"),
    Column("Store"),
    Column("Last order", Style.DAY),
    Column("Quiet days", Style.WHOLE),
    Column("Usual gap", Style.WHOLE),
    Column("Sales this year EUR", Style.MONEY),
    Column("Sales year before EUR", Style.MONEY),
    Column("State"),
)
CALL_LIST = (1, 2, 4, 5, 6, 8, 9, 10)  # the columns a page has room for


@dataclass(frozen=True, slots=True)
class Habit:
    """How one customer orders; amounts in euro, gaps in days."""

    customer: company.Customer
    quiet: int
    usual_gap: int
    this_year: float
    year_before: float
    state: str  # Loyal, At risk or Lost

    @property
    def row(self) -> Row:
        customer = self.customer
        return (
            *(customer.number, customer.name, customer.segment, customer.store.region),
            customer.store.city,
            company.LAST_DAY - timedelta(days=self.quiet),
            *(self.quiet, self.usual_gap, self.this_year, self.year_before, self.state),
        )


def _customer_churn(engine: Engine) -> None:
    segments = {item.key for item in items_of(engine, SEGMENTS)}
    if not segments:
        raise ToolError(SEGMENTS.tool_id, "No segment is selected; choose at least one.")
    limit, least = number_of(engine, QUIET_DAYS), number_of(engine, LEAST_SALES)
    everyone = company.customers()
    engine.read(4, len(everyone), "customers.yxdb", seconds=0.5)
    engine.read(5, len(company.order_lines()), "orders.yxdb", seconds=0.8)
    found = [_habit(c, limit) for c in everyone if c.segment in segments]
    habits = [h for h in found if h and max(h.this_year, h.year_before) >= least]
    engine.join(7, len(habits), len(everyone) - len(habits), 0)
    if not habits:
        raise ToolError(8, "No customer is left after the filter; lower the smallest sales.")
    engine.work(1.2)
    habits.sort(key=lambda habit: (-max(habit.year_before, habit.this_year), habit.customer.number))
    leaving = [habit for habit in habits if habit.state != "Loyal"]
    engine.say(9, f"{len(leaving)} of {len(habits)} customers are at risk or lost")
    offer_html(engine, 11, "customer_churn.html", _report(habits, leaving, segments, limit))
    offer_csv(engine, 12, "customers_at_risk.csv", Table(COLUMNS, [h.row for h in leaving]))


def _habit(customer: company.Customer, limit: float) -> Habit | None:
    lines = company.lines_of(customer.number)
    if not lines:
        return None
    days = sorted({line.day for line in lines})
    quiet = (company.LAST_DAY - days[-1]).days
    year_ago = company.LAST_DAY - YEAR
    this_year = sum(line.amount for line in lines if line.day > year_ago)
    before = sum(line.amount for line in lines if line.day <= year_ago)
    state = "Loyal" if quiet <= limit else "At risk" if quiet <= LOST_FACTOR * limit else "Lost"
    gap = (days[-1] - days[0]).days // max(1, len(days) - 1)
    return Habit(customer, quiet, gap, round(this_year, 2), round(before, 2), state)


def _report(
    habits: Sequence[Habit], leaving: Sequence[Habit], segments: set[str], limit: float
) -> str:
    rate = len(leaving) / len(habits)
    at_stake = sum(habit.year_before for habit in leaving)
    lost = sum(habit.state == "Lost" for habit in leaving)
    tiles = [
        Tile("Customers", f"{len(habits):,}", "in the chosen segments"),
        Tile("Quiet customers", f"{rate:.1%}", f"{len(leaving)} customers", _tone(rate)),
        Tile("Lost", f"{lost:,}", f"quiet for over {LOST_FACTOR * limit:.0f} days", "bad"),
        Tile("Sales at stake", f"{at_stake:,.0f} EUR", "bought in the year before", "warn"),
    ]
    by_region = Counter(habit.customer.store.region for habit in leaving)
    by_segment = Counter(habit.customer.segment for habit in leaving)
    marks = {
        index: "bad" if habit.state == "Lost" else "warn" for index, habit in enumerate(leaving)
    }
    sections = [
        html_report.section("Where they are", html_report.bar_chart(by_region.most_common())),
        html_report.section(
            "What kind of customers", html_report.bar_chart(by_segment.most_common(), tone="warn")
        ),
        html_report.section(
            "Whom to call first",
            html_report.table(_call_list(leaving), limit=25, marks=marks),
            lead="Ordered by the sales of their better year. The csv file has everyone.",
        ),
    ]
    subtitle = f"{', '.join(sorted(segments))} · quiet for more than {limit:.0f} days"
    return html_report.page("Customer churn report", subtitle, tiles, sections)


def _call_list(leaving: Sequence[Habit]) -> Table:
    """Return what fits on a page of the full table."""
    shown = [COLUMNS[index] for index in CALL_LIST]
    return Table(tuple(shown), [tuple(h.row[index] for index in CALL_LIST) for h in leaving])


def _tone(rate: float) -> str:
    high, middle = 0.25, 0.12
    return "bad" if rate > high else "warn" if rate > middle else "good"


CUSTOMER_CHURN = Workflow(
    slug="customer-churn",
    name="Customer churn report",
    description="Which customers have gone quiet, what they used to buy, and whom to call first.",
    run=job("Customer churn report.yxwz", _customer_churn),
    questions=(SEGMENTS, QUIET_DAYS, LEAST_SALES),
    author="Marta Kowalska",
    file_name="Customer churn report.yxwz",
    tags=("customers", "report"),
)
