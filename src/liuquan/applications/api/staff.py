"""What staff do, signed in at the site: work list, case, acts, papers, intake.

The post is the one chosen at the desk; the header `Acting-Post` chooses another that is theirs today.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Schema
from ninja.errors import HttpError
from ninja.responses import Status
from ninja.security import SessionAuth
from pydantic import Field

from liuquan.applications import actions, queries
from liuquan.applications.api import receiving, responses
from liuquan.applications.api.public import pdf_answer
from liuquan.applications.api.requests import Act, Intake, Once
from liuquan.applications.types import CaseFile, CasePage, Clock
from liuquan.casework import queries as casework
from liuquan.casework.types import WorkItem
from liuquan.kernel import moments
from liuquan.kernel.api import read_submission, refusals, submission_body
from liuquan.kernel.refusals import NotAllowed, NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

_FILES = "文件部分的名字是材料键"


class StaffSession(SessionAuth):
    """The session of the site, with the CSRF token on everything that writes."""

    def __call__(self, request: HttpRequest) -> Any:
        """The user, or a refusal that says what to do."""
        try:
            return super().__call__(request)
        except HttpError:
            raise NotAllowed(
                "请求没有带上有效的 CSRF 令牌，请把 csrftoken 的值放进 X-CSRFToken 头后重试。",
                code="form_expired",
            ) from None


class Posted(Schema):
    """Which of their posts the actor takes."""

    acting_post: str = Field("", alias="Acting-Post", max_length=40, description="以哪个岗位办理")


router = Router(tags=["办理 cases"], auth=StaffSession())


@router.get(
    "/me", operation_id="readMe", summary="我是谁，在哪个岗位", response={200: responses.Me, **refusals(403)}
)
def read_me(request: HttpRequest, posted: Header[Posted]) -> Actor:
    """The actor that the other operations act as."""
    by, _ = _acting(request, posted)
    return by


@router.get(
    "/worklist",
    operation_id="listWork",
    summary="待办清单",
    response={200: list[responses.Work], **refusals(403)},
)
def list_work(request: HttpRequest, posted: Header[Posted]) -> list[WorkItem]:
    """What this post has to do, the most pressing first."""
    by, now = _acting(request, posted)
    return casework.worklist(by, now=now)


@router.post(
    "/cases",
    operation_id="takeIn",
    summary="窗口收件",
    response={201: responses.Submitted, **refusals(403, 404, 409, 413)},
    openapi_extra=submission_body(Intake, files=_FILES),
)
def take_in(request: HttpRequest, posted: Header[Posted], once: Header[Once]) -> Status[responses.Submitted]:
    """Receive an application at the window, with the materials ticked against the list."""
    by, now = _acting(request, posted)
    given, files = read_submission(request, Intake)
    key = receiving.submission_key(once)
    applicant, agent = receiving.registered(given, by=by, now=now)
    outcome = actions.submit(
        item_code=given.item_code,
        applicant=applicant,
        agent=agent,
        by=by,
        now=now,
        channel="window",
        materials=given.materials,
        files_given=receiving.uploads(files),
        matter=given.matter,
        submission_key=key,
    )
    return Status(201, receiving.submitted(outcome, now=now))


@router.get(
    "/cases/{number}",
    operation_id="readCase",
    summary="办件",
    response={200: responses.Case, **refusals(403, 404)},
)
def read_case(request: HttpRequest, number: str, posted: Header[Posted]) -> CasePage:
    """The case without names: what happened, clocks, materials, papers, and the acts this post may take."""
    by, now = _acting(request, posted)
    return queries.case_page(number, by=by, now=now)


@router.post(
    "/cases/{number}/actions/{action}",
    operation_id="act",
    summary="办理一步",
    response={200: responses.Done, **refusals(403, 404, 409, 413)},
    openapi_extra=submission_body(Act, files=_FILES),
)
def act(request: HttpRequest, number: str, action: str, posted: Header[Posted]) -> responses.Done:
    """Take one act of the procedure; the case's `offers` say which and with what values. 409 when the state
    does not allow it or somebody was first."""
    by, now = _acting(request, posted)
    given, files = read_submission(request, Act)
    outcome = actions.act(
        number, action, by=by, now=now, data=given.data(), files_given=receiving.uploads(files)
    )
    return receiving.done(outcome, now=now)


@router.get(
    "/cases/{number}/deadlines",
    operation_id="readDeadlines",
    summary="期限，逐日说明",
    response={200: list[responses.Deadline], **refusals(403, 404)},
)
def read_deadlines(request: HttpRequest, number: str, posted: Header[Posted]) -> list[Clock]:
    """Every clock with each day it counted, skipped or left out, and why."""
    by, now = _acting(request, posted)
    return queries.clocks(casework.visible(number, by=by), now=now)


@router.post(
    "/cases/{number}/file",
    operation_id="openFile",
    summary="查阅案卷（留痕）",
    response={200: responses.File, **refusals(403, 404)},
)
def open_file(request: HttpRequest, number: str, posted: Header[Posted]) -> CaseFile:
    """Names, identity numbers and free texts. The reading is entered in the record before it is answered."""
    by, now = _acting(request, posted)
    return actions.open_case_file(number, by=by, now=now)


@router.get(
    "/cases/{number}/papers/{paper}",
    operation_id="readCasePaper",
    summary="取文书（PDF，留痕）",
    response={200: None, **refusals(403, 404)},
    openapi_extra={"responses": {200: {"content": {"application/pdf": {}}}}},
)
def read_case_paper(request: HttpRequest, number: str, paper: str, posted: Header[Posted]) -> HttpResponse:
    """A paper of the case as it was issued; the opening is entered first."""
    by, now = _acting(request, posted)
    casework.visible(number, by=by)
    if paper not in {notice.number for notice in casework.notices(number)}:
        raise NotVisible("本件没有这份文书，请核对文书编号。")
    _, pdf = actions.open_paper(paper, by=by, now=now)
    return pdf_answer(pdf)


def _acting(request: HttpRequest, posted: Posted) -> tuple[Actor, datetime]:
    """Who acts, and the moment of the request. Refuses (403) who has no post today."""
    now = moments.now()
    if posted.acting_post:
        on = moments.today(now)
        return organisation.actor_for(request.user, on=on, post_code=posted.acting_post), now
    refusal: NotAllowed | None = getattr(request, "actor_refusal", None)
    if refusal is not None:
        raise refusal
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return by, now
