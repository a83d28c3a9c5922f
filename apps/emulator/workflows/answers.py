"""Reading answers: from text to dates, numbers and items, or a tool's refusal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from apps.emulator.workflow import InterfaceTool, Item
from apps.emulator.workflows.engine import Engine, ToolError


def text_of(engine: Engine, tool: InterfaceTool) -> str:
    return engine.context.answers.get(tool.name, "").strip()


def flag_of(engine: Engine, tool: InterfaceTool) -> bool:
    return engine.context.flag(tool.name)


def number_of(engine: Engine, tool: InterfaceTool) -> float:
    """Return a number inside the limits of its interface tool."""
    text = text_of(engine, tool)
    try:
        number = float(text)
    except ValueError:
        raise ToolError(tool.tool_id, f'"{text}" is not a number ({tool.name}).') from None
    low = -math.inf if tool.minimum is None else tool.minimum
    high = math.inf if tool.maximum is None else tool.maximum
    if not low <= number <= high:
        raise ToolError(
            tool.tool_id,
            f"The value {number:g} is out of range for {tool.name}: it must lie between"
            f" {low:g} and {high:g}.",
        )
    return number


def date_of(engine: Engine, tool: InterfaceTool) -> date:
    text = text_of(engine, tool)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ToolError(
            tool.tool_id, f'"{text}" is not a valid date for {tool.name}; expected yyyy-mm-dd.'
        ) from None


def period_of(engine: Engine, first: InterfaceTool, last: InterfaceTool) -> tuple[date, date]:
    """Return two dates of which the second is not before the first."""
    start, end = date_of(engine, first), date_of(engine, last)
    if end < start:
        raise ToolError(
            last.tool_id,
            f"The end of the period ({end}) lies before its start ({start}).",
        )
    return start, end


def item_of(engine: Engine, tool: InterfaceTool) -> Item:
    """Return the one chosen entry of a drop-down."""
    chosen = items_of(engine, tool)
    if len(chosen) != 1:
        raise ToolError(tool.tool_id, f"{tool.name}: exactly one value must be selected.")
    return chosen[0]


def items_of(engine: Engine, tool: InterfaceTool) -> list[Item]:
    """Return the chosen entries in the order of the list.

    Clients may send keys or values; defaults of several are written with commas.
    """
    known = {text for item in tool.items for text in (item.key, item.value)}
    wanted = {
        part
        for text in engine.context.list_answer(tool.name)
        for part in ([text] if text in known else map(str.strip, text.split(",")))
        if part
    }
    chosen = [item for item in tool.items if wanted & {item.key, item.value}]
    unknown = wanted - known
    if unknown:
        raise ToolError(
            tool.tool_id,
            f'The value "{min(unknown)}" is not one of the choices of {tool.name}.',
        )
    return chosen


def button_of(engine: Engine, buttons: Sequence[InterfaceTool]) -> InterfaceTool:
    """Return the radio button that is on; the first of a group where none is."""
    pressed = [button for button in buttons if flag_of(engine, button)]
    if len(pressed) > 1:
        names = " and ".join(button.name for button in pressed)
        raise ToolError(pressed[1].tool_id, f"Only one of these can be chosen: {names}.")
    return pressed[0] if pressed else buttons[0]


def items(*entries: str | tuple[str, str]) -> tuple[Item, ...]:
    """Build list entries; a plain text is its own value."""
    return tuple(
        Item(entry, entry) if isinstance(entry, str) else Item(*entry) for entry in entries
    )
