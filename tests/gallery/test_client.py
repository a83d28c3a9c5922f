from __future__ import annotations

import io

import pytest

from apps.emulator import faults
from apps.emulator.emulator import Emulator
from apps.emulator.faults import Fault
from apps.emulator.options import Generation
from apps.emulator.people import ARTISAN, CURATOR, FINANCE
from apps.gallery.encoding import AnswerValue, encode
from apps.gallery.errors import Cause, GalleryRefusal, GalleryUnreachable, JobGone
from apps.gallery.models import Connection
from apps.gallery.types import Answer, Choice, Job, Kind, Question
from tests.gallery.conftest import Connect, Start, run_echo


def test_every_generation_lists_the_workflows(face: tuple[Emulator, Connection]) -> None:
    emulator, connection = face
    found = {workflow.name: workflow for workflow in connection.client().workflows()}
    assert {"Echo", "Failing"} <= set(found)
    assert found["Echo"].id == emulator.workflow_id("echo")
    assert found["Echo"].kind == "App"
    assert found["Echo"].description == "Says what it was told."


def test_every_generation_shows_one_workflow(face: tuple[Emulator, Connection]) -> None:
    emulator, connection = face
    found = connection.client().workflow(emulator.workflow_id("echo"))
    assert (found.name, found.kind) == ("Echo", "App")
    with pytest.raises(GalleryRefusal) as refused:
        connection.client().workflow("0" * 24)
    assert refused.value.status in {404, None}


def test_every_generation_asks_the_same_questions(face: tuple[Emulator, Connection]) -> None:
    emulator, connection = face
    customer, region, products, since, returns = connection.client().questions(
        emulator.workflow_id("echo")
    )
    assert customer == Question("Customer (1)", "TextBox", "Which customer?", "ACME")
    assert region.kind == Kind.LIST
    assert not region.multiple
    assert region.choices == (Choice("North side", "N"), Choice("South side", "S"))
    assert products.multiple
    assert (since.kind, since.default, since.choices) == (Kind.DATE, None, ())
    assert (returns.kind, returns.default) == (Kind.CHECK, "False")


def test_every_generation_runs_an_app_to_its_output(face: tuple[Emulator, Connection]) -> None:
    emulator, connection = face
    job = run_echo(emulator, connection)
    assert job.has_succeeded
    assert job.is_over
    assert job.created_at is not None
    assert "All done." in [message.text for message in job.messages]
    [output] = job.outputs
    assert "Csv" in output.formats
    with connection.client().download(job.id, output.id, "Csv") as download:
        body = b"".join(download.chunks())
    assert "Customer (1)=Ärger & Söhne, 100 % +1" in body.decode()
    assert "Region=S" in body.decode()
    assert download.file_name == "answers.csv"


def test_every_generation_lists_the_jobs_newest_first(face: tuple[Emulator, Connection]) -> None:
    emulator, connection = face
    first, second = run_echo(emulator, connection), run_echo(emulator, connection)
    listed = connection.client().jobs(emulator.workflow_id("echo"))
    assert {job.id for job in listed} == {first.id, second.id}
    assert len(connection.client().jobs(emulator.workflow_id("echo"), limit=1)) == 1


def test_a_failed_job_is_over_but_no_success(face: tuple[Emulator, Connection]) -> None:
    emulator, connection = face
    client = connection.client()
    job = client.submit(emulator.workflow_id("failing"), [])
    emulator.finish(job.id)
    ended = client.job(job.id)
    assert ended.is_over
    assert not ended.has_succeeded
    assert any(m.severity == 3 and m.tool_id == 12 for m in client.messages(ended))


def test_messages_can_be_left_out(gallery: Emulator, connect: Connect) -> None:
    connection = connect(gallery)
    job = run_echo(gallery, connection)
    assert connection.client().job(job.id, messages=False).messages == ()
    assert connection.client().messages(Job(id=job.id, status="Completed")) == job.messages


def test_a_job_nobody_knows_is_gone(face: tuple[Emulator, Connection]) -> None:
    emulator, connection = face
    job = run_echo(emulator, connection)
    emulator.forget_jobs()
    with pytest.raises(JobGone) as gone:
        connection.client().job(job.id)
    assert gone.value.status == 404


def test_every_generation_hands_out_the_package(face: tuple[Emulator, Connection]) -> None:
    emulator, connection = face
    with connection.client().package(emulator.workflow_id("echo")) as download:
        body = b"".join(download.chunks())
    assert body.startswith(b"PK")


def test_a_package_v1_refuses_is_read_by_v3(gallery: Emulator, connect: Connect) -> None:
    gallery.faults.add(Fault("GET .*/v1/workflows/.*/package", faults.Status(403, "{}")))
    with connect(gallery).client().package(gallery.workflow_id("echo")) as download:
        assert b"".join(download.chunks()).startswith(b"PK")


def test_an_upload_arrives_whole(gallery: Emulator, connect: Connect) -> None:
    content = bytes(range(256)) * 2000
    name = connect(gallery).client().upload('bud"get\r\n.csv', io.BytesIO(content))
    stored = gallery.gallery.store.input_file(name)
    assert stored is not None
    assert stored.read_bytes() == content


def test_a_queued_job_is_cancelled_where_the_server_can(
    gallery: Emulator, connect: Connect
) -> None:
    gallery.hold()
    client = connect(gallery).client()
    job = client.submit(gallery.workflow_id("echo"), [])
    assert client.cancel(job.id)
    assert not client.cancel("0" * 24)


def test_a_web_page_is_no_cancellation(gallery: Emulator, connect: Connect) -> None:
    gallery.hold()
    client = connect(gallery).client()
    job = client.submit(gallery.workflow_id("echo"), [])
    gallery.faults.add(Fault("DELETE", faults.login_page()))
    with pytest.raises(GalleryUnreachable):
        client.cancel(job.id)


@pytest.mark.parametrize("generation", [Generation.V2021_3, Generation.V2022_3])
def test_older_servers_have_no_way_to_cancel(
    generation: Generation, start: Start, connect: Connect
) -> None:
    emulator = start(generation)
    emulator.hold()
    client = connect(emulator).client()
    assert not client.cancel(client.submit(emulator.workflow_id("echo"), []).id)


def test_credentials_are_pairs_of_id_and_name(gallery: Emulator, connect: Connect) -> None:
    for credential_id, name in connect(gallery, CURATOR.pair).client().credentials():
        assert credential_id
        assert name


def test_answers_are_understood_as_they_are_encoded(gallery: Emulator, connect: Connect) -> None:
    connection = connect(gallery)
    client = connection.client()
    asked = {question.name: question for question in client.questions(gallery.workflow_id("echo"))}
    values: dict[str, AnswerValue] = {"Products": ["T", "K"], "With returns": True, "Region": "N"}
    answers = [Answer(name, encode(asked[name], value) or "") for name, value in values.items()]
    job = client.submit(gallery.workflow_id("echo"), answers)
    gallery.finish(job.id)
    sent = {answer.name: answer.value for answer in gallery.job(job.id).answers}
    assert sent["With returns"] == "True"
    assert sent["Region"] == "N"


# --- Submitting ----------------------------------------------------------------------------------


def posts(emulator: Emulator) -> int:
    return sum(1 for r in emulator.requests if r.method == "POST" and r.path.endswith("jobs"))


def test_after_prepare_a_submission_is_one_post(gallery: Emulator, connect: Connect) -> None:
    client = connect(gallery).client()
    client.prepare()
    before = len(gallery.requests)
    client.submit(gallery.workflow_id("echo"), [])
    assert len(gallery.requests) == before + 1


def test_a_missed_deadline_sends_nothing(gallery: Emulator, connect: Connect) -> None:
    client = connect(gallery).client()
    client.prepare()
    with pytest.raises(GalleryUnreachable) as late:
        client.submit(gallery.workflow_id("echo"), [], deadline=lambda: False)
    assert not late.value.was_sent
    assert late.value.cause is Cause.TOO_LATE
    assert gallery.jobs == []


def test_the_deadline_is_asked_after_the_line_is_up(gallery: Emulator, connect: Connect) -> None:
    client = connect(gallery).client()
    client.prepare()
    asked: list[int] = []

    def deadline() -> bool:
        asked.append(posts(gallery))
        return True

    client.submit(gallery.workflow_id("echo"), [], deadline=deadline)
    assert asked == [0]
    assert posts(gallery) == 1


@pytest.mark.parametrize("action", [faults.Reset(after_effect=True), faults.login_page()])
def test_a_post_without_usable_answer_is_never_repeated(
    action: faults.Action, gallery: Emulator, connect: Connect
) -> None:
    gallery.faults.add(Fault("POST .*/jobs", action, times=None))
    client = connect(gallery).client()
    client.prepare()
    with pytest.raises(GalleryUnreachable) as lost:
        client.submit(gallery.workflow_id("echo"), [])
    assert lost.value.was_sent
    assert posts(gallery) == 1


def test_the_same_nonce_is_signed_the_same_and_taken_once(start: Start, connect: Connect) -> None:
    emulator = start(Generation.V2021_3)
    client = connect(emulator).client()
    nonce, timestamp = client.new_nonce()
    client.submit(emulator.workflow_id("echo"), [], nonce=nonce, timestamp=timestamp)
    with pytest.raises(GalleryRefusal) as refused:
        client.submit(emulator.workflow_id("echo"), [], nonce=nonce, timestamp=timestamp)
    assert refused.value.status == 401
    assert len(emulator.jobs) == 1


def test_oauth2_has_no_nonce(gallery: Emulator, connect: Connect) -> None:
    assert connect(gallery).client().new_nonce() == ("", "")


def test_a_token_taken_back_means_nothing_was_queued(gallery: Emulator, connect: Connect) -> None:
    connection = connect(gallery)
    connection.client().prepare()
    gallery.expire_tokens()
    client = Connection.objects.get(pk=connection.pk).client()
    client.prepare()
    with pytest.raises(GalleryUnreachable) as stale:
        client.submit(gallery.workflow_id("echo"), [])
    assert (stale.value.was_sent, stale.value.cause) == (False, Cause.TOKEN)
    client = Connection.objects.get(pk=connection.pk).client()
    client.prepare()
    assert client.submit(gallery.workflow_id("echo"), []).is_waiting


def test_a_new_token_that_is_refused_is_a_refusal(gallery: Emulator, connect: Connect) -> None:
    gallery.faults.add(Fault("POST .*/jobs", faults.Status(401, "{}"), times=None))
    client = connect(gallery).client()
    client.prepare()
    with pytest.raises(GalleryRefusal) as refused:
        client.submit(gallery.workflow_id("echo"), [])
    assert refused.value.status == 401


# --- Secrets -------------------------------------------------------------------------------------


def test_errors_hold_no_address_and_no_secret(
    start: Start, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    emulator = start(Generation.V2021_3)
    body = f'{{"message": "no {FINANCE.pair.secret} at {emulator.url}/x?oauth_signature=abc"}}'
    for status in (400, 401, 403, 404, 500, 503):
        emulator.faults.add(Fault("GET", faults.Status(status, body)))
        with pytest.raises((GalleryRefusal, GalleryUnreachable)) as failed:
            connect(emulator).client().questions("a")
        words = f"{failed.value} {failed.value!r} {failed.value.detail}"
        assert FINANCE.pair.secret not in words
        assert emulator.url not in words
        assert "abc" not in words
        assert len(failed.value.detail) < 240
    for secret in (FINANCE.pair.secret, ARTISAN.pair.secret):
        assert secret not in caplog.text
    assert FINANCE.pair.secret not in repr(vars(connect(emulator)))
