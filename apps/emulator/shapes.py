"""Workflows, questions, jobs and messages as v1, v2 and v3 write them, member by member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apps.emulator import wire
from apps.emulator.call import Call
from apps.emulator.catalog import Published, Version
from apps.emulator.jobs import Job, Message
from apps.emulator.workflow import InterfaceTool, Workflow

Json = dict[str, Any]


def workflow(call: Call, published: Published) -> Json:
    """Return the ``Workflow`` of v1 and admin v1."""
    meta, version = published.workflow, published.version
    package_type = wire.write_package_type(meta.package_type, call.dialect, call.options)
    return {
        "id": published.id,
        "subscriptionId": published.studio.id,
        "public": False,
        "runDisabled": meta.run_disabled,
        "packageType": package_type,
        "uploadDate": call.moment(version.uploaded),
        "fileName": published.file_name,
        "metaInfo": _meta_info(meta),
        "isChained": meta.is_chained,
        "version": version.number,
        "runCount": published.runs,
        "workerTag": "",
        "isE2": True,
    }


def _meta_info(meta: Workflow) -> Json:
    return {
        "name": meta.name,
        "description": meta.description,
        "author": meta.author,
        "copyright": "",
        "url": "",
        "urlText": "",
        "outputMessage": "",
        "noOutputFilesMessage": "",
    }


def question(tool: InterfaceTool) -> Json:
    """Return the ``Question`` of v1; members without a value are left out, as captured."""
    shape: Json = {
        "name": tool.name,
        "type": f"Question{tool.kind}",
        "description": tool.description,
    }
    if tool.default is not None:
        shape["value"] = tool.default
    if tool.items:
        shape["items"] = _items(tool)
    if tool.multiple is not None:
        shape["multiple"] = str(tool.multiple)
    return shape


def question_v3(tool: InterfaceTool, *, leaves_out: bool) -> Json:
    shape: Json = {
        "name": tool.name,
        "questionType": f"Question{tool.kind}",
        "description": tool.description,
        "value": tool.default,
        "multiple": tool.multiple,
        "items": _items(tool) or None,
    }
    if leaves_out:
        return {name: value for name, value in shape.items() if value is not None}
    return shape


def _items(tool: InterfaceTool) -> list[Json]:
    return [{"key": item.key, "value": item.value} for item in tool.items]


def job(call: Call, job: Job, *, is_new: bool = False, has_messages: bool = True) -> Json:
    """Return the ``Job`` of v1 and v2; a new one has a longer date and an empty worker tag."""
    status, disposition = job.standing()
    shape: Json = {
        "id": job.id,
        "appId": None,
        "createDate": call.moment(job.created, decimals=7 if is_new else 0),
        "status": status,
        "disposition": disposition,
        "outputs": [
            {"id": output.id, "formats": list(output.files), "name": output.name}
            for output in job.offered()
        ],
        "messages": messages(job.messages),
        "priority": wire.write_priority(job.priority, call.dialect, call.options),
        "workerTag": job.worker_tag if is_new or job.worker_tag else None,
        "runWithE2": True,
    }
    if not has_messages:
        del shape["messages"]
    return shape


def job_in_list(call: Call, job: Job) -> Json:
    """Return the ``JobList`` of v1, where ``runWithE2`` is a text."""
    status, disposition = job.standing()
    return {
        "id": job.id,
        "createDate": call.moment(job.created, decimals=0),
        "status": status,
        "disposition": disposition,
        "priority": wire.write_priority(job.priority, call.dialect, call.options),
        "workerTag": job.worker_tag,
        "runWithE2": "True",
    }


def job_v3(call: Call, job: Job, *, is_new: bool = False, has_messages: bool = True) -> Json:
    status, disposition = job.standing()
    shape: Json = {
        "id": job.id,
        "appId": job.workflow_id,
        "createDateTime": call.moment(job.created, decimals=7 if is_new else 0),
        "status": status,
        "disposition": disposition,
        "outputs": [
            {"id": output.id, "availableFormats": list(output.files), "fileName": output.name}
            for output in job.offered()
        ],
        "messages": messages(job.messages),
        "priority": job.priority.label,
        "workerTag": job.worker_tag,
        "runWithE2": True,
    }
    if not has_messages:
        del shape["messages"]
    return shape


def job_of_workflow_v3(call: Call, job: Job) -> Json:
    return {
        "id": job.id,
        "createDate": call.moment(job.created, decimals=0),
        "status": job.standing()[0],
        "priority": job.priority.label,
        "workerTag": job.worker_tag,
        "runWithE2": True,
    }


def messages(logged: Sequence[Message]) -> list[Json]:
    return [
        {"status": int(entry.severity), "text": entry.text, "toolId": entry.tool_id}
        for entry in list(logged)
    ]


def workflow_reduced_v3(call: Call, published: Published) -> Json:
    return {
        "id": published.id,
        "sourceAppId": "",
        "name": published.workflow.name,
        "ownerId": published.owner.id,
        "dateCreated": call.moment(published.created),
        "publishedVersionNumber": published.version.number,
        "isAmp": True,
        "executionMode": "Standard",
    }


def workflow_v3(call: Call, published: Published) -> Json:
    return {
        "id": published.id,
        "sourceAppId": "",
        "dateCreated": call.moment(published.created),
        "runCount": published.runs,
        "versions": [
            _version(call, published, version, is_published=version is published.version)
            for version in published.versions
        ],
        "name": published.workflow.name,
        "ownerId": published.owner.id,
        "workerTag": "",
        "districtTags": list(published.workflow.tags),
        "comments": published.workflow.version_comment,
        "isPublic": False,
        "isReadyForMigration": published.is_ready_for_migration,
        "publishedVersionId": published.version.id,
        "othersMayDownload": True,
        "othersCanViewHistory": False,
        "othersCanExecute": True,
        "executionMode": "Standard",
        "hasPrivateDataExemption": None,
    }


def _version(call: Call, published: Published, version: Version, *, is_published: bool) -> Json:
    meta = version.workflow
    needs_credential = meta.credential_type == "Specific"
    return {
        "versionId": version.id,
        "versionNumber": version.number,
        "dateCreated": call.moment(version.uploaded),
        "uploadSource": "Designer",
        "uploadDate": call.moment(version.uploaded),
        "packageWorkflowType": wire.package_name(meta.package_type),
        "published": is_published,
        "comments": meta.version_comment or None,
        "runDisabled": meta.run_disabled,
        "executionMode": "Standard",
        "workflowCredentialType": meta.credential_type,
        "credentialId": credential_ids()[0] if needs_credential else "",
        "hasPrivateDataExemption": None,
        "othersMayDownload": True,
        "othersCanViewHistory": False,
        "details": {"isAmp": True, "fileName": published.file_name, **_meta_info(meta)},
    }


def credential_ids() -> list[str]:
    """Return the credentials people may run workflows as."""
    return [credential["id"] for credential in CREDENTIALS]


CREDENTIALS: tuple[dict[str, str], ...] = (
    {"id": "6401d5a2b0c14f2d9c7e1001", "userName": "EXAMPLE\\svc-reports"},
    {"id": "6401d5a2b0c14f2d9c7e1002", "userName": "EXAMPLE\\svc-planning"},
)
