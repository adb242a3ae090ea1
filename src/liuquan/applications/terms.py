"""From a service item to the terms of a case: the catalogue's version and the law in force on the day of
receipt, joined into one value that the case keeps. Pure.

Cites: 行政许可法 第三十二条, 第四十二条, 第四十四条, 第四十五条, 优化营商环境条例 第三十六条
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from liuquan.casework.types import Counting, GroundTerm, OwnTerms, Step, StepKind, Terms
from liuquan.catalogue.types import ItemTerms, ItemType, LimitTerm, StepTerm
from liuquan.clock import Limit, Unit
from liuquan.law import Ground, LawBook


@dataclass(frozen=True, kw_only=True)
class ApplicationTerms(OwnTerms):
    """What the pages, papers and guards of this module need of the item; empty where older terms lack it.

    `bases`: the citations of what provides for the item. `delivery_ways`: none: every way. `body_key` stands
    in the number of the case.
    """

    body_key: str = ""
    item_type: str = ""
    item_type_label: str = ""
    case_type: str = ""
    version_no: int = 0
    result_name: str = ""
    decision_standards: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    fee_text: str = "不收费"
    delivery_ways: tuple[str, ...] = ()

    @property
    def is_licence(self) -> bool:
        """Whether the licensing law governs the case. Cites: 行政许可法 第二条"""
        return self.item_type == ItemType.LICENCE.value


def case_terms(
    item: ItemTerms,
    law: LawBook,
    *,
    on: date,
    body_of_post: Mapping[str, str],
    body_key: str,
    warn_share: str,
    counting: Counting,
) -> Terms:
    """The terms that bind an application received on this day.

    A licence has the clocks of the licensing law and its closed list of grounds; other items have the limits
    of their own statute and labelled profiles, without deemed acceptance.
    `counting`: whose calendar and office hours apply.
    """
    licence = item.item_type is ItemType.LICENCE
    family = "licensing" if licence else "service"
    grounds = {g.name: _ground(g) for g in law.grounds("licensing")} if licence else {}
    limits = {
        "acceptance": law.limit(f"{family}.acceptance", on=on),
        "promised": _promised(item, tuple(grounds)),
        "delivery": law.limit(f"{family}.delivery", on=on),
    }
    if item.statutory is not None:
        limits["statutory"] = item.law_limit or _statutory(item.statutory, tuple(grounds))
    if licence:
        limits["publicity"] = law.limit("publicity.double", on=on)
    return Terms(
        subject_code=item.item_code,
        subject_name=item.item_name,
        body_code=item.body_code,
        limits=limits,
        steps=tuple(_step(s, body_of_post, item.body_code, tuple(grounds)) for s in item.steps),
        deciding_post=item.deciding_post_code,
        grounds=grounds,
        warn_share=warn_share,
        counting=counting,
        extra=_extra(item, body_key),
    )


def _ground(ground: Ground) -> GroundTerm:
    return GroundTerm(ground.label, ground.notice_required, citations=ground.citations)


def _extra(item: ItemTerms, body_key: str) -> dict[str, object]:
    """The stored form, with every word of the list of materials."""
    own = ApplicationTerms(
        body_name=item.body_name,
        amount_label=item.amount_label,
        body_key=body_key,
        item_type=item.item_type.value,
        item_type_label=item.item_type.label,
        case_type=item.case_type.value,
        version_no=item.version_no,
        result_name=item.result_name,
        decision_standards=item.decision_standards,
        bases=tuple(basis.citation for basis in item.bases),
        fee_text=item.fee_text,
        delivery_ways=tuple(way.value for way in item.delivery_ways),
    )
    return own.to_stored() | {"materials": [_plain(asdict(m)) for m in item.materials]}


def _statutory(term: LimitTerm, grounds: tuple[str, ...]) -> Limit:
    return Limit(
        term.amount,
        term.unit,
        label=term.label or "法定办结时限",
        citations=(term.citation,) if term.citation else (),
        excludes=grounds,
    )


def _promised(item: ItemTerms, grounds: tuple[str, ...]) -> Limit:
    return Limit(
        item.promised.amount,
        item.promised.unit,
        label="承诺办结时限",
        excludes=grounds,
        citations=("优化营商环境条例 第三十六条",),
    )


def _step(term: StepTerm, body_of_post: Mapping[str, str], lead: str, grounds: tuple[str, ...]) -> Step:
    return Step(
        key=term.key,
        name=term.name,
        post_code=term.post_code,
        body_code=body_of_post.get(term.post_code, lead),
        kind=StepKind(term.kind.value),
        after=term.after,
        limit=Limit(term.limit_days, Unit.WORKING_DAY, label=f"{term.name}环节时限", excludes=grounds),
        officers=term.officers,
        task=term.task,
        standard=term.standard,
        condition=term.condition,
    )


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: str(v) if isinstance(v, str) else v for name, v in values.items()}
