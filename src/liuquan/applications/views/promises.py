"""Who keeps its promises: free to read for anyone, without names. Cites: 优化营商环境条例 第三十六条"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.applications import promises
from liuquan.kernel import moments
from liuquan.kernel.pages import Paging

PERIOD = timedelta(days=365)
SERVICE_SHOWN = 100


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """The promises of the last year by body, and every default with what was said about it."""
    now = moments.now()
    to_on = moments.today(now)
    from_on = to_on - PERIOD
    paging = Paging.asked(request, size=20)
    broken, total = promises.defaults(
        from_on=from_on, to_on=to_on, now=now, offset=paging.offset, limit=paging.limit
    )
    service, service_total = promises.service_defaults(from_on=from_on, to_on=to_on, limit=SERVICE_SHOWN)
    context = {
        "bodies": promises.of_bodies(from_on=from_on, to_on=to_on, now=now),
        "service": service,
        "service_total": service_total,
        "defaults": broken,
        "paging": paging.of(total),
        "from_on": from_on,
        "to_on": to_on,
        "trail": [("首页", reverse("home")), ("办理结果", reverse("results")), ("承诺兑现", "")],
    }
    return render(request, "applications/portal/promises.html", context)
