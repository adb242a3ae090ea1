"""The desk's lists: what this post has to do, by due time, and the cases of its body."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.casework import queries as casework
from liuquan.casework.types import Lamp, Offer, Snapshot, WorkItem
from liuquan.clock import Calendar, date_in_table, shanghai_day
from liuquan.desk.staff import DeskRequest, staff_only
from liuquan.kernel import moments, pages
from liuquan.kernel.pages import Paging
from liuquan.kernel.spelling import is_found
from liuquan.kinds import queries as kinds
from liuquan.kinds.queries import COLOURS, left_text
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.parties import queries as parties

_SHORTEST_NUMBER = 14
_LAMPS = (Lamp.RED, Lamp.YELLOW, Lamp.GREEN, Lamp.PAUSED)
#: what a whole case number looks like: then the search field opens the case itself
_WHOLE_NUMBER = re.compile(r"[A-Z0-9-]{0,24}\d{8,}")


@dataclass(frozen=True)
class Row:
    """One case in a list, in words. `todo`: what this post has to do; `applicant`: masked."""

    number: str
    kind: str
    item: str
    body: str
    state: str
    received: str
    due: str
    left: str
    colour: str
    word: str
    provisional: bool
    todo: str = ""
    applicant: str = ""


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
    lamp, kind, item, text = (request.GET.get(name, "").strip() for name in ("lamp", "kind", "item", "q"))
    shown = [
        one
        for one in todo
        if lamp in ("", one.lamp.value)
        and kind in ("", one.kind)
        and item in ("", one.subject_name)
        and (not text or text.upper() in one.number or is_found(text, one.subject_name))
    ]
    calendars, counts = organisation.calendars(), Counter(one.lamp for one in todo)
    today = moments.today(now)
    masked = _masked(_applicant(one.parties) for one in shown)
    context = {
        "rows": [_work_row(one, today, calendars(one.region), masked) for one in shown],
        "total": len(shown),
        "among": len(todo),
        "lamps": [
            LampCount(COLOURS[one], one.label, counts[one], f"?lamp={one.value}", lamp == one.value)
            for one in _LAMPS
        ],
        "kinds": _kinds_of(todo),
        "kind": kind,
        "items": [(name, name) for name in sorted({one.subject_name for one in todo})],
        "lamp": lamp,
        "item": item,
        "q": text,
        "filtered": bool(lamp or kind or item or text),
        "takes_in": _intake_pages(request.actor),
    }
    return pages.page(request, "desk/work.html", context)


@require_safe
@staff_only
def cases(request: DeskRequest) -> HttpResponse:
    """The cases this post's body handles or handled, newest first, by pages."""
    if found := _whole_number(request):
        return found
    now = moments.now()
    kind, state, text = (request.GET.get(name, "").strip() for name in ("kind", "state", "q"))
    paging = Paging.asked(request)
    found_cases, total = casework.handled(
        request.actor, kind=kind, state=state, text=text, offset=paging.offset, limit=paging.limit
    )
    masked = _masked(
        _applicant(one.parties)
        for one in found_cases
        if not casework.are_parties_kept_from(one, request.actor)
    )
    context = {
        "rows": [_case_row(one, masked, now) for one in found_cases],
        "kinds": [(one.key, one.label) for one in kinds.kinds()],
        "kind": kind,
        "states": _states(kind),
        "state": state,
        "q": text,
        "paging": paging.of(total, among=casework.handled(request.actor, limit=0)[1]),
        "filtered": bool(kind or state or text),
        "body_name": organisation.body(request.actor.body_code, on=moments.today(now)).name,
    }
    return pages.page(request, "desk/cases.html", context)


def _whole_number(request: DeskRequest) -> HttpResponse | None:
    """A whole case number in the search field opens its case (which answers 404 when it is not theirs)."""
    text = "".join(request.GET.get("q", "").split()).upper()
    if len(text) >= _SHORTEST_NUMBER and _WHOLE_NUMBER.fullmatch(text):
        return HttpResponseRedirect(reverse("desk-case", args=[text]))
    return None


def _as_it_waits(item: WorkItem) -> WorkItem:
    """The lamp of a case; a case without a clock waits for the applicant, and no time is counted."""
    return item if item.due_on else replace(item, lamp=Lamp.PAUSED)


def _work_row(item: WorkItem, today: date, calendar: Calendar, names: Mapping[str, str]) -> Row:
    return Row(
        number=item.number,
        kind=kinds.kind(item.kind).label,
        item=item.subject_name,
        body=item.body_name,
        applicant=names.get(_applicant(item.parties), ""),
        todo="、".join(_todo(item.kind, duty) for duty in item.duties) or item.waits,
        state=item.state_label,
        received=date_in_table(shanghai_day(item.received_at)),
        due=date_in_table(item.due_on) if item.due_on else "",
        left=left_text(item.due_on, today, calendar, paused=item.lamp is Lamp.PAUSED),
        colour=COLOURS[item.lamp],
        word=item.lamp.label,
        provisional=item.provisional,
    )


def _todo(kind: str, duty: Offer) -> str:
    """What is to be done, in a word that does not say the answer beforehand."""
    row = kinds.kind(kind).procedure.row(duty.action)
    return duty.step_name or (row.todo if row else "") or duty.label


def _case_row(snapshot: Snapshot, names: dict[str, str], now: datetime) -> Row:
    clock, calendar = casework.pressing(snapshot), casework.calendar_of(snapshot)
    lamp = casework.lamp(clock, now=now) if clock else Lamp.PAUSED
    today = moments.today(now)
    return Row(
        number=snapshot.number,
        kind=kinds.kind_of(snapshot).label,
        item=snapshot.terms.subject_name,
        body=snapshot.body_name,
        applicant=names.get(_applicant(snapshot.parties), ""),
        state=casework.procedure_of(snapshot).state(snapshot.state).label,
        received=date_in_table(shanghai_day(snapshot.received_at)),
        due=date_in_table(clock.due_on) if clock else "",
        left=left_text(clock.due_on, today, calendar, paused=lamp is Lamp.PAUSED) if clock else "",
        colour=COLOURS[lamp] if clock else "grey",
        word=lamp.label if clock else "已终结" if snapshot.closed_at else "不计时",
        provisional=bool(clock and clock.provisional),
    )


def _applicant(roles: Mapping[str, str]) -> str:
    return next((party for party, role in roles.items() if role == "applicant"), "")


def _masked(numbers: Iterable[str]) -> dict[str, str]:
    """The names of parties as lists may show them."""
    wanted = [number for number in numbers if number]
    return {number: party.label_masked for number, party in parties.parties(wanted).items()}


def _kinds_of(todo: Iterable[WorkItem]) -> list[tuple[str, str]]:
    """The kinds to choose from, with how many lines each has; none where there is only one."""
    counts = Counter(one.kind for one in todo)
    if len(counts) < 2:
        return []
    return [(key, f"{kinds.kind(key).label}（{n}）") for key, n in counts.items()]


def _states(chosen: str) -> list[tuple[str, str]]:
    """The states of one kind, or of all; a name that several kinds share stands once."""
    wanted = [one for one in kinds.kinds() if chosen in ("", one.key)]
    return list({state.key: state.label for one in wanted for state in one.procedure.states}.items())


def _intake_pages(actor: Actor) -> list[tuple[str, str]]:
    """Where this post may open a case: the address, and what it is called."""
    acts = {act for term in actor.mandates for act in term.actions}
    return [
        (reverse(kind.intake_page), kind.procedure.creation.power or kind.procedure.creation.label)
        for kind in kinds.kinds()
        if kind.intake_page and f"{kind.key}.{kind.procedure.creation.action}" in acts
    ]
