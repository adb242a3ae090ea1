"""Reviewing with the slip in hand, and the figures for everybody.

Cites: 国办发〔2019〕51号
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.kernel import moments, slip_holders
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.kernel.slip_holder_views import holders_only
from liuquan.reviews import actions, queries
from liuquan.reviews.types import Grade

DAYS: Final = 90  #: that the public figures look back


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
def review(request: HttpRequest, number: str) -> HttpResponse:
    """What of this case can be reviewed, and what was. Only the holder of its slip comes here; by POST one
    review is given, which nobody can change."""
    if request.method != "POST":
        return _page(request, number)
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in ("service", "grade", "words")}
    grade = int(typed["grade"]) if typed["grade"] in {str(int(one)) for one in Grade} else 0
    try:
        actions.rate(number, typed["service"], grade=grade, words=typed["words"], now=moments.now())
    except BadInput as refusal:
        return _page(request, number, typed, refusal.fields, refusal.status)
    messages.success(request, "谢谢，评价已经收到。")
    return HttpResponseRedirect(reverse("review", args=[number]))


@require_safe
@holders_only
def followed(request: HttpRequest, number: str) -> HttpResponse:
    """Open the rectification of one's own bad review, which has the same holder. Refuses (404) where there is
    none."""
    asked = request.GET.get("case", "")
    if not asked or asked not in {one.rectification for one in queries.services(number)}:
        raise NotVisible("没有找到这件差评整改，请回到评价页面重新选择。")
    slip_holders.remember(request, asked, now=moments.now())
    return HttpResponseRedirect(reverse("track_case", args=[asked]))


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How each body was reviewed in the last ninety days; whoever said nothing is counted apart."""
    now: datetime = moments.now()
    context = {
        "rows": queries.figures(from_at=now - timedelta(days=DAYS), to_at=now),
        "days": DAYS,
        "trail": [("首页", reverse("home")), ("好差评", "")],
    }
    return render(request, "reviews/figures.html", context)


def _page(
    request: HttpRequest,
    number: str,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "number": number,
        "services": queries.services(number),
        "grades": [(int(one), one.label) for one in Grade],
        "typed": typed or {},
        "errors": errors or {},
        "longest": actions.LONGEST,
        "trail": [
            ("首页", reverse("home")),
            ("查进度", reverse("track")),
            (number, reverse("track_case", args=[number])),
            ("评价", ""),
        ],
    }
    return render(request, "reviews/review.html", context, status=status)
