"""Versions as values: the draft that a stored version is, and which version is in force on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.expressions import RawSQL

from liuquan.catalogue.models import (
    Alias,
    Fee,
    ItemVersion,
    LegalBasis,
    Question,
    RequiredMaterial,
    RouteStep,
    ServiceItem,
)
from liuquan.catalogue.types import (
    BasisLevel,
    BasisTerm,
    CaseType,
    DeliveryWay,
    ExerciseLevel,
    FeeTerm,
    HandlingForm,
    ItemDraft,
    ItemType,
    MaterialForm,
    MaterialKind,
    MaterialTerm,
    Necessity,
    PowerSource,
    QuestionTerm,
    ServiceObject,
    StepKind,
    StepTerm,
    VersionState,
)
from liuquan.clock import chinese_date
from liuquan.kernel.refusals import NotVisible, WrongState

_UNKNOWN = "没有这个事项，请核对事项编码，或者换一个说法再搜索。"
#: Columns of a version that a draft has under the same name and with the same value.
SAME_FIELDS = (
    "name",
    "main_item",
    "entrusting_body",
    "touches_public_safety",
    "procedure_text",
    "address",
    "hours",
    "phone",
    "supervise_phone",
    "online_url",
    "limit_scene_num",
    "limit_scene_explain",
    "handling_area",
    "intermediary_service",
    "takes_appointments",
    "commitment_quality",
    "statutory_amount",
    "statutory_law_id",
    "statutory_citation",
    "promised_amount",
    "fee_charged",
    "quantity_limit",
    "result_name",
    "result_type",
    "result_sample_url",
    "deciding_post_code",
    "extra",
)
#: Columns of an item that a draft has under the same name.
ITEM_FIELDS = (
    "basic_code",
    "local_code",
    "body_code",
    "division_code",
    "source",
    "source_body_code",
    "source_url",
)
MATERIAL_FIELDS = (
    "key",
    "name",
    "originals",
    "copies",
    "accept_standard",
    "fill_notes",
    "source",
    "basis",
    "sample_url",
    "blank_url",
    "example",
)
FEE_FIELDS = ("key", "name", "standard_text", "amount_fen", "basis", "waiver")
STEP_FIELDS = ("key", "name", "task", "standard", "condition", "post_code", "limit_days", "officers")


def with_contents(versions: QuerySet[ItemVersion]) -> QuerySet[ItemVersion]:
    """Read a version's contents with it, in seven queries however many versions there are."""
    return versions.select_related("item").prefetch_related(
        Prefetch("bases", queryset=LegalBasis.objects.order_by("position")),
        Prefetch("materials", queryset=RequiredMaterial.objects.order_by("position")),
        Prefetch("fees", queryset=Fee.objects.order_by("position")),
        Prefetch("questions", queryset=Question.objects.order_by("position")),
        Prefetch("steps", queryset=RouteStep.objects.order_by("position")),
        Prefetch("item__aliases", queryset=Alias.objects.order_by("position", "id")),
    )


def draft_of(version: ItemVersion) -> ItemDraft:
    """The stored version as the value it was made from."""
    item = version.item
    return ItemDraft(
        item_code=item.implementation_code,
        **_values(item, ITEM_FIELDS),
        **_values(version, SAME_FIELDS),
        item_type=ItemType(version.item_type),
        exercise_level=ExerciseLevel(version.exercise_level) if version.exercise_level else None,
        power_source=PowerSource(version.power_source) if version.power_source else None,
        case_type=CaseType(version.case_type) if version.case_type else None,
        cooperating_bodies=tuple(version.cooperating_bodies),
        service_objects=tuple(map(ServiceObject, version.service_objects)),
        acceptance_conditions=tuple(version.acceptance_conditions),
        decision_standards=tuple(version.decision_standards),
        forms=tuple(map(HandlingForm, version.forms)),
        delivery_ways=tuple(map(DeliveryWay, version.delivery_ways)),
        statutory_unit=version.limit_unit if version.statutory_amount is not None else "",
        promised_unit=version.limit_unit if version.promised_amount is not None else "",
        bases=tuple(basis_term(basis) for basis in version.bases.all()),
        materials=tuple(material_term(material) for material in version.materials.all()),
        fees=tuple(FeeTerm(**_values(fee, FEE_FIELDS)) for fee in version.fees.all()),
        questions=tuple(QuestionTerm(one.question, one.answer) for one in version.questions.all()),
        steps=tuple(step_term(step) for step in version.steps.all()),
        aliases=tuple(alias.text for alias in item.aliases.all()),
    )


def _values(row: Any, fields: Iterable[str]) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


def basis_term(basis: LegalBasis) -> BasisTerm:
    """The stored basis as a value."""
    return BasisTerm(basis.instrument, basis.article, BasisLevel(basis.level), basis.text)


def material_term(material: RequiredMaterial) -> MaterialTerm:
    """The stored material as a value."""
    return MaterialTerm(
        necessity=Necessity(material.necessity),
        kind=MaterialKind(material.kind),
        form=MaterialForm(material.form),
        **_values(material, MATERIAL_FIELDS),
    )


def step_term(step: RouteStep, post_name: str = "") -> StepTerm:
    """The stored step as a value, with the post's name where it is known."""
    return StepTerm(
        kind=StepKind(step.kind),
        after=tuple(step.after),
        documents=tuple(step.documents),
        post_name=post_name,
        **_values(step, STEP_FIELDS),
    )


def versions_of(item_code: str) -> list[ItemVersion]:
    """All versions of an item, oldest first, with contents. Refuses an unknown item."""
    versions = list(
        with_contents(ItemVersion.objects.filter(item__implementation_code=item_code)).order_by("version_no")
    )
    if not versions and not ServiceItem.objects.filter(implementation_code=item_code).exists():
        raise NotVisible(_UNKNOWN, code="unknown_item")
    return versions


def version_in_force(item_code: str, *, on: date) -> tuple[ItemVersion, ItemVersion | None]:
    """The version in force on the day and the one before it. Each reason why there is none has its sentence.

    Cites: 优化营商环境条例 第四十条
    """
    versions = versions_of(item_code)
    released = [version for version in versions if version.state != VersionState.DRAFT]
    for at, version in enumerate(released):
        if _covers(version, on):
            return version, released[at - 1] if at else None
    raise _why_not(released, on)


#: cache key of a row and its last writer: a published version never changes, and if another database uses the
#: same number for a different text, it has a different writer
_WRITTEN = RawSQL("catalogue_itemversion.xmin::text || '/' || catalogue_serviceitem.xmin::text", ())
KEPT_DRAFTS = 512


def draft_in_force(item_code: str, *, on: date) -> tuple[ItemVersion, ItemDraft]:
    """The version in force on the day, without its contents, and the draft it was made from, which is cached.
    The aliases of the cached draft may be outdated. Refuses as `version_in_force` does."""
    heads = list(
        ItemVersion.objects.filter(item__implementation_code=item_code)
        .exclude(state=VersionState.DRAFT)
        .select_related("item")
        .annotate(written=_WRITTEN)
        .order_by("version_no")
    )
    for head in heads:
        if _covers(head, on):
            return head, _kept_draft(head.pk, head.written)
    if not heads and not ServiceItem.objects.filter(implementation_code=item_code).exists():
        raise NotVisible(_UNKNOWN, code="unknown_item")
    raise _why_not(heads, on)


@lru_cache(maxsize=KEPT_DRAFTS)
def _kept_draft(version_id: int, written: str) -> ItemDraft:
    return draft_of(with_contents(ItemVersion.objects.filter(pk=version_id)).get())


def _covers(version: ItemVersion, on: date) -> bool:
    span = version.validity
    return (
        span is not None and not span.isempty and span.lower <= on and (span.upper is None or on < span.upper)
    )


def _why_not(released: Sequence[ItemVersion], on: date) -> WrongState:
    spans = [version.validity for version in released if version.validity and not version.validity.isempty]
    if coming := sorted(span.lower for span in spans if span.lower > on):
        first = coming[0]
        return WrongState(
            f"本事项自{chinese_date(first)}起施行，现在还不能申请，请在施行后办理。",
            code="item_not_yet_in_force",
            details={"from_on": first.isoformat()},
        )
    if released:
        last = max(released, key=lambda version: version.version_no)
        reason = f"（{last.ended_reason}）" if last.ended_reason else ""
        return WrongState(
            f"本事项已经取消{reason}，不再办理，请到大厅咨询台了解现行规定。", code="item_cancelled"
        )
    return WrongState(
        "本事项还没有发布，不能申请；需要办理的，请到大厅咨询台询问。", code="item_not_published"
    )
