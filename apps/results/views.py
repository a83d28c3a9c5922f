"""Outputs of runs: a page of a table, a picture, and the file itself."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_safe

from apps.accounts.models import PortalRequest
from apps.audit.services import record
from apps.results.viewing import is_table, picture_type, table_of
from apps.runs.models import RunOutput

MAX_PAGE = 1_000_000
DIGITS = len(str(MAX_PAGE))  # more are not even read: Python refuses to from 4,300 on


def _output(request: PortalRequest, output_id: UUID) -> RunOutput:
    outputs = RunOutput.objects.visible_to(request.user).select_related("run", "run__app")
    return get_object_or_404(outputs, pk=output_id)


@require_GET
def table(request: PortalRequest, output_id: UUID) -> HttpResponse:
    """Show one page of a table output, by ``?page=``."""
    output = _output(request, output_id)
    if not is_table(output):
        raise Http404
    number = request.GET.get("page", "1")
    if (
        not number.isdecimal()
        or len(number) > len(str(MAX_PAGE))
        or not 1 <= int(number) <= MAX_PAGE
    ):
        raise Http404
    page = int(number)
    view = table_of(output, page)
    context = {
        "output": output,
        "run": output.run,
        "view": view,
        "page": page,
        "previous": page - 1 if page > 1 else 0,
        "next": page + 1 if view.table and view.table.has_more else 0,
    }
    return render(request, "results/table.html", context)


@require_safe
def picture(request: PortalRequest, output_id: UUID) -> HttpResponseBase:
    """Send a picture to be shown in the page; its type is what its bytes say."""
    output = _output(request, output_id)
    try:
        kind = picture_type(output)
    except FileNotFoundError:
        raise Http404 from None
    if not kind:
        raise Http404
    response = FileResponse(default_storage.open(output.file), content_type=kind)
    return _locked(response)


@require_safe
def download(request: PortalRequest, output_id: UUID) -> HttpResponseBase:
    """Send a file as it was stored, always as an attachment."""
    output = _output(request, output_id)
    try:
        stream = default_storage.open(output.file)
    except FileNotFoundError:
        raise Http404 from None
    record("output.downloaded", output.run, actor=request.user, output=output.name)
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=output.name,
        content_type="application/octet-stream",
    )
    response["Content-Length"] = output.size
    return _locked(response)


def _locked(response: FileResponse) -> FileResponse:
    """Keep a file from acting as a page of ours, whatever it holds."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
