"""Failures stay local: a late duty is recorded, and one broken case does not stop the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.actions import acts
from liuquan.casework.types import Lamp, Running
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import BadInput
from liuquan.papers import actions as papers_actions
from liuquan.testing.cast import Cast


def at(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 2, tzinfo=UTC)


def special(until: str) -> dict[str, str]:
    return {"ground": "expert_review", "until": until, "document": "专家评审需要时间"}


def events_of(number: str) -> list[str]:
    return [entry.event for entry in journal.entries_of(number)]


def test_a_duty_done_too_late_is_on_record_as_a_breach_even_before_any_sweep(
    city_db: str, cast: Cast
) -> None:
    number = cast.examined("device", at=at(2))
    casework.perform(number, "grant", by=cast.approver, now=at(20, 5), data=cast.decision("device"))
    seen = events_of(number)
    assert seen.count("casework.deadline_breached") == 2
    assert seen.index("casework.deadline_breached") < seen.index("application.granted")
    assert casework.sweep(now=at(20, 5)) == 0


def test_a_special_procedure_does_not_hide_a_clock_that_is_over(city_db: str, cast: Cast) -> None:
    number = cast.accepted("radiology", at=at(2))
    late = at(20, 5)
    casework.perform(
        number, "start_special", by=cast.staff("health_examiner"), now=late, data=special("2026-06-10")
    )
    snapshot = cases.read(number)
    statutory = snapshot.deadline("statutory")
    assert statutory is not None
    assert (statutory.state, cases.lamp(statutory, now=late)) == (Running.RUNNING, Lamp.RED)
    before = statutory.due_on
    casework.perform(number, "end_special", by=cast.staff("health_examiner"), now=at(9, 6))
    after = cases.read(number).deadline("statutory")
    assert after is not None
    assert after.due_on == before


@pytest.mark.parametrize("data", [special("2099-12-31"), special("2026-03-20") | {"document": "长" * 121}])
def test_a_slip_of_the_pen_in_a_special_procedure_is_refused(
    city_db: str, cast: Cast, data: dict[str, str]
) -> None:
    number = cast.accepted("radiology", at=at(2))
    before = cases.read(number)
    with pytest.raises(BadInput):
        casework.perform(number, "start_special", by=cast.staff("health_examiner"), now=at(3), data=data)
    assert cases.read(number) == before


def test_one_broken_case_does_not_keep_deemed_acceptance_from_the_next(
    city_db: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = cast.applies("food", at=at(2)), cast.applies("food", at=at(2))
    whole = casework.perform

    def perform(number: str, action: str, **rest: Any) -> Any:
        if number == broken:
            raise LookupError("no such procedure")
        return whole(number, action, **rest)

    monkeypatch.setattr(acts, "perform", perform)
    casework.sweep(now=at(10))
    assert (cases.read(broken).state, cases.read(sound).state) == ("received", "examining")


def test_a_paper_that_page_and_job_missed_is_issued_later_once(city_db: str, cast: Cast) -> None:
    number = cast.accepted("device", at=at(2))
    recorded = datetime.now(UTC)
    span = {"since": recorded - timedelta(days=1), "before": recorded + timedelta(days=1)}
    assert papers_actions.issue_missing(**span, now=at(3)) == 2
    assert {notice.kind for notice in cases.notices(number)} == {"receipt", "acceptance"}
    assert papers_actions.issue_missing(**span, now=at(3)) == 0


def test_a_paper_that_cannot_be_issued_keeps_no_other_waiting(
    city_db: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = cast.applies("food", at=at(2)), cast.applies("food", at=at(2))
    whole = papers_actions.issue_papers

    def issue(number: str, **rest: Any) -> list[str]:
        if number == first:
            raise RuntimeError("the printer of this case is broken")
        return whole(number, **rest)

    monkeypatch.setattr("liuquan.papers.actions.issuing.issue_papers", issue)
    recorded = datetime.now(UTC)
    issued = papers_actions.issue_missing(
        since=recorded - timedelta(days=1), before=recorded + timedelta(days=1), now=at(3)
    )
    assert (issued, len(cases.notices(first)), len(cases.notices(second))) == (1, 0, 1)
