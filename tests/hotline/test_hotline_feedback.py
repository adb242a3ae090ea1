"""After an answer the requester is told, says what they think, and is called back until reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline.queries.callbacks import callbacks
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.kernel.sql import run
from liuquan.kinds import queries as kinds
from liuquan.messages import actions as messages
from liuquan.messages import queries as told
from liuquan.organisation.types import party_actor
from liuquan.reviews import actions as reviews
from liuquan.reviews import queries as reviewed
from liuquan.testing.browsers import SetNow
from liuquan.testing.sources import squeezed

DAY = timedelta(days=1)
REPLY = {"reply": "已更换灯具，今晚恢复照明。", "fixed": "fixed", "contact": "phone"}
SAID = {"satisfied": "satisfied", "confirmed": "yes"}


def sheet(hotline: Hotline, now: datetime) -> list[tuple[str, date, int]]:
    """The call-back sheet: number, the last day to call, calls without an answer."""
    return [(one.number, one.due_on, one.tries) for one in callbacks(hotline.caller_back, now=now)]


def deferred(entry: UUID) -> set[str]:
    """The jobs that follow from this entry."""
    asked = "SELECT task_name FROM procrastinate_jobs WHERE args ->> 'entry' = %(entry)s"
    return {row["task_name"] for row in run(asked, {"entry": str(entry)})}


def holder(number: str) -> Client:
    client = Client()
    assert client.post("/track/", {"number": number, "code": cases.query_code(number)}).status_code == 302
    return client


@pytest.mark.requirement("EVAL-04")
def test_the_answer_is_fed_back_to_the_requester_who_rates_it_or_asks_again(
    hotline: Hotline, settings: Settings, set_now: SetNow
) -> None:
    settings.LIUQUAN_GATEWAYS = {"sms": "liuquan.messages.actions.outbox.OutboxGateway", "email": ""}
    set_now(MONDAY)
    number = hotline.dispatched()
    (party,) = hotline.read(number).parties
    messages.agree_to_sms(party, by=party_actor(party), now=MONDAY)
    hotline.act(number, "sign", hotline.contact)
    entry = UUID(hotline.act(number, "answer", hotline.contact, **REPLY).entry)
    # told by message, and on the page of the slip in full
    assert {"messages.prepare", "reviews.invite"} <= deferred(entry)
    assert messages.prepare(number, entry=entry, event="ticket.answered", now=MONDAY) == 1
    (message,) = told.of_case(number, party=party)
    assert f"热线工单{number}：已答复，待回访" in message.text
    assert "热线中心会回访您；没有解决的，可以再次反映" in message.text
    page = squeezed(holder(number).get(f"/track/{number}/").content.decode())
    assert "<h1>已答复</h1>" in page
    assert f"答复内容：{REPLY['reply']}" in page
    # their verdict: on the service, and that nothing was settled
    assert reviews.invite(number, str(entry))
    answered = holder(number).post(
        f"/track/{number}/review/", {"service": str(entry), "grade": "1", "words": "灯还是不亮，没人来。"}
    )
    assert answered.status_code == 302
    (service,) = reviewed.services(number)
    assert (service.body_name, int(service.grade or 0)) == ("云溪市城市管理局", 1)
    again = holder(number).post(f"/track/{number}/ask_again/", {"more": "灯还是不亮，请再来看一看。"})
    assert again.status_code == 302
    case = hotline.read(number)
    assert (case.state, case.outcome, case.body_code) == ("handling", "again", CITY_MANAGEMENT)
    clock = case.deadline("handling")
    assert clock is not None
    assert (clock.limit_key, clock.due_on) == ("again", date(2026, 3, 5))
    assert sheet(hotline, MONDAY) == []


@pytest.mark.requirement("EVAL-04")
def test_whoever_was_answered_is_called_back_on_the_next_day_until_reached(hotline: Hotline) -> None:
    number = hotline.answered()
    assert sheet(hotline, MONDAY) == [(number, date(2026, 3, 3), 0)]
    for tried in (1, 2):
        at = MONDAY + tried * DAY
        hotline.act(number, "not_reached", hotline.caller_back, at)
        # tried again on the next working day, and not closed
        assert sheet(hotline, at) == [(number, date(2026, 3, 3 + tried), tried)]
        assert journal.entries_of(number)[-1].public["tries"] == tried
    before = hotline.read(number)
    with pytest.raises(WrongState, match="没有接通2次，至少3次"):
        hotline.act(number, "close_unreached", hotline.caller_back, MONDAY + 2 * DAY)
    assert hotline.read(number) == before
    hotline.act(number, "call_back", hotline.caller_back, MONDAY + 3 * DAY, **SAID)
    assert sheet(hotline, MONDAY + 3 * DAY) == []
    case, entry = hotline.read(number), journal.entries_of(number)[-1]
    assert (case.state, case.closed_at) == ("closed", MONDAY + 3 * DAY)
    assert (entry.public["satisfied"], entry.public["confirmed"]) == ("satisfied", "yes")
    assert not [clock for clock in case.deadlines if clock.is_open]


@pytest.mark.requirement("EVAL-04")
def test_only_who_was_tried_three_times_is_closed_without_having_been_reached(hotline: Hotline) -> None:
    number = hotline.answered()
    for tried in (1, 2, 3):
        hotline.act(number, "not_reached", hotline.caller_back, MONDAY + tried * DAY)
    hotline.act(number, "close_unreached", hotline.caller_back, MONDAY + 3 * DAY)
    entry = journal.entries_of(number)[-1]
    assert (hotline.read(number).state, entry.public["tries"]) == ("closed", 3)
    assert sheet(hotline, MONDAY + 3 * DAY) == []


@pytest.mark.requirement("EVAL-04")
def test_nothing_is_closed_after_an_answer_but_by_a_call_back(hotline: Hotline) -> None:
    number = hotline.answered()
    case = hotline.read(number)
    assert (case.state, case.closed_at) == ("answered", None)
    ends = {
        row.action
        for row in cases.procedure_of(case).rows
        if "answered" in row.sources and row.target and cases.procedure_of(case).state(row.target).closed
    }
    assert ends == {"call_back", "close_unreached"}
    offers = {one: cases.offers(case, by=one, now=MONDAY) for one in (hotline.caller_back, hotline.contact)}
    assert "call_back" in {offer.action for offer in offers[hotline.caller_back]}
    assert not {offer.action for offer in offers[hotline.contact]}
    with pytest.raises(NotAllowed):
        hotline.act(number, "call_back", hotline.contact, MONDAY + DAY, **SAID)
    assert hotline.read(number) == case


@pytest.mark.requirement("EVAL-04")
def test_the_one_who_answered_does_not_call_back(hotline: Hotline) -> None:
    number = hotline.answered()
    before = hotline.read(number)
    same = replace(hotline.caller_back, staff_id=hotline.contact.staff_id)
    assert callbacks(same, now=MONDAY)[0].own
    assert not callbacks(hotline.caller_back, now=MONDAY)[0].own
    for action, data in (("call_back", SAID), ("not_reached", {})):
        with pytest.raises(NotAllowed, match="本件由您答复，回访须由另一人进行"):
            hotline.act(number, action, same, MONDAY + DAY, **data)
    assert hotline.read(number) == before


@pytest.mark.requirement("EVAL-04")
def test_what_a_dissatisfied_requester_says_is_written_down_or_sent_back_to_be_done_again(
    hotline: Hotline,
) -> None:
    number = hotline.answered()
    before = hotline.read(number)
    for said in ({"satisfied": "not", "confirmed": "yes"}, {"satisfied": "satisfied", "confirmed": "no"}):
        with pytest.raises(BadInput, match="请记下诉求人怎么说"):
            hotline.act(number, "call_back", hotline.caller_back, MONDAY + DAY, **said, note="不行。")
    assert hotline.read(number) == before
    reason = {"limit": "complaint", "reason": "诉求人说路灯仍然不亮，没有人来修过。"}
    hotline.act(number, "redo", hotline.caller_back, MONDAY + DAY, **reason)
    case = hotline.read(number)
    clock = case.deadline("handling")
    assert clock is not None
    assert (case.state, case.body_code, clock.due_on) == ("handling", CITY_MANAGEMENT, date(2026, 3, 10))
    hotline.act(number, "answer", hotline.contact, MONDAY + 2 * DAY, **REPLY)
    assert sheet(hotline, MONDAY + 2 * DAY) == [(number, date(2026, 3, 5), 0)]
    note = "诉求人说灯亮了，但是等得太久，希望以后当天就修。"
    said = {"satisfied": "not", "confirmed": "yes", "note": note}
    hotline.act(number, "call_back", hotline.caller_back, MONDAY + 3 * DAY, **said)
    assert hotline.read(number).state == "closed"
    file = casework.open_case_file(number, by=hotline.dispatcher, now=MONDAY + 3 * DAY)
    assert [texts["note"] for texts in file.texts.values() if "note" in texts] == [note]


@pytest.mark.requirement("EVAL-04")
def test_who_answers_at_once_asks_for_the_verdict_too(hotline: Hotline) -> None:
    number = hotline.registered()
    entry = hotline.act(number, "answer_now", hotline.operator, reply="今晚恢复照明。").entry
    reactions = kinds.kind("ticket").reactions
    assert all("reviews.invite" in reactions[event] for event in ("ticket.answered_now", "ticket.told_with"))
    assert reviews.invite(number, str(entry))
    assert len(reviewed.services(number)) == 1
