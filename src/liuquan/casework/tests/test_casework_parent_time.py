"""A child's duties end inside the clock of its parent, whatever is done on either of them later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from liuquan.casework import actions, clocks, parent_time, queries, registry
from liuquan.casework.effects import OpenChildren
from liuquan.casework.tests import children_kind
from liuquan.casework.tests.children_kind import BODIES, LATER, ORDER
from liuquan.casework.tests.test_casework_children import (
    ACTS,
    MONDAY,
    act,
    as_recorded,
    children,
    everything,
    officer,
    order,
)
from liuquan.casework.tests.test_casework_round_trips import MOST, round_trips
from liuquan.casework.types import Given, NewChild, Snapshot
from liuquan.clock import (
    AddExtension,
    AddSuspension,
    Extension,
    Limit,
    MoveAnchor,
    Suspension,
    Unit,
)
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, Refusal, WrongState
from liuquan.organisation.types import SYSTEM, Actor, MandateTerm
from liuquan.testing.cast import Cast

LAST = "2026年3月12日"  #: of an order of ten days, whose last moment is that of the day


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    children_kind.registered_with_more()


def holder(letter: str = "A") -> Actor:
    """Who may do everything on the cases of the body of this letter, later rows too."""
    acts = ACTS | {f"part.{row.action}" for row in LATER} | {"order.correct"}
    body = BODIES[letter]
    return Actor(
        kind="staff",
        staff_id=1,
        post_code="P-1",
        post_name="岗",
        body_code=body,
        roles=frozenset({"body_head"}),
        mandates=(MandateTerm(acts, ("*",), body),),
    )


def child_of(number: str, days: int = 5) -> str:
    """A child of so many days, opened today."""
    act(number, "divide", to=f"A{days}")
    return queries.read(number).children[-1].number


def on_child(number: str, action: str, day: int = 0, **data: Any) -> Snapshot:
    actions.perform(number, action, by=holder(), now=MONDAY + timedelta(days=day), data=data)
    return queries.read(number)


def extended(number: str, day: int = 0) -> None:
    """The order has a day more."""
    actions.perform(number, "extend", by=officer(), now=MONDAY + timedelta(days=day), data={"days": "1"})


def refused(number: str, does: Callable[[], object], kind: type[Refusal]) -> Refusal:
    """The refusal of an act by which nothing happened."""
    before, rows = queries.read(number), everything()
    with pytest.raises(kind) as told:
        does()
    assert (queries.read(number), everything()) == (before, rows)
    return told.value


def ends(case: Snapshot, key: str = "more") -> date | None:
    view = case.deadline(key)
    return view.due_on if view else None


# --- clocks that start later --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "field", "outside", "inside"),
    [
        ("check", "days", "8", "7"),
        ("check_from", "from_on", "2026-03-08", "2026-03-07"),
    ],
)
def test_what_an_act_gives_a_child_later_ends_inside_its_parent(
    city_db: str, action: str, field: str, outside: str, inside: str
) -> None:
    child = child_of(order(10))
    told = refused(child, partial(on_child, child, action, 3, **{field: outside}), BadInput)
    assert f"晚于总件期限的最后一日{LAST}" in told.fields[field]
    assert "请先延长总件的期限" in told.sentence
    assert ends(on_child(child, action, 3, **{field: inside})) == date(2026, 3, 12)
    assert as_recorded(child) == ()


def test_a_clock_that_the_law_alone_starts_is_refused_until_the_parent_has_more_time(city_db: str) -> None:
    number = order(10)
    child = child_of(number)
    told = refused(child, partial(on_child, child, "look_into", 6), WrongState)
    assert told.sentence == (
        "现在起算的期限到2026年3月13日为止，晚于总件期限的最后一日2026年3月12日，请先延长总件的期限，再办理这一步。"
    )
    extended(number, 6)
    assert ends(on_child(child, "look_into", 6)) == date(2026, 3, 13)


def test_a_clock_that_ends_with_the_parent_is_inside(city_db: str) -> None:
    child = child_of(order(10))
    assert ends(on_child(child, "look_into", 5)) == date(2026, 3, 12)


def test_what_only_has_to_pass_may_outlast_the_parent(city_db: str) -> None:
    child = child_of(order(10))
    assert "rest_longer" in offered(child)
    assert ends(on_child(child, "rest_longer", days="2"), "rest") == date(2026, 6, 2)
    assert ends(on_child(child, "rest_again", 3), "rest") == date(2026, 6, 3)


def test_of_two_clocks_that_an_act_starts_the_one_that_is_given_too_much_is_refused(city_db: str) -> None:
    child = child_of(order(10))
    told = refused(child, partial(on_child, child, "check_twice", 3, days="8"), BadInput)
    assert "2026年3月13日为止" in told.fields["days"]
    case = on_child(child, "check_twice", 3, days="7")
    assert (ends(case), ends(case, "again")) == (date(2026, 3, 10), date(2026, 3, 12))


def test_a_step_has_its_own_time(city_db: str) -> None:
    child = queries.read(child_of(order(10)))
    parent, calendar = child.parent_clock, queries.calendar_of(child)
    assert parent is not None
    limit = Limit(30, Unit.CALENDAR_DAY)
    clock = clocks.started("step", "step:x", limit, clocks.BARE, MONDAY, calendar, (), step="x")
    assert clock.due_at > parent.due_at
    parent_time.check_started(clock, parent, "")
    with pytest.raises(WrongState):
        parent_time.check_started(replace(clock, step=""), parent, "")


def test_neither_a_party_nor_the_law_is_refused_for_the_parents_sake(city_db: str, cast: Cast) -> None:
    parties = {cast.applicant.party_number: "applicant"}
    for by in (cast.applicant, SYSTEM):
        child = child_of(order(10, parties))
        act(child, "look_into", by=by, days=6)
        assert ends(queries.read(child)) == date(2026, 3, 13)


def test_when_the_parent_is_late_its_child_goes_on_but_is_given_no_more_time(city_db: str) -> None:
    child = child_of(order(10))
    end = datetime(2026, 3, 12, 16, tzinfo=UTC)  # the first moment that is too late
    late = partial(actions.perform, child, by=holder(), now=end)
    before = partial(actions.perform, child, by=holder(), now=end - timedelta(seconds=1))
    refused(child, partial(before, "look_into", data={}), WrongState)
    actions.sweep(now=end)
    assert "days" in refused(child, partial(late, "check", data={"days": "1"}), BadInput).fields
    refused(child, partial(late, "extend", data={"days": "1"}), WrongState)
    late("look_into", data={})
    assert ends(queries.read(child)) == date(2026, 3, 18)


def test_a_child_of_a_parent_that_has_met_its_duty_is_given_any_time(city_db: str) -> None:
    number = order(10)
    child = child_of(number)
    act(number, "meet")
    assert ends(on_child(child, "check", 3, days="30")) == date(2026, 4, 7)


# --- days put right -----------------------------------------------------------------------------------------


def corrected(to: str, **more: Any) -> dict[str, Any]:
    return {"clock": "answer", "to": to, "reason": "登记的日期有误"} | more


def test_a_day_of_a_child_is_not_put_right_beyond_its_parent(city_db: str) -> None:
    child = child_of(order(10), 8)
    told = refused(child, partial(on_child, child, "correct", 3, **corrected("2026-03-05")), BadInput)
    assert f"2026年3月13日为止，晚于总件期限的最后一日{LAST}" in told.fields["to"]
    case = on_child(child, "correct", 3, **corrected("2026-03-04"))
    assert (ends(case, "answer"), ends(case, "rest")) == (date(2026, 3, 12), date(2026, 6, 2))
    assert as_recorded(child) == ()


@pytest.mark.parametrize(
    ("resumed", "before", "after"),
    [
        (8, date(2026, 3, 20), date(2026, 3, 19)),
        (10, date(2026, 3, 23), date(2026, 3, 23)),  # from a Sunday and from a Saturday the same Monday
    ],
)
def test_a_day_by_which_a_child_ends_no_later_is_put_right_though_it_is_outside(
    city_db: str, resumed: int, before: date, after: date
) -> None:
    child = child_of(order(10), 10)
    on_child(child, "stop", ground="hearing", until="2026-03-20", document="听证通知书")
    assert ends(on_child(child, "go_on", resumed), "answer") == before
    assert ends(on_child(child, "correct", resumed, **corrected("2026-03-01")), "answer") == after


def test_a_day_of_the_parent_is_not_put_right_before_the_end_of_an_open_child(city_db: str) -> None:
    number = order(10)
    first, last = child_of(number, 9), child_of(number, 10)
    as_parent = partial(act, number, "correct", by=holder("C"), **corrected("2026-03-01"))
    told = refused(number, as_parent, BadInput)
    assert told.fields["to"] == (
        f"更正后的期限到2026年3月11日为止，早于子件{last}的期限，请先办结或者更正这个子件，再更正本件。"
    )
    on_child(last, "meet")
    as_parent()
    assert ends(queries.read(number), "answer") == date(2026, 3, 11) == ends(queries.read(first), "answer")
    assert as_recorded(number) == ()


def test_a_day_of_the_parent_is_put_right_where_no_child_loses_time(city_db: str) -> None:
    number = order(10)
    child = child_of(number, 10)
    on_child(child, "stop", ground="hearing", until="2026-03-20", document="听证通知书")
    act(number, "correct", by=holder("C"), days=2, **corrected("2026-03-03"))
    assert ends(queries.read(number), "answer") == date(2026, 3, 13)


def test_a_parent_whose_children_only_wait_is_put_right(city_db: str) -> None:
    number = order(10)
    child = child_of(number, 3)
    assert ends(queries.read(child), "rest") == date(2026, 6, 1)
    act(number, "correct", by=holder("C"), **corrected("2026-03-01"))
    assert ends(queries.read(number), "answer") == date(2026, 3, 11)


def test_only_to_put_a_parent_right_is_a_child_asked_for_and_in_three_round_trips(city_db: str) -> None:
    right, extending, alone = [], [], []
    for _ in range(3):  # the first prepares its statements
        number, freed = order(10), order(10)
        child_of(number, 5)
        on_child(child_of(freed, 5), "answer")
        put_right = partial(act, by=holder("C"), action="correct", **corrected("2026-03-01"))
        extending.append(round_trips(partial(extended, number)))
        right.append(round_trips(partial(put_right, number)))
        alone.append(round_trips(partial(put_right, freed)))
    assert (right[-1], extending[-1], alone[-1]) == (MOST, MOST - 1, MOST - 1)


# --- the button, and what if --------------------------------------------------------------------------------


def offered(number: str, day: int = 0) -> set[str]:
    now = MONDAY + timedelta(days=day)
    return {one.action for one in queries.offers(queries.read(number), by=holder(), now=now)}


def test_there_is_no_button_to_extend_a_child_that_ends_with_its_parent(city_db: str) -> None:
    number = order(10)
    child = child_of(number, 10)
    assert "extend" not in offered(child)
    barred = queries.barred(queries.read(child), "extend", by=holder(), now=MONDAY)
    assert barred is not None
    assert (barred.status, barred.sentence) == (
        409,
        f"总件期限的最后一日是{LAST}，本件的期限不能延长到这一日以后。确需更长的，请先延长总件的期限。",
    )
    refused(child, partial(on_child, child, "extend", days="1"), WrongState)
    extended(number)
    assert "extend" in offered(child)
    assert ends(on_child(child, "extend", days="1"), "answer") == date(2026, 3, 13)
    assert "extend" not in offered(child)


def test_a_lot_that_ends_with_the_parent_takes_the_button_from_no_other(city_db: str) -> None:
    child = child_of(order(10))
    on_child(child, "open_lot", lot="A", days="10")
    assert "lot_longer" not in offered(child)
    on_child(child, "open_lot", lot="B", days="7")
    assert "lot_longer" in offered(child)
    told = refused(child, partial(on_child, child, "lot_longer", lot="A", days="1"), BadInput)
    assert f"晚于总件期限的最后一日{LAST}" in told.fields["days"]
    case = on_child(child, "lot_longer", lot="B", days="3")
    assert [d.due_on for d in case.deadlines if d.key == "lot"] == [date(2026, 3, 12)] * 2


def longer(days: int) -> AddExtension:
    return AddExtension(Extension(days, Unit.CALENDAR_DAY), keys=("answer",))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (longer(6), "days"),
        (MoveAnchor(date(2026, 3, 8), keys=("answer", "rest")), "to"),
        (MoveAnchor(date(2026, 3, 8)), "to"),
    ],
)
def test_what_if_a_child_ended_later_than_its_parent_is_answered_with_the_refusal(
    city_db: str, change: AddExtension | MoveAnchor, field: str
) -> None:
    child = queries.read(child_of(order(10), 5))
    with pytest.raises(BadInput) as told:
        queries.what_if(child, [change], on=date(2026, 3, 9))
    assert f"晚于总件期限的最后一日{LAST}" in told.value.fields[field]


def test_what_if_several_clocks_moved_is_refused_for_any_that_ends_later_than_the_parent(
    city_db: str,
) -> None:
    case = on_child(child_of(order(10), 5), "look_into")
    with pytest.raises(BadInput, match="2026年3月16日为止"):
        queries.what_if(case, [MoveAnchor(date(2026, 3, 10), keys=("rest", "more"))], on=date(2026, 3, 10))


def test_what_if_within_the_parent_or_by_law_is_answered_with_the_days(city_db: str) -> None:
    child = queries.read(child_of(order(10), 5))
    away = AddSuspension(Suspension(date(2026, 3, 3), date(2026, 3, 20), "hearing", label="听证"))
    for change, end in (
        (longer(5), date(2026, 3, 12)),
        (MoveAnchor(date(2026, 3, 7), keys=("answer",)), date(2026, 3, 12)),
        (MoveAnchor(date(2026, 3, 20), keys=("rest",)), None),
        (away, date(2026, 3, 24)),
    ):
        shifts = {s.key: s.after.due_on for s in queries.what_if(child, [change], on=date(2026, 3, 3))}
        assert shifts.get("answer") == end


def test_what_if_a_child_that_is_outside_by_law_ended_earlier_is_answered_too(city_db: str) -> None:
    child = child_of(order(10), 10)
    on_child(child, "stop", ground="hearing", until="2026-03-20", document="听证通知书")
    case = on_child(child, "go_on", 8)
    (shift,) = queries.what_if(case, [MoveAnchor(date(2026, 3, 1), keys=("answer",))], on=date(2026, 3, 10))
    assert (shift.before.due_on, shift.after.due_on) == (date(2026, 3, 20), date(2026, 3, 19))


def test_what_if_another_clock_moved_while_the_law_stops_this_one_is_answered(city_db: str) -> None:
    case = on_child(child_of(order(10), 5), "look_into")
    hearing = Suspension(date(2026, 3, 3), date(2026, 3, 20), "hearing", label="听证")
    away = AddSuspension(hearing, keys=("answer",))
    shifts = queries.what_if(case, [away, MoveAnchor(date(2026, 3, 5), keys=("more",))], on=date(2026, 3, 3))
    assert {one.key: one.after.due_on for one in shifts} == {
        "answer": date(2026, 3, 24),
        "more": date(2026, 3, 10),
    }


# --- bodies -------------------------------------------------------------------------------------------------


def exists(letter: str, from_on: date | None, to_on: date | None) -> None:
    sql.run(
        "UPDATE body_record SET from_on = coalesce(%(from)s, from_on), to_on = %(to)s FROM body "
        "WHERE body.id = body_id AND code = %(code)s",
        {"from": from_on, "to": to_on, "code": BODIES[letter]},
    )


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [
        (None, date(2026, 3, 2)),  # dissolved today
        (date(2026, 3, 3), None),  # founded tomorrow
    ],
)
def test_a_child_is_opened_for_no_body_that_does_not_exist_today(
    city_db: str, from_on: date | None, to_on: date | None
) -> None:
    number = order(10)
    exists("B", from_on, to_on)
    told = refused(number, partial(act, number, "divide", to="A5 B5 D5"), BadInput)
    assert told.sentence == (
        f"没有这个单位，或者它今天还没有设立、已经撤销：{BODIES['B']}，请改为现有的单位后再分出子件。"
    )
    act(number, "divide", to="A5 D5")
    assert len(children(number)) == 2


def test_a_child_is_opened_for_a_body_on_its_first_day_and_on_its_last(city_db: str) -> None:
    number = order(10)
    exists("A", date(2026, 3, 2), None)
    exists("B", None, date(2026, 3, 3))
    act(number, "divide", to="A5 B5")
    assert [one.body_code for one in children(number)] == [BODIES["A"], BODIES["B"]]


def test_a_body_of_a_child_that_nobody_knows_is_refused(
    city_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = order(10)
    monkeypatch.setitem(BODIES, "A", "11990100MB9900000X")
    told = refused(number, partial(act, number, "divide", to="A5"), BadInput)
    assert "11990100MB9900000X" in told.sentence


def test_a_body_that_only_looks_on_may_be_gone(city_db: str) -> None:
    number = order(10)
    exists("C", None, date(2026, 3, 2))
    act(number, "divide", to="A5")
    assert len(children(number)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"bodies": {BODIES["A"]: "lead", BODIES["B"]: "cooperating"}},
        {"terms": children_kind.terms("part", 5, body=BODIES["B"])},
    ],
)
def test_every_body_that_is_to_work_on_a_child_exists(city_db: str, changed: dict[str, Any]) -> None:
    def opened(given: Given) -> list[NewChild]:
        return [replace(one, **changed) for one in children_kind.parts(given)]

    effects = (OpenChildren("part", opened, "answer"),)
    rows = [replace(row, effects=effects) if row.action == "divide" else row for row in ORDER.rows]
    registry.register(replace(ORDER, rows=tuple(rows)))
    exists("B", None, date(2026, 3, 2))
    number = order(10)
    assert BODIES["B"] in refused(number, partial(act, number, "divide", to="A5"), BadInput).sentence
