"""How often the suggested class was right: by model and month, and the tickets behind each number."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from liuquan.hotline.figures import figure
from liuquan.hotline.queries import class_hints
from liuquan.hotline.views.board import month_asked, past_months
from liuquan.hotline.views.staff import HotlineRequest, board_only, opens_cases
from liuquan.kernel import moments, pages
from liuquan.kernel.csv_files import csv_file, file_address, wants_file
from liuquan.organisation import queries as organisation

_TRAIL: Final = ("热线看板", "/board/hotline/")
_MOST: Final = 500
SOURCES: Final = {"file": "文件", "tickets": "本中心的工单"}


@require_safe
@board_only
def overview(request: HotlineRequest) -> HttpResponse:
    """Every model with what it was made from and its hit rate of the last six months; `?format=csv`."""
    now = moments.now()
    lines = class_hints.model_lines(request.actor, last=moments.today(now).replace(day=1), now=now)
    if wants_file(request):
        head = ("模型", "月份", "命中", "已定", "百分比")
        rows = (
            (line.name, f"{month:%Y-%m}", right, decided, share)
            for line in lines
            for month, share, right, decided in line.by_month
        )
        return csv_file(f"hotline-models-{moments.today(now):%Y%m%d}", head, rows)
    context = {
        "lines": [(line, SOURCES[line.model.source] if line.model else "") for line in lines],
        "months": [month for month, _, _ in lines[0].months],
        "using": class_hints.model_in_use(),
        "figure": figure("suggested"),
        "body_figure": figure("suggested_body"),
        "file": file_address(request),
        "now": now,
        "trail": [_TRAIL, ("归类建议", "")],
    }
    return pages.page(request, "hotline/models.html", context)


@require_safe
@board_only
def tickets(request: HotlineRequest) -> HttpResponse:
    """The tickets of a month for which a model suggested a class; `?model=`, `?month=`, `?part=`."""
    now, shown = moments.now(), figure("suggested")
    parts = dict(shown.parts) if shown else {}
    month = month_asked(request.GET.get("month", ""), now)
    model = request.GET.get("model", "")[:12]
    part = request.GET.get("part", "")
    part = part if part in parts else ""
    found = class_hints.suggested(request.actor, month=month, model=model, now=now, part=part, limit=_MOST)
    names = {one.code: one.short_name or one.name for one in organisation.bodies(on=moments.today(now))}
    context = {
        "rows": [
            (one, names.get(one.body_code, one.body_code), parts.get(one.part, one.part)) for one in found
        ],
        "model": model,
        "model_name": model or class_hints.BY_WORDS,
        "month": month,
        "months": [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in past_months(now)],
        "part": part,
        "parts": [(key, name) for key, name in parts.items() if key != "nothing"],
        "most": _MOST if len(found) == _MOST else 0,
        "opens_cases": opens_cases(request.actor),
        "trail": [_TRAIL, ("归类建议", "/board/hotline/models/"), ("工单", "")],
    }
    return pages.page(request, "hotline/model_tickets.html", context)
