"""Which endpoint answers which path, for whom, and in which generations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from apps.emulator.call import Call
from apps.emulator.endpoints import (
    admin_lists,
    admin_workflows,
    files,
    subscription,
    user,
    v3_jobs,
    v3_lists,
    v3_workflows,
)
from apps.emulator.exchange import Response
from apps.emulator.options import Generation
from apps.emulator.refusals import Dialect

Endpoint = Callable[[Call], Response]


class Need(StrEnum):
    """Whose key an endpoint takes."""

    STUDIO = "studio"
    """At the classic address a studio's pair; at ``webapi`` an Artisan's (from 2022.3 anyone's)."""
    USER = "user"
    CURATOR = "Curator"


@dataclass(frozen=True)
class Route:
    """One endpoint; ``path`` has no slash at its ends and ``{name}`` for identifiers."""

    method: str
    path: str
    endpoint: Endpoint
    need: Need
    dialects: frozenset[Dialect]
    since: Generation

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """Return the identifiers in a path that fits; plain parts ignore case."""
        parts = self.path.split("/")
        if len(parts) != len(segments):
            return None
        names: dict[str, str] = {}
        for part, segment in zip(parts, segments, strict=True):
            if part.startswith("{"):
                names[part.strip("{}")] = unquote(segment)
            elif part.lower() != segment.lower():
                return None
        return names


_BOTH = frozenset(Dialect)
_CLASSIC = frozenset({Dialect.CLASSIC})
_WEB = frozenset({Dialect.WEB})
_FIRST, _V2021_4 = Generation.V2021_3, Generation.V2021_4
_V2022_3, _V2025 = Generation.V2022_3, Generation.V2025


def _old(
    method: str,
    path: str,
    endpoint: Endpoint,
    need: Need,
    dialects: frozenset[Dialect] = _BOTH,
) -> Route:
    return Route(method, path, endpoint, need, dialects, _FIRST)


def _v3(
    path: str,
    endpoint: Endpoint,
    need: Need = Need.CURATOR,
    since: Generation = _V2021_4,
    method: str = "GET",
) -> Route:
    return Route(method, f"v3/{path}", endpoint, need, _WEB, since)


# Paths with a fixed last part stand before those with an identifier in its place.
ROUTES: tuple[Route, ...] = (
    _old("GET", "v1/workflows/subscription", subscription.workflows, Need.STUDIO),
    _old("GET", "v1/workflows/{workflow_id}/questions", subscription.questions, Need.STUDIO),
    _old("POST", "v1/workflows/{workflow_id}/jobs", subscription.start, Need.STUDIO),
    _old("GET", "v1/workflows/{workflow_id}/jobs", subscription.jobs, Need.STUDIO),
    _old("GET", "v1/jobs/{job_id}", subscription.job, Need.STUDIO),
    _old("GET", "v1/jobs/{job_id}/output/{output_id}", files.output, Need.STUDIO),
    _old("GET", "v1/{workflow_id}/package", files.studio_package, Need.STUDIO, _CLASSIC),
    _old("GET", "v1/workflows/{workflow_id}/package", files.studio_package, Need.STUDIO, _WEB),
    _old("GET", "user/v2/credentials", user.credentials, Need.USER),
    _old("POST", "user/v2/workflows/{workflow_id}/jobs", user.start, Need.USER),
    _old("POST", "user/v2/inputfiles", user.upload, Need.USER),
    _old("GET", "admin/v1/workflows", admin_workflows.workflows, Need.CURATOR),
    _old("GET", "admin/v1/workflows/all", admin_workflows.all_workflows, Need.CURATOR),
    _old("GET", "admin/v2/workflows/all", admin_workflows.all_workflows, Need.CURATOR),
    _old("GET", "admin/v1/workflows/jobs", admin_workflows.last_jobs, Need.CURATOR),
    _old("GET", "admin/v1/workflows/migratable", admin_workflows.migratable, Need.CURATOR),
    _old("PUT", "admin/v1/workflows/migratable/{workflow_id}", admin_workflows.mark, Need.CURATOR),
    _old("GET", "admin/v1/{workflow_id}/package", files.studio_package, Need.CURATOR),
    _old("GET", "admin/v1/users", admin_lists.users, Need.CURATOR),
    _old("GET", "admin/v2/users", admin_lists.users, Need.CURATOR),
    _old("GET", "admin/v1/schedules", admin_lists.schedules, Need.CURATOR),
    _old("GET", "admin/v2/schedule/forecast", admin_lists.forecast, Need.CURATOR),
    _old("GET", "admin/v1/collections", admin_lists.collections, Need.CURATOR),
    _old("GET", "admin/v1/subscriptions", admin_lists.subscriptions, Need.CURATOR),
    _old("GET", "admin/v2/subscriptions", admin_lists.subscriptions, Need.CURATOR),
    _old("GET", "admin/v1/serverdataconnections", admin_lists.data_connections, Need.CURATOR),
    _old("GET", "admin/v1/systemdataconnections", admin_lists.nothing, Need.CURATOR),
    _old("GET", "admin/v1/insights", admin_lists.nothing, Need.CURATOR),
    _old("GET", "admin/v2/insights", admin_lists.nothing, Need.CURATOR),
    _old("GET", "admin/v1/auditlog", admin_lists.audit_log, Need.CURATOR),
    _v3("workflows", v3_workflows.workflows, Need.USER),
    _v3("workflows/{workflow_id}", v3_workflows.workflow, Need.USER),
    _v3("workflows/{workflow_id}/questions", v3_workflows.questions, Need.USER, _V2022_3),
    _v3("workflows/{workflow_id}/jobs", v3_workflows.jobs, Need.USER, _V2022_3),
    _v3("workflows/{workflow_id}/jobs", v3_workflows.start, Need.USER, _V2022_3, "POST"),
    _v3("workflows/{workflow_id}/package", files.package, Need.USER, _V2022_3),
    _v3("jobs", v3_jobs.jobs, Need.CURATOR, _V2025),
    _v3("jobs/{job_id}", v3_jobs.job, Need.USER, _V2022_3),
    _v3("jobs/{job_id}", v3_jobs.cancel, Need.USER, _V2025, "DELETE"),
    _v3("jobs/{job_id}/messages", v3_jobs.messages, Need.CURATOR, _V2022_3),
    _v3("credentials", v3_lists.credentials, Need.USER),
    _v3("credentials/{id}", v3_lists.credential, Need.USER),
    _v3("schedules", v3_lists.schedules, Need.USER),
    _v3("schedules/{id}", v3_lists.schedule, Need.USER),
    _v3("users", v3_lists.users),
    _v3("users/{id}", v3_lists.user),
    _v3("users/{id}/assets", v3_lists.user_assets),
    _v3("usergroups", v3_lists.user_groups),
    _v3("usergroups/{id}", v3_lists.user_group),
    _v3("collections", v3_lists.collections, Need.USER),
    _v3("collections/{id}", v3_lists.collection, Need.USER),
    _v3("subscriptions", v3_lists.subscriptions),
    _v3("subscriptions/{id}", v3_lists.subscription),
    _v3("serverDataConnections", v3_lists.data_connections),
    _v3("serverDataConnections/{id}", v3_lists.data_connection),
)


def find(
    dialect: Dialect, generation: Generation, segments: list[str]
) -> list[tuple[Route, dict[str, str]]]:
    """Return the routes of a path, one per method, as far as this generation has them."""
    found: dict[str, tuple[Route, dict[str, str]]] = {}
    for route in ROUTES:
        if dialect not in route.dialects or not generation.is_from(route.since):
            continue
        names = route.match(segments)
        if names is not None:
            found.setdefault(route.method, (route, names))
    return list(found.values())
