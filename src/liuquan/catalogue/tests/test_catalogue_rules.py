"""What a draft must have before it may be published; pure."""

from dataclasses import replace
from typing import Any

import pytest

from liuquan.catalogue import rules
from liuquan.catalogue.types import (
    BasisLevel,
    BasisTerm,
    CaseType,
    FeeTerm,
    ItemDraft,
    ItemType,
    Lack,
    LimitTerm,
    MaterialTerm,
    Severity,
    StepKind,
)
from liuquan.clock import Limit, Unit

from .conftest import BODY, a_step

LAW = Limit(20, Unit.WORKING_DAY, citations=("行政许可法 第四十二条第一款",), label="行政许可决定期限")
CONTEXT = rules.PublicationContext(
    law_limit=LAW,
    bodies=frozenset({BODY}),
    posts={"SCJG-SC1": BODY, "SCJG-SC2": BODY, "SCJG-HZ": BODY, "ZJJ-HZ": "other"},
)


def refusing(draft: ItemDraft, context: rules.PublicationContext = CONTEXT) -> list[Lack]:
    return [lack for lack in rules.publication_lacks(draft, context) if lack.severity is Severity.REFUSES]


def refusals(draft: ItemDraft, context: rules.PublicationContext = CONTEXT) -> list[str]:
    return [lack.sentence for lack in refusing(draft, context)]


def test_a_complete_draft_lacks_nothing(draft: ItemDraft) -> None:
    assert rules.publication_lacks(draft, CONTEXT) == []


@pytest.mark.requirement("CAT-03")
def test_without_a_legal_basis_nothing_may_be_published(draft: ItemDraft) -> None:
    lacks = refusing(replace(draft, bases=()))
    assert [(lack.field, lack.citation) for lack in lacks] == [("basis", "行政许可法 第四条")]
    assert "不得发布" in lacks[0].sentence


@pytest.mark.requirement("CAT-03")
@pytest.mark.fact("L-25")
@pytest.mark.parametrize("level", [BasisLevel.DEPARTMENT_RULE, BasisLevel.RULE_DOCUMENT])
def test_a_licence_needs_an_instrument_that_may_set_one(draft: ItemDraft, level: BasisLevel) -> None:
    weak = (BasisTerm("某某管理办法", "第三条", level),)
    assert any("应当补充法律" in sentence for sentence in refusals(replace(draft, bases=weak)))
    service = replace(draft, bases=weak, item_type=ItemType.PUBLIC_SERVICE)
    assert refusals(service) == []


@pytest.mark.requirement("CAT-13")
@pytest.mark.requirement("GUIDE-01")
@pytest.mark.parametrize(
    ("field", "nothing"),
    [
        ("name", ""),
        ("body_code", ""),
        ("bases", ()),
        ("service_objects", ()),
        ("acceptance_conditions", ()),
        ("procedure_text", ""),
        ("decision_standards", ()),
        ("materials", ()),
        ("promised_amount", None),
        ("fee_charged", None),
        ("phone", ""),
        ("case_type", None),
        ("exercise_level", None),
        ("power_source", None),
        ("forms", ()),
        ("delivery_ways", ()),
        ("result_name", ""),
        ("deciding_post_code", ""),
        ("limit_scene_num", None),
        ("address", ""),
        ("statutory_amount", None),
    ],
)
@pytest.mark.fact("L-21")
def test_each_attribute_that_a_power_and_a_guide_must_have_is_asked_for(
    draft: ItemDraft, field: str, nothing: Any
) -> None:
    assert len(refusals(replace(draft, **{field: nothing}))) == 1


@pytest.mark.requirement("GUIDE-03")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"task": ""}, "没有写工作任务"),
        ({"standard": ""}, "没有写办理标准"),
        ({"condition": ""}, "没有写办理条件"),
        ({"post_code": ""}, "责任岗位“”不存在"),
    ],
)
def test_a_step_without_task_standard_condition_or_post_is_not_published(
    draft: ItemDraft, changes: dict[str, Any], words: str
) -> None:
    steps = (draft.steps[0], replace(draft.steps[1], **changes))
    assert any(words in sentence for sentence in refusals(replace(draft, steps=steps)))


@pytest.mark.requirement("GUIDE-01")
@pytest.mark.parametrize("part", ["basis", "standard_text"])
def test_a_fee_without_standard_or_basis_is_not_published(draft: ItemDraft, part: str) -> None:
    fee = FeeTerm("card", "工本费", "每证10元", "某法 第一条")
    charged = replace(draft, fee_charged=True, fees=(fee,))
    assert refusals(charged) == []
    assert any("不得收取" in s for s in refusals(replace(charged, fees=(replace(fee, **{part: ""}),))))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"promised_amount": 21}, "长于法定时限"),
        ({"promised_unit": "calendar_day"}, "无法比较"),
        ({"statutory_amount": 21}, "长于现行法律规定"),
        ({"statutory_amount": 30, "statutory_unit": "calendar_day", "promised_unit": "calendar_day"}, "单位"),
        ({"statutory_unit": "weeks"}, "不认识"),
        ({"statutory_law_id": "", "statutory_citation": ""}, "没有写依据"),
        ({"promised_amount": 0}, "不能是 0"),
        ({"case_type": CaseType.INSTANT, "steps": ()}, "应当写 0"),
        ({"case_type": CaseType.INSTANT, "promised_amount": 0}, "不设办理环节"),
        ({"steps": ()}, "一审一核"),
        ({"fee_charged": True}, "收费标准"),
        ({"fees": (FeeTerm("a", "工本费", "每证10元", "某法 第一条"),)}, "不收费，却列了收费项目"),
        ({"fee_charged": True, "fees": (FeeTerm("a", "工本费", "每证10元", ""),)}, "不得收取"),
        ({"body_code": "nobody"}, "不在机构名录里"),
        ({"deciding_post_code": "SCJG-XX"}, "不存在"),
        ({"deciding_post_code": "ZJJ-HZ"}, "不属于实施主体"),
        ({"steps": (a_step("a", post="SCJG-HZ"),)}, "审查和核准应当分开"),
        ({"steps": (a_step("a", post="XX-1"),)}, "“XX-1”不存在"),
        ({"steps": (a_step("a", kind=StepKind.SITE_CHECK),)}, "两名以上"),
        ({"steps": (a_step("a", standard=""),)}, "没有写办理标准"),
        ({"materials": (MaterialTerm("a", "甲"), MaterialTerm("a", "乙"))}, "写了两次"),
        ({"power_source": "5"}, "委托部门"),
    ],
)
@pytest.mark.fact("L-20")
@pytest.mark.fact("B-01")
def test_what_is_wrong_is_refused_with_its_own_sentence(
    draft: ItemDraft, changes: dict[str, Any], words: str
) -> None:
    assert any(words in sentence for sentence in refusals(replace(draft, **changes)))


def test_an_unknown_law_id_is_named(draft: ItemDraft) -> None:
    context = replace(CONTEXT, law_limit=None, law_known=False)
    assert refusals(draft, context) == ["法定时限编号“licensing.decision”不在时限库里。"]


def test_steps_longer_than_the_promise_are_a_warning_and_no_refusal(draft: ItemDraft) -> None:
    slow = replace(draft, steps=(a_step("a", days=5), a_step("b", "a", days=6)))
    lacks = rules.publication_lacks(slow, CONTEXT)
    assert [lack.severity for lack in lacks] == [Severity.WARNS]
    assert "11个工作日" in lacks[0].sentence


@pytest.mark.fact("L-11")
@pytest.mark.parametrize(
    ("stored", "law", "governs", "shortened"),
    [(20, 20, 20, False), (20, 15, 15, True), (15, 20, 15, False)],
)
def test_the_shorter_of_law_and_version_governs(stored: int, law: int, governs: int, shortened: bool) -> None:
    term = LimitTerm(stored, Unit.WORKING_DAY, "行政许可法 第四十二条第一款", "法定办结时限")
    found, changed = rules.governing_limit(term, replace(LAW, amount=law))
    assert (found.amount, changed) == (governs, shortened)


def test_a_promise_never_outlives_the_limit_that_governs() -> None:
    promise = LimitTerm(18, Unit.WORKING_DAY, "", "承诺")
    assert rules.governing_promise(promise, LimitTerm(15, Unit.WORKING_DAY, "", "")).amount == 15
    assert rules.governing_promise(promise, None) == promise
