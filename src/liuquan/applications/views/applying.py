"""Applying without an account and without a script: who and what, then the materials, then the number.

Nothing is stored before the final submission: the pages themselves carry what was typed.
Cites: 行政许可法 第二十九条, 第三十条
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from liuquan.applications import actions
from liuquan.applications.forms.portal import ApplicantForm
from liuquan.applications.types import Received as Submitted
from liuquan.applications.views import allowances
from liuquan.catalogue import queries as catalogue
from liuquan.catalogue.types import HandlingForm, ItemView, ServiceObject
from liuquan.kernel import moments, rate_limits, slip_holders
from liuquan.kernel.received_files import ReceivedFiles, input_name, received_files
from liuquan.kernel.refusals import BadInput, TooMany, WrongState
from liuquan.organisation.types import PUBLIC, party_actor
from liuquan.papers import actions as papers
from liuquan.parties import actions as parties
from liuquan.parties.types import PartyRef

EXPIRED = "页面放得太久，已经过期，刚才没有提交成功。您填写的文字还在，请核对后再提交一次。"
ALREADY = "这份申请刚才已经提交过，没有重复提交。要另办一件，请从办事指南重新开始。"
_ONLINE = {HandlingForm.COMPUTER, HandlingForm.MOBILE}


class _FormCheck(CsrfViewMiddleware):
    """Django's own check of the form's token, called by the view so that what was typed is kept."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return HttpResponse(reason, status=403)


@csrf_exempt  # checked in `_has_expired`: a refusal here would throw away a form of twenty fields
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, item_code: str) -> HttpResponse:
    """The pages of one application; which one follows from what was posted."""
    now = moments.now()
    item = _online_item(item_code, now)
    kind = _kind(request, item)
    if request.method != "POST":
        return _who_page(request, item, ApplicantForm(kind=kind, initial={"submission_key": uuid.uuid4()}))
    go = request.POST.get("go", "")
    form = ApplicantForm(request.POST, kind=kind)
    if go == "back":
        return _who_page(request, item, ApplicantForm(kind=kind, initial=request.POST.dict()))
    if not form.is_valid():
        return _who_page(request, item, form, status=422)
    if go != "send":
        return _materials_page(request, item, form)
    if _has_expired(request):
        return _materials_page(request, item, form, alert=EXPIRED, status=403)
    return _send(request, item, form, now)


def _send(request: HttpRequest, item: ItemView, form: ApplicantForm, now: datetime) -> HttpResponse:
    received = received_files(request, [m.key for m in item.terms.materials])
    if received.wrong:
        return _materials_page(request, item, form, received=received, status=422)
    slots = _take_tries(request)
    applicant, agent = _register(form, now)  # its refusals count: see `rate_limits.forgiven`
    if applicant is None:
        return _who_page(request, item, form, status=422)
    with rate_limits.forgiven(*slots):
        outcome = _submit(item, form, applicant, agent, received, now)
    papers.issue_now(outcome, now=now)
    if outcome.replayed:
        messages.info(request, ALREADY)
    slip_holders.remember(request, outcome.number, now=now)
    return HttpResponseRedirect(reverse("track_submitted", args=[outcome.number]))


def _submit(
    item: ItemView,
    form: ApplicantForm,
    applicant: PartyRef,
    agent: PartyRef | None,
    received: ReceivedFiles,
    now: datetime,
) -> Submitted:
    who = agent or applicant
    return actions.submit(
        item_code=item.terms.item_code,
        applicant=applicant.number,
        agent=agent.number if agent else "",
        by=party_actor(who.number, "代理人" if agent else "申请人"),
        now=now,
        channel="online",
        files_given=received.files,
        matter=form.cleaned_data["matter"],
        submission_key=form.key,
    )


def _register(form: ApplicantForm, now: datetime) -> tuple[PartyRef | None, PartyRef | None]:
    """Find or register the applicant and the agent; a refusal goes to the fields it is about."""
    data = form.cleaned_data
    try:
        if form.kind == "organisation":
            applicant = parties.register_organisation(
                name=data["name"], uscc=data["id_number"], phone=data["phone"], by=PUBLIC, now=now
            )
        else:
            applicant = parties.register_person(
                name=data["name"], id_number=data["id_number"], phone=data["phone"], by=PUBLIC, now=now
            )
    except BadInput as refusal:
        form.refused(refusal.fields or {"": refusal.sentence})
        return None, None
    if not form.has_agent:
        return applicant, None
    try:
        agent = parties.register_person(
            name=data["agent_name"],
            id_number=data["agent_id_number"],
            phone=data["agent_phone"],
            by=PUBLIC,
            now=now,
        )
    except BadInput as refusal:
        form.refused(refusal.fields or {"": refusal.sentence}, of_agent=True)
        return None, None
    if agent.number == applicant.number:
        form.add_error("agent_id_number", "代办人和申请人是同一个人，不用填写代办人。")
        return None, None
    return applicant, agent


def _take_tries(request: HttpRequest) -> list[str]:
    slots = [allowances.SUBMISSIONS_FROM_ADDRESS.take(rate_limits.address_of(request))]
    visitor = slip_holders.visitor(request)
    try:
        return [*slots, allowances.SUBMISSIONS.take(visitor)] if visitor else slots
    except TooMany:
        rate_limits.give_back(*slots)
        raise


def _online_item(item_code: str, now: datetime) -> ItemView:
    """The item, if it may be applied for here today. Refuses (409) one that is handled at the window only."""
    on = moments.today(now)
    item = catalogue.guide(item_code, on=on)
    catalogue.terms(item_code, on=on)  # what submitting would refuse is refused before anything is typed
    if item.terms.forms and _ONLINE.isdisjoint(item.terms.forms):
        where = item.address or item.body_address or "政务服务大厅"
        raise WrongState(f"“{item.terms.item_name}”不在网上受理，请带齐材料到{where}办理。")
    return item


def _kind(request: HttpRequest, item: ItemView) -> str:
    """Whether a person or an organisation applies: as requested, if the item is open to that kind."""
    allowed = _kinds(item)
    asked = request.POST.get("as_kind") or request.GET.get("as", "")
    return asked if asked in allowed else allowed[0]


def _kinds(item: ItemView) -> list[str]:
    objects = set(item.terms.service_objects)
    if not objects:
        return ["person", "organisation"]
    person = ["person"] if ServiceObject.PERSON in objects else []
    return person + (["organisation"] if objects - {ServiceObject.PERSON} else [])


def _has_expired(request: HttpRequest) -> bool:
    def page(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return _FormCheck(page).process_view(request, page, (), {}) is not None


def _who_page(
    request: HttpRequest, item: ItemView, form: ApplicantForm, *, status: int = 200
) -> HttpResponse:
    context = _context(item, form, step=1)
    context |= {"kinds": _kinds(item), "kind": form.kind}
    return render(request, "applications/portal/who.html", context, status=status)


def _materials_page(
    request: HttpRequest,
    item: ItemView,
    form: ApplicantForm,
    *,
    received: ReceivedFiles | None = None,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    came = received or ReceivedFiles()
    rows = [
        {
            "material": m,
            "input": input_name(m.key),
            "wrong": came.wrong.get(m.key, ""),
            "chosen": "、".join(came.names.get(m.key, ())),
        }
        for m in item.terms.materials
    ]
    context = _context(item, form, step=2)
    context |= {"rows": rows, "alert": alert, "wrong": bool(came.wrong), "key": form.key}
    return render(request, "applications/portal/materials.html", context, status=status)


def _context(item: ItemView, form: ApplicantForm, *, step: int) -> dict[str, Any]:
    return {
        "step": step,
        "item": item,
        "terms": item.terms,
        "form": form,
        "required": [m for m in item.terms.materials if m.necessity == "required"],
        "trail": [
            ("首页", reverse("home")),
            (item.terms.item_name, reverse("item_guide", args=[item.terms.item_code])),
            ("申请", ""),
        ],
    }
