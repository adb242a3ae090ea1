"""Whoever was merged is told with the ticket that is handled, however that one ends, and reviews its body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from liuquan.casework import queries as cases
from liuquan.hotline import actions
from liuquan.hotline.kind import TICKET
from liuquan.hotline.queries import centre
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import sql
from liuquan.kernel.refusals import WrongState
from liuquan.organisation.types import Actor, party_actor
from liuquan.reviews import actions as reviews
from liuquan.reviews import queries as reviewed
from liuquan.supervision import queries as findings
from liuquan.supervision import rulebook
from liuquan.testing.cast import Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPLY = {"reply": "已更换灯具。", "fixed": "fixed", "contact": "phone"}


def merged(hotline: Hotline, into: str, name: str = "王溪畔", phone: str = "19900000002") -> str:
    number = hotline.registered(requester=hotline.caller(name=name, phone=phone))
    hotline.act(number, "merge", hotline.dispatcher, into=into)
    return number


def told(number: str) -> list[Entry]:
    """What somebody who was merged was told, the newest last."""
    return [
        one for one in journal.entries_of(number) if one.event in ("ticket.told_with", "ticket.ended_with")
    ]


def untold(now_in: timedelta) -> list[tuple[str, str]]:
    """Who waits for nothing, by the rule, so long after Monday."""
    found = findings.judge(rulebook.rule("ticket_merged_untold"), now=MONDAY + now_in)
    return [(hit.subject_number, hit.key) for hit in found]


def requester(hotline: Hotline, number: str) -> Actor:
    return party_actor(next(iter(hotline.read(number).parties)), "诉求人")


def by_a_legal_way(hotline: Hotline, number: str) -> None:
    hotline.act(number, "tell_way", hotline.dispatcher, way="petition", note="李云溪请到信访窗口。")


def by_an_emergency_number(hotline: Hotline, number: str) -> None:
    hotline.act(number, "transfer", hotline.operator, service="119")


def by_an_answer_at_once(hotline: Hotline, number: str) -> None:
    hotline.act(number, "answer_now", hotline.operator, reply="今晚恢复照明。")


@pytest.mark.parametrize(
    ("end", "event", "outcome"),
    [
        (by_a_legal_way, "ticket.way_told", "ended"),
        (by_an_emergency_number, "ticket.transferred", "ended"),
        (by_an_answer_at_once, "ticket.answered_now", "answered"),
    ],
)
def test_who_was_merged_is_told_how_the_other_ticket_ended(
    hotline: Hotline, end: Callable[[Hotline, str], None], event: str, outcome: str
) -> None:
    main = hotline.registered()
    second = merged(hotline, main)
    assert told(second) == []
    end(hotline, main)
    # nobody told them: found a day later
    assert (untold(23 * HOUR), untold(DAY)) == ([], [(main, second)])
    assert "hotline.tell_merged" in TICKET.reactions[event]
    assert actions.tell_merged(main, now=MONDAY + HOUR) == 1
    assert actions.tell_merged(main, now=MONDAY + HOUR) == 0
    case = hotline.read(second)
    assert (case.state, case.outcome, len(told(second))) == ("merged", outcome, 1)
    assert "重新反映" in TICKET.next_step(case, MONDAY)
    assert not [clock for clock in case.deadlines if clock.is_open]
    assert untold(30 * DAY) == []


def test_what_the_others_are_told_of_the_way_names_it_and_not_the_requester(
    hotline: Hotline, cast: Cast
) -> None:
    main = hotline.registered()
    second = merged(hotline, main)
    by_a_legal_way(hotline, main)
    actions.tell_merged(main, now=MONDAY)
    client = cast.client()
    client.post("/track/", {"number": second, "code": cases.query_code(second)})
    page = client.get(f"/track/{second}/").content.decode()
    assert "信访" in page
    assert "李某请到信访窗口" in page
    assert "李云溪" not in page


def test_who_waits_with_a_ticket_that_is_merged_waits_with_the_other_one(hotline: Hotline) -> None:
    main, between = hotline.dispatched(), hotline.registered()
    last = merged(hotline, between)
    hotline.act(between, "merge", hotline.dispatcher, into=main)
    assert untold(DAY) == [(between, last)]
    assert actions.tell_merged(between, now=MONDAY + HOUR) == 0
    assert hotline.ticket(last).into == main  # type: ignore[union-attr]
    assert hotline.ticket(main).holds == (between, last)  # type: ignore[union-attr]
    assert untold(DAY) == []
    hotline.act(main, "sign", hotline.contact)
    hotline.act(main, "answer", hotline.contact, **REPLY)
    assert actions.tell_merged(main, now=MONDAY + HOUR) == 2
    assert [one.public["into"] for one in told(last)] == [main]
    hotline.act(main, "call_back", hotline.caller_back, MONDAY + DAY, satisfied="satisfied", confirmed="yes")
    assert untold(30 * DAY) == []


def test_who_waits_is_told_at_once_when_the_other_one_was_answered_already(hotline: Hotline) -> None:
    main, between = hotline.answered(), hotline.registered()
    last = merged(hotline, between)
    hotline.act(between, "merge", hotline.dispatcher, MONDAY + HOUR, into=main)
    assert actions.tell_merged(between, now=MONDAY + HOUR) == 2
    assert hotline.read(last).outcome == "answered"


def test_a_second_answer_is_told_too_and_missed_if_it_is_not(hotline: Hotline) -> None:
    main = hotline.dispatched()
    second = merged(hotline, main)
    hotline.act(main, "sign", hotline.contact)
    hotline.act(main, "answer", hotline.contact, **REPLY)
    actions.tell_merged(main, now=MONDAY)
    again = {"limit": "complaint", "reason": "现场查看，路灯仍然不亮。"}
    hotline.act(main, "redo", hotline.dispatcher, MONDAY + HOUR, **again)
    hotline.act(main, "answer", hotline.contact, MONDAY + 2 * HOUR, **REPLY)
    said = {"satisfied": "satisfied", "confirmed": "yes"}
    hotline.act(main, "call_back", hotline.caller_back, MONDAY + DAY, **said)
    assert untold(2 * DAY) == [(main, second)]
    assert actions.tell_merged(main, now=MONDAY + DAY + HOUR) == 1
    assert untold(2 * DAY) == []


def test_the_requester_of_the_ticket_that_is_handled_cannot_end_what_the_others_asked(
    hotline: Hotline,
) -> None:
    main = hotline.dispatched()
    second = merged(hotline, main)
    with pytest.raises(WrongState, match="另有1位诉求人反映同一件事"):
        hotline.act(main, "withdraw", requester(hotline, main))
    case = hotline.read(main)
    assert (case.state, case.body_code) == ("dispatched", CITY_MANAGEMENT)
    assert told(second) == []


def test_a_withdrawal_in_the_moment_of_a_merger_tells_whoever_was_merged(hotline: Hotline) -> None:
    main = hotline.registered()
    second = merged(hotline, main)
    # as the withdrawal sees it that began before the merger was written
    sql.run_one("UPDATE hotline_ticket SET into_id = NULL WHERE into_id IS NOT NULL RETURNING case_id")
    hotline.act(main, "withdraw", requester(hotline, main))
    ids = {"main": hotline.read(main).id, "second": hotline.read(second).id}
    sql.run_one("UPDATE hotline_ticket SET into_id = %(main)s WHERE case_id = %(second)s RETURNING 1", ids)
    assert actions.tell_merged(main, now=MONDAY) == 1
    assert hotline.read(second).outcome == "ended"


@pytest.mark.parametrize("way", ["told_with", "ended_with"])
def test_the_review_of_whoever_was_merged_is_about_the_body_that_handled_it(
    hotline: Hotline, way: str
) -> None:
    main = hotline.dispatched()
    second = merged(hotline, main)
    if way == "told_with":
        hotline.act(main, "sign", hotline.contact)
        hotline.act(main, "answer", hotline.contact, **REPLY)
    else:
        reason = "路灯的争议正在法院审理，不属于城管。"
        hotline.act(main, "return_ticket", hotline.contact, ground="legal_way", reason=reason)
        by_a_legal_way(hotline, main)
    actions.tell_merged(main, now=MONDAY)
    (entry,) = told(second)
    assert entry.event == f"ticket.{way}"
    assert "reviews.invite" in TICKET.reactions[entry.event]
    assert reviews.invite(second, str(entry.number))
    (service,) = reviewed.services(second)
    assert service.body_name == ("云溪市城市管理局" if way == "told_with" else "云溪市市长热线受理中心")
    assert entry.public["served_by"] == (CITY_MANAGEMENT if way == "told_with" else centre())
