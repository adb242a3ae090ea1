"""A case as it stood on a day: for those who handle it and for the holder of its slip, without names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from liuquan.applications.history import CaseThen, case_then
from liuquan.applications.queries import is_public
from liuquan.applications.views import holders, presenters
from liuquan.applications.views.desk_staff import DeskRequest, staff_only
from liuquan.applications.views.progress import progress
from liuquan.applications.views.tracking import ask_again
from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.catalogue.types import Necessity
from liuquan.journal import queries as record
from liuquan.journal.queries import Axis
from liuquan.journal.types import Entry
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput
from liuquan.organisation import queries as organisation

_DONE = {"open": "办理中", "done": "已完成", "cancelled": "已终止"}


@require_safe
@staff_only
def of_case(request: DeskRequest, number: str) -> HttpResponse:
    """The case at the moment asked for, for staff who may see it."""
    now = moments.now()
    case = casework.visible(number, by=request.actor)
    context, status = _context(request, case, now)
    context |= {
        "back": reverse("desk-case", args=[number]),
        "trail": [
            ("我的待办", reverse("desk")),
            (f"办件 {number}", reverse("desk-case", args=[number])),
            ("当时的情况", ""),
        ],
    }
    return pages.page(request, "applications/desk/history.html", context, status=status)


@never_cache
@require_safe
def of_slip(request: HttpRequest, number: str) -> HttpResponse:
    """The same for the holder of the slip, who has shown its code."""
    now = moments.now()
    if not holders.holds(request, number, now=now):
        return ask_again(request, number)
    context, status = _context(request, casework.read(number), now, public_only=True)
    back = reverse("track_case", args=[number])
    context |= {
        "back": back,
        "trail": [("首页", reverse("home")), (f"办件 {number}", back), ("当时的情况", "")],
    }
    return render(request, "applications/portal/history.html", context, status=status)


def _context(
    request: HttpRequest, case: Snapshot, now: datetime, *, public_only: bool = False
) -> tuple[dict[str, Any], int]:
    given = {name: request.GET.get(name, "").strip()[:20] for name in ("on", "clock", "axis")}
    context: dict[str, Any] = {
        "case": case,
        "given": given,
        "today": moments.today(now),
        "errors": {},
        "begun": moments.today(case.received_at),
        "axes": [(axis.value, axis.label) for axis in Axis],
        "printing": request.GET.get("print") == "1",
    }
    given["axis"] = given["axis"] or Axis.RECORD.value
    try:
        then = case_then(case, **given, now=now)
    except BadInput as refusal:
        return context | {"errors": refusal.fields}, refusal.status
    return context | _shown(then, now, public_only=public_only), 200


def _shown(then: CaseThen, now: datetime, *, public_only: bool) -> dict[str, Any]:
    names = presenters.post_names(moments.today(now))
    calendar = organisation.calendar()
    steps = {step.key: step.name for step in then.case.terms.steps}
    return {
        "then": then,
        "is_now": then.asked.at == now,
        "steps": progress(then.case),
        "clocks": [
            presenters.clock_row(clock, now=then.asked.at, calendar=calendar) for clock in then.clocks
        ],
        "assignments": [
            {
                "step": steps.get(a.step, a.step),
                "post": names.get(a.post_code, a.post_code),
                "state": _DONE.get(a.state, a.state),
                "opened": presenters.moment_text(a.opened_at),
                "done": presenters.moment_text(a.done_at) if a.done_at else "",
            }
            for a in then.case.assignments
        ],
        "materials": [
            (m, Necessity(m.necessity).label, presenters.moment_text(m.since) if m.since else "")
            for m in then.materials
        ],
        "papers": [(paper, presenters.moment_text(paper.issued_at)) for paper in then.papers],
        "events": [_event(e, names) for e in reversed(then.entries) if not public_only or is_public(e)],
        "later": [_event(e, names) for e in then.later if not public_only or is_public(e)],
        "unknown": [_event(entry, names) for entry in then.unknown],
    }


def _event(entry: Entry, names: dict[str, str]) -> dict[str, str]:
    known = presenters.moment_text(record.known_at(entry, played=settings.LIUQUAN_DEMO))
    effective = presenters.moment_text(entry.effective_at)
    return {
        "title": entry.label,
        "sentence": entry.sentence,
        "effective": effective,
        "known": known,
        "late": known if known[:10] > effective[:10] else "",
        "who": {"system": "系统", "party": "申请人"}.get(
            entry.actor_kind, names.get(entry.post_code, entry.post_code)
        ),
    }
