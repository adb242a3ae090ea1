"""Who opened mine: the readings of a case, shown to the person concerned, by body, post and purpose.

Cites: 个人信息保护法 第四十四条, 第四十五条
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.journal import queries as record
from liuquan.journal.types import Entry, ReadingFilter
from liuquan.kernel import moments
from liuquan.kernel.pages import Paging
from liuquan.kernel.slip_holder_views import holders_only
from liuquan.kinds import queries as kinds
from liuquan.organisation import queries as organisation
from liuquan.tracking import queries


@require_safe
@holders_only
def of_slip(request: HttpRequest, number: str) -> HttpResponse:
    """Every reading by staff with its time, body, post and purpose, without the officer's name. Readings by
    the holders of the slip are only counted."""
    now = moments.now()
    case = queries.held(number)
    by_staff = ReadingFilter(subject=number, staff_only=True)
    paging = Paging.asked(request, size=50)
    total = record.count_readings(by_staff)
    back = reverse("track_case", args=[number])
    context = {
        "case": case,
        "rows": _rows(record.readings(by_staff, offset=paging.offset, limit=paging.limit), now),
        "total": total,
        "own": record.count_readings(ReadingFilter(subject=number)) - total,
        "paging": paging.of(total),
        "back": back,
        "trail": [
            ("首页", reverse("home")),
            (f"{kinds.kind_of(case).label} {number}", back),
            ("谁看过我的信息", ""),
        ],
    }
    return render(request, "tracking/readings.html", context)


def _rows(entries: list[Entry], now: datetime) -> list[dict[str, Any]]:
    on = moments.today(now)
    posts = kinds.post_names(on)
    bodies = {body.code: body.name for body in organisation.bodies(on=on)}
    return [
        {
            "at": kinds.moment_in_table(entry.effective_at),
            "body": bodies.get(entry.body_code, entry.body_code),
            "post": entry.public.get("post") or posts.get(entry.post_code, entry.post_code),
            "what": record.opened_words(entry),
            "why": entry.public.get("purpose", "办理本件"),
        }
        for entry in entries
    ]
