"""The catalogue: what a person may run."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import PortalRequest
from apps.catalog.catalogue import categories, sections, tiles_for
from apps.catalog.models import App
from apps.catalog.services import toggle_favourite

VIEWS = ("tiles", "rows")
VIEW_COOKIE = "catalogue_view"
ONE_YEAR = 365 * 24 * 60 * 60
MAX_SEARCH = 100


@require_GET
def catalogue(request: PortalRequest) -> HttpResponse:
    """Show what this person may run, as tiles or as a dense list; the choice is remembered."""
    search = request.GET.get("q", "")[:MAX_SEARCH].strip()
    tiles = tiles_for(request.user, search)
    names = categories(tiles)
    category = request.GET.get("category", "")
    category = category if category in names else ""
    found = sections(tiles, category)
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else request.COOKIES.get(VIEW_COOKIE, "")
    context = {
        "sections": found,
        "count": len(tiles),
        "categories": names if len(names) > 1 else [],
        "category": category,
        "search": search,
        "has_match": any(not section.is_empty for section in found),
        "view": view if view in VIEWS else VIEWS[0],
        "query": urlencode({"q": search}) if search else "",
    }
    response = render(request, "catalog/catalogue.html", context)
    if asked in VIEWS:
        response.set_cookie(
            VIEW_COOKIE,
            asked,
            max_age=ONE_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@require_POST
def star(request: PortalRequest, app_id: UUID) -> HttpResponse:
    """Star an app or take its star away, and go back to where it stands in the catalogue."""
    app = get_object_or_404(App.objects.visible_to(request.user), pk=app_id)
    is_starred = toggle_favourite(app, request.user)
    words = _("“%s” is a favourite now.") if is_starred else _("“%s” is no favourite any more.")
    messages.success(request, words % app.title)
    kept = {name: request.POST.get(name, "")[:MAX_SEARCH] for name in ("q", "category")}
    query = urlencode({name: value for name, value in kept.items() if value})
    return redirect(f"{reverse('catalog:list')}{'?' if query else ''}{query}#app-{app.pk}")
