"""What is read from JSON, and what is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.gallery import reading
from apps.gallery.errors import Cause, GalleryError, GalleryUnreachable, JobGone
from apps.gallery.wire.redaction import excerpt
from apps.gallery.wire.send import Reply
from tests.gallery.odd import JOB, SHORT, client_at
from tests.gallery.servers import reply, says, serve


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2018-10-17T13:58:43.9759132Z", "2018-10-17T13:58:43.975913+00:00"),
        ("2022-07-17T20:28:04Z", "2022-07-17T20:28:04+00:00"),
        ("2016-08-11T16:49:40.732Z", "2016-08-11T16:49:40.732000+00:00"),
        ("2016-08-11T16:49:40", "2016-08-11T16:49:40+00:00"),
        ("2016-08-11T16:49:40+02:00", "2016-08-11T14:49:40+00:00"),
    ],
)
def test_dates_have_any_number_of_decimals(text: str, iso: str) -> None:
    found = reading.moment(text)
    assert found is not None
    assert found.isoformat() == iso


@pytest.mark.parametrize(
    "odd",
    [
        None,
        3,
        "",
        "soon",
        "0001-01-01T00:00:00Z",
        "2016-13-41T25:61:61Z",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_odd_dates_are_none(odd: object) -> None:
    assert reading.moment(odd) is None


def test_enums_come_as_numbers_or_names() -> None:
    assert [reading.word(v, reading.PACKAGE_TYPES) for v in (0, "0", "App", 7, None)] == [
        "App", "App", "App", "7", "",
    ]  # fmt: skip


def test_a_log_without_end_is_cut_with_a_notice() -> None:
    log = [{"status": 1, "text": "x", "toolId": -1}] * (reading.MOST_MESSAGES + 7)
    found = reading.messages(log)
    assert len(found) == reading.MOST_MESSAGES + 1
    assert "7 more" in found[-1].text


def test_jobs_are_each_once_and_newest_first() -> None:
    entries = [
        {"id": "a", "status": "Completed", "createDate": "2020-01-01T00:00:00Z"},
        {"id": "b", "status": "Queued", "createDate": "2022-01-01T00:00:00Z"},
        {"id": "a", "status": "Completed", "createDate": "2020-01-01T00:00:00Z"},
        {"id": "c", "status": "Queued", "createDate": "odd"},
    ]
    assert [job.id for job in reading.jobs(entries)] == ["b", "a", "c"]
    assert [job.id for job in reading.jobs({"data": entries})] == ["b", "a", "c"]


def test_an_answer_about_another_job_is_not_believed() -> None:
    with serve(says(reply(JOB))) as port, pytest.raises(GalleryUnreachable) as odd:
        client_at(port).job("other")
    assert odd.value.cause is Cause.UNUSABLE


def test_a_404_on_a_job_is_a_job_gone() -> None:
    page = reply(b"<h1>404</h1>", status="404 No", kind="text/html")
    with serve(says(page)) as port, pytest.raises(JobGone):
        client_at(port).job("J")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["id", "status", "name", "type", "items", "key", "value", "outputs", "messages",
             "formats", "versions", "metaInfo", "details", "createDate", "data", "text", "toolId"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip
READERS: list[Callable[[Any], object]] = [
    reading.job, reading.jobs, reading.workflows, reading.questions, reading.messages,
    reading.credentials, reading.upload,
]  # fmt: skip


@given(value=json_values)
@settings(max_examples=150, deadline=None)
def test_no_json_breaks_a_reader(value: Any) -> None:
    for read in READERS:
        with suppress(GalleryError):
            json.dumps(repr(read(value))).encode()


@given(body=st.binary(max_size=60), kind=st.sampled_from(["application/json", "", "text/html"]))
@settings(max_examples=200, deadline=None)
def test_no_body_breaks_the_parser(body: bytes, kind: str) -> None:
    try:
        reading.parse(Reply(200, {"content-type": kind}, body))
    except GalleryUnreachable as error:
        assert len(error.detail) < 400


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_mutated_answer_breaks_the_client(data: st.DataObject) -> None:
    raw = bytearray(reply(JOB))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place] = data.draw(st.integers(0, 255))
    with serve(says(bytes(raw))) as port:
        client = client_at(port, SHORT)
        try:
            job = client.submit("w", [])
        except GalleryError:
            return
    assert job.id


def test_excerpts_are_short_and_without_secrets() -> None:
    text = excerpt(
        b'<style>x</style><p>password=hunter2 http://inside/x "access_token": "abc" s3cret'
        + b" y" * 500,
        "s3cret",
    )
    assert len(text) <= 200
    for hidden in ("hunter2", "inside", "abc", "s3cret", "<p>", "style"):
        assert hidden not in text
