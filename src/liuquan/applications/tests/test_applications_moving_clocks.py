"""What moves the clocks of an application: the days of its body, filings after hours, the close of business,
a wrongly recorded anchor; and which acts are offered while the clocks are paused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from liuquan.applications import actions
from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.types import DeadlineView, Running, Snapshot
from liuquan.clock import DayKind, shanghai_day
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.law import NoticeDay
from liuquan.organisation import actions as organisation
from liuquan.organisation.types import SYSTEM, Actor
from liuquan.testing.cast import ITEMS, Cast

RIGHT = {"clock": "statutory", "to": "2026-02-27", "reason": "收件日期录入有误", "evidence": "登记簿第3页"}


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment by the clock in Shanghai."""
    return datetime(2026, month, day, hour - 8, minute, tzinfo=UTC)


def clock(number: str, key: str) -> DeadlineView:
    found = cases.read(number).deadline(key)
    assert found is not None
    return found


def offered(number: str, by: Actor, now: datetime) -> set[str]:
    return {offer.action for offer in cases.offers(cases.read(number), by=by, now=now)}


# --- whose days, whose hours --------------------------------------------------------------------------------


@pytest.mark.fact("T-13")
def test_a_case_counts_by_the_days_of_the_body_that_handles_it(city_db: str, cast: Cast) -> None:
    device = cast.accepted("device", at=at(3, 2))
    body = cases.read(device).body_code
    organisation.load_holiday_notice(
        title="停止办公的公告",
        number="1号",
        issued_on=date(2026, 3, 2),
        region=body,
        days=[NoticeDay(date(2026, 3, 4), DayKind.OFF, "停电")],
        by=SYSTEM,
        now=at(3, 2),
    )
    closed, elsewhere = cast.accepted("device", at=at(3, 2)), cast.accepted("radiology", at=at(3, 2))
    assert cases.read(closed).terms.counting.region == body
    assert clock(device, "statutory").due_on == clock(elsewhere, "statutory").due_on == date(2026, 3, 30)
    assert clock(closed, "statutory").due_on == date(2026, 3, 31)
    shown = next(c for c in cases.clocks(cases.read(closed), now=at(3, 5)) if c.view.key == "statutory")
    assert [day.on.day for day in shown.explained.days if "停电" in day.reason] == [4]


def files(cast: Cast, now: datetime, by: Actor, channel: str = "web") -> str:
    return actions.submit(
        item_code=ITEMS["device"],
        applicant=cast.applicant.party_number,
        by=by,
        now=now,
        channel=channel,
        materials=cast.materials("device"),
    ).number


@pytest.mark.fact("T-15")
@pytest.mark.parametrize(
    ("setting", "hour", "counts_on", "due_on"),
    [
        ("at_once", 20, date(2026, 3, 2), date(2026, 3, 9)),
        ("next_working_time", 20, date(2026, 3, 3), date(2026, 3, 10)),
        ("next_working_time", 17, date(2026, 3, 3), date(2026, 3, 10)),
        ("next_working_time", 12, date(2026, 3, 2), date(2026, 3, 9)),
        ("next_working_time", 10, date(2026, 3, 2), date(2026, 3, 9)),
    ],
)
def test_what_is_filed_after_hours_is_received_at_once_and_counts_as_the_place_has_set_it(
    city_db: str, cast: Cast, settings: Settings, setting: str, hour: int, counts_on: date, due_on: date
) -> None:
    settings.LIUQUAN_AFTER_HOURS = setting
    number = files(cast, at(3, 2, hour), cast.applicant)
    case = cases.read(number)
    assert case.received_at == at(3, 2, hour)
    assert (shanghai_day(case.deadlines[0].anchor_at), case.deadlines[0].due_on) == (counts_on, due_on)
    told = journal.entries_of(number)[0].public.get("counts_from")
    later = case.deadlines[0].anchor_at
    assert told == (later.isoformat() if later != case.received_at else None)


def test_who_comes_to_the_window_is_on_time_though_it_is_late(
    city_db: str, cast: Cast, settings: Settings
) -> None:
    settings.LIUQUAN_AFTER_HOURS = "next_working_time"
    number = files(cast, at(3, 2, 18), cast.clerk, "window")
    assert clock(number, "acceptance").due_on == date(2026, 3, 9)


def test_a_supplement_after_hours_counts_from_the_next_working_time_too(
    city_db: str, cast: Cast, settings: Settings
) -> None:
    settings.LIUQUAN_AFTER_HOURS = "next_working_time"
    number = cast.applies("device", at=at(3, 2), materials=["form"])
    casework.perform(
        number, "notify_supplement", by=cast.clerk, now=at(3, 2), data={"items": ["certificate"]}
    )
    data = {"materials": ["certificate"]}
    casework.perform(number, "receive_supplement", by=cast.applicant, now=at(3, 6, 22), data=data)
    assert shanghai_day(clock(number, "acceptance").anchor_at) == date(2026, 3, 9)
    assert "counts_from" in journal.entries_of(number)[-1].public


@pytest.mark.fact("T-03")
@pytest.mark.parametrize(("setting", "too_late"), [("midnight", at(3, 9, 24)), ("close", at(3, 9, 17))])
def test_a_last_day_ends_at_midnight_or_at_the_close_of_business_by_setting(
    city_db: str, cast: Cast, settings: Settings, setting: str, too_late: datetime
) -> None:
    settings.LIUQUAN_DAY_ENDS = setting
    number = cast.applies("device", at=at(3, 2))
    found = clock(number, "acceptance")
    assert (found.due_on, found.due_at) == (date(2026, 3, 9), too_late)
    casework.sweep(now=too_late - timedelta(seconds=1))
    assert cases.read(number).state == "received"
    casework.sweep(now=too_late)
    assert cases.read(number).state == "examining"


@pytest.mark.fact("L-26")
def test_one_window_takes_in_and_hands_out_for_several_departments(city_db: str, cast: Cast) -> None:
    window = cast.clerk
    for item, approver in (("device", "approver"), ("radiology", "health_approver")):
        number = cast.accepted(item, at=at(3, 2))
        case = cases.read(number)
        assert window.body_code != case.body_code
        assert {window.body_code, case.body_code} <= case.bodies
        accepted = next(e for e in journal.entries_of(number) if e.event == "application.accepted")
        assert (accepted.body_code, accepted.post_code) == (window.body_code, window.post_code)
        assert "grant" not in offered(number, window, at(3, 3))
        assert cast.staff(approver).body_code == case.body_code
    number = cast.examined("device", at=at(3, 2))
    casework.perform(number, "grant", by=cast.approver, now=at(3, 4), data=cast.decision("device"))
    casework.perform(number, "deliver", by=window, now=at(3, 5))
    assert cases.read(number).state == "closed"


# --- what is offered ----------------------------------------------------------------------------------------


@pytest.mark.fact("L-11")
def test_an_extension_is_offered_only_while_the_law_still_lets_it_be_granted(
    city_db: str, cast: Cast
) -> None:
    number = cast.accepted("device", at=at(3, 2))
    assert "extend" in offered(number, cast.head, at(3, 30, 23))
    assert "extend" not in offered(number, cast.head, at(3, 31, 8))
    casework.perform(number, "extend", by=cast.head, now=at(3, 4), data={"days": 5, "reason": "需要核实"})
    assert "extend" not in offered(number, cast.head, at(3, 4))
    assert "extend" not in offered(cast.accepted("reward", at=at(3, 2)), cast.head, at(3, 3))


@pytest.mark.fact("L-14")
def test_nothing_is_offered_that_the_special_procedure_forbids(city_db: str, cast: Cast) -> None:
    number = cast.accepted("radiology", at=at(3, 2))
    first = {"assignment": cases.read(number).open_assignments[0].id, "result": "agree", "opinion": "齐全"}
    casework.perform(number, "complete_step", by=cast.staff("health_examiner"), now=at(3, 3), data=first)
    experts = cast.staff("health_second")
    assert {"complete_step", "end_special"}.isdisjoint(offered(number, experts, at(3, 4)))
    todo = next(item for item in cases.worklist(experts, now=at(3, 4)) if item.number == number)
    assert [duty.action for duty in todo.duties] == ["start_special"]
    assert "先办理“启动特别程序”" in todo.waits
    review = {"ground": "expert_review", "until": "2026-03-13", "document": "评审时间告知书"}
    casework.perform(number, "start_special", by=experts, now=at(3, 4), data=review)
    assert "end_special" in offered(number, experts, at(3, 5))
    assert "complete_step" not in offered(number, experts, at(3, 5))
    casework.perform(number, "end_special", by=experts, now=at(3, 6))
    assert "complete_step" in offered(number, experts, at(3, 6))
    assert "start_special" not in offered(cast.accepted("reward", at=at(3, 2)), cast.chief_rep, at(3, 3))


def test_a_clock_that_stands_is_shown_as_if_it_went_on_today(city_db: str, cast: Cast, set_now: Any) -> None:
    set_now(at(3, 10))
    number = cast.accepted("device", at=at(3, 2))
    testing = {"ground": "testing", "until": "2026-03-20", "document": "检测时间告知书"}
    casework.perform(number, "start_special", by=cast.examiner, now=at(3, 4), data=testing)
    assert clock(number, "statutory").due_on == date(2026, 4, 16)
    shown = {c.view.key: c for c in cases.clocks(cases.read(number), now=at(3, 10))}
    assert shown["statutory"].explained.due_on == date(2026, 4, 3)
    page = cast.client("examiner").get(f"/desk/cases/{number}/").content.decode()
    assert "（如今天恢复）" in page
    assert "按告知的结束日为4月16日" in page
    assert "2026-03-04 周三" in page
    assert "2026-03-20 周五" in page


@pytest.mark.fact("L-14")
def test_a_special_procedure_that_begins_on_the_last_day_does_not_stop_that_clock(
    city_db: str, cast: Cast
) -> None:
    number = cast.accepted("device", at=at(3, 2))
    testing = {"ground": "testing", "until": "2026-03-20", "document": "检测时间告知书"}
    casework.perform(number, "start_special", by=cast.examiner, now=at(3, 9), data=testing)
    assert (clock(number, "promised").state, clock(number, "promised").due_on) == (
        Running.RUNNING,
        date(2026, 3, 9),
    )
    assert clock(number, "statutory").state is Running.PAUSED
    casework.sweep(now=at(3, 10))
    assert clock(number, "promised").breached
    assert not clock(number, "statutory").breached


# --- an anchor that was recorded wrongly --------------------------------------------------------------------


def test_the_head_corrects_an_anchor_and_the_old_clock_is_kept(
    city_db: str, cast: Cast, set_now: Any
) -> None:
    set_now(at(3, 5))
    number = cast.accepted("device", at=at(3, 2))
    before = cases.read(number)
    outcome = casework.perform(number, "correct_anchor", by=cast.head, now=at(3, 4), data=RIGHT)
    case = cases.read(number)
    assert (shanghai_day(case.received_at), case.received_at) == (date(2026, 2, 27), case.accepted_at)
    old = {d.key: d for d in case.deadlines if d.state is Running.SUPERSEDED}
    assert {key: d.due_on for key, d in old.items()} == {
        key: d.due_on for d in before.deadlines if (key := d.key) in ("statutory", "promised")
    }
    for key, due_on in (("statutory", date(2026, 3, 26)), ("promised", date(2026, 3, 5))):
        new = clock(number, key)
        assert (new.due_on, new.supersedes, new.state) == (due_on, old[key].id, Running.RUNNING)
    assert [d for d in case.deadlines if d.step] == [d for d in before.deadlines if d.step]
    entry = journal.entries_of(number)[-1]
    assert (entry.public["anchor_before"], entry.public["to"]) == ("2026-03-02", "2026-02-27")
    assert entry.public["before"]["statutory"] == "2026-03-30"
    assert entry.public["due"]["statutory"] == "2026-03-26"
    assert "登记簿" not in str(entry.public)
    assert outcome.notices == ("correction",)
    shown = [c.text for c in cases.clocks(case, now=at(3, 5)) if c.view.key == "statutory"]
    assert ["2026年2月27日" in text for text in shown] == [True, False]
    page = cast.client("head").get(f"/desk/cases/{number}/").content.decode()
    assert "起算日已更正" in page


def wrong(**values: str) -> dict[str, str]:
    return {**RIGHT, **values}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (wrong(to="2026-03-02"), "to"),  # the same day
        (wrong(to="2026-03-05"), "to"),  # in the future
        (wrong(to="二月底"), "to"),
        (wrong(clock="delivery"), "clock"),  # does not run
        (wrong(clock="step"), "clock"),
        (wrong(reason="错"), "reason"),
        (wrong(evidence=" "), "evidence"),
    ],
)
def test_a_correction_without_ground_changes_nothing(
    city_db: str, cast: Cast, data: dict[str, str], field: str
) -> None:
    number = cast.accepted("device", at=at(3, 2))
    before = cases.read(number)
    with pytest.raises(BadInput) as refused:
        casework.perform(number, "correct_anchor", by=cast.head, now=at(3, 4), data=data)
    assert field in refused.value.fields
    assert cases.read(number) == before


def test_only_the_head_corrects_and_keeps_the_order_of_what_happened(city_db: str, cast: Cast) -> None:
    number = cast.applies("device", at=at(3, 2))
    casework.perform(number, "accept", by=cast.clerk, now=at(3, 5))
    before = cases.read(number)
    for who in ("clerk", "examiner", "approver", "chief_rep"):
        with pytest.raises(NotAllowed):
            casework.perform(
                number, "correct_anchor", by=cast.staff(who), now=at(3, 6), data=wrong(to="2026-03-03")
            )
    with pytest.raises(BadInput, match="不能早于本件收件的"):
        casework.perform(number, "correct_anchor", by=cast.head, now=at(3, 6), data=RIGHT)
    assert cases.read(number) == before
    casework.perform(number, "correct_anchor", by=cast.head, now=at(3, 6), data=wrong(to="2026-03-03"))
    case = cases.read(number)
    assert case.accepted_at is not None
    assert (shanghai_day(case.received_at), shanghai_day(case.accepted_at)) == (
        date(2026, 3, 2),
        date(2026, 3, 3),
    )


@pytest.mark.fact("L-04")
def test_what_follows_from_the_right_day_of_receipt_follows_at_once(city_db: str, cast: Cast) -> None:
    number = cast.applies("device", at=at(3, 2))
    data = wrong(clock="acceptance", to="2026-02-12")
    casework.perform(number, "correct_anchor", by=cast.head, now=at(3, 4), data=data)
    casework.sweep(now=at(3, 4))
    case = cases.read(number)
    assert case.accepted_at is not None
    assert (case.state, shanghai_day(case.accepted_at)) == ("examining", date(2026, 2, 12))


def test_a_closed_case_has_no_anchor_to_correct(city_db: str, cast: Cast) -> None:
    number = cast.applies("device", at=at(3, 2))
    casework.perform(number, "withdraw", by=cast.applicant, now=at(3, 2))
    assert "correct_anchor" not in offered(number, cast.head, at(3, 3))
    with pytest.raises(WrongState):
        casework.perform(number, "correct_anchor", by=cast.head, now=at(3, 3), data=RIGHT)


# --- what if ------------------------------------------------------------------------------------------------


def asked(cast: Cast, number: str, **values: str) -> str:
    answer = cast.client("examiner").get(f"/desk/cases/{number}/what-if/", values)
    assert answer.status_code == 200
    return str(answer.content.decode())


def snapshot_and_entries(number: str) -> tuple[Snapshot, list[Any]]:
    return cases.read(number), journal.entries_of(number)


def test_a_preview_says_what_would_shift_and_writes_nothing(city_db: str, cast: Cast, set_now: Any) -> None:
    set_now(at(3, 4))
    number = cast.accepted("device", at=at(3, 2))
    before = snapshot_and_entries(number)
    page = asked(cast, number, clock="statutory", to="2026-02-27")
    assert page.count("早4日") == 2
    assert "不变的期限：环节时限（审查）" in page
    page = asked(cast, number, ground="testing", begins="2026-03-05", ends="2026-03-13")
    assert "2026-04-08 周三" in page
    page = asked(cast, number, days="10")
    assert "2026-04-14 周二" in page
    assert "不变的期限" in page
    assert snapshot_and_entries(number) == before


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"clock": "statutory", "to": "昨天"}, "应当写成"),
        ({"clock": "statutory", "to": "0001-01-01"}, "太远"),
        ({"clock": "", "to": "2026-02-27"}, "请选择"),
        ({"ground": "testing", "begins": "2026-03-05"}, "应当写成"),
        ({"ground": "testing", "begins": "2026-03-05", "ends": "2026-03-04"}, "早于开始日"),
        ({"ground": "领导出差", "begins": "2026-03-05", "ends": "2026-03-06"}, "法律列明"),
        ({"days": "11"}, "最多延长"),
        ({"days": "-1"}, "正整数"),
        ({"days": "9" * 400}, "正整数"),
    ],
)
def test_a_preview_of_nonsense_is_refused_beside_what_was_typed(
    city_db: str, cast: Cast, set_now: Any, values: dict[str, str], sentence: str
) -> None:
    set_now(at(3, 4))
    number = cast.accepted("device", at=at(3, 2))
    answer = cast.client("examiner").get(f"/desk/cases/{number}/what-if/", values)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_the_preview_comes_alone_when_only_that_is_asked_for(city_db: str, cast: Cast, set_now: Any) -> None:
    set_now(at(3, 4))
    number = cast.accepted("device", at=at(3, 2))
    answer = cast.client("examiner").get(
        f"/desk/cases/{number}/what-if/", {"days": "3"}, headers={"HX-Request": "true"}
    )
    assert answer.content.decode().lstrip().startswith('<section id="what-if"')


def test_whoever_does_not_see_the_case_gets_no_preview_of_it(city_db: str, cast: Cast, set_now: Any) -> None:
    set_now(at(3, 4))
    number = cast.accepted("device", at=at(3, 2))
    answer = cast.client("other_examiner").get(f"/desk/cases/{number}/what-if/")
    assert answer.status_code == 404
