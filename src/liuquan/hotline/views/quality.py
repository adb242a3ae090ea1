"""The call-back sheet of the dispatchers, and the network of those who handle requests."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from liuquan.hotline.checks import LEAST_CALLS
from liuquan.hotline.queries.callbacks import callbacks
from liuquan.hotline.queries.network import network
from liuquan.hotline.views.staff import HotlineRequest, desk_only
from liuquan.kernel import moments, pages

SHOWN = {"": "全部", "overdue": "已过期", "today": "今天", "tried": "打过没有接通"}


@require_safe
@desk_only
def callback_sheet(request: HotlineRequest) -> HttpResponse:
    """Whom to call back; `?show=` narrows it."""
    now = moments.now()
    every = callbacks(request.actor, now=now)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    lists = {
        "": every,
        "overdue": [one for one in every if one.overdue],
        "today": [one for one in every if one.today],
        "tried": [one for one in every if one.tries],
    }
    context = {
        "lines": lists[show],
        "show": show,
        "shown": [(key, word, len(lists[key])) for key, word in SHOWN.items()],
        "least": LEAST_CALLS,
        "now": now,
    }
    return pages.page(request, "hotline/callbacks.html", context)


@require_safe
@desk_only
def network_page(request: HotlineRequest) -> HttpResponse:
    """The four levels with the contacts of each body."""
    pages.belongs_to(request, "desk-hotline-callbacks")
    now = moments.now()
    context = {"levels": network(request.actor, on=moments.today(now)), "on": moments.today(now)}
    return pages.page(request, "hotline/network.html", context)
