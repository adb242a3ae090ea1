"""The operator's screen: one page while talking, by keyboard only, with or without script."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.desk import queries as desk
from liuquan.hotline import actions, legal_ways, queries
from liuquan.hotline.forms import intake as forms
from liuquan.hotline.options import MOST_ARTICLES
from liuquan.hotline.types import (
    KIND,
    URGENT,
    CallOutcome,
    Emergency,
    Identity,
    Inlet,
    RequestKind,
    Suggestion,
)
from liuquan.hotline.views import intake_side as side
from liuquan.hotline.views.staff import HotlineRequest, desk_only
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, Refusal
from liuquan.kinds.queries import clock_row
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties

_ORDER = (
    "phone",
    "name",
    "request_kind",
    "class_code",
    "division",
    "place",
    "title",
    "text",
    "reply",
    "article",
    "way",
)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def screen(request: HotlineRequest) -> HttpResponse:
    """The screen; by POST it transfers at once, looks things up (Enter), or registers and decides."""
    _refuse_without_mandate(request.actor)
    now = moments.now()
    if request.method != "POST":
        return _opened(request, now)
    given, decision = forms.read(request), request.POST.get("decide", "")
    if decision.startswith(forms.TRANSFER):
        return _transfer(request, given, decision.removeprefix(forms.TRANSFER), now)
    code = actions.keep_draft(
        request.POST.get("draft", ""), given.texts, form=given.key, by=request.actor, now=now
    )
    if decision not in forms.DECISIONS and not decision.startswith(forms.JOIN):
        return _screen(request, given, now, code=code, looked_up=True)
    return _decide(request, given, decision, code, now)


@require_POST
@desk_only
def beside(request: HotlineRequest) -> HttpResponse:
    """What stands beside the form, while it is filled in."""
    _refuse_without_mandate(request.actor)
    context = side.beside(request, forms.read(request), moments.now())
    return render(request, "hotline/desk/_beside.html", context)


@require_POST
@desk_only
def caller(request: HotlineRequest) -> HttpResponse:
    """The caller's earlier tickets."""
    _refuse_without_mandate(request.actor)
    found = side.caller(request, request.POST.get("phone", "").strip(), moments.now())
    return render(request, "hotline/desk/_caller.html", {"earlier": found, "asked": True})


@require_POST
@desk_only
def draft(request: HotlineRequest) -> HttpResponse:
    """Keep what is typed, each second: the draft's code. `drop`: destroy a draft that is not wanted."""
    _refuse_without_mandate(request.actor)
    now = moments.now()
    if key := request.POST.get("drop", ""):
        found = actions.resume_draft(int(key[:18]) if key.isdigit() else 0, by=request.actor, now=now)
        if found is not None:
            actions.end_draft(found.code, by=request.actor, now=now)
        messages.info(request, "没有登记完的诉求已经删去。")
        return HttpResponseRedirect(reverse("desk-hotline-new"))
    given = forms.read(request)
    code = actions.keep_draft(
        request.POST.get("draft", ""), given.texts, form=given.key, by=request.actor, now=now
    )
    return HttpResponse(code, content_type="text/plain; charset=utf-8")


@require_safe
@desk_only
def done(request: HotlineRequest, number: str) -> HttpResponse:
    """What was done: the number to read out, who answers by when, and on to the next call."""
    now = moments.now()
    page = desk.case_page(number, by=request.actor, now=now)
    if page.snapshot.kind != KIND:
        raise NotVisible("没有这件工单，请核对编号。")
    context = {
        "page": page,
        "case": page.snapshot,
        "clocks": [
            clock_row(c, now=now, calendar=organisation.calendar()) for c in page.clocks if c.view.is_open
        ],
        "code": "" if page.snapshot.parties else cases.query_code(number),
    }
    return pages.page(request, "hotline/desk/done.html", context)


def _opened(request: HotlineRequest, now: datetime) -> HttpResponse:
    """An empty screen, one for a call, or a form that was not finished."""
    asked = request.GET.get("draft", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        found = actions.resume_draft(int(asked), by=request.actor, now=now)
        if found is not None:
            return _screen(request, forms.fresh(found.values), now, code=found.code)
        messages.info(request, "这份草稿已经登记或者过期，请从空白页开始。")
    call = request.GET.get("call", "")
    if not call:
        return _screen(request, forms.fresh(), now)
    phone = actions.open_call(call, by=request.actor, now=now)
    given = forms.fresh({"call": call, "phone": phone})
    return _screen(request, given, now, looked_up=True)


def _transfer(request: HotlineRequest, given: forms.Intake, service: str, now: datetime) -> HttpResponse:
    """Put the call through first; then keep what was typed, whatever it is. Cites: 国办发〔2020〕53号"""
    if not _may(request.actor, "transfer"):
        raise NotAllowed("您的岗位没有转接的授权，请马上在话机上转接。")
    try:
        chosen = Emergency(service)
    except ValueError as wrong:
        raise BadInput("没有这个紧急电话，请在话机上转接 110、119、120 或者 122。") from wrong
    to_do = actions.transfer(given["call"], chosen, by=request.actor, now=now)
    actions.keep_draft(request.POST.get("draft", ""), given.texts, form=given.key, by=request.actor, now=now)
    if to_do:
        messages.warning(request, f"已记下转接 {chosen.label}。{to_do}")
    else:
        messages.success(request, f"已转接 {chosen.label}。")
    return HttpResponseRedirect(reverse("desk-hotline-new"))


def _decide(
    request: HotlineRequest, given: forms.Intake, decision: str, code: str, now: datetime
) -> HttpResponse:
    first = side.first_body(given, now)
    try:
        _refuse_act(request.actor, decision)
        forms.check(given, decision, first, moments.today(now))
        if question := _question(request, given, decision, now):
            return _screen(request, given, now, code=code, question=question, decision=decision)
        outcome = actions.register(
            forms.new_ticket(given, _requester(request, given, now)),
            by=request.actor,
            now=now,
            submission_key=uuid.UUID(given.key),
            shown=side.shown(request),
        )
    except Refusal as refusal:
        return _screen(request, given, now, code=code, refusal=refusal, decision=decision)
    actions.end_draft(code, form=given.key, by=request.actor, now=now)
    if outcome.replayed:
        messages.info(request, f"这件诉求已经登记过了，编号 {outcome.number}，没有重复登记。")
    else:
        _settle(request, given, outcome.number, now)
        _follow(request, given, decision, outcome.number, first, now)
    return _on(request, outcome.number)


def _on(request: HotlineRequest, number: str) -> HttpResponse:
    """To what was done; a window that registers for the centre does not see the ticket, and is told its
    number on the empty screen."""
    if cases.can_see(cases.read(number), request.actor):
        return HttpResponseRedirect(reverse("desk-hotline-done", args=[number]))
    messages.success(request, f"已登记，编号 {number}，请告诉来人；由热线中心派单。")
    return HttpResponseRedirect(reverse("desk-hotline-new"))


def _requester(request: HotlineRequest, given: forms.Intake, now: datetime) -> str:
    if given["identity"] == Identity.ANONYMOUS:
        return ""
    known = parties.register_caller(name=given["name"], phone=given["phone"], by=request.actor, now=now)
    return known.number


def _settle(request: HotlineRequest, given: forms.Intake, number: str, now: datetime) -> None:
    """The call's outcome is the ticket. The ticket stands even where the call has another outcome."""
    if not given["call"]:
        return
    try:
        actions.settle(given["call"], CallOutcome.TICKET, by=request.actor, now=now, ticket=number)
    except Refusal as refusal:
        messages.warning(request, f"诉求已经登记，来电的去向没有改：{refusal.sentence}")


def _follow(
    request: HotlineRequest,
    given: forms.Intake,
    decision: str,
    number: str,
    first: Suggestion | None,
    now: datetime,
) -> None:
    """The act after the registration. Even if it fails, the request is registered."""
    action, data = _act(given, decision, first)
    if not action:
        return
    try:
        casework.perform(number, action, by=request.actor, now=now, data=data)
    except Refusal as refusal:
        label = "并单" if decision.startswith(forms.JOIN) else forms.DECISIONS[decision][0]
        messages.error(request, f"已经登记，但“{label}”没有办成：{refusal.sentence}请打开工单继续办理。")


def _act(given: forms.Intake, decision: str, first: Suggestion | None) -> tuple[str, dict[str, Any]]:
    if decision.startswith(forms.JOIN):
        return "merge", {"into": decision.removeprefix(forms.JOIN)}
    match decision:
        case "dispatch" if first is not None:
            limit = URGENT if given["is_urgent"] else given["request_kind"]
            return "dispatch", {"body": first.body_code, "limit": limit}
        case "answer_now":
            return "answer_now", {"reply": given["reply"], "article": given.article[0]}
        case "tell_way":
            return "tell_way", {"way": given["way"]}
    return "", {}


def _question(request: HotlineRequest, given: forms.Intake, decision: str, now: datetime) -> str:
    """What is asked once before the same is registered for the same caller again."""
    if given["confirmed"] == decision or decision.startswith(forms.JOIN):
        return ""
    same = side.same_of_caller(request, given, now)
    if not same:
        return ""
    label = forms.DECISIONS[decision][0]
    return (
        f"这个号码已经就同一件事登记了{len(same)}件，正在办理，最近一件是 {same[0]}。"
        f"请在右边按“并入那一件”；确实是另一件事的，再按一次“{label}”。"
    )


def _screen(
    request: HotlineRequest,
    given: forms.Intake,
    now: datetime,
    *,
    code: str = "",
    refusal: Refusal | None = None,
    question: str = "",
    decision: str = "",
    looked_up: bool = False,
) -> HttpResponse:
    errors = dict(refusal.fields) if refusal else {}
    centre = queries.calls.is_of_centre(request.actor)
    context = {
        **side.beside(request, given, now),
        **_choices(now),
        "articles": queries.quotable(on=moments.today(now), class_code=given["class_code"])[:MOST_ARTICLES],
        "earlier": side.caller(request, given["phone"], now) if looked_up else (),
        "asked": looked_up and bool(given["phone"]),
        "draft": code,
        "drafts": () if code else actions.offered_drafts(by=request.actor, now=now),
        "texts": given.texts,
        "errors": errors,
        "refusal": refusal,
        "question": question,
        "decision": decision,
        "buttons": _buttons(request.actor),
        "emergencies": _emergencies(request.actor),
        "is_centre": centre,
        "calls": queries.calls.at_seat(by=request.actor) if centre else (),
        "focus": next((name for name in _ORDER if name in errors), "text" if given["phone"] else "phone"),
        "keeps_focus": refusal is None,
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "hotline/desk/new.html", context, status=status)


def _choices(now: datetime) -> dict[str, Any]:
    """What may be chosen: classes in two levels, the places of the city, the bodies, and the rest."""
    on = moments.today(now)
    every = queries.classes()
    city = organisation.body(queries.centre(), on=on).division_code
    places = organisation.divisions(under=city)
    top = min((one.level for one in places), default=0)
    return {
        "class_groups": [
            (above.name, [one for one in every if one.parent == above.code])
            for above in every
            if above.is_top
        ],
        "divisions": [(one.code, "　" * (one.level - top) + one.name) for one in places],
        "bodies": [(one.code, one.name) for one in organisation.bodies(on=on)],
        "kinds": [(one.value, one.label) for one in RequestKind],
        "identities": [(one.value, one.label) for one in Identity],
        "inlets": [(one.value, one.label) for one in Inlet],
        "ways": [(one.key, one.label) for one in legal_ways.WAYS.values()],
    }


def _buttons(actor: Actor) -> list[dict[str, str]]:
    """Those of the closing buttons for which the post has a mandate."""
    return [
        {"value": value, "label": label, "key": key, "kind": "primary" if value == "register" else "plain"}
        for value, (label, key) in forms.DECISIONS.items()
        if _may(actor, value)
    ]


def _emergencies(actor: Actor) -> list[dict[str, str]]:
    if not _may(actor, "transfer"):
        return []
    return [
        {"value": f"{forms.TRANSFER}{one.value}", "label": one.label, "key": key}
        for one, key in forms.EMERGENCIES.items()
    ]


def _refuse_act(actor: Actor, decision: str) -> None:
    act = "merge" if decision.startswith(forms.JOIN) else decision
    if not _may(actor, act):
        raise NotAllowed("您的岗位没有这项授权，可以登记以后转派单岗位办理。")


def _may(actor: Actor, act: str) -> bool:
    return any(f"ticket.{act}" in term.actions for term in actor.mandates)


def _refuse_without_mandate(actor: Actor) -> None:
    if not actions.may_register(actor):
        raise NotAllowed("您的岗位不登记诉求，请转热线接线岗位，或者在“岗位”里换到有授权的岗位。")
