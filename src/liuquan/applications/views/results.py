"""Results anyone may read, without names and without an account (GUIDE-09). Cites: 行政许可法 第四十条"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.applications import queries
from liuquan.applications.types import ResultFilter
from liuquan.kernel.pages import Paging

_LONGEST = {"q": 60, "body": 120, "item": 500, "from_on": 10, "to_on": 10}


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Published results, newest first; narrowed by words, body, item and day of decision. The address holds
    what was asked. A day that is none is named beside its field (400), and nothing is listed."""
    given = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:most] for name, most in _LONGEST.items()
    }
    asked, errors = _asked(given)
    paging = Paging.asked(request, size=20).of(0 if errors else queries.count_results(asked))
    names = queries.published_names()
    shown = [] if errors else queries.results(limit=paging.limit, offset=paging.offset, asked=asked)
    context: dict[str, Any] = {
        "results": shown,
        "paging": paging,
        "first": paging.offset + 1,
        "last": paging.offset + len(shown),
        "given": given,
        "errors": errors,
        "narrowed": bool(asked) or bool(errors),
        "unfolded": any(given[name] for name in given if name != "q"),
        "bodies": [(name, name) for name in sorted({body for _, body in names})],
        "items": [(name, name) for name in sorted({item for item, _ in names})],
        "trail": [("首页", reverse("home")), ("办理结果", "")],
    }
    return render(request, "applications/portal/results.html", context, status=400 if errors else 200)


def _asked(given: dict[str, str]) -> tuple[ResultFilter, dict[str, str]]:
    days: dict[str, date | None] = {"from_on": None, "to_on": None}
    errors = {}
    for name in days:
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            errors[name] = "请写成 2026-03-20 的样子"
    if not errors and days["from_on"] and days["to_on"] and days["from_on"] > days["to_on"]:
        errors["to_on"] = "不能早于开始的那天"
    return ResultFilter(given["q"], given["body"], given["item"], days["from_on"], days["to_on"]), errors
