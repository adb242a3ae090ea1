"""The clocks of an application once it is accepted: extension, special procedure, delivery, publicity.

Golden dates of 2026 (行政许可法 第四十二条, 第四十四条, 第四十五条).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from liuquan.applications import actions, queries
from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.types import Lamp, Running, Snapshot
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, WrongState
from liuquan.organisation.types import Actor, MandateTerm
from liuquan.testing.cast import Cast


def at(month: int, day: int, hour: int = 10) -> datetime:
    """A moment by the clock in Shanghai."""
    return datetime(2026, month, day, hour - 8, tzinfo=UTC)


def due(case: Snapshot) -> dict[str, tuple[str, date]]:
    """Open clocks by key: their state and last day."""
    return {d.key: (d.state.value, d.due_on) for d in case.deadlines if d.is_open}


def last(number: str) -> str:
    return journal.entries_of(number)[-1].event.removeprefix("application.")


# --- extension: once, by the head, before the end, at most ten (L-11) ---------------------------------------


@pytest.mark.fact("L-11")
def test_the_head_extends_the_statutory_limit_and_the_promise_stays(city_db: str, cast: Cast) -> None:
    number = cast.accepted("device", at=at(3, 2))
    before = due(cases.read(number))
    assert before["statutory"] == ("running", date(2026, 3, 30))
    data = {"days": 10, "reason": "需要向出厂检验机构核实"}
    outcome = casework.perform(number, "extend", by=cast.head, now=at(3, 27), data=data)
    after = due(cases.read(number))
    assert after["statutory"] == ("running", date(2026, 4, 14))
    assert after["promised"] == before["promised"] == ("running", date(2026, 3, 9))
    assert outcome.notices == ("extension",)
    entry = journal.entries_of(number)[-1]
    assert entry.public["days"] == 10
    assert entry.public["due"]["statutory"] == "2026-04-14"


@pytest.mark.fact("L-11")
def test_a_limit_is_extended_once_only(city_db: str, cast: Cast) -> None:
    number = cast.accepted("device", at=at(3, 2))
    data = {"days": 3, "reason": "需要补充核实"}
    casework.perform(number, "extend", by=cast.head, now=at(3, 10), data=data)
    with pytest.raises(WrongState, match="不能再次延长") as refused:
        casework.perform(number, "extend", by=cast.head, now=at(3, 11), data=data)
    assert "第四十二条" in refused.value.citation
    assert due(cases.read(number))["statutory"] == ("running", date(2026, 4, 2))


@pytest.mark.fact("L-11")
@pytest.mark.parametrize("days", [0, -1, 11, "十", "", 1.5, True])
def test_no_more_than_ten_days_are_granted(city_db: str, cast: Cast, days: object) -> None:
    number = cast.accepted("device", at=at(3, 2))
    before = cases.read(number)
    with pytest.raises(BadInput) as refused:
        casework.perform(
            number, "extend", by=cast.head, now=at(3, 10), data={"days": days, "reason": "需要核实"}
        )
    assert "days" in refused.value.fields
    assert cases.read(number) == before


@pytest.mark.fact("L-11")
def test_after_the_end_nothing_is_extended(city_db: str, cast: Cast) -> None:
    number = cast.accepted("device", at=at(3, 2))
    with pytest.raises(WrongState, match="届满以后不能延长"):
        casework.perform(
            number, "extend", by=cast.head, now=at(3, 31, 8), data={"days": 5, "reason": "需要核实"}
        )
    assert last(number) == "accepted"


@pytest.mark.fact("L-11")
def test_only_the_head_extends_and_says_why(city_db: str, cast: Cast) -> None:
    number = cast.accepted("device", at=at(3, 2))
    data = {"days": 5, "reason": "需要核实"}
    for who in ("clerk", "examiner", "approver", "chief_rep"):
        with pytest.raises(NotAllowed):
            casework.perform(number, "extend", by=cast.staff(who), now=at(3, 10), data=data)
    with pytest.raises(BadInput):
        casework.perform(number, "extend", by=cast.head, now=at(3, 10), data={"days": 5, "reason": ""})
    assert last(number) == "accepted"


@pytest.mark.fact("L-11")
def test_the_mandate_to_extend_is_not_enough_without_being_the_head(city_db: str, cast: Cast) -> None:
    number = cast.accepted("device", at=at(3, 2))
    before = cases.read(number)
    data = {"days": 5, "reason": "需要核实"}
    for who in (cast.head, cast.approver):
        mandate = MandateTerm(frozenset({"application.extend"}), ("*",), before.body_code)
        by = replace(who, roles=who.roles - {"body_head"}, mandates=(*who.mandates, mandate))
        with pytest.raises(NotAllowed, match="机关负责人") as refused:
            casework.perform(number, "extend", by=by, now=at(3, 4), data=data)
        assert refused.value.status == 403
    assert cases.read(number) == before
    assert last(number) == "accepted"


def test_a_limit_that_no_law_extends_is_not_extended(city_db: str, cast: Cast) -> None:
    number = cast.accepted("reward", at=at(3, 2))
    with pytest.raises(WrongState, match="法定期限"):
        casework.perform(number, "extend", by=cast.head, now=at(3, 3), data={"days": 5, "reason": "需要核实"})
    assert last(number) == "accepted"


# --- special procedure: only on the listed grounds, in writing (L-14) ---------------------------------------


def special(number: str, by: Actor, now: datetime, until: str, ground: str = "expert_review") -> None:
    data = {"ground": ground, "until": until, "document": "专家评审所需时间告知书"}
    casework.perform(number, "start_special", by=by, now=now, data=data)


def before_the_experts(cast: Cast) -> str:
    """A case accepted on 10 February 2026 whose first step is done: the experts are next."""
    number = cast.accepted("radiology", at=at(2, 10))
    step = cases.read(number).open_assignments[0]
    data = {"assignment": step.id, "result": "agree", "opinion": "材料齐全，转专家评审"}
    casework.perform(number, "complete_step", by=cast.staff("health_examiner"), now=at(2, 12), data=data)
    return number


@pytest.mark.fact("L-14")
def test_the_time_of_the_experts_is_not_counted(city_db: str, cast: Cast) -> None:
    number, experts = before_the_experts(cast), cast.staff("health_second")
    assert due(cases.read(number))["statutory"] == ("running", date(2026, 3, 16))
    special(number, experts, at(3, 2), "2026-03-13")
    paused = due(cases.read(number))
    assert paused["statutory"] == ("paused", date(2026, 3, 27))
    assert {key: state for key, (state, _) in paused.items()} == dict.fromkeys(
        ("statutory", "promised", "step"), "paused"
    )
    assert {
        clock.lamp for clock in cases.clocks(cases.read(number), now=at(3, 10)) if clock.view.is_open
    } == {Lamp.PAUSED}
    assert casework.sweep(now=at(3, 20)) == 0

    casework.perform(number, "end_special", by=experts, now=at(3, 13))
    running = due(cases.read(number))
    assert running["statutory"] == ("running", date(2026, 3, 27))
    assert {state for state, _ in running.values()} == {"running"}
    clock = next(c for c in cases.clocks(cases.read(number), now=at(3, 13)) if c.view.key == "statutory")
    left_out = [d.on.day for d in clock.explained.days if "专家评审" in d.reason]
    assert left_out == [3, 4, 5, 6, 9, 10, 11, 12, 13]


@pytest.mark.fact("L-14")
@pytest.mark.parametrize(
    ("ended", "due_on"),
    [((3, 6), date(2026, 3, 20)), ((3, 2), date(2026, 3, 16)), ((3, 18), date(2026, 4, 1))],
)
def test_exactly_the_time_taken_is_left_out_whatever_was_announced(
    city_db: str, cast: Cast, ended: tuple[int, int], due_on: date
) -> None:
    number, experts = before_the_experts(cast), cast.staff("health_second")
    special(number, experts, at(3, 2, 9), "2026-03-13")
    casework.perform(number, "end_special", by=experts, now=at(*ended, 15))
    assert due(cases.read(number))["statutory"] == ("running", due_on)
    suspension = cases.read(number).suspensions[0]
    assert (suspension.from_on, suspension.to_on) == (date(2026, 3, 2), date(2026, *ended))


@pytest.mark.fact("L-14")
def test_only_the_grounds_of_the_law_stop_the_clock(city_db: str, cast: Cast) -> None:
    number, experts = before_the_experts(cast), cast.staff("health_second")
    before = cases.read(number)
    assert len(before.terms.grounds) == 8
    for ground in ("waiting_for_applicant", "holiday", "", "领导出差"):
        with pytest.raises(BadInput) as refused:
            special(number, experts, at(3, 2), "2026-03-13", ground)
        assert "ground" in refused.value.fields
    assert cases.read(number) == before


@pytest.mark.fact("L-14")
@pytest.mark.parametrize("until", ["2026-03-02", "2026-02-20", "三月", ""])
def test_the_end_is_announced_beforehand(city_db: str, cast: Cast, until: str) -> None:
    number, experts = before_the_experts(cast), cast.staff("health_second")
    with pytest.raises(BadInput) as refused:
        special(number, experts, at(3, 2), until)
    assert "until" in refused.value.fields
    assert due(cases.read(number))["statutory"] == ("running", date(2026, 3, 16))


@pytest.mark.fact("L-14")
def test_the_time_needed_is_told_in_writing(city_db: str, cast: Cast) -> None:
    number, experts = before_the_experts(cast), cast.staff("health_second")
    with pytest.raises(BadInput) as refused:
        casework.perform(
            number,
            "start_special",
            by=experts,
            now=at(3, 2),
            data={"ground": "expert_review", "until": "2026-03-13", "document": " "},
        )
    assert "document" in refused.value.fields
    assert cases.read(number).suspensions == ()


def test_what_is_written_about_the_special_procedure_is_not_in_the_open_record(
    city_db: str, cast: Cast
) -> None:
    number = before_the_experts(cast)
    special(number, cast.staff("health_second"), at(3, 2), "2026-03-13")
    entry = journal.entries_of(number)[-1]
    assert set(entry.public) == {"ground", "ground_label", "until", "due", "structure"}
    opened = casework.open_case_file(number, by=cast.staff("health_second"), now=at(3, 2))
    assert opened.texts[str(entry.number)]["document"] == "专家评审所需时间告知书"


@pytest.mark.fact("L-14")
def test_several_grounds_may_stand_at_once_and_a_day_is_left_out_once(city_db: str, cast: Cast) -> None:
    number, experts = before_the_experts(cast), cast.staff("health_second")
    special(number, experts, at(3, 2), "2026-03-13")
    special(number, experts, at(3, 4), "2026-03-10", "testing")
    assert due(cases.read(number))["statutory"] == ("paused", date(2026, 3, 27))
    casework.perform(number, "end_special", by=experts, now=at(3, 10), data={"ground": "testing"})
    assert due(cases.read(number))["statutory"] == ("paused", date(2026, 3, 27))
    special(number, experts, at(3, 12), "2026-03-18", "appraisal")
    casework.perform(number, "end_special", by=experts, now=at(3, 13), data={"ground": "expert_review"})
    assert due(cases.read(number))["statutory"] == ("paused", date(2026, 4, 1))
    casework.perform(number, "end_special", by=experts, now=at(3, 18))
    assert due(cases.read(number))["statutory"] == ("running", date(2026, 4, 1))
    with pytest.raises(WrongState, match="没有正在进行"):
        casework.perform(number, "end_special", by=experts, now=at(3, 18))


@pytest.mark.fact("L-14")
def test_which_of_several_ends_must_be_said(city_db: str, cast: Cast) -> None:
    number, experts = before_the_experts(cast), cast.staff("health_second")
    special(number, experts, at(3, 2), "2026-03-13")
    special(number, experts, at(3, 4), "2026-03-10", "testing")
    before = cases.read(number)
    for ground in ("", "hearing"):
        with pytest.raises(BadInput, match="专家评审、检测") as refused:
            casework.perform(number, "end_special", by=experts, now=at(3, 10), data={"ground": ground})
        assert "ground" in refused.value.fields
    assert cases.read(number) == before


@pytest.mark.fact("L-14")
def test_a_ground_stands_once_and_comes_again_only_for_a_reason_on_record(city_db: str, cast: Cast) -> None:
    number, experts = before_the_experts(cast), cast.staff("health_second")
    special(number, experts, at(3, 2), "2026-03-13", "testing")
    with pytest.raises(WrongState, match="检测正在进行"):
        special(number, experts, at(3, 3), "2026-03-20", "testing")
    casework.perform(number, "end_special", by=experts, now=at(3, 6))
    with pytest.raises(BadInput) as refused:
        special(number, experts, at(3, 9), "2026-03-20", "testing")
    assert "again" in refused.value.fields
    assert len(cases.read(number).suspensions) == 1
    again = {
        "ground": "testing",
        "until": "2026-03-20",
        "document": "再次检测告知书",
        "again": "样品损坏须重检",
    }
    casework.perform(number, "start_special", by=experts, now=at(3, 9), data=again)
    entry = journal.entries_of(number)[-1]
    assert entry.public["again"] is True
    assert "样品损坏须重检" not in str(entry.public)


@pytest.mark.fact("L-14")
def test_the_experts_step_is_completed_only_after_the_written_notice_and_its_end(
    city_db: str, cast: Cast
) -> None:
    number, experts = before_the_experts(cast), cast.staff("health_second")
    data = {"result": "agree", "opinion": "专家组一致同意"}
    for started in (False, True):
        if started:
            special(number, experts, at(3, 2), "2026-03-13")
        with pytest.raises(WrongState, match="特别程序"):
            casework.perform(number, "complete_step", by=experts, now=at(3, 3), data=data)
    casework.perform(number, "end_special", by=experts, now=at(3, 13))
    casework.perform(number, "complete_step", by=experts, now=at(3, 13), data=data)
    assert [a.step for a in cases.read(number).open_assignments] == ["review"]


def test_a_step_that_opens_while_the_clocks_stand_stands_with_them(city_db: str, cast: Cast) -> None:
    number = cast.accepted("radiology", at=at(3, 2))
    special(number, cast.staff("health_examiner"), at(3, 3), "2026-03-13")
    step = cases.read(number).open_assignments[0]
    data = {"assignment": step.id, "result": "agree", "opinion": "材料齐全"}
    casework.perform(number, "complete_step", by=cast.staff("health_examiner"), now=at(3, 4), data=data)
    opened = cases.read(number).deadline("step", "experts")
    assert opened is not None
    assert opened.state is Running.PAUSED
    assert casework.sweep(now=at(4, 30)) == 0
    casework.perform(number, "end_special", by=cast.staff("health_examiner"), now=at(3, 13))
    opened = cases.read(number).deadline("step", "experts")
    assert opened is not None
    assert (opened.state, opened.due_on) == (Running.RUNNING, date(2026, 3, 27))


def test_no_decision_is_taken_while_the_clocks_stand(city_db: str, cast: Cast) -> None:
    number = cast.examined("device", at=at(3, 2))
    special(number, cast.approver, at(3, 3), "2026-03-13", "appraisal")
    for action in ("grant", "refuse"):
        with pytest.raises(WrongState, match="特别程序"):
            casework.perform(number, action, by=cast.approver, now=at(3, 4), data=cast.decision("device"))
    assert last(number) == "special_started"
    casework.perform(number, "end_special", by=cast.approver, now=at(3, 5))
    casework.perform(number, "grant", by=cast.approver, now=at(3, 5), data=cast.decision("device"))
    assert last(number) == "granted"


def test_withdrawing_ends_what_is_going_on(city_db: str, cast: Cast) -> None:
    number = before_the_experts(cast)
    special(number, cast.staff("health_second"), at(3, 2), "2026-03-13")
    casework.perform(number, "withdraw", by=cast.applicant, now=at(3, 4))
    case = cases.read(number)
    assert (case.state, due(case), case.open_assignments) == ("withdrawn", {}, ())
    assert case.open_suspensions == ()
    assert case.suspensions[0].to_on == date(2026, 3, 4)


# --- delivery and publicity ---------------------------------------------------------------------------------


@pytest.mark.fact("L-13")
def test_what_is_granted_is_delivered_within_ten_working_days(city_db: str, cast: Cast) -> None:
    number = cast.examined("device", at=at(3, 2))
    casework.perform(number, "grant", by=cast.approver, now=at(3, 4), data=cast.decision("device"))
    case = cases.read(number)
    assert due(case)["delivery"] == ("running", date(2026, 3, 18))
    assert [d.state for d in case.deadlines if d.key in {"statutory", "promised"}] == [Running.MET] * 2
    casework.sweep(now=at(3, 19))
    assert [
        e.public["key"] for e in journal.entries_of(number) if e.event == "casework.deadline_breached"
    ] == [
        "publicity",
        "delivery",
    ]
    casework.perform(number, "deliver", by=cast.clerk, now=at(3, 19), data={"way": "post"})
    delivered = next(d for d in cases.read(number).deadlines if d.key == "delivery")
    assert (delivered.state, delivered.breached, delivered.met_at) == (Running.MET, True, at(3, 19))


@pytest.mark.fact("L-13")
def test_a_refusal_starts_no_clock_of_delivery(city_db: str, cast: Cast) -> None:
    number = cast.examined("device", at=at(3, 2))
    casework.perform(number, "refuse", by=cast.approver, now=at(3, 4), data=cast.decision("device"))
    case = cases.read(number)
    assert due(case) == {"publicity": ("running", date(2026, 3, 13))}
    assert "delivery" not in {d.key for d in case.deadlines}


@pytest.mark.fact("K-02")
def test_a_decision_is_published_within_seven_working_days_by_a_labelled_profile(
    city_db: str, cast: Cast
) -> None:
    number = cast.examined("device", at=at(3, 2))
    casework.perform(number, "grant", by=cast.approver, now=at(3, 4), data=cast.decision("device"))
    case = cases.read(number)
    assert due(case)["publicity"] == ("running", date(2026, 3, 13))
    assert case.terms.limits["publicity"].citations == ("国办发〔2017〕97号",)
    casework.perform(number, "deliver", by=cast.clerk, now=at(3, 5))
    assert due(cases.read(number)) == {"publicity": ("running", date(2026, 3, 13))}
    for _ in range(2):
        actions.publicise(number, now=at(3, 6))
    case = cases.read(number)
    assert (case.state, due(case)) == ("closed", {})
    assert [r.number for r in queries.results()] == [number]
    assert queries.results(after=number) == []
    with pytest.raises(NotVisible, match="已经公示的办件编号"):
        queries.results(after="NOBODY")
    assert queries.daily_figures(from_on=date(2026, 3, 1), to_on=date(2026, 3, 4)) == [
        {"on": date(2026, 3, 1), "received": 0, "accepted": 0, "decided": 0},
        {"on": date(2026, 3, 2), "received": 1, "accepted": 1, "decided": 0},
        {"on": date(2026, 3, 3), "received": 0, "accepted": 0, "decided": 0},
        {"on": date(2026, 3, 4), "received": 0, "accepted": 0, "decided": 1},
    ]
    assert [e.event for e in journal.entries_of(number)].count("application.publicised") == 1
