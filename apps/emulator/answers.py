"""Answers: what a client may send, and what a workflow then sees of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from apps.emulator.jobs import Answer
from apps.emulator.options import Options
from apps.emulator.refusals import Refusal, invalid
from apps.emulator.workflow import InterfaceTool

_TRUE = {"true", "1", "yes", "on"}


def read_body(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a request; an empty body is an empty object.

    Raises:
        Refusal: 400, not JSON or no object.
    """
    if not body.strip():
        return {}
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise invalid("body", "The body could not be read as JSON.") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise invalid("body", "The body has to be an object.")
    return data


def read_answers(
    sent: object, questions: Sequence[InterfaceTool], options: Options
) -> tuple[Answer, ...]:
    """Return the answers as received, or refuse them as this Gallery is set to."""
    if sent is None:
        sent = []
    if not isinstance(sent, list):
        if options.wrong_shape == "ignore":
            return ()
        raise invalid("questions", "Cannot deserialize the current JSON into an array of answers.")
    answers = tuple(_read_one(entry) for entry in sent)
    _check_names({answer.name for answer in answers}, questions, options)
    return answers


def _read_one(entry: object) -> Answer:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise invalid("questions", "Each answer needs a name and a value.")
    value = entry.get("value")
    if isinstance(value, bool):
        value = str(value)
    elif isinstance(value, int | float):
        value = json.dumps(value)
    elif value is None:
        value = ""
    if not isinstance(value, str):
        raise invalid("questions", f"The value of '{entry['name']}' has to be a text.")
    return Answer(entry["name"], value)


def _check_names(names: set[str], questions: Sequence[InterfaceTool], options: Options) -> None:
    expected = {question.name for question in questions}
    if options.unknown_answers == "refuse" and names - expected:
        raise Refusal(400, f"There is no question named '{min(names - expected)}'.")
    if options.missing_answers == "refuse" and expected - names:
        raise Refusal(400, f"The question '{min(expected - names)}' is not answered.")


def complete(answers: Iterable[Answer], questions: Sequence[InterfaceTool]) -> dict[str, str]:
    """Return an answer for every question: the one sent, else the author's default, else ``""``."""
    sent = {answer.name: answer.value for answer in answers}
    return {
        question.name: sent.get(question.name, question.default or "") for question in questions
    }


def seed(slug: str, answers: dict[str, str]) -> int:
    """Return a number that is equal for equal answers to the same workflow."""
    text = json.dumps([slug, sorted(answers.items())])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def is_on(text: str) -> bool:
    return text.strip().lower() in _TRUE


def chosen(text: str, options: Options) -> list[str]:
    """Return the values chosen in a list: plain, a JSON array of texts, or of key and value.

    Raises:
        ValueError: only JSON is read and this is none.
    """
    array = _array(text) if options.list_answers != "plain" else None
    if array is not None:
        return [value for entry in array for value in _entry(entry)]
    if options.list_answers == "json" and text:
        raise ValueError("a list answer has to be a JSON array")
    return [text] if text else []


def _array(text: str) -> list[Any] | None:
    if not text.lstrip().startswith("["):
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, list) else None


def _entry(entry: object) -> list[str]:
    """Read one member; ``{"key": "East", "value": true}`` is a ticked East, false an unticked."""
    if not isinstance(entry, dict):
        return [entry if isinstance(entry, str) else json.dumps(entry)]
    key, value = str(entry.get("key", "")), entry.get("value", True)
    if isinstance(value, bool) or str(value).lower() in {"true", "false"}:
        return [key] if str(value).lower() == "true" else []
    return [str(value)]
