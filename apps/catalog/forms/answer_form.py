"""The form people fill in, and what it makes of their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.catalog.forms.fields import AnswerField
from apps.catalog.forms.kinds import manner
from apps.catalog.forms.reading import is_blank
from apps.gallery.encoding import encode
from apps.gallery.types import Kind, Question

AUTO_ID = "id_%s"  # what Django makes ids with unless told otherwise
# Left empty, these would silently become the author's default.
NEVER_NONE = frozenset({Kind.NUMBER, Kind.DATE})
# What every posted form holds beside answers.
NOT_ANSWERS = frozenset({"csrfmiddlewaretoken", "form_token"})


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """One answer: the text that is sent, and the words people see for it."""

    name: str
    label: str
    value: str
    shown: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it stands in a form."""

    question: Question
    label: str

    def default(self) -> Any:
        """Return the author's default as a value of the field; None where there is none."""
        text = self.question.default
        return None if text is None else manner(self.question).read(self.question, text)

    def answer(self, value: Any) -> AnsweredQuestion | None:
        """Return what to send for a cleaned value; None where the author's default shall apply."""
        default = self.default()
        if value in (None, "", []) and not self._is_emptied(value, default):
            return None
        is_default = default is not None and value == default
        if is_default and isinstance(value, str) and self.question.kind != Kind.LIST:
            value = self.question.default  # with line ends as the author wrote them
        text = encode(self.question, value)
        if text is None:
            return None
        return AnsweredQuestion(
            name=self.question.name,
            label=self.label,
            value=text,
            shown=manner(self.question).show(self.question, value),
            is_default=is_default,
        )

    def _is_emptied(self, value: Any, default: Any) -> bool:
        """Whether nothing was given where the author gives something: that has to be sent."""
        if isinstance(default, str):
            offers_empty = any(not choice.value for choice in self.question.choices)
            return (
                value == ""
                and not is_blank(default)
                and (self.question.kind != Kind.LIST or offers_empty)
            )
        return value == [] and bool(default)


@dataclass(frozen=True, slots=True)
class Slot:
    """One field and the questions it answers: one, or the radio buttons of a group."""

    field_name: str
    asked: tuple[Asked, ...]

    @property
    def is_group(self) -> bool:
        return len(self.asked) > 1

    def answers(self, value: Any) -> Iterable[AnsweredQuestion]:
        for position, asked in enumerate(self.asked):
            answered = asked.answer(value == str(position) if self.is_group else value)
            if answered:
                yield answered

    def read(self, texts: Mapping[str, str]) -> Any:
        """Return the field's value for old answers; None where they do not fit any more."""
        values = [
            manner(asked.question).read(asked.question, texts[asked.question.name])
            for asked in self.asked
            if asked.question.name in texts
        ]
        if not self.is_group:
            return values[0] if values else None
        chosen = [
            str(position)
            for position, asked in enumerate(self.asked)
            if texts.get(asked.question.name, "").casefold() == "true"
        ]
        return chosen[0] if len(chosen) == 1 else None


@dataclass(frozen=True, slots=True)
class Prefill:
    """Old answers as a form's initial values, and those that do not fit any more.

    ``dropped`` holds (label, old text).
    """

    initial: dict[str, Any]
    dropped: tuple[tuple[str, str], ...]


class AnswerForm(forms.Form):
    """Answers to an app's questions. Classes are made by ``build_form_class``.

    Only what is shown is sent: a hidden question and an optional one without an answer are left
    out, so that the author's default applies; a text or selection that was emptied is sent empty.
    """

    slots: ClassVar[tuple[Slot, ...]] = ()
    error_css_class = "has-error"

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions people are asked, in order."""
        return tuple(asked.question for slot in self.slots for asked in slot.asked)

    def __str__(self) -> SafeString:
        """Draw the fields. A blank form looks alike for everybody and is drawn once."""
        is_own = self.is_bound or self.initial or self.prefix or self.auto_id != AUTO_ID
        return self.render() if is_own else _drawn(type(self))

    __html__ = __str__

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """Names that were posted and asked for by nobody, such as those of hidden questions."""
        posted = [*self.data, *self.files]
        return tuple(
            name for name in posted if name not in self.fields | dict.fromkeys(NOT_ANSWERS)
        )

    def clean(self) -> dict[str, Any]:
        """Refuse an emptied number or date where the author gives one.

        Nothing can be sent for "none", so the author's would be used against what the form shows.
        """
        cleaned = self.cleaned_data
        for slot in self.slots:
            asked, name = slot.asked[0], slot.field_name
            if asked.question.kind not in NEVER_NONE or cleaned.get(name, "") is not None:
                continue
            own = asked.default()
            if own is not None:
                shown = manner(asked.question).show(asked.question, own)
                text = _("This cannot be left empty. The app's own value is %(value)s.")
                self.add_error(name, text % {"value": shown})
        return cleaned

    def answers(self) -> list[AnsweredQuestion]:
        """Return what a valid form sends, in question order; files are in ``uploads()``."""
        return [
            answered
            for slot in self.slots
            if slot.asked[0].question.kind != Kind.FILE
            for answered in slot.answers(self.cleaned_data[slot.field_name])
        ]

    def uploads(self) -> list[tuple[str, UploadedFile[Any]]]:
        """Return the files of a valid form by the name of the question they answer."""
        return [
            (
                slot.asked[0].question.name,
                cast("UploadedFile[Any]", self.cleaned_data[slot.field_name]),
            )
            for slot in self.slots
            if slot.asked[0].question.kind == Kind.FILE and self.cleaned_data[slot.field_name]
        ]

    @classmethod
    def prefill(cls, texts: Mapping[str, str]) -> Prefill:
        """Turn old answers, by question name, into ``initial`` values for this form.

        What was left out then keeps the author's default; files have to be chosen again.
        """
        initial: dict[str, Any] = {}
        dropped: list[tuple[str, str]] = []
        known = set()
        for slot in cls.slots:
            names = {asked.question.name for asked in slot.asked}
            known |= names
            if not names & texts.keys():
                continue
            value = slot.read(texts)
            if value is None:
                dropped.append((slot_label(cls, slot), texts[min(names & texts.keys())]))
            else:
                initial[slot.field_name] = value
        dropped += [(name, text) for name, text in texts.items() if name not in known]
        return Prefill(initial, tuple(dropped))

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Labels by question name, as people see them."""
        return {asked.question.name: asked.label for slot in cls.slots for asked in slot.asked}


@lru_cache(maxsize=64)
def _drawn(form_class: type[AnswerForm]) -> SafeString:
    # The class is one per question set, overlay and language, and so is what it looks like.
    return form_class().render()


def slot_label(form_class: type[AnswerForm], slot: Slot) -> str:
    return str(form_class.base_fields[slot.field_name].label or _("Answer"))


__all__ = ["AnswerField", "AnswerForm", "AnsweredQuestion", "Asked", "Prefill", "Slot"]
