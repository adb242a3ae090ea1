"""A key may have a clock for each part of a case; an act may give the limit and the day it counts from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from liuquan import law
from liuquan.casework import actions, clock_columns, history, queries, registry
from liuquan.casework.actions import reprojection
from liuquan.casework.effects import Start, Stop
from liuquan.casework.tests import lots_kind
from liuquan.casework.tests.test_casework_round_trips import MOST, round_trips
from liuquan.casework.types import DeadlineView, Lamp, NewCase, NewDeadline, Running, Snapshot
from liuquan.clock import Calendar, MoveAnchor, shanghai_day
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, Refusal, WrongState
from liuquan.organisation.types import Actor, MandateTerm
from liuquan.testing.entries import last_said

BODY = "11990100MB9901024C"
ACTS = frozenset(f"lots.{row.action}" for row in (lots_kind.PROCEDURE.creation, *lots_kind.PROCEDURE.rows))
OFFICER = Actor(
    kind="staff",
    staff_id=1,
    post_code="P-1",
    post_name="岗",
    body_code=BODY,
    mandates=(MandateTerm(ACTS, ("*",), BODY),),
)


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCEDURES", dict(registry._PROCEDURES))
    lots_kind.registered()


def at(month: int, day: int, hour: int = 10) -> datetime:
    """A moment by the clock in Shanghai."""
    return datetime(2026, month, day, hour - 8, tzinfo=UTC)


def filed(**data: Any) -> str:
    number = actions.next_number(kind="lots", now=at(3, 2))
    new = NewCase(
        kind="lots",
        number=number,
        terms=lots_kind.terms(BODY),
        subject_version="1",
        division_path="r990000.r990100",
        parties={},
        bodies={BODY: "lead"},
    )
    given = {"opens_on": "2026-04-10", "days": "8"} | data
    return actions.create(new, by=OFFICER, now=at(3, 2), data=given).number


def act(number: str, action: str, now: datetime, **data: Any) -> None:
    actions.perform(number, action, by=OFFICER, now=now, data=data)


def last(number: str) -> Entry:
    return journal.entries_of(number)[-1]


def clocks(number: str) -> dict[str, tuple[Running, date]]:
    return {d.name: (d.state, d.due_on) for d in queries.read(number).deadlines}


def clock(number: str, key: str, part: str = "") -> DeadlineView:
    found = queries.read(number).deadline(key, part=part)
    assert found is not None
    return found


def recorded(number: str) -> Snapshot:
    """The case as rebuilt from its record."""
    case, entries = queries.read(number), journal.entries_of(number)
    rebuilt = history.rebuilt(case, lots_kind.PROCEDURE, entries, queries.calendar_of(case))
    assert rebuilt is not None
    return rebuilt


def as_recorded(number: str) -> tuple[str, ...]:
    """Where the case rebuilt from its record differs from its rows."""
    return history.differences(queries.read(number), recorded(number))


def refused(number: str, action: str, why: str, kind: type[Refusal], now: datetime, **data: Any) -> Refusal:
    """The refusal of the act, which changed nothing."""
    before = queries.read(number), len(journal.entries_of(number))
    with pytest.raises(kind, match=why) as refusal:
        act(number, action, now, **data)
    assert (queries.read(number), len(journal.entries_of(number))) == before
    return refusal.value


# --- parts --------------------------------------------------------------------------------------------------


def test_two_lots_have_clocks_of_their_own_that_start_stop_and_move_apart(committed_db: str) -> None:
    number = filed()
    act(number, "open_lot", at(3, 3), lot="A", days="5")
    act(number, "open_lot", at(3, 4), lot="B", days="10")
    assert last_said(number) == {"lot": "B", "days": 10, "due": {"lot/B": "2026-03-18"}}
    act(number, "extend_lot", at(3, 5), lot="B", days="2")
    act(number, "decide_lot", at(3, 6), lot="A")
    assert clocks(number) == {
        "notice": (Running.RUNNING, date(2026, 3, 20)),
        "task": (Running.RUNNING, date(2026, 3, 12)),
        "lot/A": (Running.MET, date(2026, 3, 10)),
        "lot/B": (Running.RUNNING, date(2026, 3, 20)),
    }
    act(number, "drop_lot", at(3, 9), lot="B")
    assert clocks(number)["lot/B"] == (Running.CANCELLED, date(2026, 3, 20))
    act(number, "open_lot", at(3, 9), lot="B", days="1")
    assert clock(number, "lot", "B").due_on == date(2026, 3, 10)
    assert as_recorded(number) == ()


def test_an_act_may_stop_the_clock_of_a_lot_and_start_it_again(committed_db: str) -> None:
    number = filed()
    act(number, "open_lot", at(3, 3), lot="A", days="5")
    act(number, "again", at(3, 9), lot="A", days="5")
    assert [(d.state, d.due_on.day) for d in queries.read(number).deadlines if d.key == "lot"] == [
        (Running.MET, 10),
        (Running.RUNNING, 16),
    ]
    assert as_recorded(number) == ()


@pytest.mark.parametrize("action", ["decide_lot", "drop_lot", "extend_lot", "award"])
def test_a_part_without_an_open_clock_is_refused_beside_its_field(committed_db: str, action: str) -> None:
    number = filed()
    act(number, "open_lot", at(3, 3), lot="A", days="5")
    days = {"days": "1"} if action == "extend_lot" else {}
    refusal = refused(number, action, "标段", BadInput, at(3, 4), lot="B", **days)
    assert refusal.fields == {"lot": "“标段”没有正在计算的期限，请核对。"}


def test_a_second_clock_of_the_same_lot_is_refused_and_the_first_goes_on(committed_db: str) -> None:
    number = filed()
    act(number, "open_lot", at(3, 3), lot="A", days="5")
    refused(number, "open_lot", "“A”的这项期限正在计算", WrongState, at(3, 4), lot="A", days="7")
    refused(number, "assign", "这项期限正在计算", WrongState, at(3, 4), days="7")
    assert clock(number, "lot", "A").due_on == date(2026, 3, 10)


@pytest.mark.parametrize("lot", ["张三", "a b", "-a", "x" * 61, "a/b"])
def test_a_part_is_a_code_and_never_a_name(committed_db: str, lot: str) -> None:
    refusal = refused(filed(), "open_lot", "代码", BadInput, at(3, 3), lot=lot, days="5")
    assert refusal.fields.keys() == {"lot"}


def test_the_silence_on_each_lot_takes_effect_by_itself(committed_db: str) -> None:
    number = filed()
    act(number, "open_lot", at(3, 3), lot="A", days="2")
    act(number, "open_lot", at(3, 3), lot="B", days="9")
    assert actions.sweep(now=at(3, 6)) == 1
    assert last(number).public["part"] == "A"
    found = clocks(number)
    assert [found["lot/A"][0], found["lot/B"][0]] == [Running.EXPIRED, Running.RUNNING]
    act(number, "ask", at(3, 24), lot="A", asked_on="2026-03-24")
    assert clocks(number)["lot/B"][0] is Running.EXPIRED
    assert as_recorded(number) == ()


def test_an_act_waits_for_the_time_of_its_own_lot(committed_db: str) -> None:
    number = filed()
    act(number, "announce", at(3, 3), lot="A")
    act(number, "announce", at(3, 5), lot="B")
    act(number, "award", at(3, 7), lot="A")
    refused(number, "award", "award", WrongState, at(3, 7), lot="B")
    assert as_recorded(number) == ()


def test_a_hearing_pauses_the_clocks_of_all_lots_and_they_go_on(committed_db: str) -> None:
    number = filed()
    act(number, "open_lot", at(3, 3), lot="A", days="5")
    act(number, "open_lot", at(3, 3), lot="B", days="6")
    act(number, "stop", at(3, 5), ground="hearing", until="2026-03-12", document="听证通知书")
    assert {d.state for d in queries.read(number).deadlines if d.part} == {Running.PAUSED}
    act(number, "go_on", at(3, 10))
    found = clocks(number)
    assert [found["lot/A"], found["lot/B"]] == [
        (Running.RUNNING, date(2026, 3, 13)),
        (Running.RUNNING, date(2026, 3, 16)),
    ]
    assert as_recorded(number) == ()


def test_breaches_and_reminders_say_which_lot_and_the_past_shows_it(committed_db: str) -> None:
    number = filed()
    act(number, "ask", at(3, 3), lot="A", asked_on="2026-03-03")
    act(number, "ask", at(3, 3), lot="B", asked_on="2026-03-02")
    assert actions.sweep(now=at(3, 6)) == 1
    told = [(e.event, e.public.get("part")) for e in journal.entries_of(number)[-2:]]
    assert sorted(told) == [("casework.deadline_breached", "B"), ("casework.deadline_near", "A")]
    assert {d.part for d in queries.read(number).deadlines if d.breached} == {"B"}
    assert as_recorded(number) == ()


def test_an_anchor_is_corrected_for_one_lot_and_no_other_of_the_same_day(
    committed_db: str,
) -> None:
    number = filed()
    act(number, "ask", at(3, 4), lot="A", asked_on="2026-03-03")
    act(number, "ask", at(3, 4), lot="B", asked_on="2026-03-03")
    assert [key for key, _ in queries.correctable_labels(queries.read(number))] == [
        "task",
        "reply/A",
        "reply/B",
    ]
    act(number, "correct", at(3, 5), clock="reply/B", to="2026-03-02", reason="登记有误，更正")
    assert clock(number, "reply", "A").due_on == date(2026, 3, 6)
    assert clock(number, "reply", "B").due_on == date(2026, 3, 5)
    assert last(number).public["before"] == {"reply/B": "2026-03-06"}
    assert as_recorded(number) == ()


def test_what_if_moves_the_clock_of_one_lot(committed_db: str) -> None:
    number = filed()
    for lot in ("A", "B"):
        act(number, "ask", at(3, 4), lot=lot, asked_on="2026-03-04")
    moved = MoveAnchor(date(2026, 3, 2), keys=("reply/B",))
    shifts = queries.what_if(queries.read(number), [moved], on=date(2026, 3, 4))
    assert [shift.key for shift in shifts] == ["reply/B"]


def test_pages_and_the_case_log_name_the_lot(committed_db: str) -> None:
    number = filed()
    for lot in ("A", "B"):
        act(number, "open_lot", at(3, 3), lot=lot, days="5")
    shown = queries.clocks(queries.read(number), now=at(3, 4))
    assert [one.label for one in shown if one.view.part] == ["评审（A）", "评审（B）"]
    logged = sql.run("SELECT clock, part, label FROM caselog.clocks WHERE key = 'lot' ORDER BY part")
    start = int(at(3, 3).timestamp())
    assert [(row["clock"], row["part"], row["label"]) for row in logged] == [
        (f"lot/A@{start}", "A", "评审（A）"),
        (f"lot/B@{start}", "B", "评审（B）"),
    ]


def test_the_clocks_of_all_lots_end_with_the_case(committed_db: str) -> None:
    number = filed()
    for lot in ("A", "B"):
        act(number, "open_lot", at(3, 3), lot=lot, days="5")
    act(number, "close", at(3, 4))
    assert {state for state, _ in clocks(number).values()} == {Running.CANCELLED}
    assert as_recorded(number) == ()


def test_an_act_on_a_part_asks_the_database_no_more_often_than_any(committed_db: str) -> None:
    acts: list[tuple[str, dict[str, str]]] = [
        ("open_lot", {"days": "5"}),
        ("extend_lot", {"days": "1"}),
        ("again", {"days": "2"}),
        ("ask", {"asked_on": "2026-03-04"}),
        ("decide_lot", {}),
    ]
    needed: dict[str, int] = {}
    for _ in range(2):  # the first time prepares the statements
        number = filed()
        for action, data in acts:
            needed[action] = round_trips(partial(act, number, action, at(3, 4), lot="A", **data))
    assert {action: trips for action, trips in needed.items() if trips > MOST} == {}


# --- limits and anchors that an act gives -------------------------------------------------------------------


def test_a_limit_that_an_act_gave_is_kept_through_every_recount(committed_db: str) -> None:
    number = filed(days="8")
    assert (clock(number, "task").amount, clock(number, "task").due_on) == (8, date(2026, 3, 12))
    act(number, "stop", at(3, 3), ground="hearing", until="2026-03-12", document="听证通知书")
    act(number, "go_on", at(3, 4))
    assert clock(number, "task").due_on == date(2026, 3, 13)
    act(number, "correct", at(3, 5), clock="task", to="2026-03-01", reason="登记有误，更正")
    assert (clock(number, "task").amount, clock(number, "task").due_on) == (8, date(2026, 3, 12))
    shown = {one.view.name: one for one in queries.clocks(queries.read(number), now=at(3, 5))}
    assert (shown["task"].limit_text, shown["task"].lamp) == ("8个工作日", Lamp.GREEN)
    assert journal.entries_of(number)[0].public["days"] == 8
    assert as_recorded(number) == ()


@pytest.mark.parametrize("days", ["0", "11"])
def test_an_act_gives_no_more_than_the_limit_of_the_terms(committed_db: str, days: str) -> None:
    refusal = refused(filed(), "open_lot", "1至10个工作日", BadInput, at(3, 3), lot="A", days=days)
    assert refusal.fields.keys() == {"days"}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"days": "21"}, "days"),
        ({"days": "0"}, "days"),
        ({"days": "x"}, "days"),
        ({"opens_on": "2026-03-01"}, "opens_on"),
        ({"opens_on": "soon"}, "opens_on"),
        ({"opens_on": "9999-12-31"}, "opens_on"),
    ],
)
def test_a_case_is_not_opened_with_a_limit_or_a_day_that_its_row_refuses(
    committed_db: str, data: dict[str, str], field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        filed(**data)
    assert refusal.value.fields.keys() == {field}
    assert sql.run("SELECT id FROM casework_case") == []


def test_a_day_that_an_act_gives_lies_no_further_back_than_the_row_says(committed_db: str) -> None:
    number = filed()
    refused(number, "ask", "不能超过3天", BadInput, at(3, 6), lot="A", asked_on="2026-03-02")
    refused(number, "ask", "日期", BadInput, at(3, 6), lot="A", asked_on="2026-03-33")
    act(number, "ask", at(3, 6), lot="A", asked_on="2026-03-03")
    assert shanghai_day(clock(number, "reply", "A").anchor_at) == date(2026, 3, 3)
    assert clock(number, "reply", "A").due_on == date(2026, 3, 6)
    assert last_said(number) == {"lot": "A", "asked_on": "2026-03-03", "due": {"reply/A": "2026-03-06"}}
    assert as_recorded(number) == ()


def test_a_clock_counts_from_a_day_to_come_and_stood_there_before_it(committed_db: str) -> None:
    number = filed(opens_on="2026-04-10")
    assert clock(number, "notice").due_on == date(2026, 3, 20)
    case = queries.read(number)
    stood = queries.as_it_stood(case, journal.entries_of(number), at=at(3, 2))
    assert stood is not None
    assert {d.name for d in stood.deadlines} == {"notice", "task"}


def test_a_new_calendar_counts_each_lot_by_the_days_it_was_given(committed_db: str) -> None:
    number = filed()
    for lot, days in (("A", "5"), ("B", "6")):
        act(number, "open_lot", at(3, 3), lot=lot, days=days)
    ours = law.national_calendar()
    off = {day.on: (day.reason, day.source) for day in ours.exceptions() if day.kind == "off"}
    made_up = {day.on: (day.reason, day.source) for day in ours.exceptions() if day.kind == "working"}
    closed = off | {date(2026, 3, 9): ("节日", "公告")}
    calendar = Calendar(holidays=closed, make_up=made_up, announced=ours.announced)
    reprojection.reproject(lambda _: calendar, now=at(3, 4), reason="公告")
    assert [clock(number, "lot", lot).due_on.day for lot in ("A", "B")] == [11, 12]
    assert last(number).public["due"].keys() == {"lot/A", "lot/B", "task"}
    assert {d.name: d.due_on for d in recorded(number).deadlines} == {
        d.name: d.due_on for d in queries.read(number).deadlines
    }


def test_the_record_and_the_tables_differ_when_a_part_or_an_amount_does(committed_db: str) -> None:
    number = filed()
    act(number, "open_lot", at(3, 3), lot="A", days="5")
    for change in ("amount = amount + 1", "part = 'B'"):
        sql.run(f"UPDATE casework_deadline SET {change} WHERE key = 'lot'")
        assert as_recorded(number) == ("期限",)
        sql.run("UPDATE casework_deadline SET amount = 5, part = 'A' WHERE key = 'lot'")
        assert as_recorded(number) == ()


# --- how a clock is declared --------------------------------------------------------------------------------


def test_every_value_of_a_clock_has_its_column(db: None) -> None:
    kept = {name for one in (NewDeadline, DeadlineView) for name in one.__dataclass_fields__}
    assert kept - clock_columns.TYPES.keys() == {"sense", "breached"}
    rows = sql.run(
        "SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute "
        "WHERE attrelid = 'casework_deadline'::regclass AND attnum > 0"
    )
    short = {
        "character varying": "text",
        "timestamp with time zone": "timestamptz",
        "integer": "int",
        "smallint": "int",
    }
    there = {row["name"]: short.get(row["type"], row["type"]) for row in rows}
    assert {name: there[name] for name in clock_columns.TYPES} == clock_columns.TYPES


@pytest.mark.parametrize(
    ("action", "effects", "why"),
    [
        ("decide_lot", (Stop("lot", part_field="bidder"),), "bidder"),
        ("assign", (Start("task", "task", days_field="amount"),), "amount"),
        ("lapse", (Stop("lot"),), "lapse follows from the silence of a part of lot"),
    ],
)
def test_a_procedure_whose_clocks_cannot_be_told_apart_is_refused(
    action: str, effects: tuple[Any, ...], why: str
) -> None:
    rows = tuple(
        replace(row, effects=effects) if row.action == action else row for row in lots_kind.PROCEDURE.rows
    )
    with pytest.raises(ValueError, match=why):
        registry.register(replace(lots_kind.PROCEDURE, rows=rows))
    assert registry.newest("lots") is lots_kind.PROCEDURE
