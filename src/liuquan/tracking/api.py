"""What anybody may do with the slip of a case in hand: follow it, act on it as its party, read its papers."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Schema
from pydantic import Field

from liuquan.casework import queries as casework
from liuquan.casework.types import AskedOffer, Material
from liuquan.kernel import moments, rate_limits
from liuquan.kernel.api import pdf_answer, read_submission, refusals, submission_body, value_at
from liuquan.kernel.received_files import uploads_of
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.kinds import queries as kinds
from liuquan.kinds import schemas
from liuquan.kinds.schemas import Done, done_values
from liuquan.papers import actions as papers
from liuquan.tracking import actions, allowances, queries
from liuquan.tracking.types import Track

router = Router(tags=["查进度 tracking"])


def _party_acts() -> list[type[Schema]]:
    """The bodies of every act that parties can take."""
    return [model for kind in kinds.kinds() for model in kinds.party_models(kind.procedure)]


class Holder(Schema):
    """The headers of whoever holds the slip of a case."""

    query_code: str = Field(alias="Query-Code", max_length=40, description="接收凭证上的查询码")


class Tracked(Schema):
    """What the holder of the slip sees: state, dates, the next step, papers, and what may be done now.
    `parent`, `children`: the case that opened it and those that it opened, as far as the holder is a party
    there."""

    number: str = value_at("snapshot.number")
    kind: str = value_at("snapshot.kind")
    item: str = value_at("snapshot.terms.subject_name")
    state: str = value_at("snapshot.state")
    state_label: str
    next_step: str
    received_at: datetime = value_at("snapshot.received_at")
    accepted_at: datetime | None = value_at("snapshot.accepted_at")
    decided_at: datetime | None = value_at("snapshot.decided_at")
    outcome: str = value_at("snapshot.outcome")
    deadlines: list[schemas.Deadline] = value_at("clocks")
    happened: list[schemas.Happened]
    papers: list[schemas.Paper]
    asked: list[schemas.Listed]
    acts: list[schemas.Allowed]
    parent: str = value_at("family.seen_parent")
    children: list[str] = value_at("family.seen_children")

    @staticmethod
    def resolve_happened(found: Track) -> list[schemas.Happened]:
        """With who acted."""
        return schemas.happened_of(found.snapshot, found.timeline, now=moments.now())

    @staticmethod
    def resolve_papers(found: Track) -> list[schemas.Paper]:
        """With their titles."""
        return schemas.papers_of(found.snapshot, found.notices)

    @staticmethod
    def resolve_asked(found: Track) -> list[Material]:
        """What is still to come from its holder."""
        return list(kinds.kind_of(found.snapshot).asked(found.snapshot))

    @staticmethod
    def resolve_acts(found: Track) -> list[AskedOffer]:
        """What the procedure allows its holder now, with what each act asks."""
        by, now = queries.holder(found.snapshot), moments.now()
        offers = casework.offers(found.snapshot, by=by, now=now) if by else []
        return casework.asked(offers, found.snapshot, by=by, now=now) if by else []


@router.get(
    "/track/{number}",
    operation_id="trackCase",
    summary="查进度",
    response={200: Tracked, **refusals(404, 429)},
    openapi_extra={"security": []},
)
def track_case(request: HttpRequest, number: str, holder: Header[Holder]) -> Track:
    """State, dates, next step and papers, for whoever holds the slip. A wrong code answers as an unknown
    number does; five wrong ones close the case to this address for a quarter of an hour."""
    return _held(request, number, holder, moments.now())


@router.post(
    "/track/{number}/actions/{action}",
    operation_id="actAsParty",
    summary="当事人办理一步",
    response={200: Done, **refusals(403, 404, 409, 413, 429)},
    openapi_extra={"security": [], **submission_body(*_party_acts(), files="文件部分的名字是材料键")},
)
def act_as_party(request: HttpRequest, number: str, action: str, holder: Header[Holder]) -> Done:
    """Take one act that the procedure allows to parties, such as handing in what was asked for."""
    now = moments.now()
    found = _held(request, number, holder, now)
    given, files = read_submission(request, kinds.body_of(found.snapshot, action))
    by = queries.holder(found.snapshot)
    if by is None:
        raise BadInput("本件没有可以代表的当事人，请到窗口办理。")
    data = kinds.given_values(given)
    outcome = actions.act(found.snapshot, action, by=by, now=now, data=data, files_given=uploads_of(files))
    issued = papers.issue_now(outcome, now=now)
    return Done(**done_values(outcome, issued.numbers, issued.trouble))


@router.get(
    "/track/{number}/papers/{paper}",
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
    _, pdf = papers.open_paper(paper, by=None, code=found.code, now=now)
    return pdf_answer(pdf)


def _held(request: HttpRequest, number: str, holder: Holder, now: datetime) -> Track:
    """The case, if the query code matches; the attempt is counted before the code is checked."""
    address = rate_limits.address_of(request)
    slots = [allowances.CODES.take(address, number), allowances.ADDRESSES.take(address)]
    found = queries.track(number, holder.query_code, now=now)
    rate_limits.give_back(*slots)
    return found
