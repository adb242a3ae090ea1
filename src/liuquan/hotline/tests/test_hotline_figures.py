"""The figures by body and month: each number is the recount of its tickets, charged to whom it belongs to."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from liuquan.casework import queries as cases
from liuquan.clock import shanghai_day
from liuquan.hotline import queries
from liuquan.hotline.figures import Figure, Value, figure, figures
from liuquan.hotline.queries.figures import BodyValues, by_body, months, tickets
from liuquan.hotline.tests.conftest import CITY_MANAGEMENT, HOUSING, MONDAY, Hotline
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import NotAllowed
from liuquan.organisation.types import party_actor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
NOW = MONDAY + 25 * DAY
LATER = MONDAY + 60 * DAY
REPLY = {"reply": "已更换灯具。", "fixed": "fixed", "contact": "phone"}
WHY = "照明所2026年起划归住建局管理。"
RETURN = {"ground": "not_ours", "reason": "路灯由住建局的照明所养护，不属于城管。"}


def of(
    hotline: Hotline, key: str, body: str = "", *, month: date = MARCH, now: datetime = NOW
) -> dict[str, int]:
    """The counts of a figure, without the parts in which there is nothing."""
    lines = by_body(hotline.dispatcher, month=month, now=now)
    line = next((one for one in lines if one.code == body), None)
    return dict(value(line, key).counts) if line else {}


def value(line: BodyValues, key: str) -> Value:
    return next(one for one in line.values if one.figure.id == key)


def redispatched(hotline: Hotline, at: datetime = MONDAY) -> str:
    """A ticket that the city management returned and housing got."""
    number = hotline.dispatched(at=at)
    hotline.act(number, "return_ticket", hotline.contact, at + HOUR, **RETURN)
    hotline.act(
        number, "redispatch", hotline.dispatcher, at + 2 * HOUR, body=HOUSING, limit="complaint", note=WHY
    )
    return number


def test_a_ticket_that_went_on_is_not_charged_to_the_next_body(hotline: Hotline) -> None:
    number = redispatched(hotline)
    hotline.act(number, "sign", hotline.housing, MONDAY + 3 * HOUR)
    hotline.act(number, "answer", hotline.housing, MONDAY + DAY, **REPLY)
    hotline.act(
        number, "call_back", hotline.caller_back, MONDAY + 2 * DAY, satisfied="basically", confirmed="yes"
    )
    assert of(hotline, "returns", CITY_MANAGEMENT) == {"accepted": 1}
    assert of(hotline, "returns", HOUSING) == {"kept": 1}
    assert of(hotline, "taken", CITY_MANAGEMENT) == of(hotline, "taken", HOUSING) == {"in_time": 1}
    assert of(hotline, "on_time", CITY_MANAGEMENT) == {"called_off": 1}
    assert of(hotline, "on_time", HOUSING) == {"on_time": 1}
    assert of(hotline, "satisfaction", CITY_MANAGEMENT) == {}
    assert of(hotline, "satisfaction", HOUSING) == {"basically": 1}
    assert of(hotline, "fixed", HOUSING) == {"fixed": 1}


def test_satisfaction_is_apart_from_silence_and_an_unreasonable_demand_leaves_it_in_sight(
    hotline: Hotline,
) -> None:
    unreached, unreasonable, unhappy, happy = (hotline.answered() for _ in range(4))
    for hours in (1, 2, 3):
        hotline.act(unreached, "not_reached", hotline.caller_back, MONDAY + hours * HOUR)
    hotline.act(unreached, "close_unreached", hotline.caller_back, MONDAY + DAY)
    said = {"satisfied": "not", "confirmed": "no", "note": "诉求人要求全部更换，不接受修理。"}
    for number in (unreasonable, unhappy):
        hotline.act(number, "call_back", hotline.caller_back, MONDAY + DAY, **said)
    hotline.act(happy, "call_back", hotline.caller_back, MONDAY + DAY, satisfied="satisfied", confirmed="yes")
    before = value(by_body(hotline.dispatcher, month=MARCH, now=NOW)[0], "satisfaction")
    assert (before.percent, before.part, before.whole) == ("33.3", 1, 3)
    reason = {"reason": "要求超出养护标准，经现场核实不合理。"}
    hotline.act(unreasonable, "propose_unreasonable", hotline.dispatcher, MONDAY + 2 * DAY, **reason)
    assert value(by_body(hotline.dispatcher, month=MARCH, now=NOW)[0], "satisfaction") == before
    with pytest.raises(NotAllowed, match="不能是同一人"):
        hotline.act(unreasonable, "confirm_unreasonable", hotline.dispatcher, MONDAY + 2 * DAY, **reason)
    hotline.act(unreasonable, "confirm_unreasonable", hotline.caller_back, MONDAY + 2 * DAY, **reason)
    after = value(by_body(hotline.dispatcher, month=MARCH, now=NOW)[0], "satisfaction")
    assert (after.percent, after.part, after.whole) == ("50", 1, 2)
    assert after.counts == {"satisfied": 1, "not": 1, "unreached": 1, "unreasonable": 1}
    assert of(hotline, "fixed") == {"fixed": 2, "denied": 2}


def test_closed_and_not_fixed_stands_apart_from_closed_and_fixed(hotline: Hotline) -> None:
    number = hotline.dispatched()
    hotline.act(number, "sign", hotline.contact)
    why = {"fixed": "not_fixed", "why": "线路属于小区业主共有，需业主大会决定。"}
    hotline.act(number, "answer", hotline.contact, **{**REPLY, **why})
    said = {"satisfied": "basically", "confirmed": "no", "note": "诉求人知道原因，希望以后能解决。"}
    hotline.act(number, "call_back", hotline.caller_back, MONDAY + DAY, **said)
    assert of(hotline, "fixed") == {"not_fixed": 1}


def test_a_limit_that_ran_out_counts_once_in_the_month_in_which_it_ended(hotline: Hotline) -> None:
    late = MONDAY + 28 * DAY  # Monday 30 March; five working days end on 7 April, after a holiday
    number = hotline.dispatched(at=late)
    hotline.act(number, "sign", hotline.contact, late)
    now = late + 20 * DAY
    assert (of(hotline, "on_time", now=now), of(hotline, "on_time", month=APRIL, now=late)) == ({}, {})
    assert of(hotline, "on_time", month=APRIL, now=now) == {"late": 1}
    hotline.act(number, "answer", hotline.contact, late + 34 * DAY, **REPLY)
    assert of(hotline, "on_time", month=APRIL, now=late + 60 * DAY) == {"late": 1}
    assert of(hotline, "on_time", month=date(2026, 5, 1), now=late + 60 * DAY) == {}


def test_time_of_a_return_that_is_decided_too_late_is_not_the_units(hotline: Hotline) -> None:
    number = hotline.dispatched()
    hotline.act(number, "return_ticket", hotline.contact, MONDAY + DAY, **RETURN)
    assert of(hotline, "on_time", now=MONDAY + 10 * DAY) == {"in_review": 1}
    assert of(hotline, "returns") == {"undecided": 1}
    refusal = {"reason": "路灯的日常维修属于城管的职责。"}
    hotline.act(number, "refuse_return", hotline.dispatcher, MONDAY + 2 * DAY, **refusal)
    assert of(hotline, "on_time", now=MONDAY + 10 * DAY) == {"late": 1}
    assert of(hotline, "returns") == {"refused": 1}


def test_a_return_that_nobody_decided_before_the_ticket_ended_is_charged_to_nobody(hotline: Hotline) -> None:
    number, doubled = hotline.dispatched(), hotline.dispatched()
    for one in (number, doubled):
        hotline.act(one, "return_ticket", hotline.contact, MONDAY + HOUR, **RETURN)
    hotline.act(number, "withdraw", party_actor(hotline.caller(), "诉求人"), MONDAY + 2 * HOUR)
    main = hotline.dispatched()
    hotline.act(doubled, "merge", hotline.dispatcher, MONDAY + 2 * HOUR, into=main)
    assert of(hotline, "returns") == {"dropped": 2, "kept": 1}
    rate = value(by_body(hotline.dispatcher, month=MARCH, now=NOW)[0], "returns")
    assert (rate.part, rate.whole) == (0, 1)


def test_a_ticket_is_taken_in_time_or_late_or_still_waited_for(hotline: Hotline) -> None:
    late, never, off = hotline.dispatched(), hotline.dispatched(), hotline.dispatched()
    hotline.act(off, "merge", hotline.dispatcher, MONDAY + HOUR, into=late)
    assert of(hotline, "taken", now=MONDAY + HOUR) == {"waiting": 2, "called_off": 1}
    hotline.act(late, "sign", hotline.contact, MONDAY + 3 * DAY)
    assert of(hotline, "taken") == {"late": 2, "called_off": 1}
    listed = tickets(hotline.dispatcher, shown("taken"), month=MARCH, now=NOW, part="late")
    assert {one.number for one in listed} == {late, never}


def test_a_second_answer_of_the_same_body_is_no_second_case_of_redoing(hotline: Hotline) -> None:
    number = hotline.answered()
    assert of(hotline, "redone") == {"once": 1}
    again = {"limit": "complaint", "reason": "诉求人说路灯又不亮了，请再查。"}
    for day in (1, 2):
        hotline.act(number, "redo", hotline.dispatcher, MONDAY + day * DAY, **again)
        hotline.act(number, "answer", hotline.contact, MONDAY + day * DAY + HOUR, **REPLY)
    assert of(hotline, "redone", CITY_MANAGEMENT) == {"again": 1}
    assert of(hotline, "on_time", CITY_MANAGEMENT) == {"on_time": 3}


def shown(key: str) -> Figure:
    found = figure(key)
    assert found is not None
    return found


def played(hotline: Hotline, seed: int) -> list[str]:
    """Tickets that go one way or another."""
    dice, numbers = random.Random(seed), []
    for at in (MONDAY + dice.randrange(15) * DAY for _ in range(14)):
        number = redispatched(hotline, at) if dice.random() < 0.3 else hotline.dispatched(at=at)
        numbers.append(number)
        unit = hotline.housing if hotline.read(number).body_code == HOUSING else hotline.contact
        if dice.random() < 0.15:
            continue
        at += (2 + dice.randrange(3)) * DAY
        hotline.act(number, "sign", unit, at)
        at += dice.randrange(6) * DAY
        for _ in range(dice.randrange(1, 3)):
            hotline.act(number, "answer", unit, at, **REPLY)
            if dice.random() < 0.4:
                again = {"limit": "complaint", "reason": "诉求人说路灯又不亮了，请再查。"}
                hotline.act(number, "redo", hotline.dispatcher, at + HOUR, **again)
                at += 2 * HOUR
            else:
                break
        if hotline.read(number).state == "answered" and dice.random() < 0.8:
            satisfied = dice.choice(["satisfied", "basically", "not"])
            said = {"satisfied": satisfied, "confirmed": "yes", "note": "诉求人说办理得太慢，要求改进。"}
            hotline.act(number, "call_back", hotline.caller_back, at + DAY, **said)
    return numbers


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_number_is_the_recount_of_the_record(hotline: Hotline, seed: int) -> None:
    numbers = played(hotline, seed)
    entries = {number: journal.entries_of(number) for number in numbers}
    for month in (MARCH, APRIL):
        lines = by_body(hotline.dispatcher, month=month, now=LATER)
        handed = Counter(
            str(entry.public["body"])
            for one in entries.values()
            for entry in one
            if entry.event in ("ticket.dispatched", "ticket.redispatched")
            and of_month(entry.effective_at, month)
        )
        closed = Counter(
            hotline.read(number).body_code
            for number, one in entries.items()
            if one[-1].event == "ticket.called_back" and of_month(one[-1].effective_at, month)
        )
        for key, expected in (
            ("taken", handed),
            ("returns", handed),
            ("satisfaction", closed),
            ("fixed", closed),
        ):
            totals = {line.code: value(line, key).total for line in lines if line.code}
            assert {code: total for code, total in totals.items() if total} == expected
        ended = Counter(
            min(clock.met_at or clock.due_at, clock.due_at) < clock.due_at
            for number in numbers
            for clock in hotline.read(number).deadlines
            if clock.key == "handling" and of_month(min(clock.met_at or clock.due_at, clock.due_at), month)
        )
        counts = value(lines[0], "on_time").counts
        assert counts.get("on_time", 0) + counts.get("called_off", 0) == ended[True]
        assert counts.get("late", 0) + counts.get("in_review", 0) == ended[False]


@pytest.mark.parametrize("seed", [4, 5])
def test_the_bodies_make_the_whole_and_each_number_has_its_tickets(hotline: Hotline, seed: int) -> None:
    played(hotline, seed)
    for month in (MARCH, APRIL):
        whole, *lines = by_body(hotline.dispatcher, month=month, now=LATER)
        summed: Counter[tuple[str, str]] = Counter()
        for line in lines:
            for one in line.values:
                summed.update({(one.figure.id, part): n for part, n in one.counts.items()})
        assert summed == {(one.figure.id, part): n for one in whole.values for part, n in one.counts.items()}
        for line in (whole, *lines):
            for one in line.values:
                for part, count in one.counts.items():
                    behind = tickets(
                        hotline.dispatcher, one.figure, month=month, now=LATER, body=line.code, part=part
                    )
                    assert len(behind) == count


def of_month(at: datetime, month: date) -> bool:
    return shanghai_day(at).replace(day=1) == month


def test_each_figure_says_what_it_counts_and_its_parts_are_all_that_are_found(hotline: Hotline) -> None:
    played(hotline, 4)
    for line in by_body(hotline.dispatcher, month=MARCH, now=NOW):
        for one in line.values:
            assert set(one.counts) <= set(one.figure.parts)
            assert sum(count for _, _, count, _ in one.listed) == one.total
    for one in figures():
        assert one.sentence.endswith("。")
        assert one.version >= 1
        assert not set(one.beside) & set(one.denominator)
    assert len({one.id for one in figures()}) == len(figures())


def test_a_month_is_one_of_shanghai_and_the_trend_ends_with_it(hotline: Hotline) -> None:
    # 31 March, 23:30 in Shanghai, and half an hour after midnight
    last = datetime.fromisoformat("2026-03-31T15:30:00+00:00")
    hotline.dispatched(at=last)
    hotline.dispatched(at=last + HOUR)
    assert (of(hotline, "taken", now=last), of(hotline, "taken", month=APRIL, now=last)) == (
        {"waiting": 1},
        {"waiting": 1},
    )
    trend = months(hotline.dispatcher, shown("taken"), last=APRIL, now=NOW, many=5)
    assert [month for month, _ in trend] == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
        MARCH,
        APRIL,
    ]
    assert [one.total for _, one in trend] == [0, 0, 0, 1, 1]


def test_only_who_supervises_or_dispatches_sees_the_figures(hotline: Hotline) -> None:
    redispatched(hotline)
    for who in (hotline.contact, hotline.operator, hotline.cast.clerk):
        with pytest.raises(NotAllowed, match="热线看板"):
            by_body(who, month=MARCH, now=NOW)
        with pytest.raises(NotAllowed, match="热线看板"):
            tickets(who, shown("taken"), month=MARCH, now=NOW)
        with pytest.raises(NotAllowed, match="热线看板"):
            months(who, shown("taken"), last=MARCH, now=NOW)
    for who in (hotline.cast.supervisor, hotline.cast.staff("leader"), hotline.dispatcher):
        assert value(by_body(who, month=MARCH, now=NOW)[0], "taken").total == 2


def test_the_parts_of_the_time_sum_to_what_elapsed_and_each_return_is_its_holders(hotline: Hotline) -> None:
    """Two days with the first unit, three over its return with the centre, two with the next unit, four more
    with the centre over the second return, of which it makes a dispute, and the rest with the unit that a
    meeting gives it to."""
    number = hotline.dispatched()
    hotline.act(number, "return_ticket", hotline.contact, MONDAY + 2 * DAY, **RETURN)
    second = {"body": HOUSING, "limit": "complaint", "note": WHY}
    hotline.act(number, "redispatch", hotline.dispatcher, MONDAY + 5 * DAY, **second)
    hotline.act(number, "return_ticket", hotline.housing, MONDAY + 7 * DAY, **RETURN)
    dispute = {"reason": "两个单位都认为不是自己的职责，请联席会议确定。"}
    hotline.act(number, "dispute", hotline.dispatcher, MONDAY + 8 * DAY, **dispute)
    third = {"body": CITY_MANAGEMENT, "limit": "complaint", "meeting": "联席会议纪要2026年第3号"}
    hotline.act(number, "redispatch", hotline.dispatcher, MONDAY + 11 * DAY, **third)
    hotline.act(number, "sign", hotline.contact, MONDAY + 11 * DAY)
    hotline.act(number, "answer", hotline.contact, MONDAY + 14 * DAY, **REPLY)
    hotline.act(
        number, "call_back", hotline.caller_back, MONDAY + 16 * DAY, satisfied="satisfied", confirmed="yes"
    )
    case = hotline.read(number)
    spent = cases.days_spent(case, until=(MONDAY + 30 * DAY).date())
    assert sum(spent.values()) == 16
    names = {code: case.name_of_body(code) for code in (queries.centre(), CITY_MANAGEMENT, HOUSING)}
    assert spent == {
        names[queries.centre()]: 3 + 4 + 2,
        names[CITY_MANAGEMENT]: 2 + 3,
        names[HOUSING]: 2,
    }
    assert of(hotline, "returns", HOUSING) == {"accepted": 1}
    assert of(hotline, "returns", CITY_MANAGEMENT) == {"accepted": 1, "kept": 1}
