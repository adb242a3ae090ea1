"""Taking in an application at the window, signed in at the site as a member of staff."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja import Header, Router
from ninja.responses import Status

from liuquan.applications import actions
from liuquan.applications.api import receiving, responses
from liuquan.applications.api.requests import Intake
from liuquan.kernel import moments
from liuquan.kernel.api import (
    Once,
    Posted,
    StaffSession,
    acting,
    read_submission,
    refusals,
    submission_body,
)
from liuquan.kernel.received_files import uploads_of
from liuquan.organisation.types import Actor

router = Router(tags=["收件 intake"], auth=StaffSession())
_FILES = "文件部分的名字是材料键"


@router.post(
    "/cases",
    operation_id="takeIn",
    summary="窗口收件",
    response={201: responses.Submitted, **refusals(403, 404, 409, 413)},
    openapi_extra=submission_body(Intake, files=_FILES),
)
def take_in(request: HttpRequest, posted: Header[Posted], once: Header[Once]) -> Status[responses.Submitted]:
    """Receive an application at the window, with the materials ticked against the list."""
    by, now = cast(Actor, acting(request)), moments.now()
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
        files_given=uploads_of(files),
        matter=given.matter,
        submission_key=key,
    )
    return Status(201, receiving.submitted(outcome, now=now))
