"""V3: workflows, their questions, jobs and package."""

from __future__ import annotations

from apps.emulator import shapes, wire
from apps.emulator.call import Call
from apps.emulator.catalog import Published
from apps.emulator.endpoints.files import chosen_version
from apps.emulator.endpoints.subscription import enqueue, sorted_jobs
from apps.emulator.exchange import Response
from apps.emulator.jobs import Disposition, Job, Status
from apps.emulator.refusals import invalid
from apps.emulator.wire import Priority
from apps.emulator.workflow import Severity

_STATUS_FILTERS = {
    "complete": {Status.COMPLETED},
    "error": {Status.COMPLETED},
    "running": {Status.RUNNING},
    "queued": {Status.QUEUED},
}
_RESULT_CODES = {"success": Disposition.SUCCESS, "error": Disposition.ERROR, "warning": ""}


def wants_full(call: Call) -> bool:
    """Return whether ``view=Full`` (or the older ``verbose=true``) is asked for.

    Raises:
        Refusal: 400, a view that does not exist.
    """
    view = call.query("view").lower()
    if view not in {"", "default", "full"}:
        raise invalid("view", f"The value '{call.query('view')}' is not valid for view.")
    return view == "full" or call.query("verbose").lower() == "true"


def workflows(call: Call) -> Response:
    """``GET v3/workflows``: everything the caller reaches, never paged."""
    full = wants_full(call)
    found = [p for p in call.gallery.catalog.all() if call.reaches(p) and _matches(call, p)]
    shape = shapes.workflow_v3 if full else shapes.workflow_reduced_v3
    return call.json([shape(call, published) for published in found])


def _matches(call: Call, published: Published) -> bool:
    name, owner = call.query("name"), call.query("ownerId")
    uploaded = published.version.uploaded
    after, before = call.query("createdAfter"), call.query("createdBefore")
    return (
        (not name or name.lower() in published.workflow.name.lower())
        and (not owner or owner == published.owner.id)
        and (not after or uploaded >= wire.read_moment(after, "createdAfter"))
        and (not before or uploaded <= wire.read_moment(before, "createdBefore"))
    )


def workflow(call: Call) -> Response:
    return call.json(shapes.workflow_v3(call, call.workflow(is_hidden=True)))


def questions(call: Call) -> Response:
    version = chosen_version(call, call.workflow(), "versionId")
    leaves_out = call.options.v3_missing == "left-out"
    tools = version.workflow.questions
    return call.json([shapes.question_v3(tool, leaves_out=leaves_out) for tool in tools])


def jobs(call: Call) -> Response:
    """``GET v3/workflows/{id}/jobs``: a failed job is Completed for ``status=Error`` too."""
    found = call.gallery.ledger.of_workflow(call.workflow(is_hidden=True).id)
    found = [job for job in found if _has_status(call, job) and _has_result(call, job)]
    found = sorted_jobs(call, found)
    return call.json([shapes.job_of_workflow_v3(call, job) for job in found])


def _has_status(call: Call, job: Job) -> bool:
    wanted = call.query("status").lower()
    if not wanted:
        return True
    if wanted not in _STATUS_FILTERS:
        raise invalid("status", f"The value '{call.query('status')}' is not valid for status.")
    status, disposition = job.standing()
    is_failed = disposition == Disposition.ERROR
    return status in _STATUS_FILTERS[wanted] and (wanted != "error" or is_failed)


def _has_result(call: Call, job: Job) -> bool:
    wanted = call.query("resultCode").lower()
    if not wanted:
        return True
    if wanted not in _RESULT_CODES:
        raise invalid("resultCode", f"'{call.query('resultCode')}' is not valid for resultCode.")
    has_warning = any(message.severity is Severity.WARNING for message in job.messages)
    if wanted == "warning":
        return has_warning
    return job.standing()[1] == _RESULT_CODES[wanted]


def start(call: Call) -> Response:
    """``POST v3/workflows/{id}/jobs``: 403 where the caller may not execute the workflow."""
    job = enqueue(call, call.workflow(), has_credential=True, fallback=Priority.DEFAULT)
    return call.json(shapes.job_v3(call, job, is_new=True))
