"""The third and the fourth level of the network: who is asked by the level above receives, signs and answers;
and what is a department's duty stays there."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from liuquan.casework import queries as cases
from liuquan.hotline.queries.network import network
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, MONDAY, TOWN, Hotline
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput
from liuquan.testing.browsers import SetNow

LAMPS, VILLAGE = "12990100MB9901112P", "54990121MB9901120M"
TAOXI: Final = "990121100000"
WHAT = "请到现场查看，拍照说明。"


def of_the_department(hotline: Hotline) -> tuple[str, str]:
    """A ticket with the city management, and its contact."""
    number = hotline.dispatched()
    hotline.act(number, "sign", hotline.contact)
    return number, "chengxiaore"


def of_the_town(hotline: Hotline) -> tuple[str, str]:
    """A ticket with the town, whose duty it is by the catalogue, and its contact."""
    number = hotline.registered(class_code="0601", division=TAOXI)
    hotline.act(number, "dispatch", hotline.dispatcher, body=TOWN, limit="complaint")
    hotline.act(number, "sign", hotline.town)
    return number, "taoxiaore"


@pytest.mark.parametrize(
    ("ready", "below", "login", "level"),
    [(of_the_department, LAMPS, "dengxiaore", 3), (of_the_town, VILLAGE, "yuanxiaore", 4)],
)
def test_the_level_below_receives_signs_and_answers_what_is_handed_down(
    hotline: Hotline, set_now: SetNow, ready: object, below: str, login: str, level: int
) -> None:
    assert callable(ready)
    set_now(MONDAY)
    number, above = ready(hotline)
    found = {
        body.code: one.number for one in network(hotline.contact, on=MONDAY.date()) for body in one.bodies
    }
    assert found[below] == level
    asking = hotline.cast.client(above)
    asked = {"bodies": [below], "what": WHAT, "days": "2"}
    sent = asking.post(f"/desk/cases/{number}/ask_help/", asked)
    assert sent.status_code == 302, sent.content.decode()[:2000]
    (child,) = hotline.read(number).children
    station = hotline.cast.client(login)
    assert child.number in station.get("/desk/").content.decode()
    assert WHAT in station.get(f"/desk/cases/{child.number}/").content.decode()
    assert station.get(f"/desk/cases/{number}/").status_code == 404
    assert station.post(f"/desk/cases/{child.number}/sign/").status_code == 302
    reply = {"done": "done", "reply": "到现场看过，已经修好，附照片。"}
    assert station.post(f"/desk/cases/{child.number}/reply/", reply).status_code == 302
    assert cases.read(child.number).state == "replied"
    # whose duty it is goes on answering for it
    case = hotline.read(number)
    assert (case.state, case.body_code) == ("handling", CITY_MANAGEMENT if level == 3 else TOWN)


def test_a_ticket_goes_to_a_subordinate_unit_itself_and_is_answered_there(hotline: Hotline) -> None:
    number = hotline.registered()
    note = "城区路灯由照明所养护，城管局同意直接派给它。"
    hotline.act(number, "dispatch", hotline.dispatcher, body=LAMPS, limit="complaint", note=note)
    lamps = hotline.cast.staff("dengxiaore", on=MONDAY.date())
    hotline.act(number, "sign", lamps)
    hotline.act(number, "answer", lamps, reply="已更换灯具。", fixed="fixed", contact="phone")
    assert hotline.read(number).state == "answered"


@pytest.mark.parametrize("below", [VILLAGE, TOWN])
def test_a_department_hands_its_duty_down_to_no_town_and_no_village(hotline: Hotline, below: str) -> None:
    number, _ = of_the_department(hotline)
    waiting = hotline.registered()
    before = hotline.read(number), hotline.read(waiting)
    with pytest.raises(BadInput, match="请由部门自己办理"):
        hotline.act(number, "ask_help", hotline.contact, bodies=[LAMPS, below], what=WHAT, days=1)
    note = "就在村里，请村里去看一看。"
    with pytest.raises(BadInput, match="不能派给乡镇、街道或者村、社区"):
        hotline.act(waiting, "dispatch", hotline.dispatcher, body=below, limit="complaint", note=note)
    assert (hotline.read(number), hotline.read(waiting)) == before


@pytest.mark.parametrize("days", ["0", "31", "两", "", "-1", "1.5"])
def test_help_is_asked_for_so_many_days_as_the_form_says(
    hotline: Hotline, set_now: SetNow, days: str
) -> None:
    set_now(MONDAY)
    number, above = of_the_department(hotline)
    asked = {"bodies": [LAMPS], "what": WHAT, "days": days}
    refused = hotline.cast.client(above).post(f"/desk/cases/{number}/ask_help/", asked)
    assert (refused.status_code, WHAT in refused.content.decode()) == (422, True)
    assert hotline.read(number).children == ()


def test_a_unit_asks_for_an_extension_on_the_page(hotline: Hotline, set_now: SetNow) -> None:
    set_now(MONDAY)
    number, above = of_the_department(hotline)
    unit, here = hotline.cast.client(above), f"/desk/cases/{number}/ask_extension/"
    reason = "灯具要从厂家调货，三天以后才到。"
    refused = unit.post(here, {"days": "11", "reason": reason})
    assert (refused.status_code, "可以申请延长1至10个工作日" in refused.content.decode()) == (422, True)
    assert unit.post(here, {"days": "3", "reason": reason}).status_code == 302
    entry = journal.entries_of(number)[-1]
    assert (entry.event, entry.public["days"]) == ("ticket.extension_asked", 3)


def test_help_asked_in_the_last_hour_of_the_time_to_answer_is_refused_with_the_day(
    hotline: Hotline, set_now: SetNow
) -> None:
    number, above = of_the_department(hotline)
    clock = hotline.read(number).deadline("handling")
    assert clock is not None
    set_now(clock.due_at - timedelta(minutes=30))
    asked = {"bodies": [LAMPS], "what": WHAT, "days": "1"}
    refused = hotline.cast.client(above).post(f"/desk/cases/{number}/ask_help/", asked)
    page = refused.content.decode()
    assert (refused.status_code, WHAT in page) == (422, True)
    assert "晚于本件期限的最后一日2026年3月9日" in page
    assert hotline.read(number).children == ()
