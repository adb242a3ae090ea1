"""Supervision watches a case by the clock of the one that opened it, and names whose it was then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from liuquan.caselog import queries as caselog
from liuquan.caselog.types import View
from liuquan.casework import actions
from liuquan.casework import queries as casework
from liuquan.supervision import actions as supervision
from liuquan.supervision import queries as findings
from liuquan.supervision import rulebook
from liuquan.supervision.tests import duck
from liuquan.supervision.types import Hit
from liuquan.testing.cast import Cast
from liuquan.testing.errand.kind import ERRAND
from liuquan.testing.errand.taking_in import taken_in, worker
from liuquan.testing.kinds import registered

OFFICE, BUILDING, LAND = "11990100MB9901024C", "11990100MB99010327", "11990100MB99010402"
RULE = "errand_outlasts_parent"
NAME = "总件到期子件未办结"


def at(month: int, day: int, hour: int = 10) -> datetime:
    """A moment of 2026, by the clock in Shanghai."""
    return datetime(2026, month, day, hour - 8, tzinfo=UTC)


@pytest.fixture
def errand(city: str, cast: Cast) -> Iterator[str]:
    """An errand to be reported by 1 April, divided on 2 March: one child has 20 days, the other 25."""
    with registered(ERRAND):
        office = worker(OFFICE, "X-1", 1)
        parties = {cast.applicant.party_number: "applicant"}
        number = taken_in(parties, body_code=OFFICE, by=office, now=at(3, 2), days=30)
        lines = {"to": f"{BUILDING} 20\n{LAND} 25"}
        actions.perform(number, "divide", by=office, now=at(3, 2, 11), data=lines)
        yield number


def judged(now: datetime) -> list[Hit]:
    """The hits of the rule, in PostgreSQL and in an export alike."""
    rule = rulebook.rule(RULE)
    hits = findings.judge(rule, now=now)
    assert duck.judged(duck.exported(), rule, now=now) == hits
    return hits


def states(number: str, cast: Cast, now: datetime) -> list[tuple[str, str]]:
    """The findings of the rule about a case: state, and who answers."""
    found = findings.of_subject(number, by=cast.supervisor, now=now)
    return [(one.state, one.body_code) for one in found if one.rule_name == NAME]


def test_a_child_that_outlasts_its_parents_limit_is_found_live_and_let_go_when_it_ends(
    errand: str, cast: Cast
) -> None:
    late, punctual = (child.number for child in casework.read(errand).children)
    building, land = worker(BUILDING, "X-2", 2), worker(LAND, "X-3", 3)
    supervision.watch(now=at(3, 30))  # both of their own limits are over, the parent's is not
    actions.perform(punctual, "report", by=land, now=at(3, 31))
    assert judged(at(4, 1, 23)) == []
    supervision.watch(now=at(4, 1, 23))
    assert (states(late, cast, at(4, 1, 23)), states(punctual, cast, at(4, 1, 23))) == ([], [])
    # only the parent's clock ends in this night, and nobody does anything
    supervision.watch(now=at(4, 2, 8))
    assert states(late, cast, at(4, 2)) == [("open", BUILDING)]
    (hit,) = judged(at(4, 2))
    midnight = datetime(2026, 4, 1, 16, tzinfo=UTC)
    assert (hit.subject_number, hit.since_at, hit.evidence["parent"]) == (late, midnight, errand)
    # whoever has it later does not answer for it
    actions.perform(late, "hand_on", by=building, now=at(4, 2), data={"body": LAND, "reason": "由其办理"})
    supervision.watch(now=at(4, 2, 11))
    (hit,) = judged(at(4, 2, 11))
    assert (casework.read(late).body_code, hit.body_code) == (LAND, BUILDING)
    assert states(late, cast, at(4, 2, 11)) == [("open", BUILDING)]
    actions.perform(late, "report", by=land, now=at(4, 3))
    supervision.watch(now=at(4, 3, 11))
    assert states(late, cast, at(4, 3, 11)) == [("lifted", BUILDING)]
    assert judged(at(4, 3, 11)) == []
    assert states(punctual, cast, at(4, 3)) == []
    assert states(errand, cast, at(4, 3)) == []


def test_a_parent_that_ended_in_time_leaves_nothing_to_find(errand: str, cast: Cast) -> None:
    actions.perform(errand, "call_off", by=worker(OFFICE, "X-1", 1), now=at(3, 5), data={"reason": "已解决"})
    assert all(child.is_closed for child in casework.read(errand).children)
    assert judged(at(4, 10)) == []


def test_the_case_log_says_whose_child_a_case_is_and_whose_it_was(errand: str) -> None:
    child, _ = (one.number for one in casework.read(errand).children)
    data = {"body": LAND, "reason": "由其办理"}
    actions.perform(child, "hand_on", by=worker(BUILDING, "X-2", 2), now=at(3, 9), data=data)
    parents = {row["case_number"]: row["parent"] for row in caselog.rows(View.CASES)}
    assert (parents[errand], parents[child]) == (None, errand)
    found = caselog.rows(View.BODIES, case_numbers=[child])
    assert {(r["body_code"], r["role"], r["from_at"], r["to_at"]) for r in found} == {
        (BUILDING, "lead", at(3, 2, 11), at(3, 9)),
        (LAND, "lead", at(3, 9), None),
        (OFFICE, "supervising", at(3, 2, 11), None),
    }
    family = sorted([errand, *(one.number for one in casework.read(errand).children)])
    assert caselog.with_families([errand]) == family
    assert caselog.with_families([child]) == sorted([errand, child])
    assert caselog.with_families([]) == []
