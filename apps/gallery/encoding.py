"""How answers are written on the wire. Nothing else in the portal knows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from apps.gallery.types import Kind, Question

Value = str | Decimal | date | bool | Sequence[str] | None


def encode(question: Question, value: Value) -> str | None:
    """Return the text to send for a value, or None where there is nothing to send.

    Several choices go as a JSON array of ``{"key", "value"}``: the only form ever captured, from
    the Gallery's own pages; the documented API gives no example.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        if question.kind != Kind.LIST or not question.multiple:
            return value
        value = [value]
    return json.dumps(
        [{"key": entry, "value": True} for entry in value],
        ensure_ascii=False,
        separators=(",", ":"),
    )
