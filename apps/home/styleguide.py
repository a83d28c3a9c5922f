"""The page that shows every component: believable content, with the awkward cases in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import PortalRequest
from apps.accounts.rights import staff_required
from apps.base import looks

REGIONS = [
    ("N", "North"),
    ("S", "South"),
    ("E", "East"),
    ("W", "West"),
    ("ALPS", "Alps and lakes"),
    ("COAST", "Coast"),
    ("ISLES", "Isles"),
    ("CITY", "Capital city"),
    ("BORDER", "Border counties and everything that was called Other until last year"),
    ("WEB", "Online shop"),
]
ICONS = (
    "chart-column",
    "file-spreadsheet",
    "users",
    "package",
    "calendar-check",
    "presentation",
    "map",
    "receipt",
    "database",
    "refresh-cw",
    "timer",
    "warehouse",
    "coins",
    "trending-up",
    "truck",
    "scale",
    "clipboard-check",
    "target",
)
COLOURS = ("teal", "blue", "green", "amber", "rust", "plum", "slate")


SENT = """{
  "workflow": "5d4a0c…",
  "questions": [{"name": "Region", "value": "ALPS"}]
}"""
SECTIONS = (
    ("type", "Type"),
    ("buttons", "Buttons"),
    ("navigation", "Navigation"),
    ("states", "Runs"),
    ("forms", "Forms"),
    ("feedback", "Words"),
    ("tiles", "Apps"),
    ("figures", "Data"),
    ("doctor", "Doctor"),
)


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(
        label="Name of the report", help_text="It stands on the cover page.", max_length=80
    )
    region = forms.ChoiceField(label="Region", choices=[("", "Choose a region"), *REGIONS])
    regions = forms.MultipleChoiceField(
        label="Compare with",
        choices=REGIONS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Leave empty to compare with all regions.",
    )
    since = forms.DateField(
        label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    threshold = forms.DecimalField(
        label="Smallest order", min_value=0, max_value=10_000, required=False, help_text="In euros."
    )
    layout = forms.ChoiceField(
        label="Layout",
        choices=[("short", "One page"), ("long", "With a page per shop"), ("raw", "Only the rows")],
        widget=forms.RadioSelect,
        initial="short",
    )
    returns = forms.BooleanField(
        label="Leave out returned goods", required=False, help_text="Credit notes stay in."
    )
    budget = forms.FileField(
        label="Budget file", required=False, help_text="Excel or CSV, at most 100 MB."
    )
    secret = forms.CharField(
        label="Password of the sheet", required=False, widget=forms.PasswordInput
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    locked = forms.CharField(
        label="Cost centre", disabled=True, initial="4711", help_text="Set by your administrator."
    )


def _tiles() -> list[dict[str, Any]]:
    return [
        {
            "title": "Get sales by region",
            "text": "Orders, margin and returns of the regions you choose, as an Excel table.",
            "href": "#tiles",
            "icon": "chart-column",
            "colour": "teal",
            "chips": [{"label": "≈ 40 s", "icon": "clock"}, {"label": "Excel, CSV"}],
        },
        {
            "title": "Check a budget file before you send it",
            "text": "Upload your sheet and see at once which rows finance would send back.",
            "href": "#tiles",
            "icon": "clipboard-check",
            "colour": "amber",
            "chips": [
                {"label": "≈ 2 min", "icon": "clock"},
                {"label": "Needs a file", "icon": "upload"},
            ],
        },
        {
            "title": "Close the month",
            "text": "Postings, accruals and a signed-off summary for the controllers.",
            "href": "#tiles",
            "icon": "calendar-check",
            "colour": "plum",
            "chips": [{"label": "Changed on Monday", "icon": "sparkles", "tone": "accent"}],
        },
        {
            "title": "Headcount snapshot",
            "text": "People per team and site on a day of your choice.",
            "icon": "users",
            "colour": "slate",
            "locked": True,
            "chips": [],
        },
    ]


def _probes() -> list[dict[str, Any]]:
    return [
        {
            "title": "The address resolves",
            "verdict": "ok",
            "took": "12 ms",
            "tried": "Look up gallery.example.com.",
            "saw": "It is 10.20.4.17.",
        },
        {"title": "The connection is encrypted", "verdict": "ok", "took": "38 ms"},
        {
            "title": "The clocks agree",
            "verdict": "warn",
            "took": "51 ms",
            "tried": "Compared the Date header with our clock.",
            "saw": "The Gallery is 4 minutes ahead.",
            "todo": "Ask the Gallery's administrator to switch on time synchronisation; "
            "from 5 minutes on keys are refused.",
        },
        {
            "title": "The key is accepted",
            "verdict": "fail",
            "took": "203 ms",
            "tried": "GET https://gallery.example.com/gallery/api/v1/workflows/subscription/",
            "saw": "401 Unauthorized: The oauth_signature is invalid.",
            "todo": "The secret does not belong to this key. Copy both again from the Gallery's "
            "settings page, without the space at the end.",
        },
        {"title": "The questions can be read", "verdict": "skipped"},
    ]


def _table() -> dict[str, Any]:
    def row(region: str, shop: str, orders: str, revenue: str | None) -> list[dict[str, Any]]:
        return [
            {"value": region},
            {"value": shop},
            {"value": orders, "number": True},
            {"value": revenue, "number": True},
        ]

    return {
        "columns": [
            {"label": "Region"},
            {"label": "Shop"},
            {"label": "Orders", "number": True},
            {"label": "Revenue, €", "number": True},
        ],
        "rows": [
            row("Alps and lakes", "Lakeside", "1,284", "48,201.50"),
            row("Alps and lakes", "Old town", "986", "31,077.25"),
            row("Capital city", "Central station", "4,410", "160,932.00"),
            row("Coast", "Harbour", "72", None),
            row("Online shop", "Web", "12,066", "402,118.75"),
        ],
    }


def styleguide_context() -> dict[str, Any]:
    """Return everything ``home/styleguide.html`` shows."""
    wrong = SampleForm({"name": "", "region": "XX", "since": "", "layout": "short"})
    wrong.auto_id = "wrong_%s"
    return {
        "sections": SECTIONS,
        "states": [state for state in looks.STATES if state != "MISSED"],
        "tones": ["info", "success", "warning", "error", "neutral"],
        "form": SampleForm(initial={"regions": ["N", "ALPS"]}),
        "wrong": wrong,
        "tiles": _tiles(),
        "icons": ICONS,
        "tile_looks": list(zip(ICONS, COLOURS * 3, strict=False)),
        "probes": _probes(),
        "table": _table(),
        "since": timezone.now() - timedelta(minutes=3, seconds=20),
        "durations": [timedelta(seconds=8), timedelta(seconds=200), timedelta(hours=1, minutes=5)],
        "stats": [
            {"label": "Running now", "value": "3", "note": "2 of them yours", "href": "#figures"},
            {"label": "Waiting", "value": "12", "note": "about 6 min", "href": "#figures"},
            {"label": "Ready today", "value": "184"},
            {"label": "Usual time", "value": "1 min 40 s", "note": "middle of 90 days"},
        ],
        "facts": [
            {"label": "Gallery", "value": "https://gallery.example.com/gallery/"},
            {"label": "Kind of key", "value": "Private studio"},
            {"label": "Key", "value": "8DDEF1A2C0…", "mono": True},
        ],
        "tabs": [
            {"label": "Result", "href": "#navigation", "current": True, "icon": "table"},
            {"label": "Answers", "href": "#navigation", "count": 7},
            {"label": "Messages", "href": "#navigation", "count": 0},
            {"label": "History", "href": "#navigation"},
        ],
        "crumbs": [
            {"label": "Apps", "href": "#navigation"},
            {"label": "Get sales by region", "href": "#navigation"},
            {"label": "Run 1042"},
        ],
        "answers": [
            {"name": "Region", "label": "Alps and lakes"},
            {"name": "From", "label": "1 Nov 2026"},
            {"name": "Compare with", "label": "North, South, East, West, Coast and 4 more"},
            {"name": "Layout", "label": "Two pages", "struck": True},
        ],
        "code": SENT,
    }


@require_safe
@staff_required
def styleguide(request: PortalRequest) -> HttpResponse:
    """Show every component of the design system in all its variants."""
    return render(request, "home/styleguide.html", styleguide_context())
