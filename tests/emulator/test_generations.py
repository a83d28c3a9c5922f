"""Which endpoints answer at all, by server version."""

from __future__ import annotations

import pytest
import requests

from apps.emulator import people
from apps.emulator.options import Generation
from tests.emulator.samples import MakeGallery, classic, web

ALL = list(Generation)
WITH_CLASSIC = [Generation.V2021_3, Generation.V2021_4]
WITH_WEB = [generation for generation in ALL if generation is not Generation.V2021_3]


@pytest.mark.parametrize("generation", ALL)
def test_the_classic_api_is_there_until_2021_4(
    make_gallery: MakeGallery, generation: Generation
) -> None:
    answer = classic(make_gallery(generation)).get("v1/workflows/subscription/")
    assert answer.status_code == (200 if generation in WITH_CLASSIC else 404)
    if generation not in WITH_CLASSIC:
        assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("generation", ALL)
def test_the_web_api_is_there_from_2021_4(
    make_gallery: MakeGallery, generation: Generation
) -> None:
    gallery = make_gallery(generation)
    answer = requests.post(gallery.webapi_url + "oauth2/token", data={}, timeout=20)
    assert answer.status_code == (400 if generation in WITH_WEB else 404)
    is_json = answer.headers["Content-Type"].startswith("application/json")
    assert is_json == (generation in WITH_WEB)


@pytest.mark.parametrize("generation", WITH_WEB)
def test_v3_grows(make_gallery: MakeGallery, generation: Generation) -> None:
    gallery = make_gallery(generation)
    client = web(gallery)
    workflow_id = gallery.workflow_id("echo")
    assert client.get("v3/workflows").status_code == 200
    can_run = generation.is_from(Generation.V2022_3)
    for part in ("questions", "jobs", "package"):
        answer = client.get(f"v3/workflows/{workflow_id}/{part}")
        assert answer.status_code == (200 if can_run else 404)
    assert client.get("v3/jobs").status_code == (200 if generation is Generation.V2025 else 404)


@pytest.mark.parametrize("generation", WITH_WEB)
def test_v1_answers_under_the_web_api(make_gallery: MakeGallery, generation: Generation) -> None:
    client = web(make_gallery(generation))
    assert client.get("v1/workflows/subscription").status_code == 200


@pytest.mark.parametrize("generation", WITH_WEB)
def test_v3_is_for_curators_before_2022_3(
    make_gallery: MakeGallery, generation: Generation
) -> None:
    client = web(make_gallery(generation), people.ARTISAN.pair)
    is_open = generation.is_from(Generation.V2022_3)
    assert client.get("v3/workflows").status_code == (200 if is_open else 401)
    assert client.get("v3/users").status_code == 401
    assert client.get("admin/v1/workflows").status_code == 401
    assert client.get("v1/workflows/subscription").status_code == 200


def test_the_package_has_another_path_at_each_address(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2021_4)
    workflow_id = gallery.workflow_id("echo")
    old, new = classic(gallery), web(gallery)
    assert old.get(f"v1/{workflow_id}/package/").status_code == 200
    assert old.get(f"v1/workflows/{workflow_id}/package/").status_code == 404
    assert new.get(f"v1/workflows/{workflow_id}/package").status_code == 200
    assert new.get(f"v1/{workflow_id}/package").status_code == 404


@pytest.mark.parametrize("generation", ALL)
def test_one_can_see_that_it_is_a_gallery(
    make_gallery: MakeGallery, generation: Generation
) -> None:
    gallery = make_gallery(generation)
    assert "Alteryx" in requests.get(gallery.gallery_url, timeout=20).text
    docs = requests.get(gallery.gallery_url + "api-docs", timeout=20)
    assert docs.status_code == (200 if generation in WITH_CLASSIC else 404)
    swagger = requests.get(gallery.webapi_url + "swagger/docs/v3", timeout=20)
    if generation in WITH_WEB:
        assert swagger.json()["basePath"] == "/webapi/"
        assert ("/v3/jobs" in swagger.json()["paths"]) == (generation is Generation.V2025)
        page = requests.get(gallery.webapi_url + "swagger/ui/index", timeout=20)
        assert page.headers["Content-Type"].startswith("text/html")
    else:
        assert swagger.status_code == 404


def test_unknown_paths_answer_in_each_addresss_own_way(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2021_4)
    page = classic(gallery).get("v1/nothing/")
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=us-ascii")
    message = web(gallery).get("v3/nothing")
    assert message.status_code == 404
    assert message.json()["message"].startswith("No HTTP resource was found that matches")
    assert requests.get(gallery.url + "/elsewhere", timeout=20).status_code == 404


def test_a_method_nobody_offers_is_405(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2021_4)
    assert web(gallery).call("DELETE", "v3/workflows").status_code == 405
    assert classic(gallery).call("PUT", "v1/workflows/subscription/").status_code == 405
    assert web(gallery).call("OPTIONS", "v3/workflows").status_code == 200


def test_either_address_may_stand_elsewhere(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2021_4, "gallery_path=/", "webapi_path=/a/b/")
    assert gallery.gallery_url == gallery.url + "/"
    assert classic(gallery).get("v1/workflows/subscription/").status_code == 200
    assert web(gallery).get("v3/workflows").status_code == 200
