"""The pages by which one knows a Gallery: its front, its documentation, its swagger."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from apps.emulator.exchange import Response
from apps.emulator.options import Options
from apps.emulator.refusals import Dialect
from apps.emulator.routes import ROUTES, Route

_SWAGGER_PAGES = {"swagger", "swagger/ui", "swagger/ui/index", "swagger/index.html"}


def gallery_page(rest: list[str], options: Options) -> Response | None:
    """Return a page below the Gallery's address, None where there is none."""
    path = "/".join(rest).lower()
    if path in {"", "index.html"}:
        return _page("Alteryx Server", '<div id="app" data-product="Alteryx Gallery"></div>')
    if path == "api-docs" and options.generation.has_classic_api:
        return _page("Alteryx Gallery API", _listing(_routes(Dialect.CLASSIC, options)))
    return None


def webapi_page(rest: list[str], options: Options) -> Response | None:
    """Return a page below the Web API's address, None where there is none."""
    path = "/".join(rest).lower()
    if path in _SWAGGER_PAGES:
        return _page("Swagger UI", _listing(_routes(Dialect.WEB, options)))
    if path in {"swagger/docs/v1", "swagger/docs/v2", "swagger/docs/v3"}:
        return Response(200, json.dumps(_swagger(options, path[-2:])).encode())
    return None


def _routes(dialect: Dialect, options: Options) -> list[Route]:
    generation = options.generation
    return [r for r in ROUTES if dialect in r.dialects and generation.is_from(r.since)]


def _listing(routes: list[Route]) -> str:
    rows = [f"<li><code>{r.method} /{escape(r.path)}</code></li>" for r in routes]
    return f"<ul>{''.join(rows)}</ul>"


def _page(title: str, body: str) -> Response:
    text = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return Response(200, text.encode(), content_type="text/html; charset=utf-8")


def _swagger(options: Options, version: str) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for route in _routes(Dialect.WEB, options):
        if f"{version}/" in route.path:
            entry = {"responses": {"200": {"description": "OK"}}}
            paths.setdefault(f"/{route.path}", {})[route.method.lower()] = entry
    return {
        "swagger": "2.0",
        "info": {"version": version, "title": "Alteryx Server API"},
        "basePath": options.webapi_path,
        "securityDefinitions": {
            "oauth2": {
                "type": "oauth2",
                "flow": "application",
                "tokenUrl": f"{options.webapi_path}oauth2/token",
                "scopes": {},
            }
        },
        "paths": paths,
    }
