"""The front page, the figures of each day, help for those without a phone."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from liuquan.applications import queries as applications
from liuquan.applications.views import holders
from liuquan.casework import queries as casework
from liuquan.catalogue import queries as catalogue
from liuquan.kernel import moments
from liuquan.organisation import queries as organisation
from liuquan.site.portal.chart import daily_bars

COMMON = 6  #: items on the front page
SPANS = {"14": 14, "30": 30, "90": 90}  #: days of figures that may be asked for
_STATES = (
    ("received", "待受理"),
    ("supplementing", "待补正"),
    ("examining", "审查中"),
    ("deciding", "待决定"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: one search field, and links to what people need most."""
    now = moments.now()
    items = catalogue.published_items(on=moments.today(now))
    asked_often = _asked_often()
    common = sorted(items, key=lambda item: -asked_often.get(item.name, 0))[:COMMON]
    context = {"common": common, "count": len(items), "held": holders.held(request, now=now)}
    return render(request, "site/portal/home.html", context)


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Cases received, accepted and decided per day, and cases in progress (GUIDE-09)."""
    on = moments.today(moments.now())
    span = SPANS.get(request.GET.get("days", ""), 30)
    rows = applications.daily_figures(from_on=on - timedelta(days=span - 1), to_on=on)
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
        "now_rows": _being_handled(),
        "states": [label for _, label in _STATES],
        "trail": [("首页", reverse("home")), ("办理结果", reverse("results")), ("每日数字", "")],
    }
    return render(request, "site/portal/statistics.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to get everything done without a phone or a computer."""
    on = moments.today(moments.now())
    halls = [body for body in organisation.bodies(on=on) if body.address]
    context = {"halls": halls, "trail": [("首页", reverse("home")), ("帮助", "")]}
    return render(request, "site/portal/help.html", context)


def _asked_often() -> dict[str, int]:
    """How often each item occurs among the newest results, by its name."""
    return Counter(result.item for result in applications.results(limit=200))


def _being_handled() -> list[tuple[str, list[int]]]:
    """Open cases by body and state."""
    on = moments.today(moments.now())
    names = {body.code: body.name for body in organisation.bodies(on=on)}
    counts = casework.counts()
    rows = []
    for code in sorted({code for code, _ in counts}):
        numbers = [counts.get((code, state), 0) for state, _ in _STATES]
        if any(numbers):
            rows.append((names.get(code, code), numbers))
    return rows
