"""What a job's error messages mean, in words for the person who ran it.

The Gallery passes on what its engine logs. The patterns below name the troubles people meet
most; a message without a pattern is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.gallery.types import Severity
from apps.runs.models import RunMessage


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, and what to do about it."""

    cause: str | Promise
    advice: str | Promise


ASK_OWNER = _("Tell the app's contact: this is not caused by your answers.")

PATTERNS: tuple[tuple[re.Pattern[str], Explanation], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), Explanation(cause, advice))
    for pattern, cause, advice in (
        (
            r"sheet .*(not|cannot be) found|(no|find the) sheet|unable to find .*(sheet|table)",
            _("The workbook does not have the sheet the app looks for."),
            _("Check the name of the sheet in your file, then run the app again."),
        ),
        (
            r"(missing|not find|unknown).*(column|field)|(column|field).*(missing|not found)",
            _("The file lacks a column the app needs."),
            _("Compare the column titles of your file with the app's instructions."),
        ),
        (
            r"file not found|cannot find the (file|path)|no such file|unable to open file",
            _("A file the app needs could not be opened."),
            _("If you named or uploaded it, check it and try again; otherwise tell the contact."),
        ),
        (
            r"logon failure|login failed|access (is )?denied|permission denied|not authori[sz]ed",
            _("The app was not allowed to use one of its data sources."),
            ASK_OWNER,
        ),
        (
            r"(unable|could not|cannot) (to )?connect|connection .*(refused|timed out|lost)",
            _("One of the app's data sources did not answer."),
            _("Try again in a few minutes; if it goes on, tell the app's contact."),
        ),
        (
            r"(start|from|begin)\w* date .*(after|later)|date .*(before|earlier) than",
            _("The dates do not fit together."),
            _("Choose a start date that is not after the end date."),
        ),
        (
            r"(conversion error|is not a valid (number|date)|parse error)",
            _("A value could not be read as a number or a date."),
            _("Check your answers and the file for text where a number or date is expected."),
        ),
        (
            r"out of memory|not enough (memory|disk)|disk full",
            _("The Gallery ran out of room for this run."),
            _("Try again later, or with a smaller selection."),
        ),
        (
            r"licen[cs]e",
            _("The Gallery's licence did not allow the run."),
            ASK_OWNER,
        ),
    )
)


def explain(messages: Iterable[RunMessage]) -> Explanation | None:
    """Return what the first error we have words for means; None where there is none."""
    for message in messages:
        if message.severity < Severity.ERROR:
            continue
        for pattern, explanation in PATTERNS:
            if pattern.search(message.text):
                return explanation
    return None
