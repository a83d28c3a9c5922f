"""How each kind of question is drawn, read and told: one small function per kind, in a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.catalog.forms import fields, reading, uploads
from apps.gallery.types import Kind, Question

Options = dict[str, Any]

_LONG_TEXT = 120


def _text(question: Question, options: Options) -> fields.AnswerField:
    attrs = {"autocomplete": "off", "dir": "auto"}
    default = question.default or ""
    if "\n" in default or len(default) > _LONG_TEXT:
        return fields.TextField(widget=forms.Textarea(attrs={**attrs, "rows": 4}), **options)
    return fields.TextField(widget=forms.TextInput(attrs=attrs), **options)


def _number(_question: Question, options: Options) -> fields.AnswerField:
    attrs = {"inputmode": "decimal", "autocomplete": "off"}
    return fields.NumberField(widget=forms.TextInput(attrs=attrs), **options)


def _date(_question: Question, options: Options) -> fields.AnswerField:
    attrs = {
        "type": "date",
        "min": reading.FIRST_DATE.isoformat(),
        "max": reading.LAST_DATE.isoformat(),
        "autocomplete": "off",
    }
    return fields.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs=attrs), **options)


def _list(question: Question, options: Options) -> fields.AnswerField:
    """Draw a list; one of more than 200 choices is marked so that a script may add a filter."""
    choices = list(_labels(question).items())
    attrs = {"data-long-list": _("Filter this list")} if len(choices) > fields.LONG_LIST else {}
    if question.multiple:
        widget = forms.CheckboxSelectMultiple(attrs=attrs)
        return fields.ManyField(
            choices=[pair for pair in choices if pair[0]], widget=widget, **options
        )
    # Where the author has chosen for people there is no way back to "nothing": left empty the
    # author's choice would be used, against what the form shows.
    has_empty = any(not value for value, _label in choices)
    if not has_empty and not reading.read_choice(question, question.default or ""):
        choices.insert(0, ("", _("— choose —") if options["required"] else "—"))
    return fields.ListField(choices=choices, widget=fields.ListSelect(choices, attrs), **options)


def _labels(question: Question) -> dict[str, str]:
    """Labels by value, in the list's order; of two labels for one value the first counts."""
    labels: dict[str, str] = {}
    for choice in question.choices:
        labels.setdefault(choice.value, choice.label or choice.value)
    return labels


def _flag(_question: Question, options: Options) -> fields.AnswerField:
    return fields.FlagField(**options)


def _file(_question: Question, options: Options) -> fields.AnswerField:
    accept = ",".join(f".{ending}" for ending in uploads.EXTENSIONS)
    widget = fields.UploadInput(attrs={"accept": accept})
    return fields.UploadField(widget=widget, max_length=None, **options)


def _show_text(_question: Question, value: str) -> str:
    return value


def _show_number(_question: Question, value: Decimal) -> str:
    return format(value, "f")


def _show_date(_question: Question, value: date) -> str:
    return date_format(value, "j F Y")


def _show_choices(question: Question, value: str | list[str]) -> str:
    labels = _labels(question)
    picked = [value] if isinstance(value, str) else value
    return ", ".join(labels.get(entry, entry) for entry in picked)


def _show_flag(_question: Question, value: bool) -> str:
    return _("Yes") if value else _("No")


@dataclass(frozen=True)
class Manner:
    """How one kind is drawn as a field, read from a text, and told in words.

    ``read`` takes an author's default or an old answer and returns a value of the field, or
    None where it cannot be read.
    """

    draw: Callable[[Question, Options], fields.AnswerField]
    read: Callable[[Question, str], Any]
    show: Callable[[Question, Any], str]


_TEXT = Manner(_text, reading.read_text, _show_text)
_ONE = Manner(_list, reading.read_choice, _show_choices)
_MANY = Manner(_list, reading.read_choices, _show_choices)
_FLAG = Manner(_flag, reading.read_flag, _show_flag)

MANNERS: dict[str, Manner] = {
    Kind.TEXT: _TEXT,
    Kind.NUMBER: Manner(_number, reading.read_number, _show_number),
    Kind.DATE: Manner(_date, reading.read_date, _show_date),
    Kind.LIST: _ONE,
    Kind.CHECK: _FLAG,
    Kind.RADIO: _FLAG,
    # A file's answer is the name its upload gets; nothing can be read back into a file box.
    Kind.FILE: Manner(_file, lambda _question, _text: None, _show_text),
    Kind.FOLDER: _TEXT,
}


def is_known(kind: str) -> bool:
    """Whether people may be asked this without an administrator's word."""
    return kind in MANNERS


def manner(question: Question) -> Manner:
    """Return how to deal with a question; a kind without an entry is dealt with as text."""
    if question.kind == Kind.LIST and question.multiple:
        return _MANY
    return MANNERS.get(question.kind, _TEXT)
