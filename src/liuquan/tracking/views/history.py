"""A case as it stood on a day, for the holder of its slip."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.kernel import moments
from liuquan.kernel.slip_holder_views import holders_only
from liuquan.kinds import queries as kinds
from liuquan.tracking import queries


@require_safe
@holders_only
def of_slip(request: HttpRequest, number: str) -> HttpResponse:
    """The case at the moment asked for, for whoever has shown its code."""
    case = queries.held(number)
    asked = request.GET.dict()
    context, status = kinds.history_page(case, asked, now=moments.now(), public_only=True)
    back = reverse("track_case", args=[number])
    context |= {
        "back": back,
        "trail": [
            ("首页", reverse("home")),
            (f"{kinds.kind_of(case).label} {number}", back),
            ("当时的情况", ""),
        ],
    }
    return render(request, "tracking/history.html", context, status=status)
