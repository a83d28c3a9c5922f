"""A run, its history of moves, and the messages its job left."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.catalog.models import App, QuestionSet
from apps.gallery.models import Connection
from apps.runs.errors import IllegalMove
from apps.runs.signals import run_ended
from apps.runs.types import ENDED, HAS_JOB, MOVES, UNRESOLVED, Reason, RunState

MAX_CRASHES = 3


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User) -> RunQuerySet:
        """One's own runs; administrators see all of them."""
        if not user.is_active:
            return self.none()
        return self if user.is_staff else self.filter(user=user)

    def live(self) -> RunQuerySet:
        return self.exclude(state__in=ENDED)

    def due(self) -> RunQuerySet:
        """Runs whose time has come and that no worker holds, by the database's clock."""
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        return self.filter(free, due_at__lte=Now()).order_by("due_at")


class Run(models.Model):
    """One submission of an app by one person: answers in, outputs out, at most one job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="runs")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="runs")
    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="+")
    # Copied from the app, because the constraints below speak of them.
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="runs")
    workflow_id = models.CharField(max_length=200)
    # [{"name", "value", "label", "shown"}]: what is sent, and the words people saw.
    answers: models.JSONField[Any, Any] = models.JSONField(default=list)
    form_token = models.UUIDField(default=uuid.uuid4)

    state = models.CharField(max_length=12, choices=RunState, default=RunState.NEW)
    status = models.CharField(max_length=32, blank=True)  # the Gallery's own words
    disposition = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=16, choices=Reason, default=Reason.NONE, blank=True)
    error = models.TextField(blank=True)  # a sentence for the person who ran it
    detail = models.TextField(blank=True)  # for administrators
    notice = models.TextField(blank=True)  # why it waits, while it waits
    job_id = models.CharField(max_length=200, null=True, blank=True)

    attempt = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, db_default=Now())
    crashes = models.PositiveSmallIntegerField(default=0)
    looks = models.PositiveSmallIntegerField(default=0)  # tries of the present state's step
    sent_at = models.DateTimeField(null=True, blank=True)
    jobs_before: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    oauth_nonce = models.CharField(max_length=64, blank=True)
    oauth_timestamp = models.CharField(max_length=16, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    cancel_sent_at = models.DateTimeField(null=True, blank=True)  # the Gallery said it will stop

    created_at = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True, blank=True)  # the Gallery gave a job id
    started_at = models.DateTimeField(null=True, blank=True)  # first seen running
    finished_at = models.DateTimeField(null=True, blank=True)  # the job was seen over
    ended_at = models.DateTimeField(null=True, blank=True)

    # When this process's lease ends, on its monotonic clock; set at the claim, never stored.
    deadline: float = 0.0

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="run_history"),
            models.Index(fields=["-created_at", "-id"], name="run_history_all"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="run_due"),
            models.Index(fields=["app", "-created_at"], name="run_of_app"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "job_id"],
                condition=Q(job_id__isnull=False),
                name="run_job_is_nobody_elses",
            ),
            # Two unresolved submissions of one workflow could not be told apart in its job list.
            models.UniqueConstraint(
                fields=["connection", "workflow_id"],
                condition=Q(state__in=UNRESOLVED),
                name="run_one_unresolved_per_workflow",
            ),
            models.UniqueConstraint(fields=["user", "form_token"], name="run_form_sent_once"),
            models.CheckConstraint(
                name="run_due_until_ended",
                condition=Q(state__in=ENDED, due_at=None, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(due_at__isnull=False, ended_at=None)),
            ),
            models.CheckConstraint(
                name="run_job_where_state_says",
                condition=Q(state__in=HAS_JOB, job_id__isnull=False)
                | Q(state=RunState.NEW, job_id=None)
                | ~Q(state__in=[*HAS_JOB, RunState.NEW]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.app} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("runs:detail", args=[self.pk])

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def is_cancelling(self) -> bool:
        return self.cancel_requested_at is not None and not self.has_ended

    @property
    def duration(self) -> timedelta:
        """From acceptance by the portal to the end, or until now."""
        return (self.ended_at or timezone.now()) - self.created_at

    def move(self, to: RunState, *, note: str = "", **changes: Any) -> bool:
        """Move to ``to`` and set ``changes``, unless this worker no longer holds the run.

        The UPDATE names the state and the fence this row was read with: of several workers one
        wins, also where the same state came back in a later attempt. Raises IllegalMove for a
        move the machine does not have.
        """
        from_state = RunState(self.state)
        if to not in MOVES.get(from_state, ()):
            raise IllegalMove(f"{self.pk}: {from_state} to {to}")
        changes |= {"state": to, "looks": changes.get("looks", 0)}
        changes.setdefault("notice", "")
        if to in ENDED:
            changes |= {"due_at": None, "ended_at": Now(), "lease_until": None}
        with transaction.atomic():
            if not self.change(**changes):
                return False
            RunEvent.objects.create(
                run=self, from_state=from_state, to_state=to, fence=self.fence,
                attempt=self.attempt, note=note,
            )  # fmt: skip
            if to in ENDED:
                run_id = self.pk
                transaction.on_commit(
                    lambda: run_ended.send_robust(sender=Run, run_id=run_id), robust=True
                )
        return True

    def change(self, **changes: Any) -> bool:
        """Set columns without a move, under the same guard as ``move``."""
        unmoved = Run.objects.filter(pk=self.pk, state=self.state, fence=self.fence)
        if not unmoved.update(**changes):
            return False
        # Only what changed: a full refresh would throw the joined app and connection away.
        self.refresh_from_db(fields=list(changes))
        return True


class RunEvent(models.Model):
    """One move of a run. Exactly one row per move, in order."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now())
    from_state = models.CharField(max_length=12, choices=RunState, blank=True)
    to_state = models.CharField(max_length=12, choices=RunState)
    attempt = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class RunMessage(models.Model):
    """One line of the job's log, as the Gallery sent it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="messages")
    position = models.PositiveIntegerField()
    severity = models.SmallIntegerField()  # gallery.types.Severity, or a number of the future
    text = models.TextField()
    tool_id = models.IntegerField(default=-1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="message_in_order"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def words(self) -> str:
        """The text without the tool's number, which some servers repeat at its beginning."""
        return self.text.removeprefix(f"Tool #{self.tool_id}: ")
