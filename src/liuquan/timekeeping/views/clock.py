"""算一算办结日期: anyone's question to the statutory clock, answered day by day. Works without script.

The answer is the one a case would get; it is a count, not a promise.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.clock import (
    SHANGHAI,
    ClockError,
    Deadline,
    Direction,
    Limit,
    OfficeHours,
    Sense,
    Unit,
    chinese_date,
    explanation_text,
)
from liuquan.kernel import moments, pages
from liuquan.law import is_named
from liuquan.organisation import queries as organisation
from liuquan.timekeeping.questions import Question, answer, law_book
from liuquan.timekeeping.views.law import FIELDS, place_of

SUSPENSIONS = 3  #: rows for time left out
MOST_DAYS = 400  #: longer tables are not shown
UNITS = (
    (Unit.WORKING_DAY, "个工作日"),
    (Unit.CALENDAR_DAY, "日（自然日）"),
    (Unit.MONTH, "个月"),
    (Unit.YEAR, "年"),
    (Unit.HOUR, "小时"),
    (Unit.WORKING_HOUR, "个工作小时"),
)


@require_safe
def clock(request: HttpRequest) -> HttpResponse:
    """The question, and under it the answer with every day, or the sentence that says what to correct."""
    now = moments.now()
    on = moments.today(now)
    given = request.GET
    context: dict[str, Any] = {
        "trail": [("首页", reverse("home")), ("算一算办结日期", "")],
        "start": given.get("start", on.isoformat())[:25],
        "amount": given.get("amount", "")[:6],
        "unit": given.get("unit", Unit.WORKING_DAY.value)[:20],
        "units": [(unit.value, word) for unit, word in UNITS],
        "law": given.get("law", "")[:80],
        "laws": _laws(),
        "suspensions": _rows(request),
        "grounds": _grounds(),
        "body": given.get("body", "")[:18],
        "bodies": [(one.code, one.name) for one in organisation.bodies(on=on)],
    }
    status = 200
    if "start" in given:
        try:
            hours = _hours(context["body"], on)
            found = answer(_question(request, hours), organisation.calendar(context["body"]))
            context |= _shown(found)
        except ClockError as error:
            context["wrong"], status = f"{error}。", 422
    return pages.page(request, "timekeeping/clock.html", context, status=status)


def _hours(body: str, on: date) -> OfficeHours | None:
    """The office hours a body publishes; none where no body is chosen, or it publishes none."""
    if not body:
        return None
    known = {one.code: one for one in organisation.bodies(on=on)}
    if body not in known:
        raise ClockError("没有这个办理机关，请从列表里选择")
    return OfficeHours.published(known[body].hours, known[body].name)


def _question(request: HttpRequest, hours: OfficeHours | None) -> Question:
    given = request.GET
    amount = given.get("amount", "").strip()[:6]
    limit = f"{amount} {given.get('unit', '')[:20]}" if amount else ""
    suspensions = []
    for row in _rows(request):
        if row["from"] or row["to"]:
            if not row["from"] or not row["to"]:
                raise ClockError(f"第{row['place']}段扣除时间要写明起止两个日期")
            suspensions.append(f"{row['from']}..{row['to']}:{row['ground']}")
    law_id = given.get("law", "")[:80]
    return Question(given.get("start", "")[:30], limit, law_id, tuple(suspensions), hours=hours)


def _rows(request: HttpRequest) -> list[dict[str, Any]]:
    given = request.GET
    return [
        {
            "place": n,
            **{part: given.get(f"{part}{n}", "").strip()[:30] for part in ("from", "to", "ground")},
        }
        for n in range(1, SUSPENSIONS + 1)
    ]


def _laws() -> list[tuple[str, list[tuple[str, str]]]]:
    """The limits that bind here, by their names: those of this place and of those around it, then the
    national ones by topic. What another place has laid down for itself is not offered."""
    here = {one.name for one in organisation.divisions()}
    groups: dict[str, list[tuple[str, str]]] = {}
    topics = list(FIELDS)
    for entry in sorted(law_book().limits(), key=lambda one: topics.index(one.id.partition(".")[0])):
        place = place_of(entry.terms.profile or "")
        if not is_named(entry.terms) or (place and place not in here):
            continue
        topic = FIELDS[entry.id.partition(".")[0]]
        cited = "；".join(entry.terms.basis[:2]) or entry.id
        of_group = groups.setdefault(f"{place}的规定" if place else f"全国：{topic}", [])
        of_group.append((entry.id, f"{entry.terms.label}（{cited}）"))
    return sorted(groups.items(), key=lambda group: group[0].startswith("全国："))


def _grounds() -> list[tuple[str, str]]:
    named = {ground.name: ground.label for ground in law_book().all_grounds.values()}
    return sorted(named.items(), key=lambda pair: pair[1])


def _heading(limit: Limit) -> str:
    """What the answer's day is: the last one, the latest one before an event, or the first one allowed."""
    if limit.sense is Sense.EARLIEST:
        return "最早的一日"
    if limit.sense is Sense.AT_LEAST:
        return "期间届满，此后方可"
    return "最迟的一日" if limit.direction is Direction.BEFORE else "最后一日"


def _shown(found: Deadline) -> dict[str, Any]:
    limit = found.limit
    by_moment = limit.unit.is_momentary
    due = chinese_date(found.due_on)
    if by_moment:
        local = found.due_at.astimezone(SHANGHAI)
        due = f"{chinese_date(local.date())}{local: %H:%M}"
    return {
        "found": found,
        "name": limit.label or limit.text,
        "due": due,
        "heading": _heading(limit),
        "moved": "提前到前一个工作日" if found.due_on < found.nominal_on else "顺延到下一个工作日",
        "text": explanation_text(found),
        "days": found.days if len(found.days) <= MOST_DAYS else (),
        "too_long": len(found.days) > MOST_DAYS,
        "by_moment": by_moment,
    }
