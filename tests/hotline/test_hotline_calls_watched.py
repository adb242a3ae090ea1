"""A call that nobody says the outcome of is found, and no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from liuquan.hotline import actions
from liuquan.hotline.actions.stand_in import StandInPhone
from liuquan.hotline.queries import centre
from liuquan.hotline.tests.calling import answered_call, number_of
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.hotline.types import CallOutcome, Emergency
from liuquan.kernel import sql
from liuquan.supervision import actions as supervision
from liuquan.supervision import queries as findings
from liuquan.supervision import rulebook
from liuquan.supervision.tests import duck
from liuquan.supervision.types import Hit

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PHONE = "19900000001"


def hits(after: timedelta) -> list[Hit]:
    """What the rule finds so long after Monday, on PostgreSQL and on an export alike."""
    one = rulebook.rule("call_without_outcome")
    found = findings.judge(one, now=MONDAY + after)
    assert duck.judged(duck.exported(), one, now=MONDAY + after) == found
    subjects = [hit.subject_number for hit in found]
    assert findings.judge(one, now=MONDAY + after, subjects=subjects) == found
    assert findings.judge(one, now=MONDAY + after, subjects=["no such"]) == []
    return found


def talked(hotline: Hotline, *, drops: bool = False) -> str:
    """A call that was talked and is over at Monday."""
    number = answered_call(hotline.operator, at=MONDAY - 3 * MINUTE, phone=PHONE)
    line = sql.run_one("SELECT line FROM hotline_call WHERE number::text = %(n)s", {"n": number})
    assert line is not None
    StandInPhone().end(line["line"], now=MONDAY, breaks_off=drops)
    return number


def dropped(hotline: Hotline) -> str:
    return talked(hotline, drops=True)


def missed(hotline: Hotline) -> str:
    phone = StandInPhone()
    line = phone.ring(PHONE, now=MONDAY - MINUTE)
    phone.end(line, now=MONDAY)
    return number_of(line)


WITHOUT: list[Callable[[Hotline], str]] = [talked, dropped, missed]


@pytest.mark.parametrize("call", WITHOUT)
def test_a_call_without_outcome_is_found_a_day_later_and_the_card_stays_when_it_has_one(
    hotline: Hotline, call: Callable[[Hotline], str]
) -> None:
    number = call(hotline)
    assert hits(DAY - timedelta(seconds=1)) == []
    (hit,) = hits(DAY)
    assert (hit.subject_number, hit.body_code, hit.since_at) == (number, centre(), MONDAY + DAY)
    assert hit.subject_kind == "call"
    supervision.run_all(now=MONDAY + DAY)
    actions.settle(
        number, CallOutcome.CALLED_BACK, by=hotline.operator, now=MONDAY + 2 * DAY, note="已经回拨解答。"
    )
    assert hits(30 * DAY) == []
    assert supervision.run_all(now=MONDAY + 2 * DAY).raised == 0
    (found,) = findings.of_subject(number, by=hotline.cast.supervisor, now=MONDAY + 2 * DAY)
    assert (found.rule_name, found.state) == ("来电没有去向", "open")


def test_a_call_back_that_nobody_answered_gives_three_days_and_not_for_ever(hotline: Hotline) -> None:
    number = dropped(hotline)
    actions.call_back_failed(number, by=hotline.operator, now=MONDAY + HOUR)
    assert hits(3 * DAY - timedelta(seconds=1)) == []
    assert [hit.subject_number for hit in hits(3 * DAY)] == [number]


def test_a_call_with_its_outcome_is_never_found(hotline: Hotline) -> None:
    ticket, answered, transferred = talked(hotline), missed(hotline), missed(hotline)
    actions.settle(ticket, CallOutcome.TICKET, by=hotline.operator, now=MONDAY, ticket=hotline.registered())
    actions.settle(answered, CallOutcome.ANSWERED, by=hotline.operator, now=MONDAY, note="已告知照明所电话。")
    actions.transfer(transferred, Emergency.FIRE, by=hotline.operator, now=MONDAY)
    assert hits(30 * DAY) == []


def test_what_supervision_reads_of_a_call_says_nothing_of_who_called(hotline: Hotline) -> None:
    number = dropped(hotline)
    row = sql.run_one("SELECT * FROM caselog.calls WHERE call = %(n)s", {"n": number})
    subject = sql.run_one("SELECT * FROM caselog.subjects WHERE number = %(n)s", {"n": number})
    assert row is not None
    assert subject is not None
    assert (row["outcome"], row["is_broken_off"], row["settle_by"]) == ("dropped", True, MONDAY + DAY)
    assert (subject["kind"], subject["is_case"]) == ("call", False)
    assert "0001" not in f"{subject['name']}{row['source']}{row['ticket']}"


def test_a_supervisor_opens_the_finding_and_reads_when_it_rang(hotline: Hotline) -> None:
    number = dropped(hotline)
    supervision.run_all(now=MONDAY + 2 * DAY)
    (found,) = findings.of_subject(number, by=hotline.cast.supervisor, now=MONDAY + 2 * DAY)
    page = hotline.cast.client("supervisor").get(f"/board/findings/{found.number}/")
    assert page.status_code == 200
    assert "2026-03-02 09:57 的来电" in page.content.decode()
