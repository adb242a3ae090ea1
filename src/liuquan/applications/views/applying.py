"""Applying without an account and without a script: who and what, then the materials, then the number.

From the first press on, what was typed and every file that passed its check are a draft (`kernel.drafts`): no
error of another field costs them, the browser that began it goes on with it (`kernel.held_drafts`), and the
code on the page opens it again for seven days.
Cites: 行政许可法 第二十九条, 第三十条
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from liuquan.applications import actions
from liuquan.applications.forms.portal import ApplicantForm
from liuquan.applications.types import Received as Submitted
from liuquan.applications.views import again, allowances, apply_pages, drafting
from liuquan.applications.views.complaints import AT as WRONG
from liuquan.applications.views.complaints import Complaint
from liuquan.applications.views.online_items import applicant_kinds, online_item
from liuquan.catalogue.types import ItemView
from liuquan.kernel import held_drafts, moments, rate_limits, slip_holders
from liuquan.kernel.drafts import Draft
from liuquan.kernel.received_files import CODE, ReceivedFiles, received_files
from liuquan.kernel.refusals import BadInput, TooMany
from liuquan.organisation.types import PUBLIC, party_actor
from liuquan.papers import actions as papers
from liuquan.parties import actions as parties
from liuquan.parties.types import PartyRef

EXPIRED: Final = (
    "页面放得太久，已经过期，刚才没有提交成功。您填写的文字和选好的文件都在，请核对后再提交一次。"
)
ALREADY: Final = (
    "这份申请刚才已经提交过，没有重复提交。第一次提交以后才选的文件没有交进去，请等告知补正时再交，或者送到窗口。"
    "要另办一件，请从办事指南重新开始。"
)


class _FormCheck(CsrfViewMiddleware):
    """Django's own check of the form's token, called by the view so that what was typed is kept."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return HttpResponse(reason, status=403)


@csrf_exempt  # checked in `_has_expired`: a refusal here would throw away a form of twenty fields
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, item_code: str) -> HttpResponse:
    """The start of an application; all its pages post here. What was posted says what is wanted: `switch_to`
    (person or organisation), or `go`: next (to the materials), back, upload (keep the chosen files), keep (go
    on later), send. It goes into the draft, and the answer leads to an address that shows the draft, so that
    Back and reload ask for nothing to be sent again; only a complaint is answered at once."""
    now = moments.now()
    item = online_item(item_code, now)
    kind = _kind(request, item)
    if request.method != "POST":
        return _begun(request, item, kind, now)
    go = request.POST.get("go", "")
    if go == "back" or "switch_to" in request.POST:
        form = ApplicantForm(kind=kind, initial={**request.POST.dict(), "as_kind": kind})
        return _who_again(request, item, form, now)
    form = ApplicantForm(request.POST, kind=kind)
    try:
        return _posted(request, item, form, go, now)
    except TooMany as refusal:
        form.add_error(None, refusal.sentence)
        return _later(apply_pages.who(request, item, form, status=refusal.status), refusal)


def _begun(request: HttpRequest, item: ItemView, kind: str, now: datetime) -> HttpResponse:
    """The first page, empty; or as it was typed when it was refused and left, unless `as` begins another."""
    if "as" not in request.GET and (left := drafting.left_at_a_mistake(request, item, now)):
        return drafting.to(request, left, at="who")
    if request.GET.get("at") == WRONG:
        return apply_pages.who(request, item, ApplicantForm({"as_kind": kind}, kind=kind), status=422)
    form = ApplicantForm(kind=kind, initial={"submission_key": uuid.uuid4()})
    return apply_pages.who(request, item, form, held=drafting.unfinished(request, item, now))


def _who_again(request: HttpRequest, item: ItemView, form: ApplicantForm, now: datetime) -> HttpResponse:
    """The first page with what was typed, however wrong; nothing typed begins no draft."""
    if form.is_empty and not request.POST.get(CODE):
        return HttpResponseRedirect(f"{reverse('apply', args=[item.terms.item_code])}?as={form.kind}")
    try:
        draft, _ = drafting.current(request, item, form, now)
    except TooMany:
        return apply_pages.who(request, item, form)
    if not _holds(request, draft):
        return apply_pages.who(request, item, form, draft=draft.code)
    return drafting.to(request, draft, at="who")


def _posted(
    request: HttpRequest, item: ItemView, form: ApplicantForm, go: str, now: datetime
) -> HttpResponse:
    if not form.is_valid() or not (go in drafting.LATER or _is_known_rightly(request, form, now)):
        return _complaint(request, item, form, now)
    draft, changed = drafting.current(request, item, form, now)
    received = received_files(
        request, [m.key for m in item.terms.materials], place=draft.place, now=now, code=draft.code
    )
    may_hold = _holds(request, draft)
    at_once = not may_hold or request.headers.get("HX-Request")  # htmx draws one input anew
    if received.wrong:
        if not at_once:
            return drafting.complain(request, draft, Complaint(files=received.wrong), now)
        return apply_pages.materials(request, item, form, received, now, changed=changed, status=422)
    if go == "send":
        return _send(request, item, form, received, changed, now)
    if at_once:
        return apply_pages.materials(request, item, form, received, now, changed=changed)
    if go == "keep":
        return drafting.to(request, draft, at="kept")
    if go == "upload":
        messages.success(request, _stored(received))
    return drafting.to(request, draft, at="changed" if changed else "")


def _complaint(request: HttpRequest, item: ItemView, form: ApplicantForm, now: datetime) -> HttpResponse:
    """The first page with what is wrong beside its field (422), at an address of its own; what was typed is
    kept as well."""
    code = request.POST.get(CODE, "")
    if form.is_empty and not code:
        if not _has_expired(request):
            start = reverse("apply", args=[item.terms.item_code])
            return HttpResponseRedirect(f"{start}?as={form.kind}&at={WRONG}")
        return apply_pages.who(request, item, form, status=422)
    try:
        draft, _ = drafting.current(request, item, form, now)
    except TooMany:  # the complaint is what helps now
        return apply_pages.who(request, item, form, status=422, draft=code)
    if _holds(request, draft):
        return drafting.complain(request, draft, Complaint.of(form), now)
    return apply_pages.who(request, item, form, status=422, draft=draft.code)


def _holds(request: HttpRequest, draft: Draft) -> bool:
    """Let this browser hold the draft. Not for a form that another site may have sent: it would lead people
    to a draft whose code somebody else knows."""
    if _has_expired(request):
        return False
    held_drafts.hold(request, draft)
    return True


def _stored(received: ReceivedFiles) -> str:
    count = sum(len(kept) for kept in received.kept.values())
    return (
        f"已经存好 {count} 份文件，还没有提交。"
        if count
        else "填写的内容已经存好，还没有选文件，也没有提交。"
    )


def _send(
    request: HttpRequest,
    item: ItemView,
    form: ApplicantForm,
    received: ReceivedFiles,
    changed: bool,
    now: datetime,
) -> HttpResponse:
    """Hand in what the draft holds, unless the page has expired (403) or the item was changed since (409)."""
    if _has_expired(request):
        return apply_pages.materials(request, item, form, received, now, alert=EXPIRED, status=403)
    if changed:
        return apply_pages.materials(request, item, form, received, now, changed=True, status=409)
    if len(drafting.lacking(item, received)) > (known := again.known(request, "incomplete")):
        unticked = "asked" in request.POST and not known
        return drafting.to_code(request, received.code, at="unticked" if unticked else "incomplete", now=now)
    try:
        slots = _take_tries(request)
    except TooMany as refusal:
        page = apply_pages.materials(
            request, item, form, received, now, alert=refusal.sentence, status=refusal.status
        )
        return _later(page, refusal)
    applicant, agent = _register(form, now)  # its refusals count: see `rate_limits.forgiven`
    if applicant is None:
        return _complaint(request, item, form, now)
    with rate_limits.forgiven(*slots):
        if before := again.unanswered(request, item, form, applicant, now):
            rate_limits.give_back(*slots)
            return drafting.to(request, again.ask(request, received.code, before, now), at="again")
        outcome = _submit(item, form, applicant, agent, received, now)
    received.done(now)
    papers.issue_now(outcome, now=now)
    if outcome.replayed:
        messages.info(request, ALREADY)
    slip_holders.remember(request, outcome.number, now=now)
    held_drafts.handed_in(request, received.code, outcome.number)
    return HttpResponseRedirect(reverse("track_submitted", args=[outcome.number]))


def _later(page: HttpResponse, refusal: TooMany) -> HttpResponse:
    """The page with all that was typed, and after how many seconds to try again."""
    page["Retry-After"] = str(refusal.details["retry_after"])
    return page


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


def _is_known_rightly(request: HttpRequest, form: ApplicantForm, now: datetime) -> bool:
    """Whether registering these people would be refused, before any file is asked for; each refusal counts
    as a try, as it does when the application is sent."""
    slots = _take_tries(request)
    data = form.cleaned_data
    kind = form.party_kind
    try:
        parties.refuse_unfit(
            kind, name=data["name"], id_number=data["id_number"], phone=data["phone"], now=now
        )
    except BadInput as refusal:
        form.refused(refusal.fields or {"": refusal.sentence})
        return False
    if form.has_agent:
        try:
            parties.refuse_unfit("person", **form.agent, now=now)
        except BadInput as refusal:
            form.refused(refusal.fields or {"": refusal.sentence}, of_agent=True)
            return False
        if kind == "person" and data["agent_id_number"] == data["id_number"]:
            form.refuse_own_agent()
            return False
    rate_limits.give_back(*slots)
    return True


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
        who = form.agent
        agent = parties.register_person(
            name=who["name"], id_number=who["id_number"], phone=who["phone"], by=PUBLIC, now=now
        )
    except BadInput as refusal:
        form.refused(refusal.fields or {"": refusal.sentence}, of_agent=True)
        return None, None
    if agent.number == applicant.number:
        form.refuse_own_agent()
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


def _kind(request: HttpRequest, item: ItemView) -> str:
    """Whether a person or an organisation applies: as requested, if the item is open to that kind."""
    allowed = applicant_kinds(item)
    asked = request.POST.get("switch_to") or request.POST.get("as_kind") or request.GET.get("as", "")
    return asked if asked in allowed else allowed[0]


def _has_expired(request: HttpRequest) -> bool:
    def page(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return _FormCheck(page).process_view(request, page, (), {}) is not None
