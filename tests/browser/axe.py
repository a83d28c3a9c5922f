"""axe-core: what keeps people with assistive technology from using a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (tags) => {
  const options = {
    runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false,
  };
  return (await axe.run(document, options)).violations;
}"""


@cache
def _script() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return what breaks WCAG 2.2 AA in the page as it stands, one line per element."""
    if not page.evaluate("() => Boolean(window.axe)"):
        # By the debugger, as an extension does it: the page's own policy stays in force.
        page.evaluate(f"() => {{ {_script()} }}")
    found: list[dict[str, Any]] = page.evaluate(RUN, TAGS)
    return [
        f"{rule['id']}: {node['html'][:160]} ({_why(node)})"
        for rule in found
        for node in rule["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return str(node.get("failureSummary", "")).replace("\n", " ")[:240]
