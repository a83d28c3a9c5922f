"""What a client may send as answers, and what a workflow sees of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.emulator import answers
from apps.emulator.emulator import Emulator
from apps.emulator.options import Generation, Options
from tests.emulator.samples import MakeGallery, web


def post(gallery: Emulator, questions: object) -> Any:
    path = f"v3/workflows/{gallery.workflow_id('echo')}/jobs"
    return web(gallery).post(path, {"questions": questions})


def seen(gallery: Emulator, **sent: object) -> dict[str, Any]:
    """Run the echo and return what it saw."""
    questions = [{"name": name, "value": value} for name, value in sent.items()]
    assert post(gallery, questions).status_code == 200
    job = gallery.finish()
    found: dict[str, Any] = json.loads(job.outputs[0].files["Raw"].read_text())
    return found


def test_a_question_left_out_takes_the_authors_default(new: Emulator) -> None:
    found = seen(new, City="Ulm")["answers"]
    assert (found["City"], found["Top"], found["Upload"]) == ("Ulm", "10", "")


def test_an_empty_answer_is_an_answer(new: Emulator) -> None:
    assert seen(new, Top="")["answers"]["Top"] == ""


@pytest.mark.parametrize(
    ("value", "chosen"),
    [
        ("T1", ["T1"]),
        ("", []),
        ('["T1","C1"]', ["T1", "C1"]),
        ('[{"key":"Tea","value":true},{"key":"Coffee","value":false}]', ["Tea"]),
        ('[{"key":"Tea","value":"True"}]', ["Tea"]),
        ('[{"key":"Tea","value":"T1"}]', ["T1"]),
        ("[not json", ["[not json"]),
        ("[]", []),
    ],
)
def test_list_answers_are_read_in_every_known_form(
    new: Emulator, value: str, chosen: list[str]
) -> None:
    assert seen(new, Products=value)["products"] == chosen


def test_list_answers_can_be_restricted_to_one_form(make_gallery: MakeGallery) -> None:
    plain = make_gallery(Generation.V2025, "list_answers=plain")
    assert seen(plain, Products='["T1"]')["products"] == ['["T1"]']
    gallery = make_gallery(Generation.V2025, "list_answers=json")
    assert post(gallery, [{"name": "Products", "value": "T1"}]).status_code == 200
    assert gallery.finish().disposition == "Error"


@pytest.mark.parametrize(("value", "is_on"), [("TRUE", True), ("true", True), ("False", False)])
def test_flags_are_read_without_regard_to_case(new: Emulator, value: str, is_on: bool) -> None:
    assert seen(new, **{"Only some": value})["some"] is is_on


@pytest.mark.parametrize(("value", "text"), [(150, "150"), (1.5, "1.5"), (True, "True")])
def test_numbers_and_booleans_may_be_sent_as_such(new: Emulator, value: object, text: str) -> None:
    assert seen(new, Top=value)["answers"]["Top"] == text


def test_equal_answers_give_an_equal_seed(new: Emulator) -> None:
    first, second, other = seen(new, City="A"), seen(new, City="A"), seen(new, City="B")
    assert first["seed"] == second["seed"] != other["seed"]


@pytest.mark.parametrize(
    "questions",
    [
        {"City": "Ulm"},
        "City",
        [{"value": "Ulm"}],
        [{"name": 4, "value": "x"}],
        [{"name": "City", "value": ["Ulm"]}],
        ["City"],
    ],
)
def test_a_wrong_shape_is_refused(new: Emulator, questions: object) -> None:
    answer = post(new, questions)
    assert answer.status_code == 400
    assert answer.json()["message"] == "The request is invalid."
    assert not new.jobs


def test_a_wrong_shape_may_be_ignored(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "wrong_shape=ignore")
    assert post(gallery, {"City": "Ulm"}).status_code == 200
    assert gallery.jobs[0].answers == ()


@pytest.mark.parametrize("body", [b"{", b"[]", b"4", b"\xff\xfe", b"[" * 5000])
def test_a_body_that_is_no_object_is_refused(new: Emulator, body: bytes) -> None:
    path = f"v3/workflows/{new.workflow_id('echo')}/jobs"
    assert web(new).call("POST", path, data=body).status_code == 400


def test_unknown_names_are_ignored_but_kept_in_the_ledger(new: Emulator) -> None:
    assert "Nobody" not in seen(new, Nobody="x")["answers"]
    assert new.jobs[0].answers[0].name == "Nobody"


def test_unknown_and_missing_names_may_be_refused(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "unknown_answers=refuse", "missing_answers=refuse")
    unknown = post(gallery, [{"name": "Nobody", "value": "x"}])
    missing = post(gallery, [{"name": "City", "value": "x"}])
    assert (unknown.status_code, missing.status_code) == (400, 400)
    assert "Nobody" in unknown.json()["message"]


def test_an_uploaded_file_is_an_answer(new: Emulator) -> None:
    content = bytes(range(256)) * 3 + b"\r\n--x\r\n\r\n"
    client = web(new)
    files = {"inputFile": ("../Bud get ä.csv", content)}
    answer = client.call("POST", "user/v2/inputfiles", files=files, data={"name": "x"})
    assert answer.status_code == 200
    name = answer.json()
    assert isinstance(name, str)
    assert ".." not in name
    assert seen(new, Upload=name)["upload"] == content.hex()


def test_a_section_of_another_name_is_refused(new: Emulator) -> None:
    for files in ({"file": ("a.csv", b"1")}, None):
        answer = web(new).call("POST", "user/v2/inputfiles", files=files)
        assert answer.status_code == 400


def test_a_file_nobody_uploaded_ends_the_job_in_error(new: Emulator) -> None:
    for name in ("missing.csv", "../gallery.sqlite3", "/etc/hostname", "a\0b", "ä" * 300):
        assert post(new, [{"name": "Upload", "value": name}]).status_code == 200
        job = new.finish()
        assert job.disposition == "Error"
        assert name in job.messages[-2].text


def test_text_that_cannot_be_written_as_utf_8_harms_nobody(new: Emulator) -> None:
    path = f"v3/workflows/{new.workflow_id('echo')}/jobs"
    body = b'{"questions":[{"name":"Upload","value":"\\ud800"}]}'
    assert web(new).call("POST", path, data=body).status_code == 200
    job = new.finish()
    assert "?" in web(new).json(f"v3/jobs/{job.id}")["messages"][-2]["text"]


def test_changed_questions_are_a_new_version(new: Emulator) -> None:
    client, workflow_id = web(new), new.workflow_id("echo")
    first = client.json(f"v3/workflows/{workflow_id}")
    tools = new.workflow("echo").workflow.questions[:1]
    new.change_questions("echo", tools)
    assert len(client.json(f"v3/workflows/{workflow_id}/questions")) == 1
    second = client.json(f"v3/workflows/{workflow_id}")
    assert [version["published"] for version in second["versions"]] == [False, True]
    path = f"v3/workflows/{workflow_id}/questions"
    assert len(client.json(path, versionId=first["publishedVersionId"])) > 1
    assert client.get(path, versionId="unknown").status_code == 400


def test_true_is_read_in_the_words_clients_use() -> None:
    assert [answers.is_on(text) for text in ("True", " 1 ", "yes", "0", "", "no")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert answers.chosen("", Options()) == []
