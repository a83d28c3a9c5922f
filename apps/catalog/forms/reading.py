"""Texts from elsewhere (an author's default, an old answer) read as a form's values.

Authors and old servers write these in many ways, so reading is tolerant; what cannot be read
without guessing is None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.gallery.types import Question

MAX_DIGITS = 40
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2199, 12, 31)

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DAY_MONTH = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_BLANK = re.compile(r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
                    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]*")  # fmt: skip
_LOWEST_SINGLE_DAY = 12
MAX_TEXT = 100_000


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen: blanks, zero-width and steering characters."""
    return _BLANK.fullmatch(text) is not None


def one_newline(text: str) -> str:
    """Browsers send every line end as CR LF; a form must not change a text by showing it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(_question: Question, text: str) -> str | None:
    return one_newline(text)


def read_number(_question: Question, text: str) -> Decimal | None:
    """Read plain notation of at most 40 digits; exponents and thousands marks are not read."""
    plain = text.strip().replace("\u2212", "-")
    if len(plain) > MAX_DIGITS + 2 or not _NUMBER.fullmatch(plain):
        return None
    return Decimal(plain) if sum(sign.isdigit() for sign in plain) <= MAX_DIGITS else None


def read_date(_question: Question, text: str) -> date | None:
    """Read ISO dates, with or without a time, and others where day and month are certain."""
    plain = text.strip()[:40]
    found = _iso_date(plain) or _written_date(plain)
    return found if found and FIRST_DATE <= found <= LAST_DATE else None


def _iso_date(text: str) -> date | None:
    for candidate in (text, text[:10].replace("/", "-")):
        try:
            return datetime.fromisoformat(candidate).date()
        except ValueError:
            continue
    return None


def _written_date(text: str) -> date | None:
    match = _DAY_MONTH.fullmatch(text.split(" ", maxsplit=1)[0])
    if not match:
        return None
    first, second, year = (int(part) for part in match.groups())
    if min(first, second) > _LOWEST_SINGLE_DAY:
        return None
    if first != second and max(first, second) <= _LOWEST_SINGLE_DAY:
        return None  # 03/04 is two dates
    day, month = (first, second) if first > _LOWEST_SINGLE_DAY else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_flag(_question: Question, text: str) -> bool | None:
    word = text.strip().casefold()
    if word in {"true", "1", "yes", "on"}:
        return True
    return False if word in {"false", "0", "no", "off", ""} else None


def read_choice(question: Question, text: str) -> str | None:
    """Read one choice, given by its value, its label or as a list of one."""
    found = read_choices(question, text)
    return found[0] if found and len(found) == 1 else None


def read_choices(question: Question, text: str) -> list[str] | None:
    """Read choices given as text, comma separated, or as the JSON forms Galleries use.

    None where any of them is not offered.
    """
    known = _known(question)
    if text in known:
        return [known[text]]
    if is_blank(text):
        return []
    named = _named_in_json(text)
    if named is None:
        named = [part.strip() for part in re.split(r"[,;\n]", text[:MAX_TEXT]) if part.strip()]
    if any(name not in known for name in named):
        return None
    return list(dict.fromkeys(known[name] for name in named))


def _known(question: Question) -> dict[str, str]:
    """Every spelling a choice can be named by; a value wins over another choice's label."""
    labels = {choice.label: choice.value for choice in reversed(question.choices)}
    return labels | {choice.value: choice.value for choice in question.choices}


def _named_in_json(text: str) -> list[str] | None:
    """Return the names in ``["a"]``, ``[{"key": "a", "value": true}]`` or ``{"a": true}``."""
    if len(text) > MAX_TEXT or not text.lstrip().startswith(("[", "{")):
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(content, dict):
        content = [{"key": key, "value": value} for key, value in content.items()]
    return list(_names(content))


def _names(entries: Iterable[Any]) -> Iterable[str]:
    for entry in entries:
        if isinstance(entry, dict):
            if str(entry.get("value", True)).casefold() == "true":
                yield str(entry.get("key", ""))
        else:
            yield str(entry)
