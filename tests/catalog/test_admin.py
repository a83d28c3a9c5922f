"""The admin, for repair: it opens, and it shows no secret."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.services import record
from apps.catalog.models import App
from apps.gallery.types import Kind, Question
from tests.factories import make_app, make_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def repairer(admin: User) -> Client:
    admin.is_superuser = True
    admin.save()
    client = Client()
    client.force_login(admin)
    return client


def test_every_list_and_row_opens_without_secrets(repairer: Client) -> None:
    connection = make_connection(client_key="CANARY-KEY", secret="CANARY-SECRET")
    app = make_app(connection, questions=[Question("Region", Kind.TEXT)])
    assert app.question_set
    for row in (connection, app, app.question_set, record("app.exposed", app)):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        for address in (reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[row.pk])):
            response = repairer.get(address)
            assert response.status_code == 200
            assert b"CANARY" not in response.content


def test_the_record_cannot_be_changed(repairer: Client) -> None:
    event = record("app.exposed", None)
    address = reverse("admin:audit_auditevent_change", args=[event.pk])
    assert repairer.post(address, {"verb": "nothing"}).status_code == 403
    assert repairer.get(reverse("admin:audit_auditevent_add")).status_code == 403


def test_a_repaired_app_is_found_by_its_new_title(repairer: Client) -> None:
    app = make_app()
    posted = {
        "workflow_name": "w",
        "title": "Renamed",
        "icon": "receipt",
        "overlays-TOTAL_FORMS": "0",
        "overlays-INITIAL_FORMS": "0",
    }
    repairer.post(reverse("admin:catalog_app_change", args=[app.pk]), posted)
    assert "renamed" in App.objects.get().search_text
