"""The call-back sheet: whom to call, when again, by whom; and the pages of quality."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from liuquan.casework import actions as casework
from liuquan.hotline import queries
from liuquan.hotline.checks import LEAST_CALLS
from liuquan.hotline.queries.callbacks import CallBack, callbacks
from liuquan.hotline.queries.network import network
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, TOWN, Hotline
from liuquan.hotline.types import RequestKind
from liuquan.journal import queries as journal
from liuquan.kernel import moments
from liuquan.kernel.refusals import NotAllowed, WrongState
from liuquan.testing.sources import squeezed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def line(hotline: Hotline, number: str, now: datetime) -> CallBack | None:
    found = callbacks(hotline.caller_back, now=now)
    return next((one for one in found if one.number == number), None)


def shown(one: CallBack | None) -> tuple[str, int, bool]:
    assert one is not None
    return one.word, one.tries, one.may_close


@pytest.mark.requirement("EVAL-04")
def test_after_the_answer_the_requester_is_called_back_until_reached_and_what_they_say_is_kept(
    hotline: Hotline,
) -> None:
    number = hotline.dispatched()
    assert line(hotline, number, MONDAY) is None
    hotline.act(number, "sign", hotline.contact)
    hotline.act(number, "answer", hotline.contact, reply="已更换灯具。", fixed="fixed", contact="phone")
    # answered on Monday: on Tuesday at the latest
    assert shown(line(hotline, number, MONDAY)) == ("以后", 0, False)
    assert shown(line(hotline, number, MONDAY + DAY)) == ("今天", 0, False)
    assert shown(line(hotline, number, MONDAY + 2 * DAY)) == ("已过期", 0, False)
    # not reached: again on the next working day
    hotline.act(number, "not_reached", hotline.caller_back, MONDAY + DAY)
    again = line(hotline, number, MONDAY + DAY)
    assert again is not None
    assert (again.due_on.isoformat(), again.tries, again.last_at) == ("2026-03-04", 1, MONDAY + DAY)
    with pytest.raises(WrongState, match="至少3次"):
        hotline.act(number, "close_unreached", hotline.caller_back, MONDAY + 2 * DAY)
    said = {"satisfied": "basically", "confirmed": "yes", "note": "灯亮了，希望以后快一点。"}
    hotline.act(number, "call_back", hotline.caller_back, MONDAY + 2 * DAY, **said)
    assert line(hotline, number, MONDAY + 2 * DAY) is None
    case = hotline.read(number)
    assert (case.state, case.closed_at) == ("closed", MONDAY + 2 * DAY)
    told = next(one for one in journal.entries_of(number) if one.event == "ticket.called_back")
    assert (told.public["satisfied"], told.public["confirmed"]) == ("basically", "yes")
    file = casework.open_case_file(number, by=hotline.dispatcher, now=MONDAY + 3 * DAY)
    assert any(texts.get("note") == said["note"] for texts in file.texts.values())


@pytest.mark.requirement("EVAL-04")
def test_who_was_not_reached_often_enough_may_be_closed_and_a_redo_begins_the_count_again(
    hotline: Hotline,
) -> None:
    number = hotline.answered()
    for day in range(1, LEAST_CALLS + 1):
        hotline.act(number, "not_reached", hotline.caller_back, MONDAY + day * DAY)
    assert shown(line(hotline, number, MONDAY + 3 * DAY)) == ("以后", LEAST_CALLS, True)
    redo = {"limit": "complaint", "reason": "现场查看，路灯仍然不亮。"}
    hotline.act(number, "redo", hotline.dispatcher, MONDAY + 3 * DAY, **redo)
    assert line(hotline, number, MONDAY + 3 * DAY) is None
    answer = {"reply": "已更换线路。", "fixed": "fixed", "contact": "phone"}
    hotline.act(number, "answer", hotline.contact, MONDAY + 4 * DAY, **answer)
    once_more = line(hotline, number, MONDAY + 4 * DAY)
    assert once_more is not None
    assert (once_more.tries, once_more.last_at, once_more.may_close) == (0, None, False)


@pytest.mark.requirement("EVAL-04")
def test_the_most_pressing_stand_first(hotline: Hotline) -> None:
    later, first = hotline.answered(at=MONDAY + DAY), hotline.answered()
    assert [one.number for one in callbacks(hotline.dispatcher, now=MONDAY + DAY)] == [first, later]


@pytest.mark.requirement("EVAL-04")
def test_only_dispatchers_of_the_centre_have_the_sheet(hotline: Hotline) -> None:
    hotline.answered()
    for who in (hotline.contact, hotline.operator, hotline.cast.supervisor):
        with pytest.raises(NotAllowed, match="回访单"):
            callbacks(who, now=MONDAY)
    assert len(callbacks(hotline.dispatcher, now=MONDAY)) == 1


def test_the_network_has_four_levels_with_the_names_of_those_who_sign(hotline: Hotline) -> None:
    levels = network(hotline.contact, on=MONDAY.date())
    assert [one.number for one in levels] == [1, 2, 3, 4]
    contacts = {body.code: body.contacts for level in levels for body in level.bodies}
    assert len(levels[0].bodies) == 1
    assert [one.holders for one in contacts[CITY_MANAGEMENT]] == [("城小热",)]
    assert [one.holders for one in contacts[TOWN]] == [("桃小热",)]
    assert TOWN in {body.code for body in levels[2].bodies}
    assert CITY_MANAGEMENT in {body.code for body in levels[1].bodies}
    silent = [body for level in levels for body in level.bodies if not body.contacts]
    assert sum(level.lacking for level in levels) == len(silent)
    for level in levels:
        having = [bool(body.contacts) for body in level.bodies]
        assert having == sorted(having)
    assert ("村小帮",) in {contact.holders for body in levels[3].bodies for contact in body.contacts}
    # and a request goes down it: from the hotline to a department, from there to another
    number = hotline.dispatched()
    hotline.act(number, "sign", hotline.contact)
    hotline.act(number, "ask_help", hotline.contact, bodies=[HOUSING], what="请查这段线路由谁养护。", days=2)
    (child,) = hotline.read(number).children
    hotline.act(child.number, "sign", hotline.housing)
    with pytest.raises(NotAllowed):
        network(hotline.cast.applicant, on=MONDAY.date())


@pytest.mark.fact("H-06")
@pytest.mark.fact("H-07")
def test_each_of_the_six_kinds_of_request_has_the_limit_that_the_place_sets(hotline: Hotline) -> None:
    assert [kind.label for kind in RequestKind] == ["咨询", "求助", "投诉", "举报", "建议", "表扬"]
    local = {one.key: one for one in queries.limits(on=MONDAY.date())}
    for kind in RequestKind:
        number = hotline.registered(request_kind=kind)
        limit = hotline.read(number).terms.limits[f"handling:{kind.value}"]
        own = local[f"handling:{kind.value}"]
        assert (limit.amount, limit.unit.value, limit.profile) == (own.amount, own.unit, own.place)
        assert own.place


@pytest.fixture
def friday(monkeypatch: pytest.MonkeyPatch) -> datetime:
    now = MONDAY + 4 * DAY
    monkeypatch.setattr(moments, "now", lambda: now)
    return now


def page(hotline: Hotline, who: str, address: str) -> str:
    response = hotline.cast.client(who).get(address)
    assert response.status_code == 200, response.content.decode()[:1500]
    return squeezed(response.content.decode())


@pytest.mark.requirement("EVAL-04")
def test_the_sheet_opens_the_acts_and_is_narrowed(hotline: Hotline, friday: datetime) -> None:
    late, today = hotline.answered(), hotline.answered(at=friday - DAY)
    hotline.act(late, "not_reached", hotline.caller_back, MONDAY + HOUR)
    every = page(hotline, "rexiaofang", "/desk/hotline/callbacks/")
    assert f"/desk/cases/{late}/call_back/" in every
    assert f"/desk/cases/{today}/not_reached/" in every
    assert "close_unreached" not in every
    assert "1次，最近2026-03-0211:00" in every.replace(" ", "")
    for show, one, other in (("overdue", late, today), ("today", today, late), ("tried", late, today)):
        narrowed = page(hotline, "rexiaofang", f"/desk/hotline/callbacks/?show={show}")
        assert one in narrowed
        assert other not in narrowed
    empty = hotline.cast.client("chengxiaore").get("/desk/hotline/callbacks/")
    assert empty.status_code == 403


def test_the_network_page_names_the_contacts(hotline: Hotline, friday: datetime) -> None:
    text = page(hotline, "rexiaopai", "/desk/hotline/network/")
    assert "城小热" in text
    assert "没有联系人" in text
