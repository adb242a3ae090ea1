"""Asking, answering, reading, closing: who may do it, in which state; a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from liuquan.casework import actions as engine
from liuquan.casework import queries as casework
from liuquan.journal import actions as record
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, SomebodyWasFirst, WrongState
from liuquan.organisation.types import PUBLIC, SYSTEM, Actor, party_actor
from liuquan.parties.queries import ERASED
from liuquan.supervision import actions, guards, queries
from liuquan.supervision.types import FindingState, Ruling
from liuquan.testing import kinds as licence

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)  # Tuesday, 10 o'clock in Shanghai
TEXT = "当日系统升级，窗口没有收到提醒，已经补办并调整值守。"
UNIT, WATCHER = licence.officer(), licence.watcher()


@pytest.fixture
def red(committed_db: str) -> str:
    """A red finding of acceptance, open; its number."""
    licence.receive(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    actions.run_all(now=NOW)
    return str(sql.run("SELECT number FROM supervision_finding")[0]["number"])


def everything() -> list[list[dict[str, Any]]]:
    tables = ("supervision_finding", "casework_case", "casework_deadline", "journal_entry")
    return [sql.run(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


def state(number: str) -> FindingState:
    return queries.finding(number, by=WATCHER, now=NOW).line.state


def test_a_finding_goes_from_notice_to_answer_to_verdict_and_each_step_is_recorded(red: str) -> None:
    due_on = actions.ask_explanation(red, by=WATCHER, now=NOW, points=["cause", "remedy"])
    assert due_on == date(2026, 3, 13)  # three working days, the day of asking not counted
    actions.explain(red, text=TEXT, by=UNIT, now=NOW + timedelta(days=1))
    opened = actions.open_explanations(red, by=WATCHER, now=NOW + timedelta(days=2))
    assert [one.text for one in opened] == [TEXT]
    actions.close(
        red, ruling="founded", note="事实清楚，责令补办并通报。", by=WATCHER, now=NOW + timedelta(days=2)
    )
    detail = queries.finding(red, by=WATCHER, now=NOW)
    assert detail.line.state is FindingState.CLOSED
    assert detail.verdict is not None
    assert [e.event for e in queries.trail(detail)] == [
        "supervision.finding_raised",
        "disposal.asked",
        "disposal.explained",
        "supervision.explanation_opened",
        "disposal.judged",
    ]
    assert casework.read(detail.disposal).state == "judged"
    actions.run_all(now=NOW + timedelta(days=3))
    assert state(red) is FindingState.CLOSED


def test_a_text_that_was_erased_is_said_to_be_and_one_never_given_is_not_listed(red: str) -> None:
    actions.ask_explanation(red, by=WATCHER, now=NOW)
    actions.explain(red, text=TEXT, by=UNIT, now=NOW)
    disposal = queries.finding(red, by=WATCHER, now=NOW).disposal
    record.erase_private(subject=disposal, reason="保存期限届满", by=SYSTEM, now=NOW)
    opened = actions.open_explanations(red, by=WATCHER, now=NOW)
    assert [(one.label, one.text) for one in opened] == [("情况说明", ERASED)]


def test_what_the_unit_said_stands_nowhere_in_the_open(red: str) -> None:
    actions.ask_explanation(red, by=WATCHER, now=NOW)
    actions.explain(red, text=TEXT, by=UNIT, now=NOW)
    detail = queries.finding(red, by=WATCHER, now=NOW)
    kept = sql.run('SELECT "values" FROM journal_private')
    assert kept
    assert not any(TEXT.encode() in bytes(row["values"]) for row in kept)
    assert TEXT not in str([e.public for e in queries.trail(detail)])
    assert TEXT not in str(detail)


def test_a_false_alarm_is_closed_at_once_and_an_excuse_names_its_ground(red: str) -> None:
    actions.close(red, ruling="unfounded", note="时钟按错误的日历计算，属误报。", by=WATCHER, now=NOW)
    assert state(red) is FindingState.CLOSED


def test_a_unit_that_does_not_answer_in_time_may_be_judged_and_a_late_answer_is_marked(red: str) -> None:
    actions.ask_explanation(red, by=WATCHER, now=NOW, days=1)
    late = NOW + timedelta(days=2)
    assert queries.figures(WATCHER, now=late).unanswered == 1
    actions.explain(red, text=TEXT, by=UNIT, now=late)
    assert queries.finding(red, by=WATCHER, now=late).explanations[0].late
    actions.ask_explanation(red, by=WATCHER, now=late, days=1)  # not enough: asked again
    later = late + timedelta(days=4)
    actions.close(
        red, ruling="excused", ground="system_failure", note="系统故障有运维记录佐证。", by=WATCHER, now=later
    )
    verdict = queries.finding(red, by=WATCHER, now=later).verdict
    assert verdict is not None
    assert verdict.ground == "system_failure"


def ask(number: str, by: Actor, **more: Any) -> None:
    actions.ask_explanation(number, by=by, now=NOW, **more)


def answer(number: str, by: Actor, text: str = TEXT) -> None:
    actions.explain(number, text=text, by=by, now=NOW)


def decide(number: str, by: Actor, **more: Any) -> None:
    given = {"ruling": "unfounded", "note": "核对日历后认定为误报。"} | more
    actions.close(number, by=by, now=NOW, **given)


def read(number: str, by: Actor) -> None:
    actions.open_explanations(number, by=by, now=NOW)


ELSEWHERE = licence.watcher(path="r990000.r990200")
LEADER = licence.watcher(role="leader", acts=("supervision.view",))
READER = licence.watcher(acts=("supervision.view",))
WITHOUT = licence.officer(acts=("accept",))
OTHER_BODY = licence.officer("11990100MB9901059Y")


@pytest.mark.parametrize("by", [PUBLIC, party_actor("1"), ELSEWHERE, OTHER_BODY])
def test_whoever_may_not_see_a_finding_is_told_there_is_none(red: str, by: Actor) -> None:
    before = everything()
    for act in (ask, answer, decide, read):
        with pytest.raises(NotVisible):
            act(red, by)
    with pytest.raises(NotVisible):
        queries.finding(red, by=by, now=NOW)
    assert everything() == before


def test_a_post_without_the_mandate_is_refused_and_nothing_happens(red: str) -> None:
    before = everything()
    rows: list[tuple[Callable[..., None], tuple[Actor, ...]]] = [
        (ask, (LEADER, READER, UNIT)),
        (decide, (LEADER, READER, UNIT)),
        (answer, (WATCHER, WITHOUT)),
        (read, (LEADER, WITHOUT)),
    ]
    for act, barred in rows:
        for by in barred:
            with pytest.raises(NotAllowed):
                act(red, by)
    assert everything() == before


def test_acts_in_the_wrong_state_are_refused_and_nothing_happens(red: str) -> None:
    for wrong in (lambda: answer(red, UNIT), lambda: decide(red, WATCHER, ruling="founded")):
        before = everything()
        with pytest.raises(WrongState):
            wrong()
        assert everything() == before
    ask(red, WATCHER)
    for wrong in (lambda: ask(red, WATCHER), lambda: decide(red, WATCHER, ruling="founded")):
        before = everything()
        with pytest.raises(WrongState):
            wrong()
        assert everything() == before
    decide(red, WATCHER)
    for wrong in (lambda: ask(red, WATCHER), lambda: answer(red, UNIT), lambda: decide(red, WATCHER)):
        before = everything()
        with pytest.raises(WrongState):
            wrong()
        assert everything() == before


WRONG: list[Callable[[str], None]] = [
    lambda n: ask(n, WATCHER, points=[]),
    lambda n: ask(n, WATCHER, points=["cause", "whatever"]),
    lambda n: ask(n, WATCHER, days=0),
    lambda n: ask(n, WATCHER, days=16),
    lambda n: answer(n, UNIT, text="  太短了  "),
    lambda n: answer(n, UNIT, text="长" * 4001),
    lambda n: decide(n, WATCHER, note="误报"),
    lambda n: decide(n, WATCHER, ruling="innocent"),
    lambda n: decide(n, WATCHER, ruling="excused"),
    lambda n: decide(n, WATCHER, ruling="unfounded", ground="force_majeure"),
]


def test_what_is_filled_in_wrong_is_refused_by_field_and_nothing_happens(red: str) -> None:
    before = everything()
    for wrong in WRONG:
        with pytest.raises(BadInput) as refusal:
            wrong(red)
        assert refusal.value.fields
    assert everything() == before


def test_a_yellow_finding_is_neither_explained_nor_closed(committed_db: str) -> None:
    case = licence.receive(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    licence.act(case, "accept", datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    actions.run_all(now=datetime(2026, 3, 16, 2, 0, tzinfo=UTC))
    yellow = sql.run("SELECT number FROM supervision_finding WHERE severity = 'yellow'")[0]["number"]
    before = everything()
    for act in (ask, decide):
        with pytest.raises(WrongState, match="黄牌只作提醒"):
            act(yellow, WATCHER)
    assert everything() == before


def test_the_board_is_for_supervising_posts(red: str) -> None:
    for ask_for in (queries.figures, queries.by_body, queries.trend, queries.findings, queries.case_lines):
        with pytest.raises(NotAllowed):
            ask_for(UNIT, now=NOW)
        assert ask_for(LEADER, now=NOW) is not None
    assert queries.findings(ELSEWHERE, now=NOW) == ([], 0)
    assert queries.figures(ELSEWHERE, now=NOW).red == 0
    assert queries.figures(WATCHER, now=NOW).red == 1
    assert [line.red for line in queries.by_body(WATCHER, now=NOW)] == [1]
    assert sum(day.red for day in queries.trend(WATCHER, now=NOW)) == 1
    assert [line.number for line in queries.of_body(UNIT, now=NOW)[0]] == [red]
    assert queries.of_body(OTHER_BODY, now=NOW) == ([], 0)


def test_what_is_true_may_be_ordered_to_be_corrected_and_the_report_closes_it(red: str) -> None:
    actions.ask_explanation(red, by=WATCHER, now=NOW)
    actions.explain(red, text=TEXT, by=UNIT, now=NOW)
    actions.order_correction(red, note="事实清楚，责令补办。", by=WATCHER, now=NOW + timedelta(days=1))
    detail = queries.finding(red, by=UNIT, now=NOW + timedelta(days=1))
    assert (detail.line.state, detail.line.due_on) == (FindingState.CORRECTING, date(2026, 3, 25))
    assert detail.verdict is not None
    assert (detail.verdict.ruling, detail.verdict.at) == (Ruling.FOUNDED, NOW + timedelta(days=1))
    assert [line.number for line in queries.to_answer(UNIT, now=NOW + timedelta(days=1))] == [red]
    assert queries.figures(WATCHER, now=NOW + timedelta(days=1)).red == 1
    before = everything()
    for wrong in (lambda: decide(red, WATCHER), lambda: ask(red, WATCHER), lambda: answer(red, UNIT)):
        with pytest.raises(WrongState):
            wrong()
    with pytest.raises(NotAllowed):
        actions.report_correction(red, text=TEXT, by=WATCHER, now=NOW + timedelta(days=2))
    assert everything() == before
    actions.report_correction(red, text="已经补办，并调整了值守。", by=UNIT, now=NOW + timedelta(days=2))
    assert state(red) is FindingState.CLOSED
    assert queries.to_answer(UNIT, now=NOW + timedelta(days=2)) == []
    opened = actions.open_explanations(red, by=WATCHER, now=NOW + timedelta(days=3))
    assert [(one.label, one.text) for one in opened] == [
        ("情况说明", TEXT),
        ("认定的理由", "事实清楚，责令补办。"),
        ("改正情况", "已经补办，并调整了值守。"),
    ]


def test_the_duties_of_a_disposal_stand_in_the_ordinary_work_list(red: str) -> None:
    def owed(by: Actor) -> list[tuple[str, list[str], date | None]]:
        found = casework.worklist(by, now=NOW)
        return [(one.kind, [duty.action for duty in one.duties], one.due_on) for one in found]

    assert owed(UNIT) == []
    actions.ask_explanation(red, by=WATCHER, now=NOW)
    assert owed(UNIT) == [("disposal", ["explain"], date(2026, 3, 13))]
    assert owed(WITHOUT) == owed(OTHER_BODY) == []
    actions.explain(red, text=TEXT, by=UNIT, now=NOW)
    assert owed(UNIT) == []
    actions.order_correction(red, note="事实清楚，责令补办。", by=WATCHER, now=NOW)
    assert owed(UNIT) == [("disposal", ["report_correction"], date(2026, 3, 24))]


def test_a_late_answer_is_a_breach_but_neither_a_finding_nor_a_case_of_the_body(red: str) -> None:
    open_before = queries.figures(WATCHER, now=NOW).cases_open
    actions.ask_explanation(red, by=WATCHER, now=NOW)
    late = NOW + timedelta(days=7)
    engine.sweep(now=late)
    detail = queries.finding(red, by=WATCHER, now=late)
    assert "casework.deadline_breached" in [e.event for e in queries.trail(detail)]
    actions.run_all(now=late)
    about = sql.run("SELECT subject_kind FROM supervision_finding")
    assert {row["subject_kind"] for row in about} == {"test_licence"}
    assert queries.figures(WATCHER, now=late).cases_open == open_before


def test_a_finding_that_was_settled_a_moment_before_is_not_asked_about(
    red: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def meanwhile(*_: object) -> None:
        if not seen:
            decide(red, WATCHER)
            seen.append(everything())

    monkeypatch.setattr(guards, "check_can_be_asked", meanwhile)
    with pytest.raises(SomebodyWasFirst):
        ask(red, WATCHER)
    assert seen == [everything()]
    assert not sql.run("SELECT 1 FROM casework_case WHERE kind = 'disposal'")


def test_who_asks_at_the_same_time_as_another_opens_no_second_disposal(
    red: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def meanwhile(*_: object) -> None:
        if not seen:
            seen.append(None)
            ask(red, WATCHER)
            seen[0] = everything()

    monkeypatch.setattr(guards, "check_can_be_asked", meanwhile)
    with pytest.raises(SomebodyWasFirst):
        ask(red, WATCHER, points=["remedy"])
    assert seen == [everything()]


def test_who_is_asked_again_has_as_many_days_as_before(red: str) -> None:
    actions.ask_explanation(red, by=WATCHER, now=NOW, days=2)
    actions.explain(red, text=TEXT, by=UNIT, now=NOW)
    before = everything()
    with pytest.raises(BadInput, match="2个工作日"):
        actions.ask_explanation(red, by=WATCHER, now=NOW, days=5)
    assert everything() == before
    later = NOW + timedelta(days=1)
    assert actions.ask_explanation(red, by=WATCHER, now=later, points=["remedy"]) == date(2026, 3, 13)
    asked = queries.finding(red, by=WATCHER, now=later).explanations
    assert [(one.points, one.answered_at) for one in asked] == [(("cause",), NOW), (("remedy",), None)]
