"""What anybody may do: apply, and read published results."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Header, Query, Router
from ninja.responses import Status

from liuquan.applications import actions, queries
from liuquan.applications.api import receiving, responses
from liuquan.applications.api.requests import Page, Submission
from liuquan.applications.types import PublicResult
from liuquan.applications.views import allowances
from liuquan.kernel import moments, rate_limits
from liuquan.kernel.api import Once, read_submission, refusals, submission_body
from liuquan.organisation.types import PUBLIC, party_actor

router = Router(tags=["申请 applications"])
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
    with the same `Idempotency-Key` it answers with the same case. No draft is kept: what was refused is sent
    again with all its files."""
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
