"""A ticket from the call to the call-back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.effects import Mark
from liuquan.casework.types import Procedure
from liuquan.hotline import actions, queries
from liuquan.hotline.assist.procedure import PROCEDURE as ASSIST
from liuquan.hotline.procedure import PROCEDURE
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, TOWN, Hotline
from liuquan.hotline.types import Identity
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, WrongState
from liuquan.testing.browsers import SetNow

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_request_goes_from_the_call_to_the_call_back(hotline: Hotline) -> None:
    number = hotline.answered()
    hotline.act(
        number, "call_back", hotline.caller_back, MONDAY + DAY, satisfied="satisfied", confirmed="yes"
    )
    case = hotline.read(number)
    assert (case.state, case.outcome) == ("closed", "answered")
    assert not [clock for clock in case.deadlines if clock.is_open]
    assert [role.body_code for role in case.leads] == [queries.centre(), CITY_MANAGEMENT]


def test_the_time_to_answer_runs_from_the_dispatch_and_not_from_the_call(hotline: Hotline) -> None:
    number = hotline.registered()
    assert [clock.key for clock in hotline.read(number).deadlines] == ["dispatch"]
    hotline.act(
        number, "dispatch", hotline.dispatcher, MONDAY + 3 * DAY, body=CITY_MANAGEMENT, limit="complaint"
    )
    clock = hotline.read(number).deadline("handling")
    assert clock is not None
    # Thursday 5 March and five working days
    assert (clock.limit_key, clock.due_on.isoformat()) == ("handling:complaint", "2026-03-12")


def test_the_centre_still_sees_what_it_dispatched_and_the_former_unit_does_not(hotline: Hotline) -> None:
    number = hotline.dispatched()
    hotline.act(
        number,
        "return_ticket",
        hotline.contact,
        ground="not_ours",
        reason="路灯由住建局的照明所养护，不属于城管。",
    )
    assert hotline.read(number).state == "returned"
    hotline.act(
        number,
        "redispatch",
        hotline.dispatcher,
        MONDAY + HOUR,
        body=HOUSING,
        limit="complaint",
        note="照明所2026年起划归住建局管理。",
    )
    case = hotline.read(number)
    assert cases.can_see(case, hotline.dispatcher)
    assert cases.can_see(case, hotline.housing)
    assert not cases.can_see(case, hotline.contact)
    with pytest.raises(NotVisible):
        hotline.act(number, "sign", hotline.contact, MONDAY + HOUR)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"body": HOUSING, "limit": "complaint"}, "不是派单目录规定的单位"),
        ({"body": TOWN, "limit": "complaint", "note": "就在镇里，请镇里去看一看。"}, "不能派给乡镇"),
        ({"body": CITY_MANAGEMENT, "limit": "consult"}, "本件归类为投诉"),
        (
            {"body": "no such body", "limit": "complaint", "note": "就想派给这个单位，请办理。"},
            "没有这个单位",
        ),
    ],
)
def test_a_dispatch_against_the_catalogue_is_refused(
    hotline: Hotline, data: dict[str, str], says: str
) -> None:
    number = hotline.registered()
    before = hotline.read(number)
    with pytest.raises(BadInput, match=says):
        hotline.act(number, "dispatch", hotline.dispatcher, **data)
    assert hotline.read(number) == before


def test_only_the_centre_dispatches_and_only_the_unit_answers(hotline: Hotline) -> None:
    number = hotline.dispatched()
    with pytest.raises(NotAllowed):
        hotline.act(number, "sign", hotline.dispatcher)
    with pytest.raises(NotAllowed):
        hotline.act(number, "remind", hotline.contact, note="请尽快办理。")
    hotline.act(number, "remind", hotline.dispatcher, note="请尽快办理。")


def test_a_late_return_is_refused(hotline: Hotline) -> None:
    number = hotline.dispatched()
    with pytest.raises(WrongState, match="退单时限已过"):
        hotline.act(
            number,
            "return_ticket",
            hotline.contact,
            MONDAY + 4 * DAY,
            ground="not_ours",
            reason="路灯由住建局的照明所养护，不属于城管。",
        )
    assert hotline.read(number).state == "dispatched"


def test_units_asked_for_help_have_their_own_case_inside_the_time_that_is_left(hotline: Hotline) -> None:
    number = hotline.dispatched()
    hotline.act(number, "sign", hotline.contact)
    with pytest.raises(BadInput, match="晚于本件期限的最后一日2026年3月9日"):
        hotline.act(
            number, "ask_help", hotline.contact, bodies=[HOUSING], what="请查这段线路由谁养护。", days=9
        )
    hotline.act(number, "ask_help", hotline.contact, bodies=[HOUSING], what="请查这段线路由谁养护。", days=2)
    (child,) = hotline.read(number).children
    with pytest.raises(WrongState):
        hotline.act(number, "answer", hotline.contact, reply="已经更换灯具。", fixed="fixed", contact="phone")
    hotline.act(child.number, "sign", hotline.housing)
    hotline.act(child.number, "reply", hotline.housing, done="done", reply="由照明所养护，已派人。")
    hotline.act(number, "answer", hotline.contact, reply="已经更换灯具。", fixed="fixed", contact="phone")
    assert hotline.read(number).state == "answered"


@pytest.mark.fact("H-11")
def test_who_asks_for_confidence_is_known_to_the_centre_alone(hotline: Hotline) -> None:
    number = hotline.dispatched(identity=Identity.CONFIDENTIAL)
    party = next(iter(hotline.read(number).parties))
    seen = casework.open_case_file(number, by=hotline.dispatcher, now=MONDAY)
    kept = casework.open_case_file(number, by=hotline.contact, now=MONDAY)
    assert (seen.names[party], seen.phones[party]) == ("李云溪", "19900000001")
    assert (kept.names[party], kept.phones[party], kept.ids[party]) == ("（要求保密）", "", "")
    assert "路灯" in kept.matter
    assert [item.parties for item in cases.worklist(hotline.contact, now=MONDAY)] == [{}]


@pytest.mark.fact("H-11")
def test_a_report_never_reaches_the_body_that_it_is_about(hotline: Hotline) -> None:
    number = hotline.registered(about_body=CITY_MANAGEMENT)
    before = hotline.read(number)
    with pytest.raises(BadInput, match="举报的材料不能交给它"):
        hotline.act(number, "dispatch", hotline.dispatcher, body=CITY_MANAGEMENT, limit="complaint")
    assert hotline.read(number) == before


def test_requests_that_say_the_same_are_found_merged_and_told_together(hotline: Hotline) -> None:
    main = hotline.dispatched()
    hotline.registered(
        class_code="0301", text="小区的电梯经常停在半层，物业一直没有修好。", title="电梯", place="溪畔花园"
    )
    again = "溪畔大道三十号门前的路灯连续三天不亮了，晚上看不清路。"
    second = hotline.registered(text=again, requester=hotline.caller(name="王溪畔", phone="19900000002"))
    found = queries.alike(f"路灯不亮{again}溪畔大道30号门前", since=MONDAY - DAY, but=second)
    assert [one.number for one in found] == [main]
    hotline.act(second, "merge", hotline.dispatcher, into=main)
    assert [clock.key for clock in hotline.read(second).deadlines if clock.is_open] == []
    hotline.act(main, "sign", hotline.contact)
    hotline.act(main, "answer", hotline.contact, reply="已更换灯具。", fixed="fixed", contact="phone")
    assert actions.tell_merged(main, now=MONDAY) == 1
    assert actions.tell_merged(main, now=MONDAY) == 0
    assert [one.event for one in journal.entries_of(second)][-1] == "ticket.told_with"


@pytest.mark.parametrize(("into", "says"), [("RX20260302999999", "没有这件工单"), ("self", "不能并入自己")])
def test_merging_with_what_is_no_open_ticket_is_refused(hotline: Hotline, into: str, says: str) -> None:
    number = hotline.registered()
    before = hotline.read(number)
    with pytest.raises(BadInput, match=says):
        hotline.act(number, "merge", hotline.dispatcher, into=number if into == "self" else into)
    assert hotline.read(number) == before


def test_before_it_is_dispatched_a_ticket_shows_those_that_may_be_about_the_same(
    hotline: Hotline, set_now: SetNow
) -> None:
    set_now(MONDAY)
    first = hotline.dispatched()
    second = hotline.registered()
    other = hotline.registered(text="小区的电梯经常停在半层，物业一直没有修好。", title="电梯", place="")
    page = hotline.cast.client("rexiaopai").get(f"/desk/cases/{second}/").content.decode()
    assert "可能反映同一件事" in page
    assert f'href="/desk/cases/{first}/"' in page
    assert other not in page
    assert (
        "可能反映同一件事"
        not in hotline.cast.client("chengxiaore").get(f"/desk/cases/{first}/").content.decode()
    )


@pytest.mark.parametrize("procedure", [PROCEDURE, ASSIST], ids=["ticket", "assist"])
def test_an_act_ends_a_case_exactly_when_it_leads_to_its_end(procedure: Procedure) -> None:
    over = {state.key for state in procedure.states if state.closed}
    ends = {row.action for row in procedure.rows if any(m.moment == "closed" for m in row.of(Mark))}
    assert ends == {row.action for row in procedure.rows if row.target in over}
    assert len(ends) >= 3
