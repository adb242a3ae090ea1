"""Hot topics today: what many people write about, where, how it grows, and the tickets behind each."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.hotline import actions
from liuquan.hotline.actions import finding_topics
from liuquan.hotline.charts import spark
from liuquan.hotline.queries import hot_topics
from liuquan.hotline.views.staff import HotlineRequest, board_only, opens_cases
from liuquan.kernel import moments, pages
from liuquan.kernel.csv_files import csv_file, file_address, wants_file

_TRAIL: Final = ("热线看板", "/board/hotline/")
_MOST: Final = 500
_USUAL: Final = 7


@require_http_methods(["GET", "HEAD", "POST"])
@board_only
def overview(request: HotlineRequest) -> HttpResponse:
    """The topics of the newest search, or of one before (`?search=`); `?days=`, `?format=csv`. By POST they
    are found anew by a job, and the page shows when they are there."""
    now, days = moments.now(), _number(request.POST.get("days") or request.GET.get("days", ""))
    if request.method == "POST":
        actions.ask_topics(days, by=request.actor, now=now)
        messages.info(request, "已经开始算，算完自动显示；也可以过一会儿再来看。")
        return HttpResponseRedirect(f"{reverse('board-hotline-topics')}?days={days}")
    days = days if days in hot_topics.SPANS else _USUAL
    key = _number(request.GET.get("search", ""))
    found = hot_topics.searches(request.actor, days=days, now=now, key=key)
    lines = hot_topics.topic_lines(request.actor, found.shown) if found.shown else []
    if wants_file(request):
        head = ("名次", "说的什么", "地点", "件数", "此前", "变化", "最早", "最晚")
        rows = (
            (one.rank, one.name, one.place, one.size, one.before, one.change, one.first_on, one.last_on)
            for one in lines
        )
        return csv_file(f"hotline-topics-{moments.today(now):%Y%m%d}", head, rows)
    places = hot_topics.place_lines(request.actor, found.shown) if found.shown else []
    most = max((one.size for one in places), default=1)
    context = {
        "found": found,
        "days": days,
        "span": hot_topics.SPANS[days],
        "spans": list(hot_topics.SPANS.items()),
        "lines": [(one, spark(one.by_day, last=days)) for one in lines],
        "places": [(one, round(100 * one.size / most, 1)) for one in places],
        "least": finding_topics.LEAST,
        "file": file_address(request),
        "trail": [_TRAIL, ("热点事项", "")],
    }
    if request.headers.get("HX-Request"):
        return render(request, "hotline/_topics.html", context)
    return pages.page(request, "hotline/topics.html", context)


@require_safe
@board_only
def tickets(request: HotlineRequest) -> HttpResponse:
    """The tickets of a topic (`?topic=`), or those of a division in the days of a search."""
    now, by = moments.now(), request.actor
    topic = _number(request.GET.get("topic", ""))
    if topic:
        line, rows = hot_topics.tickets_of(by, topic, limit=_MOST)
        title = f"{line.place}　{line.name}" if line.place else line.name
    else:
        days = _number(request.GET.get("days", ""))
        found = hot_topics.searches(by, days=days, now=now, key=_number(request.GET.get("search", "")))
        division = request.GET.get("division", "")[:12]
        rows = hot_topics.tickets_in(by, found.shown, division, limit=_MOST) if found.shown else []
        title = rows[0].division_name if rows else "这个地方"
    context = {
        "title": title,
        "rows": rows,
        "most": _MOST if len(rows) == _MOST else 0,
        "first": rows[-1].received_at if rows else now,
        "last": rows[0].received_at if rows else now,
        "opens_cases": opens_cases(by),
        "trail": [_TRAIL, ("热点事项", reverse("board-hotline-topics")), ("工单", "")],
    }
    return pages.page(request, "hotline/received.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
