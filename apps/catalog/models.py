"""Apps: workflows the portal exposes, to whom, and what they ask."""

from __future__ import annotations

import uuid
from functools import cached_property, lru_cache
from typing import Any
from zlib import crc32

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from apps.accounts.models import User
from apps.catalog.types import OverlayFacts, Standing, questions_from_json
from apps.gallery.models import Connection
from apps.gallery.types import Question

# Names of tile colours in the design system.
COLOURS = ("teal", "blue", "green", "amber", "rust", "plum")

_START = 315  # gives the usual departments colours of their own


def colour_of(category: str) -> str:
    return COLOURS[crc32(category.casefold().encode(), _START) % len(COLOURS)]


class AppQuerySet(models.QuerySet["App"]):
    def visible_to(self, user: User) -> AppQuerySet:
        """Apps this person may see and run: live ones for everyone or one of their groups.

        Being an administrator gives no right to run: it gives the right to give rights.
        """
        if not user.is_active:
            return self.none()
        groups = App.groups.through.objects.filter(group__in=user.groups.all()).values("app_id")
        return self.filter(Q(for_everyone=True) | Q(pk__in=groups), is_live=True)


class App(models.Model):
    """A workflow of one connection as people see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="apps")
    workflow_id = models.CharField(max_length=200)
    workflow_name = models.CharField(max_length=255)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, blank=True)  # one line on the catalogue tile
    instructions = models.TextField(blank=True)
    category = models.CharField(max_length=60, blank=True)
    icon = models.CharField(max_length=40, default="chart-column")
    contact = models.CharField(max_length=200, blank=True)
    is_live = models.BooleanField(default=False)
    for_everyone = models.BooleanField(default=False)
    groups = models.ManyToManyField(Group, blank=True, related_name="apps")
    question_set = models.ForeignKey(
        "QuestionSet", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # What the Gallery asks now, where it no longer fits what is in use and nobody decided yet.
    offered_set = models.ForeignKey(
        "QuestionSet", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    missing_since = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True, editable=False)  # see services.apps.index
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = AppQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "workflow_id"], name="app_once_per_workflow"
            ),
            models.CheckConstraint(
                name="app_live_has_questions",
                condition=Q(is_live=False) | Q(question_set__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("runs:new", args=[self.pk])

    def get_manage_url(self) -> str:
        return reverse("manage_apps:detail", args=[self.pk])

    @property
    def standing(self) -> Standing:
        """What an administrator has to know first about it."""
        if self.missing_since:
            return Standing.MISSING
        if self.offered_set_id:
            return Standing.REVIEW
        return Standing.LIVE if self.is_live else Standing.HIDDEN

    @property
    def colour(self) -> str:
        """The colour of its tile: one for all apps of a category."""
        return colour_of(self.category)

    @property
    def questions(self) -> tuple[Question, ...]:
        return questions_of(self.question_set_id) if self.question_set_id else ()


class QuestionSet(models.Model):
    """What a workflow asked at one moment. Never changed; equal sets share a row per app."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="question_sets")
    digest = models.CharField(max_length=64)  # SHA-256 over the canonical JSON
    content: models.JSONField[Any, Any] = models.JSONField()  # list, see types.questions_to_json
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["app", "digest"], name="question_set_once_per_app"),
        ]

    def __str__(self) -> str:
        return f"{len(self.content)} questions, {self.digest[:8]}"

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return questions_from_json(self.content)


@lru_cache(maxsize=512)
def questions_of(question_set_id: uuid.UUID) -> tuple[Question, ...]:
    """Return a set's questions; kept in the process, because a set never changes."""
    return QuestionSet.objects.get(pk=question_set_id).questions


class Overlay(models.Model):
    """What an administrator adds to one question, by its name. No row: as the Gallery says."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="overlays")
    question_name = models.CharField(max_length=500)
    label = models.CharField(max_length=200, blank=True)
    help_text = models.CharField(max_length=500, blank=True)
    is_required = models.BooleanField(default=False)
    # Hidden: not shown and not sent, so the author's default applies.
    is_hidden = models.BooleanField(default=False)
    # A question of a kind the Gallery's API does not support is shown only once accepted.
    is_accepted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["app", "question_name"], name="overlay_once_per_question"
            ),
        ]

    def __str__(self) -> str:
        return self.question_name

    @property
    def facts(self) -> OverlayFacts:
        """What it adds, as a value that can be compared."""
        return OverlayFacts(
            self.label, self.help_text, self.is_required, self.is_hidden, self.is_accepted
        )


class Favourite(models.Model):
    """An app a person marked with a star."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="favourites")
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="favourites")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "app"], name="favourite_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.app}"
