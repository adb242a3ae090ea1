"""The wallboard: the calls now and today, for a big screen."""

from __future__ import annotations

from collections import Counter

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from liuquan.hotline import queries
from liuquan.hotline.types import SeatState
from liuquan.hotline.views.staff import HotlineRequest, desk_only
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import NotAllowed


@require_safe
@desk_only
def wall(request: HotlineRequest) -> HttpResponse:
    """How many ring, talk and wait; how many were connected today, and how quickly. Refuses (403) others
    than the centre, supervisors and leaders."""
    if not queries.calls.watches(request.actor):
        raise NotAllowed("接听情况只供热线中心、监察和领导岗位查看。")
    pages.belongs_to(request, "desk-hotline-calls")
    now = moments.now()
    seats = queries.calls.seats()
    states = Counter(one.state for one in seats)
    context = {
        "now": now,
        "figures": queries.calls.figures_of(moments.today(now)),
        "replies": queries.replies(moments.today(now), now=now),
        "waiting": queries.calls.waiting(now=now),
        "counts": queries.calls.open_counts(),
        "states": [(one.label, states[one]) for one in SeatState if one is not SeatState.AWAY],
        "seats": seats,
        "is_manned": not queries.calls.gaps(begins=now, ends=now + queries.calls.MOMENT),
        "may_open": queries.calls.is_of_centre(request.actor),
    }
    return pages.page(request, "hotline/desk/wall.html", context)
