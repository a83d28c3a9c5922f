"""Template tags of the design system: icons, states, steps, names, times.

Load with ``{% load ui %}``. Longer markup is a file in ``templates/components``.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.auth.models import AbstractUser
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from apps.base import looks

register = template.Library()

HOURS_BEFORE_DAYS = 48
MINUTES_BEFORE_ROUNDING = 10

STYLESHEETS = (
    "tokens",
    "base",
    "shell",
    "controls",
    "forms",
    "feedback",
    "runs",
    "data",
    "run-page",
    "utilities",
)
SCRIPTS = (
    "theme",
    "menus",
    "submit",
    "unsaved",
    "dialogs",
    "copy",
    "lists",
    "filter",
    "long-lists",
    "live",
    "elapsed",
    "tables",
    "messages",
)


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, classes: str) -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f"icon {classes}".strip(),
        sprite,
        name,
    )


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Draw an icon of the sprite: ``{% icon "users" %}``, ``{% icon "users" "icon-lg" %}``.

    It is decoration: the words beside it, or an ``aria-label`` around it, say what it means.
    """
    return _icon(static("img/icons.svg"), name, classes)


@register.simple_tag
def stylesheets() -> SafeString:
    """Link every style sheet; the order of the layers is set in the first."""
    return format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}">',
        ((static(f"css/{name}.css"),) for name in STYLESHEETS),
    )


@register.simple_tag
def scripts() -> SafeString:
    """Load the small scripts that improve pages which work without them."""
    return format_html_join(
        "\n",
        '<script type="module" src="{}"></script>',
        ((static(f"js/{name}.js"),) for name in SCRIPTS),
    )


@register.simple_tag
def state_pill(state: str, label: str = "", size: str = "") -> SafeString:
    """Show a run state as icon, words and colour: ``{% state_pill run.state %}``.

    ``label`` replaces the usual words for the state, ``size="large"`` is for page headers.
    """
    look = looks.STATES.get(str(state).upper(), looks.UNKNOWN_STATE)
    classes = ["pill", f"tone-{look.tone}"]
    if look.live:
        classes.append("pill-live")
    if size == "large":
        classes.append("pill-large")
    turn = "icon-turn" if look.icon == "loader-circle" else ""
    return format_html(
        '<span class="{}">{}{}</span>',
        " ".join(classes),
        icon(look.icon, turn),
        label or look.label,
    )


@register.inclusion_tag("components/stepper.html")
def stepper(state: str, reached: str = "", note: str = "") -> dict[str, Any]:
    """Show how far a run is: ``{% stepper run.state reached=run.last_live_state %}``.

    ``note`` stands small under the current step ("3 ahead of yours").
    """
    return {"steps": looks.steps(str(state).upper(), str(reached).upper()), "note": note}


@register.simple_tag
def verdict_look(verdict: str) -> looks.Look:
    """Return icon, words and tone of a doctor's verdict: ok, warn, fail or skipped."""
    return looks.VERDICTS.get(str(verdict).lower(), looks.VERDICTS["skipped"])


@register.filter
def notice_icon(tone: str) -> str:
    return looks.NOTICE_ICONS.get(tone, "info")


@register.filter
def message_tone(tags: str) -> str:
    """Turn the tags of a Django message into a tone."""
    words = tags.split()
    return next((word for word in ("error", "warning", "success") if word in words), "info")


@register.filter
def initials(name: object) -> str:
    """Return up to two letters that stand for a person: "Ada Lovelace" gives "AL"."""
    words = str(name).partition("@")[0].replace(".", " ").replace("_", " ").split()
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.filter
def person(user: AbstractUser) -> str:
    """Return how to name a user: full name, else the sign-in name."""
    return user.get_full_name() or user.get_username()


@register.filter
def elapsed(value: timedelta | float | None) -> str:
    """Return a duration in words people use: "8 s", "3 min 20 s", "1 h 05 min".

    Takes a timedelta or seconds; None gives an em dash.
    """
    if value is None or value == "":
        return "—"
    total = value.total_seconds() if isinstance(value, timedelta) else float(value)
    minutes, seconds = divmod(max(round(total), 0), 60)
    hours, minutes = divmod(minutes, 60)
    facts = {"seconds": seconds, "minutes": minutes, "hours": hours, "days": hours // 24}
    if hours >= HOURS_BEFORE_DAYS:
        return ngettext("%(days)d day", "%(days)d days", facts["days"]) % facts
    if hours:
        return gettext("%(hours)d h %(minutes)02d min") % facts
    if not minutes:
        return gettext("%(seconds)d s") % facts
    if minutes < MINUTES_BEFORE_ROUNDING and seconds:
        return gettext("%(minutes)d min %(seconds)02d s") % facts
    return gettext("%(minutes)d min") % facts


@register.simple_tag(takes_context=True)
def current(context: Context, *prefixes: str) -> SafeString:
    """Mark the link to where we are: ``<a … {% current "runs:" %}>`` gives ``aria-current="page"``.

    Each prefix is compared with the view's name, such as ``runs:detail``. With ``nowhere`` in the
    context, as on error pages, nothing is marked.
    """
    if context.get("nowhere"):
        return SafeString("")
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = getattr(match, "view_name", "") or ""
    if any(here.startswith(prefix) for prefix in prefixes):
        return SafeString('aria-current="page"')
    return SafeString("")


@register.filter
def css_colour(value: object) -> str:
    """Return a colour of the tiles, ``teal`` for anything unknown."""
    colours = {"teal", "blue", "green", "amber", "rust", "plum", "slate"}
    return str(value) if str(value) in colours else "teal"
