"""V3: credentials, and the lists of people, groups, collections, studios and schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from apps.emulator import furnishings, ids, people, shapes, wire
from apps.emulator.call import Call
from apps.emulator.endpoints.v3_workflows import wants_full
from apps.emulator.exchange import Response
from apps.emulator.furnishings import Collection, DataConnection, Schedule, UserGroup
from apps.emulator.people import Person, Studio
from apps.emulator.refusals import invalid

Json = dict[str, Any]
Row = TypeVar("Row", Person, Studio, UserGroup, Collection, Schedule, DataConnection)


def _find(call: Call, rows: Sequence[Row], what: str) -> Row:
    wanted = call.names["id"]
    for row in rows:
        if row.id == wanted:
            return row
    raise call.unknown(what, wanted)


def credentials(call: Call) -> Response:
    full = wants_full(call) and call.is_curator
    return call.json([_credential(c) if full else dict(c) for c in shapes.CREDENTIALS])


def credential(call: Call) -> Response:
    wanted = call.names["id"]
    for found in shapes.CREDENTIALS:
        if found["id"] == wanted:
            return call.json(_credential(found))
    raise call.unknown("Credential", wanted)


def _credential(found: dict[str, str]) -> Json:
    return {**found, "userIds": [people.CURATOR.id, people.ARTISAN.id], "userGroupIds": []}


def users(call: Call) -> Response:
    full = wants_full(call)
    found = [person for person in people.PEOPLE if _is_wanted(call, person)]
    return call.json([_user(call, p) if full else _reduced_user(call, p) for p in found])


def user(call: Call) -> Response:
    return call.json(_user(call, _find(call, people.PEOPLE, "User")))


def _is_wanted(call: Call, person: Person) -> bool:
    for name, value in (
        ("email", person.email),
        ("role", str(person.role)),
        ("firstName", person.first_name),
        ("lastName", person.last_name),
    ):
        if call.query(name) and call.query(name).lower() != value.lower():
            return False
    added, after, before = joined(person), call.query("createdAfter"), call.query("createdBefore")
    return (
        call.query_flag("active", default=True)
        and (not after or added >= wire.read_moment(after, "createdAfter"))
        and (not before or added <= wire.read_moment(before, "createdBefore"))
    )


def joined(person: Person) -> datetime:
    return ids.moment("user", person.email)


def _reduced_user(call: Call, person: Person) -> Json:
    return {
        "id": person.id,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.email,
        "isActive": True,
        "role": person.role,
        "dateCreated": call.moment(joined(person)),
    }


def _user(call: Call, person: Person) -> Json:
    shape = _reduced_user(call, person)
    del shape["dateCreated"]
    return {
        **shape,
        "defaultWorkerTag": "",
        "canScheduleJobs": person.is_curator,
        "canPrioritizeJobs": person.is_curator,
        "canAssignJobs": person.is_curator,
        "canCreateCollections": True,
        "isApiEnabled": person.api_enabled,
        "defaultCredentialId": "",
        "isAccountLocked": False,
        "lastLoginDateTime": None,
        "isValidated": True,
        "sharedCredentialIds": shapes.credential_ids() if person.is_curator else [],
        "dataConnectionIds": [],
        "timeZone": "Europe/Berlin",
        "language": "en",
        "canCreateAndUpdateDcm": person.is_curator,
        "canShareForExecutionDcm": person.is_curator,
        "canShareForCollaborationDcm": person.is_curator,
        "canManageGenericVaultsDcm": False,
    }


def user_assets(call: Call) -> Response:
    person, kind = _find(call, people.PEOPLE, "User"), call.query("assetType").lower() or "all"
    if kind not in {"all", "workflows", "schedules", "collections"}:
        raise invalid("assetType", f"'{call.query('assetType')}' is not valid for assetType.")
    catalog = call.gallery.catalog
    assets = {
        "workflows": [(p.id, p.workflow.name) for p in catalog.all() if p.owner == person],
        "schedules": [(s.id, s.name) for s in _schedules(call) if s.owner == person],
        "collections": [
            (c.id, c.name) for c in furnishings.collections(catalog) if c.owner == person
        ],
    }
    return call.json(
        {
            name: [{"name": row[1], "id": row[0]} for row in rows] if kind in {"all", name} else []
            for name, rows in assets.items()
        }
    )


def user_groups(call: Call) -> Response:
    return call.json(
        [{"id": g.id, "name": g.name, "role": g.role} for g in furnishings.user_groups()]
    )


def user_group(call: Call) -> Response:
    group = _find(call, furnishings.user_groups(), "User group")
    added = call.moment(group.created)
    return call.json(
        {
            "id": group.id,
            "name": group.name,
            "dateAdded": added,
            "role": group.role,
            "credentialIds": [],
            "connectionIds": [],
            "members": [
                {
                    "activeDirectoryObject": None,
                    "userId": person.id,
                    "dateAddedToGroup": added,
                    "addedByUserId": people.CURATOR.id,
                }
                for person in group.members
            ],
        }
    )


def collections(call: Call) -> Response:
    full = wants_full(call)
    found = furnishings.collections(call.gallery.catalog)
    return call.json([_collection(call, c, full=full) for c in found])


def collection(call: Call) -> Response:
    found = _find(call, furnishings.collections(call.gallery.catalog), "Collection")
    return call.json(_collection(call, found, full=True))


def _collection(call: Call, collection: Collection, *, full: bool) -> Json:
    shape: Json = {
        "id": collection.id,
        "name": collection.name,
        "ownerId": collection.owner.id,
        "dateAdded": call.moment(collection.created),
    }
    if full:
        members = [{"userId": p.id, "activeDirectoryObject": None} for p in collection.members]
        shape |= {
            "workflowIds": [published.id for published in collection.published],
            "users": members,
            "subscriptionIds": [],
            "userGroupIds": [],
            "scheduleIds": [],
        }
    return shape


def subscriptions(call: Call) -> Response:
    words = call.query("name").lower()
    found = [studio for studio in call.gallery.studios() if words in studio.name.lower()]
    return call.json(
        [
            {
                "userCount": len(_people_of(studio)),
                "workflowCount": len(_workflows_of(call, studio)),
                **_studio(studio),
            }
            for studio in found
        ]
    )


def subscription(call: Call) -> Response:
    studio = _find(call, call.gallery.studios(), "Subscription")
    return call.json(
        {"users": _people_of(studio), "workflows": _workflows_of(call, studio), **_studio(studio)}
    )


def _studio(studio: Studio) -> Json:
    return {"id": studio.id, "name": studio.name, "credentialId": "", "canShareSchedules": True}


def _people_of(studio: Studio) -> list[Json]:
    return [{"id": p.id, "name": p.name} for p in people.PEOPLE if p.studio == studio]


def _workflows_of(call: Call, studio: Studio) -> list[Json]:
    found = [p for p in call.gallery.catalog.all() if p.studio == studio]
    return [{"id": p.id, "name": p.workflow.name} for p in found]


def _schedules(call: Call) -> list[Schedule]:
    """Return the schedules the caller may see: a Curator all, others their own."""
    found = furnishings.schedules(call.gallery.catalog, call.gallery.now())
    return [s for s in found if call.is_curator or s.owner == call.person]


def schedules(call: Call) -> Response:
    owner, workflow_id = call.query("ownerId"), call.query("workflowId")
    full = wants_full(call)
    return call.json(
        [
            _schedule(call, schedule) if full else _reduced_schedule(call, schedule)
            for schedule in _schedules(call)
            if owner in {"", schedule.owner.id} and workflow_id in {"", schedule.published.id}
        ]
    )


def schedule(call: Call) -> Response:
    return call.json(_schedule(call, _find(call, _schedules(call), "Schedule")))


def _reduced_schedule(call: Call, schedule: Schedule) -> Json:
    return {
        "id": schedule.id,
        "name": schedule.name,
        "workflowId": schedule.published.id,
        "ownerId": schedule.owner.id,
        "runDateTime": call.moment(schedule.next_run, decimals=0),
        "timeZone": "UTC",
    }


def _schedule(call: Call, schedule: Schedule) -> Json:
    created = call.moment(schedule.created, decimals=0)
    return {
        **_reduced_schedule(call, schedule),
        "versionId": schedule.published.version.id,
        "comment": "",
        "enabled": True,
        "priority": "Default",
        "workerTag": "",
        "status": "Active",
        "credentialId": "",
        "creationTime": created,
        "lastRunTime": None,
        "state": "Idle",
        "runCount": 0,
        "iteration": {"startTime": created, "endTime": None},
        "frequency": "Daily",
        "lastError": "",
        "cpuName": "",
        "lastModifiedId": schedule.owner.id,
        "lastModifiedDate": created,
        "canEdit": True,
        "questions": [],
    }


def data_connections(call: Call) -> Response:
    full = wants_full(call)
    found = furnishings.data_connections()
    return call.json([_data_connection(c, full=full) for c in found])


def data_connection(call: Call) -> Response:
    found = _find(call, furnishings.data_connections(), "Data connection")
    return call.json(_data_connection(found, full=True))


def _data_connection(connection: DataConnection, *, full: bool) -> Json:
    shape: Json = {
        "id": connection.id,
        "name": connection.name,
        "connectionString": connection.text,
        "connectionType": connection.kind,
    }
    if full:
        shape |= {
            "dcmConnectionId": "",
            "dcmConnectionTitle": "",
            "userIds": [people.CURATOR.id],
            "userGroupIds": [],
        }
    return shape
