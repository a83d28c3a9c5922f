"""Groups and their members, on administrators' pages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def group_url(group: Group) -> str:
    return reverse("people:group", args=[group.pk])


def test_only_administrators_get_in(sales: Group, alice: User, charlie: User) -> None:
    for user in (alice, charlie):
        client = Client()
        client.force_login(user)
        remove = reverse("people:remove", args=[sales.pk, alice.pk])
        assert client.get(reverse("people:list")).status_code == 404
        assert client.post(group_url(sales), {"person": "charlie"}).status_code == 404
        assert client.post(remove).status_code == 404
    assert alice.groups.exists()


def test_a_group_is_made_and_recorded(staff: Client, admin: User) -> None:
    response = staff.post(reverse("people:list"), {"name": "Controlling"})
    group = Group.objects.get()
    assert response["Location"] == group_url(group)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.object_name) == ("group.created", admin, "Controlling")
    twice = staff.post(reverse("people:list"), {"name": "controlling"})
    assert twice.status_code == 422
    assert b"of this name already" in twice.content


@pytest.mark.parametrize("words", ["charlie", "CHARLIE@example.com", " charlie "])
def test_a_person_is_added_by_name_or_address(
    staff: Client, sales: Group, charlie: User, words: str
) -> None:
    staff.post(group_url(sales), {"person": words})
    assert charlie.groups.get() == sales
    staff.post(group_url(sales), {"person": words})
    assert AuditEvent.objects.get().facts == {"member": "charlie"}


@pytest.mark.parametrize("words", ["", "nobody", "shared@example.com", "\0"])
def test_who_cannot_be_told_is_not_added(staff: Client, sales: Group, words: str) -> None:
    for name in ("first", "second"):
        make_user(name)
    User.objects.update(email="shared@example.com")
    response = staff.post(group_url(sales), {"person": words})
    assert response.status_code == 422
    assert not sales.user_set.exists()


def test_a_person_is_removed(staff: Client, sales: Group, alice: User, bob: User) -> None:
    assert b"alice" in staff.get(group_url(sales)).content
    address = reverse("people:remove", args=[sales.pk, alice.pk])
    staff.post(address)
    staff.post(address)
    assert list(sales.user_set.all()) == [bob]
    assert AuditEvent.objects.get().verb == "group.member_removed"
    assert staff.get(address).status_code == 405


def test_groups_are_listed_with_their_size(staff: Client, alice: User, bob: User) -> None:
    html = staff.get(reverse("people:list")).content.decode()
    assert "Sales" in html
    assert "2 people" in html
