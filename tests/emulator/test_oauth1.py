"""OAuth 1.0a: signatures are really checked."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import pytest
import requests
from requests_oauthlib import OAuth1Session

from apps.emulator import oauth1, people
from apps.emulator.emulator import Emulator
from apps.emulator.options import Generation
from apps.emulator.people import KeyPair
from tests.emulator.samples import MakeGallery, classic

LIST = "v1/workflows/subscription/"
BAD_SIGNATURE = {
    "data": None,
    "exceptionName": "UnauthorizedException",
    "innerExceptionMessage": "",
    "message": "The provided signature(oauth_signature) is invalid.",
}
BAD_KEY = BAD_SIGNATURE | {"message": "The provided API Key(oauth_consumer_key) is invalid."}
FINANCE = people.FINANCE.pair


def signed_query(gallery: Emulator, **changes: Any) -> dict[str, str]:
    """Sign the list by hand, with some of the parameters changed before signing."""
    parameters = {
        "oauth_consumer_key": FINANCE.key,
        "oauth_nonce": "abcde",
        "oauth_timestamp": str(int(time.time())),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_version": "1.0",
    } | changes
    url = gallery.gallery_url + "api/" + LIST
    signature = oauth1.sign("GET", url, parameters.items(), FINANCE.secret)
    return parameters | {"oauth_signature": signature}


def call(gallery: Emulator, query: dict[str, str]) -> requests.Response:
    return requests.get(gallery.gallery_url + "api/" + LIST, params=query, timeout=20)


@pytest.mark.parametrize("place", ["AUTH_HEADER", "QUERY"])
@pytest.mark.parametrize("path", [LIST, LIST.rstrip("/")])
def test_a_signed_call_is_answered(old: Emulator, place: str, path: str) -> None:
    assert classic(old, place=place).get(path).status_code == 200


@pytest.mark.parametrize("place", ["AUTH_HEADER", "QUERY"])
@pytest.mark.parametrize("words", ["a b", "ä€/?&=+%~*'()!", "", "x+y", "東京"])
def test_odd_characters_in_a_query_can_be_signed(old: Emulator, place: str, words: str) -> None:
    quoted = quote(words, safe="~")
    answer = classic(old, place=place).call("GET", f"{LIST}?search={quoted}&limit=3")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("place", ["AUTH_HEADER", "QUERY"])
def test_a_json_body_is_not_part_of_the_signature(old: Emulator, place: str) -> None:
    body = {"questions": [{"name": "Note (2)", "value": 'ä "quoted" & + %'}]}
    path = f"v1/workflows/{old.workflow_id('echo')}/jobs/"
    answer = classic(old, place=place).call("POST", path, json=body)
    assert answer.status_code == 200, answer.text
    assert old.jobs[0].answers[0].value == 'ä "quoted" & + %'


def test_double_slashes_are_one_but_signed_as_called(old: Emulator) -> None:
    assert classic(old).get("/v1//workflows/subscription/").status_code == 200


def test_a_wrong_secret_is_refused_in_the_captured_words(old: Emulator) -> None:
    pair = KeyPair(FINANCE.key, FINANCE.secret + " ", FINANCE.kind)
    answer = classic(old, pair).get(LIST)
    assert (answer.status_code, answer.json()) == (401, BAD_SIGNATURE)


def test_an_unknown_key_is_told_from_a_wrong_secret(old: Emulator) -> None:
    answer = classic(old, KeyPair("8D0", "x", FINANCE.kind)).get(LIST)
    assert (answer.status_code, answer.json()) == (401, BAD_KEY)


def test_a_call_without_signature_is_refused(old: Emulator) -> None:
    assert call(old, {}).json() == BAD_KEY


def test_a_signature_made_by_hand_is_accepted_once(old: Emulator) -> None:
    query = signed_query(old)
    assert call(old, query).status_code == 200
    assert call(old, query).json() == BAD_SIGNATURE


def test_a_used_nonce_starts_no_second_job(old: Emulator) -> None:
    session = OAuth1Session(FINANCE.key, FINANCE.secret)
    url = f"{old.gallery_url}api/v1/workflows/{old.workflow_id('echo')}/jobs/"
    request = session.prepare_request(requests.Request("POST", url, json={}))
    assert session.send(request).status_code == 200
    assert requests.Session().send(request).status_code == 401
    assert len(old.jobs) == 1


def test_a_refused_signature_uses_no_nonce_up(old: Emulator) -> None:
    query = signed_query(old)
    assert call(old, query | {"oauth_signature": "wrong"}).status_code == 401
    assert call(old, query).status_code == 200


def test_nonces_may_be_forgotten(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2021_3, "nonce_memory=false")
    query = signed_query(gallery)
    assert [call(gallery, query).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    "changes",
    [
        {"oauth_version": "2.0"},
        {"oauth_signature_method": "PLAINTEXT"},
        {"oauth_timestamp": "yesterday"},
        {"oauth_timestamp": ""},
        {"oauth_nonce": ""},
    ],
)
def test_odd_parameters_are_refused(old: Emulator, changes: dict[str, str]) -> None:
    assert call(old, signed_query(old, **changes)).json() == BAD_SIGNATURE


def test_other_oauth_parameters_are_ignored_and_version_is_optional(old: Emulator) -> None:
    query = signed_query(old, oauth_token="", oauth_body_hash="x")
    assert call(old, query).status_code == 200


def test_any_timestamp_is_good_without_a_window(old: Emulator) -> None:
    assert call(old, signed_query(old, oauth_timestamp="1")).status_code == 200


def test_a_window_refuses_old_timestamps(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2021_3, "timestamp_window=300")
    stale = str(int(time.time()) - 400)
    assert call(gallery, signed_query(gallery, oauth_timestamp=stale)).json() == BAD_SIGNATURE
    assert call(gallery, signed_query(gallery, oauth_nonce="later")).status_code == 200


def test_the_window_goes_by_the_gallerys_clock(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2021_3, "timestamp_window=300", "clock_skew=3600")
    answer = classic(gallery).get(LIST)
    assert answer.json() == BAD_SIGNATURE
    at = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    assert at - time.time() > 3500


def test_a_form_encoded_blank_gives_a_wrong_signature(old: Emulator) -> None:
    query = signed_query(old, search="a b")
    parts = {name: value for name, value in query.items() if name != "oauth_signature"}
    wrong = oauth1.sign(
        "GET",
        old.gallery_url + "api/" + LIST,
        [(name, value.replace(" ", "+")) for name, value in parts.items()],
        FINANCE.secret,
    )
    assert call(old, parts | {"oauth_signature": wrong}).json() == BAD_SIGNATURE


def test_behind_a_proxy_the_gallerys_own_address_is_signed(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2021_3, "signed_base_address=https://gallery.example")
    assert classic(gallery).get(LIST).json() == BAD_SIGNATURE
    session = OAuth1Session(FINANCE.key, FINANCE.secret)
    url = "https://gallery.example/gallery/api/" + LIST
    signed = session.auth(requests.Request("GET", url).prepare())
    headers = {"Authorization": signed.headers["Authorization"]}
    answer = requests.get(f"{gallery.url}/gallery/api/{LIST}", headers=headers, timeout=20)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("pair", "path"),
    [
        (people.FINANCE.pair, "user/v2/credentials/"),
        (people.FINANCE.pair, "admin/v1/workflows/"),
        (people.CURATOR.pair, LIST),
        (people.ARTISAN.pair, "admin/v1/workflows/"),
        (people.MEMBER.pair, "user/v2/credentials/"),
    ],
)
def test_the_wrong_kind_of_key_is_refused(old: Emulator, pair: KeyPair, path: str) -> None:
    assert classic(old, pair).get(path).json() == BAD_KEY


def test_each_kind_of_key_opens_its_own_part(old: Emulator) -> None:
    assert classic(old, people.ARTISAN.pair).get("user/v2/credentials/").status_code == 200
    assert classic(old, people.CURATOR.pair).get("admin/v1/workflows/").status_code == 200


def test_every_answer_carries_the_captured_cors_headers(old: Emulator) -> None:
    for answer in (classic(old).get(LIST), call(old, {})):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Max-Age"] == "1728000"
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, POST, PUT, DELETE, OPTIONS"


def test_json_comes_in_chunks_as_captured(old: Emulator) -> None:
    assert classic(old).get(LIST).headers["Transfer-Encoding"] == "chunked"
