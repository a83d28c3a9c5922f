"""From a request to an answer: finds the API, signs the caller in, calls the endpoint."""

from __future__ import annotations

from urllib.parse import urlsplit

from apps.emulator import oauth1, oauth2, pages, routes
from apps.emulator.call import Call
from apps.emulator.exchange import Request, Response
from apps.emulator.gallery import Gallery
from apps.emulator.options import Generation
from apps.emulator.people import KeyPair, PairKind, Person, Role
from apps.emulator.refusals import BAD_KEY, Dialect, Refusal, denied, html_page, render
from apps.emulator.routes import Need, Route

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Accept, Authorization",
    "Access-Control-Max-Age": "1728000",
}


class Front:
    """Answers for one Gallery, without faults and without sockets."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._options = gallery.options

    def answer(self, request: Request) -> Response:
        """Do what a request asks and return the answer; refusals are answers too."""
        segments = [part for part in request.path.split("/") if part]
        generation = self._options.generation
        gallery, webapi = _parts(self._options.gallery_path), _parts(self._options.webapi_path)
        if generation.has_web_api and _starts(segments, webapi):
            return self._web(request, segments[len(webapi) :])
        if _starts(segments, gallery):
            return self._gallery_page(request, segments[len(gallery) :])
        return html_page(404)

    def _gallery_page(self, request: Request, rest: list[str]) -> Response:
        if rest[:1] == ["api"] and self._options.generation.has_classic_api:
            response = self._api(request, Dialect.CLASSIC, rest[1:])
            response.headers |= CORS
            return response
        return pages.gallery_page(rest, self._options) or html_page(404)

    def _web(self, request: Request, rest: list[str]) -> Response:
        if [part.lower() for part in rest] == ["oauth2", "token"]:
            return self._token(request)
        page = pages.webapi_page(rest, self._options)
        if page is not None:
            return page
        response = self._api(request, Dialect.WEB, rest)
        response.headers |= CORS
        return response

    def _token(self, request: Request) -> Response:
        if request.method != "POST":
            return self._refuse(_method_missing(request), Dialect.WEB)
        return oauth2.token_answer(
            request,
            tokens=self._gallery.tokens,
            options=self._options,
            now=self._gallery.now().timestamp(),
            find_person=self._gallery.person_of,
        )

    def _api(self, request: Request, dialect: Dialect, rest: list[str]) -> Response:
        found = routes.find(dialect, self._options.generation, rest)
        if not found:
            return self._no_path(request, dialect)
        if request.method == "OPTIONS":
            return Response(200)
        method = "GET" if request.method == "HEAD" else request.method
        chosen = next(((route, names) for route, names in found if route.method == method), None)
        if chosen is None:
            return self._refuse(_method_missing(request), dialect)
        try:
            return self._call(request, dialect, *chosen)
        except Refusal as refusal:
            return self._refuse(refusal, dialect)

    def _call(
        self, request: Request, dialect: Dialect, route: Route, names: dict[str, str]
    ) -> Response:
        if dialect is Dialect.CLASSIC:
            pair, person = self._sign_in_classic(request, route)
        else:
            pair, person = self._sign_in_web(request, route)
        studio = None if person else self._gallery.studio_of(pair.key)
        return route.endpoint(Call(request, self._gallery, dialect, pair, person, studio, names))

    def _sign_in_classic(self, request: Request, route: Route) -> tuple[KeyPair, Person | None]:
        """Check the signature, then that it is the right one of the two pairs."""
        pair = oauth1.authenticate(
            request,
            options=self._options,
            now=self._gallery.now().timestamp(),
            find_pair=self._gallery.find_pair,
            remember=self._gallery.store.remember_nonce,
        )
        wanted = PairKind.STUDIO if route.need is Need.STUDIO else PairKind.USER
        person = self._gallery.person_of(pair.key)
        is_off = person is not None and not person.api_enabled
        if pair.kind is not wanted or is_off:
            raise Refusal(401, BAD_KEY)
        if route.need is Need.CURATOR and not (person and person.is_curator):
            raise Refusal(401, BAD_KEY)
        return pair, person

    def _sign_in_web(self, request: Request, route: Route) -> tuple[KeyPair, Person]:
        now = self._gallery.now().timestamp()
        person = oauth2.authenticate(request, self._gallery.tokens, now)
        if not person.is_curator and not self._may_call(person, route):
            raise denied()
        return person.pair, person

    def _may_call(self, person: Person, route: Route) -> bool:
        """Return whether someone who is no Curator may call this endpoint of ``webapi``."""
        is_open = self._options.generation.is_from(Generation.V2022_3)
        if route.need is Need.CURATOR:
            return False
        if route.path.startswith("v3/"):
            return is_open
        return is_open or person.role is Role.ARTISAN

    def _no_path(self, request: Request, dialect: Dialect) -> Response:
        if dialect is Dialect.CLASSIC:
            return html_page(404)
        host = urlsplit(f"//{request.headers.get('Host', '')}").netloc
        text = f"No HTTP resource was found that matches the request URI 'http://{host}{request.path}'."
        return self._refuse(Refusal(404, text), dialect)

    def _refuse(self, refusal: Refusal, dialect: Dialect) -> Response:
        return render(refusal, dialect, self._options)


def _method_missing(request: Request) -> Refusal:
    return Refusal(405, f"The requested resource does not support http method '{request.method}'.")


def _parts(path: str) -> list[str]:
    return [part.lower() for part in path.split("/") if part]


def _starts(segments: list[str], parts: list[str]) -> bool:
    return [segment.lower() for segment in segments[: len(parts)]] == parts
