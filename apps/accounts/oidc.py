"""Sign-in by the company's OpenID Connect provider, where django-allauth leaves something open.

django-allauth believes an ID token by the line it came over and sends no nonce; here the
signature, the nonce and the issuer are checked as OpenID Connect Core §3.1.3.7 asks.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

PROVIDER = "company"
WELL_KNOWN = "/.well-known/"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Public-key signatures alone: with HS256 the client secret, or a public key, could sign.
ALGORITHMS = frozenset(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512))
CLOCK_SKEW_S = 60
PROFILE = ("email", "preferred_username", "name", "given_name", "family_name")
LONGEST_SUBJECT = 191


class Refused(OAuth2Error):  # type: ignore[misc]
    """The provider's answer is not good enough to sign in by; the message may be logged."""


class CompanyAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    nonce: str | None = None

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself, read once per request.

        Raises:
            RequestException: the provider is away or does not answer in JSON.
            Refused: it speaks for another issuer, or leaves out what sign-in needs.
        """
        if not hasattr(self, "_openid_config"):
            issuer = _issuer(self.get_provider().app.settings["server_url"])
            config = _get_json(f"{issuer}{WELL_KNOWN}openid-configuration")
            if _issuer(str(config.get("issuer"))) != issuer:
                raise Refused("the provider names another issuer than PORTAL_OIDC_ISSUER")
            for name in ENDPOINTS:
                if urlsplit(str(config.get(name))).scheme not in {"http", "https"}:
                    raise Refused(f"the provider's configuration has no {name}")
            # What RFC 8414 says for a provider that does not name them.
            config.setdefault("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            self._openid_config = config
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002
        """Return the address registered at the provider, whichever name the request came by."""
        return settings.BASE_URL + reverse("openid_connect_callback", args=[self.provider_id])

    def get_access_token_data(self, *args: Any, **options: Any) -> dict[str, Any]:
        try:
            data = super().get_access_token_data(*args, **options)
        except OAuth2Error:
            # The original quotes the answer, which may hold tokens.
            complaint = "no token for the code: check client id, secret and redirect URI"
            raise Refused(complaint) from None
        tokens = {name: data.get(name) for name in ("access_token", "id_token")}
        if not all(isinstance(token, str) for token in tokens.values()):
            raise Refused("the token endpoint gave no ID token")
        return tokens

    def complete_login(
        self,
        request: HttpRequest,
        app: SocialApp,
        token: Any,
        **facts: Any,
    ) -> Any:
        """Return the identity the tokens prove, not yet looked up."""
        claims = self._decode_id_token(app, facts["response"]["id_token"])
        if not self.nonce or claims.get("nonce") != self.nonce:
            raise Refused("the ID token was not made for this sign-in")
        if "userinfo_endpoint" in self.openid_config:
            userinfo = self._fetch_user_info(token.token)
            if not isinstance(userinfo, dict) or userinfo.get("sub") != claims["sub"]:
                raise Refused("the user info is about somebody else")
            claims |= userinfo
        return self.get_provider().sociallogin_from_response(request, {"userinfo": _person(claims)})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=_signing_key(id_token, _get_json(config["jwks_uri"])),
                algorithms=sorted(ALGORITHMS),
                issuer=config["issuer"],
                audience=app.client_id,
                leeway=CLOCK_SKEW_S,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise Refused(f"the ID token does not hold: {type(error).__name__}") from None
        if claims.get("azp", app.client_id) != app.client_id:
            raise Refused("the ID token was made for another client")
        if not _is_clean(claims["sub"]) or len(claims["sub"]) > LONGEST_SUBJECT:
            raise Refused("the subject is empty, too long or odd")
        return claims


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce")
        return state, response


@login_not_required
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Lead a person to the provider, after a click, so that no other site can do it for them."""
    provider = _provider(request)
    if request.method == "GET":
        return render(request, "socialaccount/login.html", {"provider": provider})
    nonce = secrets.token_urlsafe(32)
    try:
        answer = provider.redirect(
            request,
            process="login",
            next_url=get_next_redirect_url(request),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
    except (RequestException, OAuth2Error) as error:
        return _failed(request, provider, error)
    # No redirect: browsers hold it, and every one behind it, against the policy's form-action,
    # and whom a company's provider passes people on to is not ours to know.
    address = answer["Location"]
    context = {"provider": provider, "address": address}
    response = render(request, "socialaccount/leaving.html", context)
    response["Refresh"] = f"0; url={address}"
    return response


@login_not_required
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Take a person in whom the provider sends back."""
    provider = _provider(request)
    view = Callback.adapter_view(CompanyAdapter(request, PROVIDER))
    try:
        response: HttpResponse = view(request)
    except (RequestException, OAuth2Error, IntegrityError) as error:
        # IntegrityError: two windows were first at once; a second try finds the account.
        return _failed(request, provider, error)
    return response


def _provider(request: HttpRequest) -> Any:
    try:
        provider = get_adapter(request).get_provider(request, PROVIDER)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    provider.oauth2_adapter_class = CompanyAdapter
    return provider


def _failed(request: HttpRequest, provider: Any, error: Exception) -> HttpResponse:
    response: HttpResponse = render_authentication_error(request, provider, exception=error)
    return response


def _issuer(address: str) -> str:
    return address.partition(WELL_KNOWN)[0].rstrip("/")


def _get_json(address: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:
        response = session.get(address)
        response.raise_for_status()
        content = response.json()
    if not isinstance(content, dict):
        raise Refused("the provider answered with something else than an object")
    return content


def _signing_key(id_token: str, key_set: dict[str, Any]) -> jwt.PyJWK:
    """Return the one key of the set that the token names."""
    header = jwt.get_unverified_header(id_token)
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise Refused("the ID token is not signed with a public key")
    known = key_set.get("keys")
    keys = [
        key
        for key in (known if isinstance(known, list) else [])
        if isinstance(key, dict)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and kid in {None, key.get("kid")}
    ]
    if len(keys) != 1:
        raise Refused("no single key of the provider fits the ID token")
    return jwt.PyJWK(keys[0], algorithm=algorithm)


def _is_clean(text: Any) -> bool:
    return isinstance(text, str) and bool(text) and text.isprintable()


def _person(claims: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of the claims: texts that fit a row, whatever the provider sent."""
    kept = {name: claims[name] for name in PROFILE if _is_clean(claims.get(name))}
    if claims.get("email_verified") is False:
        # Administrators add people by address: whoever names another's must not be found by it.
        # Many providers vouch for every address and leave the claim out.
        kept = {name: text for name, text in kept.items() if "@" not in text}
    verified = claims.get("email_verified") is True
    return {**kept, "sub": claims["sub"], "email_verified": verified}
