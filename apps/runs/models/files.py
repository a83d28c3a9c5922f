"""Files that go into a run and files that come out of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from apps.accounts.models import User
from apps.runs.models.run import Run


class OutputQuerySet(models.QuerySet["RunOutput"]):
    def visible_to(self, user: User) -> OutputQuerySet:
        return self.filter(run__in=Run.objects.visible_to(user))


class RunOutput(models.Model):
    """One output in one format, stored whole: there is no row for a half file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outputs")
    position = models.PositiveIntegerField(default=0)
    output_id = models.CharField(max_length=200)  # the Gallery's
    format = models.CharField(max_length=16)  # the Gallery's word: Raw, Csv, …
    name = models.CharField(max_length=255)  # cleaned; shown and used for downloads
    file = models.CharField(max_length=300)  # name in the default storage, chosen by us
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())

    objects = OutputQuerySet.as_manager()

    class Meta:
        ordering = ["position", "format"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "output_id", "format"], name="output_stored_once"
            ),
            models.CheckConstraint(name="output_is_whole", condition=~Q(sha256="") & ~Q(file="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("results:download", args=[self.pk])

    @property
    def kind(self) -> str:
        """The file's ending in capitals, as people name kinds of files: CSV, XLSX."""
        ending = self.name.rpartition(".")[2] if "." in self.name else self.format
        return ending.upper()


class InputFile(models.Model):
    """A file a person uploaded for a question; handed to the Gallery when the run is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="inputs")
    question_name = models.CharField(max_length=500)
    name = models.CharField(max_length=255)
    file = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # What the Gallery called it after the upload: the answer that is sent.
    gallery_value = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "question_name"], name="input_once_per_question"
            ),
        ]

    def __str__(self) -> str:
        return self.name
