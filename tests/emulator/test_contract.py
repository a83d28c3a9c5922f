"""Every member of every answer is that of the contract and of the captured exchanges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apps.emulator import people
from apps.emulator.emulator import Emulator
from apps.emulator.options import Generation
from tests.emulator.samples import CAPTURES, Client, MakeGallery, classic, web

pytestmark = pytest.mark.skipif(
    not CAPTURES.is_dir(), reason=f"the captured exchanges are not at {CAPTURES}"
)

CURATOR = people.CURATOR.pair


def capture(name: str) -> Any:
    return json.loads((CAPTURES / name).read_text(encoding="utf-8"))


def shape(data: Any) -> Any:
    """Return the names and kinds in an answer; a list is the shape of its first entry."""
    if isinstance(data, dict):
        return {name: shape(value) for name, value in data.items()}
    if isinstance(data, list):
        return [shape(data[0])] if data else []
    return type(data).__name__


def fits(shown: Any, captured: Any) -> bool:
    """Return whether both have the same members of the same kinds; null fits anything."""
    if captured is None or shown is None:
        return True
    if isinstance(captured, dict):
        return shown.keys() == captured.keys() and all(
            fits(shown[name], value) for name, value in captured.items()
        )
    if isinstance(captured, list):
        return isinstance(shown, list) and all(fits(row, c) for row in shown for c in captured[:1])
    return type(shown) is type(captured)


def run(gallery: Emulator, client: Client, slug: str) -> tuple[Any, Any]:
    """Start a job by v1 and return it as it was queued and as it ended."""
    queued = client.post(f"v1/workflows/{gallery.workflow_id(slug)}/jobs/", {"priority": "3"})
    gallery.finish()
    return queued.json(), client.json(f"v1/jobs/{queued.json()['id']}/")


def test_the_list_of_v1_has_all_the_captured_members(old: Emulator) -> None:
    captured = capture("v1_subscription_2016.json")[0]
    shown = classic(old).json("v1/workflows/subscription/")[0]
    later = {"workerTag", "isE2"}
    assert shown.keys() == captured.keys() | later
    assert shape({n: v for n, v in shown.items() if n not in later}) == shape(captured)


def test_the_questions_of_v1_equal_the_captured_ones(old: Emulator) -> None:
    shown = classic(old).json(f"v1/workflows/{old.workflow_id('captured')}/questions/")
    captured = capture("v1_questions_2016.json")
    assert shown[0].pop("value") == "East"
    assert shown == captured


def test_the_captured_request_of_2016_is_accepted(old: Emulator) -> None:
    body = capture("v1_jobs_post_request_2016.json")
    path = f"v1/workflows/{old.workflow_id('captured')}/jobs/"
    assert classic(old).post(path, body).status_code == 200
    assert [(answer.name, answer.value) for answer in old.jobs[0].answers] == [
        ("Select Region", "East"),
        ("Orders on or after", "2016-07-10"),
    ]


def test_the_captured_request_of_v3_is_accepted(new: Emulator) -> None:
    body = capture("v3_jobs_post_request_checkbox.json")
    path = f"v3/workflows/{new.workflow_id('echo')}/jobs"
    assert web(new).post(path, body).status_code == 200
    assert new.jobs[0].answers[0].name == "チェックボックス (2)"


def test_a_queued_job_equals_the_captured_one(old: Emulator) -> None:
    captured = capture("v1_job_queued_2022.json")
    queued, _ = run(old, classic(old), "echo")
    assert list(queued) == list(captured)
    assert queued == captured | {"id": queued["id"], "createDate": queued["createDate"]}
    assert len(queued["createDate"]) == len(captured["createDate"])


def test_a_failed_job_equals_the_captured_one(old: Emulator) -> None:
    captured = capture("v1_job_completed_error_2022.json")
    _, ended = run(old, classic(old), "fail")
    assert list(ended) == list(captured)
    for name in ("status", "disposition", "outputs", "priority", "workerTag", "appId"):
        assert ended[name] == captured[name]
    assert len(ended["createDate"]) == len(captured["createDate"])
    assert shape(ended["messages"]) == shape(captured["messages"])
    assert ended["messages"][-1] == captured["messages"][-1]


def test_older_jobs_have_no_member_ours_has_not(old: Emulator) -> None:
    queued, _ = run(old, classic(old), "echo")
    assert capture("v1_job_queued_2018.json").keys() <= queued.keys()


def test_the_headers_are_the_captured_ones(old: Emulator) -> None:
    answer = classic(old).get("v1/workflows/subscription/")
    for name, value in capture("v1_response_headers_2018.json").items():
        assert answer.headers[name] == value


def test_a_bad_signature_has_the_captured_body(old: Emulator) -> None:
    query = {"oauth_consumer_key": people.FINANCE.pair.key}
    client = classic(old)
    answer = client.session.get(
        old.gallery_url + "api/v1/workflows/subscription/", params=query, auth=_no_auth, timeout=20
    )
    assert answer.json() == capture("v1_error_401_signature.json")


def _no_auth(request: Any) -> Any:
    return request


def test_the_list_and_detail_of_v3_fit_the_captured_ones(new: Emulator) -> None:
    client = web(new)
    rows = client.json("v3/workflows")
    captured = capture("v3_workflows_list_default.json")
    assert fits(rows, captured)
    detail = client.json(f"v3/workflows/{rows[0]['id']}")
    captured = capture("v3_workflow_detail.json")
    assert fits(detail, captured)
    assert list(detail) == list(captured)
    assert list(detail["versions"][0]) == list(captured["versions"][0])


V1 = (
    json.loads((CAPTURES / "contract_v1_v2_admin_2021_2.json").read_text())
    if CAPTURES.is_dir()
    else {}
)
V3 = json.loads((CAPTURES / "contract_v3.json").read_text()) if CAPTURES.is_dir() else {}


def expect(data: Any, model: Any, models: dict[str, Any], where: str = "") -> None:
    """Assert that an answer has exactly the members of a model, all the way down."""
    if data is None:
        return
    if isinstance(model, list):
        assert isinstance(data, list), where
        for row in data[:3]:
            expect(row, model[0], models, where + "[]")
    elif isinstance(model, str) and model in models:
        fields = models[model].get("fields", models[model])
        assert set(data) == set(fields), f"{where}: {model}"
        for name, kind in fields.items():
            expect(data[name], kind, models, f"{where}.{name}")
    elif isinstance(model, str):
        kinds = {"integer": int, "boolean": bool, "string": str, "date-time": str}
        assert isinstance(data, kinds.get(model, object)), f"{where}: {data!r} is no {model}"


CLASSIC_LISTS = [
    "admin/v1/auditlog",
    "admin/v1/collections",
    "admin/v1/insights",
    "admin/v1/schedules",
    "admin/v1/serverdataconnections",
    "admin/v1/subscriptions",
    "admin/v1/systemdataconnections",
    "admin/v1/users",
    "admin/v1/workflows",
    "admin/v1/workflows/all",
    "admin/v1/workflows/jobs",
    "admin/v2/insights",
    "admin/v2/schedule/forecast",
    "admin/v2/subscriptions",
    "admin/v2/users",
    "v1/workflows/subscription",
    "user/v2/credentials",
]


@pytest.mark.parametrize("path", CLASSIC_LISTS)
def test_a_classic_list_has_the_members_of_the_contract(old: Emulator, path: str) -> None:
    studio = classic(old)
    run(old, studio, "echo")
    client = studio if path.startswith("v1/") else classic(old, CURATOR)
    wanted = f"{{gallery}}/api/{path}/"
    entry = next(e for e in V1["paths"] if e["path"] == wanted and e["method"] == "GET")
    rows = client.json(path + "/")
    expect(rows, entry["response"], V1["models"], path)
    assert rows or path.endswith(("insights", "systemdataconnections"))


def test_all_revisions_are_listed_by_admin_v2_too(old: Emulator) -> None:
    rows = classic(old, CURATOR).json("admin/v2/workflows/all/", name="echo")
    expect(rows, ["WorkflowAllAdminApiView"], V1["models"], "v2 all")
    assert len(rows) == 1


def test_jobs_and_questions_of_v1_have_the_members_of_the_contract(old: Emulator) -> None:
    client, workflow_id = classic(old), old.workflow_id("echo")
    queued, ended = run(old, client, "echo")
    for job in (queued, ended):
        shown = {name: value for name, value in job.items() if name != "outputs"}
        assert shown.keys() | {"outputs"} == V1["models"]["Job"].keys()
        expect(job["messages"], [{}], V1["models"])
    rows = client.json(f"v1/workflows/{workflow_id}/jobs/")
    expect(rows, ["JobList"], V1["models"], "jobs")
    for question in client.json(f"v1/workflows/{workflow_id}/questions/"):
        assert question.keys() <= V1["models"]["Question"].keys()
        assert {"name", "type", "description"} <= question.keys()


V3_LISTS = [
    "collections",
    "credentials",
    "schedules",
    "serverDataConnections",
    "subscriptions",
    "usergroups",
    "users",
    "workflows",
]
REDUCED = {"users": "ReducedUserView"}
FULL = {
    "collections": "CollectionView",
    "credentials": "CredentialsView",
    "schedules": "ScheduleView",
    "serverDataConnections": "ServerConnectionView",
    "users": "UserView",
}
ONE = FULL | {
    "subscriptions": "SubscriptionUserWorkflowDetailsView",
    "usergroups": "UserGroupView",
    "workflows": "WorkflowView",
}


def expect_v3(data: Any, model: Any, where: str) -> None:
    expect(data, model, V3["models"], where)


@pytest.mark.parametrize("name", V3_LISTS)
def test_a_list_of_v3_has_the_members_of_the_contract(new: Emulator, name: str) -> None:
    client = web(new)
    entry = next(e for e in V3["paths"] if e["path"] == f"/v3/{name}" and e["method"] == "GET")
    rows = client.json(f"v3/{name}")
    assert rows
    expect_v3(rows, [REDUCED[name]] if name in REDUCED else entry["response"], name)
    if name in FULL:
        expect_v3(client.json(f"v3/{name}", view="Full"), [FULL[name]], name)
    expect_v3(client.json(f"v3/{name}/{rows[0]['id']}"), ONE[name], name)
    assert client.get(f"v3/{name}/unknown").status_code == 404


def test_the_assets_of_a_user_have_the_members_of_the_contract(new: Emulator) -> None:
    path = f"v3/users/{people.ARTISAN.id}/assets"
    client = web(new)
    expect_v3(client.json(path), "AssetsView", path)
    assert client.json(path, assetType="Schedules")["workflows"] == []
    assert client.get(path, assetType="Cars").status_code == 400


def test_jobs_and_questions_of_v3_have_the_members_of_the_contract(new: Emulator) -> None:
    client, workflow_id = web(new), new.workflow_id("echo")
    queued = client.post(f"v3/workflows/{workflow_id}/jobs", {"priority": "Critical"}).json()
    new.finish()
    ended = client.json(f"v3/jobs/{queued['id']}")
    for job in (queued, ended):
        expect_v3(job, "JobView", "job")
        assert job["priority"] == "Critical"
    rows = client.json(f"v3/workflows/{workflow_id}/jobs")
    expect_v3(rows, ["WorkflowJobView"], "jobs")
    questions = client.json(f"v3/workflows/{workflow_id}/questions")
    expect_v3(questions, ["WorkflowQuestionView"], "questions")
    kinds = {question["questionType"] for question in questions}
    assert {"QuestionTree", "QuestionMap", "QuestionRadioGroup", "QuestionFileBrowse"} <= kinds


def test_members_of_v3_questions_may_be_left_out(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "v3_missing=left-out")
    path = f"v3/workflows/{gallery.workflow_id('echo')}/questions"
    questions = web(gallery).json(path)
    assert None not in [value for question in questions for value in question.values()]


def test_the_webapi_adds_members_to_the_admins_list(new: Emulator) -> None:
    row = web(new).json("admin/v1/workflows")[0]
    added = row.keys() - V1["models"]["Workflow"].keys()
    assert added == {
        "publishedVersionId",
        "publishedVersionNumber",
        "publishedVersionOwner",
        "collections",
        "lastRunDate",
        "subscriptionName",
    }


def test_captures_are_where_they_are_expected() -> None:
    assert Path(CAPTURES, "README.md").is_file()
