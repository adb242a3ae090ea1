"""The auditor's pages of who opened what: list, counts by post, export, and revealing a name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.journal.types import ReadingFilter
from liuquan.kernel import dates, moments, pages
from liuquan.kernel.csv_files import csv_file, file_address, wants_file
from liuquan.kernel.pages import Paging
from liuquan.kernel.refusals import BadInput, Refusal
from liuquan.supervision import actions, queries
from liuquan.supervision.queries.readings import Names, ReadingLine
from liuquan.supervision.views.staff import BoardRequest, staff_only

_DAYS = 30
_POSTS_SHOWN = 12
_HEAD = ("时间", "机关", "岗位", "看了什么", "为什么", "案件或者监察编号", "记录编号")


@require_safe
@staff_only
def readings(request: BoardRequest) -> HttpResponse:
    """The openings this post may audit, filtered; `?format=csv` exports them, and the export is recorded."""
    now = moments.now()
    today = moments.today(now)
    names = queries.reach(request.actor, on=today)
    given = {name: request.GET.get(name, "").strip()[:64] for name in ("body", "post", "subject")}
    context: dict[str, Any] = {
        "given": given,
        "bodies": sorted(names.bodies.items(), key=lambda one: one[1]),
        "posts": names.posts_to_choose(given["post"]),
        "today": today,
        "errors": {},
        "trail": [("监察看板", reverse("board")), ("谁查看了个人信息", "")],
    }
    first, last = request.GET.get("from_on", ""), request.GET.get("to_on", "")
    begin = today - timedelta(days=_DAYS)
    context |= {"from_on": first or begin, "to_on": last or today}
    try:
        from_on = dates.asked(first, "from_on") if first.strip() else begin
        to_on = dates.asked(last, "to_on") if last.strip() else today
        context |= {"from_on": from_on, "to_on": to_on}
        asked = queries.reading_filter(names, from_on=from_on, to_on=to_on, **given)
        if wants_file(request):
            return _file(
                actions.export_readings(asked, names, from_on=from_on, to_on=to_on, by=request.actor, now=now)
            )
    except BadInput as refusal:
        context |= {"errors": refusal.fields}
        return pages.page(request, "supervision/readings.html", context, status=refusal.status)
    context |= _listed(request, asked, names)
    return pages.page(request, "supervision/readings.html", context)


def _listed(request: BoardRequest, asked: ReadingFilter, names: Names) -> dict[str, Any]:
    """One page of the openings asked for, how many there are and by which posts, and where the file is."""
    paging = Paging.asked(request, size=50)
    total = queries.count_readings(asked)
    counts = queries.readings_by_post(asked, names)
    return {
        "lines": queries.reading_lines(asked, names, offset=paging.offset, limit=paging.limit),
        "paging": paging.of(total),
        "total": total,
        "counts": counts[:_POSTS_SHOWN],
        "more_posts": max(0, len(counts) - _POSTS_SHOWN),
        "file": file_address(request),
        "asked": True,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def reader(request: BoardRequest, number: UUID) -> HttpResponse:
    """One opening; by POST with a reason, the officer's name, after this reading has been recorded."""
    now = moments.now()
    names = queries.reach(request.actor, on=moments.today(now))
    line = queries.reading(str(number), names)
    reason = request.POST.get("reason", "")
    context: dict[str, Any] = {
        "line": line,
        "reason": reason,
        "errors": {},
        "trail": [
            ("监察看板", reverse("board")),
            ("谁查看了个人信息", reverse("board-readings")),
            ("查明是谁", ""),
        ],
    }
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            name = actions.open_reader(str(number), reason=reason, by=request.actor, now=now)
            context |= {"opened": True, "name": name}
        except BadInput as wrong:
            refusal = wrong
            context |= {"errors": wrong.fields}
    status = refusal.status if refusal else 200
    return pages.page(request, "supervision/reader.html", context, status=status)


def _file(lines: list[ReadingLine]) -> HttpResponse:
    return csv_file(
        "谁查看了个人信息",
        _HEAD,
        (
            (one.at, one.body_name, one.post_name, one.what, one.purpose, one.subject, one.number)
            for one in lines
        ),
    )
