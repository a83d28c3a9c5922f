"""Each kind of question: how it is drawn, what is sent, what people read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from apps.catalog.forms import AnsweredQuestion, AnswerForm, build_form_class
from apps.catalog.models import Overlay
from apps.gallery.types import Choice, Kind, Question

REGIONS = (Choice("East", "E"), Choice("West", "W"), Choice("Öst & Süd", "<S>"))


def posted(**values: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def form_of(*questions: Question, overlays: tuple[Overlay, ...] = (), **values: Any) -> AnswerForm:
    files = MultiValueDict(
        {name: [value] for name, value in values.items() if hasattr(value, "read")}
    )
    rest = {name: value for name, value in values.items() if name not in files}
    return build_form_class(questions, overlays)(posted(**rest), files)


def sent(form: AnswerForm) -> dict[str, str]:
    assert form.is_valid(), form.errors
    return {answered.name: answered.value for answered in form.answers()}


def only(form: AnswerForm) -> AnsweredQuestion:
    assert form.is_valid(), form.errors
    (answered,) = form.answers()
    return answered


def test_a_text_is_sent_to_the_letter() -> None:
    question = Question("Title", Kind.TEXT, "Report title", "")
    answered = only(form_of(question, q0="  =1+1 \u202ex\u0301 🎈 "))
    assert answered.value == "  =1+1 \u202ex\u0301 🎈 "
    assert (answered.name, answered.label) == ("Title", "Report title")


def test_a_text_left_as_the_author_has_it_is_the_default() -> None:
    question = Question("Title", Kind.TEXT, default="one\r\ntwo")
    answered = only(form_of(question, q0="one\r\ntwo"))
    assert answered.value == "one\r\ntwo"
    assert answered.is_default


def test_a_text_of_several_lines_gets_a_box_of_several_lines() -> None:
    html = str(build_form_class([Question("Note", Kind.TEXT, default="one\ntwo")], [])())
    assert "<textarea" in html


def test_an_emptied_text_is_sent_empty() -> None:
    assert sent(form_of(Question("Title", Kind.TEXT, default="Sales"), q0="")) == {"Title": ""}


@pytest.mark.parametrize("default", [None, "", "  "])
def test_an_empty_text_without_a_default_is_left_out(default: str | None) -> None:
    assert sent(form_of(Question("Title", Kind.TEXT, default=default), q0="")) == {}


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("7", "7"),
        ("-3.75", "-3.75"),
        ("1.50", "1.50"),
        (" 12 ", "12"),
        ("\u22124", "-4"),
        (".5", "0.5"),
    ],
)
def test_a_number_is_sent_in_plain_notation(typed: str, wire: str) -> None:
    answered = only(form_of(Question("Limit", Kind.NUMBER), q0=typed))
    assert Decimal(answered.value) == Decimal(wire)
    assert "e" not in answered.value.lower()


def test_a_number_keeps_forty_digits() -> None:
    digits = "1234567890" * 4
    assert sent(form_of(Question("Limit", Kind.NUMBER), q0=digits)) == {"Limit": digits}


@pytest.mark.parametrize(("kind", "own"), [(Kind.NUMBER, "10"), (Kind.DATE, "2026-01-31")])
def test_what_the_author_gives_cannot_be_emptied_into_it_unseen(kind: str, own: str) -> None:
    form = form_of(Question("Limit", kind, default=own), q0="")
    assert not form.is_valid()
    assert "cannot be left empty" in str(form.errors["q0"])
    assert own[:2] in str(form.errors["q0"])


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.DATE])
def test_a_number_or_date_without_a_default_may_stay_empty(kind: str) -> None:
    assert sent(form_of(Question("Limit", kind), q0="")) == {}


def test_a_default_that_is_no_number_is_told_below_the_box() -> None:
    form = form_of(Question("Limit", Kind.NUMBER, default="all"), q0="")
    assert form.fields["q0"].initial is None
    assert "all" in form.fields["q0"].help_text


def test_a_date_is_sent_as_iso_and_told_in_words() -> None:
    answered = only(form_of(Question("From", Kind.DATE), q0="2026-03-31"))
    assert (answered.value, answered.shown) == ("2026-03-31", "31 March 2026")


def test_a_date_box_is_the_browsers_own() -> None:
    html = str(build_form_class([Question("From", Kind.DATE, default="2026-01-31 00:00:00")], [])())
    assert 'type="date"' in html
    assert 'value="2026-01-31"' in html
    assert 'min="1900-01-01"' in html


def test_a_default_that_is_no_date_leaves_the_box_empty_with_a_hint() -> None:
    form = build_form_class([Question("From", Kind.DATE, default="<last> monday")], [])()
    assert form.fields["q0"].initial is None
    assert "&lt;last&gt; monday" in form.fields["q0"].help_text
    assert "<last>" not in str(form)


def test_a_list_sends_the_value_and_shows_the_label() -> None:
    answered = only(form_of(Question("Region", Kind.LIST, choices=REGIONS), q0="W"))
    assert (answered.value, answered.shown) == ("W", "West")


def test_a_list_with_a_default_offers_no_way_back_to_nothing() -> None:
    with_default = build_form_class([Question("Region", Kind.LIST, "", "West", REGIONS)], [])()
    assert 'value=""' not in str(with_default)
    assert with_default.fields["q0"].initial == "W"
    without = build_form_class([Question("Region", Kind.LIST, "", None, REGIONS)], [])()
    assert 'value=""' in str(without)


def test_a_list_left_open_is_left_out() -> None:
    assert sent(form_of(Question("Region", Kind.LIST, choices=REGIONS), q0="")) == {}


def test_labels_and_values_of_lists_are_escaped() -> None:
    html = str(build_form_class([Question("Region", Kind.LIST, "", "<S>", REGIONS)], [])())
    assert '<option selected value="&lt;S&gt;">Öst &amp; Süd</option>' in html


def test_several_choices_are_sent_in_the_lists_order() -> None:
    question = Question("Regions", Kind.LIST, choices=REGIONS, multiple=True)
    answered = only(form_of(question, q0=["W", "E", "W"]))
    assert answered.shown == "East, West"
    assert answered.value.index('"E"') < answered.value.index('"W"')


@pytest.mark.parametrize(
    "default",
    ["W", "West", '["W"]', '[{"key":"W","value":true}]', '[{"key":"West","value":"True"}]',
     '{"W": true, "E": false}'],
)  # fmt: skip
def test_defaults_of_lists_are_read_in_every_spelling(default: str) -> None:
    question = Question("Regions", Kind.LIST, "", default, REGIONS, multiple=True)
    form = build_form_class([question], [])()
    assert form.fields["q0"].initial == ["W"]
    assert 'value="W" checked' in str(form)


def test_an_emptied_selection_is_sent_empty() -> None:
    question = Question("Regions", Kind.LIST, "", "W", REGIONS, multiple=True)
    assert sent(form_of(question)) == {"Regions": "[]"}
    assert sent(form_of(Question("Regions", Kind.LIST, choices=REGIONS, multiple=True))) == {}


@pytest.mark.parametrize(
    ("ticked", "value", "shown"), [(True, "True", "Yes"), (False, "False", "No")]
)
def test_a_check_box_always_answers(ticked: bool, value: str, shown: str) -> None:
    values: dict[str, Any] = {"q0": "on"} if ticked else {}
    answered = only(form_of(Question("All", Kind.CHECK, default="true"), **values))
    assert (answered.value, answered.shown) == (value, shown)
    assert answered.is_default is ticked


MONTH = Question("Period: month", Kind.RADIO, "By month", "True")
QUARTER = Question("Period: quarter", Kind.RADIO, "By quarter", "False")


def test_radio_buttons_with_one_on_are_one_choice() -> None:
    form = form_of(MONTH, QUARTER, q0="1")
    assert list(form.fields) == ["q0"]
    assert form.fields["q0"].label == "Period"
    assert sent(form) == {"Period: month": "False", "Period: quarter": "True"}
    assert 'type="radio"' in str(form)


def test_radio_buttons_nobody_touched_stay_as_the_author_has_them() -> None:
    assert sent(form_of(MONTH, QUARTER)) == {"Period: month": "True", "Period: quarter": "False"}


@pytest.mark.parametrize(
    "buttons",
    [
        (Question("a", Kind.RADIO, default="True"), Question("b", Kind.RADIO, default="True")),
        (Question("a", Kind.RADIO), Question("b", Kind.RADIO)),
        (Question("a", Kind.RADIO, default="True"),),
        (
            Question("a", Kind.RADIO, default="True"),
            Question("t", Kind.TEXT),
            Question("b", Kind.RADIO),
        ),
    ],
)
def test_radio_buttons_that_may_be_of_several_groups_stay_check_boxes(
    buttons: tuple[Question, ...],
) -> None:
    form = build_form_class(buttons, [])()
    assert 'type="radio"' not in str(form)
    assert len(form.fields) == len(buttons)


def test_a_group_whose_chosen_button_is_hidden_is_no_group() -> None:
    hidden = Overlay(question_name="Period: month", is_hidden=True)
    third = Question("Period: year", Kind.RADIO, "By year", "False")
    form = build_form_class([MONTH, QUARTER, third], [hidden])()
    assert list(form.fields) == ["q1", "q2"]


def test_a_file_is_handed_over_beside_the_answers() -> None:
    question = Question("Budget", Kind.FILE, "Budget file")
    form = form_of(question, q0=SimpleUploadedFile("b:udget.csv", b"a,b\n1,2\n"))
    assert sent(form) == {}
    ((name, upload),) = form.uploads()
    assert (name, upload.name) == ("Budget", "budget.csv")
    assert upload.read() == b"a,b\n1,2\n"
    assert form.is_multipart()


def test_a_folder_is_typed_as_text() -> None:
    assert sent(form_of(Question("Out", Kind.FOLDER), q0=r"\\share\out")) == {"Out": r"\\share\out"}


@pytest.mark.parametrize("kind", [Kind.TREE, Kind.MAP, "Hologram", ""])
def test_a_kind_nobody_can_answer_is_asked_only_once_accepted(kind: str) -> None:
    question = Question("Area", kind, default='["A"]')
    assert sent(form_of(question, q0="x")) == {}
    accepted = Overlay(question_name="Area", is_accepted=True)
    assert sent(form_of(question, overlays=(accepted,), q0="B")) == {"Area": "B"}


def test_a_hidden_question_is_not_sent_and_reported_when_posted() -> None:
    hidden = Overlay(question_name="Title", is_hidden=True)
    form = form_of(Question("Title", Kind.TEXT, default="x"), overlays=(hidden,), q0="evil", zz="1")
    assert sent(form) == {}
    assert form.unknown_names == ("q0", "zz")


def test_an_administrators_words_win() -> None:
    added = Overlay(question_name="Title", label="Heading", help_text="<b>bold</b>")
    html = str(build_form_class([Question("Title", Kind.TEXT, "Told")], [added])())
    assert "Heading" in html
    assert "Told" not in html
    assert "&lt;b&gt;bold" in html


def test_a_long_description_becomes_help() -> None:
    form = build_form_class([Question("Text Box (2)", Kind.TEXT, "word " * 60)], [])()
    assert form.fields["q0"].label == "Text Box (2)"
    assert "word word" in form.fields["q0"].help_text


def test_old_answers_fill_the_form_and_those_that_do_not_fit_are_named() -> None:
    form_class = build_form_class(
        [
            Question("Region", Kind.LIST, "Which region?", None, REGIONS),
            Question("Regions", Kind.LIST, "", None, REGIONS, multiple=True),
            Question("From", Kind.DATE),
            MONTH,
            QUARTER,
        ],
        [],
    )
    prefill = form_class.prefill(
        {
            "Region": "gone",
            "Regions": '[{"key":"E","value":true},{"key":"W","value":true}]',
            "From": "2026-02-01",
            "Period: month": "False",
            "Period: quarter": "True",
            "Dropped": "7",
        }
    )
    assert prefill.initial == {"q1": ["E", "W"], "q2": date(2026, 2, 1), "q3": "1"}
    assert prefill.dropped == (("Which region?", "gone"), ("Dropped", "7"))


def test_the_same_questions_give_the_same_class() -> None:
    questions = [Question("Title", Kind.TEXT)]
    added = [Overlay(question_name="Title", is_required=True)]
    assert build_form_class(questions, []) is build_form_class(list(questions), [])
    assert build_form_class(questions, added) is not build_form_class(questions, [])


def test_a_blank_form_that_was_drawn_before_shows_nothing_of_anybody() -> None:
    form_class = build_form_class([Question("Note", Kind.TEXT, default="author's")], [])
    blank = str(form_class())
    filled = str(form_class(initial={"q0": "mine alone"}))
    posted_back = str(form_class({"q0": "typed"}))
    assert "mine alone" in filled
    assert "typed" in posted_back
    assert str(form_class()) == blank
    assert "mine alone" not in blank + posted_back
