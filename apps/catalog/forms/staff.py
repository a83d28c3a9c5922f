"""Forms with which administrators expose apps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.base.templatetags.ui import icon
from apps.catalog.forms.kinds import is_known
from apps.catalog.models import App, Overlay
from apps.catalog.types import OverlayFacts
from apps.gallery.types import Question

ICONS = (
    "chart-column", "chart-line", "chart-pie", "trending-up", "gauge", "target", "table-2",
    "file-spreadsheet", "file-text", "file-up", "presentation", "image", "receipt", "coins",
    "wallet", "calculator", "scale", "shopping-cart", "package", "truck", "warehouse", "building-2",
    "users", "user-round", "map", "map-pin", "globe", "calendar-check", "timer", "alarm-clock",
    "database", "layers", "network", "refresh-cw", "list-checks", "clipboard-check", "shield-check",
    "flask-conical", "heart-pulse", "wrench", "mail", "rocket",
)  # fmt: skip
_ENDING = re.compile(r"\.(yxwz|yxmd|yxmc|yxzp)$", re.IGNORECASE)


def plain_title(name: str) -> str:
    """Return a workflow's name as a title: without extension, underscores and shouting."""
    title = " ".join(re.sub(r"[_\s]+", " ", _ENDING.sub("", name.strip())).split())
    return (title.capitalize() if title.isupper() and " " in title else title)[:120]


def _icon_choices(present: str) -> list[tuple[str, SafeString]]:
    names = ICONS if present in ICONS or not present else (present, *ICONS)
    return [
        (
            name,
            format_html(
                '{}<span class="visually-hidden">{}</span>', icon(name), name.replace("-", " ")
            ),
        )
        for name in names
    ]


class AppForm(forms.Form):
    """How an app looks."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("A plain name for what people get, such as “Sales extract by region”."),
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=200,
        required=False,
        help_text=_("One line: what comes out, and when to use it."),
    )
    instructions = forms.CharField(
        label=_("Instructions"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Shown above the questions. Leave empty if the questions speak for themselves."
        ),
    )
    category = forms.CharField(
        label=_("Category"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
        help_text=_("Apps of a category stand together in the catalogue and share a colour."),
    )
    icon = forms.ChoiceField(
        label=_("Icon"), widget=forms.RadioSelect(attrs={"class": "icon-choices"})
    )
    contact = forms.CharField(
        label=_("Contact"),
        max_length=200,
        required=False,
        help_text=_("Whom people ask about this app: a name, a team or an address."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = str(self.initial.get("icon") or "")
        self.fields["icon"].choices = _icon_choices(present)  # type: ignore[attr-defined]

    @staticmethod
    def initial_for(app: App) -> dict[str, Any]:
        return {name: getattr(app, name) for name in AppForm.base_fields}


class AccessForm(forms.Form):
    """Who may see and run an app."""

    for_everyone = forms.BooleanField(
        label=_("Everyone who can sign in"),
        required=False,
        help_text=_("People outside the groups below may run it too."),
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"),
        queryset=Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new_group = forms.CharField(
        label=_("New group"),
        max_length=150,
        required=False,
        help_text=_("Made and given the right at once. Add its people on the People page."),
    )

    def clean_new_group(self) -> str:
        name: str = self.cleaned_data["new_group"]
        if name and Group.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("This group is there already: choose it in the list."))
        return name


class ExposeForm(AppForm, AccessForm):
    """Everything that makes a workflow an app."""


class OverlayForm(forms.Form):
    """What is added to one question."""

    is_shown = forms.BooleanField(label=_("Ask people"), required=False)
    is_required = forms.BooleanField(label=_("An answer is required"), required=False)
    label = forms.CharField(label=_("Label"), max_length=200, required=False)
    help_text = forms.CharField(label=_("Help"), max_length=500, required=False)

    def __init__(
        self, data: Any, *, question: Question, overlay: Overlay | None, position: int
    ) -> None:
        self.question = question
        self.is_known = is_known(question.kind)
        added = overlay or Overlay()
        initial = {
            "is_shown": not added.is_hidden and (self.is_known or added.is_accepted),
            "is_required": added.is_required,
            "label": added.label,
            "help_text": added.help_text,
        }
        super().__init__(data, prefix=f"q{position}", initial=initial)
        if not self.is_known:
            self.fields["is_shown"].label = _("Ask people, as plain text")
        self.fields["label"].widget.attrs["placeholder"] = question.description or question.name

    def facts(self) -> OverlayFacts:
        """Return what a valid form adds."""
        is_shown = self.cleaned_data["is_shown"]
        return OverlayFacts(
            label=self.cleaned_data["label"],
            help_text=self.cleaned_data["help_text"],
            is_required=self.cleaned_data["is_required"],
            is_hidden=self.is_known and not is_shown,
            is_accepted=not self.is_known and is_shown,
        )


def overlay_forms(app: App, data: Any = None) -> Sequence[OverlayForm]:
    """Return a form for each question of an app, in order."""
    overlays = {overlay.question_name: overlay for overlay in app.overlays.all()}
    return [
        OverlayForm(data, question=question, overlay=overlays.get(question.name), position=place)
        for place, question in enumerate(app.questions)
    ]
