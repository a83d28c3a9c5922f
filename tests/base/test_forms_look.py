"""Every field is drawn with label, help and errors tied to its widget."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.utils import translation

from apps.base.form_renderer import PortalRenderer
from apps.home.styleguide import SampleForm


def drawn(form: forms.Form) -> str:
    return str(form)


def test_the_renderer_is_the_one_in_use() -> None:
    assert isinstance(forms.Form().renderer, PortalRenderer)


def test_every_field_of_every_kind_is_drawn_once() -> None:
    html = drawn(SampleForm())
    for name in SampleForm.base_fields:
        assert html.count(f'id="id_{name}_field"') == 1
        assert f'name="{name}"' in html


def test_a_label_belongs_to_its_widget() -> None:
    html = drawn(SampleForm())
    assert '<label class="field-label" for="id_name">' in html
    assert 'id="id_name"' in html


def test_help_and_error_describe_the_widget() -> None:
    html = drawn(SampleForm({"name": ""}))
    widget = re.search(r"<input[^>]*name=\"name\"[^>]*>", html)
    assert widget
    assert 'aria-describedby="id_name_helptext id_name_error"' in widget[0]
    assert 'aria-invalid="true"' in widget[0]
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_required_is_said_in_words() -> None:
    class Two(forms.Form):
        must = forms.CharField()
        may = forms.CharField(required=False)

    html = drawn(Two())
    assert html.count("field-mark") == 1
    assert "required</span>" in html


def test_a_form_may_mark_the_optional_fields_instead() -> None:
    class Two(forms.Form):
        required_mark = "optional"
        must = forms.CharField()
        may = forms.CharField(required=False)

    html = drawn(Two())
    assert html.count("field-mark") == 1
    assert "optional</span>" in html


def test_the_summary_links_to_what_is_wrong() -> None:
    html = drawn(SampleForm({"name": "", "region": "XX", "since": "", "layout": "other"}))
    targets = re.findall(r'<li><a href="#([^"]+)"', html)
    assert targets == ["id_name", "id_region", "id_since", "id_layout_0"]
    for target in targets:
        assert f'id="{target}"' in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in drawn(SampleForm())


def test_several_choices_are_check_boxes_in_a_named_group() -> None:
    html = drawn(SampleForm(initial={"regions": ["N"]}))
    assert '<legend class="field-label">Compare with' in html
    assert re.search(r'name="regions" value="N" checked', html)
    assert "check-list-long" in html


def test_what_people_typed_is_escaped_everywhere() -> None:
    evil = '"><script>alert(1)</script>'

    class Evil(forms.Form):
        text = forms.CharField(label=evil, help_text=evil)
        area = forms.CharField(widget=forms.Textarea)
        pick = forms.ChoiceField(choices=[(evil, evil)])
        radio = forms.ChoiceField(choices=[(evil, evil)], widget=forms.RadioSelect)
        many = forms.MultipleChoiceField(
            choices=[(evil, evil)], widget=forms.CheckboxSelectMultiple
        )

    for form in (Evil(initial={"text": evil, "area": evil}), Evil({"text": evil, "pick": evil})):
        assert "<script>" not in drawn(form)


def test_a_value_keeps_its_exact_form() -> None:
    class Values(forms.Form):
        ratio = forms.FloatField(initial=0.5, min_value=0.25)
        number = forms.IntegerField(initial=1234567)
        pick = forms.TypedChoiceField(choices=[(1000, "a"), (2000, "b")], initial=2000, coerce=int)
        text = forms.CharField(initial="\nfirst", widget=forms.Textarea)

    with translation.override("de"):
        html = drawn(Values())
    assert 'value="1234567"' in html
    assert 'min="0.25"' in html
    assert '<option value="2000" selected>' in html
    assert ">\n\nfirst</textarea>" in html


@pytest.mark.parametrize("widget", [forms.SelectMultiple, forms.SplitDateTimeWidget])
def test_other_widgets_are_drawn_as_well(widget: type[forms.Widget]) -> None:
    class Other(forms.Form):
        field = forms.Field(widget=widget)

    assert 'id="id_field_field"' in drawn(Other())
