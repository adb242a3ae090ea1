"""The catalogue for programs: search by plain words, the guide of an item, by when it would be decided."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from liuquan import law
from liuquan.catalogue import queries
from liuquan.catalogue.due_preview import due_preview
from liuquan.catalogue.types import ItemView, SearchResult
from liuquan.kernel import moments
from liuquan.kernel.api import Count, refusals, value_at
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
    item_type: str = value_at("item_type_label")
    case_type: str = value_at("case_type.label")
    promised: str = value_at("promised_text")


class Elsewhere(Schema):
    """A matter this centre does not do: who does it, how to reach them."""

    matter: str
    body: str
    reach: str


class Found(Schema):
    """Items, best first. `is_near`: nothing is called so; these sound the same, differ in one character or
    are what any such matter begins with. `elsewhere`: what other bodies do of what was asked."""

    hits: list[Hit]
    is_near: bool
    elsewhere: list[Elsewhere]


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
    standard: str = value_at("standard_text")
    amount_fen: int | None
    basis: str
    waiver: str


class Question(Schema):
    """A question people ask, with its answer."""

    question: str
    answer: str


class Guide(Schema):
    """The guide of an item as it stands today (GUIDE-01)."""

    item_code: str = value_at("terms.item_code")
    version_no: int = value_at("terms.version_no")
    in_force_from: date
    name: str = value_at("terms.item_name")
    item_type: str = value_at("item_type_label")
    case_type: str = value_at("case_type_label")
    body_code: str = value_at("terms.body_code")
    body_name: str = value_at("terms.body_name")
    bases: list[str]
    conditions: list[str] = value_at("terms.acceptance_conditions")
    materials: list[Material] = value_at("terms.materials")
    procedure: str = value_at("procedure_text")
    steps: list[Step] = value_at("terms.steps")
    statutory: Limit | None = value_at("terms.statutory")
    promised: Limit = value_at("terms.promised")
    fee: str = value_at("terms.fee_text")
    fees: list[Fee] = value_at("terms.fees")
    phone: str
    supervise_phone: str
    address: str
    hours: str
    decision_standards: list[str] = value_at("terms.decision_standards")
    result_name: str = value_at("terms.result_name")
    delivery_ways: list[str] = value_at("terms.delivery_ways")
    questions: list[Question]

    @staticmethod
    def resolve_bases(view: ItemView) -> list[str]:
        """The articles that give the power."""
        return [basis.citation for basis in view.terms.bases]

    @staticmethod
    def resolve_phone(view: ItemView) -> str:
        """The item's own, or the body's."""
        return view.phone or view.body_phone

    @staticmethod
    def resolve_address(view: ItemView) -> str:
        """The item's own, or the body's."""
        return view.address or view.body_address


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
def search_items(request: HttpRequest, asked: Query[Search]) -> SearchResult:
    """Items in force today that the words mean, best first."""
    on = moments.today(moments.now())
    return queries.search(asked.q, on=on, limit=asked.limit, body_code=asked.body)


@router.get(
    "/items/{item_code}",
    operation_id="readGuide",
    summary="办事指南",
    response={200: Guide, **refusals(404, 409)},
    openapi_extra={"security": []},
)
def read_guide(request: HttpRequest, item_code: str) -> ItemView:
    """Everything the public guide shows, as it stands today. 409 when the item is not published, not yet in
    force or cancelled, each with its sentence."""
    return queries.guide(item_code, on=moments.today(moments.now()))


@router.get(
    "/items/{item_code}/limits",
    operation_id="readLimits",
    summary="期限：今天申请，最迟哪天答复、办结",
    response={200: Limits, **refusals(404, 409)},
    openapi_extra={"security": []},
)
def read_limits(request: HttpRequest, item_code: str, asked: Query[FromDay]) -> dict[str, Any]:
    """The item's limits counted day by day from a day."""
    start = asked.on or moments.today(moments.now())
    terms = queries.terms(item_code, on=start)
    preview = due_preview(terms, on=start, law=law.load_law(), calendar=organisation.calendar())
    return {
        "item_code": item_code,
        "on": start,
        "acceptance": preview.answered,
        "promised": preview.promised,
        "statutory": preview.statutory,
    }
