"""Two small workflows, clients that sign, and a way to a running pretend Gallery."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from requests_oauthlib import OAuth1Session

from apps.emulator import people
from apps.emulator.emulator import Emulator
from apps.emulator.people import KeyPair
from apps.emulator.workflow import InterfaceTool, Item, JobContext, Kind, Severity, Workflow

SHARED = Path(os.environ.get("PORTAL_SHARED", Path(__file__).parents[3] / "shared"))
CAPTURES = SHARED / "gallery-api-samples"
PACKAGES = SHARED / "samples" / "packages"

MakeGallery = Callable[..., Emulator]

REGION = InterfaceTool(
    "Select Region",
    Kind.LIST_BOX,
    "Select Region",
    default="East",
    items=(Item("East", "East"), Item("West", "West")),
    multiple=False,
    tool_id=11,
    tab="Sales",
    group="Where",
)
SINCE = InterfaceTool("Orders on or after", Kind.DATE, "Orders on or after...", tab="Sales")
EVERY_KIND = (
    REGION,
    SINCE,
    InterfaceTool("Note (2)", Kind.TEXT_BOX, "A note", default="x & <y>", is_multiline=True),
    InterfaceTool("Secret", Kind.TEXT_BOX, "A password", is_password=True, is_hidden=True),
    InterfaceTool(
        "Top",
        Kind.NUMERIC_UP_DOWN,
        "How many",
        default="10",
        minimum=1,
        maximum=100,
        increment=0.5,
        decimals=1,
        inside="Only some",
    ),
    InterfaceTool("Only some", Kind.BOOLEAN_GROUP, "Only the first", default="True", tool_id=30),
    InterfaceTool("By store", Kind.RADIO_GROUP, "By store", default="True", group="How"),
    InterfaceTool("By city", Kind.RADIO_GROUP, "By city", default="False", group="How"),
    InterfaceTool("City", Kind.TEXT_BOX, "Which city", inside="By city"),
    InterfaceTool(
        "Products",
        Kind.LIST_BOX,
        "Products",
        items=(Item("Tea", "T1"), Item("Coffee", "C1"), Item("Milk: fresh", "Milk: fresh")),
        multiple=True,
    ),
    InterfaceTool("Upload", Kind.FILE_BROWSE, "A file"),
    InterfaceTool("Folder", Kind.FOLDER_BROWSE, "A folder"),
    InterfaceTool("Areas", Kind.TREE, "Areas"),
    InterfaceTool("Place", Kind.MAP, "Where"),
)


def _echo(context: JobContext) -> None:
    """Write down what the workflow saw of its answers."""
    context.message("Working", tool_id=4)
    seen = {
        "answers": dict(context.answers),
        "seed": context.seed,
        "products": list(context.list_answer("Products")),
        "some": context.flag("Only some"),
    }
    if context.answers.get("Upload"):
        seen["upload"] = context.input_file(context.answers["Upload"]).read_bytes().hex()
    raw, csv = context.folder / "echo.json", context.folder / "echo.csv"
    raw.write_text(json.dumps(seen), encoding="utf-8")
    csv.write_text("a,b\n" + "1,2\n" * 5000, encoding="utf-8")
    context.output("echo.json", {"Raw": raw, "Csv": csv})


def _slow(context: JobContext) -> None:
    context.message("Begun")
    context.pause(3600)
    context.message("Done")


def _fail(context: JobContext) -> None:
    context.message("Looks odd", Severity.WARNING, 7)
    context.message("Must specify a bucket.", Severity.ERROR, 694)


def _warn(context: JobContext) -> None:
    context.message("Looks odd", Severity.WARNING, 7)


def _crash(context: JobContext) -> None:
    raise ZeroDivisionError("a mistake of the workflow's author")


ECHO = Workflow("echo", "Echo", "Says what it was asked", _echo, EVERY_KIND)
CAPTURED = Workflow("captured", "Tableau WDC Demo", "#tableauwdc", _echo, (REGION, SINCE))
SLOW = Workflow("slow", "Slow", "Takes an hour", _slow)
FAIL = Workflow("fail", "Fail", "Ends in error", _fail)
WARN = Workflow("warn", "Warn", "Ends with a warning", _warn)
CRASH = Workflow("crash", "Crash", "Raises", _crash)
STOCK = Workflow("stock", "Stock", "Of another studio", _echo, studio="Operations")
SHARED_STOCK = Workflow(
    "shared", "Shared close", "In a collection", _echo, studio="Finance", tags=("shared",)
)
SAMPLES = (ECHO, CAPTURED, SLOW, FAIL, WARN, CRASH, STOCK, SHARED_STOCK)


class Client:
    """Calls one pretend Gallery in one dialect with one pair."""

    def __init__(self, base: str, session: requests.Session) -> None:
        self._base = base
        self.session = session

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", 20)
        return self.session.request(method, self._base + path, **kwargs)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, params=query)

    def post(self, path: str, body: Any = None) -> requests.Response:
        return self.call("POST", path, json=body)

    def json(self, path: str, **query: Any) -> Any:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()


def classic(
    gallery: Emulator, pair: KeyPair = people.FINANCE.pair, *, place: str = "AUTH_HEADER"
) -> Client:
    """Return a client that signs; ``place`` is AUTH_HEADER or QUERY."""
    session = OAuth1Session(pair.key, pair.secret, signature_type=place)
    return Client(gallery.gallery_url + "api/", session)


def token_answer(gallery: Emulator, pair: KeyPair, **fields: str) -> requests.Response:
    form = {"grant_type": "client_credentials", "client_id": pair.key, "client_secret": pair.secret}
    return requests.post(gallery.webapi_url + "oauth2/token", data=form | fields, timeout=20)


def web(gallery: Emulator, pair: KeyPair = people.CURATOR.pair) -> Client:
    """Return a client with a fresh token."""
    session = requests.Session()
    token = token_answer(gallery, pair).json()["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"
    return Client(gallery.webapi_url, session)
