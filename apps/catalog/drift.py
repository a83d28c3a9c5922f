"""What changed between two sets of questions, and whether it breaks anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.gallery.types import Question


class Level(models.TextChoices):
    """How much a change of questions matters."""

    SAME = "same", gettext_lazy("nothing changed")
    COMPATIBLE = "compatible", gettext_lazy("changed, and everything still fits")
    BREAKING = "breaking", gettext_lazy("changed so that old answers do not fit")


@dataclass(frozen=True, slots=True)
class Change:
    """One question that is not what it was, with a sentence for each difference."""

    name: str
    differences: tuple[str, ...]
    is_breaking: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """The difference between the questions in use and the Gallery's present ones.

    A new question never breaks anything: left unanswered, the author's default applies. Nor does
    a choice that is gone: the form offers what is there, and an old answer is checked again.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    is_reordered: bool = False

    @property
    def level(self) -> Level:
        if self.removed or any(change.is_breaking for change in self.changed):
            return Level.BREAKING
        if self.added or self.changed or self.is_reordered:
            return Level.COMPATIBLE
        return Level.SAME

    def facts(self) -> dict[str, Any]:
        """Return what the audit record keeps."""
        return {
            "level": self.level.value,
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": [change.name for change in self.changed],
        }


def compare(old: Sequence[Question], new: Sequence[Question]) -> Drift:
    """Compare two sets of questions by name."""
    before = {question.name: question for question in old}
    after = {question.name: question for question in new}
    common = [name for name in before if name in after]
    changes = (_change(before[name], after[name]) for name in common if before[name] != after[name])
    return Drift(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=tuple(changes),
        is_reordered=common != [name for name in after if name in before],
    )


def _change(old: Question, new: Question) -> Change:
    is_breaking = old.kind != new.kind or old.multiple != new.multiple
    return Change(old.name, tuple(_differences(old, new)), is_breaking)


def _differences(old: Question, new: Question) -> Iterable[str]:
    if old.kind != new.kind:
        yield _("was %(old)s, is %(new)s") % {"old": old.kind, "new": new.kind}
    if old.multiple != new.multiple:
        yield _("takes several choices") if new.multiple else _("takes only one choice")
    if old.description != new.description:
        yield _("text: “%(old)s” → “%(new)s”") % {
            "old": old.description,
            "new": new.description,
        }
    if old.default != new.default:
        yield _("default: “%(old)s” → “%(new)s”") % {
            "old": old.default or "",
            "new": new.default or "",
        }
    yield from _choice_differences(old, new)


def _choice_differences(old: Question, new: Question) -> Iterable[str]:
    before = {choice.value: choice.label for choice in old.choices}
    after = {choice.value: choice.label for choice in new.choices}
    gone = [label for value, label in before.items() if value not in after]
    come = [label for value, label in after.items() if value not in before]
    if gone:
        yield _("choices gone: %s") % ", ".join(gone)
    if come:
        yield _("choices added: %s") % ", ".join(come)
    if not gone and not come and old.choices != new.choices:
        yield _("choices renamed or in another order")
