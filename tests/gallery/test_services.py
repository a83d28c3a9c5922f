from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.db.models import ProtectedError
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.gallery import services
from apps.gallery.errors import Cause, GalleryError, GalleryRefusal, GalleryUnreachable
from apps.gallery.guard import AddressRefused
from apps.gallery.models import Connection
from apps.gallery.wire.sessions import session_for
from tests.factories import make_app, make_connection

pytestmark = pytest.mark.django_db

BROKEN = GalleryUnreachable("No.", cause=Cause.CUT)


def created(actor: User | None = None, **facts: str) -> Connection:
    values = {"name": "Main", "url": "http://127.0.0.1:9/gallery", "key": "K", "secret": "S3CRET"}
    return services.create_connection(**(values | facts), actor=actor)


def change(connection: Connection, **facts: str) -> Connection:
    values = {"name": connection.name, "url": connection.url, "key": connection.client_key}
    return services.change_connection(connection, **(values | facts), actor=None)


def verbs() -> list[str]:
    return [event.verb for event in AuditEvent.objects.order_by("at")]


def test_a_secret_is_stored_encrypted_and_shows_itself_nowhere(admin: User) -> None:
    connection = created(admin, secret="  S3CRET\n")
    assert connection.secret_in_clear == "S3CRET"
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM gallery_connection")
        assert "S3CRET" not in str(cursor.fetchall())
    shown = f"{connection} {connection!r} {vars(connection)} {connection.secret}"
    assert "S3CRET" not in shown
    assert "S3CRET" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("secret", ["#%+&=", "😀" * 10, "a b", "x" * 4000, "ä\\'\""])
def test_any_secret_survives_exactly(secret: str) -> None:
    connection = created(secret=secret)
    assert Connection.objects.get(pk=connection.pk).secret_in_clear == secret


def test_who_set_the_secret_is_kept(admin: User) -> None:
    connection = created(admin)
    event = services.secret_history(connection)
    assert event is not None
    assert event.actor == admin


def test_a_forbidden_address_is_not_stored() -> None:
    with pytest.raises(AddressRefused):
        created(url="http://169.254.169.254/")
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1:9/gallery", "http://localhost:9/gallery", "http://127.0.0.1:10/gallery"],
)
def test_another_origin_empties_the_secret(url: str) -> None:
    connection = change(created(), url=url)
    assert not connection.secret
    assert "connection.secret_emptied" in verbs()
    assert change(connection, secret="NEW").secret_in_clear == "NEW"
    assert verbs()[-1] == "connection.secret_changed"


def test_another_origin_with_a_new_secret_keeps_the_new_one() -> None:
    connection = change(created(), url="http://127.0.0.1:10", secret="NEW")
    assert connection.secret_in_clear == "NEW"


def test_another_path_keeps_the_secret_and_forgets_what_was_found() -> None:
    connection = created()
    Connection.objects.update(dialect="oauth2", api_url="http://x", token="T", is_healthy=True)
    changed = change(connection, url="http://127.0.0.1:9/other")
    assert changed.secret_in_clear == "S3CRET"
    assert (changed.dialect, changed.api_url, changed.token_in_clear) == ("", "", "")
    assert changed.is_healthy is None


def test_another_name_changes_nothing_else() -> None:
    connection = created()
    Connection.objects.update(dialect="oauth2", token="T", is_healthy=True)
    changed = change(connection, name="Other")
    assert (changed.name, changed.dialect, changed.is_healthy) == ("Other", "oauth2", True)
    assert changed.token_in_clear == "T"


def test_a_new_secret_starts_a_new_session() -> None:
    connection = created()
    before = session_for(connection)
    assert session_for(Connection.objects.get()) is before
    change(connection, secret="NEW")
    assert session_for(Connection.objects.get()) is not before


def test_a_connection_in_use_is_not_deleted() -> None:
    connection = make_connection()
    make_app(connection)
    with pytest.raises(ProtectedError):
        services.delete_connection(connection, actor=None)
    assert Connection.objects.exists()
    assert "connection.deleted" not in verbs()
    free = make_connection()
    services.delete_connection(free, actor=None)
    assert verbs()[-1] == "connection.deleted"


# --- The breaker ---------------------------------------------------------------------------------


def fail(connection: Connection, error: GalleryError = BROKEN, *, times: int = 1) -> Connection:
    for _ in range(times):
        services.note_failure(connection, error)
        Connection.objects.filter(paused_until__isnull=False).update(
            paused_until=timezone.now() - timedelta(seconds=1)
        ) if _ < times - 1 else None
    connection.refresh_from_db()
    return connection


def pause(connection: Connection) -> float:
    assert connection.paused_until is not None
    return (connection.paused_until - timezone.now()).total_seconds()


def test_the_breaker_opens_after_five_failures_in_a_row() -> None:
    connection = fail(make_connection(), times=4)
    assert (connection.failures, connection.paused_until) == (4, None)
    assert connection.failing_since is not None
    fail(connection)
    assert 28 < pause(connection) <= 30
    assert connection.is_paused
    assert connection.last_error == "No."


@pytest.mark.parametrize(
    ("failures", "seconds"), [(6, 60), (7, 120), (8, 240), (9, 300), (20, 300)]
)
def test_the_pause_doubles_up_to_five_minutes(failures: int, seconds: float) -> None:
    assert seconds - 2 < pause(fail(make_connection(), times=failures)) <= seconds


def test_late_answers_do_not_lengthen_an_open_pause() -> None:
    connection = fail(make_connection(), times=5)
    before = connection.paused_until
    fail(connection)
    assert (connection.failures, connection.paused_until) == (5, before)


def test_one_good_answer_closes_the_breaker() -> None:
    connection = fail(make_connection(), times=5)
    services.note_success(connection)
    connection.refresh_from_db()
    assert (connection.failures, connection.paused_until, connection.failing_since) == (
        0,
        None,
        None,
    )
    assert connection.last_error == ""


def test_a_good_answer_of_a_healthy_connection_costs_no_query(
    django_assert_num_queries: object,
) -> None:
    connection = make_connection()
    connection.refresh_from_db()
    with django_assert_num_queries(0):  # type: ignore[operator]
        services.note_success(connection)


@pytest.mark.parametrize(("asked", "seconds"), [(90, 90), (7200, 3600)])
def test_the_gallerys_own_wish_to_wait_is_respected(asked: float, seconds: float) -> None:
    busy = GalleryUnreachable("Busy.", cause=Cause.BUSY, was_sent=False, retry_after=asked)
    connection = fail(make_connection(), busy)
    assert seconds - 2 < pause(connection) <= seconds
    shorter = GalleryUnreachable("Busy.", cause=Cause.BUSY, was_sent=False, retry_after=5)
    assert seconds - 2 < pause(fail(connection, shorter))


@pytest.mark.parametrize(
    "error",
    [
        GalleryRefusal("No."),
        GalleryUnreachable("Token.", cause=Cause.TOKEN, was_sent=False),
        GalleryUnreachable("Late.", cause=Cause.TOO_LATE, was_sent=False),
        GalleryUnreachable("Odd.", cause=Cause.UNUSABLE),
    ],
)
def test_what_is_no_broken_line_is_not_counted(error: GalleryError) -> None:
    assert fail(make_connection(), error).failures == 0
