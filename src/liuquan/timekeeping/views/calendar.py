"""The administrator's pages of the working calendar: the year, its notices, loading a new one with a preview;
a place's own holidays and a body's closures.

Only the system administrator (403 for everyone else). Cites: 全国年节及纪念日放假办法 第四条, 第七条
"""

from __future__ import annotations

from calendar import Calendar as Months
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.casework.actions import reprojection
from liuquan.clock import Calendar, ClockError, DayKind
from liuquan.kernel import jobs, moments, pages
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.timekeeping import calendar_changes
from liuquan.timekeeping.calendar_changes import CalendarChange, CalendarEffect
from liuquan.timekeeping.questions import read_day

LONGEST = 20_000  #: characters of a pasted notice
MOST_PREVIEWED = 50_000  #: open deadlines counted while somebody waits for the page
_FIELDS = {
    "place": 18,
    "kind": 8,
    "first": 10,
    "last": 10,
    "name": 60,
    "title": 200,
    "number": 60,
    "issued_on": 10,
}
_CLASSES = {DayKind.WORKING: "班", DayKind.OFF: "休", DayKind.NOT_ANNOUNCED: "?"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """The year and its notices; by POST, preview a pasted notice and its effects, or load it."""
    actor = _administrator(request)
    now = moments.now()
    on = moments.today(now)
    year = _year(request.GET.get("year", ""), on)
    context = _context(on, year)
    if request.method != "POST":
        return pages.page(request, "timekeeping/calendar.html", context)
    text = request.POST.get("text", "")[:LONGEST]
    context |= {"text": text}
    try:
        found = calendar_changes.effect(calendar_changes.read_text(text))
        if request.POST.get("step") == "load":
            return _loaded(request, found, actor, now)
    except BadInput as refusal:
        return pages.page(
            request, "timekeeping/calendar.html", context | {"wrong": refusal.sentence}, status=422
        )
    return pages.page(request, "timekeeping/calendar.html", context | _preview(found))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def closure(request: HttpRequest) -> HttpResponse:
    """A holiday of a place or a closure of a body; by POST, preview its effects, or enter it."""
    actor = _administrator(request)
    now = moments.now()
    on = moments.today(now)
    given = {name: request.POST.get(name, "").strip()[:longest] for name, longest in _FIELDS.items()}
    context: dict[str, Any] = {
        "trail": [
            ("我的待办", reverse("desk")),
            ("工作日历", reverse("desk-calendar")),
            ("地方放假和停止办公", ""),
        ],
        "given": given,
        "places": _places(on),
        "kinds": [("off", "放假或者停止办公"), ("working", "上班（更正以前登记的日子）")],
        "notices": [one for one in organisation.holiday_notices() if one.region],
        "errors": {},
    }
    if request.method != "POST":
        return pages.page(request, "timekeeping/closure.html", context)
    try:
        found = calendar_changes.effect(_closure(given))
        if request.POST.get("step") == "load":
            return _loaded(request, found, actor, now)
    except BadInput as refusal:
        context |= {"wrong": refusal.sentence, "errors": refusal.fields}
        return pages.page(request, "timekeeping/closure.html", context, status=422)
    return pages.page(request, "timekeeping/closure.html", context | _preview(found))


def _administrator(request: HttpRequest) -> Actor:
    actor: Actor = request.__dict__["actor"]
    if not actor.has_role("sysadmin"):
        raise NotAllowed("只有系统管理员可以查看和变更工作日历，请联系系统管理员。")
    return actor


def _closure(given: dict[str, str]) -> CalendarChange:
    days = {}
    for name, label in (("first", "第一日"), ("last", "最后一日"), ("issued_on", "发布日期")):
        text = given[name] or (given["first"] if name == "last" else "")
        try:
            days[name] = read_day(text)
        except ClockError as error:
            raise BadInput(f"{label}：{error}。", fields={name: f"{error}。"}) from error
    return calendar_changes.closure(
        place=given["place"],
        worked=given["kind"] == "working",
        name=given["name"],
        title=given["title"],
        number=given["number"],
        **days,
    )


def _places(on: date) -> list[tuple[str, str]]:
    """Every division and body of this office, by name."""
    places = [(one.code, one.name) for one in organisation.divisions()]
    return places + [(one.code, one.name) for one in organisation.bodies(on=on)]


def _loaded(request: HttpRequest, found: CalendarEffect, actor: Actor, now: datetime) -> HttpResponseRedirect:
    """Store the change, start the recount as a background job, and go to the year's page."""
    report = calendar_changes.load(found.change, by=actor, now=now)
    if found.since is not None:
        jobs.defer(
            "casework.reproject", since=found.since.isoformat(), reason=f"《{found.change.title}》公布"
        )
    done = f"已载入“{found.change.title}”，变动 {report.changed} 日；未结期限正在后台重新推算。"
    messages.success(request, done)
    return HttpResponseRedirect(f"{reverse('desk-calendar')}?year={found.change.days[0].on.year}")


def _year(text: str, on: date) -> int:
    return int(text) if text.isascii() and text.isdigit() and 2007 <= int(text) <= 2100 else on.year


def _context(on: date, year: int) -> dict[str, Any]:
    days = organisation.calendar()
    return {
        "trail": [("我的待办", reverse("desk")), ("工作日历", "")],
        "year": year,
        "before": year - 1,
        "after": year + 1,
        "months": [_month(days, year, month) for month in range(1, 13)],
        "named": [day for day in days.exceptions() if day.on.year == year],
        "announced": days.kind(date(year, 6, 30)) is not DayKind.NOT_ANNOUNCED,
        "notices": [one for one in organisation.holiday_notices() if not one.region],
        "places": [one for one in organisation.holiday_notices() if one.region],
    }


def _month(days: Calendar, year: int, month: int) -> dict[str, Any]:
    named = {day.on for day in days.exceptions()}
    weeks = []
    for week in Months().monthdatescalendar(year, month):
        weeks.append([_cell(days, on, named) if on.month == month else None for on in week])
    return {"month": month, "weeks": weeks}


def _cell(days: Calendar, on: date, named: set[date]) -> dict[str, Any]:
    day = days.day(on)
    told = day.kind is DayKind.NOT_ANNOUNCED or on in named
    return {
        "day": on.day,
        "mark": _CLASSES[day.kind] if told else "",
        "rest": not days.is_working(on),
        "title": f"{day.reason}{'，' + day.source if day.source else ''}",
    }


def _preview(found: CalendarEffect) -> dict[str, Any]:
    """What the notice says, and what it would move; many deadlines are left to the command."""
    waiting = reprojection.open_count(since=found.since) if found.since else 0
    report = calendar_changes.preview(found) if waiting <= MOST_PREVIEWED else None
    return {
        "change": found.change,
        "order_days": [(day, "放假" if day.kind is DayKind.OFF else "上班") for day in found.change.days],
        "since": found.since,
        "waiting": waiting,
        "report": report,
        "by_days": sorted(report.by_days.items()) if report else [],
    }
