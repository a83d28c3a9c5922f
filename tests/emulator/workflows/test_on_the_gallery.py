"""The sample workflows run on the pretend Gallery, over HTTP, as a client sees them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
import requests

from apps.emulator import people
from apps.emulator.emulator import Emulator
from apps.emulator.options import Options
from apps.emulator.workflow import Workflow
from apps.emulator.workflows import ALL
from apps.emulator.workflows.budget import BUDGET_CHECK
from apps.emulator.workflows.customers import CUSTOMER_LIST

FAILING = "supplier-invoice-match"


class Client:
    """What these tests need of the newer dialect."""

    def __init__(self, gallery: Emulator) -> None:
        self.gallery = gallery
        self._session = requests.Session()
        pair = people.CURATOR.pair
        form = {"grant_type": "client_credentials", "client_id": pair.key}
        answer = requests.post(
            f"{gallery.webapi_url}oauth2/token",
            data=form | {"client_secret": pair.secret},
            timeout=20,
        )
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        answer = self._session.request(
            method, f"{self.gallery.webapi_url}{path}", timeout=20, **kwargs
        )
        assert answer.ok, answer.text
        return answer

    def run(self, workflow: Workflow, answers: dict[str, str] | None = None) -> dict[str, Any]:
        workflow_id = self.gallery.workflow_id(workflow.slug)
        questions = [{"name": name, "value": value} for name, value in (answers or {}).items()]
        sent = self.call("POST", f"v3/workflows/{workflow_id}/jobs", json={"questions": questions})
        job_id = sent.json()["id"]
        self.gallery.finish(job_id)
        found: dict[str, Any] = self.call("GET", f"v3/jobs/{job_id}?includeMessages=true").json()
        return found


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Emulator(Options(speed=100_000), ALL) as gallery:
        yield Client(gallery)


@pytest.mark.parametrize("workflow", ALL, ids=lambda workflow: workflow.slug)
def test_a_job_without_answers_takes_the_defaults(client: Client, workflow: Workflow) -> None:
    job = client.run(workflow)
    assert job["status"] == "Completed"
    assert job["disposition"] == ("Error" if workflow.slug == FAILING else "Success")
    texts = [message["text"] for message in job["messages"]]
    assert f"Started running {workflow.file_name}" in texts
    for output in job["outputs"]:
        path = f"v1/jobs/{job['id']}/output/{output['id']}/"
        content = client.call("GET", path, params={"format": "Raw"}).content
        assert content


def test_a_list_answer_of_keys_and_values_is_understood(client: Client) -> None:
    text = '[{"key":"S001","value":true},{"key":"S002","value":false}]'
    job = client.run(CUSTOMER_LIST, {"Stores": text, "Active customers only": "false"})
    (output,) = job["outputs"]
    path = f"v1/jobs/{job['id']}/output/{output['id']}/"
    content = client.call("GET", path, params={"format": "Csv"}).text
    assert {line.split(",")[5] for line in content.splitlines()[1:]} == {"S001"}


def test_an_uploaded_file_reaches_the_workflow(client: Client) -> None:
    budget = b"Cost centre,Account,Month,Amount\n1000,6000,2026-10,1\n9,6000,2026-10,1\n"
    workflow_id = client.gallery.workflow_id(BUDGET_CHECK.slug)
    sent = client.call(
        "POST",
        "user/v2/inputfiles",
        files={"inputFile": ("budget.csv", budget)},
        data={"appId": workflow_id, "fileFieldName": "Budget file"},
    )
    job = client.run(BUDGET_CHECK, {"Budget file": sent.json()})
    assert any("1 of 2 lines can be uploaded" in message["text"] for message in job["messages"])


def test_an_unknown_file_ends_the_job_in_error(client: Client) -> None:
    job = client.run(BUDGET_CHECK, {"Budget file": "nowhere.csv"})
    assert job["disposition"] == "Error"
    assert any("nowhere.csv" in message["text"] for message in job["messages"])


@pytest.mark.parametrize("workflow", ALL, ids=lambda workflow: workflow.slug)
def test_the_package_holds_every_question(
    client: Client, workflow: Workflow, tmp_path: Path
) -> None:
    path = tmp_path / "package.yxzp"
    workflow_id = client.gallery.workflow_id(workflow.slug)
    path.write_bytes(client.call("GET", f"v3/workflows/{workflow_id}/package").content)
    with ZipFile(path) as package:
        root = ET.fromstring(package.read(workflow.file_name))
    tools = [(q.findtext("Name"), q.findtext("Type")) for q in root.iter("Question")]
    for question in workflow.questions:
        assert tools.count((question.name, question.kind)) == 1
