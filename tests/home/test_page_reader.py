"""The check's reader of pages sees forms, links and tables as a browser does."""

from __future__ import annotations

from apps.home.demo.page import Page
from apps.home.demo.visitor import fill

HTML = """
<link rel="stylesheet" href="/static/a.css">
<section data-live="live">
<a href="/other" download>Get <b>it</b></a>
<form method="post" action="../send">
  <input type="hidden" name="token" value="t&amp;t">
  <input name="plain" value="x"><input name="gone" disabled value="y">
  <input type="checkbox" name="on" checked><input type="checkbox" name="off">
  <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
  <select name="one"><option value="a">A<option value="b">B</select>
  <select name="many" multiple><option value="a" selected>A<option value="b" selected>B</select>
  <textarea name="text">
two
lines</textarea>
  <input type="date" name="day" required><input type="file" name="file">
  <button name="never">Send</button><input type="submit" name="nor" value="this">
</form>
<table><thead><tr><th>A</th><th>B &lt;</th></tr></thead>
<tbody><tr><td>1</td><td></td></tr><tr><td> x </td><td>é</td></tr></tbody></table>
</section>
"""


def page() -> Page:
    return Page("http://portal/apps/1/", HTML)


def test_a_form_sends_what_a_browser_would_send() -> None:
    form = page().forms[0]
    assert (form.url, form.method, form.has_file) == ("http://portal/apps/send", "post", True)
    assert form.values() == [
        ("token", "t&t"),
        ("plain", "x"),
        ("on", "on"),
        ("r", "2"),
        ("one", "a"),
        ("many", "a"),
        ("many", "b"),
        ("text", "two\nlines"),
        ("day", ""),
    ]


def test_filling_in_chooses_from_lists_and_answers_what_is_required() -> None:
    form = page().forms[0]
    assert fill(form) == 9
    answers = dict(form.values())
    assert answers["one"] == "b"
    assert answers["day"] == "2026-03-31"


def test_tables_links_and_the_state_of_the_run_are_read() -> None:
    seen = page()
    assert seen.tables[0].header == ["A", "B <"]
    assert seen.tables[0].rows == [["1", ""], [" x ", "é"]]
    assert seen.live == "live"
    assert seen.style_sheets == ["http://portal/static/a.css"]
    link = seen.link("Get it")
    assert link is not None
    assert (link.url, link.is_download) == ("http://portal/other", True)
