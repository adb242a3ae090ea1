"""The catalogue for programs: search by plain words, the guide of an item, by when it would be decided."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from liuquan import law
from liuquan.catalogue import queries
from liuquan.catalogue.due_preview import due_preview
from liuquan.catalogue.types import ItemHit, ItemView, LimitTerm
from liuquan.kernel import moments
from liuquan.kernel.api import Count, count_of, refusals
from liuquan.organisation import queries as organisation

router = Router(tags=["事项 items"])


class Search(Schema):
    """What is looked for."""

    q: str = Field(max_length=200, description="想办的事，一句话或几个词")
    body: str = Field("", max_length=18, description="只在这个机关（统一社会信用代码）的事项里找")
    limit: int = Field(20, ge=1, le=100)


class FromDay(Schema):
    """The day from which is counted."""

    on: date | None = Field(None, description="从哪天算起，不写为今天")


class Limit(Schema):
    """An amount of time: `amount` whole `unit`s, 0 = on the spot; `text` in words."""

    amount: int
    unit: str
    text: str
    citation: str


class Hit(Schema):
    """One item found."""

    item_code: str
    name: str
    body_code: str
    body_name: str
    item_type: str
    case_type: str
    promised: str


class Found(Schema):
    """Items, best first; `suggestions` help where nothing was found."""

    hits: list[Hit]
    suggestions: list[str]


class Material(Schema):
    """One material of the list; nothing outside the list may be asked for (行政许可法 第三十一条)."""

    key: str
    name: str
    necessity: str
    form: str
    originals: int
    copies: int
    accept_standard: str
    fill_notes: str
    source: str
    basis: str
    sample_url: str
    blank_url: str
    example: str


class Step(Schema):
    """One step with task, standard, condition, limit (working days) and responsible post (GUIDE-03)."""

    key: str
    name: str
    kind: str
    task: str
    standard: str
    condition: str
    limit_days: int
    post_code: str
    post_name: str
    officers: int
    after: list[str]


class Fee(Schema):
    """One charge; `amount_fen` is null where it is computed."""

    name: str
    standard: str
    amount_fen: int | None
    basis: str
    waiver: str


class Question(Schema):
    """A question people ask, with its answer."""

    question: str
    answer: str


class Guide(Schema):
    """The guide of an item as it stands today (GUIDE-01)."""

    item_code: str
    version_no: int
    in_force_from: date
    name: str
    item_type: str
    case_type: str
    body_code: str
    body_name: str
    bases: list[str]
    conditions: list[str]
    materials: list[Material]
    procedure: str
    steps: list[Step]
    statutory: Limit | None
    promised: Limit
    fee: str
    fees: list[Fee]
    phone: str
    supervise_phone: str
    address: str
    hours: str
    decision_standards: list[str]
    result_name: str
    delivery_ways: list[str]
    questions: list[Question]


class Limits(Schema):
    """Counted from one day, as if handed in and accepted on it: the last day to say whether it is accepted,
    to decide as promised, and to decide by law."""

    item_code: str
    on: date
    acceptance: Count
    promised: Count
    statutory: Count | None


@router.get(
    "/items",
    operation_id="searchItems",
    summary="按大白话查找事项",
    response={200: Found, **refusals()},
    openapi_extra={"security": []},
)
def search_items(request: HttpRequest, asked: Query[Search]) -> Found:
    """Items in force today that the words mean, best first."""
    on = moments.today(moments.now())
    result = queries.search(asked.q, on=on, limit=asked.limit, body_code=asked.body)
    return Found(hits=[_hit(one) for one in result.hits], suggestions=list(result.suggestions))


@router.get(
    "/items/{item_code}",
    operation_id="readGuide",
    summary="办事指南",
    response={200: Guide, **refusals(404, 409)},
    openapi_extra={"security": []},
)
def read_guide(request: HttpRequest, item_code: str) -> Guide:
    """Everything the public guide shows, as it stands today. 409 when the item is not published, not yet in
    force or cancelled, each with its sentence."""
    return _guide(queries.guide(item_code, on=moments.today(moments.now())))


@router.get(
    "/items/{item_code}/limits",
    operation_id="readLimits",
    summary="期限：今天申请，最迟哪天答复、办结",
    response={200: Limits, **refusals(404, 409)},
    openapi_extra={"security": []},
)
def read_limits(request: HttpRequest, item_code: str, asked: Query[FromDay]) -> Limits:
    """The item's limits counted day by day from a day."""
    start = asked.on or moments.today(moments.now())
    terms = queries.terms(item_code, on=start)
    preview = due_preview(terms, on=start, law=law.load_law(), calendar=organisation.calendar())
    return Limits(
        item_code=item_code,
        on=start,
        acceptance=count_of(preview.answered),
        promised=count_of(preview.promised),
        statutory=count_of(preview.statutory) if preview.statutory else None,
    )


def _hit(hit: ItemHit) -> Hit:
    return Hit(
        item_code=hit.item_code,
        name=hit.name,
        body_code=hit.body_code,
        body_name=hit.body_name,
        item_type=hit.item_type_label,
        case_type=hit.case_type.label,
        promised=hit.promised_text,
    )


def _limit(term: LimitTerm) -> Limit:
    return Limit(amount=term.amount, unit=term.unit.value, text=term.text, citation=term.citation)


def _guide(view: ItemView) -> Guide:
    terms = view.terms
    return Guide(
        item_code=terms.item_code,
        version_no=terms.version_no,
        in_force_from=view.in_force_from,
        name=terms.item_name,
        item_type=view.item_type_label,
        case_type=view.case_type_label,
        body_code=terms.body_code,
        body_name=terms.body_name,
        bases=[basis.citation for basis in terms.bases],
        conditions=list(terms.acceptance_conditions),
        materials=_materials(view),
        procedure=view.procedure_text,
        steps=_steps(view),
        statutory=_limit(terms.statutory) if terms.statutory else None,
        promised=_limit(terms.promised),
        fee=terms.fee_text,
        fees=_fees(view),
        phone=view.phone or view.body_phone,
        supervise_phone=view.supervise_phone,
        address=view.address or view.body_address,
        hours=view.hours,
        decision_standards=list(terms.decision_standards),
        result_name=terms.result_name,
        delivery_ways=[way.value for way in terms.delivery_ways],
        questions=[Question(question=one.question, answer=one.answer) for one in view.questions],
    )


def _materials(view: ItemView) -> list[Material]:
    return [
        Material(
            key=m.key,
            name=m.name,
            necessity=m.necessity.value,
            form=m.form.value,
            originals=m.originals,
            copies=m.copies,
            accept_standard=m.accept_standard,
            fill_notes=m.fill_notes,
            source=m.source,
            basis=m.basis,
            sample_url=m.sample_url,
            blank_url=m.blank_url,
            example=m.example,
        )
        for m in view.terms.materials
    ]


def _steps(view: ItemView) -> list[Step]:
    return [
        Step(
            key=s.key,
            name=s.name,
            kind=s.kind.value,
            task=s.task,
            standard=s.standard,
            condition=s.condition,
            limit_days=s.limit_days,
            post_code=s.post_code,
            post_name=s.post_name,
            officers=s.officers,
            after=list(s.after),
        )
        for s in view.terms.steps
    ]


def _fees(view: ItemView) -> list[Fee]:
    return [
        Fee(name=f.name, standard=f.standard_text, amount_fen=f.amount_fen, basis=f.basis, waiver=f.waiver)
        for f in view.terms.fees
    ]
