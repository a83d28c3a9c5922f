"""Workflows of the people team: a headcount snapshot and an overview of absences."""

# ruff: noqa: S311 - made-up people need chance that repeats

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from hmac import compare_digest

from apps.emulator.workflow import InterfaceTool, Kind, Workflow
from apps.emulator.workflows import company
from apps.emulator.workflows.answers import flag_of, item_of, items, text_of
from apps.emulator.workflows.engine import Engine, ToolError, job
from apps.emulator.workflows.places import FAMILY_NAMES, FIRST_NAMES
from apps.emulator.workflows.tables import (
    Column,
    Row,
    Sheet,
    Style,
    Table,
    offer_csv,
    offer_xlsx,
)

FOLDER = InterfaceTool(
    name="Payroll folder",
    kind=Kind.FOLDER_BROWSE,
    description="Folder of the month's payroll files; it ends in year and month",
    default=r"\\files\people\payroll\2026-09",
    tool_id=81,
)
WITH_SALARIES = InterfaceTool(
    name="Include salary bands",
    kind=Kind.BOOLEAN_GROUP,
    description="Add the average salary per department; needs the pass phrase",
    default="False",
    tool_id=82,
)
PASS_PHRASE = InterfaceTool(
    name="Pass phrase",
    kind=Kind.TEXT_BOX,
    description="Pass phrase of the payroll files (in this demonstration: fernhill)",
    is_password=True,
    tool_id=83,
    inside="Include salary bands",
)
LEDGER = InterfaceTool(
    name="Ledger",
    kind=Kind.TEXT_BOX,
    description="Ledger the snapshot is booked under",
    default="HR-01",
    is_hidden=True,
    tool_id=84,
)
PAYROLL_PHRASE = "fernhill"
DEPARTMENTS = {
    "Sales floor": (46, 27_500),
    "Warehouse": (18, 26_800),
    "Customer service": (12, 29_400),
    "Technology": (8, 52_000),
    "Finance": (6, 47_500),
    "People": (4, 43_000),
    "Management": (6, 78_000),
}


@dataclass(frozen=True, slots=True)
class Employee:
    """One employee; ``left`` is None for those who stay, salary is in euro a year."""

    number: int
    name: str
    department: str
    store: company.Store
    hours: int
    salary: float
    joined: date
    left: date | None

    def works_on(self, day: date) -> bool:
        return self.joined <= day and (self.left is None or self.left > day)


@cache
def employees() -> tuple[Employee, ...]:
    """Return everyone who worked here since the first day of the figures."""
    chance = random.Random(company.SEED + 11)
    names, weights = list(DEPARTMENTS), [share for share, _pay in DEPARTMENTS.values()]
    return tuple(_employee(2001 + n, chance.choices(names, weights)[0], chance) for n in range(940))


def _employee(number: int, department: str, chance: random.Random) -> Employee:
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(FAMILY_NAMES)}"
    store = chance.choices(company.stores(), [s.square_metres for s in company.stores()])[0]
    joined = company.LAST_DAY - timedelta(days=round(chance.expovariate(1 / 1500)))
    left = joined + timedelta(days=round(chance.expovariate(1 / 2600)) + 60)
    hours = chance.choices((40, 32, 24, 20), (62, 16, 8, 14))[0]
    salary = round(DEPARTMENTS[department][1] * chance.uniform(0.85, 1.3), -2)
    stays = left > company.LAST_DAY or left < company.FIRST_DAY
    return Employee(number, name, department, store, hours, salary, joined, None if stays else left)


def _headcount(engine: Engine) -> None:
    day = _payroll_day(engine)
    with_salaries = flag_of(engine, WITH_SALARIES)
    if with_salaries and not compare_digest(
        text_of(engine, PASS_PHRASE).encode(), PAYROLL_PHRASE.encode()
    ):
        raise ToolError(PASS_PHRASE.tool_id, "The payroll files do not open: wrong pass phrase.")
    present = [person for person in employees() if person.works_on(day)]
    engine.read(4, len(employees()), "employees.yxdb", seconds=0.6)
    engine.say(6, f"{len(present):,} people were employed on {day}")
    engine.work(1.3)
    ledger = text_of(engine, LEDGER) or "HR-01"
    title = f"Headcount on {day:%d %B %Y}, ledger {ledger}"
    by_department = _by_department(present, with_salaries=with_salaries)
    sheets = [
        Sheet("By department", by_department, title, totals=True),
        Sheet("By region", _by_region(present), title, totals=True),
    ]
    offer_xlsx(engine, 9, f"headcount_{day:%Y-%m}.xlsx", sheets)
    offer_csv(engine, 10, f"headcount_{day:%Y-%m}_departments.csv", by_department)


def _payroll_day(engine: Engine) -> date:
    """Return the last day of the month that the folder's name ends in."""
    folder = text_of(engine, FOLDER)
    found = re.search(r"(20[0-9]{2})-(0[1-9]|1[0-2])[\\/]?$", folder)
    if found is None:
        raise ToolError(
            FOLDER.tool_id, f'"{folder}" holds no payroll files: it must end in year-month.'
        )
    first = date(int(found[1]), int(found[2]), 1)
    if first not in company.months():
        raise ToolError(FOLDER.tool_id, f'The folder "{folder}" does not exist.')
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _by_department(people: Sequence[Employee], *, with_salaries: bool) -> Table:
    columns = [
        Column("Department", width=20),
        Column("People", Style.WHOLE),
        Column("Full-time equivalents", Style.MONEY, 20),
        Column("Part-time share", Style.SHARE, 16),
    ]
    if with_salaries:
        columns.append(Column("Average salary EUR", Style.AVERAGE, 18))
    rows: list[Row] = []
    for department in DEPARTMENTS:
        group = [person for person in people if person.department == department]
        full_time = sum(person.hours for person in group) / 40
        part_time = sum(person.hours < 40 for person in group) / max(1, len(group))  # noqa: PLR2004
        row: Row = (department, len(group), round(full_time, 2), round(part_time, 4))
        if with_salaries:
            row += (round(sum(p.salary for p in group) / max(1, len(group))),)
        rows.append(row)
    return Table(tuple(columns), rows)


def _by_region(people: Sequence[Employee]) -> Table:
    counts = Counter((person.store.region, person.department) for person in people)
    rows: list[Row] = [
        (region, *(counts[region, name] for name in DEPARTMENTS)) for region in company.REGIONS
    ]
    columns = [Column(name, Style.WHOLE, 17) for name in DEPARTMENTS]
    return Table((Column("Region", width=16), *columns), rows)


HEADCOUNT = Workflow(
    slug="headcount-snapshot",
    name="Headcount snapshot",
    description="How many people work in each department and region at the end of a month.",
    run=job("Headcount snapshot.yxwz", _headcount),
    questions=(FOLDER, WITH_SALARIES, PASS_PHRASE, LEDGER),
    author="People Analytics",
    file_name="Headcount snapshot.yxwz",
    tags=("people",),
)


DEPARTMENT = InterfaceTool(
    name="Department",
    kind=Kind.LIST_BOX,
    description="Absences of which department?",
    default="Sales floor",
    items=items(*DEPARTMENTS),
    multiple=False,
    tool_id=91,
)
REASONS = {"Holiday": 24.0, "Illness": 8.5, "Training": 3.0, "Parental leave": 4.2}


def _absences(engine: Engine) -> None:
    department = item_of(engine, DEPARTMENT).value
    people = [p for p in employees() if p.department == department and p.left is None]
    engine.read(4, len(people), "employees.yxdb", seconds=0.5)
    chance = random.Random(engine.context.seed)
    rows: list[Row] = []
    for month in company.months()[-12:]:
        for reason, days in REASONS.items():
            usual = days * len(people) / 12
            season = company.SEASON[month.month - 1]
            share = 2 - season if reason == "Holiday" else chance.uniform(0.8, 1.2)
            rows.append((f"{month:%Y-%m}", department, reason, round(usual * share)))
    engine.work(0.8)
    columns = (Column("Month"), Column("Department"), Column("Reason"), Column("Days", Style.WHOLE))
    offer_csv(engine, 8, "absences.csv", Table(columns, rows))


ABSENCES = Workflow(
    slug="absence-overview",
    name="Absence overview",
    description="Days of absence per month and reason for one department.",
    run=job("Absence overview.yxwz", _absences),
    questions=(DEPARTMENT,),
    author="People Analytics",
    studio="Operations",
    file_name="Absence overview.yxwz",
    tags=("people",),
)
