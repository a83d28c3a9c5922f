"""A report in words, and as it is kept in a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.gallery.types import Probe, Report, Verdict

MARKS = {
    Verdict.OK: "ok  ",
    Verdict.WARN: "look",
    Verdict.FAIL: "FAIL",
    Verdict.SKIPPED: "skip",
}


def as_text(report: Report) -> str:
    """Return the ladder as lines to print or to paste into a message."""
    lines = []
    for probe in report.probes:
        lines.append(f"[{MARKS[probe.verdict]}] {probe.name}")
        facts = (("tried", probe.tried), ("saw", probe.saw), ("to do", probe.advice))
        lines += [f"         {name + ':':<7}{text}" for name, text in facts if text]
    return "\n".join(lines)


def to_json(report: Report) -> dict[str, Any]:
    return {
        "probes": [
            {
                "name": probe.name,
                "verdict": str(probe.verdict),
                "tried": probe.tried,
                "saw": probe.saw,
                "advice": probe.advice,
            }
            for probe in report.probes
        ]
    }


def from_json(value: Mapping[str, Any]) -> Report:
    return Report(
        tuple(
            Probe(
                name=entry["name"],
                verdict=Verdict(entry["verdict"]),
                tried=entry["tried"],
                saw=entry["saw"],
                advice=entry["advice"],
            )
            for entry in value.get("probes", ())
        )
    )
