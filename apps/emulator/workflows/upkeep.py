"""Workflows that ask nothing: a scan of the data's quality, and a refresh that leaves no file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from apps.emulator.workflow import PackageType, Workflow
from apps.emulator.workflows import company, html_report
from apps.emulator.workflows.engine import Engine, job
from apps.emulator.workflows.html_report import Tile
from apps.emulator.workflows.tables import (
    Column,
    Row,
    Sheet,
    Style,
    Table,
    offer_html,
    offer_xlsx,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the scan: how many records it looked at and which ones broke it."""

    source: str
    rule: str
    looked_at: int
    broken: tuple[str, ...]

    @property
    def score(self) -> float:
        return 1 - len(self.broken) / self.looked_at

    @property
    def tone(self) -> str:
        good, fair = 0.99, 0.9
        return "good" if self.score >= good else "warn" if self.score >= fair else "bad"


RULE_COLUMNS = (
    Column("Source", width=12),
    Column("Rule", width=48),
    Column("Records", Style.WHOLE),
    Column("Broken", Style.WHOLE),
    Column("Score", Style.SHARE),
)
FINDING_COLUMNS = (
    Column("Source", width=12),
    Column("Rule", width=48),
    Column("Record", width=34),
)


def _data_quality(engine: Engine) -> None:
    engine.read(3, len(company.customers()), "customers.yxdb", seconds=0.5)
    engine.read(4, len(company.order_lines()), "orders.yxdb", seconds=0.8)
    engine.read(5, len(company.stock_lots()), "stock_lots.yxdb", seconds=0.3)
    checks = [*_customer_checks(), *_order_checks(), *_stock_checks()]
    for tool_id, check in enumerate(checks, start=10):
        if check.tone == "bad":
            engine.warn(tool_id, f"{check.source}: {check.rule}: {len(check.broken):,} broken")
    engine.work(1.5)
    rules: list[Row] = [
        (c.source, c.rule, c.looked_at, len(c.broken), round(c.score, 4)) for c in checks
    ]
    findings: list[Row] = [(c.source, c.rule, record) for c in checks for record in c.broken]
    marks = {index: check.tone for index, check in enumerate(checks)}
    table = Table(RULE_COLUMNS, rules)
    offer_html(engine, 20, "data_quality.html", _report(checks, table, marks))
    sheets = [
        Sheet("Rules", table, "Data quality by rule", marks),
        Sheet("Findings", Table(FINDING_COLUMNS, findings), "Records that broke a rule"),
    ]
    offer_xlsx(engine, 21, "data_quality.xlsx", sheets)


def _customer_checks() -> Iterator[Check]:
    everyone = company.customers()
    names = Counter((c.name, c.store.city) for c in everyone)
    mailboxes = Counter(c.email for c in everyone)
    rules = {
        "Names are unique within a city": [
            f"{c.number} {c.name}, {c.store.city}"
            for c in everyone
            if names[c.name, c.store.city] > 1
        ],
        "E-mail addresses are unique": [
            f"{c.number} {c.email}" for c in everyone if mailboxes[c.email] > 1
        ],
        "A credit limit is set": [f"{c.number}" for c in everyone if c.credit_limit is None],
        "The newsletter choice is known": [f"{c.number}" for c in everyone if c.newsletter is None],
        "There is at least one order": [
            f"{c.number} {c.name}" for c in everyone if not company.lines_of(c.number)
        ],
    }
    for rule, broken in rules.items():
        yield Check("Customers", rule, len(everyone), tuple(broken))


def _order_checks() -> Iterator[Check]:
    lines = company.order_lines()
    most, steepest = 150, 0.15
    rules = {
        "No order before its customer": [
            f"{line.order}" for line in lines if line.day < line.customer.since
        ],
        f"Quantities are below {most}": [
            f"{line.order} {line.product.code}: {line.quantity}"
            for line in lines
            if line.quantity >= most
        ],
        "Discounts stay below 15 %": [
            f"{line.order} {line.product.code}" for line in lines if line.discount >= steepest
        ],
        "Web customers are reachable": [
            f"{line.order}"
            for line in lines
            if line.channel == "Web" and line.customer.newsletter is None
        ],
    }
    for rule, broken in rules.items():
        yield Check("Orders", rule, len(lines), tuple(broken))


def _stock_checks() -> Iterator[Check]:
    lots = company.stock_lots()
    two_years = 730
    stale = [f"{lot.lot} {lot.product.name}" for lot in lots if lot.age > two_years]
    single = [f"{lot.lot} {lot.product.name}" for lot in lots if lot.quantity == 1]
    yield Check("Stock", "No lot is older than two years", len(lots), tuple(stale))
    yield Check("Stock", "Lots hold more than one piece", len(lots), tuple(single))


def _report(checks: list[Check], table: Table, marks: dict[int, str]) -> str:
    tones = Counter(check.tone for check in checks)
    overall = sum(check.score for check in checks) / len(checks)
    tiles = [
        Tile("Overall score", f"{overall:.1%}", "mean of all rules"),
        Tile("Rules kept", f"{tones['good']}", "99 % and more", "good"),
        Tile("Rules to watch", f"{tones['warn']}", "90 % to 99 %", "warn"),
        Tile("Rules broken", f"{tones['bad']}", "below 90 %", "bad"),
    ]
    worst = sorted(checks, key=lambda check: check.score)[:5]
    worst.sort(key=lambda check: -len(check.broken))
    bars = [(check.rule, len(check.broken)) for check in worst]
    sections = [
        html_report.section("All rules", html_report.table(table, marks=marks)),
        html_report.section(
            "Where to begin", html_report.bar_chart(bars, tone="bad"), lead="Records to mend."
        ),
    ]
    subtitle = "Customers, orders and stock, as they stand on the last day of the figures"
    return html_report.page("Data quality scan", subtitle, tiles, sections)


DATA_QUALITY = Workflow(
    slug="data-quality-scan",
    name="Data quality scan",
    description="Measures customers, orders and stock against eleven rules and lists what to mend.",
    run=job("Data quality scan.yxmd", _data_quality),
    author="Data Platform Team",
    package_type=PackageType.MODULE,
    file_name="Data quality scan.yxmd",
    tags=("data",),
)


def _cache_refresh(engine: Engine) -> None:
    engine.read(2, len(company.order_lines()), "orders.yxdb", seconds=0.7)
    months = Counter(company.month_of(line.day) for line in company.order_lines())
    engine.say(5, f"{len(months)} months were summarised")
    engine.work(0.9)
    engine.say(8, f'{len(months) * len(company.stores()):,} records were written to "sales_cache"')
    engine.say(9, 'The pre-calculated figures of "sales_cache" are up to date')


CACHE_REFRESH = Workflow(
    slug="cache-refresh",
    name="Refresh of the sales cache",
    description="Brings the pre-calculated sales figures up to date; it leaves no file.",
    run=job("Refresh of the sales cache.yxmd", _cache_refresh),
    author="Data Platform Team",
    package_type=PackageType.MODULE,
    file_name="Refresh of the sales cache.yxmd",
    tags=("data",),
)
