"""Forms made from questions and overlays. Drawing a form cannot fail: what is unknown is text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.catalog.forms.answer_form import AnswerForm, Asked, Slot
from apps.catalog.forms.fields import AnswerField, GroupField
from apps.catalog.forms.kinds import is_known, manner
from apps.catalog.forms.reading import is_blank
from apps.catalog.models import App, Overlay
from apps.catalog.types import NOTHING_ADDED, OverlayFacts
from apps.gallery.types import Kind, Question

_LONG_LABEL = 120


def build_form_class(
    questions: Sequence[Question],
    overlays: Iterable[Overlay],
) -> type[AnswerForm]:
    """Return the form for these questions; equal arguments give the same class."""
    added = frozenset((overlay.question_name, overlay.facts) for overlay in overlays)
    return _build(tuple(questions), added, get_language())


def form_class_for(app: App) -> type[AnswerForm]:
    """Return the form of an app as it stands."""
    return build_form_class(app.questions, app.overlays.all())


def is_shown(question: Question, overlay: Overlay | OverlayFacts | None) -> bool:
    """Whether people are asked this question."""
    if overlay and overlay.is_hidden:
        return False
    return is_known(question.kind) or bool(overlay and overlay.is_accepted)


def radio_groups(questions: Sequence[Question], shown: set[str]) -> list[tuple[int, ...]]:
    """Return which questions are radio buttons of one group, as positions, most often none.

    The API tells each button as a question of its own and never the group. Buttons that follow
    each other are taken for one group where exactly one of them is on by default, as in every
    group an author draws. Where that does not hold, each stays a check box: a wrong guess
    would take a possible combination of answers away from people.
    """
    groups = []
    for kind, run in groupby(range(len(questions)), key=lambda position: questions[position].kind):
        positions = tuple(run) if kind == Kind.RADIO else ()
        members = tuple(p for p in positions if questions[p].name in shown)
        on = [p for p in positions if _is_on(questions[p])]
        if len(members) > 1 and len(on) == 1 and on[0] in members:
            groups.append(members)
    return groups


def _is_on(question: Question) -> bool:
    return bool(manner(question).read(question, question.default or ""))


@lru_cache(maxsize=512)
def _build(
    questions: tuple[Question, ...],
    added: frozenset[tuple[str, OverlayFacts]],
    _language: str | None,  # labels and hints are in it
) -> type[AnswerForm]:
    overlays = dict(added)
    shown = {q.name for q in questions if is_shown(q, overlays.get(q.name))}
    grouped = {group[0]: group for group in radio_groups(questions, shown)}
    inside = {position for group in grouped.values() for position in group[1:]}
    members: dict[str, Any] = {}
    slots = []
    for position, question in enumerate(questions):
        if question.name not in shown or position in inside:
            continue
        name = f"q{position}"
        group = [questions[p] for p in grouped.get(position, (position,))]
        asked = tuple(Asked(q, label(q, overlays.get(q.name, NOTHING_ADDED))) for q in group)
        overlay = overlays.get(question.name, NOTHING_ADDED)
        members[name] = _radio(asked, overlay) if len(asked) > 1 else _single(asked[0], overlay)
        slots.append(Slot(name, asked))
    return type("BuiltAnswerForm", (AnswerForm,), {**members, "slots": tuple(slots)})


def label(question: Question, added: Overlay | OverlayFacts) -> str:
    """Return what people read above the field: the administrator's words, else the author's."""
    told = " ".join(question.description.split())
    return added.label or (told if 0 < len(told) <= _LONG_LABEL else "") or question.name


def _single(asked: Asked, added: OverlayFacts) -> AnswerField:
    question = asked.question
    options = {
        "label": asked.label,
        "help_text": escape(" ".join(_help(asked, added))),  # templates take it for HTML
        "required": added.is_required,
        "initial": asked.default(),
    }
    field = manner(question).draw(question, options)
    field.question = question
    return field


def _help(asked: Asked, added: OverlayFacts) -> Iterable[str]:
    question = asked.question
    if added.help_text:
        yield added.help_text
    elif len(" ".join(question.description.split())) > _LONG_LABEL:
        yield question.description
    if added.is_required or question.kind in {Kind.CHECK, Kind.RADIO}:
        return
    own = question.default or ""
    # A default that can be read stands in the field already.
    if asked.default() is None and not is_blank(own):
        yield _("Left empty, the app uses “%s”.") % own[:_LONG_LABEL]


def _radio(asked: tuple[Asked, ...], added: OverlayFacts) -> AnswerField:
    on = next(p for p, member in enumerate(asked) if _is_on(member.question))
    field = GroupField(
        label=_group_label(asked),
        help_text=escape(added.help_text),
        required=False,
        initial=str(on),
        choices=[(str(position), member.label) for position, member in enumerate(asked)],
        widget=forms.RadioSelect,
    )
    field.question = asked[0].question
    return field


def _group_label(asked: tuple[Asked, ...]) -> str:
    """Return what comes before ``:`` or ``-`` in every name, as authors write ``Period: month``."""
    for mark in (":", " - ", "/"):
        heads = {member.question.name.partition(mark)[0].strip() for member in asked}
        if len(heads) == 1 and all(mark in member.question.name for member in asked):
            return heads.pop() or _("Choose one")
    return _("Choose one")
