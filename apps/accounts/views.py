"""Groups and their members, for administrators."""

from __future__ import annotations

from allauth.account.views import password_reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import services
from apps.accounts.forms import GroupForm, MemberForm
from apps.accounts.models import PortalRequest, User
from apps.accounts.rights import staff_required

SUGGESTED = 500


def not_offered(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Stand in front of a page of django-allauth that the portal leaves out."""
    raise Http404


@login_not_required
def reset_password(request: HttpRequest) -> HttpResponse:
    """Offer a way to a new password only where a mail server can carry it."""
    if not settings.HAS_MAIL:
        raise Http404
    answer: HttpResponse = password_reset(request)
    return answer


@staff_required
@require_http_methods(["GET", "POST"])
def groups(request: PortalRequest) -> HttpResponse:
    """List groups; make a new one."""
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        group = services.create_group(name=form.cleaned_data["name"], actor=request.user)
        messages.success(request, _("The group “%s” is there. Add its people now.") % group)
        return redirect("people:group", group.pk)
    known = Group.objects.annotate(members=Count("user")).order_by("name")
    context = {"groups": known, "form": form}
    return render(request, "people/groups.html", context, status=422 if form.errors else 200)


@staff_required
@require_http_methods(["GET", "POST"])
def group(request: PortalRequest, group_id: int) -> HttpResponse:
    """Show who is in a group; add a person."""
    shown = get_object_or_404(Group, pk=group_id)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        person: User = form.cleaned_data["person"]
        is_new = services.add_member(shown, person, actor=request.user)
        words = _("%s is in this group now.") if is_new else _("%s is in this group already.")
        messages.success(request, words % person)
        return redirect("people:group", shown.pk)
    members = shown.user_set.order_by("last_name", "first_name", "username")
    others = User.objects.filter(is_active=True).exclude(groups=shown).order_by("username")
    context = {
        "group": shown,
        "members": members,
        "others": others[:SUGGESTED],
        "form": form,
    }
    return render(request, "people/group.html", context, status=422 if form.errors else 200)


@staff_required
@require_POST
def remove(request: PortalRequest, group_id: int, user_id: str) -> HttpResponse:
    """Take a person out of a group."""
    shown = get_object_or_404(Group, pk=group_id)
    person = get_object_or_404(User, pk=user_id)
    if services.remove_member(shown, person, actor=request.user):
        messages.success(request, _("%s is no longer in this group.") % person)
    return redirect("people:group", shown.pk)
