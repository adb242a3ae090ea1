"""What the hotline publishes of itself: the figures of a month that is over, with how they are counted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from liuquan.hotline.figures import public_figures
from liuquan.hotline.queries import figures as counted
from liuquan.hotline.views.board import past_months
from liuquan.kernel import moments, pages


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """The figures by body; `?month=2026-02`, the last month that is over where none of those is asked for."""
    now = moments.now()
    over = past_months(now)[1:]
    month = next((one for one in over if f"{one:%Y-%m}" == request.GET.get("month", "")), over[0])
    lines = counted.published(month=month, now=now)
    context = {
        "month": month,
        "months": [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in over],
        "figures": public_figures(),
        "lines": lines,
        "any": any(value.total for line in lines for value in line.values),
    }
    return pages.page(request, "hotline/published.html", context)
