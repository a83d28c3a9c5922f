"""Remember which theme a person wants: as the system, light or dark."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.views.decorators.http import require_POST

from apps.base.addresses import is_own_path

THEMES = frozenset({"system", "light", "dark"})
COOKIE = "theme"
ONE_YEAR_S = 365 * 24 * 60 * 60


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie and go back to the page the choice was made on."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest("Unknown theme")
    back = request.POST.get("next", "")
    response = HttpResponseRedirect(back if is_own_path(back) else "/")
    response.set_cookie(
        COOKIE,
        theme,
        max_age=ONE_YEAR_S,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
