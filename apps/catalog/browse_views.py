"""From a Gallery's workflows to an exposed app, for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.models import PortalRequest
from apps.accounts.rights import staff_required
from apps.catalog import services
from apps.catalog.errors import CatalogError
from apps.catalog.forms import AnswerForm, build_form_class
from apps.catalog.forms.staff import AppForm, ExposeForm, plain_title
from apps.catalog.manage_views import chosen_groups, known_categories
from apps.catalog.models import App
from apps.catalog.services.index import fold
from apps.catalog.services.questions import check_questions
from apps.gallery.errors import GalleryError
from apps.gallery.models import Connection
from apps.gallery.types import Workflow

MAX_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Found:
    """One workflow of a Gallery and what keeps it from being exposed."""

    workflow: Workflow
    app: App | None
    obstacle: str  # "" where nothing does
    remark: str
    search_text: str
    is_match: bool


@staff_required
@require_GET
def choose(request: PortalRequest) -> HttpResponse:
    """Choose the Gallery to expose a workflow of; with only one there is nothing to choose."""
    connections = list(Connection.objects.annotate(app_count=Count("apps")))
    if len(connections) == 1:
        return redirect("manage_apps:browse", connections[0].pk)
    return render(request, "catalog/manage/choose.html", {"connections": connections})


@staff_required
@require_GET
def browse(request: PortalRequest, connection_id: UUID) -> HttpResponse:
    """List what the connection's key can see."""
    connection = get_object_or_404(Connection, pk=connection_id)
    search = request.GET.get("q", "")[:MAX_SEARCH].strip()
    context: dict[str, Any] = {"connection": connection, "search": search}
    try:
        workflows = connection.client().workflows()
    except GalleryError as error:
        context["trouble"] = error
        return render(request, "catalog/manage/browse.html", context)
    apps = {app.workflow_id: app for app in App.objects.filter(connection=connection)}
    words = fold(search).split()
    found = [_found(workflow, apps.get(workflow.id), words) for workflow in workflows]
    found.sort(key=lambda entry: entry.workflow.name.casefold())
    context |= {"found": found, "has_match": any(entry.is_match for entry in found)}
    return render(request, "catalog/manage/browse.html", context)


def _found(workflow: Workflow, app: App | None, words: list[str]) -> Found:
    text = fold(f"{workflow.name} {workflow.description} {workflow.author} {workflow.owner}")
    remark = ""
    if workflow.run_disabled:
        remark = _("Running it is switched off in the Gallery.")
    elif workflow.kind == "Module":
        remark = _("A workflow without questions: it runs as it is.")
    elif workflow.needs_credential:
        remark = _("The Gallery asks for credentials when it is run.")
    return Found(
        workflow=workflow,
        app=app,
        obstacle=services.obstacle(workflow),
        remark=remark,
        search_text=text,
        is_match=all(word in text for word in words),
    )


@staff_required
@require_http_methods(["GET", "POST"])
def expose(request: PortalRequest, connection_id: UUID, workflow_id: str) -> HttpResponse:
    """Make a workflow an app: words, icon, people, and a look at its form."""
    connection = get_object_or_404(Connection, pk=connection_id)
    present = App.objects.filter(connection=connection, workflow_id=workflow_id).first()
    if present:
        return redirect(present.get_manage_url())
    context: dict[str, Any] = {"connection": connection}
    client = connection.client()
    try:
        workflow = client.workflow(workflow_id)
        questions = client.questions(workflow_id)
        check_questions(questions)
    except (GalleryError, CatalogError) as error:
        is_gallery = isinstance(error, GalleryError)
        context |= {"trouble": error, "is_gallery": is_gallery}
        status = 200 if is_gallery else 422
        return render(request, "catalog/manage/expose_trouble.html", context, status=status)
    form = ExposeForm(
        request.POST if request.method == "POST" else None,
        initial={
            "title": plain_title(workflow.name),
            "summary": " ".join(workflow.description.split())[:200],
            "icon": "chart-column",
        },
    )
    if form.is_valid():
        response = _expose(request, connection, workflow_id, form)
        if response:
            return response
    context |= {
        "workflow": workflow,
        "obstacle": services.obstacle(workflow),
        "form": form,
        "categories": known_categories(),
        "preview": _preview(questions),
        "question_count": len(questions),
    }
    status = 422 if form.errors else 200
    return render(request, "catalog/manage/expose.html", context, status=status)


def _preview(questions: Any) -> AnswerForm:
    # Names of its own, because it stands in the same page as another form.
    return build_form_class(questions, [])(prefix="preview", auto_id="preview_%s")


def _expose(
    request: PortalRequest, connection: Connection, workflow_id: str, form: ExposeForm
) -> HttpResponse | None:
    looks = {name: form.cleaned_data[name] for name in (*AppForm.base_fields, "for_everyone")}
    groups = list(form.cleaned_data["groups"])
    try:
        app = services.expose(
            connection=connection,
            workflow_id=workflow_id,
            groups=groups,
            actor=request.user,
            is_live="hidden" not in request.POST,
            **looks,
        )
    except (GalleryError, CatalogError) as error:
        form.add_error(None, str(error))
        return None
    if form.cleaned_data["new_group"]:
        services.change_app(app, actor=request.user, groups=chosen_groups(form, request.user))
    messages.success(request, _("“%s” is exposed.") % app)
    return redirect(app.get_manage_url())
