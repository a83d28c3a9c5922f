"""The log of a job, in the words an Alteryx engine uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from apps.emulator.workflow import JobContext, Severity


class ToolError(Exception):
    """A tool cannot go on; the job ends in error and has no outputs."""

    def __init__(self, tool_id: int, text: str) -> None:
        super().__init__(text)
        self.tool_id = tool_id


class Engine:
    """Runs one workflow for one job and logs what its tools do.

    Outputs are offered only when everything went well: a real engine that meets an error
    leaves none behind.
    """

    def __init__(self, context: JobContext, file_name: str) -> None:
        self.context = context
        self.folder = context.folder
        self._file_name = file_name
        self._seconds = 0.0
        self._warnings = 0
        self._errors = 0
        self._outputs: list[tuple[str, Mapping[str, Path]]] = []

    def work(self, seconds: float) -> None:
        """Take the time a real engine would."""
        self._seconds += seconds
        self.context.pause(seconds)

    def say(self, tool_id: int, text: str) -> None:
        self.context.message(f"Tool #{tool_id}: {text}", Severity.INFORMATION, tool_id)

    def warn(self, tool_id: int, text: str) -> None:
        self._warnings += 1
        self.context.message(f"Tool #{tool_id}: {text}", Severity.WARNING, tool_id)

    def error(self, tool_id: int, text: str) -> None:
        """Log an error and go on, as tools beside the failing one do."""
        self._errors += 1
        self.context.message(f"Tool #{tool_id}: {text}", Severity.ERROR, tool_id)

    def read(self, tool_id: int, count: int, source: str, *, seconds: float = 0.4) -> None:
        """Log that records came in from ``source``."""
        self.work(seconds)
        self.say(tool_id, f'{_records(count)} read from "{source}"')

    def join(self, tool_id: int, matched: int, left: int, right: int) -> None:
        """Log what a Join tool counts."""
        self.say(
            tool_id,
            f"{matched:,} records were joined with {left:,} un-joined left records"
            f" and {right:,} un-joined right records",
        )

    def offer(
        self, tool_id: int, name: str, formats: Mapping[str, Path], *, count: int | None = None
    ) -> None:
        """Keep one output and log it; ``count`` is the number of records, None for reports."""
        if count is None:
            self.say(tool_id, f'The report "{name}" was written')
        else:
            self.say(tool_id, f'{_records(count)} written to "{name}"')
        self._outputs.append((name, formats))

    def finish(self) -> None:
        """Hand over the outputs, unless there were errors, and log the end."""
        if not self._errors:
            for name, formats in self._outputs:
                self.context.output(name, formats)
        counts = [
            f"{count} {word}{'s' if count > 1 else ''}"
            for count, word in ((self._warnings, "warning"), (self._errors, "error"))
            if count
        ]
        with_what = f" with {' and '.join(counts)}" if counts else ""
        self.context.message(
            f"Finished running {self._file_name} in {self._seconds:.1f} seconds{with_what}"
        )


def job(file_name: str, body: Callable[[Engine], None]) -> Callable[[JobContext], None]:
    """Return what a ``Workflow`` runs: ``body`` inside an engine's opening and closing lines."""

    def run(context: JobContext) -> None:
        engine = Engine(context, file_name)
        context.message(f"Started running {file_name}")
        try:
            body(engine)
        except ToolError as error:
            engine.error(error.tool_id, str(error))
        engine.finish()

    return run


def _records(count: int) -> str:
    return f"{count:,} record was" if count == 1 else f"{count:,} records were"
