"""Downloads: outputs and packages."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from urllib.parse import quote

from apps.emulator import packages
from apps.emulator.call import Call
from apps.emulator.catalog import Published, Version
from apps.emulator.exchange import Response
from apps.emulator.refusals import Refusal, invalid

# What would end the quoted text or the header itself.
_UNSAFE = re.compile(r'["\\\x00-\x1f\x7f]')


def output(call: Call) -> Response:
    """``GET v1/jobs/{jobId}/output/{outputId}``: the bytes; at ``webapi`` a format is required."""
    job = call.job()
    output_id = call.names["output_id"]
    found = next((output for output in job.offered() if output.id == output_id), None)
    if found is None:
        raise call.unknown("Output", output_id)
    wanted = call.query("format")
    if not wanted and call.is_web:
        raise invalid("format", "The format field is required.")
    by_name = {name.lower(): path for name, path in found.files.items()}
    path = by_name.get((wanted or "Raw").lower())
    if path is None:
        raise Refusal(
            call.options.unknown_format_status, f"The output is not available as '{wanted}'."
        )
    if not path.is_file():
        raise call.unknown("Output", found.id)
    disposition = "attachment" if call.query_flag("attachment", default=True) else "inline"
    name = Path(found.name).with_suffix(path.suffix).name
    return download(call, path, name, disposition)


def studio_package(call: Call) -> Response:
    """``GET v1/…/package``: the published version or that of ``version``."""
    return _package(call, call.studio_workflow(), "version")


def package(call: Call) -> Response:
    """``GET v3/workflows/{id}/package``: the published version or that of ``versionId``."""
    return _package(call, call.workflow(), "versionId")


def chosen_version(call: Call, published: Published, name: str) -> Version:
    """Return the version the query names, else the published one.

    Raises:
        Refusal: 400, the workflow has no such version.
    """
    wanted = call.query(name)
    version = published.find_version(wanted) if wanted else published.version
    if version is None:
        raise invalid(name, f"The value '{wanted}' is not a version of this workflow.")
    return version


def _package(call: Call, published: Published, query_name: str) -> Response:
    version = chosen_version(call, published, query_name)
    body = packages.build(version.workflow, published.file_name)
    name = Path(published.file_name).with_suffix(".yxzp").name
    # Only the newer API answers with a file; the classic one with nothing but its bytes.
    return download(call, body, name, "attachment" if call.is_web else "")


def download(call: Call, body: bytes | Path, name: str, disposition: str) -> Response:
    """Return a file, its type and disposition as this Gallery is set to; ``""`` is none at all."""
    content_type = "application/octet-stream"
    if call.options.download_type == "by-name":
        content_type = mimetypes.guess_type(name)[0] or content_type
    headers = {}
    if disposition and call.options.download_disposition == "attachment":
        plain = name.encode("ascii", "replace").decode()
        plain = _UNSAFE.sub("_", plain)
        headers["Content-Disposition"] = (
            f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        )
    return Response(200, body, content_type=content_type, headers=headers)
