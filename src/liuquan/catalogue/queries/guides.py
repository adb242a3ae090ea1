"""What binds a case (`terms`) and what a reader is shown (`guide`), for the version in force on a day.

Cites: 行政许可法 第三十条, 优化营商环境条例 第三十六条
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from liuquan.catalogue import rules
from liuquan.catalogue.models import ItemVersion
from liuquan.catalogue.types import (
    AlsoTerm,
    CaseType,
    ItemDraft,
    ItemTerms,
    ItemView,
    LimitTerm,
    VersionFigures,
)
from liuquan.clock import Limit, Unit
from liuquan.kernel.refusals import WrongState
from liuquan.organisation import queries as organisation

from . import law_and_bodies
from .lists import published_items
from .versions import draft_in_force, draft_of, version_in_force


def terms(item_code: str, *, on: date) -> ItemTerms:
    """The terms that bind an application received on this day, with the law in force on that day.

    Refuses an unknown item (404), and an item not published, not yet in force or cancelled (409), each with
    its own sentence; an item whose version has no legal basis for whatever reason (409). If the stored
    statutory limit has become longer than the law allows, the law's limit applies.
    Cites: 行政许可法 第四条, 行政许可法 第四十二条
    """
    version, draft = draft_in_force(item_code, on=on)
    if not draft.bases:
        raise WrongState(
            "本事项没有设定依据，不得受理，请到大厅咨询台了解现行规定。",
            code="item_without_basis",
            citation="行政许可法 第四条",
        )
    return _terms(version, draft, on)


#: Fields of a draft that the guide shows in the body's own words.
_TOLD_AS_WRITTEN = (
    "procedure_text",
    "address",
    "hours",
    "phone",
    "supervise_phone",
    "online_url",
    "quantity_limit",
    "commitment_quality",
    "result_type",
    "result_sample_url",
    "questions",
    "aliases",
    "cooperating_bodies",
    "entrusting_body",
    "handling_area",
    "intermediary_service",
    "takes_appointments",
)


def guide(item_code: str, *, on: date) -> ItemView:
    """Everything the public guide of an item shows on this day. Refuses as `terms` does.

    Cites: 行政许可法 第三十条
    """
    version, previous = version_in_force(item_code, on=on)
    draft = draft_of(version)
    body = law_and_bodies.body_label(draft.body_code, on=on)
    posts = law_and_bodies.post_names([draft.deciding_post_code], on=on)
    return ItemView(
        terms=_terms(version, draft, on),
        item_type_label=draft.item_type.label,
        case_type_label=_case_type(draft).label,
        power_source_label=draft.power_source.label if draft.power_source else "",
        exercise_level_label=draft.exercise_level.label if draft.exercise_level else "",
        basic_code=draft.basic_code,
        version_label=f"第{version.version_no}版",
        in_force_from=version.validity.lower,
        in_force_until=version.validity.upper,
        visits=draft.limit_scene_num or 0,
        visit_reason=draft.limit_scene_explain,
        deciding_post_name=posts.get(draft.deciding_post_code, ""),
        body_phone=body.phone,
        body_address=body.address,
        step_count=len(draft.steps),
        material_count=len(draft.materials),
        also=_also(draft, on),
        previous=figures(previous) if previous else None,
        service_promise=organisation.service_promise(draft.body_code, on=on),
        **{field: getattr(draft, field) for field in _TOLD_AS_WRITTEN},
    )


def _also(draft: ItemDraft, on: date) -> tuple[AlsoTerm, ...]:
    """What people usually need beside the item; only what may be applied for on the day keeps its item."""
    in_force = {one.item_code for one in published_items(on=on)} if draft.also else set()
    return tuple(one if one.item_code in in_force else replace(one, item_code="") for one in draft.also)


def figures(version: ItemVersion) -> VersionFigures:
    """Steps, materials and promise of a version (CAT-19)."""
    return VersionFigures(
        version_no=version.version_no,
        steps=len(version.steps.all()),
        materials=len(version.materials.all()),
        promised_amount=version.promised_amount or 0,
        unit=Unit(version.limit_unit or Unit.WORKING_DAY),
    )


def _case_type(draft: ItemDraft) -> CaseType:
    return draft.case_type or CaseType.PROMISED


def _terms(version: ItemVersion, draft: ItemDraft, on: date) -> ItemTerms:
    law = law_and_bodies.law_limit(draft.statutory_law_id, on=on)
    stored = stored_limit(draft)
    statutory, shortened = rules.governing_limit(stored, law) if stored else (None, False)
    promised = LimitTerm(
        draft.promised_amount or 0, Unit(version.limit_unit or Unit.WORKING_DAY), "", "承诺办结时限"
    )
    posts = law_and_bodies.post_names([step.post_code for step in draft.steps], on=on)
    body = law_and_bodies.body_label(draft.body_code, on=on)
    return ItemTerms(
        item_code=draft.item_code,
        version_id=version.pk,
        version_no=version.version_no,
        item_name=draft.name,
        item_type=draft.item_type,
        case_type=_case_type(draft),
        body_code=draft.body_code,
        body_name=body.name,
        division_code=draft.division_code,
        promised=rules.governing_promise(promised, statutory),
        statutory=statutory,
        statutory_law_id=draft.statutory_law_id,
        statutory_was_shortened=shortened,
        deciding_post_code=draft.deciding_post_code,
        result_name=draft.result_name,
        steps=tuple(replace(step, post_name=posts.get(step.post_code, "")) for step in draft.steps),
        materials=draft.materials,
        fees=draft.fees,
        bases=draft.bases,
        delivery_ways=draft.delivery_ways,
        acceptance_conditions=draft.acceptance_conditions,
        decision_standards=draft.decision_standards,
        service_objects=draft.service_objects,
        forms=draft.forms,
        touches_public_safety=draft.touches_public_safety,
        law_limit=_law_limit(law, statutory),
        amount_label=draft.amount_label,
    )


def stored_limit(draft: ItemDraft) -> LimitTerm | None:
    """The statutory limit as the version stores it."""
    if draft.statutory_amount is None:
        return None
    return LimitTerm(
        draft.statutory_amount, Unit(draft.statutory_unit), draft.statutory_citation, "法定办结时限"
    )


def _law_limit(law: Limit | None, statutory: LimitTerm | None) -> Limit | None:
    """The law's whole limit with the governing amount, to count with."""
    if law is None or statutory is None:
        return None
    return Limit.from_json({**law.to_json(), "amount": statutory.amount, "unit": statutory.unit})
