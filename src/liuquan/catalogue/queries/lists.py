"""Lists: what is published, and what drafts lack before they may be published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from liuquan.catalogue import rules
from liuquan.catalogue.models import ItemVersion
from liuquan.catalogue.types import (
    CaseType,
    ItemLacks,
    ItemSummary,
    ItemType,
    LimitTerm,
    VersionState,
)
from liuquan.clock import Unit

from . import law_and_bodies
from .versions import draft_of, with_contents


def in_force(on: date) -> QuerySet[ItemVersion]:
    """The versions in force on this day."""
    return ItemVersion.objects.filter(~Q(state=VersionState.DRAFT), validity__contains=on)


def published_items(
    *, on: date, body_code: str = "", item_type: ItemType | None = None
) -> tuple[ItemSummary, ...]:
    """The items anyone can apply for on this day, by pinyin; of one body or one type if asked.

    Cites: 行政许可法 第三十条
    """
    versions = in_force(on).select_related("item").prefetch_related("fees")
    if body_code:
        versions = versions.filter(item__body_code=body_code)
    if item_type:
        versions = versions.filter(item_type=item_type)
    found = list(versions.order_by("sort_key", "id"))
    names = law_and_bodies.body_names({version.item.body_code for version in found}, on=on)
    return tuple(_summary(version, names.get(version.item.body_code, "")) for version in found)


def _summary(version: ItemVersion, body_name: str) -> ItemSummary:
    item_type = ItemType(version.item_type)
    return ItemSummary(
        item_code=version.item.implementation_code,
        name=version.name,
        body_code=version.item.body_code,
        body_name=body_name,
        item_type=item_type,
        item_type_label=item_type.label,
        case_type=CaseType(version.case_type),
        promised_text=limit_text(version.promised_amount, version.limit_unit),
        statutory_text=limit_text(version.statutory_amount, version.limit_unit),
        fee=bool(version.fee_charged),
        version_no=version.version_no,
    )


def limit_text(amount: int | None, unit: str) -> str:
    """A stored limit in words, empty when it is not said."""
    return "" if amount is None or not unit else LimitTerm(amount, Unit(unit), "", "").text


def lacks(*, on: date, body_code: str = "", codes: Iterable[str] | None = None) -> tuple[ItemLacks, ...]:
    """What every draft (of a body, or of these items) lacks before it may be published on this day.

    Cites: 优化营商环境条例 第三十五条
    """
    drafts = ItemVersion.objects.filter(state=VersionState.DRAFT)
    if body_code:
        drafts = drafts.filter(item__body_code=body_code)
    if codes is not None:
        drafts = drafts.filter(item__implementation_code__in=list(codes))
    found = list(with_contents(drafts).order_by("item__body_code", "sort_key", "id"))
    names = law_and_bodies.body_names({version.item.body_code for version in found}, on=on)
    context = law_and_bodies.Reader(on)
    return tuple(_lacks(version, names, context) for version in found)


def _lacks(version: ItemVersion, names: dict[str, str], context: law_and_bodies.Reader) -> ItemLacks:
    draft = draft_of(version)
    return ItemLacks(
        item_code=draft.item_code,
        name=draft.name,
        body_code=draft.body_code,
        body_name=names.get(draft.body_code, ""),
        version_no=version.version_no,
        lacks=tuple(rules.publication_lacks(draft, context.context_of(draft))),
    )
