"""How long the pages people use most take in one web process, without a network.

Run with ``uv run python -m tests.bench.pages``. Each request goes through the whole stack of
middleware, views, templates and database (SQLite, as in the demo). The submit includes
recording the run and ringing the worker through a real broker.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.bench.harness import finish, median, percentile, portal, show, times

if TYPE_CHECKING:
    from django.test import Client

    from apps.accounts.models import User
    from apps.catalog.models import App
    from apps.runs.models import Run

APPS = 200
RUNS = 10_000
ROUNDS = 200
# What another Django portal of this kind needs for such a form and its submit, on such a machine.
OTHERS_FORM_MS, OTHERS_SUBMIT_MS = 40.0, 33.0


def main() -> None:
    """Fill a database, time the pages, print the figures."""
    with portal():
        from tests.bench.pages_data import fill  # noqa: PLC0415 (models need settings)

        person, app, run = fill(apps=APPS, runs=RUNS)
        measure(person, app, run)


def measure(person: User, app: App, run: Run) -> None:
    """Time each page for one signed-in person and print the result."""
    from django.test import Client  # noqa: PLC0415 (needs settings)

    client = Client(HTTP_HOST="testserver")
    client.force_login(person)
    form_url, run_url = app.get_absolute_url(), run.get_absolute_url()
    posted = _filled(client.get(form_url).content.decode())

    def get(url: str) -> Callable[[], None]:
        def action() -> None:
            assert client.get(url).status_code == 200

        return action

    page_times = {
        "catalogue": times(get("/"), rounds=ROUNDS),
        "form": times(get(form_url), rounds=ROUNDS),
        "submit": _submits(client, form_url, posted),
        "run": times(get(run_url), rounds=ROUNDS),
        "history": times(get("/runs/"), rounds=ROUNDS),
    }
    rows = [
        (name, f"{median(taken):.1f}", f"{percentile(taken, 0.95):.1f}")
        for name, taken in page_times.items()
    ]
    show(
        f"Pages, {APPS} apps, {RUNS:,} runs, {ROUNDS} requests each",
        ("page", "p50 ms", "p95 ms"),
        rows,
    )
    form, sent = median(page_times["form"]), median(page_times["submit"])
    print(f"  form is {form / OTHERS_FORM_MS:.2f} of another portal's 40 ms,")
    print(f"  submit is {sent / OTHERS_SUBMIT_MS:.2f} of its 33 ms (goal for both: 0.50)")
    figures = {f"{name}_p50_ms": median(taken) for name, taken in page_times.items()}
    figures |= {f"{name}_p95_ms": percentile(taken, 0.95) for name, taken in page_times.items()}
    finish(figures)


def _submits(client: Client, form_url: str, posted: dict[str, object]) -> list[float]:
    """Time posts alone: each needs a token of its own, drawn before the clock starts."""
    tokens = iter([_token(client, form_url) for _ in range(ROUNDS + 5)])

    def submit() -> None:
        answer = client.post(form_url, posted | {"form_token": next(tokens)})
        assert answer.status_code == 302, answer.content.decode()[:2000]

    return times(submit, rounds=ROUNDS)


def _token(client: Client, form_url: str) -> str:
    page = client.get(form_url).content.decode()
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found, "the form has no token"
    return found[1]


def _filled(page: str) -> dict[str, object]:
    """Return an answer for each field of the benchmark's form, by the names on the page."""
    from tests.bench.pages_data import answer_for  # noqa: PLC0415

    names = dict.fromkeys(re.findall(r'name="(q\d+)"', page))
    return {name: answer_for(position) for position, name in enumerate(names)}


if __name__ == "__main__":
    main()
