"""Form fields for answers: exact about what was typed, plain about what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from apps.catalog.forms import reading, uploads
from apps.gallery.types import Question

MAX_LENGTH = 4000
MAX_PICKS = 500
LONG_LIST = 200
_SHOWN_IN_ERROR = 60


class AnswerField(forms.Field):
    """A field of one question, or of the radio buttons that belong together."""

    question: Question


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_IN_ERROR else f"{text[:_SHOWN_IN_ERROR]}…"


class TextField(AnswerField, forms.CharField):
    """A text kept to the letter; one of which nothing can be seen counts as empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, max_length=MAX_LENGTH, **options)
        self.error_messages["max_length"] = _(
            "Use at most %(limit_value)d characters. This text has %(show_value)d."
        )

    def to_python(self, value: Any) -> str:
        text = reading.one_newline(super().to_python(value) or "")
        return "" if reading.is_blank(text) else text


class NumberField(AnswerField):
    """A number in plain notation.

    Drawn as a text box with a number keyboard: what ``type=number`` cannot read it hides from
    the server, and the person would see a message about a box that looks empty.
    """

    default_error_messages = {
        "invalid": _("Enter a number such as 1250 or -3.75, without thousands separators."),
        "too_long": _("Use at most %(digits)d digits."),
    }
    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        text = str(value)[: MAX_LENGTH + 1]
        if reading.is_blank(text):
            return None
        number = reading.read_number(self.question, text)
        if number is not None:
            return number
        if len(text) <= MAX_LENGTH and sum(sign.isdigit() for sign in text) > reading.MAX_DIGITS:
            raise ValidationError(
                self.error_messages["too_long"],
                code="too_long",
                params={"digits": reading.MAX_DIGITS},
            )
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value: Any) -> Any:
        return format(value, "f") if isinstance(value, Decimal) else value


class DateField(AnswerField):
    """A day of the calendar between 1900 and 2199, on the wire and in the box as ISO."""

    default_error_messages = {
        "invalid": _("“%(value)s” is not a date. Enter one such as 2026-03-31."),
        "range": _("Enter a date between %(first)s and %(last)s."),
    }
    widget = forms.DateInput

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        text = str(value)
        if reading.is_blank(text):
            return None
        try:
            day = date.fromisoformat(text.strip()) if len(text) <= MAX_LENGTH else None
        except ValueError:
            day = None
        if day is None:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": _cut(text)}
            )
        if not reading.FIRST_DATE <= day <= reading.LAST_DATE:
            raise ValidationError(
                self.error_messages["range"],
                code="range",
                params={"first": reading.FIRST_DATE, "last": reading.LAST_DATE},
            )
        return day

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class FlagField(AnswerField, forms.BooleanField):
    """A check box: on or off is always an answer."""


class ListField(AnswerField, forms.ChoiceField):
    """One of the offered choices."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["invalid_choice"] = _(
            "“%(value)s” is no longer offered. Choose again from the list."
        )
        self._originals = _originals(self.choices)

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        return self._originals.get(reading.one_newline(text), text)

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        if value and value not in self._originals.values():
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": _cut(value)},
            )


class GroupField(ListField):
    """Radio buttons of one group: one is always on, at first the author's."""

    def clean(self, value: Any) -> str:
        chosen: str = super().clean(value or self.initial)
        return chosen


class ManyField(AnswerField, forms.MultipleChoiceField):
    """Any number of the offered choices, up to 500, in the order they are offered."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["invalid_choice"] = _(
            "“%(value)s” is no longer offered. Check your choices and send again."
        )
        self.error_messages["too_many"] = _("Choose at most %(limit)d. You chose %(count)d.")
        self._originals = _originals(self.choices)

    def to_python(self, value: Any) -> list[str]:
        picked = [reading.one_newline(text) for text in super().to_python(value)]
        if len(picked) > MAX_PICKS:
            raise ValidationError(
                self.error_messages["too_many"],
                code="too_many",
                params={"limit": MAX_PICKS, "count": len(picked)},
            )
        unknown = next((text for text in picked if text not in self._originals), None)
        if unknown is not None:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": _cut(unknown)},
            )
        wanted = set(picked)
        return [original for text, original in self._originals.items() if text in wanted]

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


def _originals(choices: Any) -> dict[str, str]:
    """Offered values by how a browser posts them: line ends inside a value do not survive."""
    return {reading.one_newline(str(value)): str(value) for value, _label in choices if value}


class ListSelect(forms.Select):
    """A select whose options are written once per class of form, not once per page.

    The generic widget takes half a millisecond for twenty options; forms have many lists.
    """

    def __init__(self, choices: Sequence[tuple[str, str]], attrs: dict[str, Any]) -> None:
        super().__init__(attrs=attrs, choices=choices)
        self.written = {
            str(value): format_html('<option value="{}">{}</option>', value, label)
            for value, label in choices
        }

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 (Django's signature)
    ) -> SafeString:
        chosen = reading.one_newline(str(value)) if value is not None else ""
        options = {reading.one_newline(key): html for key, html in self.written.items()}
        if chosen in options:
            marked = options[chosen].replace("<option ", "<option selected ", 1)
            options[chosen] = mark_safe(marked)  # noqa: S308 (escaped above)
        flat = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        body = mark_safe("".join(options.values()))  # noqa: S308 (escaped above)
        return format_html("<select{}>{}</select>", flat, body)


class UploadInput(forms.FileInput):
    """A file input that notices when several files come for one question."""

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> Any:
        several = files.getlist(name) if hasattr(files, "getlist") else [files.get(name)]
        return several if len(several) > 1 else next(iter(several), None)


class UploadField(AnswerField, forms.FileField):
    """One file of a kind Alteryx reads, within the portal's limit."""

    widget = UploadInput
    default_error_messages = {
        "several": _("Choose one file. This question takes only one."),
        "extension": _("Files of this kind are not accepted. Choose one of: %(allowed)s."),
        "content": _("This file is not what its name says. Save it again as .%(extension)s."),
        "size": _("This file has %(size)s. At most %(limit)s are accepted."),
        "empty": _("This file is empty. Choose another one."),
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        if isinstance(data, Sequence):
            raise ValidationError(self.error_messages["several"], code="several")
        return super().clean(data, initial)

    def to_python(self, data: Any) -> UploadedFile[Any] | None:
        upload = cast("UploadedFile[Any] | None", super().to_python(data))
        if upload is None:
            return None
        name = upload.name or ""
        ending = uploads.extension(name)
        if ending not in uploads.EXTENSIONS or "\0" in name:
            raise ValidationError(
                self.error_messages["extension"],
                code="extension",
                params={"allowed": ", ".join(uploads.EXTENSIONS)},
            )
        self._check_size(upload)
        self._check_content(upload, ending)
        upload.name = uploads.clean_name(name)
        return upload

    def _check_size(self, upload: UploadedFile[Any]) -> None:
        if (upload.size or 0) > settings.MAX_UPLOAD_BYTES:
            raise ValidationError(
                self.error_messages["size"],
                code="size",
                params={
                    "size": filesizeformat(upload.size or 0),
                    "limit": filesizeformat(settings.MAX_UPLOAD_BYTES),
                },
            )

    def _check_content(self, upload: UploadedFile[Any], ending: str) -> None:
        start = upload.read(8)
        upload.seek(0)
        if not uploads.is_what_it_says(ending, start):
            raise ValidationError(
                self.error_messages["content"], code="content", params={"extension": ending}
            )
