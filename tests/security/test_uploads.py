"""Files people hand in: only tables, within the limit, under names of our own."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from apps.runs.models import Run
from tests.security.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


GOOD = b"a,b\n1,2\n"
UPLOADS = {
    "empty": ("data.csv", b""),
    "a program": ("data.exe", b"MZ\x90\x00"),
    "a program called a table": ("data.csv", b"MZ\x90\x00\x03"),
    "two endings": ("data.csv.exe", GOOD),
    "a script": ("data.js", GOOD),
    "a page": ("data.html", b"<script>"),
    "a macro book": ("data.xlsm", b"PK\x03\x04"),
    "no ending": ("data", GOOD),
    "a dot at the end": ("data.csv.", GOOD),
    "a blank at the end": ("data.exe .csv ", GOOD),
    "only dots": ("...", GOOD),
    "text called a book": ("data.xlsx", GOOD),
}


def upload(world: World, *files: SimpleUploadedFile) -> tuple[int, str]:
    client = world.client("owner")
    page = client.get(world.app.get_absolute_url()).content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    fields = {"q0": "East", "form_token": token[1], "q1": "kept words", "q4": list(files)}
    response = client.post(world.app.get_absolute_url(), fields)
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("case", UPLOADS)
def test_files_that_are_not_tables_are_refused_at_their_field(world: World, case: str) -> None:
    name, content = UPLOADS[case]
    status, page = upload(world, SimpleUploadedFile(name, content))
    assert status == 422
    assert "kept words" in page
    assert Run.objects.count() == 1


def test_two_files_for_one_question_are_refused(world: World) -> None:
    files = [SimpleUploadedFile(f"{n}.csv", GOOD) for n in range(2)]
    status, page = upload(world, *files)
    assert status == 422
    assert "only one" in page


def test_a_file_above_the_limit_is_refused_with_the_limit(world: World, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    status, page = upload(world, SimpleUploadedFile("big.csv", b"x" * 1001))
    assert status == 422
    assert "1001\u00a0bytes" in page


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/x.csv",
        "..\\..\\x.csv",
        "C:\\x.csv",
        "CON.csv",
        "\u202evsc.csv",
        "x" * 400 + ".csv",
        "<b>.csv",
        "a;b.csv",
        " .csv.csv",
    ],
    ids=ascii,
)
def test_a_files_name_reaches_no_folder(world: World, name: str, settings: Settings) -> None:
    status, _page = upload(world, SimpleUploadedFile("x.csv", GOOD))
    assert status == 302
    Run.objects.exclude(pk=world.run.pk).delete()
    given = SimpleUploadedFile("x.csv", GOOD)
    vars(given)["_name"] = name  # as sent, past what Django cleans
    status, _page = upload(world, given)
    assert status == 302
    stored = Run.objects.exclude(pk=world.run.pk).get().inputs.get()
    assert re.fullmatch(r"inputs/[0-9a-f]{32}", stored.file)
    assert not re.search(r'[\\/\x00-\x1f<>:"|?*\u202e]', stored.name)
    assert len(stored.name) <= 120
