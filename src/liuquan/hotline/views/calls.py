"""The calls of the centre: what rings, what waits to be called back, what nobody gave an outcome."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuquan.hotline import actions, queries
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.types import CallOutcome, SeatState
from liuquan.hotline.views.staff import HotlineRequest, desk_only
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput, NotVisible, Refusal

ONLY = {"late": "超过时限才接听的来电", "lost": "没有接到的来电"}


@require_safe
@desk_only
def calls(request: HotlineRequest) -> HttpResponse:
    """Today's calls; `only` narrows them to those answered late, or not at all."""
    queries.calls.check_centre(request.actor)
    on = moments.today(moments.now())
    only = request.GET.get("only", "")
    only = only if only in ONLY else ""
    context = {
        "calls": queries.calls.under_way(by=request.actor),
        "only": only,
        "title": ONLY.get(only, "今天的来电"),
        "rows": queries.calls.calls(on=on, by=request.actor, only=only),
        "to_call_back": queries.calls.to_call_back(by=request.actor),
        "without": queries.calls.without_outcome(by=request.actor),
        "unreplied": [one for one in queries.replies(on, now=moments.now()) if one.late],
        "figures": queries.calls.figures_of(on),
        "seat": queries.calls.seat_of(request.actor),
        "states": [(one.value, one.label) for one in (SeatState.READY, SeatState.REST, SeatState.AWAY)],
        "is_stand_in": _is_stand_in(),
    }
    return pages.page(request, "hotline/desk/calls.html", context)


@require_safe
@desk_only
def now_ringing(request: HotlineRequest) -> HttpResponse:
    """The calls that ring or are being talked, for the top of the screen."""
    queries.calls.check_centre(request.actor)
    found = queries.calls.at_seat(by=request.actor)
    return render(request, "hotline/desk/_ringing.html", {"calls": found})


@require_POST
@desk_only
def seat(request: HotlineRequest) -> HttpResponse:
    """Sit down, rest, leave."""
    queries.calls.check_centre(request.actor)
    try:
        state = SeatState(request.POST.get("state", ""))
    except ValueError:
        state = SeatState.TALKING  # refused below, with its sentence
    try:
        actions.sit(request.POST.get("seat", ""), state, by=request.actor, now=moments.now())
        messages.success(request, f"坐席状态：{state.label}。")
    except (BadInput, Refusal) as refusal:
        messages.error(request, refusal.sentence)
    return HttpResponseRedirect(reverse("desk-hotline-calls"))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def one(request: HotlineRequest, number: UUID) -> HttpResponse:
    """One call: by POST it gets its outcome, a try to call back is noted, or a third joins."""
    view = queries.calls.call(str(number), by=request.actor)
    refusal = None
    if request.method == "POST":
        try:
            messages.success(request, _done(request, str(number)))
            return HttpResponseRedirect(reverse("desk-hotline-calls"))
        except Refusal as wrong:
            refusal = wrong
    context = {
        "call": view,
        "refusal": refusal,
        "errors": dict(refusal.fields) if refusal else {},
        "note": request.POST.get("note", ""),
        "to": request.POST.get("to", ""),
        "waits": view.outcome in (CallOutcome.MISSED, CallOutcome.DROPPED),
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "hotline/desk/call.html", context, status=status)


@require_POST
@desk_only
def recording(request: HotlineRequest, number: UUID) -> HttpResponse:
    """The recording, after the listening was entered."""
    sound = actions.hear(str(number), by=request.actor, now=moments.now())
    return HttpResponse(sound, content_type="audio/wav")


@require_POST
@desk_only
def stand_in(request: HotlineRequest) -> HttpResponse:
    """The demo's phone: it rings, is taken, ends, breaks off. Not there (404) with a real phone system."""
    queries.calls.check_centre(request.actor)
    if not _is_stand_in():
        raise NotVisible("这里接着真的电话系统，没有演示用的电话。")
    now, phone = moments.now(), StandInPhone()
    line, act = request.POST.get("line", ""), request.POST.get("act", "")
    if act == "ring":
        phone.ring(request.POST.get("phone", "") or "19900000001", now=now)
    elif act == "answer":
        held = queries.calls.seat_of(request.actor)
        if held is None:
            messages.error(request, "请先写坐席号，选“空闲”，再接听。")
        else:
            row = queries.calls.row_of(line)
            phone.answer(row.line, held.seat, now=now)
            return HttpResponseRedirect(f"{reverse('desk-hotline-new')}?call={line}")
    elif act in ("end", "drop"):
        phone.end(queries.calls.row_of(line).line, now=now, breaks_off=act == "drop")
    return HttpResponseRedirect(reverse("desk-hotline-calls"))


def _done(request: HotlineRequest, number: str) -> str:
    """Do what was asked of this call; what happened, in one sentence."""
    now, by, note = moments.now(), request.actor, request.POST.get("note", "")
    match request.POST.get("do", ""):
        case "answered":
            actions.settle(number, CallOutcome.ANSWERED, by=by, now=now, note=note)
            return "已记下：来电已解答。"
        case "called_back":
            actions.settle(number, CallOutcome.CALLED_BACK, by=by, now=now, note=note)
            return "已记下：已回拨。"
        case "not_reached":
            tries = actions.call_back_failed(number, by=by, now=now)
            return f"已记下：回拨没有接通，第{tries}次，仍在待回拨里。"
        case "third":
            to_do = actions.join_third(number, request.POST.get("to", ""), by=by, now=now)
            return f"已记下三方通话。{to_do}"
    raise BadInput("请选择怎么办。")


def _is_stand_in() -> bool:
    return bool(settings.LIUQUAN_PHONE.endswith(".StandInPhone"))
