"""To whom a ticket may go: never to the centre, never to a unit that exists no more; and who has it then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from liuquan.hotline import actions
from liuquan.hotline.kind import TICKET
from liuquan.hotline.queries import centre
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, Hotline
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, WrongState
from liuquan.organisation.types import party_actor

DAY = timedelta(days=1)
TUESDAY = MONDAY + DAY
NOTE = "照明所2026年起划归这个单位管理。"
RETURN = {"ground": "not_ours", "reason": "路灯由住建局的照明所养护，不属于城管。"}
REPLY = {"reply": "已更换灯具。", "fixed": "fixed", "contact": "phone"}


def dissolved(code: str, on: date = date(2026, 3, 3)) -> None:
    """The body exists up to this day, without it."""
    ended = sql.run(
        "UPDATE body_record r SET to_on = %(on)s FROM body b WHERE b.id = r.body_id AND b.code = %(code)s "
        "RETURNING r.id",
        {"on": on, "code": code},
    )
    assert len(ended) == 1


def handling(hotline: Hotline) -> str:
    number = hotline.dispatched()
    hotline.act(number, "sign", hotline.contact)
    return number


def returned(hotline: Hotline) -> str:
    number = hotline.dispatched()
    hotline.act(number, "return_ticket", hotline.contact, **RETURN)
    return number


def disputed(hotline: Hotline) -> str:
    number = returned(hotline)
    hotline.act(number, "dispute", hotline.dispatcher, reason="两个单位都认为不是自己的职责，请确定。")
    return number


#: how a body is named: the ticket that is ready for it, the act, its values, the field
NAMED: list[tuple[Any, str, dict[str, Any], str]] = [
    (Hotline.registered, "dispatch", {"limit": "complaint", "note": NOTE}, "body"),
    (returned, "redispatch", {"limit": "complaint", "note": NOTE}, "body"),
    (disputed, "redispatch", {"limit": "complaint", "note": NOTE, "meeting": "〔2026〕3号"}, "body"),
    (handling, "ask_help", {"what": "请查这段线路由谁养护。", "days": 1}, "bodies"),
]


@pytest.mark.parametrize(("ready", "action", "data", "field"), NAMED)
@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("centre", "自己不承办|现在就由这个单位办理"),
        ("dissolved", "已经撤销"),
        ("no such body", "没有这个单位"),
    ],
)
def test_no_act_hands_a_ticket_to_the_centre_or_to_what_is_no_body(
    hotline: Hotline, ready: Any, action: str, data: dict[str, Any], field: str, target: str, says: str
) -> None:
    number = ready(hotline)
    code = {"centre": centre(), "dissolved": HOUSING}.get(target, target)
    if target == "dissolved":
        dissolved(HOUSING)
    before = hotline.read(number)
    by = hotline.contact if action == "ask_help" else hotline.dispatcher
    given = {**data, field: [code] if field == "bodies" else code}
    with pytest.raises(BadInput, match=says) as refused:
        hotline.act(number, action, by, TUESDAY, **given)
    assert list(refused.value.fields) == [field]
    assert hotline.read(number) == before


def test_a_unit_does_not_ask_itself_for_help(hotline: Hotline) -> None:
    number = handling(hotline)
    before = hotline.read(number)
    asked = {"bodies": [CITY_MANAGEMENT, HOUSING], "what": "请查这段线路由谁养护。", "days": 1}
    with pytest.raises(BadInput, match="协办请选择另外的单位"):
        hotline.act(number, "ask_help", hotline.contact, **asked)
    assert hotline.read(number) == before


@pytest.mark.parametrize("ready", [Hotline.dispatched, handling])
def test_what_waits_for_a_dissolved_unit_goes_back_to_the_dispatcher(hotline: Hotline, ready: Any) -> None:
    number, other = ready(hotline), hotline.registered()
    dissolved(CITY_MANAGEMENT)
    assert actions.take_back(now=MONDAY) == 0
    assert hotline.read(number).state != "returned"
    assert actions.take_back(now=TUESDAY) == 1
    assert actions.take_back(now=TUESDAY) == 0
    case = hotline.read(number)
    assert (case.state, hotline.read(other).state) == ("returned", "registered")
    assert {clock.key for clock in case.deadlines if clock.is_open} == {"handling", "return_review"}
    with pytest.raises(WrongState, match="云溪市城市管理局已经撤销.*请改派"):
        hotline.act(
            number, "refuse_return", hotline.dispatcher, TUESDAY, reason="照三定方案属于城管局的职责。"
        )
    given = {"body": HOUSING, "limit": "complaint", "note": NOTE}
    hotline.act(number, "redispatch", hotline.dispatcher, TUESDAY, **given)
    case = hotline.read(number)
    assert (case.state, case.body_code) == ("dispatched", HOUSING)


@pytest.mark.parametrize("again", ["redo", "ask_again"])
def test_what_is_to_be_done_again_by_a_dissolved_unit_goes_to_the_dispatcher(
    hotline: Hotline, again: str
) -> None:
    number = hotline.answered()
    dissolved(CITY_MANAGEMENT)
    if again == "redo":
        data = {"limit": "complaint", "reason": "现场查看，路灯仍然不亮。"}
        hotline.act(number, "redo", hotline.dispatcher, TUESDAY, **data)
    else:
        party = party_actor(next(iter(hotline.read(number).parties)), "诉求人")
        hotline.act(number, "ask_again", party, TUESDAY, more="今天还是不亮。")
    assert hotline.read(number).state == "handling"
    event = {"redo": "ticket.redone", "ask_again": "ticket.asked_again"}[again]
    assert "hotline.take_back" in TICKET.reactions[event]
    assert actions.take_back(now=TUESDAY, number=number) == 1
    assert hotline.read(number).state == "returned"


def test_nobody_waits_for_the_help_of_a_dissolved_unit(hotline: Hotline) -> None:
    number = handling(hotline)
    hotline.act(number, "ask_help", hotline.contact, bodies=[HOUSING], what="请查由谁养护。", days=2)
    (child,) = hotline.read(number).children
    dissolved(HOUSING)
    with pytest.raises(WrongState, match="还有1个子件没有办结"):
        hotline.act(number, "answer", hotline.contact, TUESDAY, **REPLY)
    assert actions.take_back(now=TUESDAY) == 1
    assert hotline.read(child.number).state == "given_back"
    hotline.act(number, "answer", hotline.contact, TUESDAY, **REPLY)
    assert hotline.read(number).state == "answered"


def test_a_legal_way_ends_the_help_that_was_asked_for(hotline: Hotline) -> None:
    number = handling(hotline)
    hotline.act(number, "ask_help", hotline.contact, bodies=[HOUSING], what="请查由谁养护。", days=2)
    (child,) = hotline.read(number).children
    hotline.act(number, "return_ticket", hotline.contact, **RETURN)
    hotline.act(number, "tell_way", hotline.dispatcher, way="petition")
    assert hotline.read(child.number).state == "called_off"
    assert not [clock for clock in hotline.read(number).deadlines if clock.is_open]
