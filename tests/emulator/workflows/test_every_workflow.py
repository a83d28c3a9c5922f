"""What holds for every sample workflow."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from apps.emulator.workflow import Kind, Workflow
from apps.emulator.workflows import ALL

from .conftest import DefaultJob, Run

FAILS_BY_DEFAULT = {"supplier-invoice-match"}
every_workflow = pytest.mark.parametrize("workflow", ALL, ids=lambda workflow: workflow.slug)


@every_workflow
def test_a_job_with_the_defaults_ends_as_it_should(
    workflow: Workflow, default_job: DefaultJob
) -> None:
    job = default_job(workflow)
    assert bool(job.errors) == (workflow.slug in FAILS_BY_DEFAULT), job.log
    assert job.messages[0].text == f"Started running {workflow.file_name}"
    assert job.messages[-1].text.startswith(f"Finished running {workflow.file_name} in ")
    for name, formats in job.outputs.items():
        assert "Raw" in formats
        assert formats["Raw"].name == name
        for path in formats.values():
            assert path.parent == job.folder
            assert path.stat().st_size > 0


@every_workflow
def test_two_jobs_with_equal_answers_are_equal_to_the_byte(
    workflow: Workflow, run: Run, default_job: DefaultJob
) -> None:
    first, second = default_job(workflow), run(workflow)
    assert first.log == second.log
    assert first.outputs.keys() == second.outputs.keys()
    for name, formats in first.outputs.items():
        for file_format, path in formats.items():
            assert path.read_bytes() == second.file(name, file_format).read_bytes(), name


@every_workflow
def test_a_job_takes_a_believable_short_time(workflow: Workflow, default_job: DefaultJob) -> None:
    seconds = default_job(workflow).seconds
    low, high = (40, 50) if workflow.slug == "demand-forecast" else (0.4, 4.0)
    assert low <= seconds <= high


@every_workflow
def test_questions_are_named_once_and_explained(workflow: Workflow) -> None:
    names = Counter(question.name for question in workflow.questions)
    tools = Counter(question.tool_id for question in workflow.questions)
    assert not [name for name, count in names.items() if count > 1]
    assert not [tool for tool, count in tools.items() if count > 1]
    for question in workflow.questions:
        assert question.description
        assert not question.inside or question.inside in names


@every_workflow
def test_lists_offer_their_defaults_among_distinct_values(workflow: Workflow) -> None:
    for question in workflow.questions:
        if question.kind is not Kind.LIST_BOX:
            assert question.multiple is None
            continue
        values = [item.value for item in question.items]
        assert len(set(values)) == len(values)
        assert len({item.key for item in question.items}) == len(values)
        assert set((question.default or "").split(",")) - {""} <= set(values)


@every_workflow
def test_descriptions_are_one_line_of_plain_words(workflow: Workflow) -> None:
    assert re.fullmatch(r"[A-Z][^\n]{20,110}\.", workflow.description)
    assert workflow.file_name.startswith(workflow.name)


def test_slugs_and_names_are_unique() -> None:
    assert len({workflow.slug for workflow in ALL}) == len(ALL)
    assert len({workflow.name for workflow in ALL}) == len(ALL)
