"""The published workflows: identifiers, versions, owners and who may reach them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from apps.emulator import ids, people
from apps.emulator.ids import IdStyle
from apps.emulator.people import Person, Studio
from apps.emulator.workflow import InterfaceTool, PackageType, Workflow

_EXTENSIONS = {
    PackageType.APP: "yxwz",
    PackageType.MODULE: "yxmd",
    PackageType.MACRO: "yxmc",
}


@dataclass(frozen=True)
class Version:
    """One upload of a workflow."""

    id: str
    number: int
    workflow: Workflow
    uploaded: datetime


@dataclass
class Published:
    """A workflow on the Gallery; the last of its versions is the one in use."""

    id: str
    versions: list[Version]
    runs: int = 0
    is_ready_for_migration: bool = False
    shared_with: set[str] = field(default_factory=set)
    """Identifiers of people it reaches through a collection."""

    @property
    def version(self) -> Version:
        return self.versions[-1]

    @property
    def workflow(self) -> Workflow:
        return self.version.workflow

    @property
    def created(self) -> datetime:
        return self.versions[0].uploaded

    @property
    def studio(self) -> Studio:
        return people.studio(self.workflow.studio)

    @property
    def owner(self) -> Person:
        """The artisan of the studio it belongs to; the Curator where there is none."""
        makers = [p for p in people.PEOPLE if p.role is people.Role.ARTISAN]
        return next((p for p in makers if p.studio == self.studio), people.CURATOR)

    @property
    def file_name(self) -> str:
        workflow = self.workflow
        return workflow.file_name or f"{workflow.name}.{_EXTENSIONS[workflow.package_type]}"

    def find_version(self, version_id: str) -> Version | None:
        return next((version for version in self.versions if version.id == version_id), None)

    def is_reached_by(self, person: Person) -> bool:
        """Return whether a person sees it: as Curator, in the studio, or by a collection."""
        is_inside = person.studio == self.studio
        return person.is_curator or is_inside or person.id in self.shared_with


class Catalog:
    """All published workflows in the order they were published."""

    def __init__(self, workflows: Iterable[Workflow], id_style: IdStyle) -> None:
        self._lock = threading.Lock()
        self._id_style: IdStyle = id_style
        self._published: dict[str, Published] = {}
        for workflow in workflows:
            self.publish(workflow)

    def all(self) -> list[Published]:
        with self._lock:
            return list(self._published.values())

    def find(self, workflow_id: str) -> Published | None:
        return self._published.get(workflow_id)

    def named(self, name: str) -> Published:
        """Return a workflow by its identifier, slug or name.

        Raises:
            LookupError: there is none.
        """
        for published in self.all():
            if name in {published.id, published.workflow.slug, published.workflow.name}:
                return published
        raise LookupError(f"no workflow {name!r} is published")

    def publish(self, workflow: Workflow, *, at: datetime | None = None) -> Published:
        """Publish a workflow, as a further version where its slug is published already."""
        workflow_id = ids.derived(self._id_style, "workflow", workflow.slug)
        with self._lock:
            published = self._published.get(workflow_id)
            number = len(published.versions) + 1 if published else 1
            version = Version(
                id=ids.derived(self._id_style, "version", workflow.slug, str(number)),
                number=number,
                workflow=workflow,
                uploaded=at or ids.moment("workflow", workflow.slug),
            )
            if published is None:
                published = self._published[workflow_id] = Published(workflow_id, [version])
            else:
                published.versions.append(version)
        return published

    def change_questions(
        self, name: str, questions: Sequence[InterfaceTool], *, at: datetime
    ) -> Published:
        """Publish a further version that asks ``questions``."""
        workflow = self.named(name).workflow
        return self.publish(replace(workflow, questions=tuple(questions)), at=at)

    def withdraw(self, name: str) -> None:
        """Delete a workflow from the Gallery."""
        published = self.named(name)
        with self._lock:
            del self._published[published.id]
