"""Sowing the demo: against the real pretend Gallery, again and again."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.catalog.models import App
from apps.emulator.emulator import Emulator
from apps.emulator.options import Generation, Options
from apps.emulator.workflows import ALL
from apps.gallery.models import Connection
from apps.home.demo import options, seed
from apps.home.demo.cast import BEN, DAN
from apps.home.demo.environment import Demo
from apps.home.demo.refusal import Refusal
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def demo_at(emulator: Emulator) -> Demo:
    port = urlsplit(emulator.url).port
    assert port is not None
    chosen = argparse.Namespace(generation=str(emulator.options.generation), check=False)
    keys = {"broker_password": "unused"}
    return Demo(Path("unused"), 1, port, 1, False, keys, chosen)


@pytest.fixture(params=[Generation.V2022_3, Generation.V2021_3])
def demo(request: pytest.FixtureRequest) -> Iterator[Demo]:
    with Emulator(Options(generation=request.param), ALL) as emulator:
        yield demo_at(emulator)


def test_every_app_that_can_run_is_exposed_and_live(demo: Demo) -> None:
    assert seed.sow(demo) == []
    assert Connection.objects.get().is_healthy
    titles = set(App.objects.filter(is_live=True).values_list("title", flat=True))
    assert {workflow.name for workflow in ALL if workflow.studio == "Finance"} <= titles


def test_people_see_the_apps_of_their_groups_and_those_for_everyone(demo: Demo) -> None:
    seed.sow(demo)
    ben, dan = (User.objects.get(username=person.username) for person in (BEN, DAN))
    for_dan = set(App.objects.visible_to(dan))
    assert for_dan
    assert for_dan < set(App.objects.visible_to(ben))


def test_a_second_sowing_changes_nothing_people_changed(demo: Demo) -> None:
    seed.sow(demo)
    ben = User.objects.get(username=BEN.username)
    ben.groups.clear()
    app = App.objects.get(title="Sales extract by region")
    app.title, app.is_live = "My own title", False
    app.save()
    assert seed.sow(demo) == []
    app.refresh_from_db()
    assert (app.title, app.is_live) == ("My own title", False)
    assert not ben.groups.exists()
    assert App.objects.filter(workflow_id=app.workflow_id).count() == 1


def test_a_gallery_that_moved_to_another_port_is_found_again(demo: Demo) -> None:
    seed.sow(demo)
    Connection.objects.update(url="http://127.0.0.1:9/gallery", is_healthy=False)
    assert seed.sow(demo) == []
    row = Connection.objects.get()
    assert row.url == f"{demo.gallery_url}/gallery"
    assert row.is_healthy


def test_a_connection_people_pointed_elsewhere_is_left_alone(demo: Demo) -> None:
    seed.sow(demo)
    Connection.objects.update(url="https://gallery.example.com/gallery", is_healthy=True)
    seed.sow(demo)
    assert Connection.objects.get().url == "https://gallery.example.com/gallery"


def test_demo_passwords_open_the_portal_and_are_hashed_anew_in_full_strength(
    demo: Demo, client: Client, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    seed.sow(demo)
    assert client.login(username=BEN.username, password=BEN.password)
    assert not client.login(username=DAN.username, password=BEN.password)
    stored = User.objects.get(username=BEN.username).password
    assert int(stored.split("$")[1]) == PBKDF2PasswordHasher.iterations


def test_a_database_with_other_people_is_refused(demo: Demo) -> None:
    make_user("somebody")
    with pytest.raises(Refusal, match="already holds other people"):
        seed.sow(demo)
    assert User.objects.count() == 1


def test_the_commands_generations_are_the_pretend_gallerys() -> None:
    assert list(options.GENERATIONS) == [str(generation) for generation in Generation]
