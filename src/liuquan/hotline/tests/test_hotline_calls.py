"""Calls: taken once from the phone system, counted exactly, and none without an outcome."""

from __future__ import annotations

import uuid
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from liuquan.hotline import actions, models, queries
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.tests.calling import answered_call, number_of, phone, row, send
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.hotline.types import CallFigures, CallOutcome, Emergency, PhoneEvent, PhoneEventKind, SeatState
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, Unavailable, WrongState
from liuquan.law import load_law
from liuquan.testing.browsers import SetNow
from liuquan.testing.sources import squeezed

__all__ = ["phone"]
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def called(seconds: float | None, *, at: Any = MONDAY) -> str:
    """A call answered after so many seconds and then over; without a number, never answered."""
    stand_in = StandInPhone()
    line = stand_in.ring("19900000009", now=at)
    if seconds is not None:
        stand_in.answer(line, "", now=at + seconds * SECOND)
    stand_in.end(line, now=at + 60 * SECOND)
    return number_of(line)


def test_events_in_any_order_and_sent_twice_give_one_call(hotline: Hotline) -> None:
    order = [
        PhoneEvent("e3", PhoneEventKind.ENDED, "L1", MONDAY + 90 * SECOND),
        PhoneEvent("e2", PhoneEventKind.ANSWERED, "L1", MONDAY + 5 * SECOND, seat="801"),
        PhoneEvent("e1", PhoneEventKind.ARRIVED, "L1", MONDAY, phone="199 0000 0001"),
    ]
    assert [actions.take_event(one, now=MONDAY + HOUR) for one in order] == [True, True, True]
    assert [actions.take_event(one, now=MONDAY + HOUR) for one in order] == [False, False, False]
    (call,) = models.Call.objects.all()
    assert (call.arrived_at, call.answered_at, call.outcome) == (MONDAY, MONDAY + 5 * SECOND, "")
    assert call.phone_masked == "199****0001"
    assert b"19900000001" not in bytes(call.phone_enc or b"")


def test_the_phone_system_proves_itself_and_a_replay_changes_nothing(
    hotline: Hotline, phone: StandInPhone, set_now: SetNow
) -> None:
    set_now(MONDAY)
    client, event = Client(), {"id": "e1", "kind": "arrived", "line": "L1", "phone": "19900000001"}
    assert send(client, MONDAY, secret="another", **event).status_code == 403
    old = str(int((MONDAY - HOUR).timestamp()))
    assert send(client, MONDAY, stamp=old, **event).status_code == 403
    assert send(client, MONDAY, **{**event, "kind": "sung"}).status_code == 422
    assert not models.Call.objects.exists()
    assert send(client, MONDAY, **event).status_code == 201
    before = models.Call.objects.values().get()
    assert send(client, MONDAY, **{**event, "phone": "19900000002"}).status_code == 200
    assert models.Call.objects.values().get() == before


def test_without_a_secret_no_event_is_taken(hotline: Hotline, set_now: SetNow, settings: Any) -> None:
    settings.LIUQUAN_PHONE_SECRET = ""
    set_now(MONDAY)
    assert send(Client(), MONDAY, secret="", id="e1", kind="arrived", line="L1").status_code == 503
    assert not models.Call.objects.exists()


@pytest.mark.requirement("HOT-08")
def test_every_call_has_an_outcome_and_waits_for_it_in_sight(
    hotline: Hotline, phone: StandInPhone, cast: Any, set_now: SetNow
) -> None:
    set_now(MONDAY + HOUR)
    missed, silent = called(None), called(3)
    broken_line = phone.ring("19900000007", now=MONDAY)
    phone.answer(broken_line, "", now=MONDAY + SECOND)
    phone.end(broken_line, now=MONDAY + 9 * SECOND, breaks_off=True)
    broken = number_of(broken_line)
    # what has no outcome, was missed or broke off is listed, on the page too, until somebody sees to it
    assert [one.number for one in queries.calls.without_outcome(by=hotline.operator)] == [silent]
    assert {one.number for one in queries.calls.to_call_back(by=hotline.operator)} == {missed, broken}
    page = squeezed(cast.client("rexiaojie").get("/desk/hotline/calls/").content.decode())
    assert "待回拨（2）" in page
    assert "没有去向的来电（1）" in page
    assert all(f"/desk/hotline/calls/{one}/" in page for one in (missed, broken, silent))
    actions.call_back_failed(missed, by=hotline.operator, now=MONDAY + HOUR)
    assert missed in {one.number for one in queries.calls.to_call_back(by=hotline.operator)}
    said = {"note": "已告知办证时间"}
    actions.settle(missed, CallOutcome.CALLED_BACK, by=hotline.operator, now=MONDAY + HOUR, **said)
    actions.settle(silent, CallOutcome.ANSWERED, by=hotline.operator, now=MONDAY + HOUR, **said)
    ticket = hotline.registered()
    actions.settle(broken, CallOutcome.TICKET, by=hotline.operator, now=MONDAY + HOUR, ticket=ticket)
    assert not queries.calls.without_outcome(by=hotline.operator)
    assert not queries.calls.to_call_back(by=hotline.operator)
    assert not models.Call.objects.filter(outcome="").exists()


@pytest.mark.requirement("HOT-08")
def test_a_call_gets_one_outcome_and_an_answer_says_what(hotline: Hotline) -> None:
    number = called(3)
    with pytest.raises(BadInput, match="答复了什么"):
        actions.settle(number, CallOutcome.ANSWERED, by=hotline.operator, now=MONDAY, note="好")
    assert row(number).outcome == ""
    with pytest.raises(NotAllowed):
        actions.settle(number, CallOutcome.ANSWERED, by=hotline.contact, now=MONDAY, note="已告知")
    assert row(number).outcome == ""
    actions.settle(number, CallOutcome.ANSWERED, by=hotline.operator, now=MONDAY, note="已告知办证时间")
    with pytest.raises(WrongState):
        actions.settle(number, CallOutcome.TICKET, by=hotline.operator, now=MONDAY, ticket="RX1")
    assert (row(number).outcome, row(number).ticket) == ("answered", "")


def test_connected_and_answered_in_time_are_counted_exactly(hotline: Hotline) -> None:
    law_on = MONDAY.date()
    seconds = load_law().limit("hotline.answer_call", on=law_on).amount
    for at in range(18):
        called(1, at=MONDAY + at * SECOND)
    called(seconds - 0.001)
    late = called(seconds)
    called(None)
    phone = StandInPhone()
    phone.ring("19900000001", now=MONDAY)  # still rings: it is not lost yet
    called(2, at=MONDAY - timedelta(days=1))  # of another day
    models.Call.objects.create(
        line="hand-1", arrived_at=MONDAY, answered_at=MONDAY, ended_at=MONDAY, is_by_hand=True
    )
    found = queries.calls.figures_of(law_on)
    assert (found.arrived, found.counted, found.connected, found.quick) == (22, 21, 20, 19)
    assert (found.share, found.least) == (Fraction(20, 21), Fraction(95, 100))
    assert found.is_enough
    assert (found.share_text, found.quick_text) == ("95.2%", "95.0%")
    listed = queries.calls.calls(on=law_on, by=hotline.operator, only="late")
    assert [(one.number, one.is_late) for one in listed] == [(late, True)]
    assert len(queries.calls.calls(on=law_on, by=hotline.operator, only="lost")) == 1


@pytest.mark.parametrize(("lost", "enough", "says"), [(5, True, "95.0%"), (6, False, "94.0%")])
def test_the_wallboard_says_whether_enough_calls_were_connected(
    hotline: Hotline, cast: Any, set_now: SetNow, lost: int, enough: bool, says: str
) -> None:
    set_now(MONDAY + HOUR)
    for at in range(100):
        models.Call.objects.create(
            line=f"L{at}",
            arrived_at=MONDAY,
            answered_at=None if at < lost else MONDAY,
            ended_at=MONDAY + SECOND,
            outcome="missed" if at < lost else "answered",
        )
    found = queries.calls.figures_of(MONDAY.date())
    assert (found.is_enough, found.share_text) == (enough, says)
    page = cast.client("rexiaojie").get("/desk/hotline/wall/").content.decode()
    assert says in page
    assert ("lamp-green" in page, "lamp-red" in page) == (enough, not enough)
    assert cast.client("chengxiaore").get("/desk/hotline/wall/").status_code == 403


def test_what_is_below_the_mark_never_reads_as_if_it_reached_it(hotline: Hotline) -> None:
    found = queries.calls.figures_of(MONDAY.date())
    assert (found.share, found.share_text, found.is_enough) == (None, "—", True)
    near = CallFigures(100_000, 100_000, 94_999, 1, 15, Fraction(95, 100), "")
    assert (near.is_enough, near.share_text) == (False, "94.9%")


def test_listening_is_entered_first_and_a_changed_recording_is_refused(
    hotline: Hotline, phone: StandInPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = answered_call(hotline.operator, at=MONDAY)
    phone.end(row(number).line, now=MONDAY + HOUR)
    with pytest.raises(NotAllowed):
        actions.hear(number, by=hotline.contact, now=MONDAY + HOUR)
    assert not journal.entries_of(number)
    sound = actions.hear(number, by=hotline.operator, now=MONDAY + HOUR)
    assert sound.startswith(b"RIFF")
    assert [one.event for one in journal.entries_of(number)] == ["hotline.recording_opened"]
    monkeypatch.setattr(StandInPhone, "recording", lambda *_: sound + b"changed")
    with pytest.raises(Unavailable, match="不一致"):
        actions.hear(number, by=hotline.dispatcher, now=MONDAY + HOUR)


def test_a_third_joins_and_the_call_says_who(hotline: Hotline, phone: StandInPhone) -> None:
    number = answered_call(hotline.operator, at=MONDAY)
    assert actions.join_third(number, "市城管局值班室", by=hotline.operator, now=MONDAY) == ""
    assert (row(number).third_party, row(number).third_at) == ("市城管局值班室", MONDAY)
    phone.end(row(number).line, now=MONDAY + SECOND)
    with pytest.raises(WrongState):
        actions.join_third(number, "翻译", by=hotline.operator, now=MONDAY + HOUR)
    assert row(number).third_party == "市城管局值班室"


def test_a_call_that_is_registered_while_talking_stays_until_it_is_over(
    hotline: Hotline, cast: Any, set_now: SetNow, phone: StandInPhone
) -> None:
    set_now(MONDAY)
    number = answered_call(hotline.operator, at=MONDAY)
    ticket = hotline.registered()
    actions.settle(number, CallOutcome.TICKET, by=hotline.operator, now=MONDAY, ticket=ticket)
    operator = cast.client("rexiaojie")
    page = squeezed(operator.get("/desk/hotline/calls/").content.decode())
    assert "演示：挂断" in page
    assert queries.calls.waiting(now=MONDAY)["talking"] == 1
    screen = squeezed(operator.get("/desk/hotline/new/").content.decode())
    assert ticket in screen
    assert "登记这通来电" not in screen
    operator.post("/desk/hotline/calls/stand-in/", {"line": number, "act": "end"})
    assert "演示：挂断" not in operator.get("/desk/hotline/calls/").content.decode()
    assert queries.calls.waiting(now=MONDAY)["talking"] == 0
    assert (row(number).outcome, row(number).ticket) == ("ticket", ticket)


def test_with_nobody_on_the_line_no_call_of_before_is_put_through(
    hotline: Hotline, phone: StandInPhone
) -> None:
    """The phone system never told that the first one was over."""
    first = answered_call(hotline.operator, at=MONDAY)
    second = answered_call(hotline.operator, at=MONDAY + SECOND, phone="19900000002")
    phone.end(row(second).line, now=MONDAY + 2 * SECOND)
    assert queries.calls.mine(by=hotline.operator) is None
    assert actions.transfer("", Emergency.MEDICAL, by=hotline.operator, now=MONDAY + HOUR)
    assert (row(first).service, row(second).service) == ("", "")
    assert models.Call.objects.filter(is_by_hand=True, service="120").count() == 1


def test_a_seat_has_one_person_and_follows_the_call(hotline: Hotline, phone: StandInPhone) -> None:
    number = answered_call(hotline.operator, at=MONDAY)
    assert [(one.seat, one.state) for one in queries.calls.seats()] == [("801", SeatState.TALKING)]
    assert row(number).staff_id == hotline.operator.staff_id
    with pytest.raises(WrongState, match="坐席上有人"):
        actions.sit("801", SeatState.READY, by=hotline.dispatcher, now=MONDAY)
    phone.end(row(number).line, now=MONDAY + SECOND)
    assert queries.calls.seats()[0].state is SeatState.AFTER
    actions.settle(
        number, CallOutcome.ANSWERED, by=hotline.operator, now=MONDAY + HOUR, note="已告知办证时间"
    )
    assert queries.calls.seats()[0].state is SeatState.READY
    actions.sit("801", SeatState.AWAY, by=hotline.operator, now=MONDAY + HOUR)
    assert not queries.calls.seats()


def test_an_outsider_sees_no_call(hotline: Hotline, cast: Any, set_now: SetNow) -> None:
    set_now(MONDAY + HOUR)
    number = called(3)
    client = cast.client("chengxiaore")
    for path in ("calls/", "calls/now/", f"calls/{number}/", "roster/", "roster/hand-over/"):
        assert client.get(f"/desk/hotline/{path}").status_code == 403
    assert client.post(f"/desk/hotline/calls/{number}/recording/").status_code == 403
    assert cast.client("rexiaojie").get(f"/desk/hotline/calls/{uuid.uuid4()}/").status_code == 404
