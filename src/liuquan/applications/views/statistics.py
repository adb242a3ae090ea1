"""The figures of each day, for anyone to read (GUIDE-09)."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from liuquan.applications import queries
from liuquan.applications.procedure import KIND
from liuquan.applications.views.chart import daily_bars
from liuquan.casework import queries as casework
from liuquan.kernel import moments
from liuquan.organisation import queries as organisation

SPANS = {"14": 14, "30": 30, "90": 90}  #: days of figures that may be asked for
_STATES = (
    ("received", "待受理"),
    ("supplementing", "待补正"),
    ("examining", "审查中"),
    ("deciding", "待决定"),
)


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Applications received, accepted and decided per day, and those in progress (GUIDE-09)."""
    on = moments.today(moments.now())
    span = SPANS.get(request.GET.get("days", ""), 30)
    rows = queries.daily_figures(from_on=on - timedelta(days=span - 1), to_on=on)
    words = (("收件", "received"), ("受理", "accepted"), ("办结", "decided"))
    chart = daily_bars(
        [row["on"] for row in rows],
        [(label, [row[name] for row in rows]) for label, name in words],
        title=f"近{span}天每天收件、受理、办结的件数",
    )
    context = {
        "chart": mark_safe(chart),  # noqa: S308  drawn above from numbers
        "rows": list(reversed(rows)),
        "totals": [(label, sum(row[name] for row in rows)) for label, name in words],
        "span": span,
        "spans": list(SPANS.values()),
        "now_rows": _being_handled(on),
        "states": [label for _, label in _STATES],
        "trail": [("首页", reverse("home")), ("办理结果", reverse("results")), ("每日数字", "")],
    }
    return render(request, "applications/portal/statistics.html", context)


def _being_handled(on: date) -> list[tuple[str, list[int]]]:
    """Open applications by body and state."""
    names = {body.code: body.name for body in organisation.bodies(on=on)}
    counts = casework.counts(kind=KIND)
    rows = []
    for code in sorted({body for _, body, _ in counts}):
        numbers = [counts.get((KIND, code, state), 0) for state, _ in _STATES]
        if any(numbers):
            rows.append((names.get(code, code), numbers))
    return rows
