"""The roster of the line, day and night, and the hand-over from shift to shift."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.hotline import actions, queries
from liuquan.hotline.views.staff import HotlineRequest, desk_only
from liuquan.kernel import dates, moments, pages
from liuquan.kernel.refusals import BadInput, Refusal
from liuquan.organisation import queries as organisation

WEEK: Final = timedelta(days=7)
_HOURS: Final = [(f"{hour:02d}", f"{hour:02d}:00") for hour in range(24)]
_LONG: Final = [(str(hours), f"{hours}小时") for hours in (4, 6, 8, 12)]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def roster(request: HotlineRequest) -> HttpResponse:
    """Seven days from today, with the hours in which nobody is on duty; by POST a shift is planned."""
    queries.calls.check_centre(request.actor)
    pages.belongs_to(request, "desk-hotline-calls")
    now = moments.now()
    refusal = None
    if request.method == "POST":
        try:
            _plan(request, now)
            return HttpResponseRedirect(reverse("desk-hotline-roster"))
        except Refusal as wrong:
            refusal = wrong
    begins = _midnight(moments.today(now))
    people = organisation.colleagues(on=moments.today(now), body_codes=[request.actor.body_code])
    context = {
        "shifts": queries.calls.shifts(begins=begins, ends=begins + WEEK),
        "gaps": queries.calls.gaps(begins=now, ends=begins + WEEK),
        "now": now,
        "people": [(str(one.staff_id), one.name) for one in people],
        "hours": _HOURS,
        "long": _LONG,
        "may_plan": request.actor.has_role("dispatcher", "body_head"),
        "refusal": refusal,
        "errors": dict(refusal.fields) if refusal else {},
        "typed": request.POST,
        "keeps_focus": refusal is None,
    }
    return pages.page(request, "hotline/desk/roster.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def hand_over(request: HotlineRequest) -> HttpResponse:
    """The last hand-overs; by POST one is handed over, or taken over: then what was left is shown."""
    queries.calls.check_centre(request.actor)
    pages.belongs_to(request, "desk-hotline-calls")
    now = moments.now()
    refusal, left = None, ""
    if request.method == "POST":
        try:
            if number := request.POST.get("take", ""):
                left = actions.take_over(number, by=request.actor, now=now)
            else:
                actions.hand_over(request.POST.get("note", ""), by=request.actor, now=now)
                messages.success(request, "已交班，请下一班接班时查看。")
                return HttpResponseRedirect(reverse("desk-hotline-hand-over"))
        except Refusal as wrong:
            refusal = wrong
    context = {
        "rows": queries.calls.hand_overs(),
        "left": left,
        "to_call_back": len(queries.calls.to_call_back(by=request.actor)),
        "without": len(queries.calls.without_outcome(by=request.actor)),
        "note": request.POST.get("note", ""),
        "refusal": refusal,
        "errors": dict(refusal.fields) if refusal else {},
        "keeps_focus": refusal is None,
    }
    return pages.page(
        request, "hotline/desk/hand_over.html", context, status=refusal.status if refusal else 200
    )


def _plan(request: HotlineRequest, now: datetime) -> None:
    post = request.POST
    if post.get("drop", "").isdigit():
        actions.drop_shift(int(post["drop"][:18]), by=request.actor, now=now)
        messages.success(request, "已撤掉这一班。")
        return
    on = dates.asked(post.get("on", ""), "on")
    hour, long = post.get("hour", ""), post.get("long", "")
    if hour not in dict(_HOURS) or long not in dict(_LONG):
        raise BadInput("请选择几点开始、多长。", fields={"hour": "请选择几点开始、多长。"})
    begins = _midnight(on) + timedelta(hours=int(hour))
    staff = post.get("staff", "")
    actions.plan_shift(
        int(staff) if staff.isdigit() and len(staff) < 19 else 0,
        starts_at=begins,
        ends_at=begins + timedelta(hours=int(long)),
        by=request.actor,
        now=now,
    )
    messages.success(request, "已排班。")


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=moments.LOCAL)
