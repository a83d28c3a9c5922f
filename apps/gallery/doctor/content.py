"""The last rungs: which apps the key sees, and whether their questions can be read."""

from __future__ import annotations

from apps.gallery.client import GalleryClient
from apps.gallery.doctor.ladder import Ladder
from apps.gallery.errors import GalleryError, GalleryRefusal
from apps.gallery.models import Connection
from apps.gallery.types import Workflow

APPS, QUESTIONS, APP = "Apps", "Questions", "This app"
LOOKED_AT = 3


def see_apps(ladder: Ladder, subject: Connection) -> list[Workflow]:
    """List the workflows and read the questions of the first apps."""
    tried = "List the workflows the key can see."
    try:
        listed = _client(ladder, subject).workflows()
    except GalleryError as error:
        ladder.fail(APPS, tried, _saw(error), "Show this report to the Gallery's administrator.")
    apps = [workflow for workflow in listed if workflow.kind in {"App", ""}]
    if not listed:
        ladder.warn(
            APPS,
            tried,
            "None.",
            "Publish an app to the studio of the key's owner, or share one with them through a "
            "collection (server 2022.3 and newer).",
        )
        ladder.ok(QUESTIONS, "Nothing: there is no app yet.", "")
        return []
    ladder.ok(APPS, tried, f"{_count(len(listed), 'workflow')}, {len(apps)} of them apps.")
    _read_questions(ladder, subject, apps or listed)
    return listed


def _read_questions(ladder: Ladder, subject: Connection, listed: list[Workflow]) -> None:
    tried = "Read the questions of an app."
    trouble: GalleryError | None = None
    for workflow in listed[:LOOKED_AT]:
        try:
            questions = _client(ladder, subject).questions(workflow.id)
        except GalleryError as error:
            trouble = error
        else:
            saw = f"{workflow.name or 'The first one'}: {_count(len(questions), 'question')}."
            ladder.ok(QUESTIONS, tried, saw)
            return
    assert trouble is not None
    ladder.fail(
        QUESTIONS,
        tried,
        _saw(trouble),
        "The key may list apps but not read them: make its owner a member of the studio.",
    )


def see_app(ladder: Ladder, subject: Connection, workflow_id: str, listed: list[Workflow]) -> None:
    """Judge one app: whether it is there, may be read and can be run."""
    tried = "Read this app and its questions."
    listed_one = next((entry for entry in listed if entry.id == workflow_id), None)
    try:
        questions = _client(ladder, subject).questions(workflow_id)
        workflow = listed_one or _client(ladder, subject).workflow(workflow_id)
    except GalleryRefusal as error:
        ladder.fail(APP, tried, _saw(error), _advice(error, is_listed=bool(listed_one)))
    except GalleryError as error:
        ladder.fail(APP, tried, _saw(error), "Check again later.")
    for is_so, saw, todo in (
        (
            workflow.run_disabled,
            "The app may not be run: running it is switched off.",
            "Its owner can allow it on the Gallery's page of the workflow.",
        ),
        (
            workflow.needs_credential,
            "The app wants the user to choose a run-as credential.",
            "Its owner can set the workflow credential to the server's default.",
        ),
        (
            workflow.is_chained,
            "This is a chained app; by the API only its first part can be run.",
            "Publish its parts as apps of their own.",
        ),
    ):
        if is_so:
            ladder.fail(APP, tried, saw, todo)
    ladder.ok(APP, tried, f"{workflow.name}: {_count(len(questions), 'question')}.")


def _advice(error: GalleryRefusal, *, is_listed: bool) -> str:
    if error.status == 403 or is_listed:  # noqa: PLR2004
        return (
            "The app is there, but this key may not read it: it belongs to another studio. Make "
            "the key's owner a member, share the app through a collection, or add a connection "
            "with that studio's key."
        )
    return (
        "The Gallery has no such app, or hides it from this key: it was deleted, moved to another "
        "studio, or the id is that of a version. Choose the app again from the list."
    )


def _client(ladder: Ladder, subject: Connection) -> GalleryClient:
    return GalleryClient(subject, patience=ladder.patience())


def _saw(error: GalleryError) -> str:
    status = f"Status {error.status}. " if error.status else ""
    return f"{status}{str(error).partition('. ')[0].rstrip('.')}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
