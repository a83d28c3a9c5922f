"""Refusals, and the bodies the two APIs put around them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from html import escape
from http import HTTPStatus

from apps.emulator.exchange import Response
from apps.emulator.options import Options


class Dialect(StrEnum):
    CLASSIC = "gallery/api"
    WEB = "webapi"


class Refusal(Exception):
    """The Gallery's answer is no; ``message`` is what it tells the client."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.fields = fields
        self.headers = dict(headers or {})


DENIED = "Authorization has been denied for this request."
BAD_SIGNATURE = "The provided signature(oauth_signature) is invalid."
BAD_KEY = "The provided API Key(oauth_consumer_key) is invalid."
INVALID = "The request is invalid."

_EXCEPTION_NAMES = {
    400: "BadRequestException",
    401: "UnauthorizedException",
    403: "ForbiddenException",
    404: "NotFoundException",
}


def invalid(field: str, text: str) -> Refusal:
    """Return the 400 of a request whose ``field`` cannot be accepted."""
    return Refusal(400, INVALID, fields={field: [text]})


def denied() -> Refusal:
    return Refusal(401, DENIED)


def render(refusal: Refusal, dialect: Dialect, options: Options) -> Response:
    """Return a refusal as the API of ``dialect`` writes it."""
    if options.error_style == "html":
        return html_page(refusal.status)
    body = _envelope(refusal) if dialect is Dialect.CLASSIC else _message(refusal, options)
    headers = dict(refusal.headers)
    if (
        dialect is Dialect.WEB
        and refusal.status == HTTPStatus.UNAUTHORIZED
        and options.www_authenticate
    ):
        headers.setdefault("WWW-Authenticate", "Bearer")
    return Response(refusal.status, json.dumps(body).encode(), headers=headers)


def html_page(status: int) -> Response:
    """Return the page the Windows HTTP stack answers with."""
    phrase = HTTPStatus(status).phrase
    text = f"HTTP Error {status}. {escape(phrase)}."
    body = (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\r\n'
        f"<HTML><HEAD><TITLE>{escape(phrase)}</TITLE></HEAD>\r\n"
        f"<BODY><h2>{escape(phrase)}</h2>\r\n<hr><p>{text}</p>\r\n</BODY></HTML>\r\n"
    )
    return Response(status, body.encode(), content_type="text/html; charset=us-ascii")


def _envelope(refusal: Refusal) -> dict[str, str | None]:
    texts = [text for found in (refusal.fields or {}).values() for text in found]
    return {
        "data": None,
        "exceptionName": _EXCEPTION_NAMES.get(refusal.status, "Exception"),
        "innerExceptionMessage": "",
        "message": " ".join(texts) or refusal.message,
    }


def _message(refusal: Refusal, options: Options) -> dict[str, object]:
    is_upper = options.error_style == "upper"
    body: dict[str, object] = {"Message" if is_upper else "message": refusal.message}
    if refusal.fields is not None:
        body["ModelState" if is_upper else "modelState"] = dict(refusal.fields)
    return body
