"""Reading a Gallery's JSON: tolerant of what differs between servers, suspicious of the rest.

Members we do not know are ignored, unknown words are kept, dates may have 0 to 7 decimals,
enums come as numbers or names. What an answer cannot do without has to be there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NoReturn

from apps.gallery.errors import Cause
from apps.gallery.types import Choice, Job, Message, Output, Question, Severity, Workflow
from apps.gallery.wire.faults import unreachable
from apps.gallery.wire.redaction import excerpt
from apps.gallery.wire.send import Reply

MOST_MESSAGES = 10_000
LONGEST_TEXT = 20_000
LONGEST_ID = 200
PACKAGE_TYPES = ("App", "Module", "Macro")
FORMATS = (
    *("Raw", "Yxdb", "Shp", "Kml", "Tab", "Mif", "Dbf"),
    *("Csv", "Pdf", "Docx", "Xlsx", "Html", "Tde", "Zip"),
)
_BOM = b"\xef\xbb\xbf"
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{0,9}))?)?\s*"
    r"(?:(Z)|([+-])(\d\d):?(\d\d))?",
    re.ASCII,
)
_UNPRINTABLE_ID = re.compile(r"[\x00-\x20\x7f-\xa0]")


def parse(reply: Reply) -> Any:
    """Return the JSON of an answer.

    Raises:
        GalleryUnreachable: it is not JSON, or not JSON a server would send.
    """
    body = reply.body.removeprefix(_BOM).strip()
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = "json" in kind or kind in {"", "text/plain", "application/octet-stream"}
    if not is_json or body[:1] not in {b"{", b"[", b'"'}:
        _not_json(reply)
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        _not_json(reply)


def _not_json(reply: Reply) -> NoReturn:
    kind = reply.headers.get("content-type", "no content type")[:80]
    raise unreachable(
        Cause.NOT_JSON,
        status=reply.status,
        detail=f"HTTP {reply.status}, {kind}: {excerpt(reply.body)}",
    ) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _no_constant(_: str) -> NoReturn:
    raise ValueError("not a number")


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError("too large")
    return number


def unusable(what: str) -> NoReturn:
    raise unreachable(Cause.UNUSABLE, detail=f"The answer lacks {what}.")


def record(value: Any, what: str) -> dict[str, Any]:
    return value if isinstance(value, dict) else unusable(what)


def records(value: Any, what: str) -> list[dict[str, Any]]:
    """Return a list of objects, also where it is wrapped as one page of ``data``."""
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        value = value["data"]
    if not isinstance(value, list):
        unusable(what)
    return [record(entry, what) for entry in value]


def identifier(value: Any, what: str = "an id") -> str:
    """Return an id; only texts and whole numbers are ids, of any alphabet."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        unusable(what)
    text = value.strip()
    if not text or len(text) > LONGEST_ID or _UNPRINTABLE_ID.search(text) or text != clean(text):
        unusable(what)
    return text


def clean(value: str) -> str:
    """Return a text that every database stores: no NUL, no half characters."""
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def text(value: Any, default: str = "") -> str:
    """Return a text as sent; numbers and booleans are written out, all else is the default."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str | int | float):
        return clean(str(value))
    return default


def number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().casefold() == "true")


def moment(value: Any) -> datetime | None:
    """Read an ISO date in UTC; an odd one is None, never an error."""
    match = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        return None
    year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
    second, decimals, _, sign, hours, minutes = match.groups()[5:]
    zone = UTC
    try:
        if sign:
            shift = timedelta(hours=int(hours), minutes=int(minutes))
            zone = timezone(-shift if sign == "-" else shift)
        micro = int((decimals or "").ljust(6, "0")[:6])
        found = datetime(year, month, day, hour, minute, int(second or 0), micro, zone)
        # .NET writes the year 1 where it has no date.
        return found.astimezone(UTC) if year > 1 else None
    except (ValueError, OverflowError):
        return None


def word(value: Any, words: tuple[str, ...]) -> str:
    """Return an enum's word, whether it came as a name or as its number."""
    if isinstance(value, str) and value.isdecimal() and value.isascii():
        value = int(value[:6])
    if (index := number(value)) is not None:
        return words[index] if 0 <= index < len(words) else str(index)
    return text(value)


def workflow(entry: Mapping[str, Any]) -> Workflow:
    """Read a workflow of v1's list, or of v3's list or detail."""
    versions = entry.get("versions")
    if not isinstance(versions, list):
        return _workflow_of_list(entry)
    found = [version for version in versions if isinstance(version, dict)]
    published = next((v for v in found if v.get("published") is True), None)
    version: dict[str, Any] = published or (found[-1] if found else {})
    details = version.get("details")
    details = details if isinstance(details, dict) else {}
    return Workflow(
        id=identifier(entry.get("id")),
        name=text(entry.get("name")) or text(details.get("name")),
        description=text(details.get("description")) or text(entry.get("comments")),
        author=text(details.get("author")),
        file_name=text(details.get("fileName")),
        kind=word(version.get("packageWorkflowType"), PACKAGE_TYPES),
        is_chained=flag(entry.get("isChained")),
        run_disabled=flag(version.get("runDisabled")),
        version=text(version.get("versionNumber")),
        version_comment=text(version.get("comments")),
        uploaded_at=moment(version.get("uploadDate")) or moment(entry.get("dateCreated")),
        run_count=number(entry.get("runCount")),
        owner=text(entry.get("ownerId")),
        needs_credential=text(version.get("workflowCredentialType")).casefold() == "required",
    )


def _workflow_of_list(entry: Mapping[str, Any]) -> Workflow:
    info = entry.get("metaInfo")
    info = info if isinstance(info, dict) else {}
    file_name = text(entry.get("fileName"))
    return Workflow(
        id=identifier(entry.get("id")),
        name=text(entry.get("name")) or text(info.get("name")) or file_name.rpartition(".")[0],
        description=text(info.get("description")),
        author=text(info.get("author")),
        file_name=file_name,
        kind=word(entry.get("packageType"), PACKAGE_TYPES),
        is_chained=flag(entry.get("isChained")),
        run_disabled=flag(entry.get("runDisabled")),
        version=text(entry.get("version", entry.get("publishedVersionNumber"))),
        uploaded_at=moment(entry.get("uploadDate")) or moment(entry.get("dateCreated")),
        run_count=number(entry.get("runCount")),
        owner=text(entry.get("ownerId")),
    )


def workflows(value: Any) -> list[Workflow]:
    """Read a list of workflows, leaving out entries that cannot be addressed."""
    entries = records(value, "a list of workflows")
    named = [e for e in entries if isinstance(e.get("id"), str | int) and text(e["id"]).strip()]
    if entries and not named:
        unusable("the workflows' ids")
    return [workflow(entry) for entry in named]


def questions(value: Any) -> list[Question]:
    return [_question(entry) for entry in records(value, "a list of questions")]


def _question(entry: Mapping[str, Any]) -> Question:
    name = entry.get("name")
    if not isinstance(name, str):
        unusable("a question's name")
    kind = text(entry.get("type", entry.get("questionType"))).strip()
    default = entry.get("value")
    return Question(
        name=clean(name),
        kind=kind.removeprefix("Question") or kind,
        description=text(entry.get("description")),
        default=None if default is None or isinstance(default, dict | list) else text(default),
        choices=tuple(_choices(entry.get("items"))),
        multiple=flag(entry.get("multiple")),
    )


def _choices(items: Any) -> Iterable[Choice]:
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            key, value = text(item.get("key")), item.get("value")
            yield Choice(label=key or text(value), value=key if value is None else text(value))


def job(value: Any, *, default_status: str = "") -> Job:
    """Read a job, of v1 or v3, alone or as an entry of a list.

    Args:
        default_status: for the answer to a submission, where the id alone is proof enough.
    """
    entry = record(value, "a job")
    status = entry.get("status")
    if not isinstance(status, str) or not status.strip():
        status = default_status or unusable("the job's status")
    disposition = entry.get("disposition")
    created = next(
        (entry[name] for name in ("createDate", "createDateTime", "dateCreated") if name in entry),
        None,
    )
    return Job(
        id=identifier(entry.get("id"), "the job's id"),
        status=clean(status.strip())[:64],
        disposition=clean(disposition.strip())[:64] if isinstance(disposition, str) else "",
        created_at=moment(created),
        outputs=tuple(_output(o) for o in _optional(entry.get("outputs"), "the job's outputs")),
        messages=messages(entry.get("messages")),
    )


def jobs(value: Any) -> list[Job]:
    """Read a workflow's jobs: newest first, each once, whatever the server's order."""
    found = {j.id: j for j in map(job, records(value, "a list of jobs"))}
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(found.values(), key=lambda j: j.created_at or oldest, reverse=True)


def _optional(value: Any, what: str) -> list[dict[str, Any]]:
    return [] if value is None else records(value, what)


def _output(entry: Mapping[str, Any]) -> Output:
    formats = entry.get("formats", entry.get("availableFormats"))
    words = [word(f, FORMATS) for f in formats] if isinstance(formats, list) else []
    return Output(
        id=identifier(entry.get("id"), "an output's id"),
        name=text(entry.get("name")) or text(entry.get("fileName")),
        formats=tuple(dict.fromkeys(w for w in words if w)),
    )


def messages(value: Any) -> tuple[Message, ...]:
    """Read a log: a list, or the one line that v3's contract speaks of."""
    entries = _optional([value] if isinstance(value, dict) else value, "the job's messages")
    found = tuple(_message(entry) for entry in entries[:MOST_MESSAGES])
    if len(entries) > MOST_MESSAGES:
        left_out = f"{len(entries) - MOST_MESSAGES} more messages were left out by the portal."
        found += (Message(Severity.WARNING, left_out),)
    return found


def _message(entry: Mapping[str, Any]) -> Message:
    severity, tool = number(entry.get("status")), number(entry.get("toolId"))
    return Message(
        severity=severity if severity is not None and 0 <= severity < 100 else Severity.INFORMATION,  # noqa: PLR2004
        text=text(entry.get("text"))[:LONGEST_TEXT],
        tool_id=tool if tool is not None and abs(tool) < 2**31 else -1,
    )


def upload(value: Any) -> str:
    """Read what names an uploaded file in an answer: any text."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        unusable("the name of the uploaded file")
    return clean(value)


def credentials(value: Any) -> list[tuple[str, str]]:
    """Read run-as credentials as (id, user name)."""
    entries = records(value, "a list of credentials")
    return [(identifier(entry.get("id")), text(entry.get("userName"))) for entry in entries]
