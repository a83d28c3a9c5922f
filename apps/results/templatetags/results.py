"""The result itself, for the page of its run."""

from __future__ import annotations

from typing import Any

from django import template

from apps.results.viewing import best_view
from apps.runs.models import RunOutput

register = template.Library()


@register.inclusion_tag("results/_output.html")
def show_output(output: dict[str, Any]) -> dict[str, Any]:
    """Draw one output: its name, its downloads, and what can be seen of it.

    Args:
        output: ``{"name", "files"}``, the files being its stored formats.

    """
    files: list[RunOutput] = output["files"]
    return {"name": output["name"], "files": files, "view": best_view(files)}
