"""Following a case without an account: number and query code, then state, dates, papers, what is to be done.

No page here shows a name. Cites: 行政许可法 第三十三条, 优化营商环境条例 第三十七条
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.kernel import moments, rate_limits, slip_holders
from liuquan.kernel.refusals import NotVisible, TooMany
from liuquan.kernel.slip_holder_views import holders_only
from liuquan.kinds import queries as kinds
from liuquan.kinds.types import PanelAsked, Place
from liuquan.merkle import attach_receipt
from liuquan.papers import actions as papers
from liuquan.papers.queries import paper_receipt
from liuquan.parties import queries as parties
from liuquan.tracking import allowances, queries
from liuquan.tracking.forms import TrackForm, plain
from liuquan.tracking.views.acting import offered_links
from liuquan.tracking.views.outcome import result_of
from liuquan.tracking.views.progress import clock_rows, happened


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; five wrong codes block the case for this IP address for a quarter of an
    hour. What was typed stays, with how many tries are left."""
    now = moments.now()
    if request.method != "POST":
        asked = plain(request.GET.get("number", ""))[:40]
        return _form_page(request, TrackForm(initial={"number": asked}), now)
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, now, status=422)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    address = rate_limits.address_of(request)
    try:
        slots = [allowances.CODES.take(address, number), allowances.ADDRESSES.take(address)]
        queries.track(number, code, now=now)
    except NotVisible as refusal:
        form.add_error(None, refusal.sentence + _tries_left(address, number))
        return _form_page(request, form, now, status=refusal.status)
    except TooMany as refusal:
        form.add_error(None, refusal.sentence)
        return rate_limits.say_wait(_form_page(request, form, now, status=refusal.status), refusal)
    rate_limits.give_back(*slots)
    slip_holders.remember(request, number, now=now)
    return HttpResponseRedirect(reverse("track_case", args=[number]))


@require_safe
@holders_only
def track_case(request: HttpRequest, number: str) -> HttpResponse:
    """The result if there is one, with why and what can be done against it; then state, dates, next step,
    clocks, what happened, papers, and what the holder may do."""
    now = moments.now()
    found = queries.public_track(queries.held(number), now=now)
    snapshot = found.snapshot
    context = {
        "found": found,
        "snapshot": snapshot,
        "item": snapshot.terms.subject_name,
        "body_name": snapshot.body_name,
        "result": result_of(found, now=now),
        "steps": kinds.stage_marks(kinds.progress(snapshot)),
        "clocks": clock_rows(found, now=now),
        "events": happened(found, now=now),
        "papers": kinds.titled(snapshot, found.notices),
        "gives_papers": bool(kinds.kind_of(snapshot).papers),
        "erased": parties.ERASED,
        "panels": kinds.panels(PanelAsked(snapshot, Place.SLIP, at=now, entries=found.timeline)),
        "unverified": snapshot.closed_at is None and _nobody_saw(snapshot),
        "handed": {} if snapshot.closed_at else kinds.handed_in(snapshot),
        "acts": offered_links(snapshot, now=now),
        "trail": [("首页", reverse("home")), ("查进度", reverse("track")), (snapshot.number, "")],
    }
    return render(request, "tracking/case.html", context)


@require_safe
@holders_only
def track_paper(request: HttpRequest, number: str, short_code: str) -> HttpResponse:
    """A paper of the case as it was issued, to keep or print; `?with=receipt` adds its receipt behind it."""
    found = queries.held(number)
    notice = next((n for n in casework.notices(found.number) if n.short_code == short_code), None)
    if notice is None:
        raise NotVisible("本件没有这份文书，请回到查进度页面重新选择。")
    code = casework.query_code(number)
    title, pdf = papers.open_paper(notice.number, by=None, code=code, now=moments.now())
    if request.GET.get("with") == "receipt":
        pdf = attach_receipt(pdf, str(paper_receipt(notice.record)))
    response = HttpResponse(pdf, content_type="application/pdf")
    name = quote(f"{title}-{number}.pdf")
    response["Content-Disposition"] = f"attachment; filename=\"{short_code}.pdf\"; filename*=UTF-8''{name}"
    return response


def _tries_left(address: str, number: str) -> str:
    left = allowances.CODES.left(address, number)
    return f"还可以再试{left}次。" if left else allowances.CODES.sentence


def _form_page(request: HttpRequest, form: TrackForm, now: datetime, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "held": slip_holders.held(request, now=now),
        "trail": [("首页", reverse("home")), ("查进度", "")],
    }
    return render(request, "tracking/track.html", context, status=status)


def _nobody_saw(snapshot: Snapshot) -> bool:
    """Whether the applicant named a document that no clerk has seen in the original."""
    by = queries.holder(snapshot)
    applicant = parties.parties([by.party_number]).get(by.party_number) if by else None
    asked = applicant is not None and bool(applicant.id_masked)  # of callers nobody asks for one
    return asked and applicant is not None and not (applicant.is_verified or applicant.is_erased)
