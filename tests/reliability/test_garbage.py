"""Whatever answers in the Gallery's place: no traceback, no false success, nothing sent twice.

The short form tries the same answers every time. ``PORTAL_FUZZ_EXAMPLES=5000`` tries that many
new ones per call.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.gallery import client as gallery_client
from apps.gallery.models import Connection
from apps.gallery.types import Dialect
from apps.gallery.wire.exchange import Patience
from apps.runs.models import Run
from apps.runs.types import Reason
from tests.factories import make_app, make_connection, make_run
from tests.reliability.liar import JOB_ID, TOKEN, TRUTH, Call, Liar, Lie, Plan, liar
from tests.reliability.lies import lies
from tests.runs.driving import advance, settle, texts_of_rows

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("PORTAL_FUZZ_EXAMPLES", "0"))
SECRET = "9f8e7d6c5b4a39281706f5e4d3c2b1a0-a-secret"
LOOKS = 8
WAYS = (("oauth1", False), ("oauth2", False), ("oauth2", True))


@pytest.fixture(scope="module")
def server() -> Iterator[Liar]:
    with liar() as found:
        yield found


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = Patience(connect=1, silence=0.3, total=1)
    monkeypatch.setattr(gallery_client, "Patience", lambda: quick)
    monkeypatch.setattr(gallery_client, "patience_for_files", lambda: quick)


def live(run: Run) -> Run:
    """Take a run as far as it goes, past every pause."""
    for _ in range(LOOKS):
        Connection.objects.update(paused_until=None)
        run = advance(run)
        if run.has_ended:
            return run
    return settle(run) if run.state == "UNSURE" else run


def says_success(lie: Lie) -> bool:
    """Whether an answer about a job is whole and says that this one went well."""
    try:
        job: Any = json.loads(lie.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    if not isinstance(job, dict):
        return False
    words = [str(job.get(name)).strip().casefold() for name in ("status", "disposition")]
    is_ours = str(job.get("id")).strip() == JOB_ID
    return is_ours and words[0] in {"completed", "complete"} and words[1] == "success"


def judge(run: Run, plan: Plan) -> None:
    """Assert what must hold at the end, whatever was answered."""
    assert (run.due_at is None) == run.has_ended
    assert run.lease_until is None
    assert run.crashes <= run.has_ended  # a good step clears it, the end need not
    assert run.reason != Reason.CRASHED
    assert run.state != "FAILED" or run.error
    # Nothing is sent again unless the answer before said for certain that nothing was done.
    for lie in plan.said(Call.SUBMIT)[:-1]:
        assert lie.start.split()[1] in {b"401", b"429"}, plan
    if run.state == "SUCCEEDED":
        assert any(says_success(lie) for lie in plan.said(Call.JOB)), plan
    for output in run.outputs.all():
        assert output.sha256 in plan.whole_files(), plan
        with default_storage.open(output.file) as file:
            assert len(file.read()) == output.size
    told = "\n".join(texts_of_rows())
    assert SECRET not in told
    assert TOKEN not in told


@pytest.mark.parametrize("call", Call)
def test_no_answer_breaks_a_run_or_fakes_a_success(server: Liar, call: Call) -> None:
    @settings(
        max_examples=EXAMPLES or 40,
        derandomize=not EXAMPLES,
        # Making a failure smaller takes minutes; the long form does it.
        phases=list(Phase) if EXAMPLES else [Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        way=st.sampled_from(WAYS),
        told=st.lists(lies(call), min_size=1, max_size=3).map(tuple),
    )
    def try_one(way: tuple[str, bool], told: tuple[Lie, ...]) -> None:
        dialect, has_v3 = way
        with transaction.atomic():
            connection = make_connection(
                server.url, dialect=Dialect(dialect), has_v3=has_v3, secret=SECRET
            )
            server.plan = plan = Plan(call, told)
            judge(live(make_run(make_app(connection))), plan)
            transaction.set_rollback(True)

    try_one()


ODD_IDS = ("x" * 64, "x" * 65, "x" * 200, "x" * 201, "é" * 64, "a\x00b", "\ud800", "..", 0, 10**70)


@pytest.mark.parametrize("odd", ODD_IDS, ids=lambda odd: ascii(odd)[:12])
@pytest.mark.parametrize("call", [Call.LIST, Call.SUBMIT, Call.JOB])
def test_an_id_of_any_length_or_alphabet_breaks_nothing(
    server: Liar, call: Call, odd: str | int
) -> None:
    truth = TRUTH[call]
    body = [truth[0] | {"id": odd}] if isinstance(truth, list) else truth | {"id": odd}
    told = Lie(body=json.dumps(body).encode())
    server.plan = plan = Plan(call, (told,) * 3)
    judge(live(make_run(make_app(make_connection(server.url, secret=SECRET)))), plan)


@pytest.mark.parametrize(("dialect", "has_v3"), WAYS)
def test_without_lies_the_run_succeeds(server: Liar, dialect: str, has_v3: bool) -> None:
    connection = make_connection(server.url, dialect=Dialect(dialect), has_v3=has_v3)
    server.plan = plan = Plan(Call.JOB, ())
    run = live(make_run(make_app(connection)))
    assert run.state == "SUCCEEDED"
    assert run.outputs.count() == 3
    judge(run, plan)
