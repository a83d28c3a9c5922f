"""Climbing the ladder."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from urllib.parse import urlsplit

from apps.gallery import guard
from apps.gallery.client import GalleryClient
from apps.gallery.doctor import keys, line
from apps.gallery.doctor.advice import KEY_TROUBLE, KIND_TROUBLE
from apps.gallery.doctor.content import APP, APPS, QUESTIONS, see_app, see_apps
from apps.gallery.doctor.detection import Api, find
from apps.gallery.doctor.keys import Outcome, Trial
from apps.gallery.doctor.ladder import Ladder, Stop
from apps.gallery.doctor.line import Front
from apps.gallery.errors import GalleryError
from apps.gallery.models import Connection
from apps.gallery.types import Dialect, Report
from apps.gallery.wire.sessions import drop, session_for

GALLERY, API, CLOCK, KEY, KIND = "Gallery", "API", "Clock", "Key", "Kind of key"
RUNGS = (
    *(line.ADDRESS, line.CONNECTION, line.CERTIFICATE, line.ANSWER),
    *(GALLERY, API, CLOCK, KEY, KIND, APPS, QUESTIONS),
)
NOTICED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """What an examination found; ``dialect`` is unknown where no API was reached."""

    report: Report
    dialect: Dialect = Dialect.UNKNOWN
    api_url: str = ""
    has_v3: bool = False


def examine(connection: Connection) -> Finding:
    """Examine a connection from its address to the questions of an app."""
    return _climb(connection, "")


def check_app(connection: Connection, workflow_id: str) -> Report:
    """Examine a connection and, on the last rung, one app of it."""
    return _climb(connection, workflow_id).report


def _climb(connection: Connection, workflow_id: str) -> Finding:
    # On a copy: what is tried here must not change the row others work with.
    subject = copy.copy(connection)
    ladder = Ladder((*RUNGS, APP) if workflow_id else RUNGS)
    found = {"dialect": Dialect.UNKNOWN, "api_url": "", "has_v3": False}
    drop(subject)
    try:
        trial = _sign_in(ladder, subject, found)
        see_rights(ladder, subject, trial)
        found["has_v3"] = subject.has_v3
        listed = see_apps(ladder, subject)
        if workflow_id:
            see_app(ladder, subject, workflow_id, listed)
    except Stop:
        pass
    finally:
        drop(subject)
    return Finding(ladder.report(), **found)  # type: ignore[arg-type]


def _sign_in(ladder: Ladder, subject: Connection, found: dict[str, object]) -> Trial:
    """Climb to the key; put into ``found`` which API the portal is going to use."""
    try:
        subject.url = guard.canonical_url(subject.url)
    except guard.AddressRefused as error:
        ladder.fail(
            line.ADDRESS, "Read the address.", str(error), "Correct the connection's address."
        )
    front = line.reach(ladder, session_for(subject), subject.url)
    if line.is_portal(subject.url, front):
        ladder.fail(
            GALLERY,
            "Ask for the API at its usual places.",
            "This is the portal itself.",
            "Enter the address of the Alteryx Gallery, not of this portal.",
        )
    apis = find(ladder, session_for(subject), subject.url)
    if not apis:
        _not_a_gallery(ladder, front)
    trial = keys.try_all(ladder, subject, apis, front.offset)
    found |= {"dialect": trial.api.dialect, "api_url": trial.api.url}
    keys.aim(subject, trial.api)
    ladder.ok(GALLERY, "Ask for the API at its usual places.", "A Gallery answers.")
    _say_api(ladder, subject.url, trial.api, apis)
    _say_clock(ladder, trial.api, front.offset)
    _judge_key(ladder, subject, trial)
    return trial


def _not_a_gallery(ladder: Ladder, front: Front) -> None:
    title = f" with the title “{front.title}”" if front.title else ""
    if front.is_login:
        saw = f"A sign-in page{title}, but no API of a Gallery."
        todo = (
            "If this is the Gallery's own page, its API may be switched off or stand at another "
            "address: ask its administrator for the address of the Web API. If a company sign-in "
            "stands in front, the portal has to be let past it."
        )
    else:
        saw = f"Something answers{title}, but no API of a Gallery is to be found there."
        todo = (
            "Enter the address people open the Gallery with, such as https://host/gallery, or "
            "that of its Web API, such as https://host/webapi."
        )
    ladder.fail(GALLERY, "Ask for the API at its usual places.", saw, todo)


def _say_api(ladder: Ladder, url: str, api: Api, apis: list[Api]) -> None:
    label = Dialect(api.dialect).label
    saw = f"{label[0].upper()}{label[1:]}, at {api.url}."
    path = urlsplit(url).path.lower()
    if path and not urlsplit(api.url).path.lower().startswith(path):
        saw += f" The address given ends in {path}; the portal found the API by itself."
    if len(apis) > 1:
        saw += " The server speaks both dialects; the portal uses the one that fits the key."
    ladder.ok(API, "Find out which dialect the API speaks.", saw)


def _say_clock(ladder: Ladder, api: Api, offset: float | None) -> None:
    tried = "Compare the clocks."
    if offset is None:
        ladder.ok(CLOCK, tried, "The server does not tell its time.")
        return
    seconds = round(abs(offset))
    if seconds <= NOTICED_SECONDS:
        ladder.ok(CLOCK, tried, "They agree.")
        return
    ahead = "ahead of" if offset > 0 else "behind"
    matters = (
        "Signatures carry the time, and a Gallery may refuse one that is too old."
        if api.dialect == Dialect.OAUTH1
        else "Times on pages will look odd."
    )
    saw = f"The Gallery's clock is {_span(seconds)} {ahead} the portal's."
    ladder.warn(CLOCK, tried, saw, f"{matters} Set both by a time server.")


def _span(seconds: int) -> str:
    for size, word in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {word}"
    return f"{seconds} seconds"


def _judge_key(ladder: Ladder, subject: Connection, trial: Trial) -> None:
    key, secret = subject.client_key, subject.secret_in_clear
    tried = "Sign in with the stored key."
    if not secret or not key:
        ladder.fail(KEY, tried, "No secret is stored.", "Enter the key and its secret.")
    odd = " ".join(keys.shape(key, secret))
    if trial.outcome in KEY_TROUBLE:
        saw, todo = KEY_TROUBLE[trial.outcome]
        if trial.outcome is Outcome.OTHER_BASE:
            saw = saw.format(base=keys.other_base(ladder, subject))
        if trial.outcome is Outcome.UNKNOWN:
            odd = trial.detail
        ladder.fail(KEY, tried, f"{saw} {odd}".strip(), todo)
    made = keys.made_at(key)
    when = f" It was made on {made:%d %B %Y}." if made else ""
    ladder.ok(KEY, tried, f"The Gallery knows the key.{when}")
    if trial.outcome in KIND_TROUBLE:
        ladder.fail(KIND, "Use the key for apps.", *KIND_TROUBLE[trial.outcome])


def see_rights(ladder: Ladder, subject: Connection, trial: Trial) -> None:
    """Find out whether v3 serves the key, and say which kind of key it is."""
    tried = "Use the key for apps."
    if trial.api.dialect == Dialect.OAUTH1:
        ladder.ok(KIND, tried, "A Private Studio pair, as this server wants it.")
        return
    try:
        subject.has_v3 = GalleryClient(subject, patience=ladder.patience()).serves_v3()
    except GalleryError:
        subject.has_v3 = False
    version = "version 3" if subject.has_v3 else "version 1, because version 3 is not open to it"
    ladder.ok(KIND, tried, f"An API Access pair. The portal uses {version} of the API.")
