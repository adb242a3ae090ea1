"""No request is lost: whatever those who may act do to it, somebody has it and a clock runs, or it has ended
and whoever asked was told how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from liuquan.casework import queries as cases
from liuquan.casework.types import Snapshot
from liuquan.hotline import actions
from liuquan.hotline.kind import TICKET
from liuquan.hotline.procedure import PROCEDURE
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, LOGINS, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel.refusals import Refusal
from liuquan.organisation.types import Actor, party_actor

HOUR = timedelta(hours=1)
REASON: Final = "经核实写明事实和依据，请按此办理。"
#: what each act may be given; an act with several has one of them
GIVEN: Final[dict[str, list[dict[str, Any]]]] = {
    "transfer": [{"service": "120"}],
    "answer_now": [{"reply": "工作日可以到一层窗口办理。"}],
    "tell_way": [{"way": "petition"}, {"way": "market"}],
    "dispatch": [
        {"body": CITY_MANAGEMENT, "limit": "complaint"},
        {"body": HOUSING, "limit": "urgent", "note": REASON},
    ],
    "redispatch": [
        {"body": HOUSING, "limit": "complaint", "note": REASON},
        {"body": CITY_MANAGEMENT, "limit": "complaint"},
    ],
    "refile": [{"request_kind": "complaint", "class_code": "0101", "reason": REASON}],
    "return_ticket": [{"ground": "not_ours", "reason": REASON}],
    "refuse_return": [{"reason": REASON}],
    "dispute": [{"reason": REASON}],
    "ask_extension": [{"days": 2, "reason": REASON}],
    "extend": [{"days": 2, "reason": REASON}],
    "ask_help": [{"bodies": ["11990100MB9901024C"], "what": "请查线路由谁养护。", "days": 1}],
    "add": [{"more": "今天还是不亮。"}],
    "ask_again": [{"more": "今天还是不亮。"}],
    "remind": [{"note": "请尽快办理。"}],
    "supervise": [{"level": "letter", "note": "请尽快办理。"}],
    "answer": [
        {"reply": "已经更换灯具。", "fixed": "fixed", "contact": "phone"},
        {"reply": "线路要大修。", "fixed": "not_fixed", "why": "线路要等下半年大修。", "contact": "phone"},
    ],
    "redo": [{"limit": "complaint", "reason": REASON}],
    "call_back": [
        {"satisfied": "satisfied", "confirmed": "yes"},
        {"satisfied": "not", "confirmed": "no", "note": "诉求人说还是不亮。"},
    ],
    "propose_unreasonable": [{"reason": REASON}],
    "confirm_unreasonable": [{"reason": REASON}],
    "publish": [
        {"question": "门前的路灯几天不亮，请派人修好。", "answer": "已经到现场更换灯具，今晚恢复照明。"}
    ],
    "unpublish": [{"reason": REASON}],
}
#: whose the next step is: the clock that runs while a ticket is in this state
CLOCK: Final = {
    "registered": "dispatch",
    "dispatched": "sign",
    "handling": "handling",
    "returned": "return_review",
    "disputed": "coordination",
    "answered": "callback",
}
#: how a ticket ends, and the event that told whoever asked
ENDS: Final = {
    "transfer": "ticket.transferred",
    "answer_now": "ticket.answered_now",
    "tell_way": "ticket.way_told",
    "call_back": "ticket.called_back",
    "close_unreached": "ticket.closed_unreached",
    "withdraw": "ticket.withdrawn",
    "merge": "ticket.merged",
    "join": "ticket.joined",
}
#: told to whoever was merged: the answer that the other ticket got, or how it ended without one
TOLD_WITH: Final = {"ticket.told_with", "ticket.ended_with"}


@dataclass
class Line:
    """Tickets about one matter, and all who may act on them."""

    hotline: Hotline
    numbers: list[str]
    step: int = 0

    @property
    def staff(self) -> list[Actor]:
        return [getattr(self.hotline, who) for who in LOGINS]

    def actors(self, case: Snapshot) -> list[Actor]:
        return [*self.staff, *(party_actor(one) for one in case.parties)]

    def moves(self) -> Iterator[tuple[str, str, Actor]]:
        """Every act that somebody is offered now: ticket, act, by whom."""
        for number in self.numbers:
            case = self.hotline.read(number)
            for by in self.actors(case):
                if by.kind == "staff" and not cases.can_see(case, by):
                    continue
                for offer in cases.offers(case, by=by, now=self.now):
                    yield number, offer.action, by

    @property
    def now(self) -> Any:
        return MONDAY + self.step * HOUR

    def take(self, number: str, action: str, by: Actor, data: dict[str, Any]) -> None:
        """Do it, and what follows from it, as the worker does; a refusal changes nothing."""
        before = self.hotline.read(number)
        self.step += 1
        try:
            self.hotline.act(number, action, by, self.now, **data)
        except Refusal:
            assert self.hotline.read(number) == before
            return
        event = PROCEDURE.row(action).event
        if "hotline.tell_merged" in TICKET.reactions.get(event, ()):
            actions.tell_merged(number, now=self.now)

    def check(self) -> None:
        """Each ticket is with somebody who has something to do and a clock, or it ended and that was told."""
        for number in self.numbers:
            case = self.hotline.read(number)
            if case.state in CLOCK:
                self.is_held(case)
            else:
                self.has_ended(case)

    def is_held(self, case: Snapshot) -> None:
        running = [clock for clock in case.deadlines if clock.is_open]
        assert CLOCK[case.state] in {clock.key for clock in running}, case.state
        assert all(clock.due_at is not None for clock in running)
        helping = [self.hotline.read(child.number) for child in case.children if not child.is_closed]
        for one in helping:  # asked for help by the unit, which answers when they did
            assert "assistance" in {clock.key for clock in one.deadlines if clock.is_open}
            self.is_due_from(one, one.body_code)
        if not helping:
            at_centre = PROCEDURE.state(case.state).holder == "receiver" or case.state == "registered"
            self.is_due_from(case, case.terms.body_code if at_centre else case.body_code)

    def is_due_from(self, case: Snapshot, body: str) -> None:
        """Somebody of this body, and of no other, has the next act among what they have to do."""
        duties = [
            by
            for by in self.staff
            if cases.can_see(case, by)
            and any(offer.duty for offer in cases.offers(case, by=by, now=self.now))
        ]
        assert {by.body_code for by in duties} == {body}, case.state
        assert case.number in {one.number for by in duties for one in cases.worklist(by, now=self.now)}

    def has_ended(self, case: Snapshot) -> None:
        assert not [clock.key for clock in case.deadlines if clock.is_open]
        assert case.closed_at is not None
        seen = self.seen(case)
        (end,) = [entry for entry in seen if entry.to_state == case.state and entry.event in ENDS.values()]
        assert case.outcome in TICKET.outcomes
        if end.event in ("ticket.called_back", "ticket.closed_unreached"):
            assert "ticket.answered" in {entry.event for entry in seen[: seen.index(end)]}
        if case.state == "merged":
            self.is_answered_with_another(case, seen)

    def is_answered_with_another(self, case: Snapshot, seen: list[Entry]) -> None:
        """A merged one waits with a ticket that is handled, or was told the answer that it got."""
        main = case
        while main.state == "merged":
            ticket = self.hotline.ticket(main.number)
            assert ticket is not None
            main = self.hotline.read(ticket.into)
        told = [entry for entry in seen if entry.event in TOLD_WITH]
        assert main.state in CLOCK or told, f"{case.number} waits for {main.number}, which is {main.state}"

    @staticmethod
    def seen(case: Snapshot) -> list[Entry]:
        """What whoever asked sees of their ticket."""
        (party,) = case.parties
        entries = cases.seen(case, journal.entries_of(case.number), party=party)
        return [entry for entry in entries if TICKET.is_public(entry)]


#: every way through a ticket, act by act
PATHS: Final = [
    "transfer",
    "answer_now",
    "tell_way",
    "withdraw",
    "merge",
    "refile add dispatch add withdraw",
    "dispatch remind supervise sign add ask_extension extend answer call_back",
    "dispatch sign ask_help withdraw",
    "dispatch return_ticket refuse_return answer not_reached not_reached not_reached close_unreached",
    "dispatch return_ticket redispatch sign return_ticket dispute redispatch sign answer call_back",
    "dispatch return_ticket dispute refuse_return answer ask_again answer redo answer call_back",
    "dispatch return_ticket tell_way",
    "dispatch return_ticket dispute tell_way",
    "dispatch return_ticket merge",
    "dispatch merge",
    "dispatch sign answer propose_unreasonable confirm_unreasonable publish unpublish call_back",
]


@pytest.mark.requirement("HOT-08")
@pytest.mark.parametrize("path", PATHS)
def test_on_every_way_through_a_request_is_held_by_somebody_until_its_end_was_told(
    hotline: Hotline, path: str
) -> None:
    line = Line(hotline, [hotline.registered(), hotline.registered()])
    number, main = line.numbers
    line.check()
    for action in path.split():
        offered = [by for one, act, by in line.moves() if (one, act) == (number, action)]
        assert offered, f"{action} is offered to nobody"
        by = offered[-1] if action == "confirm_unreasonable" else offered[0]
        data = {"into": main} if action == "merge" else GIVEN.get(action, [{}])[0]
        if action == "redispatch" and hotline.read(number).body_code == HOUSING:
            data = GIVEN[action][1]
        line.take(number, action, by, data)
        row = PROCEDURE.row(action)
        assert row is not None
        assert journal.entries_of(number)[-1].event == row.event
        line.check()
    if hotline.read(main).state == "registered":
        for action in ("dispatch", "sign", "answer", "call_back"):
            by = next(by for one, act, by in line.moves() if (one, act) == (main, action))
            line.take(main, action, by, GIVEN.get(action, [{}])[0])
            line.check()
    assert all(hotline.read(one).closed_at is not None for one in line.numbers)


@pytest.mark.requirement("HOT-08")
@pytest.mark.parametrize(
    "path",
    [
        "transfer",
        "answer_now",
        "tell_way",
        "withdraw answer_now",  # refused while others wait
        "dispatch return_ticket tell_way",
        "dispatch sign answer redo answer call_back",
        "dispatch sign answer not_reached not_reached not_reached close_unreached",
    ],
)
def test_whoever_waits_with_another_request_is_told_however_that_one_ends(
    hotline: Hotline, path: str
) -> None:
    line = Line(hotline, [hotline.registered() for _ in range(3)])
    main, second, third = line.numbers
    line.take(third, "merge", hotline.dispatcher, {"into": second})
    line.take(second, "merge", hotline.dispatcher, {"into": main})
    line.check()
    for action in path.split():
        by = next(by for one, act, by in line.moves() if (one, act) == (main, action))
        line.take(main, action, by, GIVEN.get(action, [{}])[0])
        line.check()
    assert hotline.read(main).closed_at is not None
    told = [[entry.event for entry in line.seen(hotline.read(one))][-1] for one in (second, third)]
    assert set(told) <= TOLD_WITH


def playing(examples: int) -> Any:
    """Without making a fault smaller, which takes minutes: the ways above say where it is."""
    held_up = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    phases = (Phase.generate,)
    return settings(
        deadline=None, max_examples=examples, suppress_health_check=held_up, phases=phases, database=None
    )


def play(hotline: Hotline, data: st.DataObject) -> None:
    """Random acts on three tickets about one matter, each by somebody to whom it is offered."""
    line = Line(hotline, [hotline.registered() for _ in range(3)])
    line.check()
    for _ in range(data.draw(st.integers(4, 14))):
        moves = list(line.moves())
        if not moves:
            break
        number, action, by = data.draw(st.sampled_from(moves))
        if action == "merge":
            into = data.draw(st.sampled_from([one for one in line.numbers if one != number]))
            line.take(number, action, by, {"into": into})
        else:
            line.take(number, action, by, data.draw(st.sampled_from(GIVEN.get(action, [{}]))))
        line.check()


@pytest.mark.requirement("HOT-08")
@playing(8)
@given(data=st.data())
def test_whatever_is_done_to_requests_each_is_held_or_has_ended_and_that_was_told(
    hotline: Hotline, data: st.DataObject
) -> None:
    play(hotline, data)


@pytest.mark.slow
@pytest.mark.requirement("HOT-08")
@playing(60)
@given(data=st.data())
def test_long_random_play_leaves_no_request_without_holder_clock_or_answer(
    hotline: Hotline, data: st.DataObject
) -> None:
    play(hotline, data)
