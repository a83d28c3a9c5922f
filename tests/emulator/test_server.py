"""The server as a server: keep-alive, odd requests, stopping, state on disk, options, command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError, call_command

from apps.emulator import people
from apps.emulator.emulator import Emulator
from apps.emulator.jobs import Job
from apps.emulator.options import Generation, Options, described
from tests.emulator.samples import SAMPLES, MakeGallery, classic, web

ROOT = Path(__file__).parents[2]


def ask(gallery: Emulator, text: bytes) -> bytes:
    """Send bytes and return everything that comes back until the line is closed."""
    with socket.create_connection(("127.0.0.1", gallery.port), timeout=5) as line:
        line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


def test_one_connection_serves_many_requests(new: Emulator) -> None:
    get = b"GET /gallery/ HTTP/1.1\r\nHost: x\r\n\r\n"
    assert ask(new, get * 3).count(b"HTTP/1.1 200 OK") == 3


def test_a_body_may_come_in_chunks(new: Emulator) -> None:
    path = f"v3/workflows/{new.workflow_id('echo')}/jobs"

    def pieces() -> Iterator[bytes]:
        yield b'{"priority"'
        yield b":3}"

    assert web(new).call("POST", path, data=pieces()).json()["priority"] == "Critical"


def test_odd_requests_are_refused_and_the_server_lives_on(new: Emulator) -> None:
    head = b"POST /webapi/oauth2/token HTTP/1.1\r\nHost: x\r\n"
    for text, wanted in (
        (b"nonsense\r\n\r\n", b" 400 "),
        (head + b"Content-Length: -4\r\n\r\n", b" 413 "),
        (head + b"Content-Length: 99999999999\r\n\r\n", b" 413 "),
        (head + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", b" 413 "),
        (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", b" 501 "),
    ):
        assert wanted in ask(new, text).splitlines()[0] + b" "
    assert requests.get(new.gallery_url, timeout=5).status_code == 200


def test_many_clients_are_served_at_once(new: Emulator) -> None:
    client = web(new)
    header = client.session.headers["Authorization"]

    def one(_: int) -> int:
        path = f"{new.webapi_url}v3/workflows/{new.workflow_id('echo')}/jobs"
        return requests.post(path, headers={"Authorization": header}, timeout=20).status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(one, range(100))) == {200}
    assert len({job.id for job in new.jobs}) == 100


def test_stopping_lets_an_answer_finish_and_ends_idle_lines(make_gallery: MakeGallery) -> None:
    gallery = make_gallery()
    idle = socket.create_connection(("127.0.0.1", gallery.port), timeout=5)
    gallery.set_latency(0.3)
    answers: list[int] = []
    thread = threading.Thread(
        target=lambda: answers.append(requests.get(gallery.gallery_url, timeout=5).status_code)
    )
    thread.start()
    while gallery._server is None or not gallery._server._busy:
        time.sleep(0.005)
    gallery.stop()
    thread.join()
    assert answers == [200]
    with idle:
        assert idle.recv(1) == b""
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(gallery.gallery_url, timeout=5)


def test_the_request_log_tells_method_path_and_status(new: Emulator) -> None:
    web(new).get("v3/workflows?name=x")
    logged = new.requests[-1]
    assert (logged.method, logged.path, logged.status) == ("GET", "/webapi/v3/workflows", 200)


def test_a_taken_port_is_an_error_at_once(new: Emulator) -> None:
    with pytest.raises(OSError, match="in use"):
        Emulator(port=new.port).start()


def finished_job(gallery: Emulator) -> Job:
    web(gallery).post(f"v3/workflows/{gallery.workflow_id('echo')}/jobs", {"priority": "High"})
    return gallery.finish()


def test_a_second_start_knows_jobs_outputs_and_uploads(tmp_path: Path) -> None:
    with Emulator(Options(), SAMPLES, data=tmp_path) as first:
        job = finished_job(first)
        shown = web(first).json(f"v3/jobs/{job.id}")
        upload = web(first).call("POST", "user/v2/inputfiles", files={"inputFile": b"abc"}).json()
    with Emulator(Options(), SAMPLES, data=tmp_path) as second:
        client = web(second)
        assert client.json(f"v3/jobs/{job.id}") == shown
        path = f"v1/jobs/{job.id}/output/{job.outputs[0].id}"
        assert client.get(path, format="Csv").content.startswith(b"a,b\n")
        questions = [{"name": "Upload", "value": upload}]
        body = {"questions": questions}
        client.post(f"v3/workflows/{second.workflow_id('echo')}/jobs", body)
        assert second.finish().disposition == "Success"
        assert second.workflow("echo").runs == 2


def test_a_job_that_was_not_over_is_taken_up_again(tmp_path: Path) -> None:
    with Emulator(Options(workers=1), SAMPLES, data=tmp_path) as first:
        client = web(first)
        client.post(f"v3/workflows/{first.workflow_id('slow')}/jobs", {})
        client.post(f"v3/workflows/{first.workflow_id('echo')}/jobs", {})
        while first.jobs[0].status != "Running":
            time.sleep(0.005)
    with Emulator(Options(workers=1), SAMPLES, data=tmp_path) as second:
        assert [second.finish(job).disposition for job in second.jobs] == ["Success"] * 2


def test_a_nonce_stays_used_over_a_restart(tmp_path: Path) -> None:
    options = Options(generation=Generation.V2021_3)
    with Emulator(options, SAMPLES, data=tmp_path) as gallery:
        session = classic(gallery).session
        url = gallery.gallery_url + "api/v1/workflows/subscription/"
        request = session.prepare_request(requests.Request("GET", url))
        assert requests.Session().send(request).status_code == 200
        gallery.restart()
        assert requests.Session().send(request).status_code == 401


def test_without_a_folder_everything_is_forgotten_and_cleaned_up(new: Emulator) -> None:
    folder = finished_job(new).folder
    assert folder.is_dir()
    new.stop()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("setting", "name", "value"),
    [
        ("generation=2021.3", "generation", Generation.V2021_3),
        ("token-lifetime=5", "token_lifetime", 5.0),
        ("nonce_memory=False", "nonce_memory", False),
        ("workers = 7", "workers", 7),
        ("id_style=ulid", "id_style", "ulid"),
    ],
)
def test_options_are_read_from_text(setting: str, name: str, value: object) -> None:
    assert getattr(Options().with_settings([setting]), name) == value
    assert f"{name}=" in described()


@pytest.mark.parametrize(
    "setting", ["colour=red", "workers", "workers=many", "nonce_memory=perhaps", "id_style=uuid"]
)
def test_an_odd_option_is_named(setting: str) -> None:
    with pytest.raises(ValueError, match=setting.partition("=")[0]):
        Options().with_settings([setting])


def test_the_command_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "emulator", "--port=0", "--speed=100", "--workers=1"]
    command += ["--generation=2021.4", f"--data={tmp_path / 'new'}", "--print-keys"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        keys = [process.stdout.readline() for _ in range(6)]
        gallery_url, _, webapi_url = line.strip().partition(": ")[2].partition(" and ")
        assert requests.get(gallery_url, timeout=5).status_code == 200
        pair = people.CURATOR.pair
        form = {
            "grant_type": "client_credentials",
            "client_id": pair.key,
            "client_secret": pair.secret,
        }
        answer = requests.post(webapi_url + "oauth2/token", data=form, timeout=5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert answer.status_code == 200
    assert any(pair.secret in key for key in keys)


def test_the_command_says_in_words_what_is_wrong(new: Emulator, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for arguments, words in (
        (["--port", str(new.port)], "Cannot listen on"),
        (["--option", "colour=red"], "colour=red"),
        (["--data", str(tmp_path / "file" / "x")], "Cannot use the folder"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("emulator", *arguments)
