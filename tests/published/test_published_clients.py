"""Published clients do a full cycle against the pretend Gallery: the judges from outside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.emulator.emulator import Emulator
from apps.emulator.jobs import Job
from apps.emulator.options import Generation, Options
from apps.emulator.people import CURATOR, FINANCE
from apps.emulator.workflow import PackageType
from apps.emulator.workflows import ALL
from tests.published.environments import RegistryAway, environment, run_script

pytestmark = pytest.mark.published

NAME = "Sales extract by region"
ANSWERS = [
    {"name": "Region", "value": "West"},
    {"name": "Orders on or after", "value": "2026-08-01"},
    {"name": "Orders on or before", "value": "2026-08-31"},
    {"name": "Customer details", "value": "True"},
]
ZIP = "PK\x03\x04"
BAD_SIGNATURE = {
    "data": None,
    "exceptionName": "UnauthorizedException",
    "innerExceptionMessage": "",
    "message": "The provided signature(oauth_signature) is invalid.",
}


@pytest.fixture
def classic() -> Iterator[Emulator]:
    options = Options(generation=Generation.V2021_3, speed=1000)
    with Emulator(options, ALL) as gallery:
        yield gallery


@pytest.fixture
def modern() -> Iterator[Emulator]:
    # The vendor's contract calls v3's messages one object, and this client was made from it.
    options = Options(generation=Generation.V2025, speed=1000, messages_as_one=True)
    with Emulator(options, ALL) as gallery:
        yield gallery


def python_with(package: str, version: str, *others: str) -> Path:
    try:
        return environment(package, version, *others)
    except RegistryAway as error:
        pytest.skip(f"{package} {version} cannot be installed here: {error}")


def sha_of(job: Job, file_format: str) -> str:
    return hashlib.sha256(job.outputs[0].files[file_format].read_bytes()).hexdigest()


def answers_of(job: Job) -> list[dict[str, str]]:
    return [{"name": answer.name, "value": answer.value} for answer in job.answers]


def assert_one_good_job(gallery: Emulator, seen: dict[str, Any]) -> Job:
    """The ledger holds one job, as the client sent it and saw it end."""
    (job,) = gallery.jobs
    assert seen["job"]["id"] == seen["end"]["id"] == job.id
    assert seen["job"]["status"] in {"Queued", "Running", "Completed"}
    assert (seen["end"]["status"], seen["end"]["disposition"]) == ("Completed", "Success")
    assert answers_of(job) == ANSWERS
    assert [m["text"] for m in seen["end"]["messages"]] == [m.text for m in job.messages]
    assert [question["name"] for question in seen["questions"]] == [a["name"] for a in ANSWERS]
    assert seen["output"]["sha256"] in {sha_of(job, name) for name in job.outputs[0].files}
    assert seen["output"]["size"] > 0
    assert seen["package"] == ZIP
    return job


def test_alteryx_gallery_py_does_a_full_cycle(classic: Emulator) -> None:
    python = python_with("alteryx-gallery-py", "1.0.1", "requests")
    told = {
        "key": FINANCE.pair.key,
        "secret": FINANCE.pair.secret,
        "url": classic.gallery_url,
        "workflow": NAME,
        "answers": ANSWERS,
    }
    seen = run_script(python, "cycle_gallery_py.py", told)
    job = assert_one_good_job(classic, seen)
    own = [w.id for w in classic.workflows if w.studio == FINANCE]
    assert [workflow["id"] for workflow in seen["workflows"]] == own
    assert {workflow["packageType"] for workflow in seen["workflows"]} <= set(PackageType)
    assert [listed["id"] for listed in seen["jobs"]] == [job.id]
    # It signs a blank as "+", which RFC 5849 does not know; a blank in a body is not signed.
    assert seen["with_blank"] == BAD_SIGNATURE


@pytest.mark.parametrize("place", ["AUTH_HEADER", "QUERY"])
def test_requests_oauthlib_signs_as_the_gallery_checks(classic: Emulator, place: str) -> None:
    python = python_with("requests-oauthlib", "2.0.0", "requests")
    told = {
        "key": FINANCE.pair.key,
        "secret": FINANCE.pair.secret,
        "url": classic.gallery_url,
        "place": place,
        "workflow": NAME,
        "answers": ANSWERS,
    }
    seen = run_script(python, "cycle_oauth1_session.py", told)
    assert_one_good_job(classic, seen)
    # The search has blanks and is signed as the RFC says: it found the one workflow.
    assert [w["metaInfo"]["name"] for w in seen["workflows"]] == [NAME]
    assert seen["refused"] == [401, BAD_SIGNATURE]


@pytest.mark.parametrize("slash", ["", "/"], ids=["webapi", "webapi-with-slash"])
def test_mcp_server_alteryx_does_a_full_cycle(modern: Emulator, slash: str, tmp_path: Path) -> None:
    python = python_with("mcp-server-alteryx", "0.2.22")
    told = {"workflow": NAME, "answers": ANSWERS, "folder": str(tmp_path)}
    seen = run_script(
        python,
        "cycle_mcp_server.py",
        told,
        ALTERYX_API_HOST=modern.webapi_url.rstrip("/") + slash,
        ALTERYX_CLIENT_ID=CURATOR.pair.key,
        ALTERYX_CLIENT_SECRET=CURATOR.pair.secret,
        ALTERYX_TEMP_DIRECTORY=str(tmp_path),
    )
    texts = {name: value for name, value in seen.items() if isinstance(value, str)}
    assert not [name for name, text in texts.items() if text.startswith("Error")], texts
    started, monitored = modern.jobs
    assert answers_of(started) == answers_of(monitored) == ANSWERS
    assert started.id in seen["started"]
    assert f"'job_id': '{monitored.id}'" in seen["monitored"]
    assert "'success': True" in seen["monitored"]
    assert seen["jobs"] == [[monitored.id, "Completed"], [started.id, "Completed"]]
    assert all(workflow.id in seen["workflows"] for workflow in modern.workflows)
    assert [question[0] for question in seen["questions"]] == [a["name"] for a in ANSWERS]
    job = modern.job(seen["job"]["id"])
    assert "'disposition': 'Success'" in seen["job"]["text"]
    assert job.messages[-1].text in seen["messages"]
    assert set(seen["files"].values()) == {sha_of(job, "Raw")}
    assert [name for name in seen["packed"] if name.endswith(".yxwz")]
