"""A signed-in call of one endpoint: who calls, what the path names, how the answer is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from apps.emulator import wire
from apps.emulator.catalog import Published
from apps.emulator.exchange import Request, Response
from apps.emulator.gallery import Gallery
from apps.emulator.jobs import Job
from apps.emulator.options import Options
from apps.emulator.people import KeyPair, Person, Role, Studio
from apps.emulator.refusals import Dialect, Refusal, invalid

Row = TypeVar("Row")

_BAD_REQUEST = "An integer that is not negative was expected."


@dataclass(frozen=True)
class Call:
    """What an endpoint works with.

    ``person`` is None where a studio's pair signed, ``studio`` is None where a person's did.
    """

    request: Request
    gallery: Gallery
    dialect: Dialect
    pair: KeyPair
    person: Person | None
    studio: Studio | None
    names: dict[str, str]
    """The parts of the path that are identifiers."""

    @property
    def options(self) -> Options:
        return self.gallery.options

    @property
    def is_web(self) -> bool:
        return self.dialect is Dialect.WEB

    @property
    def is_curator(self) -> bool:
        return self.person is not None and self.person.is_curator

    def json(self, data: Any, *, status: int = 200) -> Response:
        return wire.json_answer(data, self.dialect, self.options, status=status)

    def moment(self, moment: datetime | None, *, decimals: int = 3) -> str | None:
        return wire.write_moment(moment, self.options, decimals=decimals)

    def query(self, name: str) -> str:
        return self.request.query.get(name.lower(), "")

    def query_flag(self, name: str, *, default: bool) -> bool:
        """Return a boolean of the query.

        Raises:
            Refusal: 400, neither true nor false.
        """
        text = self.query(name).lower()
        if text not in {"", "true", "false"}:
            raise invalid(name, f"The value '{text}' is not valid for {name}.")
        return text == "true" if text else default

    def query_number(self, name: str, default: int) -> int:
        text = self.query(name)
        if not text:
            return default
        if not (text.isascii() and text.isdecimal()):
            raise invalid(name, _BAD_REQUEST)
        return int(text)

    def offset_page(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows that ``offset`` and ``limit`` ask for; limit 0 is no limit."""
        start, limit = self.query_number("offset", 0), self.query_number("limit", 0)
        return rows[start : start + limit] if limit else rows[start:]

    def numbered_page(self, rows: Sequence[Row], *, first: int = 1) -> Sequence[Row]:
        """Return the rows of ``page`` (counted from ``first``) and ``pageSize``; 0 is all."""
        page, size = self.query_number("page", first), self.query_number("pageSize", 0)
        start = max(0, page - first) * size
        return rows[start : start + size] if size else rows

    def unknown(self, what: str, value: str) -> Refusal:
        return Refusal(self.options.unknown_id_status, f"{what} '{value}' was not found.")

    def workflow(self, *, is_hidden: bool = False) -> Published:
        """Return the workflow the path names, if the caller may reach it.

        ``is_hidden``: what is out of reach is answered as if it were not there.

        Raises:
            Refusal: nobody knows it, or it belongs to a studio the caller has no part in.
        """
        workflow_id = self.names["workflow_id"]
        published = self.gallery.catalog.find(workflow_id)
        if published is None:
            raise self.unknown("Workflow", workflow_id)
        if not self.reaches(published):
            if is_hidden:
                raise self.unknown("Workflow", workflow_id)
            raise Refusal(self.options.foreign_status, "You do not have access to this workflow.")
        return published

    def reaches(self, published: Published) -> bool:
        if self.person is None:
            return self.studio == published.studio
        return published.is_reached_by(self.person)

    def is_member(self, published: Published) -> bool:
        """Return what v1 and v2 want: the studio itself, a member of it, or a Curator."""
        if self.person is None:
            return self.studio == published.studio
        return self.person.is_curator or self.person.studio == published.studio

    def studio_workflow(self) -> Published:
        """Return the workflow the path names by the stricter rule of v1 and v2."""
        published = self.workflow()
        if not self.is_member(published):
            raise Refusal(self.options.foreign_status, "You do not have access to this workflow.")
        return published

    def job(self) -> Job:
        """Return the job the path names, if the caller may see it; else it is unknown."""
        job_id = self.names["job_id"]
        job = self.gallery.ledger.find(job_id)
        if job is None or not self._sees(job):
            raise self.unknown("Job", job_id)
        return job

    def _sees(self, job: Job) -> bool:
        if self.person is not None and (self.is_curator or job.started_by == self.person.id):
            return True
        published = self.gallery.catalog.find(job.workflow_id)
        if published is None:
            return False
        is_own_studio = self.is_member(published)
        return is_own_studio and (self.person is None or self.person.role is not Role.VIEWER)
