"""For any questions, overlays and post: what is sent is what was shown, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog.forms import AnswerForm, build_form_class, is_shown
from apps.catalog.forms.reading import is_blank
from apps.catalog.models import Overlay
from apps.gallery.types import Choice, Kind, Question

# Everything JSON from a Gallery may hold, odd names and labels included; NUL is refused at import.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
# Words that mean something to one kind or another, so that valid posts are common.
words = st.one_of(
    texts,
    st.sampled_from(
        ["1", "0", "12.5", "-3", "true", "False", "on", "2026-02-28", "2026-02-30", "a", "b", "",
         '["a"]', '[{"key":"a","value":true}]', "9" * 50, " ", "\u200b"]
    ),
)  # fmt: skip
choices = st.lists(st.builds(Choice, label=words, value=words), max_size=6).map(tuple)
kinds = st.one_of(st.sampled_from(list(Kind)), texts)
questions = st.lists(
    st.builds(
        Question,
        name=texts.filter(lambda name: bool(name.strip())),
        kind=kinds,
        description=texts,
        default=st.none() | words,
        choices=choices,
        multiple=st.booleans(),
    ),
    max_size=7,
    unique_by=lambda question: question.name,
)


def overlays_of(draw: st.DrawFn, asked: list[Question]) -> list[Overlay]:
    return [
        Overlay(
            question_name=question.name,
            label=draw(texts),
            is_required=draw(st.booleans()),
            is_hidden=draw(st.booleans()),
            is_accepted=draw(st.booleans()),
        )
        for question in asked
        if draw(st.booleans())
    ]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Question], list[Overlay], QueryDict]:
    asked = draw(questions)
    data = QueryDict(mutable=True)
    for position, question in enumerate(asked):
        offered = [choice.value for choice in question.choices] or ["0"]
        values = draw(st.lists(st.one_of(st.sampled_from(offered), words), max_size=3))
        data.setlist(f"q{position}", values)
    data.setlist(draw(texts), [draw(texts)])
    return asked, overlays_of(draw, asked), data


def sent_by(asked: list[Question], overlays: list[Overlay], data: QueryDict) -> dict[str, str]:
    form = build_form_class(asked, overlays)(data)
    if not form.is_valid():
        return {}
    answers = form.answers()
    assert len({answer.name for answer in answers}) == len(answers)
    return {answer.name: answer.value for answer in answers}


@given(cases())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_only_shown_questions_are_sent(case: tuple[Any, ...]) -> None:
    asked, overlays, data = case
    added = {overlay.question_name: overlay for overlay in overlays}
    shown = {q.name for q in asked if is_shown(q, added.get(q.name))}
    assert sent_by(asked, overlays, data).keys() <= shown


@given(cases())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_sent_is_of_its_kind(case: tuple[Any, ...]) -> None:
    asked, overlays, data = case
    by_name = {question.name: question for question in asked}
    for name, value in sent_by(asked, overlays, data).items():
        check(by_name[name], value)


def check(question: Question, value: str) -> None:
    offered = {choice.value for choice in question.choices}
    match question.kind:
        case Kind.CHECK | Kind.RADIO:
            assert value in {"True", "False"}
        case Kind.NUMBER:
            assert value.lstrip("-").replace(".", "", 1).isdigit()
        case Kind.DATE:
            assert date.fromisoformat(value).isoformat() == value
        case Kind.LIST if question.multiple:
            assert {entry["key"] for entry in json.loads(value)} <= offered
        case Kind.LIST:
            assert value in offered
        case Kind.FILE:
            pytest.fail("a file is no answer")


@given(cases())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_form_posted_as_it_was_drawn_sends_the_authors_defaults(case: tuple[Any, ...]) -> None:
    asked, overlays, _data = case
    drawn = build_form_class(asked, overlays)()
    str(drawn)
    form = type(drawn)(as_posted(drawn))
    if not form.is_valid():
        assert any(field.required for field in form.fields.values())
        return
    defaults = {question.name: question.default for question in asked}
    for answer in form.answers():
        assert answer.is_default or not defaults[answer.name] or answer.value == "False"


def as_posted(form: AnswerForm) -> QueryDict:
    """What a browser sends for an untouched form."""
    data = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].initial
        if isinstance(value, list):
            data.setlist(name, value)
        elif isinstance(value, bool):
            data.setlist(name, ["on"] if value else [])
        elif value is not None:
            data[name] = form.fields[name].prepare_value(value)
    return data


@given(cases())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_was_sent_fills_the_form_again(case: tuple[Any, ...]) -> None:
    asked, overlays, data = case
    sent = sent_by(asked, overlays, data)
    form_class = build_form_class(asked, overlays)
    prefill = form_class.prefill(sent)
    again = form_class(as_posted(form_class(initial=prefill.initial)))
    if prefill.dropped or not sent or not again.is_valid():
        return
    resent = {answer.name: answer.value for answer in again.answers()}
    assert sent.items() <= resent.items() or any(is_blank(value) for value in sent.values())
