"""What a version must have before it may be published, and which limit governs a case. Pure.

`publication_lacks` returns everything at once, so that an editor sees it all in one go; publishing is refused
if one of the answers stops publication.

Cites: 行政许可法 第三十条, 优化营商环境条例 第三十五条, 优化营商环境条例 第三十六条
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liuquan.clock import Limit, Unit

from . import routes
from .types import CaseType, HandlingForm, ItemDraft, ItemType, Lack, LimitTerm, Necessity, Severity

#: Item types of which 行政许可法 speaks: the statutory limit is not optional for them.
LICENSING = frozenset({ItemType.LICENCE})


@dataclass(frozen=True)
class PublicationContext:
    """What the rules must know besides the draft: the law on that day, the bodies and posts there are.

    `law_limit` is the law book's limit for the draft's `statutory_law_id`; `law_known` is False when the
    id is in no law book. `posts` maps post code to body code. `None` for bodies or posts: not checked here.
    """

    law_limit: Limit | None = None
    law_known: bool = True
    bodies: frozenset[str] | None = None
    posts: Mapping[str, str] | None = None


def publication_lacks(draft: ItemDraft, context: PublicationContext) -> list[Lack]:
    """Everything the draft lacks or has wrong, in the order of a guide; empty means it may be published."""
    return [
        *_attribute_lacks(draft),
        *_body_lacks(draft, context),
        *_basis_lacks(draft),
        *_material_lacks(draft),
        *_fee_lacks(draft),
        *_limit_lacks(draft, context),
        *_route_lacks(draft, context),
    ]


_NEEDED = (
    ("name", "事项名称"),
    ("exercise_level", "行使层级"),
    ("power_source", "权力来源"),
    ("service_objects", "服务对象"),
    ("case_type", "办件类型"),
    ("acceptance_conditions", "受理条件"),
    ("procedure_text", "办理程序"),
    ("decision_standards", "审查标准"),
    ("forms", "办理形式"),
    ("phone", "咨询电话"),
    ("result_name", "办理结果"),
    ("delivery_ways", "送达方式"),
    ("deciding_post_code", "决定岗位"),
)


def _attribute_lacks(draft: ItemDraft) -> list[Lack]:
    """职权名称、行政对象、条件、程序、标准 and what a guide must show."""
    found = [Lack(field, f"没有写{label}。") for field, label in _NEEDED if not getattr(draft, field)]
    if draft.limit_scene_num is None:
        found.append(Lack("limit_scene_num", "没有写到办事现场次数（不用到场的写 0）。"))
    elif draft.limit_scene_num and not draft.limit_scene_explain:
        found.append(Lack("limit_scene_explain", "需要到场，却没有写必须到场的原因。", Severity.WARNS))
    if HandlingForm.WINDOW in draft.forms and not (draft.address and draft.hours):
        found.append(Lack("address", "可以到窗口办理，却没有写办理地点和办理时间。"))
    if draft.entrusting_body == "" and draft.power_source in ("5", "6"):
        found.append(Lack("entrusting_body", "权力来源是委托，却没有写委托部门。"))
    if not draft.supervise_phone:
        found.append(Lack("supervise_phone", "没有写监督投诉方式。", Severity.WARNS))
    if not draft.aliases:
        found.append(Lack("aliases", "没有写别名，群众用日常说法可能找不到本事项。", Severity.WARNS))
    return found


def _body_lacks(draft: ItemDraft, context: PublicationContext) -> list[Lack]:
    if not draft.body_code:
        return [Lack("body", "没有写实施主体。")]
    if context.bodies is not None and draft.body_code not in context.bodies:
        return [Lack("body", f"实施主体“{draft.body_code}”不在机构名录里，或者当日已经撤销。")]
    return []


def _basis_lacks(draft: ItemDraft) -> list[Lack]:
    """法无授权不可为: at least one article; a licence needs an instrument that may set one.

    Cites: 行政许可法 第十四条, 行政许可法 第十五条, 行政许可法 第十七条
    """
    if not draft.bases:
        return [Lack("basis", "没有设定依据，不得发布。", citation="行政许可法 第四条")]
    found = []
    for basis in draft.bases:
        if not (basis.instrument and basis.article):
            found.append(Lack("basis", "设定依据没有写明法律法规名称和条款。", key=basis.instrument))
    if draft.item_type is ItemType.LICENCE and not any(basis.level.may_set_licence for basis in draft.bases):
        found.append(
            Lack(
                "basis",
                "行政许可的设定依据只有规章或者规范性文件，应当补充法律、法规或者国务院决定。",
                citation="行政许可法 第十七条",
            )
        )
    return found


def _material_lacks(draft: ItemDraft) -> list[Lack]:
    """A complete list with sample texts. Cites: 行政许可法 第三十条"""
    if not draft.materials:
        return [Lack("material", "没有写申请材料目录。", citation="行政许可法 第三十条")]
    found = _repeated("material", "材料", [material.key for material in draft.materials])
    for material in draft.materials:
        if material.necessity is Necessity.REQUIRED and not material.accept_standard:
            sentence = f"必要材料“{material.name}”没有写受理标准。"
            found.append(Lack("material", sentence, Severity.WARNS, material.key))
    return found


def _fee_lacks(draft: ItemDraft) -> list[Lack]:
    """No charge without a law or regulation of its own. Cites: 行政许可法 第五十八条"""
    if draft.fee_charged is None:
        return [Lack("fee_charged", "没有写是否收费。")]
    if draft.fee_charged and not draft.fees:
        return [Lack("fee_charged", "写了收费，却没有收费标准和收费依据。", citation="行政许可法 第五十八条")]
    if not draft.fee_charged and draft.fees:
        return [Lack("fee_charged", "写了不收费，却列了收费项目。", citation="行政许可法 第五十八条")]
    found = _repeated("fee", "收费项目", [fee.key for fee in draft.fees])
    for fee in draft.fees:
        if not (fee.basis and fee.standard_text):
            sentence = f"收费项目“{fee.name}”没有写标准或者依据，不得收取。"
            found.append(Lack("fee", sentence, key=fee.key, citation="行政许可法 第五十八条"))
    return found


def _limit_lacks(draft: ItemDraft, context: PublicationContext) -> list[Lack]:
    """Promise and statutory limit in one unit, the promise not longer, the statutory not longer than the law.

    Cites: 优化营商环境条例 第三十六条
    """
    found = _unit_lacks(draft) + _presence_lacks(draft, context)
    if draft.statutory_amount is None or draft.statutory_unit not in _UNITS:
        return found
    statutory = Limit(draft.statutory_amount, Unit(draft.statutory_unit))
    same_unit = draft.promised_unit == draft.statutory_unit
    if draft.promised_amount is not None and same_unit and draft.promised_amount > statutory.amount:
        sentence = (
            f"承诺时限{draft.promised_amount}{statutory.unit.label}长于法定时限{statutory.text}，只能缩短。"
        )
        found.append(Lack("promised", sentence, citation="优化营商环境条例 第三十六条"))
    if context.law_limit is not None:
        found += _law_lacks(statutory, context.law_limit)
    return found


_UNITS = frozenset(unit.value for unit in Unit)


def _unit_lacks(draft: ItemDraft) -> list[Lack]:
    found = []
    for field, label, unit in (
        ("statutory", "法定时限", draft.statutory_unit),
        ("promised", "承诺时限", draft.promised_unit),
    ):
        if unit and unit not in _UNITS:
            found.append(Lack(field, f"{label}的单位“{unit}”不认识，可以写 {'、'.join(sorted(_UNITS))}。"))
    both = draft.statutory_amount is not None and draft.promised_amount is not None
    if both and not found and draft.statutory_unit != draft.promised_unit:
        mine, law = Unit(draft.promised_unit or "working_day"), Unit(draft.statutory_unit or "working_day")
        sentence = (
            f"承诺时限的单位（{mine.label}）与法定时限的单位（{law.label}）不同，无法比较，请改为一致。"
        )
        found.append(Lack("promised", sentence))
    return found


def _presence_lacks(draft: ItemDraft, context: PublicationContext) -> list[Lack]:
    found = []
    if draft.promised_amount is None:
        found.append(Lack("promised", "没有写承诺时限。", citation="优化营商环境条例 第三十六条"))
    elif draft.case_type is CaseType.INSTANT and draft.promised_amount:
        found.append(Lack("promised", "即办件当场办结，承诺时限应当写 0。", citation="行政许可法 第三十四条"))
    elif draft.case_type is CaseType.PROMISED and not draft.promised_amount:
        found.append(Lack("promised", "承诺件的承诺时限不能是 0，请写天数，或者改为即办件。"))
    if draft.statutory_amount is None and draft.item_type in LICENSING:
        found.append(Lack("statutory", "行政许可没有写法定时限。", citation="行政许可法 第四十二条"))
    if draft.statutory_amount is not None and not (draft.statutory_law_id or draft.statutory_citation):
        found.append(Lack("statutory", "法定时限没有写依据（law 或者 citation）。"))
    if not context.law_known:
        found.append(Lack("statutory", f"法定时限编号“{draft.statutory_law_id}”不在时限库里。"))
    return found


def _law_lacks(statutory: Limit, law: Limit) -> list[Lack]:
    citation = "、".join(law.citations)
    if statutory.unit is not law.unit:
        sentence = (
            f"法定时限的单位（{statutory.unit.label}）与法律规定的单位（{law.unit.label}）不同，请改为一致。"
        )
        return [Lack("statutory", sentence, citation=citation)]
    if statutory.amount > law.amount:
        sentence = f"法定时限{statutory.text}长于现行法律规定的{law.text}，请改短。"
        return [Lack("statutory", sentence, citation=citation)]
    return []


def _route_lacks(draft: ItemDraft, context: PublicationContext) -> list[Lack]:
    """The route's shape and its posts; the one who decides is not the one who examines (一审一核)."""
    found = _deciding_lacks(draft, context)
    if draft.case_type is CaseType.INSTANT and draft.steps:
        found.append(Lack("step", "即办件当场决定，不设办理环节。", key=draft.steps[0].key))
    if draft.case_type is CaseType.PROMISED and not draft.steps:
        found.append(Lack("step", "承诺件没有办理环节，至少要有一个审查环节（一审一核）。"))
    found += routes.route_lacks(draft.steps)
    for step in draft.steps:
        if context.posts is not None and step.post_code not in context.posts:
            sentence = f"环节“{step.name}”的责任岗位“{step.post_code}”不存在，请核对岗位代码。"
            found.append(Lack("step", sentence, key=step.key, part="post"))
        elif step.post_code == draft.deciding_post_code:
            sentence = f"环节“{step.name}”的责任岗位同时是决定岗位，审查和核准应当分开。"
            found.append(Lack("step", sentence, key=step.key, part="post"))
    if draft.promised_unit == Unit.WORKING_DAY and draft.promised_amount is not None and draft.steps:
        found += routes.way_too_long(draft.steps, draft.promised_amount)
    return found


def _deciding_lacks(draft: ItemDraft, context: PublicationContext) -> list[Lack]:
    code = draft.deciding_post_code
    if not code or not draft.body_code or context.posts is None:
        return []
    if code not in context.posts:
        return [Lack("deciding_post_code", f"决定岗位“{code}”不存在，请核对岗位代码。")]
    if context.posts[code] != draft.body_code:
        return [Lack("deciding_post_code", f"决定岗位“{code}”不属于实施主体，只能由实施主体的岗位决定。")]
    return []


def _repeated(field: str, label: str, keys: list[str]) -> list[Lack]:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    return [Lack(field, f"{label}“{key}”写了两次，请改用不同的键。", key=key) for key in twice]


def governing_limit(stored: LimitTerm, law: Limit | None) -> tuple[LimitTerm, bool]:
    """The statutory limit that binds a new case, and whether the law has become shorter than the stored one.

    The shorter limit applies: a place may bind itself to less time than the law allows, never to more. A law
    limit in another unit cannot be compared by number; then the law's limit applies.
    """
    if law is None or (law.unit is stored.unit and law.amount >= stored.amount):
        return stored, False
    citation = "、".join(law.basis) or stored.citation
    return LimitTerm(law.amount, law.unit, citation, law.label or stored.label), True


def governing_promise(promised: LimitTerm, statutory: LimitTerm | None) -> LimitTerm:
    """The promise that binds a new case: never longer than the statutory limit that governs it."""
    if statutory is None or (promised.unit is statutory.unit and promised.amount <= statutory.amount):
        return promised
    if promised.unit is not statutory.unit and promised.amount == 0:
        return promised
    return LimitTerm(statutory.amount, statutory.unit, promised.citation, promised.label)
