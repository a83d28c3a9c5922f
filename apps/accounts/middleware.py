"""What happens to a page that lives on after its session has ended."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url


def session_ended(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Reload the whole page where a part of it would be answered with the sign-in page.

    A live panel follows redirects unseen and would otherwise show a sign-in form inside itself.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_partial = request.headers.get("HX-Request") == "true"
        location = response.headers.get("Location", "")
        if is_partial and location.startswith(resolve_url(settings.LOGIN_URL)):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return response

    return middleware
