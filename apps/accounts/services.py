"""Groups and who is in them."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.signals import done


@transaction.atomic
def create_group(*, name: str, actor: User | None) -> Group:
    group = Group.objects.create(name=name)
    done.send(Group, verb="group.created", thing=group, actor=actor, facts={})
    return group


@transaction.atomic
def add_member(group: Group, user: User, *, actor: User | None) -> bool:
    """Put a person into a group; return False where they are in it already."""
    if group.user_set.filter(pk=user.pk).exists():
        return False
    group.user_set.add(user)
    facts = {"member": user.username}
    done.send(Group, verb="group.member_added", thing=group, actor=actor, facts=facts)
    return True


@transaction.atomic
def remove_member(group: Group, user: User, *, actor: User | None) -> bool:
    """Take a person out of a group; return False where they are not in it."""
    if not group.user_set.filter(pk=user.pk).exists():
        return False
    group.user_set.remove(user)
    facts = {"member": user.username}
    done.send(Group, verb="group.member_removed", thing=group, actor=actor, facts=facts)
    return True
