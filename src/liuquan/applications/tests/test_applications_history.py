"""A case as it stood on a day, rebuilt from its entries: what the record knew, what held by law."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from liuquan.casework import actions as engine
from liuquan.casework import queries as casework
from liuquan.journal import queries as record
from liuquan.journal.queries import Axis
from liuquan.journal.types import Entry
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, WrongState
from liuquan.kinds.queries import case_then
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def played(city_db: str, settings: Any) -> None:
    """The tests play March 2026, whatever day the database's clock shows."""
    settings.LIUQUAN_DEMO = True


def at(month: int, day: int, hour: int = 2) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def silent(cast: Cast) -> str:
    """Received on 2 March, not answered, deemed accepted on the 10th with effect from the 2nd."""
    number = cast.applies("device", at=MONDAY)
    engine.sweep(now=at(3, 10))
    assert casework.read(number).accepted_at == MONDAY
    return number


def delivered(cast: Cast) -> str:
    number = cast.applies("device", at=MONDAY, materials=cast.materials("device")[:1])
    rest = cast.materials("device")[1:]
    engine.perform(number, "notify_supplement", by=cast.clerk, now=at(3, 3), data={"items": rest})
    engine.perform(number, "receive_supplement", by=cast.clerk, now=at(3, 5), data={"materials": rest})
    engine.perform(number, "accept", by=cast.clerk, now=at(3, 6))
    special = {"ground": "testing", "until": "2026-03-16", "document": "告知书"}
    engine.perform(number, "start_special", by=cast.examiner, now=at(3, 9), data=special)
    engine.perform(number, "end_special", by=cast.examiner, now=at(3, 12))
    cast.examines(number, at=at(3, 13))
    engine.perform(number, "grant", by=cast.approver, now=at(3, 16), data=cast.decision("device"))
    engine.perform(number, "deliver", by=cast.clerk, now=at(3, 17))
    return number


def plain(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def test_the_record_did_not_know_on_the_fifth_that_the_case_was_accepted_as_of_the_second(cast: Cast) -> None:
    case = casework.read(silent(cast))
    then = case_then(case, on="2026-03-05", clock="", axis="record", now=at(3, 20))
    assert (then.state_label, then.case.accepted_at) == ("已收件，待受理", None)
    assert [clock.view.key for clock in then.clocks] == ["acceptance"]
    assert [entry.label for entry in then.unknown] == ["视为受理"]
    assert [entry.label for entry in then.later][:1] == ["视为受理"]


def test_by_law_the_case_was_accepted_on_the_fifth_and_its_clocks_ran(cast: Cast) -> None:
    case = casework.read(silent(cast))
    then = case_then(case, on="2026-03-05", clock="", axis="law", now=at(3, 20))
    assert (then.state_label, then.case.accepted_at) == ("审查中", MONDAY)
    assert {clock.view.key for clock in then.clocks if clock.view.is_open} == {
        "acceptance",
        "statutory",
        "promised",
    }
    assert then.case.assignments == ()  # no step opens before the day on which deemed acceptance was recorded


def test_on_the_day_it_was_entered_both_say_the_same(cast: Cast) -> None:
    case = casework.read(silent(cast))
    one, other = (
        case_then(case, on="2026-03-10", clock="", axis=axis, now=at(3, 20)) for axis in ("record", "law")
    )
    assert one.unknown == ()
    assert casework.differences(one.case, other.case) == ()
    assert [a.opened_at for a in one.case.assignments] == [at(3, 10)]


def test_a_whole_case_shows_each_of_its_days(cast: Cast) -> None:
    case = casework.read(delivered(cast))
    days = {
        f"2026-03-{day:02}": case_then(case, on=f"2026-03-{day:02}", clock="", axis="record", now=at(4, 1))
        for day in range(2, 18)
    }
    assert [then.case.state for then in days.values()] == [
        "received",
        "supplementing",
        "supplementing",
        "received",
        *["examining"] * 7,
        "deciding",
        "deciding",
        "deciding",
        "granted",
        "closed",
    ]
    there = [sum(m.since is not None for m in then.materials) for then in days.values()]
    assert there[0] == 1
    assert there[3:] == [len(cast.materials("device"))] * 13
    promised = days["2026-03-10"].case.deadline("promised")
    assert promised is not None
    assert promised.state == "paused"
    assert all(one.to_on for one in days["2026-03-12"].case.suspensions)


@pytest.mark.parametrize("play", [delivered, silent])
def test_as_it_stands_now_is_the_present_state(cast: Cast, play: Any) -> None:
    number = play(cast)
    then = case_then(casework.read(number), on="", clock="", axis="", now=at(4, 1))
    assert then.tables_differ == ()
    assert not then.later
    present = set(_received(number))
    named = casework.material_names(then.case)
    assert {m.name for m in then.materials if m.since} == {named[key] for key in present}


def _received(number: str) -> list[str]:
    rows = sql.run(
        "SELECT DISTINCT m.key FROM casework_material m JOIN casework_case c ON c.id = m.case_id "
        "WHERE c.number = %(number)s",
        {"number": number},
    )
    return [row["key"] for row in rows]


def test_a_changed_row_is_noticed_beside_the_record(cast: Cast) -> None:
    number = delivered(cast)
    sql.run(
        "UPDATE casework_deadline SET due_on = due_on + 1 WHERE case_id = %(id)s AND key = 'promised' "
        "RETURNING 1",
        {"id": casework.read(number).id},
    )
    then = case_then(casework.read(number), on="", clock="", axis="", now=at(4, 1))
    assert then.tables_differ == ("期限",)


def test_terms_changed_afterwards_are_noticed_on_any_day(cast: Cast) -> None:
    number = delivered(cast)
    change = "jsonb_set(terms, '{deciding_post}', '\"SCJG-XX\"')"
    sql.run(f"UPDATE casework_case SET terms = {change} WHERE number = %(n)s RETURNING 1", {"n": number})
    then = case_then(casework.read(number), on="2026-03-05", clock="", axis="", now=at(4, 1))
    assert then.tables_differ == ("适用条款",)


@pytest.mark.parametrize(
    ("on", "clock", "sentence"),
    [
        ("昨天", "", "日期应当写成"),
        ("2026-02-30", "", "2026年2月没有30日"),
        ("2026-03-10", "下午", "时间应当写成"),
        ("2026-03-10", "25:00", "时间应当写成"),
        ("2026-04-02", "", "还没有到"),
        ("9999-12-31", "", "还没有到"),
        ("2026-04-01", "23:00", "还没有到"),
        ("2026-03-01", "", "才记入"),
        ("2026-03-02", "08:00", "才记入"),
        ("0001-01-01", "", "才记入"),
    ],
)
def test_a_moment_that_cannot_be_shown_is_refused_with_the_reason(
    cast: Cast, on: str, clock: str, sentence: str
) -> None:
    case = casework.read(cast.applies("device", at=MONDAY))
    with pytest.raises(BadInput, match=sentence):
        case_then(case, on=on, clock=clock, axis="record", now=at(4, 1))


def entry(effective: datetime, recorded: datetime, **public: str) -> Entry:
    return Entry(
        uuid.uuid4(), "e", "事", "事", "S", "", "", "system", effective, recorded, public, None, None, ""
    )


def test_in_earnest_the_database_says_when_the_record_knew() -> None:
    late = entry(at(3, 3), at(3, 11), acted_at=at(3, 4).isoformat())
    noon = at(3, 5)
    assert record.until([late], noon, axis=Axis.RECORD, played=False) == []
    assert record.until([late], noon, axis=Axis.LAW, played=False) == [late]
    assert record.not_yet_known([late], noon, played=False) == [late]
    assert record.until([late], at(3, 11), axis=Axis.RECORD, played=False) == [late]
    assert record.not_yet_known([late], at(3, 12), played=False) == []


def test_entries_that_contradict_each_other_are_refused(cast: Cast) -> None:
    case = casework.read(delivered(cast))
    entries = record.entries_of(case.number)
    without_end = [one for one in entries if one.event != "application.special_ended"]
    without_receipt = [one for one in entries if one.event != "application.supplement_received"]
    for wrong in (without_receipt, entries[1:], [*without_end, entries[-1], *entries[1:]]):
        with pytest.raises(WrongState, match="对不上"):
            casework.as_it_stood(case, wrong, at=at(4, 1))


def test_the_pages_show_it_to_handlers_and_to_the_holder_of_the_slip_and_to_nobody_else(
    cast: Cast, set_now: SetNow
) -> None:
    number = silent(cast)
    set_now(at(3, 20))
    asked = "?on=2026-03-05&axis=record"
    said = plain(cast.client("clerk").get(f"/desk/cases/{number}/history/{asked}").content.decode())
    assert "2026年3月5日结束时：已收件，待受理" in said
    assert "“视为受理”自2026年3月2日10:00起生效，2026年3月10日10:00才记入" in said
    assert cast.client("other_examiner").get(f"/desk/cases/{number}/history/").status_code == 404
    holder = Client()
    assert holder.get(f"/track/{number}/history/{asked}").status_code == 302
    holder.post("/track/", {"number": number, "code": casework.query_code(number)})
    mine = holder.get(f"/track/{number}/history/{asked}")
    assert "已收件，待受理" in plain(mine.content.decode())
    assert cast.applicant.party_number not in mine.content.decode()
    wrong = holder.get(f"/track/{number}/history/?on=2026-13-01")
    assert wrong.status_code == 422
    assert "没有13月" in wrong.content.decode()
    printed = holder.get(f"/track/{number}/history/{asked}&print=1").content.decode()
    assert 'name="on"' not in printed


def test_it_is_seen_at_the_minute_too(cast: Cast) -> None:
    case = casework.read(delivered(cast))
    before = case_then(case, on="2026-03-06", clock="09:59", axis="record", now=at(4, 1))
    after = case_then(case, on="2026-03-06", clock="10:00", axis="record", now=at(4, 1) + timedelta(days=1))
    assert (before.case.state, after.case.state) == ("received", "examining")
