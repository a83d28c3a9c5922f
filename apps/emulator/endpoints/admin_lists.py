"""Admin v1 and v2: users, schedules, collections, studios and events, by a Curator's key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from apps.emulator import furnishings, ids, people, wire
from apps.emulator.call import Call
from apps.emulator.endpoints.v3_lists import joined
from apps.emulator.exchange import Response
from apps.emulator.furnishings import Collection, Schedule
from apps.emulator.people import Person, Studio
from apps.emulator.refusals import invalid
from apps.emulator.wire import Priority

Json = dict[str, Any]

_LONGEST_FORECAST = timedelta(days=45)
_PERMISSIONS = {
    "collection": {"isAdmin": False},
    "applications": {"canAdd": True, "canRemove": False, "canUpdate": True},
    "users": {"canAdd": False, "canRemove": False},
}


def _is_v2(call: Call) -> bool:
    return "/v2/" in call.request.path.lower()


def users(call: Call) -> Response:
    """``GET admin/v1|v2/users``: v1 tells ``curator``, v2 tells ``role``."""
    studio_id = call.query("subscriptionId") if _is_v2(call) and call.is_web else ""
    found = [p for p in people.PEOPLE if studio_id in {"", p.studio.id}]
    return call.json([_admin_user(call, person) for person in call.numbered_page(found)])


def _admin_user(call: Call, person: Person) -> Json:
    added = call.moment(joined(person))
    rank = {"role": person.role} if _is_v2(call) else {"curator": person.is_curator}
    return {
        "id": person.id,
        "accountLocked": False,
        "accountLockedAt": None,
        "active": True,
        "anonymous": False,
        "canSchedule": person.is_curator,
        "canSetPriority": person.is_curator,
        "canSetWorkerAssignment": person.is_curator,
        "dateAdded": added,
        "dateUpdated": added,
        "email": person.email,
        "expirationDate": "",
        "firstName": person.first_name,
        "lastName": person.last_name,
        "numFailedLogins": 0,
        "pending": False,
        "subscriptionId": person.studio.id,
        "updateLastLoginDate": added,
        "userProfile": {"picture": None, "iconId": None},
        "validated": True,
        "timezone": "Europe/Berlin",
        **rank,
    }


def _found_schedules(call: Call) -> list[Schedule]:
    return furnishings.schedules(call.gallery.catalog, call.gallery.now())


def schedules(call: Call) -> Response:
    found = call.numbered_page(_found_schedules(call))
    return call.json([_schedule(call, schedule) for schedule in found])


def _schedule(call: Call, schedule: Schedule) -> Json:
    published, owner = schedule.published, schedule.owner
    created = call.moment(schedule.created, decimals=0)
    return {
        "id": schedule.id,
        "application": {
            "id": published.id,
            "revisionId": published.version.id,
            "name": published.workflow.name,
            "iconId": None,
            "canExecute": True,
            "amp": True,
        },
        "owner": {
            "id": owner.id,
            "role": owner.role,
            "firstName": owner.first_name,
            "lastName": owner.last_name,
            "email": owner.email,
            "sortName": f"{owner.last_name}, {owner.first_name}",
            "isActive": True,
            "credentialWorkFlowCount": 0,
        },
        "name": schedule.name,
        "comment": "",
        "enabled": True,
        "priority": wire.write_priority(Priority.LOW, call.dialect, call.options),
        "workerTag": "",
        "status": "Active",
        "credential": {"credentialId": "", "username": "", "source": "Default"},
        "creationTime": created,
        "lastRunTime": None,
        "nextRunTime": call.moment(schedule.next_run, decimals=0),
        "state": "Idle",
        "runCount": 0,
        "iteration": {"startTime": created, "endTime": None},
        "frequency": "Daily",
        "timezone": "UTC",
        "lastError": "",
        "cpuName": "",
        "lastModifiedId": owner.id,
        "lastModifiedDate": created,
        "canEdit": True,
    }


def forecast(call: Call) -> Response:
    """``GET admin/v2/schedule/forecast``: less than 45 days, by ``before`` and ``after``."""
    names = ("afterDate", "beforeDate") if call.is_web else ("after", "before")
    now = call.gallery.now()
    start = wire.read_moment(call.query(names[0]), names[0]) if call.query(names[0]) else now
    end = (
        wire.read_moment(call.query(names[1]), names[1])
        if call.query(names[1])
        else start + timedelta(days=7)
    )
    if end - start >= _LONGEST_FORECAST:
        raise invalid(names[1], "The dates have to be less than 45 days apart.")
    found = [s for s in _found_schedules(call) if start <= s.next_run <= end]
    return call.json([_forecast(call, schedule) for schedule in found])


def _forecast(call: Call, schedule: Schedule) -> Json:
    owner = schedule.owner
    return {
        "id": schedule.id,
        "appEstimatedCompletionTime": 60,
        "scheduleName": schedule.name,
        "startTime": call.moment(schedule.next_run, decimals=0),
        "frequency": "Daily",
        "workflowName": schedule.published.workflow.name,
        "owner": {
            "id": owner.id,
            "firstName": owner.first_name,
            "lastName": owner.last_name,
            "email": owner.email,
            "subscriptionId": owner.studio.id,
        },
        "priority": int(Priority.LOW),
    }


def collections(call: Call) -> Response:
    found = furnishings.collections(call.gallery.catalog)
    return call.json([_collection(call, c) for c in call.numbered_page(found)])


def _collection(call: Call, collection: Collection) -> Json:
    added = call.moment(collection.created)
    by = {"dateAdded": added, "addedById": collection.owner.id}
    return {
        "id": collection.id,
        "collectionId": collection.id,
        "name": collection.name,
        "ownerId": collection.owner.id,
        "dateAdded": added,
        "apps": [{"appId": published.id, **by} for published in collection.published],
        "schedules": [],
        "insights": [],
        "users": [
            {
                "userId": person.id,
                **by,
                "activeDirectoryObject": None,
                "expirationDate": None,
                "permissions": _PERMISSIONS,
            }
            for person in collection.members
        ],
        "subscriptions": [],
        "userGroups": [],
    }


def subscriptions(call: Call) -> Response:
    found: Sequence[Studio] = call.numbered_page(call.gallery.studios())
    return call.json([_subscription(call, studio) for studio in found])


def _subscription(call: Call, studio: Studio) -> Json:
    shape: Json = {"id": studio.id, "active": True, "expirationDate": "", "name": studio.name}
    if _is_v2(call) and call.is_web:
        return {**shape, "defaultWorkflowCredentialId": ""}
    shape["defaultWorkerTag"] = ""
    if not _is_v2(call):
        shape |= {
            "memberPassesPurchased": 0,
            "memberPassesUsed": 0,
            "primaryContactInfo": {"name": "", "email": "", "company": "", "address": None},
        }
    return shape


def data_connections(call: Call) -> Response:
    found = call.offset_page(furnishings.data_connections())
    return call.json(
        [
            {
                "connectionId": connection.id,
                "connectionString": connection.text,
                "connectionName": connection.name,
                "connectionType": connection.kind,
                "subscriptionCount": 0,
                "userCount": 1,
                "userGroupCount": 0,
            }
            for connection in found
        ]
    )


def nothing(call: Call) -> Response:
    """Answer a list this Gallery has nothing in: insights, system data connections."""
    return call.json([])


def audit_log(call: Call) -> Response:
    """``GET admin/v1/auditlog``: the uploads of workflows and the making of accounts."""
    events = [
        ("AppInfo", p.id, p.owner, version.uploaded, "Insert", p.workflow.name)
        for p in call.gallery.catalog.all()
        for version in p.versions
    ]
    events += [
        ("User", person.id, people.CURATOR, joined(person), "Insert", person.email)
        for person in people.PEOPLE
    ]
    entity = call.query("entity").lower()
    wanted = sorted((e for e in events if entity in {"", e[0].lower()}), key=lambda e: e[3])
    return call.json(
        [
            {
                "id": ids.derived("objectid", "event", what, entity_id, at.isoformat()),
                "entity": what,
                "entityId": entity_id,
                "userId": who.id,
                "timestamp": call.moment(at),
                "event": event,
                "oldValues": "",
                "newValues": json.dumps({"Name": name}),
            }
            for what, entity_id, who, at, event, name in call.numbered_page(wanted)
        ]
    )
