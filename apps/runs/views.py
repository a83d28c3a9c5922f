"""Pages of runs: the form, the run itself from waiting to result, and the history."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.models import PortalRequest
from apps.accounts.rights import staff_required
from apps.audit.services import record
from apps.catalog.forms import AnswerForm, form_class_for
from apps.catalog.models import App
from apps.runs import services
from apps.runs.explain import explain
from apps.runs.forecast import forecast, runs_ahead
from apps.runs.forms import FIELD, new_token, read_token
from apps.runs.history import page_of
from apps.runs.lifecycle.storing import StorageFull
from apps.runs.models import Run
from apps.runs.types import LIVE, Reason, RunState

# A page asks again this often, by the age of its run.
REFRESH = ((timedelta(minutes=1), 1), (timedelta(minutes=10), 2))
REFRESH_SLOWLY = 5
FILTERS = {
    "live": ("Under way", LIVE),
    "ready": ("Ready", (RunState.SUCCEEDED,)),
    "failed": ("Failed", (RunState.FAILED,)),
    "cancelled": ("Cancelled", (RunState.CANCELLED,)),
}


@require_http_methods(["GET", "POST"])
def new(request: PortalRequest, app_id: UUID) -> HttpResponse:
    """Show an app's form; start a run from a valid one."""
    apps = App.objects.visible_to(request.user)
    app = get_object_or_404(apps, pk=app_id)
    form_class = form_class_for(app)
    earlier = _earlier_run(request, app)
    dropped: tuple[tuple[str, str], ...] = ()
    if request.method == "POST":
        form = form_class(request.POST, request.FILES)
        response = _start(request, app, form)
        if response is not None:
            return response
    else:
        texts = {a["name"]: a["value"] for a in earlier.answers} if earlier else {}
        prefill = form_class.prefill(texts)
        form, dropped = form_class(initial=prefill.initial), prefill.dropped
    context = {
        "app": app,
        "form": form,
        "token_field": FIELD,
        "token": new_token(app, request.user),
        "forecast": forecast(app),
        "earlier": earlier,
        "dropped": dropped,
        "latest": None if earlier else _latest_run(request, app),
    }
    return render(request, "runs/run_new.html", context, status=422 if form.is_bound else 200)


def _start(request: PortalRequest, app: App, form: AnswerForm) -> HttpResponse | None:
    """Start a run from a valid form and go to its page; None where the form needs another look."""
    token = read_token(request.POST.get(FIELD, ""), app, request.user)
    if not form.is_valid():
        return None
    if form.unknown_names:
        record("run.unknown_answers", app, actor=request.user, names=form.unknown_names[:20])
    if token is None:
        form.add_error(None, _("This page was open too long. Check your answers and run it again."))
        return None
    try:
        uploads = [services.keep_upload(name, file) for name, file in form.uploads()]
    except StorageFull:
        form.add_error(None, _("The portal's storage is full, so your file could not be kept."))
        return None
    run = services.start_run(
        app=app, user=request.user, answers=_answers(form), token=token, uploads=uploads
    )
    return redirect(run)


def _answers(form: AnswerForm) -> list[dict[str, Any]]:
    """Return what is kept of a valid form: what is sent, and the words people saw."""
    given = [
        {
            "name": answered.name,
            "value": answered.value,
            "label": answered.label,
            "shown": answered.shown,
            "default": answered.is_default,
        }
        for answered in form.answers()
    ]
    # What is sent for a file is known once the Gallery has it; until then its name stands there.
    labels = form.labels()
    return given + [
        {"name": name, "value": "", "label": labels[name], "shown": file.name, "default": False}
        for name, file in form.uploads()
    ]


def _latest_run(request: PortalRequest, app: App) -> Run | None:
    return Run.objects.filter(app=app, user=request.user).order_by("-created_at").first()


def _earlier_run(request: PortalRequest, app: App) -> Run | None:
    """Return the run named by ``?from=``, if this person may see it."""
    wanted = request.GET.get("from")
    if not wanted:
        return None
    try:
        run_id = UUID(wanted)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Run.objects.visible_to(request.user), pk=run_id, app=app)


@require_GET
def detail(request: PortalRequest, run_id: UUID) -> HttpResponse:
    """Show a run. A live page asks for itself again and gets an empty 204 while nothing changed."""
    runs = Run.objects.visible_to(request.user).select_related("app", "user", "connection")
    run = get_object_or_404(runs, pk=run_id)
    seconds = _refresh_seconds(run)
    ahead = runs_ahead(run) if run.state in {RunState.NEW, RunState.QUEUED} else 0
    seen = _fingerprint(run, seconds, ahead)
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = _run_context(request, run) | {"refresh": seconds, "ahead": ahead, "seen": seen}
    template = "runs/_run.html" if request.htmx else "runs/run_detail.html"
    return render(request, template, context)


def _refresh_seconds(run: Run) -> int:
    if run.has_ended:
        return 0
    age = timezone.now() - run.created_at
    return next((seconds for limit, seconds in REFRESH if age < limit), REFRESH_SLOWLY)


def _fingerprint(run: Run, seconds: int, ahead: int) -> str:
    facts = (run.state, run.notice, run.is_cancelling, run.status, seconds, ahead)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _run_context(request: PortalRequest, run: Run) -> dict[str, Any]:
    log = list(run.messages.all()) if run.has_ended else []
    is_failure = run.state == RunState.FAILED
    return {
        "run": run,
        "app": run.app,
        "is_mine": run.user_id == request.user.pk,
        "may_run_again": App.objects.visible_to(request.user).filter(pk=run.app_id).exists(),
        "outputs": list(run.outputs.all()) if run.has_ended else [],
        "messages_log": log,
        "errors": [m for m in log if m.severity >= 3] if is_failure else [],  # noqa: PLR2004
        "explanation": explain(log) if is_failure else None,
        "forecast": None if run.has_ended else forecast(run.app),
        "reached": _last_live_state(run),
    }


def _last_live_state(run: Run) -> str:
    """Return where a run that ended badly stood; the stepper puts its mark there."""
    last = run.events.filter(to_state=run.state).last() if run.has_ended else None
    if last and last.from_state == RunState.FETCHING and run.reason != Reason.OUTPUTS:
        # Collecting messages was the last move, but it was the job that did not get through.
        return RunState.RUNNING
    return last.from_state if last else ""


@require_POST
def cancel(request: PortalRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(Run.objects.visible_to(request.user), pk=run_id)
    if run.has_ended:
        messages.info(request, _("This run had already ended."))
    services.cancel_run(run=run, user=request.user)
    return redirect(run)


@require_POST
@staff_required
def decide(request: PortalRequest, run_id: UUID) -> HttpResponse:
    """Carry out what an administrator found out about an unsure run."""
    run = get_object_or_404(Run, pk=run_id)
    choice = request.POST.get("choice")
    if run.state != RunState.ASK:
        messages.info(request, _("This run has moved on; nothing was done."))
    elif choice == "again":
        services.run_again(run=run, user=request.user)
    elif choice == "close":
        services.close_run(run=run, user=request.user)
    else:
        return HttpResponseBadRequest()
    return redirect(run)


@require_GET
def history(request: PortalRequest) -> HttpResponse:
    """List runs, newest first: one's own, or everybody's for administrators who ask for it."""
    everybody = request.user.is_staff and request.GET.get("who") == "all"
    runs = Run.objects.visible_to(request.user)
    if not everybody:
        runs = runs.filter(user=request.user)
    chosen = request.GET.get("state", "")
    if chosen in FILTERS:
        runs = runs.filter(state__in=FILTERS[chosen][1])
    app_id = request.GET.get("app", "")
    if app_id:
        try:
            runs = runs.filter(app=UUID(app_id))
        except ValueError:
            raise Http404 from None
    try:
        page = page_of(
            runs, before=request.GET.get("before", ""), after=request.GET.get("after", "")
        )
    except ValueError:
        return redirect("runs:list")
    context = {
        "page": page,
        "everybody": everybody,
        "chosen": chosen,
        "app_id": app_id,
        "filters": [(key, label) for key, (label, states) in FILTERS.items()],
        "has_runs": bool(page.runs) or Run.objects.filter(user=request.user).exists(),
    }
    return render(request, "runs/run_list.html", context)
