"""The board itself, and the lists behind its figures."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from liuquan.kernel import moments, pages
from liuquan.kernel.csv_files import (
    MOST_LINES,
    check_lines,
    csv_file,
    file_address,
    wants_file,
)
from liuquan.kernel.pages import Paging
from liuquan.supervision import queries, rulebook
from liuquan.supervision.chart import trend_chart
from liuquan.supervision.types import CaseLine, FindingFilter
from liuquan.supervision.views.staff import BoardRequest, judges, opens_cases, staff_only

SHOWN = {"open": "在办的案件", "decided": "本月作出决定的案件", "late": "本月超过承诺时限的案件"}
_CARDS = 8
_WORDS = {"green": "正常", "yellow": "临近", "red": "超期", "grey": "不计时"}
_HEAD = ("承诺", "案件", "案件编号", "单位", "收件", "承诺最迟", "决定")


@require_safe
@staff_only
def board(request: BoardRequest) -> HttpResponse:
    """Figures, findings to be settled, the bodies, the trend; `?screen=1` for a wall display, `?print=1`
    for paper."""
    now = moments.now()
    by = request.actor
    pending = FindingFilter(state="pending")
    cards, total = queries.findings(by, now=now, narrowed=pending, limit=_CARDS)
    days = queries.trend(by, now=now)
    context = {
        "figures": queries.figures(by, now=now),
        "judges": judges(by),
        "cards": cards,
        "cards_total": total,
        "bodies": queries.by_body(by, now=now),
        "days": [day for day in reversed(days) if day.red or day.yellow],
        "chart": trend_chart(days),
        "first_on": moments.today(now) - timedelta(days=len(days) - 1),
        "now": now,
        "screen": request.GET.get("screen") == "1",
        "printing": request.GET.get("print") == "1",
    }
    return pages.page(request, "supervision/board.html", context)


@require_safe
@staff_only
def cases(request: BoardRequest) -> HttpResponse:
    """The cases behind a figure, without names; each leads to its page. `?format=csv`: all of them as a
    file."""
    now, by = moments.now(), request.actor
    show = request.GET.get("show", "open")
    show = show if show in SHOWN else "open"
    body, text = (request.GET.get(name, "").strip()[:40] for name in ("body", "text"))
    paging = Paging.asked(request, size=50)
    asked = partial(queries.case_lines, by, now=now, show=show)
    if wants_file(request):
        lines, total = asked(body=body, text=text, limit=MOST_LINES)
        check_lines(total)
        return csv_file("案件", _HEAD, map(_row, lines))
    lines, total = asked(body=body, text=text, offset=paging.offset, limit=paging.limit)
    context = {
        "lines": lines,
        "paging": paging.of(total, among=asked(limit=1)[1]),
        "file": file_address(request),
        "text": text,
        "show": show,
        "title": SHOWN[show],
        "shown": list(SHOWN.items()),
        "opens_cases": opens_cases(by),
        "body": body,
        "bodies": [(b.code, b.name) for b in queries.by_body(by, now=now)],
        "trail": [("监察看板", "/board/"), (SHOWN[show], "")],
    }
    return pages.page(request, "supervision/cases.html", context)


def _row(line: CaseLine) -> tuple[object, ...]:
    return (
        _WORDS[line.colour],
        line.item_name,
        line.number,
        line.body_name,
        line.received_at,
        line.promised_on,
        line.decided_at,
    )


@require_safe
@staff_only
def rules(request: BoardRequest) -> HttpResponse:
    """The rules in force with their text and law, so that all staff know what is supervised."""
    pages.belongs_to(request, "board-own")
    trail = [("监察看板", "/board/"), ("监察规则", "")]
    return pages.page(request, "supervision/rules.html", {"rules": rulebook.rulebook(), "trail": trail})
