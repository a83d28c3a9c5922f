"""Exposed apps, for administrators: what is live, how each looks, what it asks, who may run it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.models import PortalRequest, User
from apps.accounts.rights import staff_required
from apps.accounts.services import create_group
from apps.catalog import services
from apps.catalog.drift import Drift, Level, compare
from apps.catalog.errors import CatalogError
from apps.catalog.forms import form_class_for
from apps.catalog.forms.staff import AccessForm, AppForm, overlay_forms
from apps.catalog.models import App
from apps.gallery.errors import GalleryError

TABS = (
    ("detail", gettext_lazy("Overview")),
    ("questions", gettext_lazy("Questions")),
    ("who", gettext_lazy("Who")),
    ("preview", gettext_lazy("Preview")),
)

LISTED = (
    "title",
    "workflow_name",
    "category",
    "is_live",
    "for_everyone",
    "missing_since",
    "offered_set_id",
    "updated_at",
)


def _apps() -> QuerySet[App]:
    return App.objects.select_related("connection", "question_set", "offered_set")


def _show(
    request: PortalRequest, app: App, tab: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    tabs = [
        {
            "label": label,
            "href": reverse(f"manage_apps:{name}", args=[app.pk]),
            "current": name == tab,
        }
        for name, label in TABS
    ]
    drift = compare(app.questions, app.offered_set.questions) if app.offered_set else None
    facts = {"app": app, "tabs": tabs, "drift": drift}
    return render(request, f"catalog/manage/{tab}.html", {**facts, **context}, status=status)


@staff_required
@require_GET
def app_list(request: PortalRequest) -> HttpResponse:
    """List all exposed apps with their state."""
    # Only the connection's name: its secrets would be decrypted for nothing.
    apps = (
        App.objects.select_related("connection")
        .only(*LISTED, "connection__name")
        .prefetch_related("groups")
    )
    return render(request, "catalog/manage/list.html", {"apps": apps, "count": len(apps)})


@staff_required
@require_http_methods(["GET", "POST"])
def detail(request: PortalRequest, app_id: UUID) -> HttpResponse:
    """Show how an app looks and stands; change its words and icon."""
    app = get_object_or_404(_apps(), pk=app_id)
    posted = request.POST if request.method == "POST" else None
    form = AppForm(posted, initial=AppForm.initial_for(app))
    if form.is_valid():
        services.change_app(app, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("manage_apps:detail", app.pk)
    may_open = App.objects.visible_to(request.user).filter(pk=app.pk).exists()
    context = {"form": form, "categories": known_categories(), "may_open": may_open}
    return _show(request, app, "detail", context, status=422 if form.errors else 200)


def known_categories() -> list[str]:
    names = App.objects.exclude(category="").values_list("category", flat=True)
    return sorted(names.distinct().order_by("category"))


@staff_required
@require_http_methods(["GET", "POST"])
def questions(request: PortalRequest, app_id: UUID) -> HttpResponse:
    """Show what the workflow asks, question by question; change how people are asked."""
    app = get_object_or_404(_apps(), pk=app_id)
    posted = request.POST if request.method == "POST" else None
    forms = overlay_forms(app, posted)
    if posted is not None and all(form.is_valid() for form in forms):
        wanted = {form.question.name: form.facts() for form in forms}
        services.set_overlays(app, wanted, actor=request.user)
        messages.success(request, _("Saved. The preview shows the form as people see it now."))
        return redirect("manage_apps:questions", app.pk)
    status = 422 if any(form.errors for form in forms) else 200
    return _show(request, app, "questions", {"forms": forms}, status=status)


@staff_required
@require_http_methods(["GET", "POST"])
def who(request: PortalRequest, app_id: UUID) -> HttpResponse:
    """Show and change who may see and run an app."""
    app = get_object_or_404(_apps(), pk=app_id)
    posted = request.POST if request.method == "POST" else None
    initial = {"for_everyone": app.for_everyone, "groups": list(app.groups.all())}
    form = AccessForm(posted, initial=initial)
    if form.is_valid():
        groups = chosen_groups(form, request.user)
        everyone = form.cleaned_data["for_everyone"]
        services.change_app(app, actor=request.user, groups=groups, for_everyone=everyone)
        messages.success(request, _("Saved."))
        return redirect("manage_apps:who", app.pk)
    return _show(request, app, "who", {"form": form}, status=422 if form.errors else 200)


def chosen_groups(form: AccessForm, actor: User) -> list[Any]:
    """Return the groups of a valid form, the new one made."""
    groups = list(form.cleaned_data["groups"])
    name = form.cleaned_data["new_group"]
    return [*groups, create_group(name=name, actor=actor)] if name else groups


@staff_required
@require_GET
def preview(request: PortalRequest, app_id: UUID) -> HttpResponse:
    """Show an app's form exactly as people see it."""
    app = get_object_or_404(_apps(), pk=app_id)
    return _show(request, app, "preview", {"form": form_class_for(app)()})


@staff_required
@require_POST
def refresh(request: PortalRequest, app_id: UUID) -> HttpResponse:
    """Ask the Gallery what the app asks now."""
    app = get_object_or_404(_apps(), pk=app_id)
    try:
        _set, drift = services.import_questions(app, actor=request.user)
    except (GalleryError, CatalogError) as error:
        messages.error(request, str(error))
    else:
        _tell(request, drift)
    return redirect("manage_apps:questions", app.pk)


def _tell(request: PortalRequest, drift: Drift | None) -> None:
    if drift is None or drift.level is Level.SAME:
        messages.success(request, _("The questions are what they were."))
    elif drift.level is Level.COMPATIBLE:
        words = _("Taken over: %(added)d new, %(changed)d changed. Everything else still fits.")
        facts = {"added": len(drift.added), "changed": len(drift.changed)}
        messages.success(request, words % facts)
    else:
        messages.warning(request, _("The questions changed in a way that needs your decision."))


@staff_required
@require_POST
def adopt(request: PortalRequest, app_id: UUID) -> HttpResponse:
    """Use the questions the Gallery has now in place of those in use."""
    app = get_object_or_404(_apps(), pk=app_id)
    services.adopt_questions(app, actor=request.user)
    messages.success(request, _("The app asks the new questions from now on."))
    return redirect("manage_apps:questions", app.pk)


@staff_required
@require_POST
def publish(request: PortalRequest, app_id: UUID) -> HttpResponse:
    app = get_object_or_404(_apps(), pk=app_id)
    try:
        services.publish(app, actor=request.user)
    except CatalogError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%s” is in the catalogue now.") % app)
    return redirect("manage_apps:detail", app.pk)


@staff_required
@require_POST
def withdraw(request: PortalRequest, app_id: UUID) -> HttpResponse:
    app = get_object_or_404(_apps(), pk=app_id)
    services.withdraw(app, actor=request.user)
    messages.success(request, _("“%s” is hidden. Runs made so far stay where they are.") % app)
    return redirect("manage_apps:detail", app.pk)
