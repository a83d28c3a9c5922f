"""The result itself, for the page of its run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template

from apps.results.viewing import View, best_view
from apps.runs.models import RunOutput

register = template.Library()


@dataclass(frozen=True, slots=True)
class Entry:
    """One output as the page draws it: its stored formats, and what can be seen of them."""

    name: str
    files: list[RunOutput]
    view: View


@register.inclusion_tag("results/_outputs.html")
def show_outputs(outputs: Iterable[RunOutput]) -> dict[str, Any]:
    """Draw a run's outputs: first those that can be seen in the page, then the other files.

    Formats of one output stand together, in the job's order.
    """
    groups: dict[str, list[RunOutput]] = {}
    for output in outputs:
        groups.setdefault(output.output_id, []).append(output)
    entries = [Entry(files[0].name, files, best_view(files)) for files in groups.values()]
    return {
        "seen": [entry for entry in entries if entry.view.can_be_seen],
        "others": [entry for entry in entries if not entry.view.can_be_seen],
    }
