"""One of everything, and everybody who may come to look at it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.catalog.models import App
from apps.gallery.types import Choice, Kind, Question
from apps.runs.models import Run, RunOutput
from tests.factories import make_app, make_group, make_run, make_user

ACTORS = ("anonymous", "stranger", "member", "owner", "administrator", "superuser", "deactivated")

QUESTIONS = (
    Question("Region", Kind.LIST, "Which?", "East", (Choice("East", "East"), Choice("W", "W"))),
    Question("Words", Kind.TEXT, "Say it", ""),
    Question("Number", Kind.NUMBER, "How many", ""),
    Question("Day", Kind.DATE, "When", ""),
    Question("Data", Kind.FILE, "Your file", ""),
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@dataclass(frozen=True)
class World:
    """An app of one group, a run of its owner with a table and a picture, and the people."""

    group: Group
    app: App
    run: Run
    table: RunOutput
    picture: RunOutput
    event: AuditEvent
    people: Mapping[str, User]

    def client(self, actor: str, *, enforce_csrf: bool = False) -> Client:
        """Return a browser in which this actor has signed in; the deactivated one did before."""
        client = Client(enforce_csrf_checks=enforce_csrf)
        user = self.people.get(actor)
        if user:
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        if actor == "deactivated":
            User.objects.filter(username=actor).update(is_active=False)
        return client


def make_world() -> World:
    group = make_group("Sales")
    people = {
        "stranger": make_user("stranger"),
        "member": make_user("member", groups=[group]),
        "owner": make_user("owner", groups=[group]),
        "administrator": make_user("administrator", staff=True),
        "superuser": make_user("superuser", staff=True, groups=[group]),
        "deactivated": make_user("deactivated", staff=True, groups=[group]),
    }
    User.objects.filter(username__in=["superuser", "deactivated"]).update(is_superuser=True)
    app = make_app(questions=QUESTIONS, groups=[group])
    run = make_run(app, people["owner"])
    return World(
        group=group,
        app=app,
        run=run,
        table=_output(run, "rows.csv", "Csv", b"a,b\n1,2\n"),
        picture=_output(run, "map.png", "Raw", PNG),
        event=record("app.exposed", app, actor=people["administrator"]),
        people=people,
    )


def _output(run: Run, name: str, format_: str, content: bytes) -> RunOutput:
    stored = default_storage.save(f"outputs/{uuid.uuid4().hex}", ContentFile(content))
    return RunOutput.objects.create(
        run=run,
        name=name,
        format=format_,
        file=stored,
        size=len(content),
        sha256="0" * 64,
        output_id=name,
    )
