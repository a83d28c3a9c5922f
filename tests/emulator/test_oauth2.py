"""OAuth 2 client credentials: tokens, their end, and who may have one."""

from __future__ import annotations

import pytest
import requests

from apps.emulator import people
from apps.emulator.emulator import Emulator
from apps.emulator.options import Generation
from apps.emulator.people import KeyPair
from tests.emulator.samples import MakeGallery, token_answer, web

CURATOR = people.CURATOR.pair
DENIED = {"message": "Authorization has been denied for this request."}


def test_the_pair_in_the_form_gives_a_token(new: Emulator) -> None:
    answer = token_answer(new, CURATOR, scope="user", resource="x")
    token = answer.json()
    assert answer.status_code == 200
    assert token["access_token"].startswith("AQAAANCMnd8BFdERjHoAwE")
    assert {name: value for name, value in token.items() if name != "access_token"} == {
        "token_type": "bearer",
        "expires_in": 3599,
    }


def test_the_pair_by_basic_gives_a_token(new: Emulator) -> None:
    answer = requests.post(
        new.webapi_url + "oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(CURATOR.key, CURATOR.secret),
        timeout=20,
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "pair",
    [
        KeyPair(CURATOR.key, "wrong", CURATOR.kind),
        KeyPair("unknown", CURATOR.secret, CURATOR.kind),
        people.FINANCE.pair,
        people.MEMBER.pair,
    ],
    ids=["secret", "key", "studio", "no API access"],
)
def test_other_pairs_give_no_token(new: Emulator, pair: KeyPair) -> None:
    answer = token_answer(new, pair)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_client"
    assert answer.json()["error_description"]


@pytest.mark.parametrize("coded", ["***", "bm9jb2xvbg==", ""])
def test_a_garbled_basic_header_gives_no_token(new: Emulator, coded: str) -> None:
    answer = requests.post(
        new.webapi_url + "oauth2/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {coded}"},
        timeout=20,
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_a_token_is_posted_for(new: Emulator) -> None:
    assert requests.get(new.webapi_url + "oauth2/token", timeout=20).status_code == 405


def test_other_grants_give_no_token(new: Emulator) -> None:
    answer = token_answer(new, CURATOR, grant_type="password")
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_the_scheme_is_read_without_regard_to_case(new: Emulator) -> None:
    client = web(new)
    token = str(client.session.headers["Authorization"]).partition(" ")[2]
    for scheme in ("bearer", "BEARER", "Bearer"):
        client.session.headers["Authorization"] = f"{scheme} {token}"
        assert client.get("v3/workflows").status_code == 200


def test_without_a_good_token_the_401_says_the_known_words(new: Emulator) -> None:
    for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
        answer = requests.get(new.webapi_url + "v3/workflows", headers=header, timeout=20)
        assert (answer.status_code, answer.json()) == (401, DENIED)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_ends(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "token_lifetime=1000")
    client = web(gallery)
    assert client.get("v3/workflows").status_code == 200
    gallery.options.clock_skew = 1001
    assert client.get("v3/workflows").json() == DENIED
    assert web(gallery).get("v3/workflows").status_code == 200


def test_every_token_can_be_made_worthless(new: Emulator) -> None:
    client = web(new)
    new.expire_tokens()
    assert client.get("v3/workflows").status_code == 401


def test_the_answer_may_lie_about_the_lifetime(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "token_lifetime=5", "expires_in=3600")
    assert token_answer(gallery, CURATOR).json()["expires_in"] == 3600


def test_keys_have_the_shape_servers_give_them() -> None:
    pairs = [person.pair for person in people.PEOPLE] + [studio.pair for studio in people.STUDIOS]
    for pair in pairs:
        ticks = int(pair.key[:15], 16)
        assert 2023 <= ticks / 10_000_000 / 86_400 / 365.2425 + 1 < 2026
        assert len(pair.key) in {55, 79}
        assert len(pair.secret) == 64
        assert pair.secret not in repr(pair)
    assert len({pair.key for pair in pairs}) == len(pairs)
