"""How messages to people fare, for the administrator: which wait, which could not be delivered, and why."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.messages import queries
from liuquan.messages.types import Channel


@require_safe
@login_required
def delivery(request: HttpRequest) -> HttpResponse:
    """The latest messages without address and without text; for the administrator only (403)."""
    found = queries.recent(by=request.__dict__["actor"])
    there = queries.open_channels()
    context = {
        "messages_sent": found,
        "ways": [(one.label, one in there) for one in Channel],
        "trail": [("我的待办", reverse("desk")), ("消息发送", "")],
    }
    return render(request, "messages/delivery.html", context)
