"""The rules that only tickets have: each fires where it must, is silent where it must not, and says the same
on both engines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from liuquan.casework import queries as cases
from liuquan.hotline import actions
from liuquan.hotline.kind import TICKET
from liuquan.hotline.queries import centre
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, TOWN, Hotline
from liuquan.hotline.types import Inlet
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.supervision import actions as supervision
from liuquan.supervision import queries as findings
from liuquan.supervision import rulebook
from liuquan.supervision.tests import duck
from liuquan.supervision.types import Hit

DAY = timedelta(days=1)
NOW = MONDAY + 30 * DAY
OWN = tuple(one for one in rulebook.rulebook() if one.kinds == (TICKET.key,))
UNIT, OTHER, CENTRE = "unit", "other", "centre"


@dataclass(frozen=True)
class Happened:
    """An entry about a ticket: what, by a body and a post of it, a number of hours after Monday."""

    event: str
    body: str = CENTRE
    post: str = "C-1"
    public: tuple[tuple[str, str | bool], ...] = ()
    closes: bool = False


def said(
    event: str, body: str = CENTRE, post: str = "C-1", *, closes: bool = False, **public: str | bool
) -> Happened:
    return Happened(event, body, post, tuple(public.items()), closes)


def hits(rule: str, now: datetime = NOW) -> list[Hit]:
    """What the rule selects, on PostgreSQL and on an export alike, over everything and over its subjects."""
    one = rulebook.rule(rule)
    found = findings.judge(one, now=now)
    log = duck.exported()
    assert duck.judged(log, one, now=now) == found
    subjects = sorted({hit.subject_number for hit in found})
    assert findings.judge(one, now=now, subjects=subjects) == found
    assert duck.judged(log, one, now=now, subjects=subjects) == found
    assert findings.judge(one, now=now, subjects=["no such"]) == []
    return found


RETURNED, REDONE, AGAIN = "returned", "redone", "asked_again"
ANSWERED = said("answered", UNIT, "U-1", fixed="fixed")
UNREACHED = said("unreached")
OUTSIDE: dict[str, Any] = {"by_catalogue": False, "grass_roots": False}

#: rule, what happened in this order, who answers for each hit
CASES: list[tuple[str, tuple[Happened, ...], list[str]]] = [
    ("ticket_returned_again", (said(RETURNED, UNIT),), []),
    ("ticket_returned_again", (said("signed", UNIT), said(RETURNED, UNIT), said(RETURNED, OTHER)), []),
    ("ticket_returned_again", (said(RETURNED, UNIT), said(RETURNED, OTHER), said(RETURNED, UNIT)), [UNIT]),
    ("ticket_returned_often", (said(RETURNED, UNIT), said(RETURNED, OTHER)), []),
    ("ticket_returned_often", (said(RETURNED, UNIT), said(RETURNED, OTHER), said(RETURNED, UNIT)), [UNIT]),
    ("ticket_off_catalogue", (said("dispatched", by_catalogue=True),), []),
    ("ticket_off_catalogue", (said("dispatched", **OUTSIDE),), [CENTRE]),
    ("ticket_off_catalogue", (said("redispatched", **OUTSIDE, meeting=""),), [CENTRE]),
    ("ticket_off_catalogue", (said("redispatched", **OUTSIDE, meeting="2026-3"),), []),
    ("ticket_off_catalogue", (said("dispatched", **OUTSIDE), said("redispatched", by_catalogue=True)), []),
    ("ticket_pushed_down", (said("dispatched", **OUTSIDE),), []),
    ("ticket_pushed_down", (said("dispatched", by_catalogue=True, grass_roots=True),), []),
    ("ticket_pushed_down", (said("dispatched", by_catalogue=False, grass_roots=True),), [CENTRE]),
    ("ticket_pushed_down", (said("redispatched", by_catalogue=False, grass_roots=True),), [CENTRE]),
    ("ticket_closed_uncalled", (said("answered_now", closes=True),), []),
    ("ticket_closed_uncalled", (said("answered_now", closes=True), ANSWERED), []),
    ("ticket_closed_uncalled", (ANSWERED, said("called_back", closes=True)), []),
    ("ticket_closed_uncalled", (ANSWERED, said("closed_unreached", closes=True), ANSWERED), [CENTRE]),
    ("ticket_closed_uncalled", (ANSWERED, *[UNREACHED] * 3, said("closed_unreached", closes=True)), []),
    (
        "ticket_closed_uncalled",
        (ANSWERED, *[UNREACHED] * 2, said("closed_unreached", closes=True)),
        [CENTRE],
    ),
    (  # calls about an earlier answer do not count
        "ticket_closed_uncalled",
        (
            ANSWERED,
            UNREACHED,
            said(REDONE),
            ANSWERED,
            *[UNREACHED] * 2,
            said("closed_unreached", closes=True),
        ),
        [CENTRE],
    ),
    ("ticket_called_by_handler", (ANSWERED, said("called_back"), said("unreached")), []),
    ("ticket_called_by_handler", (said("called_back", UNIT), ANSWERED), []),
    ("ticket_called_by_handler", (ANSWERED, said("called_back", UNIT, "U-2")), [UNIT]),
    ("ticket_called_by_handler", (ANSWERED, said("unreached", UNIT, "U-1")), [UNIT]),
    ("ticket_called_by_handler", (ANSWERED, said("unreached", UNIT), said("answered", OTHER)), [UNIT]),
    (  # the unit that answered before is not the one that answered now
        "ticket_called_by_handler",
        (ANSWERED, said(REDONE), said("answered", OTHER), said("called_back", UNIT)),
        [],
    ),
    ("ticket_redone_again", (ANSWERED, said(REDONE), ANSWERED), []),
    ("ticket_redone_again", (ANSWERED, said(REDONE), ANSWERED, said(REDONE), ANSWERED), [UNIT]),
    (  # the unit had the ticket before, and had not answered it
        "ticket_redone_again",
        (said("signed", UNIT), said("answered", OTHER), said(REDONE), ANSWERED, said(REDONE)),
        [],
    ),
    ("ticket_redone_again", (said(AGAIN, ""), said(AGAIN, ""), ANSWERED), []),
    ("ticket_redone_again", (ANSWERED, said(REDONE), ANSWERED, said(AGAIN, "")), [UNIT]),
    ("ticket_redone_again", (ANSWERED, said(AGAIN, ""), ANSWERED, said(REDONE)), [UNIT]),
    ("ticket_redone_again", (ANSWERED, said(REDONE), said("answered", OTHER), said(REDONE)), []),
    ("ticket_answer_untrue", (ANSWERED, said("called_back", confirmed="yes")), []),
    ("ticket_answer_untrue", (said("called_back", confirmed="no"), ANSWERED), []),
    (
        "ticket_answer_untrue",
        (ANSWERED, said("called_back", confirmed="no"), said("answered", OTHER)),
        [UNIT],
    ),
    ("ticket_answer_untrue", (ANSWERED, said("called_back", confirmed="no")), [UNIT]),
    (
        "ticket_answer_untrue",
        (
            ANSWERED,
            said(REDONE),
            said("answered", OTHER, fixed="not_fixed"),
            said("called_back", confirmed="no"),
        ),
        [],
    ),
    ("ticket_unreasonable_alone", (said("refiled"), said("unreasonable_confirmed", post="C-2")), [CENTRE]),
    (
        "ticket_unreasonable_alone",
        (said("unreasonable_proposed", post="C-1"), said("unreasonable_confirmed", post="C-2")),
        [],
    ),
    (
        "ticket_unreasonable_alone",
        (said("unreasonable_proposed", post="C-2"), said("unreasonable_confirmed", post="C-2")),
        [CENTRE],
    ),
    (
        "ticket_unreasonable_alone",
        (said("unreasonable_confirmed", post="C-2"), said("unreasonable_proposed", post="C-1")),
        [CENTRE],
    ),
]


#: what goes on around it on another ticket: every act that a rule of tickets looks at
ELSEWHERE = (
    said(RETURNED, UNIT),
    said("redispatched", by_catalogue=True),
    ANSWERED,
    said(REDONE),
    UNREACHED,
    said("unreasonable_proposed", post="C-1"),
    said("unreasonable_proposed", post="C-9"),
    ANSWERED,
)
#: what no finding is about, though some need it
NEVER_FOUND = frozenset({"answered", "unreasonable_proposed"})


def entry(number: str, one: Happened, hours: int) -> NewEntry:
    return NewEntry(
        f"ticket.{one.event}",
        number,
        one.body,
        one.post,
        "staff",
        MONDAY + timedelta(hours=hours),
        public=dict(one.public),
        to_state="closed" if one.closes else None,
    )


def course(number: str, other: str, happened: tuple[Happened, ...]) -> list[NewEntry]:
    """What happened, an hour each, among silent acts of the same posts and acts on another ticket."""
    entries: list[NewEntry] = []
    for hours, one in enumerate(happened, start=1):
        silent = said("reminded", one.body, one.post)
        elsewhere = [entry(other, act, hours) for act in ELSEWHERE]
        entries += [entry(number, silent, hours), entry(number, one, hours), entry(number, silent, hours)]
        entries += elsewhere
    return entries


@pytest.mark.parametrize("rule", sorted({rule for rule, _, _ in CASES}))
def test_what_was_done_wrong_is_found_and_what_was_done_right_is_not(hotline: Hotline, rule: str) -> None:
    other, played = hotline.registered(), {}
    for _, happened, answer_for_it in (one for one in CASES if one[0] == rule):
        number = hotline.registered()
        journal.append(*course(number, other, happened))
        played[number] = (happened, answer_for_it)
    found = hits(rule)
    for number, (happened, answer_for_it) in played.items():
        mine = [hit for hit in found if hit.subject_number == number]
        assert [hit.body_code for hit in mine] == answer_for_it, happened
        last = max(
            (at for at, one in enumerate(happened, start=1) if one.event not in NEVER_FOUND), default=0
        )
        assert all(hit.since_at == MONDAY + timedelta(hours=last) for hit in mine), happened
    assert hits(rule, now=MONDAY) == []


def test_every_rule_of_tickets_has_cases_that_fire_and_cases_that_must_not() -> None:
    fired = {rule for rule, _, answers in CASES if answers}
    silent = {rule for rule, _, answers in CASES if not answers}
    played = {
        "ticket_answer_near",
        "ticket_answer_escalated",
        "ticket_called_in_haste",
        "ticket_mail_late",
        "ticket_merged_untold",
    }
    assert fired == silent == {one.id for one in OWN} - played
    assert len(OWN) >= 8


def at(month: int, day: int, hour: int = 10) -> datetime:
    """A moment of 2026, by the clock in Shanghai."""
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour - 8)


def test_an_answer_is_asked_for_before_it_is_late_and_goes_up_after_five_more_working_days(
    hotline: Hotline,
) -> None:
    # five working days from Monday 2 March end with the 9th; the fifth of them is the day to be warned on
    number = hotline.dispatched()
    assert hits("ticket_answer_near", at(3, 2, 17)) == []
    assert hits("ticket_answer_near", at(3, 8, 23)) == []
    near = hits("ticket_answer_near", at(3, 9, 0))
    assert [(hit.subject_number, hit.body_code) for hit in near] == [(number, CITY_MANAGEMENT)]
    assert hits("ticket_answer_near", at(3, 10, 0)) == []
    assert [hit.key for hit in hits("duty_past", at(3, 10, 0)) if "handling" in hit.key] == [near[0].key]
    # and five more with the 16th
    assert hits("ticket_answer_escalated", at(3, 16, 23)) == []
    (up,) = hits("ticket_answer_escalated", at(3, 17, 0))
    assert (up.subject_number, up.body_code, up.since_at) == (number, CITY_MANAGEMENT, at(3, 17, 0))


def test_an_answer_in_time_makes_no_card_and_a_late_one_keeps_its_own(hotline: Hotline) -> None:
    hotline.answered()
    late, escalated = hotline.dispatched(), hotline.dispatched()
    for number, on in ((late, at(3, 16, 23)), (escalated, at(3, 17, 9))):
        hotline.act(number, "sign", hotline.contact, on)
        hotline.act(
            number, "answer", hotline.contact, on, reply="已更换灯具。", fixed="fixed", contact="phone"
        )
    assert hits("ticket_answer_near", at(3, 9)) == []
    assert [hit.subject_number for hit in hits("ticket_answer_escalated", NOW)] == [escalated]


def test_a_limit_that_was_met_warns_no_more_when_the_ticket_is_done_again(hotline: Hotline) -> None:
    number = hotline.answered()
    redo = {"limit": "complaint", "reason": "现场查看，路灯仍然不亮。"}
    hotline.act(number, "redo", hotline.dispatcher, at(3, 6), **redo)
    assert hits("ticket_answer_near", at(3, 9, 12)) == []
    # five working days from Friday 6 March
    assert [hit.subject_number for hit in hits("ticket_answer_near", at(3, 13, 12))] == [number]


def test_time_that_the_centre_takes_over_a_return_brings_no_yellow_card(hotline: Hotline) -> None:
    number = hotline.dispatched()
    reason = "路灯由住建局的照明所养护，不属于城管。"
    hotline.act(number, "return_ticket", hotline.contact, at(3, 3), ground="not_ours", reason=reason)
    assert hits("ticket_answer_near", at(3, 9, 12)) == []


def test_live_findings_come_as_time_passes_and_the_night_adds_none(hotline: Hotline) -> None:
    number = hotline.dispatched()
    supervision.watch(now=MONDAY)
    supervision.watch(now=at(3, 16, 23))
    supervision.watch(now=at(3, 17, 0))
    found = {one.rule_name for one in findings.of_subject(number, by=hotline.cast.supervisor, now=at(3, 17))}
    assert "逾期五个工作日未答复" in found
    assert supervision.run_all(now=at(3, 17, 0)).raised == 0


def test_each_late_clock_is_charged_to_the_one_whose_duty_it_was(hotline: Hotline) -> None:
    """The centre dispatches late and calls back late; the unit between them is in time, and the next unit is
    not charged with what the first one let pass."""
    number = hotline.registered()
    hotline.act(number, "dispatch", hotline.dispatcher, at(3, 4), body=CITY_MANAGEMENT, limit="complaint")
    reason = "路灯由住建局的照明所养护，不属于城管。"
    hotline.act(number, "return_ticket", hotline.contact, at(3, 5, 11), ground="not_ours", reason=reason)
    why = "照明所2026年起划归住建局管理。"
    hotline.act(
        number, "redispatch", hotline.dispatcher, at(3, 13), body=HOUSING, limit="complaint", note=why
    )
    hotline.act(number, "sign", hotline.housing, at(3, 13, 11))
    reply = {"reply": "已更换灯具。", "fixed": "fixed", "contact": "phone"}
    hotline.act(number, "answer", hotline.housing, at(3, 13, 12), **reply)
    found = {(hit.evidence["clock_key"], hit.body_code) for hit in hits("duty_past", at(3, 27))}
    assert found == {
        ("dispatch", centre()),
        ("sign", CITY_MANAGEMENT),
        ("return_review", centre()),
        ("handling", CITY_MANAGEMENT),
        ("callback", centre()),
    }


@pytest.mark.parametrize(("days", "expected"), [((3, 3, 3), 1), ((3, 3, 4), 0), ((3, 4, 5), 0)])
def test_calls_that_are_made_in_one_day_are_no_call_back(
    hotline: Hotline, days: tuple[int, ...], expected: int
) -> None:
    number = hotline.answered()
    for hour, day in enumerate(days):
        hotline.act(number, "not_reached", hotline.caller_back, at(3, day, 10 + hour))
    hotline.act(number, "close_unreached", hotline.caller_back, at(3, 6))
    assert len(hits("ticket_called_in_haste")) == expected
    assert hits("ticket_closed_uncalled") == []


def test_a_mail_that_waited_a_day_for_its_first_reply_is_found(hotline: Hotline) -> None:
    waited = DAY
    way = {"way": "petition"}
    in_time, late = hotline.registered(inlet=Inlet.MAILBOX), hotline.registered(inlet=Inlet.MAILBOX)
    by_phone, waiting = hotline.registered(), hotline.registered(inlet=Inlet.MAILBOX)
    again = hotline.dispatched(inlet=Inlet.MAILBOX)
    hotline.act(in_time, "tell_way", hotline.dispatcher, MONDAY + waited - timedelta(seconds=1), **way)
    for number in (late, by_phone):
        hotline.act(number, "tell_way", hotline.dispatcher, MONDAY + waited, **way)
    returned = {"ground": "legal_way", "reason": "双方已经提起诉讼，应当由人民法院处理。"}
    hotline.act(again, "return_ticket", hotline.contact, MONDAY + waited, **returned)
    hotline.act(again, "tell_way", hotline.dispatcher, MONDAY + 2 * waited, **way)
    (found,) = hits("ticket_mail_late")
    assert (found.subject_number, found.since_at, found.body_code) == (late, MONDAY + waited, centre())
    assert hits("ticket_mail_late", now=MONDAY + waited - timedelta(seconds=1)) == []
    assert cases.read(waiting).state == "registered"


def test_who_was_merged_and_never_told_is_found_when_the_other_ticket_ended_a_day_ago(
    hotline: Hotline,
) -> None:
    main, told = hotline.registered(), hotline.dispatched()
    left, kept = hotline.registered(), hotline.registered()
    hotline.act(left, "merge", hotline.dispatcher, into=main)
    hotline.act(kept, "merge", hotline.dispatcher, into=told)
    assert hits("ticket_merged_untold") == []
    hotline.act(told, "sign", hotline.contact)
    hotline.act(told, "answer", hotline.contact, reply="已更换灯具。", fixed="fixed", contact="phone")
    assert actions.tell_merged(told, now=MONDAY) == 1
    # merged after the answer: told with the call-back
    hotline.act(hotline.registered(), "merge", hotline.dispatcher, into=told)
    hotline.act(told, "call_back", hotline.caller_back, MONDAY + DAY, satisfied="satisfied", confirmed="yes")
    assert actions.tell_merged(told, now=MONDAY + DAY) == 1
    assert hits("ticket_merged_untold") == []
    hotline.act(main, "tell_way", hotline.dispatcher, MONDAY + DAY, way="petition")
    assert hits("ticket_merged_untold", MONDAY + 2 * DAY - timedelta(seconds=1)) == []
    (hit,) = hits("ticket_merged_untold")
    assert (hit.subject_number, hit.key, hit.body_code) == (main, left, centre())
    assert hit.since_at == MONDAY + DAY


def test_the_catalogue_is_the_measure_of_what_is_dispatched(hotline: Hotline) -> None:
    hotline.dispatched()
    other = hotline.registered()
    hotline.act(
        other,
        "dispatch",
        hotline.dispatcher,
        body=HOUSING,
        limit="complaint",
        note="照明所今年划归住建局管理。",
    )
    assert [hit.subject_number for hit in hits("ticket_off_catalogue")] == [other]
    assert hits("ticket_pushed_down") == []
    hotline.act(other, "sign", hotline.housing)
    hotline.act(other, "answer", hotline.housing, reply="已更换灯具。", fixed="fixed", contact="phone")
    hotline.act(other, "call_back", hotline.caller_back, MONDAY + DAY, satisfied="satisfied", confirmed="yes")
    assert hits("ticket_off_catalogue") == []
    # what the catalogue gives to nobody may go to a town with a reason, and is looked at
    town = hotline.registered(class_code="0702")
    hotline.act(
        town,
        "dispatch",
        hotline.dispatcher,
        body=TOWN,
        limit="complaint",
        note="请镇里向诉求人解释村里的政策。",
    )
    assert [hit.subject_number for hit in hits("ticket_pushed_down")] == [town]
