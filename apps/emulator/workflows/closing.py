"""Month-end close: journal, trial balance and check list of one month, and all as one zip."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company, html_report
from apps.emulator.workflows.answers import flag_of, item_of, items, number_of, text_of
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.html_report import Tile
from apps.emulator.workflows.tables import (
    Column,
    Row,
    Sheet,
    Style,
    Table,
    offer_csv,
    offer_html,
    offer_xlsx,
    write_zip,
)

PERIOD, ENTRIES = "Period", "Entries"
MONTH = InterfaceTool(
    name="Month",
    kind=Kind.LIST_BOX,
    description="Which month do you close?",
    default="2026-09",
    items=items(*((f"{m:%B %Y}", f"{m:%Y-%m}") for m in reversed(company.months()))),
    multiple=False,
    tool_id=101,
    tab=PERIOD,
)
PREPARED_BY = InterfaceTool(
    name="Prepared by",
    kind=Kind.TEXT_BOX,
    description="Your name, as it shall stand on the check list",
    default="Finance team",
    tool_id=102,
    tab=PERIOD,
)
NOTE = InterfaceTool(
    name="Note",
    kind=Kind.TEXT_BOX,
    description="A note to the controllers, if there is something they should know",
    default="",
    is_multiline=True,
    tool_id=103,
    tab=PERIOD,
)
ACCRUALS = InterfaceTool(
    name="Post accruals",
    kind=Kind.BOOLEAN_GROUP,
    description="Accrue energy, freight and bonuses of the month",
    default="True",
    tool_id=104,
    tab=ENTRIES,
    group="What to post",
)
REVALUATION = InterfaceTool(
    name="Revalue currencies",
    kind=Kind.BOOLEAN_GROUP,
    description="Revalue bank balances in foreign currency at the month's last rate",
    default="True",
    tool_id=105,
    tab=ENTRIES,
    group="What to post",
)
DEPRECIATION = InterfaceTool(
    name="Post depreciation",
    kind=Kind.BOOLEAN_GROUP,
    description="Depreciate shop fittings and vehicles",
    default="False",
    tool_id=106,
    tab=ENTRIES,
    group="What to post",
)
MATERIALITY = InterfaceTool(
    name="Materiality",
    kind=Kind.NUMERIC_UP_DOWN,
    description="Point out entries above this many euro",
    default="15000",
    minimum=500,
    maximum=250_000,
    increment=500,
    decimals=0,
    tool_id=107,
    tab=ENTRIES,
    group="Checks",
)
ACCOUNTS = {
    "1000": "Bank",
    "1100": "Trade receivables",
    "1200": "Inventory",
    "1500": "Fixed assets",
    "2000": "Trade payables",
    "2100": "Sales tax payable",
    "2200": "Accrued liabilities",
    "4000": "Sales revenue",
    "5000": "Cost of goods sold",
    "6000": "Wages",
    "6100": "Rent",
    "6300": "Energy",
    "6200": "Freight",
    "6700": "Depreciation",
    "7100": "Currency gains and losses",
}
SALES_TAX = 0.2
JOURNAL_COLUMNS = (
    *(Column("Entry"), Column("Date", Style.DAY), Column("Text", width=36), Column("Account")),
    *(Column("Account name", width=26), Column("Debit EUR", Style.MONEY)),
    Column("Credit EUR", Style.MONEY),
)


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry; ``cents`` is positive for debit and negative for credit."""

    entry: str
    day: date
    text: str
    account: str
    cents: int

    @property
    def row(self) -> Row:
        debit, credit = max(self.cents, 0) / 100, max(-self.cents, 0) / 100
        return (
            *(self.entry, self.day, self.text, self.account, ACCOUNTS[self.account]),
            debit or None,
            credit or None,
        )


def _month_end_close(engine: Engine) -> None:
    month = date.fromisoformat(f"{item_of(engine, MONTH).value}-01")
    if not text_of(engine, PREPARED_BY):
        raise ToolError(PREPARED_BY.tool_id, "Prepared by must not be empty.")
    limit = number_of(engine, MATERIALITY)
    lines = [line for line in company.order_lines() if company.month_of(line.day) == month]
    engine.read(4, len(lines), "orders.yxdb", seconds=0.6)
    chosen = [tool for tool in (ACCRUALS, REVALUATION, DEPRECIATION) if flag_of(engine, tool)]
    postings = list(_sales(lines, month)) + list(_others(lines, month, chosen))
    engine.say(6, f"{len({p.entry for p in postings}):,} entries were made")
    engine.work(1.4)
    large = _large(postings, limit)
    if large:
        engine.warn(
            8, f"{len(large)} entries are above {limit:,.0f} EUR: {', '.join(list(large)[:6])}"
        )
    if ACCRUALS not in chosen:
        engine.warn(9, "No accruals were posted; costs of the month are incomplete.")
    _write(engine, postings, month, (chosen, large))


def _large(postings: Sequence[Posting], limit: float) -> dict[str, str]:
    """Return the text of every entry above ``limit`` euro, by entry number."""
    above = (p for p in postings if p.cents > limit * 100)
    return {p.entry: f"{p.entry} {p.text}: {p.cents / 100:,.2f} EUR" for p in above}


def _entry(number: str, month: date, text: str, *sides: tuple[str, float]) -> Iterator[Posting]:
    """Yield one entry; the last side takes what is missing to balance."""
    last_day = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    cents = [round(amount * 100) for _account, amount in sides[:-1]]
    cents.append(-sum(cents))
    for (account, _amount), value in zip(sides, cents, strict=True):
        yield Posting(number, last_day, text, account, value)


def _sales(lines: Sequence[company.OrderLine], month: date) -> Iterator[Posting]:
    sold: defaultdict[str, float] = defaultdict(float)
    cost: defaultdict[str, float] = defaultdict(float)
    for line in lines:
        sold[line.store.code] += line.amount
        cost[line.store.code] += line.quantity * line.product.cost
    for store in company.stores():
        if store.code not in sold:
            continue
        net = sold[store.code]
        sides = (("4000", -net), ("2100", -net * SALES_TAX), ("1100", 0.0))
        yield from _entry(f"S-{store.code}", month, f"Sales of {store.city}", *sides)
        goods = (("5000", cost[store.code]), ("1200", 0.0))
        yield from _entry(f"C-{store.code}", month, f"Goods sold in {store.city}", *goods)


def _others(
    lines: Sequence[company.OrderLine], month: date, chosen: Sequence[InterfaceTool]
) -> Iterator[Posting]:
    net = sum(line.amount for line in lines)
    yield from _entry("R-001", month, "Wages of the month", ("6000", net * 0.17), ("1000", 0))
    yield from _entry("R-002", month, "Rent of stores", ("6100", net * 0.052), ("1000", 0))
    yield from _entry("R-003", month, "Payments received", ("1000", net * 1.08), ("1100", 0))
    yield from _entry("R-004", month, "Goods received", ("1200", net * 0.61), ("2000", 0))
    if ACCRUALS in chosen:
        for number, text, account, share in (
            ("A-001", "Energy, not yet invoiced", "6300", 0.011),
            ("A-002", "Freight, not yet invoiced", "6200", 0.018),
            ("A-003", "Bonuses earned", "6000", 0.009),
        ):
            yield from _entry(number, month, text, (account, net * share), ("2200", 0))
    if REVALUATION in chosen:
        # A loss in odd months, a gain in even ones: enough to have both signs to look at.
        gain = net * 0.0031 * (1 if month.month % 2 == 0 else -1)
        yield from _entry("F-001", month, "Bank in foreign currency", ("1000", gain), ("7100", 0))
    if DEPRECIATION in chosen:
        yield from _entry("D-001", month, "Shop fittings", ("6700", 6840.0), ("1500", 0))
        yield from _entry("D-002", month, "Vehicles", ("6700", 2315.5), ("1500", 0))


def _write(
    engine: Engine,
    postings: Sequence[Posting],
    month: date,
    facts: tuple[Sequence[InterfaceTool], dict[str, str]],
) -> None:
    name = f"{month:%Y-%m}"
    balance = _trial_balance(postings)
    sheet = Sheet("Trial balance", balance, f"Trial balance, {month:%B %Y}", totals=True)
    journal = Table(JOURNAL_COLUMNS, [posting.row for posting in postings])
    report = _check_list(engine, postings, month, facts)
    files = [
        offer_xlsx(engine, 12, f"trial_balance_{name}.xlsx", [sheet]),
        offer_csv(engine, 13, f"journal_{name}.csv", journal),
        offer_html(engine, 14, f"close_checklist_{name}.html", report),
    ]
    archive = write_zip(engine.folder / f"month_end_{name}.zip", files)
    engine.offer(15, archive.name, {"Raw": archive, "Zip": archive})


def _trial_balance(postings: Sequence[Posting]) -> Table:
    debit: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    for posting in postings:
        (debit if posting.cents > 0 else credit)[posting.account] += abs(posting.cents)
    rows: list[Row] = [
        (
            *(account, name, debit[account] / 100, credit[account] / 100),
            (debit[account] - credit[account]) / 100,
        )
        for account, name in ACCOUNTS.items()
        if debit[account] or credit[account]
    ]
    figures = [Column(name, Style.MONEY, 16) for name in ("Debit EUR", "Credit EUR", "Balance EUR")]
    return Table((Column("Account", width=10), Column("Account name", width=28), *figures), rows)


def _check_list(
    engine: Engine,
    postings: Sequence[Posting],
    month: date,
    facts: tuple[Sequence[InterfaceTool], dict[str, str]],
) -> str:
    chosen, large = facts
    profit = -sum(p.cents for p in postings if p.account >= "4000") / 100
    revenue = -sum(p.cents for p in postings if p.account == "4000") / 100
    is_balanced = sum(posting.cents for posting in postings) == 0
    tiles = [
        Tile("Revenue", f"{revenue:,.0f} EUR", "without tax"),
        Tile("Result", f"{profit:,.0f} EUR", f"{profit / revenue:.1%} of revenue", "good"),
        Tile("Entries", f"{len({p.entry for p in postings}):,}", f"{len(postings):,} postings"),
        Tile("To look at", f"{len(large)}", "large entries", "warn" if large else "good"),
    ]
    steps = [("good", "Done", "Sales and cost of goods posted for every store")]
    steps += [
        ("good", "Done", tool.description) if tool in chosen else ("warn", "Left out", tool.name)
        for tool in (ACCRUALS, REVALUATION, DEPRECIATION)
    ]
    word = ("good", "Done") if is_balanced else ("bad", "Open")
    steps.append((*word, "Debit and credit are equal"))
    steps += [("warn", "Check", text) for text in list(large.values())[:12]]
    sections = [html_report.section("Check list", html_report.steps(steps))]
    if text_of(engine, NOTE):
        words = html_report.note(text_of(engine, NOTE))
        sections.insert(0, html_report.section("Note to the controllers", words))
    balance = html_report.table(_trial_balance(postings))
    sections.append(html_report.section("Trial balance", balance))
    subtitle = f"{month:%B %Y} · prepared by {text_of(engine, PREPARED_BY)}"
    return html_report.page("Month-end close", subtitle, tiles, sections)


MONTH_END_CLOSE = Workflow(
    slug="month-end-close",
    name="Month-end close",
    description="Journal, trial balance and check list of a month, also as one archive.",
    run=job("Month-end close.yxwz", _month_end_close),
    questions=(MONTH, PREPARED_BY, NOTE, ACCRUALS, REVALUATION, DEPRECIATION, MATERIALITY),
    author="Ivo Horvat",
    file_name="Month-end close.yxwz",
    version_comment="Check list in the words of the controllers",
    tags=("closing", "ledger"),
)
