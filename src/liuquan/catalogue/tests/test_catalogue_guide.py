"""The guide tells everything the catalogue knows about an item before anybody applies for it."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.catalogue.types import (
    BasisLevel,
    BasisTerm,
    DeliveryWay,
    FeeTerm,
    HandlingForm,
    ItemDraft,
    MaterialForm,
    MaterialTerm,
    Necessity,
    QuestionTerm,
    ServiceObject,
)
from liuquan.testing.browsers import SetNow

from .conftest import CODE, NOW, a_step

MATERIALS = (
    MaterialTerm(
        key="form",
        name="甲材料",
        form=MaterialForm.PAPER,
        originals=3,
        copies=4,
        accept_standard="甲合格的标准",
        fill_notes="甲填写说明",
        source="甲的来源",
        basis="甲的依据",
        sample_url="https://example.org/filled-form",
        blank_url="https://example.org/blank-form",
        example="甲样例文字",
    ),
    MaterialTerm(key="late", name="乙材料", necessity=Necessity.DEFERRABLE),
    MaterialTerm(key="may", name="丙材料", necessity=Necessity.OPTIONAL, form=MaterialForm.ELECTRONIC),
)
FEE = FeeTerm("fee", "丁费", "丁费标准", "丁费依据", 12300, "丁费减免")
STEPS = (
    a_step("first", days=2, task="戊的任务", standard="戊的标准", condition="戊的条件"),
    a_step("second", "first", days=4, officers=2),
)


@pytest.fixture
def full(draft: ItemDraft) -> ItemDraft:
    """A draft in which every field that a reader is told about has words of its own."""
    return replace(
        draft,
        entrusting_body="委托的甲厅",
        cooperating_bodies=("联办的乙局", "联办的丙局"),
        acceptance_conditions=("条件之一", "条件之二"),
        decision_standards=("决定标准之一", "决定标准之二"),
        procedure_text="办理程序的话",
        service_objects=(ServiceObject.PERSON, ServiceObject.ENTERPRISE),
        forms=(HandlingForm.WINDOW, HandlingForm.COMPUTER),
        delivery_ways=(DeliveryWay.PICK_UP, DeliveryWay.POST),
        address="办理地点在此",
        hours="办理时间在此",
        phone="0990-5551111",
        supervise_phone="0990-5552222",
        online_url="https://example.org/online",
        limit_scene_num=3,
        limit_scene_explain="到现场的原因",
        handling_area="全市通办",
        intermediary_service="检测要找有资质的机构",
        takes_appointments=True,
        commitment_quality="本事项的承诺话",
        quantity_limit="每年三十个",
        result_name="样式许可证",
        result_type="证照类",
        result_sample_url="https://example.org/result-sample",
        extra={"amount_label": "核定的金额"},
        fee_charged=True,
        bases=(
            BasisTerm("食品安全法", "第三十五条", BasisLevel.LAW, "条文的原话"),
            BasisTerm("行政许可法", "第十二条", BasisLevel.LAW),
        ),
        materials=MATERIALS,
        fees=(FEE,),
        questions=(QuestionTerm("常问的问题", "常问的回答"),),
        steps=STEPS,
    )


#: field of the draft → the label it stands under on the guide, and what must be said there
FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": ("项目名称", ("食品经营许可证核发",)),
    "body_code": ("实施机关", ("市场监督管理局",)),
    "statutory_amount": ("承诺期限", ("法定期限20个工作日",)),
    "statutory_unit": ("承诺期限", ("20个工作日",)),
    "statutory_citation": ("承诺期限", ("行政许可法第四十二条第一款",)),
    "promised_amount": ("承诺期限", ("8个工作日",)),
    "promised_unit": ("承诺期限", ("8个工作日",)),
    "commitment_quality": ("服务承诺", ("本事项的承诺话",)),
    "fees": ("收费标准", ("丁费：丁费标准", "每次123.00元", "减免：丁费减免")),
    "fee_charged": ("收费依据", ("丁费：丁费依据",)),
    "phone": ("咨询电话", ("0990-5551111",)),
    "supervise_phone": ("咨询电话", ("0990-5552222",)),
    "forms": ("怎么申请", ("窗口办理", "电脑端")),
    "online_url": ("网上办理", ("https://example.org/online",)),
    "takes_appointments": ("能不能预约", ("可以预约",)),
    "limit_scene_num": ("要跑几次", ("到现场3次",)),
    "limit_scene_explain": ("要跑几次", ("到现场的原因",)),
    "address": ("办理地点", ("办理地点在此",)),
    "hours": ("办理时间", ("办理时间在此",)),
    "handling_area": ("通办范围", ("全市通办",)),
    "entrusting_body": ("委托的部门", ("委托的甲厅",)),
    "cooperating_bodies": ("一起办的单位", ("联办的乙局、联办的丙局",)),
    "intermediary_service": ("要找中介的", ("检测要找有资质的机构",)),
    "service_objects": ("谁可以申请", ("自然人", "企业法人")),
    "result_name": ("办好拿到什么", ("样式许可证",)),
    "result_type": ("办好拿到什么", ("证照类",)),
    "result_sample_url": ("办好拿到什么", ("看样本",)),
    "extra": ("办好拿到什么", ("核定的金额",)),
    "delivery_ways": ("怎么拿结果", ("窗口领取", "邮寄")),
    "item_type": ("类型", ("行政许可",)),
    "case_type": ("类型", ("承诺件",)),
    "item_code": ("指南版本", (CODE, "第1版", "2026年1月5日起执行")),
}
#: field → its part of the page (data-guide), or the whole page, and what must be said there
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "acceptance_conditions": ("conditions", ("条件之一", "条件之二")),
    "quantity_limit": ("conditions", ("数量限制：每年三十个",)),
    "procedure_text": ("procedure", ("办理程序的话",)),
    "decision_standards": ("procedure", ("决定标准之一；决定标准之二",)),
    "deciding_post_code": ("procedure", ("核准岗",)),
    "bases": ("bases", ("食品安全法第三十五条", "条文的原话", "行政许可法第十二条")),
    "steps": (
        "procedure",
        (
            "1.first环节",
            "戊的任务",
            "戊的标准",
            "戊的条件",
            "2个工作日",
            "2.second环节",
            "4个工作日",
            "审查岗",
            "（2人）",
            "自受理起8个工作日内",
        ),
    ),
    "questions": ("", ("常问的问题", "常问的回答")),
    "materials": (
        "materials",
        (
            "1.甲材料",
            "必须交",
            "纸质",
            "原件3份，复印件4份",
            "甲合格的标准",
            "填写说明：甲填写说明",
            "从哪里来：甲的来源",
            "依据：甲的依据",
            "填好的样例",
            "空白表格",
            "甲样例文字",
            "2.乙材料",
            "可以后补",
            "3.丙材料",
            "没有可以不交",
            "电子",
        ),
    ),
}
#: what a reader has no use for: where the words come from, how they are kept, by what they are found
NOT_TOLD = {
    "division_code",
    "source",
    "basic_code",
    "local_code",
    "source_body_code",
    "source_url",
    "main_item",
    "exercise_level",
    "power_source",
    "touches_public_safety",
    "statutory_law_id",
    "aliases",
}


def facts_of(page: str) -> dict[str, str]:
    found = re.findall(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    return {told(label): told(value) for label, value in found}


def told(html: str) -> str:
    return re.sub(r"\s|<[^>]*>", "", html)


@pytest.mark.requirement("GUIDE-08")
@pytest.mark.parametrize("face", ["item_guide", "item_print"])
def test_everything_the_catalogue_knows_is_told_before_anybody_applies(
    face: str, full: ItemDraft, published: Callable[..., ItemDraft], set_now: SetNow
) -> None:
    assert {one.name for one in fields(ItemDraft)} == set(FACTS) | set(PARTS) | NOT_TOLD
    published(full)
    set_now(NOW)
    page = Client().get(reverse(face, args=[CODE])).content.decode()
    shown = facts_of(page)
    for field, (label, sayings) in FACTS.items():
        for said in sayings:
            assert said in shown.get(label, ""), (field, label, said)
    parts: dict[str, Any] = {
        name: told(body)
        for name, body in re.findall(
            r'<div data-guide="([a-z]+)">(.*?)(?=<h2|<p class="muted small">)', page, re.DOTALL
        )
    }
    for field, (part, sayings) in PARTS.items():
        where = parts[part] if part else told(page)
        for said in sayings:
            assert said in where, (field, part, said)
    for address in (full.online_url, full.result_sample_url, MATERIALS[0].sample_url, MATERIALS[0].blank_url):
        assert f'href="{address}"' in page
    # Handed in on Monday, 2 March: answered within 5 working days, decided within 8 or 20 of them.
    assert "最迟3月9日告诉您受理了没有" in told(page)
    assert "承诺最迟3月12日办结（法定最迟3月30日）" in told(page)
    assert (
        len(re.findall(r'<p class="small">[^<]*(?:第1日|起算)[^<]*</p>', page)) == 3
    )  # how each was counted
    assert "办事流程导引图</title>" in page
    assert (reverse("apply", args=[CODE]) in page) == (face == "item_guide")
