"""What anybody may do: apply, follow a case by number and query code, hand in supplements, read results."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router
from ninja.responses import Status

from liuquan.applications import actions, queries
from liuquan.applications.api import receiving, responses
from liuquan.applications.api.requests import Holder, Once, Page, Submission, Supplement
from liuquan.applications.types import PublicResult, Track
from liuquan.applications.views import allowances
from liuquan.kernel import moments, rate_limits
from liuquan.kernel.api import read_submission, refusals, submission_body
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.organisation.types import PUBLIC, party_actor

router = Router(tags=["申请与查询 applications"])
_FILES = "文件部分的名字是材料键"


@router.post(
    "/applications",
    operation_id="submitApplication",
    summary="提交申请",
    response={201: responses.Submitted, **refusals(404, 409, 413, 429)},
    openapi_extra={"security": [], **submission_body(Submission, files=_FILES)},
)
def submit_application(request: HttpRequest, once: Header[Once]) -> Status[responses.Submitted]:
    """Apply without an account. Answers with the number, the query code and the receipt's number. Sent again
    with the same `Idempotency-Key` it answers with the same case."""
    now = moments.now()
    given, files = read_submission(request, Submission)
    key = receiving.submission_key(once)
    slot = allowances.SUBMISSIONS_FROM_ADDRESS.take(rate_limits.address_of(request))
    with rate_limits.forgiven(slot):
        judged = receiving.judged_uploads(given.item_code, files, on=moments.today(now))
    # From here on refusals use up the rate limit, so that nobody can test names for free.
    applicant, agent = receiving.registered(given, by=PUBLIC, now=now)
    outcome = actions.submit(
        item_code=given.item_code,
        applicant=applicant,
        agent=agent,
        by=party_actor(agent or applicant),
        now=now,
        channel="online",
        files_given=judged,
        matter=given.matter,
        submission_key=key,
    )
    return Status(201, receiving.submitted(outcome, now=now))


@router.get(
    "/applications/{number}",
    operation_id="trackApplication",
    summary="查进度",
    response={200: responses.Tracked, **refusals(404, 429)},
    openapi_extra={"security": []},
)
def track_application(request: HttpRequest, number: str, holder: Header[Holder]) -> Track:
    """State, dates, next step and papers, for whoever holds the slip. A wrong code answers as an unknown
    number does; five wrong ones close the case to this address for a quarter of an hour."""
    return _held(request, number, holder, moments.now())


@router.post(
    "/applications/{number}/supplements",
    operation_id="submitSupplement",
    summary="提交补正材料",
    response={200: responses.Done, **refusals(404, 409, 413, 429)},
    openapi_extra={"security": [], **submission_body(Supplement, files=_FILES)},
)
def submit_supplement(request: HttpRequest, number: str, holder: Header[Holder]) -> responses.Done:
    """Hand in what the one-time notice asked for; a new term of five working days begins."""
    now = moments.now()
    _, files = read_submission(request, Supplement)
    found = _held(request, number, holder, now)
    applicant = next((one for one, role in found.snapshot.parties.items() if role == "applicant"), None)
    if applicant is None:
        raise BadInput("本件没有可以代表的申请人，请到窗口办理。")
    outcome = actions.act(
        number, "receive_supplement", by=party_actor(applicant), now=now, files_given=receiving.uploads(files)
    )
    return receiving.done(outcome, now=now)


@router.get(
    "/applications/{number}/papers/{paper}",
    operation_id="readPaper",
    summary="取文书（PDF）",
    response={200: None, **refusals(404, 429)},
    openapi_extra={"security": [], "responses": {200: {"content": {"application/pdf": {}}}}},
)
def read_paper(request: HttpRequest, number: str, paper: str, holder: Header[Holder]) -> HttpResponse:
    """A paper of the case as it was issued."""
    now = moments.now()
    found = _held(request, number, holder, now)
    if paper not in {notice.number for notice in found.notices}:
        raise NotVisible("本件没有这份文书，请核对文书编号。")
    _, pdf = actions.open_paper(paper, by=None, code=found.code, now=now)
    return pdf_answer(pdf)


@router.get(
    "/results",
    operation_id="listResults",
    summary="结果公示",
    response={200: list[responses.Result], **refusals()},
    openapi_extra={"security": []},
)
def list_results(request: HttpRequest, page: Query[Page]) -> list[PublicResult]:
    """Published results, newest first, without names. The next page is the one `after` the last number of
    this one."""
    return queries.results(limit=page.limit, after=page.after)


def pdf_answer(pdf: bytes) -> HttpResponse:
    """A paper for download, kept by no cache."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="paper.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _held(request: HttpRequest, number: str, holder: Holder, now: datetime) -> Track:
    """The case, if the query code matches; the attempt is counted before the code is checked."""
    address = rate_limits.address_of(request)
    slots = [allowances.CODES.take(address, number), allowances.ADDRESSES.take(address)]
    found = queries.track(number, holder.query_code, now=now)
    rate_limits.give_back(*slots)
    return found
