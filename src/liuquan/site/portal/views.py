"""The front page, help for those without a phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.casework import queries as casework
from liuquan.catalogue import queries as catalogue
from liuquan.kernel import held_drafts, moments, slip_holders
from liuquan.organisation import queries as organisation

COMMON = 6  #: items on the front page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: one search field, and links to what people need most."""
    now = moments.now()
    items = catalogue.published_items(on=moments.today(now))
    asked_often = casework.counts_by_subject()
    common = sorted(items, key=lambda item: -asked_often.get(item.item_code, 0))[:COMMON]
    context = {
        "common": common,
        "count": len(items),
        "held": slip_holders.held(request, now=now),
        "unfinished": len(held_drafts.unfinished(request, place="apply/", now=now)),
    }
    return render(request, "site/portal/home.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to get everything done without a phone or a computer."""
    on = moments.today(moments.now())
    halls = [body for body in organisation.bodies(on=on) if body.address]
    context = {"halls": halls, "trail": [("首页", reverse("home")), ("帮助", "")]}
    return render(request, "site/portal/help.html", context)
