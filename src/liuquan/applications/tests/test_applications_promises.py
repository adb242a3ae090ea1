"""The time-limit engine as a whole, and the record of promises kept and broken (CASE-05, CASE-06)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from liuquan.applications import promises
from liuquan.applications.promises import Default, Kept
from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.types import Lamp, Running
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.testing.cast import Cast

PERIOD = {"from_on": date(2026, 3, 1), "to_on": date(2026, 3, 31)}


def at(month: int, day: int, hour: int = 10) -> datetime:
    """A moment by the clock in Shanghai."""
    return datetime(2026, month, day, hour - 8, tzinfo=UTC)


def due(number: str) -> dict[str, date]:
    return {d.key: d.due_on for d in cases.read(number).deadlines if d.is_open}


def entered(number: str, event: str) -> list[tuple[str, Any]]:
    return [
        (e.public["key"], e.public.get("posts", [])) for e in journal.entries_of(number) if e.event == event
    ]


@pytest.mark.requirement("CASE-05")
def test_law_and_promise_run_side_by_side_with_reminder_pause_and_extension(city_db: str, cast: Cast) -> None:
    number = cast.accepted("device", at=at(3, 2))
    assert (due(number)["promised"], due(number)["statutory"]) == (date(2026, 3, 9), date(2026, 3, 30))

    testing = {"ground": "testing", "until": "2026-03-06", "document": "检测时间告知书"}
    casework.perform(number, "start_special", by=cast.examiner, now=at(3, 3), data=testing)
    casework.sweep(now=at(3, 20))
    assert entered(number, "casework.deadline_breached") == []
    assert {d.state for d in cases.read(number).deadlines if d.is_open} == {Running.PAUSED}
    casework.perform(number, "end_special", by=cast.examiner, now=at(3, 5))
    assert (due(number)["promised"], due(number)["statutory"]) == (date(2026, 3, 11), date(2026, 4, 1))

    extended = {"days": 10, "reason": "需要向出厂检验机构核实"}
    casework.perform(number, "extend", by=cast.head, now=at(3, 6), data=extended)
    assert (due(number)["promised"], due(number)["statutory"]) == (date(2026, 3, 11), date(2026, 4, 16))

    assert casework.sweep(now=at(3, 11)) >= 0
    reminders = dict(entered(number, "casework.deadline_near"))
    assert reminders["promised"] == ["SCJG-SC1"]
    assert "statutory" not in reminders
    todo = next(one for one in cases.worklist(cast.examiner, now=at(3, 11)) if one.number == number)
    assert todo.lamp in (Lamp.YELLOW, Lamp.RED)
    casework.sweep(now=at(3, 11, 11))
    assert len(entered(number, "casework.deadline_near")) == len(reminders)

    casework.sweep(now=at(3, 12))
    assert "promised" in dict(entered(number, "casework.deadline_breached"))
    assert "statutory" not in dict(entered(number, "casework.deadline_breached"))


def broken(cast: Cast) -> str:
    """A promise of five working days, decided on the seventh."""
    number = cast.examined("device", at=at(3, 2))
    casework.perform(number, "grant", by=cast.approver, now=at(3, 11), data=cast.decision("device"))
    return number


@pytest.mark.requirement("CASE-06")
@pytest.mark.fact("B-02")
def test_promises_are_kept_or_broken_on_record_and_a_default_is_explained_openly(
    city_db: str, cast: Cast
) -> None:
    kept = cast.examined("device", at=at(3, 2))
    casework.perform(kept, "grant", by=cast.approver, now=at(3, 9), data=cast.decision("device"))
    number, open_one = broken(cast), cast.accepted("device", at=at(3, 3))
    body = cases.read(number).terms.body_name
    assert promises.by_body(**PERIOD, now=at(3, 20)) == [Kept(body, 3, 1, 2, 0, cases.read(number).body_code)]
    found, total = promises.defaults(**PERIOD, now=at(3, 20))
    assert total == 2
    assert found == [
        Default("", "特种设备使用登记", body, date(2026, 3, 10), None, 10, ""),
        Default(number, "特种设备使用登记", body, date(2026, 3, 9), date(2026, 3, 11), 2, ""),
    ]
    told = {"cause": "volume", "note": "张三请假"}
    casework.perform(number, "explain_late", by=cast.chief_rep, now=at(3, 12), data=told)
    entry = journal.entries_of(number)[-1]
    assert entry.sentence == "超过承诺时限，公开说明：同一时期办件集中，人手不足"
    assert "张三" not in str(entry.public)
    assert promises.by_body(**PERIOD, now=at(3, 20))[0].explained == 1
    assert promises.defaults(**PERIOD, now=at(3, 20))[0][1].cause == "同一时期办件集中，人手不足"
    assert open_one


@pytest.mark.requirement("CASE-06")
def test_anybody_reads_who_keeps_its_promises_and_nobody_s_name(
    city_db: str, cast: Cast, set_now: Any
) -> None:
    set_now(at(3, 20))
    number = broken(cast)
    casework.perform(number, "explain_late", by=cast.chief_rep, now=at(3, 12), data={"cause": "system"})
    page = cast.client().get("/promises/").content.decode()
    for said in ("违诺记录", "特种设备使用登记", "2026-03-09", "2日", "信息系统故障", number, "0%"):
        assert said in page
    assert "李云溪" not in page


def test_only_a_broken_promise_is_explained_and_only_by_who_answers_for_it(city_db: str, cast: Cast) -> None:
    number = cast.accepted("device", at=at(3, 2))
    before = cases.read(number)
    with pytest.raises(WrongState, match="没有超过承诺时限"):
        casework.perform(number, "explain_late", by=cast.chief_rep, now=at(3, 9), data={"cause": "volume"})
    with pytest.raises(NotAllowed):
        casework.perform(number, "explain_late", by=cast.examiner, now=at(3, 12), data={"cause": "volume"})
    for cause in ("", "领导出差"):
        with pytest.raises(BadInput) as refused:
            casework.perform(number, "explain_late", by=cast.chief_rep, now=at(3, 12), data={"cause": cause})
        assert "cause" in refused.value.fields
    assert cases.read(number) == before
    offered = cases.offers(before, by=cast.chief_rep, now=at(3, 9))
    assert "explain_late" not in {offer.action for offer in offered}


def test_nothing_is_counted_as_a_promise_that_was_withdrawn_or_rests(city_db: str, cast: Cast) -> None:
    withdrawn, resting = cast.accepted("device", at=at(3, 2)), cast.accepted("device", at=at(3, 2))
    casework.perform(withdrawn, "withdraw", by=cast.applicant, now=at(3, 12))
    testing = {"ground": "testing", "until": "2026-03-06", "document": "检测时间告知书"}
    casework.perform(resting, "start_special", by=cast.examiner, now=at(3, 3), data=testing)
    assert promises.by_body(**PERIOD, now=at(3, 31)) == []
    assert promises.defaults(**PERIOD, now=at(3, 31)) == ([], 0)
