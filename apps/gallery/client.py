"""The client every other package speaks to a Gallery with, whatever its dialect.

v3 is used for workflows, questions and jobs where the connection has it, v1 for the rest:
v3 has no address for outputs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote
from uuid import uuid4

from django.views.decorators.debug import sensitive_variables
from requests.auth import AuthBase

from apps.gallery import reading
from apps.gallery.dialects.oauth1 import OAuth1Dialect, new_nonce
from apps.gallery.dialects.oauth2 import OAuth2Dialect
from apps.gallery.errors import Cause, GalleryRefusal, GalleryUnreachable, JobGone
from apps.gallery.types import Answer, Dialect, Job, Message, Question, Workflow
from apps.gallery.wire.download import Download
from apps.gallery.wire.download import patience as patience_for_files
from apps.gallery.wire.exchange import Patience
from apps.gallery.wire.faults import from_status, refusal, unreachable
from apps.gallery.wire.send import FormFile, Reply, Request, ask, lower, opened, pieces
from apps.gallery.wire.sessions import session_for

if TYPE_CHECKING:
    from apps.gallery.dialects.base import DialectOf
    from apps.gallery.models import Connection

PAGE = 200
MOST_PAGES = 100
LONGEST_EXCERPT = 20_000
UNAUTHORISED = 401
JSON_HEADERS = {"Accept": "application/json"}
NEWEST_FIRST = (("sortField", "createdate"), ("direction", "desc"))


class GalleryClient:
    """Speaks to one Gallery with one key. Cheap to make; not shared between threads.

    Every method raises GalleryUnreachable where there was no usable answer (5 s to connect,
    30 s of silence, 60 s in all) and GalleryRefusal where the answer was no.
    """

    def __init__(self, connection: Connection, *, patience: Patience | None = None) -> None:
        self.connection = connection
        self._patience = patience or Patience()
        self._session = session_for(connection)

    # --- What there is -------------------------------------------------------------------------

    def workflows(self) -> list[Workflow]:
        """Return every workflow the key can see, of any kind."""
        if not self.connection.has_v3:
            return self._workflows_by_page()
        try:
            return reading.workflows(self._get("v3/workflows", ("view", "Full")))
        except GalleryUnreachable as error:
            if error.cause is not Cause.TOO_LARGE:
                raise
            return reading.workflows(self._get("v3/workflows"))

    def _workflows_by_page(self) -> list[Workflow]:
        found: dict[str, Workflow] = {}
        for page in range(MOST_PAGES):
            answer = self._get(
                "v1/workflows/subscription",
                ("offset", str(page * PAGE)),
                ("limit", str(PAGE)),
            )
            entries = reading.workflows(answer)
            new = {entry.id: entry for entry in entries if entry.id not in found}
            found |= new
            # Servers may cap or ignore the limit, or ignore the offset: go on while it helps.
            if not new or len(entries) > PAGE:
                break
        return list(found.values())

    def peek(self) -> None:
        """Make the lightest call that needs a good key and the right to read workflows."""
        self._get("v1/workflows/subscription", ("limit", "1"))

    def serves_v3(self) -> bool:
        """Return whether v3 answers this key for workflows and their questions.

        2022.1 has v3 for curators only, and without the addresses for questions and jobs.
        """
        try:
            listed = reading.workflows(self._get("v3/workflows"))
        except GalleryRefusal:
            return False
        some_id = listed[0].id if listed else "0" * 24
        reply = self._ask("GET", f"v3/workflows/{_segment(some_id)}/questions")
        if reply.status in {404, 405}:
            return not listed and b"No HTTP resource" not in reply.body
        return reply.status in {200, 403}

    def workflow(self, workflow_id: str) -> Workflow:
        """Return one workflow; GalleryRefusal where the key cannot see it."""
        if self.connection.has_v3:
            answer = self._get(f"v3/workflows/{_segment(workflow_id)}")
            return reading.workflow(reading.record(answer, "a workflow"))
        for entry in self._workflows_by_page():
            if entry.id == workflow_id:
                return entry
        raise refusal(Cause.NOT_FOUND, detail="It is not in the list of the key's studio.")

    def questions(self, workflow_id: str) -> list[Question]:
        return reading.questions(self._get(f"{self._workflow(workflow_id)}/questions"))

    def credentials(self) -> list[tuple[str, str]]:
        """Return the run-as credentials the key's owner may use, as (id, user name)."""
        path = "v3/credentials" if self.connection.has_v3 else "user/v2/credentials"
        return reading.credentials(self._get(path))

    # --- Jobs ----------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Get a token if one is needed, so that ``submit`` sends one POST and nothing else."""
        self._dialect.auth()

    def new_nonce(self) -> tuple[str, str]:
        """Return a nonce and timestamp to sign a submission with; empty ones for OAuth 2."""
        return new_nonce() if self.connection.dialect == Dialect.OAUTH1 else ("", "")

    def submit(
        self,
        workflow_id: str,
        answers: Sequence[Answer],
        *,
        nonce: str = "",
        timestamp: str = "",
        deadline: Callable[[], bool] | None = None,
    ) -> Job:
        """Queue one job and return it as the Gallery reports it, normally ``Queued``.

        Not idempotent and never repeated here: after GalleryUnreachable with ``was_sent`` the
        job may exist.

        Args:
            answers: one per question, in question order; may be empty.
            nonce: with ``timestamp`` signs exactly as before; a server that has seen the first
                sending refuses the second.
            deadline: asked as the last thing before the bytes leave; False keeps them here.

        Source: Server API v1, ``POST /workflows/{appId}/jobs/``.
        """
        body = {"questions": [{"name": a.name, "value": a.value} for a in answers]}
        request = Request(
            "POST",
            self._dialect.url(f"{self._workflow(workflow_id)}/jobs"),
            headers={**JSON_HEADERS, "Content-Type": "application/json"},
            body=json.dumps(body).encode(),
            may_send=deadline,
        )
        try:
            auth = self._dialect.auth(nonce=nonce, timestamp=timestamp)
        except GalleryUnreachable as error:
            error.was_sent = False  # it is the token that did not come; no job was asked for
            raise
        reply = ask(self._session, request, auth=auth, patience=self._patience)
        if reply.status == UNAUTHORISED and self._dialect.forget(auth):
            # The token had been taken back before its time: nothing was queued, and the next
            # attempt brings a new one.
            raise unreachable(Cause.TOKEN, was_sent=False, status=reply.status)
        self._check(reply)
        return reading.job(reading.parse(reply), default_status="Queued")

    def job(self, job_id: str, *, messages: bool = True) -> Job:
        """Return a job's present state.

        Raises:
            JobGone: the Gallery does not know it (any more).
        """
        wanted = ("includeMessages", "true" if messages else "false")
        try:
            found = reading.job(self._get(self._job(job_id), wanted))
        except GalleryRefusal as error:
            if error.cause is not Cause.NOT_FOUND:
                raise
            raise JobGone(
                "The Gallery no longer knows this job.",
                cause=error.cause,
                status=error.status,
                detail=error.detail,
            ) from None
        if found.id != job_id:
            raise unreachable(Cause.UNUSABLE, detail="The answer is about another job.")
        return found

    def jobs(self, workflow_id: str, *, limit: int = 100) -> list[Job]:
        """Return a workflow's latest jobs, newest first, without messages and outputs."""
        path = f"{self._workflow(workflow_id)}/jobs"
        return reading.jobs(self._get(path, *NEWEST_FIRST, ("limit", str(limit))))[:limit]

    def messages(self, job: Job) -> tuple[Message, ...]:
        """Return a job's log, asking for it where the job came without."""
        found = job.messages or self.job(job.id).messages
        if found or not self.connection.has_v3:
            return found
        try:
            return reading.messages(self._get(f"{self._job(job.id)}/messages"))
        except GalleryRefusal:  # for curators only
            return ()

    def cancel(self, job_id: str) -> bool:
        """Ask the Gallery to stop a job.

        Returns:
            Whether it will. False where the job is over or the server (before 2025) has no way.

        Source: Server API v3, ``DELETE /jobs/{jobId}``.
        """
        if not self.connection.has_v3:
            return False
        reply = self._ask("DELETE", self._job(job_id))
        if reply.status in {400, 404, 405, 409, 410, 501}:
            return False
        self._check(reply)
        if "html" in reply.headers.get("content-type", "").lower():
            raise unreachable(Cause.NOT_JSON, status=reply.status, detail="A web page answered.")
        return True

    # --- Files ---------------------------------------------------------------------------------

    def upload(self, name: str, stream: BinaryIO) -> str:
        """Hand over a file and return what to answer a file question with.

        Args:
            stream: seekable; read in pieces.

        Source: Server API v2 (user), ``POST /inputfiles``, section ``inputFile``.
        """
        boundary = uuid4().hex

        def form() -> FormFile:
            return FormFile("inputFile", name, stream, boundary=boundary)

        headers = {**JSON_HEADERS, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        reply = self._ask("POST", "user/v2/inputfiles", headers=headers, body=form)
        self._check(reply)
        return reading.upload(reading.parse(reply))

    @contextmanager
    def download(self, job_id: str, output_id: str, format: str) -> Iterator[Download]:  # noqa: A002
        """Open one output in one format; read its ``chunks()`` inside the ``with`` block."""
        path = f"v1/jobs/{_segment(job_id)}/output/{_segment(output_id)}"
        with self._file(path, ("format", format)) as file:
            if file.content_type == "text/html" and format.casefold() not in {"raw", "html"}:
                raise unreachable(Cause.NOT_JSON, detail=f"A web page came instead of {format}.")
            yield file

    @contextmanager
    def package(self, workflow_id: str) -> Iterator[Download]:
        """Open a workflow's package (``.yxzp``), by v1 or, where that fails, by v3."""
        name = _segment(workflow_id)
        if self.connection.dialect == Dialect.OAUTH1:
            paths = [f"v1/{name}/package"]
        else:
            paths = [f"v1/workflows/{name}/package"]
            paths += [f"v3/workflows/{name}/package"] if self.connection.has_v3 else []
        with ExitStack() as stack:
            yield self._first_file(stack, paths)

    def _first_file(self, stack: ExitStack, paths: list[str]) -> Download:
        for path in paths[:-1]:
            with suppress(GalleryRefusal):
                return stack.enter_context(self._file(path))
        return stack.enter_context(self._file(paths[-1]))

    # --- How it is asked -----------------------------------------------------------------------

    @cached_property
    def _dialect(self) -> DialectOf:
        if self.connection.dialect == Dialect.OAUTH1 and self.connection.api_url:
            return OAuth1Dialect(self.connection)
        if self.connection.dialect == Dialect.OAUTH2 and self.connection.api_url:
            return OAuth2Dialect(self.connection, self._session, self._patience)
        raise unreachable(Cause.UNKNOWN_DIALECT, was_sent=False)

    def _workflow(self, workflow_id: str) -> str:
        version = "v3" if self.connection.has_v3 else "v1"
        return f"{version}/workflows/{_segment(workflow_id)}"

    def _job(self, job_id: str) -> str:
        return f"{'v3' if self.connection.has_v3 else 'v1'}/jobs/{_segment(job_id)}"

    def _get(self, path: str, *query: tuple[str, str]) -> Any:
        reply = self._ask("GET", path, query=query)
        self._check(reply)
        return reading.parse(reply)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: tuple[tuple[str, str], ...] = (),
        headers: dict[str, str] | None = None,
        body: Callable[[], FormFile] | None = None,
    ) -> Reply:
        """Send one request; after a 401 once more with a new token, if there are tokens."""
        request = Request(method, self._dialect.url(path), query, headers or JSON_HEADERS)
        auth = self._dialect.auth()
        reply = self._send(request, auth, body)
        if reply.status == UNAUTHORISED and (other := self._dialect.renewed(auth)):
            reply = self._send(request, other, body)
        return reply

    def _send(self, request: Request, auth: AuthBase, body: Callable[[], FormFile] | None) -> Reply:
        if body is not None:
            request = replace(request, body=body())
        return ask(self._session, request, auth=auth, patience=self._patience)

    @contextmanager
    def _file(self, path: str, *query: tuple[str, str]) -> Iterator[Download]:
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        request = Request("GET", self._dialect.url(path), query, headers)
        patience = replace(patience_for_files(), connect=self._patience.connect)
        auth = self._dialect.auth()
        with ExitStack() as stack:
            answer, exchange = stack.enter_context(
                opened(self._session, request, auth=auth, patience=patience)
            )
            other = self._dialect.renewed(auth) if answer.status_code == UNAUTHORISED else None
            if other:
                answer.close()
                answer, exchange = stack.enter_context(
                    opened(self._session, request, auth=other, patience=patience)
                )
            if answer.status_code != 200:  # noqa: PLR2004
                body = b"".join(_first(pieces(answer, exchange), LONGEST_EXCERPT))
                self._check(Reply(answer.status_code, lower(answer), body))
                raise unreachable(Cause.UNUSABLE, status=answer.status_code, detail="No file came.")
            yield Download(answer, exchange)

    @sensitive_variables("secrets")
    def _check(self, reply: Reply) -> None:
        secrets = (self.connection.secret_in_clear, self.connection.client_key)
        if error := from_status(reply.status, reply.headers, reply.body, *secrets):
            raise error


def _first(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk
        size -= len(chunk)
        if size <= 0:
            return


def _segment(text: str) -> str:
    """Return an id as one segment of a path; ids may hold anything but are never a path."""
    if not text or text in {".", ".."}:
        raise refusal(Cause.NOT_FOUND, detail="This id cannot exist.")
    return quote(text, safe="")
