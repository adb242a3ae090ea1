"""Following a case without an account: number and query code, then state, dates, papers, what is to be done.

No page here shows a name. Cites: 行政许可法 第三十三条, 优化营商环境条例 第三十七条
"""

from __future__ import annotations

import contextlib
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.applications import actions, queries
from liuquan.applications.forms.portal import TrackForm, plain
from liuquan.applications.papers import PAPERS
from liuquan.applications.types import Track
from liuquan.applications.views import allowances, holders
from liuquan.applications.views.progress import clock_rows, happened, progress
from liuquan.applications.views.received_files import Received, input_name, received_files
from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.kernel import moments, rate_limits
from liuquan.kernel.refusals import BadInput, NotVisible, Refusal, WrongState
from liuquan.merkle import attach_receipt
from liuquan.organisation.types import Actor, party_actor
from liuquan.parties import queries as parties

ASK_AGAIN = "为保护您的信息，请重新填写查询码。"


class _CodeNeeded(Exception):
    """The visitor has not shown the code of this case lately."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; five wrong codes block the case for this IP address for a quarter of an
    hour."""
    now = moments.now()
    if request.method != "POST":
        asked = plain(request.GET.get("number", ""))[:40]
        return _form_page(request, TrackForm(initial={"number": asked}), now)
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, now, status=422)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    address = rate_limits.address_of(request)
    slots = [allowances.CODES.take(address, number), allowances.ADDRESSES.take(address)]
    try:
        queries.track(number, code, now=now)
    except NotVisible as refusal:
        form.add_error(None, refusal.sentence)
        return _form_page(request, form, now, status=refusal.status)
    rate_limits.give_back(*slots)
    holders.remember(request, number, now=now)
    return HttpResponseRedirect(reverse("track_case", args=[number]))


@never_cache
@require_safe
def track_case(request: HttpRequest, number: str) -> HttpResponse:
    """State, dates, next step, clocks, what happened, papers."""
    now = moments.now()
    try:
        found = _held(request, number, now)
    except _CodeNeeded:
        return ask_again(request, number)
    return render(request, "applications/portal/case.html", _case_context(found, now))


@never_cache
@require_safe
def track_submitted(request: HttpRequest, number: str) -> HttpResponse:
    """The slip on the screen, right after applying: number, query code, day of the answer (CASE-03)."""
    now = moments.now()
    try:
        found = _held(request, number, now)
    except _CodeNeeded:
        return ask_again(request, number)
    context = _case_context(found, now) | {
        "code": f"{found.code[:5]}-{found.code[5:]}",
        "acceptance": found.snapshot.deadline("acceptance"),
    }
    return render(request, "applications/portal/submitted.html", context)


@never_cache
@require_safe
def track_paper(request: HttpRequest, number: str, short_code: str) -> HttpResponse:
    """A paper of the case as it was issued, to keep or print; `?with=receipt` adds its receipt behind it."""
    now = moments.now()
    try:
        found = _held(request, number, now)
    except _CodeNeeded:
        return ask_again(request, number)
    notice = next((n for n in found.notices if n.short_code == short_code), None)
    if notice is None:
        raise NotVisible("本件没有这份文书，请回到查进度页面重新选择。")
    title, pdf = actions.open_paper(notice.number, by=None, code=found.code, now=now)
    if request.GET.get("with") == "receipt":
        pdf = attach_receipt(pdf, str(queries.paper_receipt(notice.record)))
    response = HttpResponse(pdf, content_type="application/pdf")
    name = quote(f"{title}-{number}.pdf")
    response["Content-Disposition"] = f"attachment; filename=\"{short_code}.pdf\"; filename*=UTF-8''{name}"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track_supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in what the one-time notice asked for. Cites: 行政许可法 第三十二条第一款第四项"""
    now = moments.now()
    try:
        found = _held(request, number, now)
    except _CodeNeeded:
        return ask_again(request, number)
    if not found.asked:
        raise WrongState(f"本件现在的状态是“{found.state_label}”，不需要补正，请回到查进度页面查看。")
    if request.method != "POST":
        return _supplement_page(request, found, Received())
    received = received_files(request, [m.key for m in found.asked])
    if not received.wrong and not request.POST.get("rest_at_window"):
        left = [m.key for m in found.asked if m.key not in received.names]
        received.wrong |= dict.fromkeys(left, "这一项还没有选择文件。")
    if received.wrong:
        return _supplement_page(request, found, received, status=422)
    return _act(request, found.snapshot, "receive_supplement", now, files_given=received.files)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw the application, after a question to confirm it."""
    now = moments.now()
    try:
        found = _held(request, number, now)
    except _CodeNeeded:
        return ask_again(request, number)
    if "withdraw" not in _offered(found.snapshot, now):
        raise WrongState(f"本件现在的状态是“{found.state_label}”，不能撤回，请回到查进度页面查看。")
    if request.method != "POST":
        return render(request, "applications/portal/withdraw.html", {"found": found, "trail": _trail(found)})
    reason = request.POST.get("reason", "").strip()[:200]
    return _act(request, found.snapshot, "withdraw", now, data={"reason": reason})


def _act(
    request: HttpRequest, snapshot: Snapshot, action: str, now: datetime, **given: Any
) -> HttpResponseRedirect:
    by = _applicant(snapshot)
    if by is None:
        raise BadInput("本件没有可以代表的申请人，请到窗口办理。")
    outcome = actions.act(snapshot.number, action, by=by, now=now, **given)
    with contextlib.suppress(Refusal):  # the job issues what the page could not
        actions.issue_papers(snapshot.number, entry=uuid.UUID(outcome.entry), now=now)
    done = {"receive_supplement": "补正材料已经收到。", "withdraw": "申请已经撤回。"}
    messages.success(request, done[action])
    return HttpResponseRedirect(reverse("track_case", args=[snapshot.number]))


def _held(request: HttpRequest, number: str, now: datetime) -> Track:
    if not holders.holds(request, number, now=now):
        raise _CodeNeeded
    return queries.public_track(casework.read(number), now=now)


def ask_again(request: HttpRequest, number: str) -> HttpResponseRedirect:
    """Back to the form, whether or not there is such a case."""
    messages.info(request, ASK_AGAIN)
    return HttpResponseRedirect(f"{reverse('track')}?{urlencode({'number': plain(number)[:40]})}")


def _form_page(request: HttpRequest, form: TrackForm, now: datetime, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "held": holders.held(request, now=now),
        "trail": [("首页", reverse("home")), ("查进度", "")],
    }
    return render(request, "applications/portal/track.html", context, status=status)


def _supplement_page(
    request: HttpRequest, found: Track, received: Received, *, status: int = 200
) -> HttpResponse:
    rows = [
        {
            "material": m,
            "input": input_name(m.key),
            "wrong": received.wrong.get(m.key, ""),
            "chosen": "、".join(received.names.get(m.key, ())),
        }
        for m in found.asked
    ]
    notice = next((n for n in reversed(found.notices) if n.kind == "supplement"), None)
    context = {"found": found, "rows": rows, "notice": notice, "trail": _trail(found)}
    return render(request, "applications/portal/supplement.html", context, status=status)


def _case_context(found: Track, now: datetime) -> dict[str, Any]:
    offered = _offered(found.snapshot, now)
    return {
        "found": found,
        "snapshot": found.snapshot,
        "item": found.snapshot.terms.subject_name,
        "body_name": found.snapshot.terms.extra.get("body_name", ""),
        "steps": progress(found.snapshot),
        "clocks": clock_rows(found, now=now),
        "events": happened(found),
        "papers": [(PAPERS[n.kind].title, n) for n in reversed(found.notices) if n.kind in PAPERS],
        "may_supplement": "receive_supplement" in offered and found.asked,
        "unverified": found.snapshot.closed_at is None and _nobody_saw(found.snapshot),
        "may_withdraw": "withdraw" in offered,
        "trail": [("首页", reverse("home")), ("查进度", reverse("track")), (found.snapshot.number, "")],
    }


def _offered(snapshot: Snapshot, now: datetime) -> set[str]:
    by = _applicant(snapshot)
    return {offer.action for offer in casework.offers(snapshot, by=by, now=now)} if by else set()


def _applicant(snapshot: Snapshot) -> Actor | None:
    """The holder of the slip acts as the applicant."""
    number = next((number for number, role in snapshot.parties.items() if role == "applicant"), None)
    return party_actor(number) if number else None


def _nobody_saw(snapshot: Snapshot) -> bool:
    """Whether no clerk has seen the applicant's original document."""
    number = next((number for number, role in snapshot.parties.items() if role == "applicant"), "")
    applicant = parties.parties([number]).get(number)
    return applicant is not None and not (applicant.is_verified or applicant.is_erased)


def _trail(found: Track) -> list[tuple[str, str]]:
    number = found.snapshot.number
    return [("首页", reverse("home")), (f"办件 {number}", reverse("track_case", args=[number])), ("办理", "")]
