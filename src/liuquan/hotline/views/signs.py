"""What the hotline tells those who lead: when and of what people call, what rises, what belongs elsewhere."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from liuquan.hotline import signs
from liuquan.hotline.queries import heat
from liuquan.hotline.signs import Rise
from liuquan.hotline.views.staff import HotlineRequest, board_only, opens_cases
from liuquan.kernel import moments, pages
from liuquan.kernel.csv_files import csv_file, file_address, wants_file

_TRAIL = ("热线看板", "/board/hotline/")
_DAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
#: the grid from none to the most, light enough for what stands on it
_SHADES = ("none", "#f1f6fc", "#e4eefa", "#d7e6f7", "#cadef4", "#bdd6f1")
_MOST = 500
#: which time a list looks at
SPANS = {
    "week": timedelta(days=signs.WEEK),
    "before": timedelta(days=signs.WEEK * (1 + signs.BEFORE)),
    "grid": heat.GRID,
    "ends": heat.ENDS,
}


@require_safe
@board_only
def overview(request: HotlineRequest) -> HttpResponse:
    """Heat by hour, rises by class and by division, what to do before people complain, and what they bring to
    the wrong place; `?format=csv`: the list of what to do."""
    now, by = moments.now(), request.actor
    every = heat.rises(by, now=now)
    foreseen = [one for one in every if one.is_sign]
    if wants_file(request):
        head = ("归类", "地方", "近7天", "此前4周", "变化")
        rows = ((one.class_name, one.division_name, one.week, one.before, one.words) for one in foreseen)
        return csv_file(f"hotline-signs-{moments.today(now):%Y%m%d}", head, rows)
    grid = heat.by_hour(by, now=now)
    most = max(max(row) for row in grid)
    context = {
        "days": [
            (name, at + 1, [(hour, count, _shade(count, most)) for hour, count in enumerate(row)])
            for at, (name, row) in enumerate(zip(_DAYS, grid, strict=True))
        ],
        "hours": list(range(24)),
        "classes": _together(every, by_class=True),
        "divisions": _together(every, by_class=False),
        "foreseen": foreseen,
        "inlets": heat.by_inlet(by, now=now),
        "dead": heat.dead_on_arrival(by, now=now),
        "says": {"rise": signs.RISE, "sign": signs.SIGN, "dead": signs.DEAD},
        "file": file_address(request),
        "now": now,
        "trail": [_TRAIL, ("诉求分析", "")],
    }
    return pages.page(request, "hotline/signs.html", context)


@require_safe
@board_only
def received(request: HotlineRequest) -> HttpResponse:
    """The tickets behind a number of the overview."""
    now = moments.now()
    span = request.GET.get("span", "")
    span = span if span in SPANS else "week"
    until = now - SPANS["week"] if span == "before" else now
    hour = _number(request.GET.get("hour", ""), 23)
    asked = heat.Behind(
        since=now - SPANS[span],
        until=until,
        class_code=request.GET.get("class", "")[:24],
        division=request.GET.get("division", "")[:12],
        inlet=request.GET.get("inlet", "")[:12],
        weekday=_number(request.GET.get("weekday", ""), 7) or 0,
        hour=-1 if hour is None else hour,
        ends=span == "ends",
        limit=_MOST,
    )
    found = heat.received(request.actor, asked)
    context = {
        "rows": found,
        "most": _MOST if len(found) == _MOST else 0,
        "first": now - SPANS[span],
        "last": until,
        "opens_cases": opens_cases(request.actor),
        "trail": [_TRAIL, ("诉求分析", "/board/hotline/signs/"), ("工单", "")],
    }
    return pages.page(request, "hotline/received.html", context)


def _together(rises: list[Rise], *, by_class: bool) -> list[Rise]:
    """The rises of each class, or of each division, the most in the last week first."""
    found: dict[str, Rise] = {}
    for one in rises:
        key = one.class_code if by_class else one.division
        before = found.get(key, Rise(0, 0))
        week, earlier = before.week + one.week, before.before + one.before
        if by_class:
            found[key] = Rise(week, earlier, class_code=one.class_code, class_name=one.class_name)
        else:
            found[key] = Rise(week, earlier, division=one.division, division_name=one.division_name)
    return sorted(found.values(), key=lambda one: (-one.week, -one.before))


def _shade(count: int, most: int) -> str:
    """The ground of a cell: the darker, the nearer to the most."""
    return _SHADES[-(-count * (len(_SHADES) - 1) // most)] if count else _SHADES[0]


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= most else None
