"""What the holder of the slip was told of the case, and whether the party is told anything further.

No address is shown. Cites: 个人信息保护法 第十五条
"""

from __future__ import annotations

from django.contrib import messages as shown
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.kernel.slip_holder_views import holders_only
from liuquan.kinds import queries as kinds
from liuquan.messages import actions
from liuquan.messages import queries as messages
from liuquan.messages.types import Channel
from liuquan.tracking import queries


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
def of_slip(request: HttpRequest, number: str) -> HttpResponse:
    """The messages of the case; by POST the party agrees to SMS or withdraws a way. Mail is agreed to only in
    我的办件: whoever finds a slip must not send somebody's news to an address of theirs."""
    now = moments.now()
    case = queries.held(number)
    by = queries.holder(case)
    here = reverse("track_messages", args=[number])
    refusal = ""
    if request.method == "POST" and by is not None:
        try:
            if request.POST.get("agree") == Channel.SMS:
                actions.agree_to_sms(by.party_number, by=by, now=now)
                shown.success(request, "已经同意：以后每办一步，发短信告诉您。")
                return HttpResponseRedirect(here)
            if request.POST.get("withdraw") in list(Channel):
                actions.withdraw(by.party_number, Channel(request.POST["withdraw"]), by=by, now=now)
                shown.success(request, "已经取消，以后不再用这种方式告诉您。")
                return HttpResponseRedirect(here)
        except BadInput as refused:
            refusal = refused.sentence
    agreed = messages.agreed(case.applicant) if case.applicant else frozenset()
    back = reverse("track_case", args=[number])
    context = {
        "case": case,
        "told": messages.of_case(number, party=case.applicant) if case.applicant else [],
        "agreed": sorted(agreed),
        "is_closed": case.closed_at is not None,
        "may_agree": by is not None
        and case.closed_at is None
        and Channel.SMS in messages.open_channels() - agreed,
        "refusal": refusal,
        "back": back,
        "trail": [
            ("首页", reverse("home")),
            (f"{kinds.kind_of(case).label} {number}", back),
            ("发给我的通知", ""),
        ],
    }
    return render(request, "tracking/told.html", context, status=422 if refusal else 200)
