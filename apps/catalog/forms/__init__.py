"""The run form: built from what an app asks, checked against it, sent as it is shown."""

from apps.catalog.forms.answer_form import AnsweredQuestion, AnswerForm, Prefill
from apps.catalog.forms.builder import build_form_class, form_class_for, is_shown

__all__ = [
    "AnswerForm",
    "AnsweredQuestion",
    "Prefill",
    "build_form_class",
    "form_class_for",
    "is_shown",
]
