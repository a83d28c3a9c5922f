"""The queue of jobs and the Gallery workers that take from it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from apps.emulator.context import Context, Execution
from apps.emulator.jobs import Disposition, Job, Status
from apps.emulator.options import Options
from apps.emulator.workflow import Workflow


class JobQueue:
    """Runs jobs, most urgent first, then oldest first, on a fixed number of threads.

    ``find_workflow`` gives the workflow as it was published when the job was created.
    """

    def __init__(
        self,
        *,
        options: Options,
        now: Callable[[], datetime],
        save: Callable[[Job], None],
        find_workflow: Callable[[Job], Workflow],
        find_input: Callable[[str], Path | None],
    ) -> None:
        self._options = options
        self._now = now
        self._save = save
        self._find_workflow = find_workflow
        self._find_input = find_input
        self._changed = threading.Condition()
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._threads: list[threading.Thread] = []
        self._is_held = False
        self._is_stopping = False

    def start(self) -> None:
        self._is_stopping = False
        self._threads = [
            threading.Thread(target=self._work, name=f"gallery-worker-{number}", daemon=True)
            for number in range(1, self._options.workers + 1)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the workers; a job that runs goes back to the queue."""
        with self._changed:
            self._is_stopping = True
            for job in self._running:
                job.wake.set()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=10)

    def put(self, job: Job) -> None:
        with self._changed:
            self._waiting.append(job)
            self._changed.notify()

    def hold(self) -> None:
        """Let no worker take a further job."""
        with self._changed:
            self._is_held = True

    def release(self) -> None:
        with self._changed:
            self._is_held = False
            self._changed.notify_all()

    def withdraw(self, job: Job) -> bool:
        """Take a waiting job out; False where it is not waiting (any more)."""
        with self._changed:
            if job not in self._waiting:
                return False
            self._waiting.remove(job)
            return True

    def clear(self) -> None:
        """Drop what waits and stop what runs."""
        with self._changed:
            self._waiting.clear()
            running = list(self._running)
        for job in running:
            job.cancel_requested = True
            job.wake.set()

    def cancel(self, job: Job) -> None:
        """Cancel a job: one that waits is removed, one that runs is stopped and waited for."""
        if self.withdraw(job):
            self._end_cancelled(job, self._options.cancelled_queued_status)
            return
        job.cancel_requested = True
        job.wake.set()

    def finish(self, job: Job, timeout: float) -> bool:
        """Run a job to its end at once, past hold and order; False where it does not end."""
        job.wake.set()
        if self.withdraw(job):
            self._execute(job)
        return job.over.wait(timeout)

    def _work(self) -> None:
        while (job := self._take()) is not None:
            self._execute(job)

    def _take(self) -> Job | None:
        with self._changed:
            while not self._is_stopping:
                if self._waiting and not self._is_held:
                    job = min(self._waiting, key=lambda waiting: -waiting.priority.rank)
                    self._waiting.remove(job)
                    return job
                self._changed.wait()
        return None

    def _execute(self, job: Job) -> None:
        with self._changed:
            self._running.append(job)
        try:
            self._run(job)
        finally:
            with self._changed:
                self._running.remove(job)

    def _run(self, job: Job) -> None:
        job.started = self._now()
        if self._options.initializing_seconds:
            job.status = Status.INITIALIZING
            job.wake.wait(self._options.initializing_seconds)
        job.status = Status.RUNNING
        self._save(job)
        workflow = self._find_workflow(job)
        context = Context(
            job,
            workflow,
            options=self._options,
            find_input=self._find_input,
            is_stopping=lambda: self._is_stopping,
        )
        with Execution(job, self._options) as execution:
            workflow.run(context)
        if job.cancel_requested:
            self._end_cancelled(job, self._options.cancelled_status)
        elif execution.was_stopped:
            self._put_back(job)
        else:
            execution.conclude()
            self._end(job)

    def _end_cancelled(self, job: Job, becomes: str) -> None:
        job.outputs.clear()
        job.disposition = Disposition.ERROR
        job.is_known = job.is_known and becomes != "gone"
        job.status = Status.COMPLETED if becomes == "Completed" else Status.CANCELLED
        self._end(job)

    def _end(self, job: Job) -> None:
        job.ended = self._now()
        self._save(job)
        job.over.set()

    def _put_back(self, job: Job) -> None:
        job.status, job.started = Status.QUEUED, None
        job.messages.clear()
        job.outputs.clear()
        job.wake.clear()
        shutil.rmtree(job.folder, ignore_errors=True)
        job.folder.mkdir(parents=True, exist_ok=True)
        self._save(job)
        with self._changed:
            self._waiting.insert(0, job)
