"""Subscription v1: what a studio's key (or, at ``webapi``, a member's) can see and run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.emulator import answers, shapes, wire
from apps.emulator.call import Call
from apps.emulator.catalog import Published
from apps.emulator.exchange import Response
from apps.emulator.jobs import Job
from apps.emulator.refusals import Refusal, invalid
from apps.emulator.wire import Priority
from apps.emulator.workflow import PackageType

SORT_FIELDS: dict[str, Callable[[Published], Any]] = {
    "author": lambda p: p.workflow.author.lower(),
    "copyright": lambda _: "",
    "datemadepublic": lambda p: p.created,
    "description": lambda p: p.workflow.description.lower(),
    "executionmode": lambda _: "",
    "name": lambda p: p.workflow.name.lower(),
    "owner": lambda p: p.owner.email,
    "runcount": lambda p: p.runs,
    "subscriptionid": lambda p: p.studio.id,
    "uploaddate": lambda p: p.version.uploaded,
}


def workflows(call: Call) -> Response:
    """``GET v1/workflows/subscription``: the studio's own workflows and nothing else."""
    studio = call.studio or (call.person and call.person.studio)
    own = [p for p in call.gallery.catalog.all() if p.studio == studio]
    if call.query("packageType"):
        wanted = wire.read_package_type(call.query("packageType"))
        own = [p for p in own if p.workflow.package_type is wanted]
    return call.json([shapes.workflow(call, p) for p in select(call, own)])


def select(call: Call, found: list[Published]) -> list[Published]:
    """Search, sort and page workflows as the query asks."""
    words = call.query("search").lower()
    if words:
        found = [p for p in found if words in f"{p.workflow.name} {p.workflow.description}".lower()]
    if call.query("sortField"):
        key = SORT_FIELDS.get(call.query("sortField").lower())
        if key is None:
            raise invalid("sortField", f"'{call.query('sortField')}' cannot be sorted by.")
        found = sorted(found, key=key, reverse=is_descending(call))
    return list(call.offset_page(found))


def is_descending(call: Call, *, default: str = "asc") -> bool:
    return (call.query("direction").lower() or default).startswith("desc")


def questions(call: Call) -> Response:
    published = call.studio_workflow()
    return call.json([shapes.question(tool) for tool in published.workflow.questions])


def jobs(call: Call) -> Response:
    """``GET v1/workflows/{id}/jobs``: newest first, unless sorted by ``createdate``."""
    published = call.studio_workflow()
    found = sorted_jobs(call, call.gallery.ledger.of_workflow(published.id))
    return call.json([shapes.job_in_list(call, job) for job in found])


def sorted_jobs(call: Call, found: list[Job]) -> list[Job]:
    field = call.query("sortField").lower()
    if field not in {"", "createdate"}:
        raise invalid("sortField", f"'{call.query('sortField')}' cannot be sorted by.")
    if field and not is_descending(call):
        found.reverse()
    return list(call.offset_page(found))


def start(call: Call) -> Response:
    """``POST v1/workflows/{id}/jobs``: status 200 and the queued job."""
    job = enqueue(call, call.studio_workflow(), has_credential=False)
    return call.json(shapes.job(call, job, is_new=True))


def job(call: Call) -> Response:
    has_messages = call.query_flag("includeMessages", default=True)
    return call.json(shapes.job(call, call.job(), has_messages=has_messages))


def enqueue(
    call: Call,
    published: Published,
    *,
    has_credential: bool,
    fallback: Priority = Priority.LOW,
) -> Job:
    """Start a job from the request's body.

    ``has_credential``: whether this endpoint can send one, which v1 cannot.

    Raises:
        Refusal: 400, the workflow cannot be run this way or the body is not as it should be.
    """
    body = answers.read_body(call.request.body)
    credential_id = _text(body, "credentialId") if has_credential else ""
    _check_runnable(published, credential_id)
    return call.gallery.start_job(
        published,
        answers=answers.read_answers(
            body.get("questions"), published.workflow.questions, call.options
        ),
        pair=call.pair,
        priority=wire.read_priority(body.get("priority"), fallback),
        worker_tag=_text(body, "workerTag"),
        credential_id=credential_id,
    )


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str | None):
        raise invalid(name, f"The value of {name} has to be a text.")
    return value or ""


def _check_runnable(published: Published, credential_id: str) -> None:
    workflow = published.workflow
    if workflow.package_type is PackageType.MACRO:
        raise Refusal(400, "Macros cannot be run.")
    if workflow.run_disabled:
        raise Refusal(400, "Running this workflow has been disabled.")
    if workflow.credential_type == "Required" and not credential_id:
        raise invalid("credentialId", "This workflow requires credentials to run.")
    if credential_id and credential_id not in shapes.credential_ids():
        raise invalid("credentialId", "The credential does not exist or is not shared with you.")
