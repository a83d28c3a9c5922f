from __future__ import annotations

import io
import json
import socket
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from apps.emulator import faults
from apps.emulator.emulator import Emulator
from apps.emulator.faults import Fault
from apps.emulator.options import Generation
from apps.emulator.people import ARTISAN, CURATOR, FINANCE, MEMBER, PLANNER, KeyPair
from apps.gallery import doctor
from apps.gallery.doctor import detection, keys, ladder
from apps.gallery.models import Connection
from apps.gallery.services import check_connection, create_connection
from apps.gallery.types import Probe, Report, Verdict
from tests.gallery.conftest import Start
from tests.gallery.servers import Authority, closed_port, read_request, reply, says, serve

pytestmark = pytest.mark.django_db


def added(url: str, pair: KeyPair = ARTISAN.pair, *, secret: str | None = None) -> Connection:
    return create_connection(
        name=url, url=url, key=pair.key, secret=secret or pair.secret, actor=None
    )


def failed(report: Report) -> Probe:
    [probe] = [probe for probe in report.probes if probe.verdict is Verdict.FAIL]
    return probe


def rung(report: Report, name: str) -> Probe:
    [probe] = [probe for probe in report.probes if probe.name == name]
    return probe


# --- A healthy Gallery ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "face",
    [
        (Generation.V2021_3, FINANCE.pair, "oauth1", False),
        (Generation.V2021_4, FINANCE.pair, "oauth1", False),
        (Generation.V2021_4, ARTISAN.pair, "oauth2", False),
        (Generation.V2022_1, ARTISAN.pair, "oauth2", False),
        (Generation.V2022_1, CURATOR.pair, "oauth2", False),
        (Generation.V2022_3, ARTISAN.pair, "oauth2", True),
        (Generation.V2025, CURATOR.pair, "oauth2", True),
    ],
)
@pytest.mark.parametrize("given", ["", "/gallery", "/webapi", "/gallery/api", "/webapi/swagger"])
def test_dialect_and_address_are_found_from_whatever_was_pasted(
    face: tuple[Generation, KeyPair, str, bool], given: str, start: Start
) -> None:
    generation, pair, dialect, has_v3 = face
    emulator = start(generation)
    connection = added(f"{emulator.url}{given}", pair)
    report = check_connection(connection)
    assert report.is_healthy, doctor.as_text(report)
    assert (connection.dialect, connection.has_v3) == (dialect, has_v3)
    base = emulator.webapi_url if dialect == "oauth2" else f"{emulator.gallery_url}api"
    assert connection.api_url == base.rstrip("/")
    assert connection.is_healthy
    assert connection.client().workflows()


def test_a_gallery_under_another_name_is_found(start: Start) -> None:
    emulator = start(Generation.V2021_3, gallery_path="/analytics/")
    connection = added(f"{emulator.url}/analytics", FINANCE.pair)
    assert check_connection(connection).is_healthy
    assert connection.api_url == f"{emulator.url}/analytics/api"


def test_the_confusion_of_gallery_and_webapi_is_corrected_and_said(gallery: Emulator) -> None:
    report = doctor.examine(added(f"{gallery.url}/gallery")).report
    assert report.is_healthy
    assert "/gallery" in rung(report, "API").saw
    assert gallery.webapi_url.rstrip("/") in rung(report, "API").saw


@pytest.mark.parametrize("style", ["upper", "html"])
@pytest.mark.parametrize("generation", [Generation.V2021_3, Generation.V2025])
def test_other_ways_to_write_a_401_do_not_hide_a_gallery(
    style: str, generation: Generation, start: Start
) -> None:
    emulator = start(generation, error_style=style)
    pair = ARTISAN.pair if generation.has_web_api else FINANCE.pair
    assert check_connection(added(emulator.url, pair)).is_healthy


# --- Keys ----------------------------------------------------------------------------------------


def test_a_wrong_key_is_told_from_a_wrong_secret(start: Start) -> None:
    emulator = start(Generation.V2021_3)
    unknown = KeyPair("8D" + "0" * 53, FINANCE.pair.secret, FINANCE.pair.kind)
    wrong_key = failed(check_connection(added(f"{emulator.url}/a", unknown)))
    wrong_secret = failed(check_connection(added(emulator.url, FINANCE.pair, secret="a" * 64)))
    assert wrong_key.name == wrong_secret.name == "Key"
    assert "Wrong key" in wrong_key.advice
    assert "Wrong secret" in wrong_secret.advice


@pytest.mark.parametrize("generation", [Generation.V2022_1, Generation.V2025])
def test_oauth2_names_every_cause_it_cannot_tell_apart(
    generation: Generation, start: Start
) -> None:
    emulator = start(generation)
    for number, pair in enumerate((FINANCE.pair, MEMBER.pair)):
        probe = failed(check_connection(added(f"{emulator.url}/{number}", pair)))
        assert probe.name == "Key"
        assert "wrong kind of key" in probe.advice
        assert "API Access" in probe.advice


def test_the_api_access_pair_on_an_old_server_is_the_wrong_kind(start: Start) -> None:
    emulator = start(Generation.V2021_3)
    probe = failed(check_connection(added(emulator.url, ARTISAN.pair)))
    assert probe.name == "Kind of key"
    assert "Private Studio" in probe.advice


def test_a_key_whose_owner_has_no_rights_is_named(start: Start) -> None:
    emulator = start(Generation.V2022_1)
    emulator.faults.add(Fault("GET .*webapi/v1", faults.Status(401, "{}"), times=None, skip=1))
    emulator.faults.add(Fault("GET .*webapi/v3", faults.Status(401, "{}"), times=None))
    probe = failed(check_connection(added(emulator.url, ARTISAN.pair)))
    assert probe.name == "Kind of key"
    assert "role" in probe.advice


def test_key_and_secret_in_each_others_place_are_noticed(gallery: Emulator) -> None:
    swapped = KeyPair("e" * 64, ARTISAN.pair.key, ARTISAN.pair.kind)
    assert "each other's place" in failed(check_connection(added(gallery.url, swapped))).saw


def test_blanks_around_a_pasted_pair_do_no_harm(gallery: Emulator) -> None:
    pair = KeyPair(f"  {ARTISAN.pair.key}\n", f"\t{ARTISAN.pair.secret}  ", ARTISAN.pair.kind)
    assert check_connection(added(gallery.url, pair)).is_healthy


def test_a_key_tells_when_it_was_made() -> None:
    assert keys.made_at("8D9F0E0C1A2B3C4" + "0" * 40) is not None
    assert keys.made_at("x") is None
    assert keys.made_at("f" * 60) is None


def test_a_signature_over_another_address_is_explained(start: Start) -> None:
    emulator = start(Generation.V2021_3)
    emulator.options.signed_base_address = f"https://127.0.0.1:{emulator.port}"
    probe = failed(check_connection(added(emulator.url, FINANCE.pair)))
    assert probe.name == "Key"
    assert f"https://127.0.0.1:{emulator.port}" in probe.saw
    assert "proxy" in probe.advice


def test_a_wrong_clock_is_named_as_the_cause(start: Start) -> None:
    emulator = start(Generation.V2021_3, timestamp_window=300, clock_skew=3600.0)
    report = check_connection(added(emulator.url, FINANCE.pair))
    assert rung(report, "Clock").verdict is Verdict.WARN
    assert "60 minutes ahead" in rung(report, "Clock").saw
    assert "clock" in failed(report).saw


def test_a_wrong_clock_that_does_no_harm_is_a_warning(start: Start) -> None:
    emulator = start(clock_skew=-7200.0)
    report = check_connection(added(emulator.url))
    assert report.is_healthy
    assert "2 hours behind" in rung(report, "Clock").saw


# --- What the key sees ---------------------------------------------------------------------------


def test_a_studio_without_apps_is_a_warning(start: Start) -> None:
    emulator = start(Generation.V2025)
    for slug in ("echo", "failing", "foreign"):
        emulator.withdraw(slug)
    report = check_connection(added(emulator.url))
    assert report.is_healthy
    assert rung(report, "Apps").verdict is Verdict.WARN


def test_questions_that_cannot_be_read_are_named(start: Start) -> None:
    emulator = start(Generation.V2021_3)
    emulator.faults.add(Fault("/questions", faults.Status(403, "{}"), times=None))
    assert failed(check_connection(added(emulator.url, FINANCE.pair))).name == "Questions"


@pytest.mark.parametrize("generation", [Generation.V2021_3, Generation.V2025])
def test_an_app_of_another_studio_is_told_from_one_that_is_not_there(
    generation: Generation, start: Start
) -> None:
    emulator = start(generation)
    pair = ARTISAN.pair if generation.has_web_api else FINANCE.pair
    connection = added(emulator.url, pair)
    check_connection(connection)
    foreign = failed(doctor.check_app(connection, emulator.workflow_id("foreign")))
    missing = failed(doctor.check_app(connection, "0" * 24))
    assert foreign.name == missing.name == "This app"
    assert "another studio" in foreign.advice
    assert "no such app" in missing.advice
    assert doctor.check_app(connection, emulator.workflow_id("echo")).is_healthy


def test_another_studios_member_sees_its_apps(gallery: Emulator) -> None:
    connection = added(gallery.url, PLANNER.pair)
    assert doctor.check_app(connection, gallery.workflow_id("foreign")).is_healthy


# --- What is no Gallery --------------------------------------------------------------------------


def test_a_host_that_does_not_exist_is_named(settings: Settings) -> None:
    settings.GALLERY_HOSTS = []
    probe = failed(check_connection(added("http://no-such-host.invalid/gallery")))
    assert probe.name == "Address"
    assert "no such host" in probe.saw


def test_a_refused_connection_is_named() -> None:
    report = check_connection(added(f"http://127.0.0.1:{closed_port()}"))
    assert failed(report).name == "Connection"
    assert "nothing listens" in failed(report).saw
    assert [p.verdict for p in report.probes[2:]] == [Verdict.SKIPPED] * 9


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (b"<title>Jenkins</title>", "Jenkins"),
        (faults.LOGIN_PAGE, "sign-in page"),
        (b"", "no API"),
    ],
)
def test_what_answers_in_a_gallerys_place_is_said(page: bytes, words: str) -> None:
    with serve(says(reply(page, kind="text/html"))) as port:
        probe = failed(check_connection(added(f"http://127.0.0.1:{port}/gallery")))
    assert probe.name == "Gallery"
    assert words in probe.saw


def test_an_examination_ends_in_time_whatever_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "SECONDS", 1.0)
    monkeypatch.setattr(ladder, "ONE_STEP", 0.3)
    begun = time.monotonic()

    def talk(sock: socket.socket) -> None:
        request = read_request(sock)
        if b"GET / " in request or b"GET /gallery/ " in request:
            sock.sendall(reply(b"", kind="text/html"))
        else:
            time.sleep(5)

    with serve(talk) as port:
        report = check_connection(added(f"http://127.0.0.1:{port}/gallery"))
    assert time.monotonic() - begun < 15  # every question would take five seconds
    assert "not everything had been answered" in failed(report).saw


def test_the_portal_itself_is_recognised(settings: Settings) -> None:
    with serve(says(reply(b"<title>Sign in</title>", kind="text/html"))) as port:
        settings.BASE_URL = f"http://127.0.0.1:{port}"
        probe = failed(check_connection(added(f"http://127.0.0.1:{port}/gallery")))
    assert "portal itself" in probe.saw


def test_a_gallery_behind_a_proxy_that_is_down_is_named() -> None:
    with serve(says(reply(b"Bad gateway", status="502 Bad Gateway", kind="text/html"))) as port:
        probe = failed(check_connection(added(f"http://127.0.0.1:{port}")))
    assert probe.name == "Answer"
    assert "behind it" in probe.saw


def test_redirects_are_said_and_not_followed() -> None:
    elsewhere = reply(b"", status="302 Found", more="Location: http://169.254.169.254/meta\r\n")
    with serve(says(elsewhere)) as port:
        report = check_connection(added(f"http://127.0.0.1:{port}"))
    assert "169.254.169.254" in rung(report, "Answer").saw
    assert not report.is_healthy


# --- Certificates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ({"self_signed": True}, "self-signed"),
        ({"days": -1}, "expired"),
        ({"host": "gallery.example.com"}, "host name"),
    ],
)
def test_each_trouble_with_a_certificate_has_its_words(
    certificate: dict[str, object], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    context = authority.context(**certificate)  # type: ignore[arg-type]
    with serve(says(reply(b"")), context) as port:
        probe = failed(check_connection(added(f"https://127.0.0.1:{port}")))
    assert probe.name == "Certificate"
    assert words in probe.saw


def test_an_unknown_authority_is_named(tmp_path: Path) -> None:
    with serve(says(reply(b"")), Authority(tmp_path).context()) as port:
        probe = failed(check_connection(added(f"https://127.0.0.1:{port}")))
    assert probe.name == "Certificate"
    assert "authority" in probe.saw


def test_a_good_certificate_of_the_companys_authority_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with serve(says(reply(b"", kind="text/html")), authority.context()) as port:
        report = check_connection(added(f"https://127.0.0.1:{port}"))
    assert rung(report, "Certificate").verdict is Verdict.OK


def test_http_at_an_https_address_is_named() -> None:
    def refuse(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(reply(b"", status="400 Bad Request"))

    with serve(refuse) as port:
        probe = failed(check_connection(added(f"https://127.0.0.1:{port}")))
    assert probe.name == "Certificate"
    assert "TLS" in probe.saw


# --- The report ----------------------------------------------------------------------------------


def test_a_report_holds_no_secret_and_survives_storage(start: Start) -> None:
    emulator = start(Generation.V2025)
    leak = f'{{"message": "{ARTISAN.pair.secret} {ARTISAN.pair.key}"}}'
    emulator.faults.add(Fault("oauth2/token", faults.Status(400, leak), times=None))
    connection = added(emulator.url)
    report = check_connection(connection)
    assert doctor.from_json(json.loads(json.dumps(connection.report))) == report
    for text in (doctor.as_text(report), json.dumps(connection.report)):
        assert ARTISAN.pair.secret not in text
        assert ARTISAN.pair.key not in text


def test_an_unhealthy_look_does_not_forget_the_dialect(gallery: Emulator) -> None:
    connection = added(gallery.url)
    check_connection(connection)
    gallery.faults.add(Fault(".", faults.Status(503, ""), times=None))
    assert not check_connection(connection).is_healthy
    assert connection.dialect == "oauth2"
    assert connection.api_url


def test_the_command_prints_the_ladder_and_its_status(gallery: Emulator) -> None:
    out = io.StringIO()
    added(gallery.url)
    call_command("doctor", stdout=out)
    assert "[ok  ] Questions" in out.getvalue()
    added(f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out)
    assert ended.value.code == 1
    assert "[FAIL] Connection" in out.getvalue()
    with pytest.raises(CommandError, match="no connection of this name"):
        call_command("doctor", "Nowhere")


def test_candidates_begin_with_the_usual_places() -> None:
    assert detection.candidates("https://h/gallery")[:2] == [
        "https://h/webapi",
        "https://h/gallery/api",
    ]
    assert "https://h:8443/x/api" in detection.candidates("https://h:8443/x")
    assert len(detection.candidates("https://h/a/b/gallery/api/v1")) < 12
