"""Middleware every request passes."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from apps.base.logs import request_id_var

GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: GetResponse) -> GetResponse:
    """Give each request an id of our own making, for the log and the error pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = request_id_var.set(uuid.uuid4().hex[:12])
        try:
            response = get_response(request)
            response["X-Request-ID"] = request_id_var.get()
            return response
        finally:
            request_id_var.reset(token)

    return middleware


def private_pages(get_response: GetResponse) -> GetResponse:
    """Keep pages out of shared and back-button caches unless a view decided otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


def no_nul(get_response: GetResponse) -> GetResponse:
    """Answer 400 to an address or cookie with a NUL, which no database of ours finds or keeps.

    Fields of a posted form are not looked at; forms refuse it beside the field.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        # A cookie may hold one as well: its quoted form knows octal escapes.
        cookies = "".join(request.COOKIES.values())
        if "\0" in request.path_info + cookies or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL")
        return get_response(request)

    return middleware
