"""The desk's lists: what this post has to do, by due time, and the cases of its body."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.applications import duties
from liuquan.applications.duties import OtherDuty
from liuquan.applications.procedure import STATES
from liuquan.applications.views.desk_staff import DeskRequest, staff_only
from liuquan.applications.views.presenters import COLOURS, left_text, may_at_all
from liuquan.casework import queries as casework
from liuquan.casework.types import Lamp, Snapshot, WorkItem
from liuquan.clock import Calendar, shanghai_day, weekday_date
from liuquan.kernel import moments, pages
from liuquan.kernel.pages import Paging
from liuquan.organisation import queries as organisation
from liuquan.parties import queries as parties

_SHORTEST_NUMBER = 14
_LAMPS = (Lamp.RED, Lamp.YELLOW, Lamp.GREEN, Lamp.PAUSED)
#: what a whole case number looks like: then the search field opens the case itself
_WHOLE_NUMBER = re.compile(r"[A-Z0-9-]{0,24}\d{8,}")


@dataclass(frozen=True)
class Row:
    """One case in a list, in words. `todo`: what this post has to do; `applicant`: masked."""

    number: str
    item: str
    state: str
    received: str
    due: str
    left: str
    colour: str
    word: str
    provisional: bool
    todo: str = ""
    applicant: str = ""
    href: str = ""
    why: str = ""


@dataclass(frozen=True)
class LampCount:
    """How many lines have this lamp, and the address that shows only them."""

    colour: str
    word: str
    count: int
    href: str
    current: bool


@require_safe
@staff_only
def work(request: DeskRequest) -> HttpResponse:
    """What this post has to do now, the most pressing first; narrowed by lamp, item and number if asked."""
    if found := _whole_number(request):
        return found
    now = moments.now()
    todo = [_as_it_waits(one) for one in casework.worklist(request.actor, now=now)]
    lamp, item, text = (request.GET.get(name, "").strip() for name in ("lamp", "item", "q"))
    shown = [
        one
        for one in todo
        if lamp in ("", one.lamp.value)
        and item in ("", one.subject_name)
        and (not text or text in one.number or text in one.subject_name)
    ]
    calendars, counts = organisation.calendars(), Counter(one.lamp for one in todo)
    today, owed = moments.today(now), duties.others(request.actor, now=now)
    context = {
        "rows": [_work_row(one, today, calendars(one.region)) for one in shown],
        "owed": [] if lamp or item or text else [_owed_row(one, today, calendars("")) for one in owed],
        "total": len(todo) + len(owed),
        "lamps": [
            LampCount(COLOURS[one], one.label, counts[one], f"?lamp={one.value}", lamp == one.value)
            for one in _LAMPS
        ],
        "items": [(name, name) for name in sorted({one.subject_name for one in todo})],
        "lamp": lamp,
        "item": item,
        "q": text,
        "filtered": bool(lamp or item or text),
        "takes_in": may_at_all(request.actor, "submit"),
    }
    return pages.page(request, "applications/desk/work.html", context)


@require_safe
@staff_only
def cases(request: DeskRequest) -> HttpResponse:
    """The cases this post's body handles or handled, newest first, by pages."""
    if found := _whole_number(request):
        return found
    now = moments.now()
    state, text = request.GET.get("state", "").strip(), request.GET.get("q", "").strip()
    paging = Paging.asked(request)
    found_cases, total = casework.handled(
        request.actor, state=state, text=text, offset=paging.offset, limit=paging.limit
    )
    names = parties.parties(_applicant(one) for one in found_cases)
    masked = {number: party.label_masked for number, party in names.items()}
    context = {
        "rows": [_case_row(one, masked, now) for one in found_cases],
        "states": [(one.key, one.label) for one in STATES],
        "state": state,
        "q": text,
        "paging": paging.of(total),
        "filtered": bool(state or text),
        "body_name": organisation.body(request.actor.body_code, on=moments.today(now)).name,
    }
    return pages.page(request, "applications/desk/cases.html", context)


def _whole_number(request: DeskRequest) -> HttpResponse | None:
    """A whole case number in the search field opens its case (which answers 404 when it is not theirs)."""
    text = "".join(request.GET.get("q", "").split()).upper()
    if len(text) >= _SHORTEST_NUMBER and _WHOLE_NUMBER.fullmatch(text):
        return HttpResponseRedirect(reverse("desk-case", args=[text]))
    return None


def _as_it_waits(item: WorkItem) -> WorkItem:
    """The lamp of a case; a case without a clock waits for the applicant, and no time is counted."""
    return item if item.due_on else replace(item, lamp=Lamp.PAUSED)


def _work_row(item: WorkItem, today: date, calendar: Calendar) -> Row:
    return Row(
        number=item.number,
        item=item.subject_name,
        todo="、".join(duty.step_name or duty.label for duty in item.duties) or item.waits,
        state=item.state_label,
        received=weekday_date(shanghai_day(item.received_at)),
        due=weekday_date(item.due_on) if item.due_on else "",
        left=left_text(item.due_on, today, calendar, paused=item.lamp is Lamp.PAUSED),
        colour=COLOURS[item.lamp],
        word=item.lamp.label,
        provisional=item.provisional,
    )


def _owed_row(duty: OtherDuty, today: date, calendar: Calendar) -> Row:
    late = today > duty.due_on
    return Row(
        number=duty.case_number,
        item=duty.item,
        state="",
        received="",
        due=weekday_date(duty.due_on),
        left=left_text(duty.due_on, today, calendar, paused=False),
        colour="red" if late else "yellow",
        word="已逾期" if late else "待说明",
        provisional=False,
        todo=duty.todo,
        href=duty.href,
        why=duty.why,
    )


def _case_row(snapshot: Snapshot, names: dict[str, str], now: datetime) -> Row:
    clock, calendar = casework.pressing(snapshot), casework.calendar_of(snapshot)
    lamp = casework.lamp(clock, now=now) if clock else Lamp.PAUSED
    today = moments.today(now)
    return Row(
        number=snapshot.number,
        item=snapshot.terms.subject_name,
        applicant=names.get(_applicant(snapshot), ""),
        state=casework.procedure_of(snapshot).state(snapshot.state).label,
        received=weekday_date(shanghai_day(snapshot.received_at)),
        due=weekday_date(clock.due_on) if clock else "",
        left=left_text(clock.due_on, today, calendar, paused=lamp is Lamp.PAUSED) if clock else "",
        colour=COLOURS[lamp] if clock else "grey",
        word=lamp.label if clock else "已终结" if snapshot.closed_at else "不计时",
        provisional=bool(clock and clock.provisional),
    )


def _applicant(snapshot: Snapshot) -> str:
    return next((party for party, role in snapshot.parties.items() if role == "applicant"), "")
