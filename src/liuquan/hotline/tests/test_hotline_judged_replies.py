"""A reply that misses the request is asked about once more before it is sent; with a reason it goes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from liuquan.hotline.figures import figure, public_figures
from liuquan.hotline.kind import TICKET
from liuquan.hotline.queries.figures import by_body, tickets
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast
from liuquan.testing.sources import squeezed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD = "经现场核实，溪畔大道三十号门前的路灯因电缆老化不亮，照明所已更换电缆和灯具，当晚恢复照明。"
BARE = "溪畔大道三十号门前的路灯我们会在月底以前再安排人员到场。"
PROMISE = "您的诉求已转相关科室，请耐心等待。"
WHY = "诉求人要求先回一句话，办完以后再详细说明。"


@pytest.fixture
def ticket(hotline: Hotline, set_now: SetNow) -> str:
    """A ticket that the city management signed for."""
    number = hotline.dispatched()
    hotline.act(number, "sign", hotline.contact, MONDAY)
    set_now(MONDAY + HOUR)
    return number


@pytest.fixture
def contact(cast: Cast, ticket: str) -> Client:
    return cast.client("chengxiaore")


def send(client: Client, number: str, reply: str, **more: Any) -> Any:
    data = {"reply": reply, "fixed": "fixed", "contact": "phone", **more}
    return client.post(f"/desk/cases/{number}/answer/", data)


def questions(number: str) -> list[dict[str, Any]]:
    return [dict(one.public) for one in journal.entries_of(number) if one.event == "hotline.reply_questioned"]


def test_a_reply_that_answers_is_sent_at_once(contact: Client, hotline: Hotline, ticket: str) -> None:
    assert send(contact, ticket, GOOD).status_code == 302
    assert (hotline.read(ticket).state, questions(ticket)) == ("answered", [])
    assert journal.entries_of(ticket)[-1].public["despite"] is False


def test_the_form_asks_for_no_reason_before_it_is_needed(contact: Client, ticket: str) -> None:
    page = contact.get(f"/desk/cases/{ticket}/answer/").content.decode()
    assert 'name="reply"' in page
    assert "why_despite" not in page


@pytest.mark.parametrize(
    ("reply", "more", "says", "found"),
    [
        (
            PROMISE,
            {},
            "没有答到诉求上，依据是“您的诉求已转相关科室，请耐心等待”",
            {"complete": False, "explains": True, "on_time": True},
        ),
        (
            BARE,
            {"fixed": "explained"},
            "没有说明理由或者依据，依据是“溪畔大道三十号门前的路灯我们会",
            {"complete": True, "explains": False, "on_time": True},
        ),
    ],
)
def test_a_reply_that_misses_comes_back_with_the_sentence_that_decided_and_nothing_is_lost(
    contact: Client, hotline: Hotline, ticket: str, reply: str, more: Any, says: str, found: dict[str, bool]
) -> None:
    before = hotline.read(ticket)
    answer = send(contact, ticket, reply, **more)
    page = squeezed(answer.content.decode())
    assert answer.status_code == 422
    assert squeezed(says) in page
    assert squeezed("仍要发送，理由") in page
    assert reply in page
    assert hotline.read(ticket) == before
    assert questions(ticket) == [found]


def test_what_was_put_right_needs_no_ground(contact: Client, hotline: Hotline, ticket: str) -> None:
    done = "溪畔大道三十号门前的三盏路灯昨天晚上都已经换好，现在正常亮灯。"
    assert send(contact, ticket, done).status_code == 302
    assert (hotline.read(ticket).state, questions(ticket)) == ("answered", [])


def test_the_reason_why_nothing_was_fixed_counts_as_part_of_the_reply(
    contact: Client, hotline: Hotline, ticket: str
) -> None:
    why = "根据照明改造计划，这一段的电缆要在四月更换。"
    assert send(contact, ticket, BARE, fixed="not_fixed", why=why).status_code == 302
    assert questions(ticket) == []


def test_a_late_reply_that_misses_is_told_to_say_so(contact: Client, set_now: SetNow, ticket: str) -> None:
    set_now(MONDAY + 20 * DAY)
    assert "办理时限已过，请一并说明" in send(contact, ticket, PROMISE).content.decode()
    assert [one["on_time"] for one in questions(ticket)] == [False]


def test_with_a_reason_it_is_sent_and_the_call_back_reads_the_reason(
    contact: Client, hotline: Hotline, cast: Cast, set_now: SetNow, ticket: str
) -> None:
    assert send(contact, ticket, PROMISE).status_code == 422
    refused = send(contact, ticket, PROMISE, why_despite="不用改")
    assert refused.status_code == 422
    assert "请写明为什么不用改，至少10个字" in refused.content.decode()
    assert hotline.read(ticket).state == "handling"
    assert send(contact, ticket, PROMISE, why_despite=WHY).status_code == 302
    entry = journal.entries_of(ticket)[-1]
    assert (entry.event, entry.public["despite"]) == ("ticket.answered", True)
    assert WHY not in str(entry.public)
    set_now(MONDAY + 2 * HOUR)
    caller_back = cast.client("rexiaofang")
    sheet = squeezed(caller_back.get("/desk/hotline/callbacks/").content.decode())
    assert "系统提示过，写明理由仍发送" in sheet
    form = squeezed(caller_back.get(f"/desk/cases/{ticket}/call_back/").content.decode())
    assert "承办单位没有改，写了理由" in form
    case = squeezed(caller_back.get(f"/desk/cases/{ticket}/").content.decode())
    assert "承办单位没有改，写了理由" in case
    assert WHY in case


def test_whoever_asked_reads_the_reply_and_not_the_reason(contact: Client, ticket: str) -> None:
    send(contact, ticket, PROMISE, why_despite=WHY)
    assert journal.entries_of(ticket)[-1].public["despite"] is True
    assert TICKET.reasons == ("reply", "why")


def test_programs_are_not_asked(hotline: Hotline, ticket: str) -> None:
    hotline.act(
        ticket, "answer", hotline.contact, MONDAY + HOUR, reply=PROMISE, fixed="fixed", contact="phone"
    )
    assert (hotline.read(ticket).state, questions(ticket)) == ("answered", [])


def test_the_figure_tells_what_was_rewritten_from_what_was_sent_despite(
    hotline: Hotline, contact: Client, ticket: str
) -> None:
    shown = figure("questioned")
    assert shown is not None
    assert shown not in public_figures()
    rewritten, straight = (hotline.dispatched() for _ in range(2))
    for number in (rewritten, straight):
        hotline.act(number, "sign", hotline.contact, MONDAY)
    send(contact, ticket, PROMISE)
    send(contact, ticket, PROMISE, why_despite=WHY)
    send(contact, rewritten, PROMISE)
    send(contact, rewritten, GOOD)
    send(contact, straight, GOOD)
    march, now = date(2026, 3, 1), MONDAY + DAY
    line = next(
        one for one in by_body(hotline.dispatcher, month=march, now=now) if one.code == CITY_MANAGEMENT
    )
    value = next(one for one in line.values if one.figure.id == "questioned")
    assert dict(value.counts) == {"despite": 1, "rewritten": 1, "straight": 1}
    assert value.percent == "66.7"
    for part, number in (("despite", ticket), ("rewritten", rewritten), ("straight", straight)):
        found = tickets(hotline.dispatcher, shown, month=march, now=now, part=part)
        assert [one.number for one in found] == [number]
    # a question before an earlier answer is not charged to a later one
    again = {"limit": "complaint", "reason": "诉求人说路灯又不亮了，请再查。"}
    hotline.act(rewritten, "redo", hotline.dispatcher, MONDAY + 2 * HOUR, **again)
    send(contact, rewritten, GOOD)
    found = tickets(hotline.dispatcher, shown, month=march, now=now, part="straight")
    assert {one.number for one in found} == {straight, rewritten}
