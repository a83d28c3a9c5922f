"""One job's run: what its workflow sees, and what becomes of the job when it returns or raises."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from apps.emulator import answers, ids
from apps.emulator.jobs import Disposition, Job, Message, Output, Status
from apps.emulator.options import Options
from apps.emulator.workflow import Severity, Workflow

log = logging.getLogger(__name__)

CLOSING_LINE = "This is AMP Engine; running 16 worker threads; memory limit 24.4 GB."


class JobStopped(Exception):
    """The job was cancelled or the emulator stops; the workflow goes no further."""


class EngineError(Exception):
    """The engine cannot do what the workflow asks; the job ends in error with this text."""


class Context:
    """The ``JobContext`` of one run."""

    def __init__(
        self,
        job: Job,
        workflow: Workflow,
        *,
        options: Options,
        find_input: Callable[[str], Path | None],
        is_stopping: Callable[[], bool],
    ) -> None:
        self.answers: Mapping[str, str] = answers.complete(job.answers, workflow.questions)
        self.seed = answers.seed(workflow.slug, dict(self.answers))
        self.folder = job.folder
        self._job = job
        self._options = options
        self._find_input = find_input
        self._is_stopping = is_stopping

    def message(
        self, text: str, severity: Severity = Severity.INFORMATION, tool_id: int = -1
    ) -> None:
        self._go_on()
        self._job.messages.append(Message(severity, text, tool_id))

    def output(self, name: str, formats: Mapping[str, Path]) -> None:
        self._go_on()
        missing = [path for path in formats.values() if not path.is_file()]
        if missing or not formats:
            raise EngineError(f'The output "{name}" was not written.')
        number = f"{len(self._job.outputs)}"
        output_id = ids.derived(self._options.id_style, "output", self._job.id, number)
        self._job.outputs.append(Output(output_id, name, dict(formats)))

    def pause(self, seconds: float) -> None:
        self._job.wake.wait(seconds / max(self._options.speed, 1e-6))
        self._go_on()

    def input_file(self, value: str) -> Path:
        path = self._find_input(value)
        if path is None:
            raise EngineError(f'Can\'t find the file "{value}".')
        return path

    def list_answer(self, name: str) -> Sequence[str]:
        try:
            return answers.chosen(self.answers.get(name, ""), self._options)
        except ValueError as error:
            raise EngineError(f"{name}: {error}.") from None

    def flag(self, name: str) -> bool:
        return answers.is_on(self.answers.get(name, ""))

    def _go_on(self) -> None:
        if self._job.cancel_requested or self._is_stopping():
            raise JobStopped


class Execution:
    """Brackets the run of a workflow: whatever it raises becomes the end of its job."""

    def __init__(self, job: Job, options: Options) -> None:
        self._job = job
        self._options = options
        self.was_stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, JobStopped):
            self.was_stopped = True
        elif isinstance(error, EngineError):
            self._fail(str(error))
        elif isinstance(error, Exception):
            log.error("A workflow raised", exc_info=error, extra={"job": self._job.id})
            self._fail(f"Internal Error in {self._job.slug}: {type(error).__name__}.")
        return error is None or isinstance(error, Exception)

    def _fail(self, text: str) -> None:
        self._job.messages.append(Message(Severity.ERROR, text))

    def conclude(self) -> None:
        """Set the job's last status, disposition, closing line and outputs."""
        job, severities = self._job, {message.severity for message in self._job.messages}
        job.messages.append(Message(Severity.INFORMATION, CLOSING_LINE))
        if Severity.ERROR in severities:
            job.disposition = Disposition.ERROR
            if not self._options.failed_jobs_keep_outputs:
                job.outputs.clear()
        elif Severity.WARNING in severities:
            job.disposition = self._options.warnings_disposition
        else:
            job.disposition = Disposition.SUCCESS
        job.status = Status.COMPLETED
