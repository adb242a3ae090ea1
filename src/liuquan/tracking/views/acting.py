"""What a party does on its case with the slip in hand: any act of the procedure that parties may take.

An act of a kind that needs more than the fields of its row has a page of its kind (`CaseKind.holder_pages`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.casework import queries as casework
from liuquan.casework.types import FieldKind, Offer, Snapshot, Who
from liuquan.kernel import moments
from liuquan.kernel.received_files import ReceivedFiles, input_name, received_files
from liuquan.kernel.refusals import BadInput, NotVisible, Refusal, TooLarge, Unavailable, WrongState
from liuquan.kernel.slip_holder_views import holders_only
from liuquan.kinds import queries as kinds
from liuquan.kinds.queries import act_controls, act_file_keys, act_unsaid, act_values
from liuquan.organisation.types import Actor
from liuquan.papers import actions as papers
from liuquan.tracking import actions, queries


def offered(snapshot: Snapshot, *, now: datetime) -> list[Offer]:
    """The acts that the holder of the slip may take now."""
    by = queries.holder(snapshot)
    return casework.offers(snapshot, by=by, now=now) if by else []


def offered_links(snapshot: Snapshot, *, now: datetime) -> list[tuple[str, str]]:
    """Their pages: address and label. An act with a page of its kind has its link in that kind's panel."""
    own = kinds.kind_of(snapshot).holder_pages
    return [
        (reverse("track_act", args=[snapshot.number, one.action]), one.label)
        for one in offered(snapshot, now=now)
        if one.action not in own
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """The form of one act with the question before it; by POST it is taken. Refuses (409) an act that the
    case does not allow now."""
    now = moments.now()
    snapshot = queries.held(number)
    kind = kinds.kind_of(snapshot)
    if page := kind.holder_pages.get(action):
        return HttpResponseRedirect(reverse(page, args=[number]))
    offer = next((one for one in offered(snapshot, now=now) if one.action == action), None)
    by = queries.holder(snapshot)
    if offer is None or by is None:
        raise _not_now(snapshot, action)
    if request.method != "POST":
        return _form(request, snapshot, by, offer, {}, None, ReceivedFiles())
    typed = act_values(offer.fields, request.POST)
    received = _files(request, snapshot, offer, now)
    try:
        if unsaid := act_unsaid(offer.fields, typed):
            raise BadInput("还有必填内容没有填写，请补上后再提交。", fields=unsaid)
        _refuse_wrong(received)
        outcome = actions.act(snapshot, action, by=by, now=now, data=typed, files_given=received.files)
    except (BadInput, TooLarge, Unavailable) as refusal:
        return _form(request, snapshot, by, offer, typed, refusal, received)
    received.done(now)
    papers.issue_now(outcome, now=now)
    messages.success(request, f"已经{offer.label}。")
    return HttpResponseRedirect(reverse("track_case", args=[number]))


def _files(request: HttpRequest, snapshot: Snapshot, offer: Offer, now: datetime) -> ReceivedFiles:
    """The files of this form, kept for this act of this case alone."""
    takes_files = any(one.kind is FieldKind.FILES for one in offer.fields)
    place = f"track/{snapshot.number}/{offer.action}/"
    return received_files(request, None if takes_files else (), place=place, now=now)


def _refuse_wrong(received: ReceivedFiles) -> None:
    """Refuses (422) files that cannot be taken, each beside its input."""
    if received.wrong:
        wrong = {input_name(key): sentence for key, sentence in received.wrong.items()}
        raise BadInput("有文件不能上传，请按提示更换后再提交。", fields=wrong)


def _not_now(snapshot: Snapshot, action: str) -> WrongState | NotVisible:
    row = casework.procedure_of(snapshot).row(action)
    if row is None or Who.PARTY not in row.who:
        return NotVisible("没有这项操作，请回到查进度页面选择。")
    label = casework.procedure_of(snapshot).state(snapshot.state).label
    return WrongState(f"本件现在的状态是“{label}”，不能{row.label}，请回到查进度页面查看。")


def _ends_in(snapshot: Snapshot, offer: Offer) -> str:
    """The state in which the act ends the case, in words; empty if the case goes on."""
    target = casework.row_of(snapshot, offer.action).target
    state = casework.procedure_of(snapshot).state(target) if target else None
    return state.label if state is not None and state.closed else ""


def _form(
    request: HttpRequest,
    snapshot: Snapshot,
    by: Actor,
    offer: Offer,
    typed: dict[str, Any],
    refusal: Refusal | None,
    received: ReceivedFiles,
) -> HttpResponse:
    now, kind = moments.now(), kinds.kind_of(snapshot)
    (asked,) = casework.asked([offer], snapshot, by=by, now=now)
    received.forget_others(act_file_keys(asked), now)
    back = reverse("track_case", args=[snapshot.number])
    errors = refusal.fields if refusal else {}
    context = {
        "snapshot": snapshot,
        "kind": kind,
        "offer": offer,
        "controls": act_controls(
            asked, typed, errors, on=moments.today(now), only_uploads=True, received=received
        ),
        "draft": received.code,
        "refusal": refusal,
        "next_step": kind.next_step(snapshot, now),
        "ends_in": _ends_in(snapshot, offer),
        "back": back,
        "trail": [("首页", reverse("home")), (f"{kind.label} {snapshot.number}", back), (offer.label, "")],
    }
    status = refusal.status if refusal else 200
    return render(request, "tracking/act.html", context, status=status)
