"""What people send: how much it may be, and what becomes of a page whose session has ended."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

# A form may ask for several files; together they are at most so many times the limit of one.
FILES_OF_FULL_SIZE = 10


def bounded_body(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Refuse a body that is too large before any of it is read, a stranger's much sooner.

    Django limits forms, but writes files of any size to disk before a view sees the first one.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        small: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > small:
            large = small + FILES_OF_FULL_SIZE * settings.MAX_UPLOAD_BYTES
            if length > (large if request.user.is_authenticated else small):
                raise RequestDataTooBig("The request is larger than anything a page here sends.")
        return get_response(request)

    return middleware


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
