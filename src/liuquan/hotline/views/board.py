"""The hotline's board: its figures by body and month, and the tickets behind each number."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from liuquan.hotline.charts import bar_chart
from liuquan.hotline.figures import figure, figures
from liuquan.hotline.queries import figures as counted
from liuquan.hotline.views.staff import HotlineRequest, board_only, opens_cases
from liuquan.kernel import moments, pages
from liuquan.kernel.csv_files import csv_file, file_address, wants_file
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation

MONTHS = 12  #: that the board looks back
_MOST = 500  #: tickets on a page
_MOST_IN_FILE = 20_000
_TRAIL = ("热线看板", "/board/hotline/")


@require_safe
@board_only
def board(request: HotlineRequest) -> HttpResponse:
    """The figures of a month by body; `?month=2026-03`, `?figure=` of the chart, `?format=csv` for a file."""
    now, by = moments.now(), request.actor
    month = month_asked(request.GET.get("month", ""), now)
    lines = counted.by_body(by, month=month, now=now)
    if wants_file(request):
        return csv_file(f"hotline-{month:%Y-%m}", _HEAD, _rows(lines))
    chosen = figure(request.GET.get("figure", "")) or figures()[0]
    trend = counted.months(by, chosen, last=month, now=now)
    context = {
        "month": month,
        "months": [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in past_months(now)],
        "figures": figures(),
        "options": [(one.id, one.name) for one in figures()],
        "chosen": chosen,
        "total": lines[0],
        "lines": lines[1:],
        "trend": trend,
        "chart": bar_chart([(f"{one.month}月", value) for one, value in trend]),
        "file": file_address(request),
        "now": now,
    }
    return pages.page(request, "hotline/board.html", context)


@require_safe
@board_only
def tickets(request: HotlineRequest, key: str) -> HttpResponse:
    """The tickets behind a number, of a month, a body and a part; `?format=csv` for a file."""
    now, by = moments.now(), request.actor
    shown = figure(key)
    if shown is None:
        raise NotVisible("没有这个指标，请从热线看板打开。")
    month = month_asked(request.GET.get("month", ""), now)
    body, part = (request.GET.get(name, "").strip()[:40] for name in ("body", "part"))
    part = part if part in shown.parts else ""
    is_file = wants_file(request)
    found = counted.tickets(
        by, shown, month=month, now=now, body=body, part=part, limit=_MOST_IN_FILE if is_file else _MOST
    )
    names = {one.code: one.short_name or one.name for one in organisation.bodies(on=moments.today(now))}
    rows = [
        (one, names.get(one.body_code, one.body_code), shown.parts.get(one.part, one.part)) for one in found
    ]
    if is_file:
        head = ("工单编号", "归类", "单位", "计入的时刻", "计入")
        return csv_file(
            f"hotline-{key}-{month:%Y-%m}",
            head,
            ((one.number, one.class_name, name, one.at, word) for one, name, word in rows),
        )
    context = {
        "figure": shown,
        "month": month,
        "body": body,
        "part": part,
        "rows": rows,
        "most": _MOST if len(rows) == _MOST else 0,
        "months": [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in past_months(now)],
        "bodies": sorted(names.items(), key=lambda one: one[1]),
        "parts": list(shown.parts.items()),
        "opens_cases": opens_cases(by),
        "file": file_address(request),
        "trail": [_TRAIL, (shown.name, "")],
    }
    return pages.page(request, "hotline/tickets.html", context)


def month_asked(text: str, now: datetime) -> date:
    """The first day of the month asked for, this month where it is none of those the board has."""
    return next(
        (one for one in past_months(now) if f"{one:%Y-%m}" == text), moments.today(now).replace(day=1)
    )


def past_months(now: datetime) -> list[date]:
    """This month and those before it."""
    found, month = [], moments.today(now).replace(day=1)
    for _ in range(MONTHS):
        found.append(month)
        month = counted.month_before(month)
    return found


_HEAD = ("单位", "指标", "版本", "百分比", "分子", "分母", "各部分")


def _rows(lines: list[counted.BodyValues]) -> list[tuple[object, ...]]:
    return [
        (
            line.name,
            one.figure.name,
            one.figure.version,
            one.percent,
            one.part,
            one.whole,
            "；".join(f"{name} {count}" for _, name, count, _ in one.listed),
        )
        for line in lines
        for one in line.values
    ]
