"""One ``make_*`` per model: a valid row with as little as possible around it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from apps.accounts.models import User
from apps.catalog.models import App, QuestionSet
from apps.catalog.types import digest, questions_to_json
from apps.gallery.models import Connection
from apps.gallery.types import Dialect, Question
from apps.runs.models import Run, RunEvent
from apps.runs.types import RunState

_numbers = count(1)


def make_user(name: str = "", *, staff: bool = False, groups: Sequence[Group] = ()) -> User:
    name = name or f"user{next(_numbers)}"
    user = User.objects.create_user(
        username=name, email=f"{name}@example.com", password="right horse", is_staff=staff
    )
    user.groups.set(groups)
    return user


def make_group(name: str = "") -> Group:
    return Group.objects.create(name=name or f"Group {next(_numbers)}")


def make_connection(url: str = "http://127.0.0.1:9/webapi", **facts: Any) -> Connection:
    """A connection as detected: ``url`` is where its API answers."""
    values = {
        "name": f"Gallery {next(_numbers)}",
        "url": url,
        "api_url": url.rstrip("/"),
        "dialect": Dialect.OAUTH2,
        "client_key": "KEY",
        "secret": "SECRET",
    }
    return Connection.objects.create(**(values | facts))


def make_app(
    connection: Connection | None = None,
    *,
    questions: Sequence[Question] = (),
    groups: Sequence[Group] = (),
    **facts: Any,
) -> App:
    number = next(_numbers)
    values: dict[str, Any] = {
        "connection": connection or make_connection(),
        "workflow_id": f"{number:024x}",
        "workflow_name": f"Workflow {number}",
        "title": f"App {number}",
        "for_everyone": not groups,
    }
    app = App.objects.create(**(values | facts))
    app.groups.set(groups)
    content = questions_to_json(questions)
    app.question_set = QuestionSet.objects.create(app=app, content=content, digest=digest(content))
    app.is_live = True
    app.save()
    return app


def make_run(app: App | None = None, user: User | None = None, **facts: Any) -> Run:
    """A run just accepted, or with ``state`` and what that state needs given."""
    app = app or make_app()
    values: dict[str, Any] = {
        "app": app,
        "user": user or make_user(),
        "question_set": app.question_set,
        "connection": app.connection,
        "workflow_id": app.workflow_id,
        "form_token": uuid.uuid4(),
    }
    run = Run.objects.create(**(values | facts))
    RunEvent.objects.create(run=run, to_state=RunState.NEW)
    return run
