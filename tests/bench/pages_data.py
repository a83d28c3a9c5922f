"""The rows the page benchmark works on: 200 apps, one form of 26 questions, 10,000 runs."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.catalog.models import App, QuestionSet
from apps.catalog.types import digest, questions_to_json
from apps.gallery.types import Choice, Kind, Question
from apps.runs.models import Run, RunMessage
from apps.runs.types import RunState
from tests.factories import make_connection, make_user

LISTS, TEXTS, NUMBERS, CHECKS = 10, 8, 4, 4
CHOICES = 20


def questions() -> list[Question]:
    """Return 26 questions: 10 lists of 20 choices, 8 texts, 4 numbers, 4 check boxes."""
    choices = tuple(Choice(f"Choice {n}", f"c{n}") for n in range(CHOICES))
    return (
        [Question(f"List {n}", Kind.LIST, f"Pick one of {n}", "c1", choices) for n in range(LISTS)]
        + [Question(f"Text {n}", Kind.TEXT, f"Write something {n}", "") for n in range(TEXTS)]
        + [Question(f"Number {n}", Kind.NUMBER, f"How many {n}", "5") for n in range(NUMBERS)]
        + [Question(f"Check {n}", Kind.CHECK, f"Include {n}", "False") for n in range(CHECKS)]
    )


def answer_for(position: int) -> str:
    """Return a valid answer for the question at a position of the form."""
    if position < LISTS:
        return f"c{position}"
    if position < LISTS + TEXTS:
        return f"Some words for field {position}"
    if position < LISTS + TEXTS + NUMBERS:
        return str(position)
    return "on"


def fill(*, apps: int, runs: int) -> tuple[User, App, Run]:
    """Make the rows; return a person, the app with the large form, and a run of theirs to show."""
    person = make_user("bench")
    connection = make_connection()
    content = questions_to_json(questions())
    made = App.objects.bulk_create(
        App(
            connection=connection,
            workflow_id=f"{number:024x}",
            workflow_name=f"Workflow {number}",
            title=f"Report number {number}",
            summary="Numbers of the month for one region, ready to send",
            category=("Sales", "Finance", "Operations", "People")[number % 4],
            for_everyone=True,
        )
        for number in range(apps)
    )
    sets = QuestionSet.objects.bulk_create(
        QuestionSet(app=app, content=content, digest=digest(content)) for app in made
    )
    for app, question_set in zip(made, sets, strict=True):
        app.question_set, app.is_live = question_set, True
    App.objects.bulk_update(made, ["question_set", "is_live"])
    _fill_runs(person, made, runs)
    return person, made[0], _shown_run(person, made[0])


def _fill_runs(person: User, apps: list[App], number: int) -> None:
    now = timezone.now()
    Run.objects.bulk_create(
        (
            Run(
                app=apps[n % len(apps)],
                user=person,
                question_set=apps[n % len(apps)].question_set,
                connection_id=apps[0].connection_id,
                workflow_id=apps[n % len(apps)].workflow_id,
                form_token=uuid.uuid4(),
                answers=_answers(),
                state=RunState.SUCCEEDED,
                job_id=f"job-{n}",
                created_at=now - timedelta(minutes=n + 10),
                ended_at=now - timedelta(minutes=n + 9),
                due_at=None,
            )
            for n in range(number)
        ),
        batch_size=500,
    )


def _shown_run(person: User, app: App) -> Run:
    """Return a failed run with a log of 40 lines: the fullest page without a file to read."""
    run = Run.objects.filter(user=person, app=app).first()
    assert run is not None
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, reason="job_error")
    RunMessage.objects.bulk_create(
        RunMessage(
            run=run, position=n, severity=3 if n == 39 else 1, text=f"Tool #{n}: 1,284 records"
        )
        for n in range(40)
    )
    return run


def _answers() -> list[dict[str, object]]:
    return [
        {
            "name": q.name,
            "value": "c1",
            "label": q.description,
            "shown": "Choice 1",
            "default": False,
        }
        for q in questions()
    ]
