"""How moments, enums and JSON look on the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from apps.emulator.exchange import Delivery, Response
from apps.emulator.options import Options
from apps.emulator.refusals import Dialect, invalid
from apps.emulator.workflow import PackageType

_PACKAGE_NAMES = {
    PackageType.APP: "App",
    PackageType.MODULE: "Module",
    PackageType.MACRO: "Macro",
}


class Priority(IntEnum):
    """A job's priority with the integers of the classic API; Default queues like Low."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2
    CRITICAL = 3
    DEFAULT = 4

    @property
    def rank(self) -> int:
        return 0 if self is Priority.DEFAULT else int(self)

    @property
    def label(self) -> str:
        return self.name.capitalize()


def read_priority(value: object, fallback: Priority) -> Priority:
    """Read a priority sent as integer, numeric text or name; nothing gives ``fallback``."""
    if value is None or value == "":
        return fallback
    text = str(value).strip()
    for priority in Priority:
        if text == str(int(priority)) or text.lower() == priority.label.lower():
            return priority
    raise invalid("priority", f"Error converting value {value!r} to type 'Priority'.")


def write_priority(priority: Priority, dialect: Dialect, options: Options) -> int | str:
    """Write a priority as the v1 and v2 endpoints of this address do."""
    return int(priority) if _style(dialect, options) == "integers" else priority.label


def write_package_type(package_type: PackageType, dialect: Dialect, options: Options) -> int | str:
    is_integer = _style(dialect, options) == "integers"
    return int(package_type) if is_integer else package_name(package_type)


def package_name(package_type: PackageType) -> str:
    return _PACKAGE_NAMES[package_type]


def read_package_type(text: str) -> PackageType:
    for package_type, name in _PACKAGE_NAMES.items():
        if text in {str(int(package_type)), name} or text.lower() == name.lower():
            return package_type
    raise invalid("packageType", f"The value '{text}' is not valid for packageType.")


def _style(dialect: Dialect, options: Options) -> str:
    is_classic = dialect is Dialect.CLASSIC
    return options.enum_style_classic if is_classic else options.enum_style_web


def write_moment(moment: datetime | None, options: Options, *, decimals: int = 3) -> str | None:
    """Write a moment in UTC with ``decimals`` (as captured), unless an option says how many."""
    if moment is None:
        return None
    count = options.date_decimals if options.date_decimals >= 0 else decimals
    moment = moment.astimezone(UTC)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{moment.microsecond:06d}7"[: count + 1] if count else ""
    return f"{text}{fraction}Z"


def read_moment(text: str, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(field, f"The value '{text}' is not valid for {field}.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def json_answer(data: Any, dialect: Dialect, options: Options, *, status: int = 200) -> Response:
    """Return ``data`` as JSON, in the manner of the address it is sent from."""
    start = "\ufeff" if options.byte_order_mark else ""
    text = start + json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Answers may hold halves of surrogate pairs, which JSON can carry and UTF-8 cannot.
    body = text.encode("utf-8", "replace")
    if dialect is Dialect.CLASSIC:
        delivery = Delivery(is_chunked=options.chunked_classic)
        return Response(status, body, content_type="application/json", delivery=delivery)
    return Response(status, body)
