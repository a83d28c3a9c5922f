"""Pages of the connections, for administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, ProtectedError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import PortalRequest
from apps.accounts.rights import staff_required
from apps.gallery import doctor, services
from apps.gallery.forms import ConnectionForm
from apps.gallery.models import Connection
from apps.gallery.types import Report

SHOWN_OF_KEY = 8


@staff_required
@require_safe
def connection_list(request: PortalRequest) -> HttpResponse:
    """List the connections with their health."""
    # App and Run lie in higher packages; their rows are counted by the names they point back by.
    found = Connection.objects.annotate(app_count=Count("apps"))
    return render(request, "gallery/connection_list.html", {"connections": found})


@staff_required
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Add a connection, examine it, and show what was found."""
    form = ConnectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        connection = services.create_connection(
            name=form.cleaned_data["name"],
            url=form.cleaned_data["url"],
            key=form.cleaned_data["client_key"],
            secret=form.cleaned_data["secret"],
            actor=request.user,
        )
        return _saved(request, connection, form)
    context = {"form": form, "title": _("Add a connection")}
    return render(request, "gallery/connection_form.html", context, status=_status(form))


@staff_required
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, connection_id: UUID) -> HttpResponse:
    """Change a connection, examine it, and show what was found."""
    connection = get_object_or_404(Connection, pk=connection_id)
    posted = request.POST if request.method == "POST" else None
    form = ConnectionForm(posted, connection=connection)
    if form.is_valid():
        services.change_connection(
            connection,
            name=form.cleaned_data["name"],
            url=form.cleaned_data["url"],
            key=form.cleaned_data["client_key"],
            secret=form.cleaned_data["secret"],
            actor=request.user,
        )
        return _saved(request, connection, form)
    context = {
        "form": form,
        "connection": Connection.objects.get(pk=connection_id),
        "title": _("Change a connection"),
        "secret_set": services.secret_history(connection),
    }
    return render(request, "gallery/connection_form.html", context, status=_status(form))


def _status(form: ConnectionForm) -> int:
    return 422 if form.is_bound else 200


def _saved(request: PortalRequest, connection: Connection, form: ConnectionForm) -> HttpResponse:
    for notice in form.notices:
        messages.info(request, notice)
    _say(request, services.check_connection(connection, actor=request.user), saved=True)
    return redirect(connection)


@staff_required
@require_POST
def check(request: PortalRequest, connection_id: UUID) -> HttpResponse:
    """Examine a connection again."""
    connection = get_object_or_404(Connection, pk=connection_id)
    _say(request, services.check_connection(connection, actor=request.user), saved=False)
    return redirect(connection)


def _say(request: PortalRequest, report: Report, *, saved: bool) -> None:
    if report.is_healthy:
        words = _("Saved. The connection works.") if saved else _("The connection works.")
        messages.success(request, words)
    elif saved:
        words = _("Saved, but the connection does not work yet. The steps below say why.")
        messages.warning(request, words)
    else:
        messages.warning(request, _("The connection does not work. The steps below say why."))


@staff_required
@require_safe
def detail(request: PortalRequest, connection_id: UUID) -> HttpResponse:
    """Show a connection, what the doctor found, and a report to copy."""
    connection = get_object_or_404(
        Connection.objects.annotate(app_count=Count("apps")), pk=connection_id
    )
    report = doctor.from_json(connection.report)
    context = {
        "connection": connection,
        "probes": _rungs(report),
        "report_text": _report_text(connection, report),
        "facts": _facts(connection),
        "secret_set": services.secret_history(connection),
    }
    return render(request, "gallery/connection_detail.html", context)


def _rungs(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "title": probe.name,
            "verdict": str(probe.verdict),
            "tried": probe.tried,
            "saw": probe.saw,
            "todo": probe.advice,
        }
        for probe in report.probes
    ]


def _report_text(connection: Connection, report: Report) -> str:
    when = f"{connection.checked_at:%Y-%m-%d %H:%M} UTC" if connection.checked_at else "never"
    head = f"{connection.name}: {connection.url}\nChecked: {when}"
    return f"{head}\n{doctor.as_text(report)}"


def _facts(connection: Connection) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("Address"), "value": connection.url},
        {"label": _("API"), "value": connection.api_url or _("not found yet")},
        {"label": _("Dialect"), "value": connection.get_dialect_display()},
        {"label": _("Key"), "value": f"{connection.client_key[:SHOWN_OF_KEY]}…", "mono": True},
    ]
    if connection.last_error:
        facts.append({"label": _("Last trouble"), "value": connection.last_error})
    return facts


@staff_required
@require_http_methods(["GET", "POST"])
def delete(request: PortalRequest, connection_id: UUID) -> HttpResponse:
    """Ask whether to delete a connection; delete it where nothing uses it."""
    connection = get_object_or_404(
        Connection.objects.annotate(app_count=Count("apps")), pk=connection_id
    )
    if request.method == "POST":
        name = connection.name
        try:
            services.delete_connection(connection, actor=request.user)
        except ProtectedError:
            messages.error(request, _("It is in use: apps or runs belong to this connection."))
            return redirect(connection)
        messages.success(request, _("The connection “%s” was deleted.") % name)
        return redirect("connections:list")
    return render(request, "gallery/connection_delete.html", {"connection": connection})
