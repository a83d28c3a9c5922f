"""A job context that runs a workflow at once and remembers what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from apps.emulator import answers
from apps.emulator.jobs import Answer
from apps.emulator.options import Options
from apps.emulator.workflow import JobContext, Severity, Workflow


class UnknownFileError(Exception):
    """An answer names a file nobody uploaded."""


@dataclass
class Message:
    text: str
    severity: Severity
    tool_id: int


@dataclass
class FinishedJob:
    """A ``JobContext`` whose pauses take no time."""

    answers: Mapping[str, str]
    seed: int
    folder: Path
    uploads: Mapping[str, Path] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    outputs: dict[str, Mapping[str, Path]] = field(default_factory=dict)
    seconds: float = 0.0

    def message(
        self, text: str, severity: Severity = Severity.INFORMATION, tool_id: int = -1
    ) -> None:
        self.messages.append(Message(text, severity, tool_id))

    def output(self, name: str, formats: Mapping[str, Path]) -> None:
        self.outputs[name] = dict(formats)

    def pause(self, seconds: float) -> None:
        self.seconds += seconds

    def input_file(self, value: str) -> Path:
        if value not in self.uploads:
            raise UnknownFileError(value)
        return self.uploads[value]

    def list_answer(self, name: str) -> Sequence[str]:
        return answers.chosen(self.answers[name], Options())

    def flag(self, name: str) -> bool:
        return answers.is_on(self.answers[name])

    @property
    def errors(self) -> list[str]:
        return self._texts(Severity.ERROR)

    @property
    def warnings(self) -> list[str]:
        return self._texts(Severity.WARNING)

    @property
    def log(self) -> str:
        return "\n".join(message.text for message in self.messages)

    def file(self, name: str, file_format: str = "Raw") -> Path:
        return self.outputs[name][file_format]

    def _texts(self, severity: Severity) -> list[str]:
        return [message.text for message in self.messages if message.severity is severity]


def run_job(
    workflow: Workflow,
    given: Mapping[str, str],
    folder: Path,
    uploads: Mapping[str, Path] | None = None,
) -> FinishedJob:
    """Run a workflow with the author's defaults, but for the answers given by name."""
    unknown = set(given) - {question.name for question in workflow.questions}
    assert not unknown, f"no such question: {unknown}"
    sent = [Answer(name, value) for name, value in given.items()]
    filled = answers.complete(sent, workflow.questions)
    folder.mkdir()
    done = FinishedJob(filled, answers.seed(workflow.slug, filled), folder, uploads or {})
    context: JobContext = done
    workflow.run(context)
    return done


Run = Callable[..., FinishedJob]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a workflow in a folder of the test's own."""

    def start(
        workflow: Workflow,
        given: Mapping[str, str] | None = None,
        *,
        uploads: Mapping[str, Path] | None = None,
    ) -> FinishedJob:
        folder = tmp_path / f"job{len(list(tmp_path.glob('job*')))}"
        return run_job(workflow, given or {}, folder, uploads)

    return start


DefaultJob = Callable[[Workflow], FinishedJob]


@pytest.fixture(scope="session")
def default_job(tmp_path_factory: pytest.TempPathFactory) -> DefaultJob:
    """Return the one job with a workflow's defaults that tests share; they only look at it."""
    done: dict[str, FinishedJob] = {}

    def look_up(workflow: Workflow) -> FinishedJob:
        if workflow.slug not in done:
            folder = tmp_path_factory.mktemp("default") / workflow.slug
            done[workflow.slug] = run_job(workflow, {}, folder)
        return done[workflow.slug]

    return look_up
