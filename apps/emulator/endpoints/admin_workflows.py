"""Admin v1 and v2: workflows, their versions and last jobs, by a Curator's key."""

from __future__ import annotations

import json
from typing import Any

from apps.emulator import furnishings, shapes, wire
from apps.emulator.call import Call
from apps.emulator.catalog import Published, Version
from apps.emulator.endpoints.subscription import select
from apps.emulator.exchange import Response
from apps.emulator.people import Person
from apps.emulator.refusals import invalid

Json = dict[str, Any]


def workflows(call: Call) -> Response:
    """``GET admin/v1/workflows``; ``webapi`` adds version, owner, collections and last run."""
    found = select(call, call.gallery.catalog.all())
    return call.json(
        [
            shapes.workflow(call, published) | (_more(call, published) if call.is_web else {})
            for published in found
        ]
    )


def _more(call: Call, published: Published) -> Json:
    jobs = call.gallery.ledger.of_workflow(published.id)
    owner = published.owner
    collections = furnishings.collections(call.gallery.catalog)
    return {
        "publishedVersionId": published.version.id,
        "publishedVersionNumber": published.version.number,
        "publishedVersionOwner": {
            "id": owner.id,
            "firstName": owner.first_name,
            "lastName": owner.last_name,
            "sId": None,
            "subscriptionId": owner.studio.id,
            "email": owner.email,
            "active": True,
        },
        "collections": [
            {"collectionName": c.name, "collectionId": c.id}
            for c in collections
            if published in c.published
        ],
        "lastRunDate": call.moment(jobs[0].created, decimals=0) if jobs else None,
        "subscriptionName": published.studio.name,
    }


def all_workflows(call: Call) -> Response:
    """``GET admin/v1|v2/workflows/all``: every revision; pages count from 0."""
    name, studio_id = call.query("name").lower(), call.query("subscriptionId")
    start, end = call.query("startDate"), call.query("endDate")
    found = [
        p
        for p in call.gallery.catalog.all()
        if name in p.workflow.name.lower()
        and studio_id in {"", p.studio.id}
        and (not start or p.version.uploaded >= wire.read_moment(start, "startDate"))
        and (not end or p.version.uploaded <= wire.read_moment(end, "endDate"))
    ]
    return call.json([_workflow_all(call, p) for p in call.numbered_page(found, first=0)])


def _workflow_all(call: Call, published: Published) -> Json:
    creator = _person(published.owner)
    return {
        "id": published.id,
        "revisions": [_revision(call, published, version) for version in published.versions],
        "creator": creator,
        "subscription": creator["subscription"],
        "events": [
            {
                "user": creator,
                "timestamp": call.moment(published.created),
                "event": "Created",
                "oldValues": "",
                "newValues": "",
            }
        ],
        "runDisabled": published.workflow.run_disabled,
        "isPublic": False,
        "dateMadePublic": None,
        "isDeleted": False,
        "runCount": published.runs,
        "iconId": None,
        "workerTag": "",
        "isReadyForMigration": published.is_ready_for_migration,
    }


def _revision(call: Call, published: Published, version: Version) -> Json:
    meta = version.workflow
    return {
        "id": version.id,
        "version": version.number,
        "author": _person(published.owner),
        "dateCreated": call.moment(version.uploaded),
        "executionMode": "Standard",
        "isChunkedPackage": False,
        "runCount": published.runs,
        "downloadCount": 0,
        "packageType": wire.package_name(meta.package_type),
        "hasPrivateDataExemption": False,
        "uploadDate": call.moment(version.uploaded),
        "credentialType": meta.credential_type,
        "isE2": True,
        "canDownload": True,
        "allowVersionHistory": False,
        "showVersionHistory": False,
        "applications": [_application(published)],
        "comments": meta.version_comment,
    }


def _application(published: Published) -> Json:
    """Return the file of a workflow; ``nextApp`` alone tells how a chained app goes on."""
    workflow = published.workflow
    next_app = f"{workflow.name} (2).yxwz" if workflow.is_chained else None
    return {"name": workflow.name, "filename": published.file_name, "nextApp": next_app}


def _person(person: Person) -> Json:
    return {
        "id": person.id,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.email,
        "subscription": {"id": person.studio.id, "name": person.studio.name},
    }


def last_jobs(call: Call) -> Response:
    """``GET admin/v1/workflows/jobs``: the last job of each workflow in ``appIds``, or of all."""
    wanted = {text.strip() for text in call.query("appIds").split(",") if text.strip()}
    name = "includeMessages" if call.is_web else "includeMessage"
    has_messages = call.query_flag(name, default=True)
    found = [
        jobs[0]
        for p in call.gallery.catalog.all()
        if (not wanted or p.id in wanted) and (jobs := call.gallery.ledger.of_workflow(p.id))
    ]
    return call.json([shapes.job(call, job, has_messages=has_messages) for job in found])


def migratable(call: Call) -> Response:
    wanted = {text.strip() for text in call.query("subscriptionIds").split(",") if text.strip()}
    return call.json(
        [
            {
                "id": p.id,
                "publishedVersionId": p.version.id,
                "subscriptionId": p.studio.id,
            }
            for p in call.gallery.catalog.all()
            if p.is_ready_for_migration and (not wanted or p.studio.id in wanted)
        ]
    )


def mark(call: Call) -> Response:
    """``PUT admin/v1/workflows/migratable/{id}``: the body is a bare ``true`` or ``false``."""
    published = call.workflow()
    try:
        is_ready = json.loads(call.request.body)
    except ValueError:
        is_ready = None
    if not isinstance(is_ready, bool):
        raise invalid("isReadyForMigration", "A bare true or false was expected.")
    published.is_ready_for_migration = is_ready
    return call.json(is_ready)
