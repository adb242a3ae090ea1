"""What the engine says of the values given with an act, by the data of its fields and every field at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from liuquan.casework import actions, field_values, queries, registry
from liuquan.casework.tests import asking_kind
from liuquan.casework.types import Field, FieldKind, NewCase, Operator, ShownIf, condition_text
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import Actor, MandateTerm

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
TODAY = date(2026, 3, 9)
RIGHT = {"way": "phone", "call": "已经告知"}
OFFICER = Actor(
    kind="staff",
    staff_id=1,
    post_code="T-1",
    post_name="岗",
    body_code=asking_kind.BODY,
    mandates=(MandateTerm(frozenset({"asking.begin", "asking.tell"}), ("*",), asking_kind.BODY),),
)


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    asking_kind.registered()


def opened() -> str:
    number = actions.next_number(kind="asking", now=NOW)
    new = NewCase(
        kind="asking",
        number=number,
        terms=asking_kind.terms(),
        subject_version="1",
        division_path="r990000.r990100",
        parties={},
        bodies={asking_kind.BODY: "lead"},
    )
    return actions.create(new, by=OFFICER, now=NOW).number


def wrong(**given: Any) -> dict[str, str]:
    found = field_values.problems(asking_kind.TELL, given, TODAY)
    return {name: one.beside for name, one in found.items()}


@pytest.mark.parametrize(
    ("condition", "said", "holds"),
    [
        (ShownIf("a", Operator.IS, "x"), "x", True),
        (ShownIf("a", Operator.IS, "x"), " x ", True),
        (ShownIf("a", Operator.IS, "x"), "y", False),
        (ShownIf("a", Operator.IS, "x"), "", False),
        (ShownIf("a", Operator.IS, "x"), ["w", "x"], True),
        (ShownIf("a", Operator.IS_NOT, "x"), "y", True),
        (ShownIf("a", Operator.IS_NOT, "x"), "x", False),
        (ShownIf("a", Operator.IS_NOT, "x"), "", False),
        (ShownIf("a", Operator.IS_NOT, "x"), None, False),
        (ShownIf("a", Operator.IS_NOT, "x"), ["x", "y"], False),
        (ShownIf("a", Operator.ONE_OF, ("x", "y")), "y", True),
        (ShownIf("a", Operator.ONE_OF, ("x", "y")), "z", False),
        (ShownIf("a", Operator.ONE_OF, ("x", "y")), ["z"], False),
        (ShownIf("a"), "x", True),
        (ShownIf("a"), 0, True),
        (ShownIf("a"), " ", False),
        (ShownIf("a"), [], False),
        (ShownIf("a"), True, True),
        (ShownIf("a"), False, False),
        (ShownIf("a", Operator.IS, "yes"), True, True),
    ],
)
def test_a_condition_holds_as_the_other_field_is_answered(
    condition: ShownIf, said: object, holds: bool
) -> None:
    assert condition.holds({"a": said}) is holds
    assert condition.holds({}) is False


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("way", ""),
        ("address", "只在“方式”为“邮寄”时填写"),
        ("call", "只在“方式”为“电话”或“当面”时填写"),
        ("receipt", "只在“方式”不为“电话”时填写"),
        ("street", "只在填写了“地址”时填写"),
        ("why", "只在勾选了“加急”时填写"),
    ],
)
def test_a_condition_is_said_in_words(name: str, text: str) -> None:
    one = next(field for field in asking_kind.TELL.fields if field.name == name)
    assert condition_text(one, asking_kind.TELL.fields) == text


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (RIGHT, {}),
        (RIGHT | {"assignment": 3, "step": "x"}, {}),  # the engine's own
        ({}, {"way": "请填写“方式”。"}),  # what only its answer shows is not asked for yet
        ({"way": " "}, {"way": "请填写“方式”。"}),
        ({"way": "post"}, {"address": "请填写“地址”。"}),
        ({"way": "phone"}, {"call": "请填写“通话记录”。"}),
        (RIGHT | {"urgent": True}, {"why": "请填写“加急的理由”。"}),
        (RIGHT | {"urgent": False, "why": ""}, {}),
        (RIGHT | {"why": "急"}, {"why": "“加急的理由”只在勾选了“加急”时填写，请清空该项。"}),
        (RIGHT | {"address": "东街"}, {"address": "“地址”只在“方式”为“邮寄”时填写，请清空该项。"}),
        (
            RIGHT | {"address": "东街", "street": "1号"},  # shown by what is itself not shown
            {
                "address": "“地址”只在“方式”为“邮寄”时填写，请清空该项。",
                "street": "“门牌”只在填写了“地址”时填写，请清空该项。",
            },
        ),
        (RIGHT | {"fee": "3"}, {"fee": "“告知”不需要填写“fee”，请去掉该项后再提交。"}),
        (RIGHT | {"way": "pigeon", "call": ""}, {"way": "请从“方式”列出的选项中选择。"}),
        (RIGHT | {"topics": ["plan", "map"]}, {"topics": "请从“内容”列出的选项中选择。"}),
        (RIGHT | {"copies": ["map"]}, {}),  # of a query: a guard's to refuse
        (RIGHT | {"again": ""}, {}),  # asked on some cases only: a guard's to miss
        (
            RIGHT | {"call": "长" * 2001},
            {"call": "最多写2000字，请精简后再提交，详细内容可以作为材料上传。"},
        ),
        (RIGHT | {"call": "长" * 2000}, {}),
        (RIGHT | {"by": ["YX0001"]}, {"by": "“经办人”应当是文字，请重新填写。"}),
        (RIGHT | {"by": 7}, {"by": "“经办人”应当是文字，请重新填写。"}),
        (RIGHT | {"topics": "plan"}, {"topics": "“内容”应当是选中的各项，请重新勾选。"}),
        (RIGHT | {"copies": [1]}, {"copies": "“附件”应当是选中的各项，请重新勾选。"}),
        (RIGHT | {"urgent": "yes", "why": "急"}, {"urgent": "“加急”只能回答是或者否，请重新选择。"}),
        (RIGHT | {"on": "昨天"}, {"on": "“日期”应当写成 2026-03-20 这样的日期。"}),
        (RIGHT | {"on": "20260301"}, {"on": "“日期”应当写成 2026-03-01 这样的日期。"}),
        (RIGHT | {"on": "2026-03-09", "until": "2026-03-10"}, {}),
        (RIGHT | {"on": "2026-03-10", "until": TODAY}, {"on": "不能晚于今天。", "until": "应当晚于今天。"}),
        (RIGHT | {"days": "五"}, {"days": "“天数”应当是整数。"}),
        (RIGHT | {"days": True}, {"days": "“天数”应当是整数。"}),
        (RIGHT | {"days": -1}, {"days": "“天数”不能小于零，请重新填写。"}),
        (RIGHT | {"days": "5"}, {}),
    ],
)
def test_every_wrong_value_is_named_at_once(given: dict[str, Any], fields: dict[str, str]) -> None:
    assert wrong(**given) == fields


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"way": "phone"}, "还有必填内容没有填写，请补上后再提交。"),
        (RIGHT | {"call": "长" * 2001, "by": "长" * 2001}, "有内容写得太长，请精简后再提交。"),
        (RIGHT | {"on": "昨天"}, "“日期”应当写成 2026-03-20 这样的日期。"),
        (RIGHT | {"on": "2026-03-10"}, "日期不能晚于今天。"),
        (RIGHT | {"until": "2026-03-09"}, "答复前应当晚于今天，请重新填写。"),
        ({"way": "phone", "on": "昨天"}, "填写的内容有误，请按各项的提示改正后再提交。"),
    ],
)
def test_one_sentence_says_what_to_do(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        field_values.check(asking_kind.TELL, given, NOW)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    "given",
    [
        RIGHT | {"address": "东街"},
        RIGHT | {"reason": "另一类办件的内容"},
        RIGHT | {"way": "pigeon"},
        {"way": "post", "street": "1号"},
        RIGHT | {"call": "长" * 2001},
    ],
)
def test_an_act_with_a_wrong_value_changes_nothing(committed_db: str, given: dict[str, Any]) -> None:
    number = opened()
    before = queries.read(number)
    with pytest.raises(BadInput) as refused:
        actions.perform(number, "tell", by=OFFICER, now=NOW, data=given)
    assert refused.value.fields
    assert queries.read(number) == before
    assert [e.event for e in journal.entries_of(number)] == ["asking.begun"]
    actions.perform(number, "tell", by=OFFICER, now=NOW, data=RIGHT)
    assert queries.read(number).state == "done"


@pytest.mark.parametrize(
    "fields",
    [
        (Field("a", "甲"), Field("a", "乙")),
        (Field("assignment", "环节"),),
        (Field("a", "甲", shown_if=ShownIf("b")), Field("b", "乙")),
        (Field("a", "甲", shown_if=ShownIf("a")),),
        (
            Field("a", "甲", FieldKind.CHOICE, choices={"x": "是"}),
            Field("b", "乙", shown_if=ShownIf("a", Operator.IS, "y")),
        ),
        (Field("a", "甲"), Field("b", "乙", shown_if=ShownIf("a", Operator.IS))),
        (Field("a", "甲"), Field("b", "乙", shown_if=ShownIf("a", Operator.FILLED, "x"))),
    ],
)
def test_a_procedure_with_fields_that_do_not_fit_each_other_is_not_registered(
    fields: tuple[Field, ...],
) -> None:
    broken = replace(asking_kind.PROCEDURE, version=2, rows=(replace(asking_kind.TELL, fields=fields),))
    with pytest.raises(ValueError, match="asking v2"):
        registry.register(broken)


def test_an_offer_shows_what_it_asks_on_this_case(committed_db: str) -> None:
    case = queries.read(opened())
    offers = queries.offers(case, by=OFFICER, now=NOW)
    (offer,) = queries.asked(offers, case, by=OFFICER, now=NOW)
    asked = {one.field.name: one for one in offer.asked}
    assert offer.action == "tell"
    assert asked.keys() == {field.name for field in asking_kind.TELL.fields} - {"again"}
    assert [(o.value, o.text, o.chosen) for o in asked["copies"].options] == [
        ("plan", "图纸（复印件）", True),
        ("deed", "合同（复印件）", False),
        ("photo", "照片（复印件）", False),
    ]
    assert [o.value for o in asked["way"].options] == list(asking_kind.WAYS)
    assert (asked["days"].most, asked["way"].most) == (9, None)
    assert asked["address"].condition == "只在“方式”为“邮寄”时填写"
