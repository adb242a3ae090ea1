"""What the demo would have sent, for everybody who tries it out. Nowhere else is there such a page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from liuquan.kernel.refusals import NotVisible
from liuquan.messages import queries


@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The letters that were kept, newest first. Refuses (404) outside a demo: they hold one-time codes."""
    if not settings.LIUQUAN_DEMO:
        raise NotVisible("没有这个页面，请回到首页。")
    context = {"letters": queries.outbox(), "trail": [("首页", reverse("home")), ("演示发件箱", "")]}
    return render(request, "messages/outbox.html", context)
