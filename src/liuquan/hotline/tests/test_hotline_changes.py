"""Classes, the dispatch catalogue and limits are changed with their basis, by two people, from a day on."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest

from liuquan.hotline import actions, models, pack, queries
from liuquan.hotline.changes import ChangeGiven, ChangeKind, ChangeState
from liuquan.hotline.queries import catalogue, governing
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, WrongState

ON = date(2026, 3, 2)
DAY = timedelta(days=1)
APRIL = date(2026, 4, 1)
BASIS = "市委编办关于照明所改隶的批复（演示）"
LAMPS_TO_HOUSING = {"class_code": "0103", "division": "", "body_code": HOUSING}
END_OF_CITY_MANAGEMENT = {
    "class_code": "01",
    "division": "",
    "body_code": CITY_MANAGEMENT,
    "line_from": "2024-01-01",
}
FASTER = {"key": "handling:complaint", "amount": 4, "unit": "working_day", "extension": 5}
MANHOLES = {"code": "0105", "name": "井盖管理", "parent": "01", "words": ["井盖"]}


def given(kind: str, values: dict[str, Any], **more: Any) -> ChangeGiven:
    return ChangeGiven(ChangeKind(kind), values, more.get("document", BASIS), more.get("starts_on", APRIL))


def approved(hotline: Hotline, kind: str, values: dict[str, Any], **more: Any) -> str:
    number = actions.propose_change(given(kind, values, **more), by=hotline.dispatcher, now=MONDAY)
    actions.approve_change(number, by=hotline.caller_back, now=MONDAY)
    return number


def bodies_for(class_code: str, on: date) -> list[str]:
    return [one.body_code for one in queries.suggestions(class_code, "990102001000", on=on)]


def load_the_pack_again() -> None:
    values = tomllib.loads((CHECKOUT / "packs" / "demo" / pack.FILE).read_text(encoding="utf-8"))
    source = models.Centre.objects.get().source
    pack.load(values, source)


def test_a_new_line_holds_from_its_day_once_a_second_person_approves(hotline: Hotline) -> None:
    number = actions.propose_change(given("line_new", LAMPS_TO_HOUSING), by=hotline.dispatcher, now=MONDAY)
    assert bodies_for("0103", APRIL) == [CITY_MANAGEMENT]
    actions.approve_change(number, by=hotline.caller_back, now=MONDAY)
    assert bodies_for("0103", APRIL - DAY) == [CITY_MANAGEMENT]
    assert bodies_for("0103", APRIL) == [HOUSING]
    entries = journal.entries_of(number)
    assert [one.event for one in entries] == ["hotline.change_proposed", "hotline.change_approved"]
    assert entries[-1].sentence == (
        f"同意新增派单目录：路灯照明（全市）由云溪市住房和城乡建设局承办，依据：{BASIS}"
    )


def test_an_ended_line_stays_readable_for_the_days_on_which_it_held(hotline: Hotline) -> None:
    approved(hotline, "line_end", END_OF_CITY_MANAGEMENT)
    held = [one.line.to_on for one in governing.lines_on(ON, class_code="01")]
    assert held == [APRIL]
    assert governing.lines_on(APRIL, class_code="01") == []


def test_a_new_limit_follows_the_old_one_and_binds_tickets_from_its_day(hotline: Hotline) -> None:
    approved(hotline, "limit_new", FASTER)

    def amount(on: date) -> tuple[int, str]:
        found = next(one for one in catalogue.limits(on=on) if one.key == "handling:complaint")
        return found.amount, found.place

    assert amount(APRIL - DAY)[0] == 5
    assert amount(APRIL) == (4, BASIS)


def test_a_class_begins_and_ends_and_is_filed_under_only_in_between(hotline: Hotline) -> None:
    approved(hotline, "class_new", MANHOLES, starts_on=ON + DAY)
    with pytest.raises(BadInput, match="请选择归类"):
        hotline.registered(class_code="0105")
    assert hotline.registered(at=MONDAY + DAY, class_code="0105")
    approved(hotline, "class_end", {"code": "0104"})
    assert "0104" in [one.code for one, _ in governing.classes_on(ON)]
    assert "0104" not in [one.code for one, _ in governing.classes_on(APRIL)]
    with pytest.raises(BadInput, match="请选择归类"):
        hotline.registered(at=MONDAY + 30 * DAY, class_code="0104")


@pytest.mark.parametrize(
    ("kind", "values", "more", "field"),
    [
        ("line_new", LAMPS_TO_HOUSING, {"starts_on": ON}, "starts_on"),
        ("line_new", LAMPS_TO_HOUSING, {"starts_on": ON - DAY}, "starts_on"),
        ("line_new", LAMPS_TO_HOUSING, {"document": "批复"}, "document"),
        ("line_new", LAMPS_TO_HOUSING, {"document": "批" * 201}, "document"),
        ("line_new", {**LAMPS_TO_HOUSING, "class_code": "0999"}, {}, "class_code"),
        ("line_new", {**LAMPS_TO_HOUSING, "body_code": "no such body"}, {}, "body_code"),
        ("line_new", {**LAMPS_TO_HOUSING, "division": "110000000000"}, {}, "division"),
        ("line_new", {"class_code": "01", "division": "", "body_code": CITY_MANAGEMENT}, {}, "body_code"),
        ("line_end", {**END_OF_CITY_MANAGEMENT, "line_from": "2025-01-01"}, {}, "line"),
        ("limit_new", FASTER, {"document": "批" * 121}, "document"),
        ("limit_new", {**FASTER, "key": "sleep"}, {}, "key"),
        ("limit_new", {**FASTER, "unit": "year"}, {}, "unit"),
        ("limit_new", {**FASTER, "amount": -1}, {}, "amount"),
        ("limit_new", {**FASTER, "amount": 367}, {}, "amount"),
        ("limit_new", {**FASTER, "extension": "5"}, {}, "extension"),
        ("class_new", {**MANHOLES, "code": "0103"}, {}, "code"),
        ("class_new", {**MANHOLES, "code": "井盖"}, {}, "code"),
        ("class_new", {**MANHOLES, "name": ""}, {}, "name"),
        ("class_new", {**MANHOLES, "parent": "0103"}, {}, "parent"),
        ("class_end", {"code": "0999"}, {}, "code"),
        ("class_end", {"code": "01"}, {}, "code"),
        ("class_end", {"code": "0602"}, {}, "code"),
    ],
)
def test_a_change_that_is_wrong_is_refused_by_its_field(
    hotline: Hotline, kind: str, values: dict[str, Any], more: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        actions.propose_change(given(kind, values, **more), by=hotline.dispatcher, now=MONDAY)
    assert field in refused.value.fields
    assert governing.changes() == []


def test_nobody_approves_their_own_change_and_only_the_centre_governs(hotline: Hotline) -> None:
    number = actions.propose_change(given("line_new", LAMPS_TO_HOUSING), by=hotline.dispatcher, now=MONDAY)
    with pytest.raises(NotAllowed, match="不能是同一人"):
        actions.approve_change(number, by=hotline.dispatcher, now=MONDAY)
    with pytest.raises(NotAllowed, match="不能审核"):
        actions.approve_change(number, by=hotline.contact, now=MONDAY)
    with pytest.raises(NotAllowed, match="不能提出"):
        actions.propose_change(given("line_new", LAMPS_TO_HOUSING), by=hotline.contact, now=MONDAY)
    with pytest.raises(NotVisible):
        actions.approve_change("GZ9999", by=hotline.caller_back, now=MONDAY)
    assert [one.state for one in governing.changes()] == [ChangeState.PROPOSED]
    assert bodies_for("0103", APRIL) == [CITY_MANAGEMENT]


def test_a_refused_change_changes_nothing_and_keeps_its_reason(hotline: Hotline) -> None:
    number = actions.propose_change(given("limit_new", FASTER), by=hotline.dispatcher, now=MONDAY)
    with pytest.raises(BadInput):
        actions.refuse_change(number, "不", by=hotline.caller_back, now=MONDAY)
    actions.refuse_change(number, "没有市政府的批准文件", by=hotline.caller_back, now=MONDAY)
    assert governing.change(number).reason == "没有市政府的批准文件"
    with pytest.raises(WrongState, match="已经审核过"):
        actions.approve_change(number, by=hotline.caller_back, now=MONDAY)
    assert {one.amount for one in catalogue.limits(on=APRIL) if one.key == "handling:complaint"} == {5}


def test_a_change_whose_day_has_come_is_not_approved_any_more(hotline: Hotline) -> None:
    soon = given("line_new", LAMPS_TO_HOUSING, starts_on=ON + DAY)
    number = actions.propose_change(soon, by=hotline.dispatcher, now=MONDAY)
    with pytest.raises(WrongState, match="最早从明天起生效"):
        actions.approve_change(number, by=hotline.caller_back, now=MONDAY + DAY)
    assert governing.change(number).state is ChangeState.PROPOSED


def test_what_was_changed_meanwhile_is_not_changed_twice(hotline: Hotline) -> None:
    number = actions.propose_change(
        given("line_end", END_OF_CITY_MANAGEMENT), by=hotline.dispatcher, now=MONDAY
    )
    approved(hotline, "line_end", END_OF_CITY_MANAGEMENT, starts_on=APRIL - DAY)
    with pytest.raises(WrongState, match="提出以后情况有变"):
        actions.approve_change(number, by=hotline.caller_back, now=MONDAY)
    assert governing.lines_on(ON, class_code="01")[0].line.to_on == APRIL - DAY


def test_a_line_for_a_body_that_was_dissolved_is_broken_and_says_who_must_mend_it(hotline: Hotline) -> None:
    assert governing.broken(ON) == []
    before_the_body = date(2023, 12, 31)
    models.CatalogueLine.objects.filter(class_code="02").update(body_code="11990100MB9909999X")
    (line,) = governing.broken(ON)
    assert (line.class_name, line.body_name) == ("市场监管", "已撤销的单位（11990100MB9909999X）")
    assert governing.menders(ON) == ("热线派单质检一岗", "热线派单质检二岗")
    assert bodies_for("0201", ON) == []
    assert governing.broken(before_the_body) == []


def test_a_pack_loaded_again_does_not_undo_what_was_approved(hotline: Hotline) -> None:
    approved(hotline, "line_end", END_OF_CITY_MANAGEMENT)
    approved(hotline, "line_new", LAMPS_TO_HOUSING)
    approved(hotline, "limit_new", FASTER)
    approved(hotline, "class_new", MANHOLES)
    approved(hotline, "class_end", {"code": "0104"})

    def stands() -> list[Any]:
        return [
            governing.lines_on(APRIL),
            governing.lines_on(ON),
            governing.limits_on(APRIL),
            governing.classes_on(APRIL),
            governing.classes_on(ON),
        ]

    before = stands()
    load_the_pack_again()
    load_the_pack_again()
    assert stands() == before
