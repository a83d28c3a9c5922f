"""Health, self-check and error pages in the portal's own words."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.models import PortalRequest
from apps.accounts.rights import staff_required
from apps.base.logs import request_id_var
from apps.gallery.types import Verdict
from apps.home import selfcheck


@require_safe
@login_not_required
def live(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say that this process answers. Asks nothing of others: restarting it would not mend them."""
    return JsonResponse({"status": "ok"})


@require_safe
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say whether this process can serve pages; a load balancer sends people elsewhere on 503."""
    if selfcheck.is_ready():
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "not ready"}, status=503)


@require_safe
@staff_required
def status(request: PortalRequest) -> HttpResponse:
    """Show administrators what the portal leans on and what to do where it is missing."""
    findings = selfcheck.look()
    context = {
        "findings": findings,
        "faults": [f for f in findings if f.verdict is Verdict.FAIL],
        "warnings": [f for f in findings if f.verdict is Verdict.WARN],
    }
    template = "home/_findings.html" if "HX-Request" in request.headers else "home/status.html"
    return render(request, template, context)


def _error(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return render(request, template, {"reference": request_id_var.get()}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return _error(request, "413.html", 413) if too_big else _error(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _error(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return _error(request, "403_csrf.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _error(request, "404.html", 404)


def too_many(request: HttpRequest) -> HttpResponse:
    return _error(request, "429.html", 429)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, "500.html", 500)
