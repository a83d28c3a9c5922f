"""Faults on command do what they say, exactly as often as they say."""

from __future__ import annotations

import socket
import threading
import time
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from apps.emulator import faults
from apps.emulator.emulator import Emulator
from apps.emulator.faults import Fault, Late, Reset, Status
from apps.emulator.options import Generation
from tests.emulator.samples import Client, MakeGallery, classic, web

LIST = "v3/workflows"
BROKEN = (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)


def start(gallery: Emulator, client: Client) -> requests.Response:
    return client.post(f"v3/workflows/{gallery.workflow_id('echo')}/jobs", {})


def hit(gallery: Emulator, action: faults.Action, match: str = LIST) -> requests.Response:
    """Return the answer of a list that a fault befalls."""
    client = web(gallery)
    gallery.faults.add(Fault(match=match, action=action))
    return client.get(LIST)


def test_a_status_is_answered_as_often_as_wanted(new: Emulator) -> None:
    client = web(new)
    new.faults.add(Fault(match=f"GET .*/{LIST}$", action=Status(503), times=2, skip=1))
    assert [client.get(LIST).status_code for _ in range(4)] == [200, 503, 503, 200]


def test_a_fault_may_be_for_good_and_be_removed(new: Emulator) -> None:
    client = web(new)
    fault = new.faults.add(Fault(match=lambda r: r.method == "GET", action=Status(500), times=None))
    assert {client.get(LIST).status_code for _ in range(5)} == {500}
    assert fault.hits == 5
    new.faults.remove(fault)
    assert client.get(LIST).status_code == 200


def test_a_share_of_requests_is_hit_alike_for_equal_seeds(make_gallery: MakeGallery) -> None:
    def seen(seed: int) -> list[int]:
        gallery = make_gallery()
        client = web(gallery)
        action = Status(500)
        gallery.faults.add(Fault(match=LIST, action=action, times=None, share=0.5, seed=seed))
        return [client.get(LIST).status_code for _ in range(20)]

    first = seen(1)
    assert first == seen(1)
    assert set(first) == {200, 500}


@pytest.mark.parametrize(
    ("action", "status", "content_type", "start_of_body"),
    [
        (faults.login_page(), 200, "text/html", b"<!DOCTYPE html>"),
        (Status(502, "<html>", "text/html"), 502, "text/html", b"<html>"),
        (Status(200), 200, "application/json", b""),
        (Status(429, "{}"), 429, "application/json", b"{}"),
        (faults.byte_order_mark(), 200, "application/json", b"\xef\xbb\xbf["),
        (faults.wrong_type(), 200, "text/html", b"["),
        (faults.Rewrite(body=b"null"), 200, "application/json", b"null"),
        (faults.Rewrite(encoding="utf-16"), 200, "application/json", b"\xff\xfe"),
    ],
)
def test_an_answer_can_be_nonsense(
    new: Emulator, action: faults.Action, status: int, content_type: str, start_of_body: bytes
) -> None:
    answer = hit(new, action)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(content_type)
    assert answer.content.startswith(start_of_body)


def test_a_file_name_can_be_hostile(new: Emulator) -> None:
    name = 'attachment; filename="../../x"'
    answer = hit(new, faults.Rewrite(headers={"Content-Disposition": name}))
    assert answer.headers["Content-Disposition"] == name


def test_half_a_json_is_half_a_json(new: Emulator) -> None:
    whole = web(new).get(LIST).content
    assert hit(new, faults.half_json()).content == whole[: len(whole) // 2]


def test_retry_after_and_redirects_have_their_headers(new: Emulator) -> None:
    answer = hit(new, faults.retry_after(120, 429))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "120")
    new.faults.add(Fault(match=LIST, action=faults.redirect("http://169.254.1.1/")))
    answer = web(new).call("GET", LIST, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://169.254.1.1/")


def test_a_reset_before_the_effect_makes_no_job(new: Emulator) -> None:
    client = web(new)
    new.faults.add(Fault(match="POST .*/jobs$", action=Reset()))
    with pytest.raises(BROKEN):
        start(new, client)
    assert new.jobs == []
    assert new.requests[-1].status is None


def test_a_reset_after_the_effect_leaves_a_job_behind(new: Emulator) -> None:
    client = web(new)
    new.faults.add(Fault(match="POST .*/jobs$", action=Reset(after_effect=True)))
    with pytest.raises(BROKEN):
        start(new, client)
    assert len(new.jobs) == 1


def test_a_page_after_the_effect_leaves_a_job_behind(new: Emulator) -> None:
    client = web(new)
    new.faults.add(Fault(match="POST .*/jobs$", action=faults.login_page(after_effect=True)))
    assert "<form" in start(new, client).text
    assert len(new.jobs) == 1


def test_a_late_request_takes_effect_after_the_client_gave_up(new: Emulator) -> None:
    client, late = web(new), Late(until=threading.Event())
    new.faults.add(Fault(match="POST .*/jobs$", action=late))
    with pytest.raises(BROKEN):
        start(new, client)
    assert new.jobs == []
    assert late.until is not None
    late.until.set()
    assert late.landed.wait(10)
    assert len(new.jobs) == 1


def test_a_request_can_be_late_by_seconds(new: Emulator) -> None:
    client, late = web(new), Late(0.01)
    new.faults.add(Fault(match="POST .*/jobs$", action=late))
    with pytest.raises(BROKEN):
        start(new, client)
    assert late.landed.wait(10)
    assert len(new.jobs) == 1


def test_a_late_request_whose_nonce_was_used_since_has_no_effect(old: Emulator) -> None:
    session = classic(old).session
    url = f"{old.gallery_url}api/v1/workflows/{old.workflow_id('echo')}/jobs/"
    request = session.prepare_request(requests.Request("POST", url, json={}))
    late = Late(until=threading.Event())
    old.faults.add(Fault(match="POST .*/jobs/$", action=late))
    plain = requests.Session()
    with pytest.raises(BROKEN):
        plain.send(request)
    assert plain.send(request).status_code == 200
    assert late.until is not None
    late.until.set()
    assert late.landed.wait(10)
    assert len(old.jobs) == 1


def test_a_delay_outlasts_an_impatient_client(new: Emulator) -> None:
    client = web(new)
    new.faults.add(Fault(match="POST .*/jobs$", action=faults.Delay(60)))
    path = f"v3/workflows/{new.workflow_id('echo')}/jobs"
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.call("POST", path, json={}, timeout=(5, 0.2))
    ends = time.monotonic() + 10
    while not new.jobs and time.monotonic() < ends:
        time.sleep(0.01)
    assert len(new.jobs) == 1


def test_a_slow_answer_drips(new: Emulator) -> None:
    client = web(new)
    new.faults.add(Fault(match=LIST, action=faults.drip(20)))
    with client.session.get(new.webapi_url + LIST, stream=True, timeout=5) as answer:
        first = next(answer.iter_content(1))
    assert first == b"["


def test_even_the_head_can_drip(new: Emulator) -> None:
    client = web(new)
    new.faults.add(Fault(match=LIST, action=faults.drip(20, drips_head=True)))
    with pytest.raises(requests.exceptions.ReadTimeout):
        # Each byte comes in time for the client's patience; the whole never does.
        client.session.get(new.webapi_url + LIST, timeout=(5, 0.02))


def test_a_chunked_answer_may_never_end(new: Emulator) -> None:
    client = web(new)
    new.faults.add(Fault(match=LIST, action=faults.Transport(is_endless=True)))
    with client.session.get(new.webapi_url + LIST, stream=True, timeout=5) as answer:
        received = 0
        for piece in answer.iter_content(4096):
            received += len(piece)
            if received > 20_000:
                break
    assert received > 20_000


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_a_download_is_cut_where_wanted(old: Emulator, share: float) -> None:
    client = classic(old)
    client.post(f"v1/workflows/{old.workflow_id('echo')}/jobs", {})
    job = old.finish()
    size = job.outputs[0].files["Csv"].stat().st_size
    old.faults.add(Fault(match="/output/", action=faults.cut(share)))
    path = f"api/v1/jobs/{job.id}/output/{job.outputs[0].id}"
    received = 0
    with client.session.get(
        old.gallery_url + path, params={"format": "Csv"}, stream=True, timeout=5
    ) as answer:
        assert int(answer.headers["Content-Length"]) == size
        with pytest.raises(BROKEN):
            for piece in answer.iter_content(64):
                received += len(piece)
    assert received <= int(size * share)


def test_cut_chunks_have_no_end(old: Emulator) -> None:
    client = classic(old)
    old.faults.add(Fault(match="subscription", action=faults.cut(0.5)))
    with pytest.raises(BROKEN):
        client.get("v1/workflows/subscription/")


@pytest.mark.parametrize("change", [-10, 10])
def test_the_content_length_can_be_wrong(new: Emulator, change: int) -> None:
    client = web(new)
    whole = client.get(LIST).content
    new.faults.add(Fault(match=LIST, action=faults.wrong_length(change)))
    if change > 0:
        with pytest.raises(BROKEN):
            client.get(LIST)
    else:
        assert client.get(LIST).content == whole[:change]
    # On a new line: the old one is being closed, which its client may learn too late.
    assert web(new).get(LIST).content == whole


def test_the_date_header_can_be_wrong(new: Emulator) -> None:
    answer = hit(new, faults.clock_skew(-3600))
    at = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    assert 3500 < time.time() - at < 3700


def test_a_token_request_can_be_hit(new: Emulator) -> None:
    new.faults.add(Fault(match="POST .*/oauth2/token$", action=Status(500)))
    assert requests.post(new.webapi_url + "oauth2/token", timeout=5).status_code == 500


def test_latency_comes_before_every_answer(new: Emulator) -> None:
    client = web(new)
    new.set_latency(0.5)
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.call("GET", LIST, timeout=(5, 0.1))
    new.set_latency(0)
    assert client.get(LIST).status_code == 200


def control(gallery: Emulator, method: str, body: Any = None) -> requests.Response:
    return requests.request(method, gallery.url + "/__faults__", json=body, timeout=5)


def test_another_process_can_add_faults(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "fault_control=true")
    client = web(gallery)
    entry = {"match": f"GET .*/{LIST}$", "action": "status", "with": {"status": 418}, "times": 2}
    assert control(gallery, "POST", [entry]).status_code == 200
    assert client.get(LIST).status_code == 418
    assert [(row["times"], row["hits"]) for row in control(gallery, "GET").json()] == [(2, 1)]
    assert control(gallery, "DELETE").json() == []
    assert client.get(LIST).status_code == 200
    assert all(logged.path != "/__faults__" for logged in gallery.requests)


@pytest.mark.parametrize(
    "entry",
    [
        {"action": "explode"},
        {"action": "status"},
        {"action": "status", "with": {"colour": 1}},
        {"action": "reset", "match": "("},
        "reset",
    ],
)
def test_a_fault_nobody_knows_is_refused_in_words(make_gallery: MakeGallery, entry: Any) -> None:
    gallery = make_gallery(Generation.V2025, "fault_control=true")
    answer = control(gallery, "POST", entry)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_faults_are_not_to_be_had_without_the_option(new: Emulator) -> None:
    assert control(new, "POST", {"action": "reset"}).status_code == 404
    assert web(new).get(LIST).status_code == 200


def test_every_named_action_can_be_made() -> None:
    arguments: dict[str, dict[str, Any]] = {
        "status": {"status": 500},
        "retry_after": {"seconds": 1},
        "redirect": {"location": "/"},
        "delay": {"seconds": 0},
        "drip": {"bytes_per_second": 1},
        "cut": {"share": 0.5},
        "wrong_length": {"change": 1},
        "clock_skew": {"seconds": 1},
    }
    described = [{"action": name, "with": arguments.get(name, {})} for name in faults.ACTIONS]
    assert len(list(faults.read_faults(described))) == len(faults.ACTIONS)


def test_a_reset_is_seen_as_a_reset(new: Emulator) -> None:
    new.faults.add(Fault(match="GET /", action=Reset()))
    with socket.create_connection(("127.0.0.1", new.port)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            line.recv(10)
