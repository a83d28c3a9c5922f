"""Pages of runs: who sees what, what a form makes, what a live page asks for."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.catalog.models import App
from apps.gallery.types import Choice, Kind, Question
from apps.runs.forecast import runs_ahead
from apps.runs.history import PAGE
from apps.runs.models import Run, RunMessage
from apps.runs.types import RunState
from tests.factories import make_app, make_run

pytestmark = pytest.mark.django_db

REGION = Question(
    "Region", Kind.LIST, "Which region?", "East", (Choice("East", "East"), Choice("West", "West"))
)
LIMIT = Question("Limit", Kind.NUMBER, "At most", "10")


@pytest.fixture
def app(alice: User) -> App:
    return make_app(questions=[REGION, LIMIT], groups=list(alice.groups.all()))


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def token_of(page: bytes) -> str:
    found = re.search(rb'name="form_token" value="([^"]+)"', page)
    assert found
    return found[1].decode()


def post(client: Client, app: App, token: str, **answers: object) -> HttpResponse:
    fields = {"q0": "West", "q1": "5"} | answers
    return cast("HttpResponse", client.post(app.get_absolute_url(), {"form_token": token} | fields))


def drawn(client: Client, app: App) -> str:
    return token_of(client.get(app.get_absolute_url()).content)


# --- Who sees what -----------------------------------------------------------------------------


def test_a_form_is_for_those_who_may_run_the_app(app: App, bob: User, charlie: User) -> None:
    assert signed_in(bob).get(app.get_absolute_url()).status_code == 200
    assert signed_in(charlie).get(app.get_absolute_url()).status_code == 404


def test_an_unknown_app_and_a_withdrawn_one_look_alike(app: App, alice: User) -> None:
    client = signed_in(alice)
    App.objects.filter(pk=app.pk).update(is_live=False)
    assert client.get(app.get_absolute_url()).status_code == 404
    assert client.get(f"/apps/{uuid.uuid4()}/").status_code == 404


def test_a_run_is_its_owners_and_the_administrators(
    app: App, alice: User, bob: User, charlie: User, admin: User
) -> None:
    run = make_run(app, alice)
    for user, status in ((alice, 200), (admin, 200), (bob, 404), (charlie, 404)):
        assert signed_in(user).get(run.get_absolute_url()).status_code == status
    for user in (bob, charlie):
        answer = signed_in(user).post(f"{run.get_absolute_url()}cancel/")
        assert answer.status_code == 404
    run.refresh_from_db()
    assert run.state == RunState.NEW


def test_only_administrators_decide_about_unsure_runs(app: App, alice: User, admin: User) -> None:
    run = make_run(app, alice, state=RunState.ASK)
    url = f"{run.get_absolute_url()}decide/"
    assert signed_in(alice).post(url, {"choice": "again"}).status_code == 404
    assert signed_in(admin).post(url, {"choice": "nonsense"}).status_code == 400
    assert signed_in(admin).post(url, {"choice": "again"}).status_code == 302
    run.refresh_from_db()
    assert run.state == RunState.NEW


def test_strangers_are_sent_to_sign_in(app: App) -> None:
    answer = Client().get(app.get_absolute_url())
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_live_panel_reloads_its_page_when_the_session_is_over(app: App, alice: User) -> None:
    run = make_run(app, alice)
    answer = Client().get(run.get_absolute_url(), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


# --- What a form makes -------------------------------------------------------------------------


def test_a_valid_form_becomes_one_run_and_leads_to_its_page(app: App, alice: User) -> None:
    client = signed_in(alice)
    answer = post(client, app, drawn(client, app))
    run = Run.objects.get()
    assert answer["Location"] == run.get_absolute_url()
    assert [(a["name"], a["value"]) for a in run.answers] == [("Region", "West"), ("Limit", "5")]
    assert run.answers[0]["label"] == "Which region?"


def test_a_double_click_makes_one_run(app: App, alice: User) -> None:
    client = signed_in(alice)
    token = drawn(client, app)
    addresses = {post(client, app, token)["Location"] for _ in range(5)}
    assert len(addresses) == Run.objects.count() == 1


def test_going_back_and_changing_an_answer_makes_a_new_run(app: App, alice: User) -> None:
    client = signed_in(alice)
    token = drawn(client, app)
    post(client, app, token)
    post(client, app, token, q0="East")
    assert Run.objects.count() == 2


def test_a_token_of_somebody_else_starts_nothing_and_keeps_what_was_typed(
    app: App, alice: User, bob: User
) -> None:
    foreign = drawn(signed_in(bob), app)
    for token in (foreign, "", "nonsense"):
        answer = post(signed_in(alice), app, token, q1="7")
        assert answer.status_code == 422
        assert b"open too long" in answer.content
        assert b'value="7"' in answer.content
    assert not Run.objects.exists()


@pytest.mark.parametrize("bad", [{"q0": "North"}, {"q1": "many"}, {"q1": "9" * 400}, {"q1": "1e5"}])
def test_a_bad_answer_is_named_at_its_field_and_starts_nothing(
    app: App, alice: User, bad: dict[str, str]
) -> None:
    client = signed_in(alice)
    answer = post(client, app, drawn(client, app), **bad)
    assert answer.status_code == 422
    assert b"field-error" in answer.content
    assert not Run.objects.exists()


def test_answers_nobody_asked_for_are_not_sent(app: App, alice: User) -> None:
    client = signed_in(alice)
    post(client, app, drawn(client, app), q7="x", Secret="y")
    assert {a["name"] for a in Run.objects.get().answers} == {"Region", "Limit"}


def test_an_uploaded_file_is_kept_with_the_run(alice: User) -> None:
    app = make_app(questions=[Question("Budget file", Kind.FILE, "Your budget")])
    client = signed_in(alice)
    file = SimpleUploadedFile("../../budget.csv", b"a,b\n1,2\n")
    answer = client.post(app.get_absolute_url(), {"form_token": drawn(client, app), "q0": file})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    kept = Run.objects.get().inputs.get()
    assert (kept.question_name, kept.name, kept.size) == ("Budget file", "budget.csv", 8)


def test_run_again_fills_the_form_with_the_earlier_answers(app: App, alice: User) -> None:
    answers = [{"name": "Limit", "value": "77", "label": "At most", "shown": "77"}]
    run = make_run(app, alice, answers=answers)
    page = signed_in(alice).get(f"{app.get_absolute_url()}?from={run.pk}")
    assert b'value="77"' in page.content


def test_an_earlier_answer_that_does_not_fit_is_shown_struck_through(app: App, alice: User) -> None:
    answers = [{"name": "Region", "value": "Atlantis", "label": "Region", "shown": "Atlantis"}]
    run = make_run(app, alice, answers=answers)
    page = signed_in(alice).get(f"{app.get_absolute_url()}?from={run.pk}")
    assert b"do not fit any more" in page.content
    assert b"Atlantis" in page.content


def test_answers_of_somebody_elses_run_are_not_lent(app: App, alice: User, bob: User) -> None:
    run = make_run(app, alice)
    for wanted in (run.pk, uuid.uuid4(), "nonsense"):
        answer = signed_in(bob).get(f"{app.get_absolute_url()}?from={wanted}")
        assert answer.status_code == 404


# --- The run's page ----------------------------------------------------------------------------


def test_a_live_page_asks_again_and_gets_nothing_while_nothing_changed(
    app: App, alice: User
) -> None:
    client, run = signed_in(alice), make_run(app, alice)
    page = client.get(run.get_absolute_url()).content.decode()
    asked = re.search(r'hx-get="([^"]+)"', page)
    assert asked
    same = client.get(asked[1], headers={"HX-Request": "true"})
    assert (same.status_code, same.content) == (204, b"")
    run.move(RunState.SUBMITTING)
    run.move(RunState.QUEUED, job_id="j")
    changed = client.get(asked[1], headers={"HX-Request": "true"})
    assert changed.status_code == 200
    assert b"<html" not in changed.content


@pytest.mark.parametrize("state", [RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED])
def test_an_ended_run_falls_silent(app: App, alice: User, state: RunState) -> None:
    run = make_run(app, alice, state=state, job_id="j", due_at=None, ended_at=timezone.now())
    page = signed_in(alice).get(run.get_absolute_url())
    assert page.status_code == 200
    assert b"hx-get" not in page.content


@pytest.mark.parametrize("state", RunState)
def test_every_state_has_a_page(app: App, alice: User, admin: User, state: RunState) -> None:
    ended = state in {RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED}
    run = make_run(
        app,
        alice,
        state=state,
        job_id=None if state == RunState.NEW else "j",
        due_at=None if ended else timezone.now(),
        ended_at=timezone.now() if ended else None,
        sent_at=timezone.now(),
    )
    for user in (alice, admin):
        assert signed_in(user).get(run.get_absolute_url()).status_code == 200


def test_a_failure_shows_the_apps_words_and_what_they_mean(app: App, alice: User) -> None:
    run = make_run(
        app, alice, state=RunState.FAILED, reason="job_error", job_id="j", due_at=None,
        ended_at=timezone.now(),
    )  # fmt: skip
    text = 'Tool #14: The sheet "Data" cannot be found <b>'
    RunMessage.objects.create(run=run, position=0, severity=3, text=text, tool_id=14)
    page = signed_in(alice).get(run.get_absolute_url()).content.decode()
    assert "does not have the sheet" in page
    assert "cannot be found &lt;b&gt;" in page


def test_cancelling_an_unsent_run_ends_it_at_once(app: App, alice: User) -> None:
    run = make_run(app, alice)
    signed_in(alice).post(f"{run.get_absolute_url()}cancel/")
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_cancelling_an_ended_run_changes_nothing(app: App, alice: User) -> None:
    run = make_run(
        app, alice, state=RunState.SUCCEEDED, job_id="j", due_at=None, ended_at=timezone.now()
    )
    signed_in(alice).post(f"{run.get_absolute_url()}cancel/")
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED


# --- History -----------------------------------------------------------------------------------


def test_history_is_paged_without_gap_or_repeat(app: App, alice: User) -> None:
    now = timezone.now()
    # Twins in time, so that the key alone has to keep them apart; others by the database's clock.
    for n in range(PAGE):
        make_run(app, alice, created_at=now - timedelta(minutes=n // 2))
    for _ in range(PAGE + 5):
        make_run(app, alice)
    client, url, seen = signed_in(alice), "/runs/", []
    for _ in range(3):
        page = client.get(url).content.decode()
        seen += re.findall(r'/runs/([0-9a-f-]{36})/"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        url = "/runs/" + older[1].replace("&amp;", "&") if older else ""
    assert url == ""
    assert len(seen) == len(set(seen)) == 2 * PAGE + 5


def test_history_leads_back_the_way_it_came(app: App, alice: User) -> None:
    for _ in range(2 * PAGE):
        make_run(app, alice)
    client = signed_in(alice)
    first = client.get("/runs/").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = client.get("/runs/" + older[1].replace("&amp;", "&")).content.decode()
    newer = re.search(r'rel="prev" href="([^"]+)"', second)
    assert newer
    back = client.get("/runs/" + newer[1].replace("&amp;", "&")).content.decode()
    ids = r'/runs/([0-9a-f-]{36})/"'
    assert re.findall(ids, back) == re.findall(ids, first)
    assert not set(re.findall(ids, second)) & set(re.findall(ids, first))


def test_a_run_is_not_ahead_of_itself(app: App, alice: User) -> None:
    run = make_run(app, alice)
    assert runs_ahead(run) == 0
    assert runs_ahead(make_run(app, alice)) <= 1


def test_history_shows_ones_own_runs_alone(app: App, alice: User, bob: User, admin: User) -> None:
    run = make_run(app, alice)
    assert str(run.pk).encode() in signed_in(alice).get("/runs/").content
    assert str(run.pk).encode() not in signed_in(bob).get("/runs/?who=all").content
    assert str(run.pk).encode() not in signed_in(admin).get("/runs/").content
    assert str(run.pk).encode() in signed_in(admin).get("/runs/?who=all").content


@pytest.mark.parametrize("query", ["before=x", "after=x", "state=zzz", "before=&after="])
def test_odd_addresses_of_history_still_show_a_page(alice: User, query: str) -> None:
    assert signed_in(alice).get(f"/runs/?{query}", follow=True).status_code == 200
