"""A web page as a browser without JavaScript sees it: links, tables and forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

NOT_SENT = {"submit", "button", "reset", "image"}


@dataclass(slots=True)
class Link:
    url: str
    text: str = ""
    is_download: bool = False


@dataclass(slots=True)
class Choice:
    value: str
    is_selected: bool


@dataclass(slots=True)
class Control:
    """One field of a form with what it holds as the page came."""

    name: str
    kind: str  # an input's type, "select" or "textarea"
    value: str = ""
    is_on: bool = False  # check boxes and radio buttons
    is_required: bool = False
    is_multiple: bool = False
    choices: list[Choice] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    url: str
    method: str
    controls: list[Control] = field(default_factory=list)

    @property
    def has_file(self) -> bool:
        return any(control.kind == "file" for control in self.controls)

    def values(self) -> list[tuple[str, str]]:
        """Return what a browser would send now: name and value of each successful control."""
        return [
            (control.name, value) for control in self.controls for value in _sent_values(control)
        ]


@dataclass(slots=True)
class Table:
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def _sent_values(control: Control) -> list[str]:
    if control.kind in {"checkbox", "radio"}:
        return [control.value] if control.is_on else []
    if control.kind == "select":
        chosen = [choice.value for choice in control.choices if choice.is_selected]
        if chosen or control.is_multiple:
            return chosen
        return [choice.value for choice in control.choices[:1]]
    return [] if control.kind == "file" else [control.value]


class Page(HTMLParser):
    """A page, read in one go from its text."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.tables: list[Table] = []
        self.style_sheets: list[str] = []
        self.live: str | None = None  # what the page says of its run: live, ready or failed
        self.words = ""  # what stands between the tags
        self._cell: list[str] | None = None
        self._link: Link | None = None
        self._area: Control | None = None
        self._select: Control | None = None
        self.feed(text)
        self.close()

    def link(self, text: str) -> Link | None:
        """Return the first link whose words begin so."""
        return next((link for link in self.links if link.text.strip().startswith(text)), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self.live = facts.get("data-live", self.live) if tag == "section" else self.live
        start = getattr(self, f"_start_{tag}", None)
        if start:
            start(facts)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        end = getattr(self, f"_end_{tag}", None)
        if end:
            end()

    def handle_data(self, data: str) -> None:
        self.words += data if data.strip() else ""
        if self._cell is not None:
            self._cell.append(data)
        if self._link:
            self._link.text += data
        if self._area:
            self._area.value += data

    def _start_a(self, facts: dict[str, str]) -> None:
        self._link = Link(urljoin(self.url, facts.get("href", "")), is_download="download" in facts)
        self.links.append(self._link)

    def _end_a(self) -> None:
        self._link = None

    def _start_link(self, facts: dict[str, str]) -> None:
        if facts.get("rel") == "stylesheet":
            self.style_sheets.append(urljoin(self.url, facts["href"]))

    def _start_form(self, facts: dict[str, str]) -> None:
        url = urljoin(self.url, facts.get("action") or self.url)
        self.forms.append(Form(url, facts.get("method", "get").lower()))

    def _start_input(self, facts: dict[str, str]) -> None:
        kind = facts.get("type", "text")
        if kind in NOT_SENT:
            return
        is_switch = kind in {"checkbox", "radio"}
        control = self._add(facts, kind)
        control.value = facts.get("value", "on" if is_switch else "")
        control.is_on = "checked" in facts

    def _start_textarea(self, facts: dict[str, str]) -> None:
        self._area = self._add(facts, "textarea")

    def _end_textarea(self) -> None:
        if self._area:
            self._area.value = self._area.value.removeprefix("\n")
        self._area = None

    def _start_select(self, facts: dict[str, str]) -> None:
        self._select = self._add(facts, "select")
        self._select.is_multiple = "multiple" in facts

    def _end_select(self) -> None:
        self._select = None

    def _start_option(self, facts: dict[str, str]) -> None:
        if self._select:
            self._select.choices.append(Choice(facts.get("value", ""), "selected" in facts))

    def _start_table(self, _: dict[str, str]) -> None:
        self.tables.append(Table())

    def _start_tr(self, _: dict[str, str]) -> None:
        if self.tables:
            self.tables[-1].rows.append([])

    def _start_th(self, _: dict[str, str]) -> None:
        self._cell = []

    _start_td = _start_th

    def _end_th(self) -> None:
        if self._cell is not None and self.tables:
            self.tables[-1].header.append("".join(self._cell))
        self._cell = None

    def _end_td(self) -> None:
        if self._cell is not None and self.tables and self.tables[-1].rows:
            self.tables[-1].rows[-1].append("".join(self._cell))
        self._cell = None

    def _end_table(self) -> None:
        if self.tables:
            self.tables[-1].rows = [row for row in self.tables[-1].rows if row]

    def _add(self, facts: dict[str, str], kind: str) -> Control:
        control = Control(facts.get("name", ""), kind, is_required="required" in facts)
        # A field without a name, or outside a form, is never sent.
        if self.forms and control.name and "disabled" not in facts:
            self.forms[-1].controls.append(control)
        return control
