"""User v2: run with a credential, upload an input file."""

from __future__ import annotations

import re
from urllib.parse import unquote

from apps.emulator import ids, shapes
from apps.emulator.call import Call
from apps.emulator.endpoints.subscription import enqueue
from apps.emulator.exchange import Response
from apps.emulator.refusals import invalid

SECTION = "inputFile"
_BOUNDARY = re.compile(
    r'^multipart/form-data\b.*;\s*boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE
)
_PARAMETER = re.compile(r';\s*(name|filename\*?)="?([^";\r\n]*)', re.IGNORECASE)


def credentials(call: Call) -> Response:
    return call.json([dict(credential) for credential in shapes.CREDENTIALS])


def start(call: Call) -> Response:
    job = enqueue(call, call.studio_workflow(), has_credential=True)
    return call.json(shapes.job(call, job, is_new=True))


def upload(call: Call) -> Response:
    """``POST user/v2/inputfiles``: keep the section ``inputFile``; the answer is a bare text."""
    name, content = _section(call)
    input_id = ids.fresh(call.options.id_style, call.gallery.now())
    return call.json(call.gallery.store.keep_input(input_id, name, content))


def _section(call: Call) -> tuple[str, bytes]:
    """Return file name and content of the form's section, byte by byte as sent."""
    boundary = _BOUNDARY.search(call.request.content_type)
    if boundary is None:
        raise invalid(SECTION, "A multipart form was expected.")
    line = b"\r\n--" + (boundary[1] or boundary[2]).encode("latin-1", "replace")
    for part in (b"\r\n" + call.request.body).split(line)[1:]:
        head, _, content = part.partition(b"\r\n\r\n")
        found = dict(_PARAMETER.findall(head.decode("utf-8", "replace")))
        if found.get("name") == SECTION:
            return _file_name(found), content
    raise invalid(SECTION, f"The form has no section named '{SECTION}'.")


def _file_name(found: dict[str, str]) -> str:
    coded = found.get("filename*", "")
    return unquote(coded.rpartition("'")[2]) if coded else found.get("filename", "file")
