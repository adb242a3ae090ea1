"""Mails to the hotline: those that are no tickets and wait for a person; what each says, opened by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuquan.hotline import actions, queries
from liuquan.hotline.views.staff import HotlineRequest, desk_only
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput, Refusal

SHOWN: Final = {"": "没有立为工单，待核对", "settled": "没有立为工单，已处理", "tickets": "已立为工单"}
UNREAD: Final = timedelta(minutes=30)  #: without a reading, before the page warns
_TRAIL: Final = ("来信", "/desk/hotline/mails/")


@require_safe
@desk_only
def mails(request: HotlineRequest) -> HttpResponse:
    """Mails that are no tickets, with the reason; `?show=` those that were settled, or that are tickets."""
    queries.calls.check_centre(request.actor)
    pages.belongs_to(request, "desk-hotline-calls")
    now, show = moments.now(), request.GET.get("show", "")
    show = show if show in SHOWN else ""
    if show == "tickets":
        rows = queries.mails.registered(by=request.actor)
    else:
        rows = queries.mails.unregistered(by=request.actor, settled=show == "settled")
    read_at = queries.mails.last_reading()
    context = {
        "rows": rows,
        "show": show,
        "shown": SHOWN.items(),
        "is_set_up": actions.is_set_up(),
        "read_at": read_at,
        "is_unread": actions.is_set_up() and (read_at is None or now - read_at > UNREAD),
    }
    return pages.page(request, "hotline/desk/mails.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def one(request: HotlineRequest, number: UUID) -> HttpResponse:
    """One mail: by POST it is opened, becomes a ticket, or needs nothing more."""
    view = queries.mails.mail(str(number), by=request.actor)
    pages.belongs_to(request, "desk-hotline-calls")
    refusal, opened = None, None
    if request.method == "POST":
        try:
            if request.POST.get("do", "") == "open":
                opened = actions.open_mail(str(number), by=request.actor, now=moments.now())
            else:
                return _done(request, str(number))
        except Refusal as wrong:
            refusal = wrong
    context = {
        "mail": view,
        "opened": opened,
        "refusal": refusal,
        "trail": [_TRAIL, ("一封来信", "")],
    }
    return pages.page(request, "hotline/desk/mail.html", context, status=refusal.status if refusal else 200)


@require_POST
@desk_only
def original(request: HotlineRequest, number: UUID) -> HttpResponse:
    """The mail as it came, after the reading was entered; a browser keeps it and does not show it."""
    content = actions.open_original(str(number), by=request.actor, now=moments.now())
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{number}.eml"'
    return response


def _done(request: HotlineRequest, number: str) -> HttpResponse:
    now = moments.now()
    match request.POST.get("do", ""):
        case "register":
            ticket = actions.register_mail(number, by=request.actor, now=now)
            messages.success(request, f"已立为工单{ticket}，请归类、派单。没有通知发件地址。")
            return HttpResponseRedirect(reverse("desk-case", args=[ticket]))
        case "settle":
            actions.settle_mail(number, by=request.actor, now=now)
            messages.success(request, "已记下：这封来信不用登记。")
            return HttpResponseRedirect(reverse("desk-hotline-mails"))
    raise BadInput("请选择怎么办。")
