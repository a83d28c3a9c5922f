"""Keys and tokens: kept, renewed once, refused."""

from __future__ import annotations

import io
from threading import Barrier, Thread

import pytest
from django.db import connection as database

from apps.emulator import faults
from apps.emulator.emulator import Emulator
from apps.emulator.faults import Fault
from apps.emulator.options import Generation
from apps.gallery.errors import Cause, GalleryRefusal, GalleryUnreachable, JobGone
from apps.gallery.models import Connection
from tests.gallery.conftest import Connect, Start, run_echo


def tokens_asked(emulator: Emulator) -> int:
    return sum(1 for request in emulator.requests if request.path.endswith("oauth2/token"))


def test_a_token_is_kept_encrypted_and_used_again(gallery: Emulator, connect: Connect) -> None:
    connection = connect(gallery)
    connection.client().workflows()
    Connection.objects.get(pk=connection.pk).client().workflows()
    assert tokens_asked(gallery) == 1
    with database.cursor() as cursor:
        cursor.execute("SELECT token FROM gallery_connection")
        stored = cursor.fetchone()[0]
    assert stored
    assert Connection.objects.get(pk=connection.pk).token_in_clear not in stored


def test_after_a_401_the_token_is_renewed_once(gallery: Emulator, connect: Connect) -> None:
    connection = connect(gallery)
    connection.client().workflows()
    gallery.expire_tokens()
    again = Connection.objects.get(pk=connection.pk)
    assert again.client().workflows()
    assert tokens_asked(gallery) == 2


def test_files_travel_again_with_a_new_token(gallery: Emulator, connect: Connect) -> None:
    connection = connect(gallery)
    job = run_echo(gallery, connection)
    gallery.expire_tokens()
    again = Connection.objects.get(pk=connection.pk).client()
    with again.download(job.id, job.outputs[0].id, "Raw") as download:
        assert b"Region=S" in b"".join(download.chunks())
    gallery.expire_tokens()
    name = Connection.objects.get(pk=connection.pk).client().upload("a.csv", io.BytesIO(b"abc"))
    stored = gallery.gallery.store.input_file(name)
    assert stored is not None
    assert stored.read_bytes() == b"abc"


def test_a_second_401_is_a_refusal_without_a_third_try(gallery: Emulator, connect: Connect) -> None:
    connection = connect(gallery)
    connection.client().prepare()
    gallery.faults.add(Fault("GET .*/v3/", faults.Status(401, "{}"), times=None))
    with pytest.raises(GalleryRefusal):
        Connection.objects.get(pk=connection.pk).client().workflows()
    assert tokens_asked(gallery) == 2
    assert sum(1 for request in gallery.requests if "/v3/" in request.path) == 2


@pytest.mark.django_db(transaction=True)
def test_many_threads_on_an_expired_token_ask_for_one(gallery: Emulator, connect: Connect) -> None:
    connection = connect(gallery)
    barrier, found = Barrier(12), list[int]()

    def work() -> None:
        mine = Connection.objects.get(pk=connection.pk)
        barrier.wait()
        found.append(len(mine.client().workflows()))
        database.close()

    threads = [Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert tokens_asked(gallery) == 1


def test_a_wrong_secret_is_a_refusal(face: tuple[Emulator, Connection]) -> None:
    _, connection = face
    connection.secret = "f" * 64
    with pytest.raises(GalleryRefusal) as refused:
        connection.client().workflows()
    assert refused.value.cause in {Cause.BAD_KEY, Cause.BAD_SIGNATURE}


def test_a_key_without_tokens_shows_as_needing_attention(
    gallery: Emulator, connect: Connect
) -> None:
    connection = connect(gallery, secret="f" * 64, is_healthy=True)
    with pytest.raises(GalleryRefusal):
        connection.client().workflows()
    connection.refresh_from_db()
    assert connection.is_healthy is False
    assert "does not know the portal's key" in connection.last_error


def test_oauth1_tells_a_wrong_key_from_a_wrong_secret(start: Start, connect: Connect) -> None:
    emulator = start(Generation.V2021_3)
    with pytest.raises(GalleryRefusal) as wrong_key:
        connect(emulator, client_key="8D0").client().workflows()
    with pytest.raises(GalleryRefusal) as wrong_secret:
        connect(emulator, secret="nope").client().workflows()
    assert wrong_key.value.cause is Cause.BAD_KEY
    assert wrong_secret.value.cause is Cause.BAD_SIGNATURE


def test_an_unknown_dialect_is_said_before_anything_is_sent(
    gallery: Emulator, connect: Connect
) -> None:
    connection = connect(gallery, dialect="", api_url="")
    with pytest.raises(GalleryUnreachable) as unknown:
        connection.client().workflows()
    assert (unknown.value.was_sent, unknown.value.cause) == (False, Cause.UNKNOWN_DIALECT)


def test_ids_are_never_a_path(gallery: Emulator, connect: Connect) -> None:
    client = connect(gallery).client()
    for odd in ("", ".", ".."):
        with pytest.raises(GalleryRefusal):
            client.job(odd)
    with pytest.raises(JobGone):
        client.job("../workflows")
