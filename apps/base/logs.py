"""Log lines with the id of the request or run they belong to, and without secrets."""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar

request_id_var: ContextVar[str] = ContextVar("request_id", default="-")

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id"}
_SECRET = re.compile(
    r"(?i)(authorization|oauth_signature|oauth_consumer_key|client_secret|access_token|password)"
    r"(\"?\s*[=:]\s*\"?)(bearer\s+|basic\s+|oauth\s+)?[^\s\"&,;]+"
)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id_var.get()
        return True


class RedactFilter(logging.Filter):
    """A net, not the wall: blanks what looks like a key in texts of other libraries."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        clean = _SECRET.sub(r"\1\2***", text)
        if clean != text:
            record.msg, record.args = clean, ()
        return True


class RefusalFilter(logging.Filter):
    """A request refused for what it holds is one line: anyone can send a thousand of them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:  # noqa: PLR2004 (HTTP's own limits)
            record.exc_info = record.exc_text = None
        return True


class LineFormatter(logging.Formatter):
    """``time level logger [request] message key=value …``; facts come from ``extra``."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        line = super().formatMessage(record)
        facts = {k: v for k, v in vars(record).items() if k not in _STANDARD}
        facts.pop("request", None)  # Django adds the whole request object
        return line + "".join(f" {key}={value}" for key, value in sorted(facts.items()))
