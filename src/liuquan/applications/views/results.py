"""Results anyone may read, without names and without an account (GUIDE-09). Cites: 行政许可法 第四十条"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.applications import queries
from liuquan.kernel.pages import Paging


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Published results, newest first."""
    paging = Paging.asked(request, size=20).of(queries.count_results())
    context = {
        "results": queries.results(limit=paging.limit, offset=paging.offset),
        "paging": paging,
        "trail": [("首页", reverse("home")), ("办理结果", "")],
    }
    return render(request, "applications/portal/results.html", context)
