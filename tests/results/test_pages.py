"""Outputs: who may have them, how they are sent, and what the page shows of them."""

from __future__ import annotations

import hashlib
import io
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.runs.models import Run, RunOutput
from apps.runs.types import RunState
from tests.factories import make_run

pytestmark = pytest.mark.django_db

CSV = b"Region,Amount\nEast,10\nWest,20\n"


@pytest.fixture
def run(alice: User) -> Run:
    return make_run(
        user=alice, state=RunState.SUCCEEDED, job_id="j", due_at=None, ended_at=timezone.now()
    )


def make_output(run: Run, name: str, content: bytes, **facts: object) -> RunOutput:
    values: dict[str, object] = {
        "run": run,
        "output_id": uuid.uuid4().hex,
        "format": "Raw",
        "name": name,
        "file": default_storage.save(f"outputs/{uuid.uuid4().hex}", ContentFile(content)),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return RunOutput.objects.create(**(values | facts))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(made, "PNG")
    return made.getvalue()


def test_a_download_is_the_stored_file_under_its_name(run: Run, alice: User) -> None:
    output = make_output(run, "Umsätze “Ost”.csv", CSV)
    answer = signed_in(alice).get(output.get_absolute_url())
    assert b"".join(answer.streaming_content) == CSV  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Ums%C3%A4tze")
    assert answer["Content-Length"] == str(len(CSV))


def test_a_download_is_recorded(run: Run, alice: User) -> None:
    signed_in(alice).get(make_output(run, "a.csv", CSV).get_absolute_url())
    event = AuditEvent.objects.get(verb="output.downloaded")
    assert (event.actor, event.object_id) == (alice, str(run.pk))


@pytest.mark.parametrize("path", ["", "picture/", "download/"])
def test_outputs_are_for_those_who_may_see_the_run(
    run: Run, alice: User, bob: User, admin: User, path: str
) -> None:
    name, content = ("a.png", picture()) if path == "picture/" else ("a.csv", CSV)
    url = f"/outputs/{make_output(run, name, content).pk}/{path}"
    assert signed_in(alice).get(url).status_code == 200
    assert signed_in(admin).get(url).status_code == 200
    assert signed_in(bob).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    assert signed_in(alice).get(f"/outputs/{uuid.uuid4()}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["picture/", "download/"])
def test_a_file_cannot_act_as_a_page_of_ours(run: Run, alice: User, path: str) -> None:
    output = make_output(run, "a.html", picture())
    answer = signed_in(alice).get(f"/outputs/{output.pk}/{path}")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_what_only_calls_itself_a_picture_is_not_shown(run: Run, alice: User) -> None:
    output = make_output(run, "a.png", b"<script>alert(1)</script>")
    client = signed_in(alice)
    assert client.get(f"/outputs/{output.pk}/picture/").status_code == 404
    assert b"/picture/" not in client.get(run.get_absolute_url()).content


def test_the_run_page_shows_tables_and_pictures_first_and_lists_other_files(
    run: Run, alice: User
) -> None:
    make_output(run, "report.pdf", b"%PDF-1.7 ...", position=0)
    make_output(run, "sales.csv", CSV, position=1)
    make_output(run, "map.png", picture(), position=2)
    page = signed_in(alice).get(run.get_absolute_url()).content.decode()
    assert "<td>East</td>" in page
    assert page.index("sales.csv") < page.index("map.png") < page.index("report.pdf")
    assert "Other files" in page


def test_formats_of_one_output_stand_together(run: Run, alice: User) -> None:
    make_output(run, "list.yxdb", b"Alteryx", output_id="1", format="Raw")
    make_output(run, "list.csv", CSV, output_id="1", format="Csv")
    page = signed_in(alice).get(run.get_absolute_url()).content.decode()
    assert page.count('class="card output"') == 1
    assert "<td>West</td>" in page


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"\x00\x01\x02,", "not a text file"), (b"a" * 2_000_000, "too long")],
)
def test_a_damaged_table_is_said_and_still_offered(
    run: Run, alice: User, content: bytes, says: str
) -> None:
    output = make_output(run, "broken.csv", content)
    client = signed_in(alice)
    for url in (run.get_absolute_url(), f"/outputs/{output.pk}/"):
        page = client.get(url)
        assert page.status_code == 200
        assert says in page.content.decode()
        assert output.get_absolute_url() in page.content.decode()


def test_a_file_that_left_the_storage_is_said_to_be_gone(run: Run, alice: User) -> None:
    for output in (make_output(run, "gone.csv", CSV), make_output(run, "gone.png", picture())):
        default_storage.delete(output.file)
        client = signed_in(alice)
        assert b"no longer in the portal" in client.get(run.get_absolute_url()).content
        assert client.get(output.get_absolute_url()).status_code == 404
    assert client.get(f"/outputs/{output.pk}/picture/").status_code == 404


def test_a_table_is_paged(run: Run, alice: User) -> None:
    rows = b"n\n" + b"".join(b"%d\n" % n for n in range(1, 121))
    url = f"/outputs/{make_output(run, 'long.csv', rows).pk}/"
    client = signed_in(alice)
    page = client.get(f"{url}?page=2").content.decode()
    assert '<td class="number">51</td>' in page
    assert "?page=3" in page
    assert "?page=1" in page


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "99999999999999999999", "²"])
def test_an_odd_page_number_is_not_found(run: Run, alice: User, page: str) -> None:
    output = make_output(run, "a.csv", CSV)
    assert signed_in(alice).get(f"/outputs/{output.pk}/?page={page}").status_code == 404


def test_markup_in_a_table_stays_text(run: Run, alice: User) -> None:
    make_output(run, "a.csv", b"<b>Name</b>\n<script>alert(1)</script>\n")
    page = signed_in(alice).get(run.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
