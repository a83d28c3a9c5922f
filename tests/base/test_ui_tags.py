"""The template tags draw what the design system promises."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve

from apps.accounts.models import User
from apps.base import looks
from apps.base.templatetags import ui


def draw(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_an_icon_is_hidden_from_screen_readers() -> None:
    drawn = draw('{% icon "users" "icon-lg" %}')
    assert 'class="icon icon-lg" aria-hidden="true"' in drawn
    assert "img/icons.svg#users" in drawn


@pytest.mark.parametrize("state", looks.STATES)
def test_a_state_is_shown_by_icon_words_and_colour(state: str) -> None:
    drawn = draw("{% state_pill state %}", state=state)
    look = looks.STATES[state]
    assert f"#{look.icon}" in drawn
    assert str(look.label) in drawn
    assert f"tone-{look.tone}" in drawn


def test_an_unknown_state_is_shown_as_unknown() -> None:
    assert "Unknown" in draw("{% state_pill 'BROKEN' %}")


def test_words_of_a_state_are_escaped() -> None:
    assert "&lt;b&gt;" in draw("{% state_pill 'NEW' label=words %}", words="<b>")


def statuses(state: str, reached: str = "") -> list[str]:
    return [step.status for step in looks.steps(state, reached)]


def test_a_waiting_run_is_at_the_third_step() -> None:
    assert statuses("QUEUED") == ["done", "done", "current", "todo", "todo", "todo"]


def test_a_finished_run_has_done_every_step() -> None:
    assert set(statuses("SUCCEEDED")) == {"done"}


def test_a_failed_run_shows_where_it_failed() -> None:
    assert statuses("FAILED", "FETCHING") == ["done"] * 4 + ["failed", "todo"]
    assert statuses("FAILED") == ["done"] * 3 + ["failed", "todo", "todo"]


def test_a_run_cancelled_at_once_was_only_accepted() -> None:
    assert statuses("CANCELLED", "NEW") == ["cancelled"] + ["todo"] * 5


def test_the_current_step_is_marked_and_carries_the_note() -> None:
    drawn = draw('{% stepper "QUEUED" note="3 ahead of yours" %}')
    assert drawn.count('aria-current="step"') == 1
    assert "3 ahead of yours" in drawn


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "—"),
        (0, "0 s"),
        (-3, "0 s"),
        (8.4, "8 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (timedelta(minutes=12, seconds=40), "12 min"),
        (timedelta(hours=1, minutes=5), "1 h 05 min"),
        (timedelta(days=1), "24 h 00 min"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_a_duration_is_told_in_words(value: object, words: str) -> None:
    assert draw("{{ value|elapsed }}", value=value) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Alice Archer", "AA"),
        ("bob", "B"),
        ("bob.baker@example.com", "BB"),
        ("c_d", "CD"),
        ("", "?"),
        ("Ada King Lovelace", "AK"),
    ],
)
def test_a_person_has_initials(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


def test_a_user_without_a_name_goes_by_the_sign_in_name() -> None:
    assert ui.person(User(username="bob")) == "bob"
    assert ui.person(User(username="bob", first_name="Bob", last_name="Baker")) == "Bob Baker"


def test_the_link_to_where_we_are_is_marked() -> None:
    request = RequestFactory().get("/accounts/login/")
    request.resolver_match = resolve("/accounts/login/")
    source = '{% current "account_login" %}|{% current "runs:" %}'
    assert draw(source, request=request) == 'aria-current="page"|'


def test_on_an_error_page_no_link_leads_to_where_we_are() -> None:
    request = RequestFactory().get("/accounts/login/")
    request.resolver_match = resolve("/accounts/login/")
    assert draw('{% current "account_login" %}', request=request, nowhere=True) == ""


def test_messages_have_the_tone_of_their_level() -> None:
    assert ui.message_tone("extra error") == "error"
    assert ui.message_tone("debug") == "info"


def test_an_unknown_colour_is_drawn_as_teal() -> None:
    assert ui.css_colour("plum") == "plum"
    assert ui.css_colour('x" onload="') == "teal"
