"""Flow charts drawn from the data; pure."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from liuquan.catalogue import drawing, flow_chart
from liuquan.catalogue.types import (
    CaseType,
    DeliveryWay,
    HandlingForm,
    ItemTerms,
    ItemType,
    ItemView,
    LimitTerm,
    MaterialTerm,
    StepKind,
)
from liuquan.clock import Unit

from .conftest import TODAY, a_step

SVG = "{http://www.w3.org/2000/svg}"
TERMS = ItemTerms(
    item_code="X",
    version_id=1,
    version_no=1,
    item_name="设置大型户外广告审批",
    item_type=ItemType.LICENCE,
    case_type=CaseType.PROMISED,
    body_code="B",
    body_name="市住建局",
    division_code="990100000000",
    promised=LimitTerm(10, Unit.WORKING_DAY, "", ""),
    statutory=LimitTerm(20, Unit.WORKING_DAY, "", ""),
    statutory_law_id="licensing.decision",
    statutory_was_shortened=False,
    deciding_post_code="ZJJ-HZ",
    result_name="批准文件",
    steps=(
        a_step("appearance", name="市容意见", kind=StepKind.OPINION),
        a_step("structure", name="结构意见", kind=StepKind.OPINION),
        a_step("planning", name="规划意见", kind=StepKind.OPINION),
        a_step("review", "appearance", "structure", "planning", name="汇总审查"),
        a_step("site", "review", name="现场核查", kind=StepKind.SITE_CHECK, officers=2),
        a_step("experts", "site", name="专家评审", kind=StepKind.EXPERT_REVIEW),
    ),
    materials=(MaterialTerm("form", "申请表"), MaterialTerm("photo", "现状照片")),
    delivery_ways=(DeliveryWay.PICK_UP,),
    forms=(HandlingForm.WINDOW,),
)
VIEW = ItemView(
    terms=TERMS,
    item_type_label="行政许可",
    case_type_label="承诺件",
    power_source_label="法定本级行使",
    exercise_level_label="市级",
    basic_code="990132001000",
    version_label="第1版",
    in_force_from=TODAY,
    in_force_until=None,
    procedure_text="",
    address="政务服务中心二层",
    hours="工作日",
    phone="0990-5550300",
    supervise_phone="",
    online_url="",
    visits=1,
    visit_reason="",
    quantity_limit="",
    commitment_quality="",
    result_type="",
    deciding_post_name="核准岗",
)


def texts(svg: str) -> str:
    return "".join(element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.requirement("CAT-12")
def test_the_power_chart_shows_every_step_with_its_post_and_limit() -> None:
    svg = flow_chart.power_flow_chart(TERMS, deciding_post_name="核准岗")
    shown = texts(svg)
    for step in TERMS.steps:
        assert step.name in shown
    for words in (
        "同时进行",
        "3个工作日",
        "SCJG-SC1",
        "2名工作人员",
        "不计入期限",
        "核准岗",
        "承诺10个工作日",
        "法定20个工作日",
    ):
        assert words in shown
    assert svg.count("<path") >= 2 * (1 + 3 + 3 + 3 + 1 + 1 + 1 + 2)


@pytest.mark.requirement("GUIDE-02")
def test_the_guide_chart_tells_the_applicant_what_where_and_how_long() -> None:
    shown = texts(flow_chart.process_guide_chart(VIEW))
    for words in (
        "1　准备材料",
        "申请表",
        "2　提出申请",
        "政务服务中心二层",
        "到现场1次",
        "承诺自受理之日起10个工作日",
        "领取结果",
    ):
        assert words in shown


def test_a_case_decided_on_the_spot_has_no_waiting_station() -> None:
    instant = replace(
        TERMS, case_type=CaseType.INSTANT, steps=(), promised=LimitTerm(0, Unit.WORKING_DAY, "", "")
    )
    shown = texts(flow_chart.process_guide_chart(replace(VIEW, terms=instant)))
    assert "当场办结" in shown
    assert "等候审查" not in shown
    assert "当场决定" in texts(flow_chart.power_flow_chart(instant))


def test_charts_are_named_and_described_for_those_who_do_not_see_them() -> None:
    for svg in (flow_chart.power_flow_chart(TERMS), flow_chart.process_guide_chart(VIEW)):
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        ids = (root.get("aria-labelledby") or "").split()
        assert [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")] == ids  # type: ignore[union-attr]
        assert "10个工作日" in (root.find(f"{SVG}desc").text or "")  # type: ignore[union-attr]


def test_no_text_is_wider_than_its_sheet_and_none_is_smaller_than_thirteen() -> None:
    long = replace(TERMS, item_name="很长的名称" * 30, steps=(a_step("a", name="名称很长的一个环节" * 4),))
    for svg in (flow_chart.power_flow_chart(TERMS), flow_chart.power_flow_chart(long)):
        for element in ET.fromstring(svg).iter(f"{SVG}text"):
            size = float(element.get("font-size") or 0)
            assert size >= 13
            assert drawing.text_width(element.text or "", size) <= drawing.WIDTH


def test_hostile_words_stay_words() -> None:
    hostile = replace(TERMS, result_name='<script>alert("x")</script>&', item_name='"><svg onload=x>')
    svg = flow_chart.power_flow_chart(hostile)
    assert "<script" not in svg
    assert "<style" not in svg
    assert ET.fromstring(svg).find(f"{SVG}title").text == '"><svg onload=x>权力运行流程图'  # type: ignore[union-attr]


def test_a_line_never_begins_with_a_closing_sign() -> None:
    lines = drawing.wrap("材料齐全、合格的，当场受理；不齐的，一次告知（写明全部内容）。", 90, 15)
    assert not any(line[0] in "，。；、）" for line in lines)
    assert "".join(lines) == "材料齐全、合格的，当场受理；不齐的，一次告知（写明全部内容）。"
