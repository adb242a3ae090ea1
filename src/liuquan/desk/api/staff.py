"""What staff do, signed in at the site: work list, case, acts, papers.

The post is the one chosen at the desk; the header `Acting-Post` chooses another that is theirs today.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.types import CaseFile, Clock, WorkItem
from liuquan.desk import queries
from liuquan.desk.api import responses
from liuquan.desk.types import CasePage
from liuquan.kernel import moments
from liuquan.kernel.api import (
    Asked,
    Posted,
    StaffSession,
    acting,
    pdf_answer,
    read_submission,
    refusals,
    submission_body,
)
from liuquan.kernel.received_files import uploads_of
from liuquan.kernel.refusals import NotVisible
from liuquan.kinds import queries as kinds
from liuquan.kinds.schemas import Deadline, Done, done_values
from liuquan.organisation.types import Actor
from liuquan.papers import actions as papers


def _staff_acts() -> list[type[Asked]]:
    """The bodies of every act that staff can take."""
    return [model for kind in kinds.kinds() for model in kinds.staff_models(kind.procedure)]


_FILES = "文件部分的名字是材料键"


router = Router(tags=["办理 cases"], auth=StaffSession())


@router.get(
    "/me", operation_id="readMe", summary="我是谁，在哪个岗位", response={200: responses.Me, **refusals(403)}
)
def read_me(request: HttpRequest, posted: Header[Posted]) -> Actor:
    """The actor that the other operations act as."""
    return _acting(request)


@router.get(
    "/worklist",
    operation_id="listWork",
    summary="待办清单",
    response={200: list[responses.Work], **refusals(403)},
)
def list_work(request: HttpRequest, posted: Header[Posted]) -> list[WorkItem]:
    """What this post has to do, the most pressing first."""
    by, now = _acting(request), moments.now()
    return casework.worklist(by, now=now)


@router.get(
    "/cases/{number}",
    operation_id="readCase",
    summary="案件",
    response={200: responses.Case, **refusals(403, 404)},
)
def read_case(request: HttpRequest, number: str, posted: Header[Posted]) -> CasePage:
    """The case without names: what happened, clocks, materials, papers, and the acts this post may take."""
    by, now = _acting(request), moments.now()
    page = queries.case_page(number, by=by, now=now)
    return replace(page, offers=tuple(casework.asked(page.offers, page.snapshot, by=by, now=now)))


@router.post(
    "/cases/{number}/actions/{action}",
    operation_id="act",
    summary="办理一步",
    response={200: Done, **refusals(403, 404, 409, 413)},
    openapi_extra=submission_body(*_staff_acts(), files=_FILES),
)
def act(request: HttpRequest, number: str, action: str, posted: Header[Posted]) -> Done:
    """Take one act of the procedure; the case's `offers` say which and with what values. 409 when the state
    does not allow it or somebody was first."""
    by, now = _acting(request), moments.now()
    given, files = read_submission(request, kinds.body_of(casework.visible(number, by=by), action))
    outcome = casework_actions.perform(
        number, action, by=by, now=now, data=kinds.given_values(given), files_given=uploads_of(files)
    )
    issued = papers.issue_now(outcome, now=now)
    return Done(**done_values(outcome, issued.numbers, issued.trouble))


@router.get(
    "/cases/{number}/deadlines",
    operation_id="readDeadlines",
    summary="期限，逐日说明",
    response={200: list[Deadline], **refusals(403, 404)},
)
def read_deadlines(request: HttpRequest, number: str, posted: Header[Posted]) -> list[Clock]:
    """Every clock with each day it counted, skipped or left out, and why."""
    by, now = _acting(request), moments.now()
    return casework.clocks(casework.visible(number, by=by), now=now)


@router.post(
    "/cases/{number}/file",
    operation_id="openFile",
    summary="查阅案卷（留痕）",
    response={200: responses.File, **refusals(403, 404)},
)
def open_file(request: HttpRequest, number: str, posted: Header[Posted]) -> CaseFile:
    """Names, identity numbers and free texts. The reading is entered in the record before it is answered."""
    by, now = _acting(request), moments.now()
    return casework_actions.open_case_file(number, by=by, now=now)


@router.get(
    "/cases/{number}/papers/{paper}",
    operation_id="readCasePaper",
    summary="取文书（PDF，留痕）",
    response={200: None, **refusals(403, 404)},
    openapi_extra={"responses": {200: {"content": {"application/pdf": {}}}}},
)
def read_case_paper(request: HttpRequest, number: str, paper: str, posted: Header[Posted]) -> HttpResponse:
    """A paper of the case as it was issued; the opening is entered first."""
    by, now = _acting(request), moments.now()
    casework.visible(number, by=by)
    if paper not in {notice.number for notice in casework.notices(number)}:
        raise NotVisible("本件没有这份文书，请核对文书编号。")
    _, pdf = papers.open_paper(paper, by=by, now=now)
    return pdf_answer(pdf)


def _acting(request: HttpRequest) -> Actor:
    """The actor of the request. Refuses (403) who is no member of staff in a post."""
    return cast(Actor, acting(request))
