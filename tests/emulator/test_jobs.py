"""The life of a job: queue, run, end, cancel."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from apps.emulator import people
from apps.emulator.context import CLOSING_LINE
from apps.emulator.emulator import Emulator
from apps.emulator.jobs import Job
from apps.emulator.options import Generation
from apps.emulator.workflow import JobContext, PackageType, Severity, Workflow
from tests.emulator.samples import ECHO, Client, MakeGallery, classic, web

ENGINE = {"status": 1, "text": CLOSING_LINE, "toolId": -1}


def start(gallery: Emulator, slug: str, **body: Any) -> Job:
    """Start a job by v3 and return it from the ledger."""
    path = f"v3/workflows/{gallery.workflow_id(slug)}/jobs"
    answer = web(gallery).post(path, body)
    assert answer.status_code == 200, answer.text
    return gallery.job(answer.json()["id"])


def run(gallery: Emulator, slug: str, **body: Any) -> dict[str, Any]:
    """Run a job to its end and return it as v3 shows it."""
    job = gallery.finish(start(gallery, slug, **body))
    shown: dict[str, Any] = web(gallery).json(f"v3/jobs/{job.id}")
    return shown


def full_cycle(client: Client, gallery: Emulator, start_path: str, job_path: str) -> dict[str, Any]:
    gallery.hold()
    queued = client.post(start_path, {"questions": []}).json()
    assert (queued["status"], queued["disposition"]) == ("Queued", "None")
    assert (queued["outputs"], queued["messages"]) == ([], [])
    gallery.release()
    gallery.finish(queued["id"])
    ended: dict[str, Any] = client.json(job_path + queued["id"])
    assert (ended["status"], ended["disposition"]) == ("Completed", "Success")
    assert ended["messages"] == [{"status": 1, "text": "Working", "toolId": 4}, ENGINE]
    return ended


def test_a_job_goes_from_queued_to_success_in_the_classic_api(old: Emulator) -> None:
    workflow_id = old.workflow_id("echo")
    ended = full_cycle(classic(old), old, f"v1/workflows/{workflow_id}/jobs/", "v1/jobs/")
    assert ended["outputs"][0]["formats"] == ["Raw", "Csv"]
    assert ended["outputs"][0]["name"] == "echo.json"


def test_a_job_goes_from_queued_to_success_in_v3(new: Emulator) -> None:
    workflow_id = new.workflow_id("echo")
    ended = full_cycle(web(new), new, f"v3/workflows/{workflow_id}/jobs", "v3/jobs/")
    assert ended["outputs"][0]["availableFormats"] == ["Raw", "Csv"]
    assert ended["outputs"][0]["fileName"] == "echo.json"


def test_a_job_goes_from_queued_to_success_in_user_v2(old: Emulator) -> None:
    client = classic(old, people.ARTISAN.pair)
    workflow_id = old.workflow_id("echo")
    body = {"priority": "High", "credentialId": "6401d5a2b0c14f2d9c7e1001"}
    queued = client.post(f"user/v2/workflows/{workflow_id}/jobs/", body).json()
    assert queued["priority"] == 2
    assert old.jobs[0].credential_id == "6401d5a2b0c14f2d9c7e1001"
    assert old.jobs[0].started_by == people.ARTISAN.id


def test_completed_is_not_success(new: Emulator) -> None:
    shown = run(new, "fail")
    assert (shown["status"], shown["disposition"], shown["outputs"]) == ("Completed", "Error", [])
    assert shown["messages"] == [
        {"status": 2, "text": "Looks odd", "toolId": 7},
        {"status": 3, "text": "Must specify a bucket.", "toolId": 694},
        ENGINE,
    ]


def test_warnings_alone_end_as_the_option_says(make_gallery: MakeGallery) -> None:
    assert run(make_gallery(), "warn")["disposition"] == "Success"
    gallery = make_gallery(Generation.V2025, "warnings_disposition=Unknown")
    assert run(gallery, "warn")["disposition"] == "Unknown"


def test_a_workflow_that_raises_ends_its_job_in_error(new: Emulator) -> None:
    shown = run(new, "crash")
    assert (shown["status"], shown["disposition"]) == ("Completed", "Error")
    assert shown["messages"][0]["status"] == 3
    assert "mistake of" not in shown["messages"][0]["text"]
    assert run(new, "echo")["disposition"] == "Success"


def test_messages_can_be_left_out_or_asked_for_alone(new: Emulator) -> None:
    job = new.finish(start(new, "fail"))
    client = web(new)
    assert "messages" not in client.json(f"v3/jobs/{job.id}", includeMessages="false")
    assert "messages" not in client.json(f"v1/jobs/{job.id}", includeMessages="False")
    assert len(client.json(f"v3/jobs/{job.id}/messages")) == 3
    new.options.messages_as_one = True
    assert client.json(f"v3/jobs/{job.id}/messages") == ENGINE


def test_urgent_jobs_run_first_and_equal_ones_by_age(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "workers=1")
    gallery.hold()
    wanted = ["Low", "Default", "High", "Critical", "Medium", "High"]
    jobs = [start(gallery, "echo", priority=priority) for priority in wanted]
    gallery.release()
    assert all(job.over.wait(10) for job in jobs)
    ran = sorted(jobs, key=lambda job: job.ended or job.created)
    assert [jobs.index(job) for job in ran] == [3, 2, 5, 4, 0, 1]


@pytest.mark.parametrize(
    ("sent", "shown"), [(3, 3), ("3", 3), ("critical", 3), (None, 0), ("Default", 4), ("Low", 0)]
)
def test_a_priority_is_read_in_every_form(old: Emulator, sent: object, shown: int) -> None:
    path = f"v1/workflows/{old.workflow_id('echo')}/jobs/"
    body = {} if sent is None else {"priority": sent}
    assert classic(old).post(path, body).json()["priority"] == shown


def test_a_priority_nobody_knows_is_refused(new: Emulator) -> None:
    path = f"v3/workflows/{new.workflow_id('echo')}/jobs"
    answer = web(new).post(path, {"priority": "Urgent"})
    assert answer.status_code == 400
    assert list(answer.json()["modelState"]) == ["priority"]
    assert not new.jobs


def test_no_more_jobs_run_at_once_than_there_are_workers(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "workers=2")
    jobs = [start(gallery, "slow") for _ in range(4)]
    client = web(gallery)
    while len(client.json("v3/jobs", statuses="Running")["data"]) < 2:
        pass
    assert client.json("v3/jobs", statuses="Queued")["pagination"]["totalItems"] == 2
    for job in jobs:
        gallery.finish(job)
    assert {job.disposition for job in jobs} == {"Success"}


def test_a_running_job_can_be_cancelled(new: Emulator) -> None:
    job = start(new, "slow")
    client = web(new)
    while client.json(f"v3/jobs/{job.id}")["messages"] == []:
        pass
    assert client.call("DELETE", f"v3/jobs/{job.id}").status_code == 200
    shown = client.json(f"v3/jobs/{job.id}")
    assert shown["status"] == "Cancelled"
    assert shown["disposition"] != "Success"
    assert "Done" not in str(shown["messages"])
    assert client.call("DELETE", f"v3/jobs/{job.id}").status_code == 400


def test_a_queued_job_that_is_cancelled_is_gone(new: Emulator) -> None:
    new.hold()
    job = start(new, "echo")
    client = web(new)
    assert client.call("DELETE", f"v3/jobs/{job.id}").status_code == 200
    assert client.get(f"v3/jobs/{job.id}").status_code == 404
    assert new.jobs == [job]


def test_before_2025_nothing_can_be_cancelled(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2022_3)
    gallery.hold()
    job = start(gallery, "echo")
    assert web(gallery).call("DELETE", f"v3/jobs/{job.id}").status_code == 405


def test_a_cancelled_job_may_read_completed(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "cancelled_queued_status=Completed")
    gallery.hold()
    job = start(gallery, "echo")
    web(gallery).call("DELETE", f"v3/jobs/{job.id}")
    shown = web(gallery).json(f"v3/jobs/{job.id}")
    assert (shown["status"], shown["disposition"]) == ("Completed", "Error")


@pytest.mark.parametrize(
    ("workflow", "body", "status"),
    [
        (Workflow("off", "Off", "", ECHO.run, run_disabled=True), {}, 400),
        (Workflow("macro", "Macro", "", ECHO.run, package_type=PackageType.MACRO), {}, 400),
        (Workflow("as", "As", "", ECHO.run, credential_type="Required"), {}, 400),
        (
            Workflow("as", "As", "", ECHO.run, credential_type="Required"),
            {"credentialId": "6401d5a2b0c14f2d9c7e1001"},
            200,
        ),
        (
            Workflow("as", "As", "", ECHO.run, credential_type="Required"),
            {"credentialId": "unknown"},
            400,
        ),
        (Workflow("module", "M", "", ECHO.run, package_type=PackageType.MODULE), {}, 200),
        (Workflow("chain", "Chain", "", ECHO.run, is_chained=True), {}, 200),
    ],
    ids=["disabled", "macro", "no credential", "credential", "unknown", "workflow", "chained"],
)
def test_not_every_workflow_can_be_run_by_everyone(
    new: Emulator, workflow: Workflow, body: dict[str, str], status: int
) -> None:
    published = new.publish(workflow)
    answer = web(new).post(f"v3/workflows/{published.id}/jobs", body)
    assert answer.status_code == status
    assert len(new.jobs) == (1 if status == 200 else 0)


def test_v1_cannot_send_a_credential(new: Emulator) -> None:
    published = new.publish(Workflow("as", "As", "", ECHO.run, credential_type="Required"))
    body = {"credentialId": "6401d5a2b0c14f2d9c7e1001"}
    assert web(new).post(f"v1/workflows/{published.id}/jobs", body).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{}", b'{"questions":[]}', b'{"priority":"3"}', b"null"])
def test_every_way_of_sending_no_answers_is_accepted(old: Emulator, body: bytes) -> None:
    path = f"v1/workflows/{old.workflow_id('echo')}/jobs/"
    assert classic(old).call("POST", path, data=body).status_code == 200


def test_the_jobs_of_a_workflow_are_listed_newest_first(new: Emulator) -> None:
    jobs = [start(new, "echo") for _ in range(3)]
    start(new, "fail")
    client = web(new)
    for api in ("v1", "v3"):
        path = f"{api}/workflows/{new.workflow_id('echo')}/jobs"
        newest_first = [job.id for job in reversed(jobs)]
        assert [row["id"] for row in client.json(path)] == newest_first
        page = client.json(path, offset="1", limit="1")
        assert [row["id"] for row in page] == newest_first[1:2]
        oldest_first = client.json(path, sortField="createdate", direction="asc")
        assert [row["id"] for row in oldest_first] == newest_first[::-1]
        assert client.get(path, limit="many").status_code == 400


def test_jobs_can_be_asked_for_by_status_and_result(new: Emulator) -> None:
    failed = new.finish(start(new, "fail"))
    client, path = web(new), f"v3/workflows/{new.workflow_id('fail')}/jobs"
    new.hold()
    queued = start(new, "fail")

    def ids(**query: str) -> list[str]:
        return [row["id"] for row in client.json(path, **query)]

    assert ids(status="Queued") == [queued.id]
    assert ids(status="Error") == ids(status="Complete") == [failed.id]
    assert ids(resultCode="Error") == ids(resultCode="Warning") == [failed.id]
    assert ids(resultCode="Success") == []
    assert client.get(path, status="Finished").status_code == 400


def test_the_list_of_all_jobs_is_paged_and_filtered(new: Emulator) -> None:
    done = new.finish(start(new, "echo", priority="High"))
    new.hold()
    web(new, people.ARTISAN.pair).post(f"v3/workflows/{new.workflow_id('echo')}/jobs", {})
    client = web(new)
    own, everyone = client.json("v3/jobs"), client.json("v3/jobs", allUsers="true", limit="1")
    assert [row["jobId"] for row in own["data"]] == [done.id]
    assert own["data"][0]["submittedBy"] == people.CURATOR.email
    assert everyone["pagination"] == {
        "currentPage": 1,
        "pageSize": 1,
        "totalItems": 2,
        "totalPages": 2,
        "hasNextPage": True,
        "hasPreviousPage": False,
    }
    for query in (
        {"priorities": "High"},
        {"statuses": "Complete"},
        {"users": people.CURATOR.id},
        {"workflowNames": "Echo", "completedAfter": "2020-01-01"},
    ):
        found = client.json("v3/jobs", allUsers="true", **query)["data"]
        assert [row["jobId"] for row in found] == [done.id]


def test_a_job_may_be_initializing_for_a_while(make_gallery: MakeGallery) -> None:
    gallery = make_gallery(Generation.V2025, "initializing_seconds=60")
    job = start(gallery, "echo")
    client = web(gallery)
    while client.json(f"v3/jobs/{job.id}")["status"] != "Initializing":
        pass
    assert client.json("v3/jobs", statuses="Initializing")["pagination"]["totalItems"] == 1
    assert gallery.finish(job).disposition == "Success"


def test_a_job_says_nothing_of_its_end_before_it_has_ended(new: Emulator) -> None:
    job, client = start(new, "echo"), web(new)
    while (shown := client.json(f"v3/jobs/{job.id}"))["status"] != "Completed":
        assert (shown["disposition"], shown["outputs"]) == ("None", [])
    assert shown["disposition"] == "Success"
    assert shown["outputs"]


def test_forgotten_jobs_are_404_but_stay_in_the_ledger(new: Emulator) -> None:
    job = new.finish(start(new, "echo"))
    new.forget_jobs()
    client = web(new)
    assert client.get(f"v3/jobs/{job.id}").status_code == 404
    assert client.json(f"v3/workflows/{new.workflow_id('echo')}/jobs") == []
    assert new.jobs == [job]


def test_a_running_job_that_is_forgotten_stops(new: Emulator) -> None:
    job = start(new, "slow")
    while not job.messages:
        pass
    new.forget_jobs()
    assert job.over.wait(10)
    assert job.status == "Cancelled"


def test_an_output_that_was_not_written_ends_the_job_in_error(new: Emulator) -> None:
    def forget(context: JobContext) -> None:
        context.output("lost.csv", {"Raw": context.folder / "lost.csv"})

    new.publish(Workflow("lost", "Lost", "", forget))
    assert run(new, "lost")["disposition"] == "Error"


def test_failed_jobs_may_keep_their_outputs(make_gallery: MakeGallery) -> None:
    def half(context: JobContext) -> None:
        ECHO.run(context)
        context.message("Too bad", Severity.ERROR)

    gallery = make_gallery()
    gallery.publish(Workflow("half", "Half", "", half))
    assert run(gallery, "half")["outputs"] == []
    gallery.options.failed_jobs_keep_outputs = True
    assert len(run(gallery, "half")["outputs"]) == 1


def test_a_job_whose_workflow_never_ends_is_not_waited_for(new: Emulator) -> None:
    go_on = threading.Event()

    def wait(_: JobContext) -> None:
        go_on.wait(20)

    new.publish(Workflow("stuck", "Stuck", "", wait))
    job = start(new, "stuck")
    while job.status != "Running":
        pass
    with pytest.raises(TimeoutError):
        new.finish(job.id, timeout=0.05)
    go_on.set()
    assert new.finish(job).disposition == "Success"


def test_nobody_finishes_a_job_nobody_started(new: Emulator) -> None:
    with pytest.raises(LookupError):
        new.finish("unknown")
    with pytest.raises(LookupError):
        new.finish()


def test_a_restart_keeps_the_address_and_the_ledger(new: Emulator) -> None:
    job, url = new.finish(start(new, "echo")), new.url
    new.restart()
    assert new.url == url
    assert web(new).get(f"v3/jobs/{job.id}").status_code == 404
    assert [past.id for past in new.jobs] == [job.id]
