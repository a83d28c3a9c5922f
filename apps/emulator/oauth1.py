"""OAuth 1.0a, one-legged: checks the signature of a request as RFC 5849 says.

Written by hand and not with a library, because the point is to refuse what a strict server refuses.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from apps.emulator.exchange import Request
from apps.emulator.options import Options
from apps.emulator.people import KeyPair
from apps.emulator.refusals import BAD_KEY, BAD_SIGNATURE, Refusal

Pairs = list[tuple[str, str]]

_REQUIRED = ("oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method")
_HEADER_PART = re.compile(r'\s*([^=,\s]+)\s*=\s*"([^"]*)"\s*')
_DEFAULT_PORTS = {"http": 80, "https": 443}


def authenticate(
    request: Request,
    *,
    options: Options,
    now: float,
    find_pair: Callable[[str], KeyPair | None],
    remember: Callable[[str, str, str], bool],
) -> KeyPair:
    """Return the pair that signed ``request``.

    ``remember`` keeps (key, timestamp, nonce) and returns False where it was used before. It is
    asked last, so that a request that is refused uses nothing up.

    Raises:
        Refusal: 401 with one of the two texts a Gallery has for it.
    """
    parameters = _parameters(request)
    found = {name: value for name, value in parameters if name.startswith("oauth_")}
    pair = find_pair(found.get("oauth_consumer_key", ""))
    if pair is None:
        raise Refusal(401, BAD_KEY)
    if any(not found.get(name) for name in _REQUIRED):
        raise Refusal(401, BAD_SIGNATURE)
    if found["oauth_signature_method"] != "HMAC-SHA1" or found.get("oauth_version", "1.0") != "1.0":
        raise Refusal(401, BAD_SIGNATURE)
    expected = sign(request.method, _base_uri(request, options), parameters, pair.secret)
    if not hmac.compare_digest(expected.encode(), found["oauth_signature"].encode()):
        raise Refusal(401, BAD_SIGNATURE)
    _check_time(found["oauth_timestamp"], options, now)
    is_new = remember(pair.key, found["oauth_timestamp"], found["oauth_nonce"])
    if options.nonce_memory and not is_new:
        raise Refusal(401, BAD_SIGNATURE)
    return pair


def sign(method: str, base_uri: str, parameters: Iterable[tuple[str, str]], secret: str) -> str:
    """Return the HMAC-SHA1 signature; ``parameters`` are decoded, their signature is left out."""
    encoded = sorted(
        (_encode(name), _encode(value)) for name, value in parameters if name != "oauth_signature"
    )
    normalized = "&".join(f"{name}={value}" for name, value in encoded)
    text = "&".join((method.upper(), _encode(base_uri), _encode(normalized)))
    digest = hmac.new(f"{_encode(secret)}&".encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _encode(text: str) -> str:
    return quote(text, safe="~")


def _parameters(request: Request) -> Pairs:
    """Collect what is signed: header, query and a form body, decoded, without ``realm``."""
    found = parse_qsl(request.query_string, keep_blank_values=True)
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "oauth":
        parts = _HEADER_PART.findall(rest)
        found += [(unquote(n), unquote(v)) for n, v in parts if n.lower() != "realm"]
    if request.content_type.lower().startswith("application/x-www-form-urlencoded"):
        found += parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return found


def _base_uri(request: Request, options: Options) -> str:
    """Return the address that is signed: as called, without a default port and query."""
    address = options.signed_base_address or f"http://{request.headers.get('Host', '')}"
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    is_default = parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)}
    return f"{parts.scheme}://{host}{'' if is_default else f':{parts.port}'}{request.path}"


def _check_time(timestamp: str, options: Options, now: float) -> None:
    is_number = timestamp.isascii() and timestamp.isdecimal()
    window = options.timestamp_window
    if not is_number or (window and abs(now - int(timestamp)) > window):
        raise Refusal(401, BAD_SIGNATURE)
