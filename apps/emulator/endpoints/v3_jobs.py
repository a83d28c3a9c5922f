"""V3: one job, its messages, the list of all jobs and cancelling (the last two since 2025)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from apps.emulator import people, shapes, wire
from apps.emulator.call import Call
from apps.emulator.exchange import Response
from apps.emulator.jobs import Job, Status
from apps.emulator.refusals import Refusal, invalid

_STATUSES = {
    "queued": Status.QUEUED,
    "initializing": Status.INITIALIZING,
    "running": Status.RUNNING,
    "complete": Status.COMPLETED,
    "completed": Status.COMPLETED,
}


def job(call: Call) -> Response:
    has_messages = call.query_flag("includeMessages", default=True)
    return call.json(shapes.job_v3(call, call.job(), has_messages=has_messages))


def messages(call: Call) -> Response:
    found = shapes.messages(call.job().messages)
    if call.options.messages_as_one:
        return call.json(found[-1] if found else None)
    return call.json(found)


def cancel(call: Call) -> Response:
    """``DELETE v3/jobs/{id}``: a queued job goes, a running one stops."""
    job = call.job()
    if job.has_ended:
        raise Refusal(400, "The job has already ended.")
    call.gallery.queue.cancel(job)
    # A job that a worker has just taken answers here only once it stands still.
    job.over.wait(2)
    return call.json(None)


def jobs(call: Call) -> Response:
    """``GET v3/jobs``: filtered, sorted, one page and how many there are."""
    found = [job for job in call.gallery.ledger.known() if _is_wanted(call, job)]
    key = _SORT_FIELDS.get((call.query("sortField") or "CreateDate").lower())
    if key is None:
        raise invalid("sortField", f"'{call.query('sortField')}' cannot be sorted by.")
    descending = not call.query("direction").lower().startswith("asc")
    found.sort(key=lambda job: key(call, job), reverse=descending)
    size = call.query_number("limit", 0) or 50
    start = call.query_number("offset", 0)
    page = found[start : start + size]
    total_pages = max(1, math.ceil(len(found) / size))
    current = start // size + 1
    return call.json(
        {
            "data": [_row(call, job) for job in page],
            "pagination": {
                "currentPage": current,
                "pageSize": size,
                "totalItems": len(found),
                "totalPages": total_pages,
                "hasNextPage": start + size < len(found),
                "hasPreviousPage": start > 0,
            },
        }
    )


def _row(call: Call, job: Job) -> dict[str, Any]:
    return {
        "jobId": job.id,
        "status": job.standing()[0],
        "workflowName": _workflow_name(call, job),
        "workflowId": job.workflow_id,
        "submittedBy": _submitted_by(job),
        "startTime": call.moment(job.started),
        "queueTime": call.moment(job.created),
        "executionTime": _execution_time(call, job),
        "priority": job.priority.label,
    }


def _submitted_by(job: Job) -> str:
    found = (person.email for person in people.PEOPLE if person.id == job.started_by)
    return next(found, "")


def _execution_time(call: Call, job: Job) -> str:
    if job.started is None:
        return "00:00:00"
    seconds = int(((job.ended or call.gallery.now()) - job.started).total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _workflow_name(call: Call, job: Job) -> str:
    published = call.gallery.catalog.find(job.workflow_id)
    return published.workflow.name if published else ""


_SORT_FIELDS: dict[str, Callable[[Call, Job], Any]] = {
    "createdate": lambda _, job: job.created,
    "appname": lambda call, job: _workflow_name(call, job).lower(),
    "completiondatetime": lambda _, job: (job.ended is not None, job.ended or job.created),
    "priority": lambda _, job: job.priority.rank,
    "status": lambda _, job: job.standing()[0],
}


def _is_wanted(call: Call, job: Job) -> bool:
    return (
        _has_submitter(call, job)
        and _is_one_of(call, "workflowNames", _workflow_name(call, job))
        and _is_one_of(call, "priorities", job.priority.label)
        and _has_status(call, job)
        and _ended_between(call, job)
    )


def _has_submitter(call: Call, job: Job) -> bool:
    if not call.query_flag("allUsers", default=False):
        return call.person is not None and job.started_by == call.person.id
    return _is_one_of(call, "users", job.started_by) or _is_one_of(
        call, "users", _submitted_by(job)
    )


def _is_one_of(call: Call, name: str, value: str) -> bool:
    wanted = {text.strip().lower() for text in call.query(name).split(",") if text.strip()}
    return not wanted or value.lower() in wanted


def _has_status(call: Call, job: Job) -> bool:
    texts = [text.strip().lower() for text in call.query("statuses").split(",") if text.strip()]
    unknown = [text for text in texts if text not in _STATUSES]
    if unknown:
        raise invalid("statuses", f"The value '{unknown[0]}' is not valid for statuses.")
    return not texts or job.standing()[0] in {_STATUSES[text] for text in texts}


def _ended_between(call: Call, job: Job) -> bool:
    after, before = call.query("completedAfter"), call.query("completedBefore")
    if not after and not before:
        return True
    if job.ended is None:
        return False
    day = job.ended.date()
    return (not after or day >= wire.read_moment(after, "completedAfter").date()) and (
        not before or day <= wire.read_moment(before, "completedBefore").date()
    )
