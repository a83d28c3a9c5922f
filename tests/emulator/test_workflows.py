"""Lists of workflows, who sees which, and the switches of what nobody knows."""

from __future__ import annotations

import re
from typing import Any

import pytest

from apps.emulator import people
from apps.emulator.emulator import Emulator
from apps.emulator.options import Generation
from apps.emulator.people import KeyPair
from tests.emulator.samples import MakeGallery, classic, web

LIST = "v1/workflows/subscription"


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row.get("name") or row["metaInfo"]["name"] for row in rows]


def test_a_studios_key_lists_its_own_workflows_and_nothing_else(old: Emulator) -> None:
    assert names(classic(old, people.OPERATIONS.pair).json(LIST)) == ["Stock"]
    assert "Stock" not in names(classic(old).json(LIST))


def test_a_list_can_be_searched_sorted_and_paged(old: Emulator) -> None:
    client = classic(old)
    assert names(client.json(LIST, search="tableauwdc")) == ["Tableau WDC Demo"]
    ordered = names(client.json(LIST, sortField="name", direction="desc"))
    assert ordered == sorted(ordered, key=str.lower, reverse=True)
    page = names(client.json(LIST, sortField="name", direction="desc", offset="1", limit="2"))
    assert page == ordered[1:3]
    assert client.json(LIST, packageType="2") == []
    assert len(client.json(LIST, packageType="App")) == len(ordered)
    for query in ({"sortField": "size"}, {"limit": "-1"}, {"packageType": "9"}):
        assert client.get(LIST, **query).status_code == 400


@pytest.mark.parametrize(
    ("setting", "old_value", "new_value"),
    [
        ("enum_style_classic=integers", 0, "App"),
        ("enum_style_classic=names", "App", "App"),
        ("enum_style_web=integers", 0, 0),
    ],
)
def test_enums_are_written_as_each_address_is_set(
    make_gallery: MakeGallery, setting: str, old_value: object, new_value: object
) -> None:
    gallery = make_gallery(Generation.V2021_4, setting)
    assert classic(gallery).json(LIST)[0]["packageType"] == old_value
    assert web(gallery).json(LIST)[0]["packageType"] == new_value


def test_v3_lists_what_a_person_reaches(new: Emulator) -> None:
    assert len(web(new).json("v3/workflows")) == len(new.workflows)
    planner = web(new, people.PLANNER.pair)
    assert names(planner.json("v3/workflows")) == ["Stock", "Shared close"]
    rows = web(new).json("v3/workflows", name="stock", ownerId=people.PLANNER.id)
    assert names(rows) == ["Stock"]
    assert web(new).json("v3/workflows", createdAfter="2030-01-01") == []
    assert web(new).get("v3/workflows", createdBefore="soon").status_code == 400


def test_a_workflow_of_another_studio_is_403(old: Emulator) -> None:
    path = f"v1/workflows/{old.workflow_id('stock')}"
    for part in ("questions", "jobs"):
        assert classic(old).get(f"{path}/{part}/").status_code == 403
    assert classic(old).post(f"{path}/jobs/", {}).status_code == 403
    assert not old.jobs


def test_in_v3_running_is_403_and_looking_is_404_without_rights(new: Emulator) -> None:
    artisan, path = web(new, people.ARTISAN.pair), f"v3/workflows/{new.workflow_id('stock')}"
    assert artisan.get(path).status_code == 404
    assert artisan.get(f"{path}/jobs").status_code == 404
    assert artisan.post(f"{path}/jobs", {}).status_code == 403
    assert artisan.get(f"{path}/questions").status_code == 403
    assert artisan.get(f"{path}/package").status_code == 403
    assert not new.jobs


def test_a_collection_opens_a_workflow_in_v3_but_not_in_v1(new: Emulator) -> None:
    planner, workflow_id = web(new, people.PLANNER.pair), new.workflow_id("shared")
    started = planner.post(f"v3/workflows/{workflow_id}/jobs", {})
    assert started.status_code == 200
    assert planner.post(f"v1/workflows/{workflow_id}/jobs", {}).status_code == 403
    job = new.finish()
    assert planner.get(f"v3/jobs/{job.id}").status_code == 200
    path = f"v1/jobs/{job.id}/output/{job.outputs[0].id}"
    assert planner.get(path, format="Raw").status_code == 200


def test_a_strangers_job_is_unknown(new: Emulator) -> None:
    web(new).post(f"v3/workflows/{new.workflow_id('echo')}/jobs", {})
    job = new.finish()
    planner = web(new, people.PLANNER.pair)
    assert planner.get(f"v3/jobs/{job.id}").status_code == 404
    assert planner.call("DELETE", f"v3/jobs/{job.id}").status_code == 404
    path = f"v1/jobs/{job.id}/output/{job.outputs[0].id}"
    assert planner.get(path, format="Raw").status_code == 404


@pytest.mark.parametrize("pair", [people.FINANCE.pair, people.OPERATIONS.pair])
def test_unknown_ids_are_told_in_the_dialects_own_shape(old: Emulator, pair: KeyPair) -> None:
    for path in ("v1/workflows/unknown/questions/", "v1/jobs/unknown/"):
        answer = classic(old, pair).get(path)
        assert answer.status_code == 404
        assert set(answer.json()) == {"data", "exceptionName", "innerExceptionMessage", "message"}
    assert set(web(old).get("v1/jobs/unknown").json()) == {"message"}


def test_refusals_may_look_otherwise(make_gallery: MakeGallery) -> None:
    upper = make_gallery(Generation.V2025, "error_style=upper", "unknown_id_status=400")
    answer = web(upper).get("v3/jobs/unknown")
    assert (answer.status_code, list(answer.json())) == (400, ["Message"])
    page = make_gallery(Generation.V2025, "error_style=html")
    assert "text/html" in web(page).get("v3/jobs/unknown").headers["Content-Type"]


def test_ids_may_be_ulids(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "id_style=ulid")
    client = web(gallery)
    workflow_id = client.json("v3/workflows")[0]["id"]
    job = client.post(f"v3/workflows/{workflow_id}/jobs", {}).json()
    for found in (workflow_id, job["id"]):
        assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", found)


def test_ids_are_the_same_at_every_start(make_gallery: MakeGallery) -> None:
    first, second = make_gallery(), make_gallery(Generation.V2021_3)
    assert [p.id for p in first.workflows] == [p.id for p in second.workflows]
    assert all(re.fullmatch("[0-9a-f]{24}", p.id) for p in first.workflows)


@pytest.mark.parametrize("decimals", [0, 1, 6, 7])
def test_dates_have_as_many_decimals_as_wanted(make_gallery: MakeGallery, decimals: int) -> None:
    gallery = make_gallery(Generation.V2025, f"date_decimals={decimals}")
    text = web(gallery).json("v3/workflows")[0]["dateCreated"]
    fraction = text.removesuffix("Z").partition(".")[2]
    assert len(fraction) == decimals


def test_json_may_begin_with_a_byte_order_mark(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2021_4, "byte_order_mark=true")
    assert classic(gallery).get(LIST).content.startswith(b"\xef\xbb\xbf[")


def test_a_withdrawn_workflow_is_unknown(new: Emulator) -> None:
    workflow_id = new.workflow_id("echo")
    new.withdraw("Echo")
    assert web(new).get(f"v3/workflows/{workflow_id}").status_code == 404
    with pytest.raises(LookupError):
        new.workflow("echo")


def test_a_workflow_can_be_marked_for_migration(old: Emulator) -> None:
    client = classic(old, people.CURATOR.pair)
    path = f"admin/v1/workflows/migratable/{old.workflow_id('echo')}/"
    assert client.json("admin/v1/workflows/migratable/") == []
    assert client.call("PUT", path, data=b"true").json() is True
    assert [row["id"] for row in client.json("admin/v1/workflows/migratable/")] == [
        old.workflow_id("echo")
    ]
    assert client.call("PUT", path, data=b'"yes"').status_code == 400


def test_the_last_job_of_each_workflow_is_listed_for_the_curator(old: Emulator) -> None:
    for slug in ("echo", "echo", "fail"):
        classic(old).post(f"v1/workflows/{old.workflow_id(slug)}/jobs/", {})
        old.finish()
    client = classic(old, people.CURATOR.pair)
    rows = client.json("admin/v1/workflows/jobs/")
    assert {row["id"] for row in rows} == {old.jobs[1].id, old.jobs[2].id}
    query = {"appIds": old.workflow_id("fail"), "includeMessage": "false"}
    rows = client.json("admin/v1/workflows/jobs/", **query)
    assert [row["id"] for row in rows] == [old.jobs[2].id]
    assert "messages" not in rows[0]


def test_pages_and_filters_of_the_admins_lists(old: Emulator) -> None:
    client, modern = classic(old, people.CURATOR.pair), web(old)
    everyone = client.json("admin/v2/users/")
    assert client.json("admin/v2/users/", page="2", pageSize="1") == everyone[1:2]
    assert [row["curator"] for row in client.json("admin/v1/users/")].count(True) == 1
    query = {"subscriptionId": people.OPERATIONS.id}
    assert len(modern.json("admin/v2/users", **query)) == 1
    assert len(client.json("admin/v1/workflows/all/", page="0", pageSize="3")) == 3
    assert {row["entity"] for row in client.json("admin/v1/auditlog/", entity="User")} == {"User"}
    far = {"afterDate": "2026-01-01", "beforeDate": "2026-12-01"}
    assert modern.get("admin/v2/schedule/forecast", **far).status_code == 400
    assert "defaultWorkflowCredentialId" in modern.json("admin/v2/subscriptions")[0]
