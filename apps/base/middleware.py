"""Middleware every request passes."""

from __future__ import annotations

import uuid
from collections.abc import Callable

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
