"""How answers are written on the wire. Nothing else knows.

Source: the answers captured from real runs, and the vendor's note that ``value`` is one text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from apps.gallery.types import Kind, Question

AnswerValue: TypeAlias = str | Decimal | int | date | bool | Sequence[str] | None

YES, NO = "True", "False"
"""As the vendor's v3 page shows a run with a ticked box. Servers do not mind the case."""

CHOSEN = True
"""What stands beside each chosen key of a list with several choices.

The documented API has no capture of such an answer. The Gallery's own pages send, as one text,
``[{"key":"CompareOverview","value":true}]``; that key is written like the value behind an entry,
not like the words people see, and for single choices clients send the value, too.
"""


def encode(question: Question, value: AnswerValue) -> str | None:
    """Return the text to send for a value, or None where the question is to be left out.

    Args:
        value: as the form cleaned it; several choices as a sequence of choice values.

    Raises:
        ValueError: several values for a question that takes one, or no finite number.
    """
    if value is None:
        return None
    if question.kind == Kind.LIST and question.multiple:
        return _several(value if isinstance(value, list | tuple) else [str(value)])
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        is_switch = question.kind in {Kind.CHECK, Kind.RADIO}
        return _switch(value) if is_switch else value
    if isinstance(value, Decimal | int):
        return _number(Decimal(value))
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    return _sequence(question, value)


def _several(values: Sequence[str]) -> str:
    chosen = [{"key": value, "value": CHOSEN} for value in dict.fromkeys(values)]
    return _json(chosen)


def _sequence(question: Question, values: Sequence[str]) -> str | None:
    if question.kind == Kind.TREE:
        return _json(list(values))  # as the Gallery's own pages do
    if len(values) > 1:
        raise ValueError("This question takes one value.")
    return values[0] if values else None


def _switch(value: str) -> str:
    word = value.strip().casefold()
    return {"true": YES, "false": NO}.get(word, value)


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("This is not a finite number.")
    text = format(value, "f")
    return text.removeprefix("-") if value == 0 else text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
