"""Jobs that follow from entries, whichever module enters them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liuquan.journal import actions
from liuquan.journal.record import reactions
from liuquan.journal.record.events import PRIVATE_ERASED
from liuquan.journal.types import NewEntry
from liuquan.kernel import sql

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
JOB = "casework.sweep"  # any job that is registered


@pytest.fixture(autouse=True)
def wired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "_JOBS", {})
    actions.react({PRIVATE_ERASED.name: (JOB,)})


def entry(subject: str) -> NewEntry:
    public = dict.fromkeys(PRIVATE_ERASED.public, "1")
    return NewEntry(PRIVATE_ERASED.name, subject, "B", "", "system", NOW, public)


def waiting() -> list[dict[str, object]]:
    rows = sql.run("SELECT args FROM procrastinate_jobs WHERE task_name = %(job)s ORDER BY id", {"job": JOB})
    return [row["args"] for row in rows]


def test_each_entry_of_any_module_defers_its_own_job(db: None) -> None:
    first, second = entry("X-1"), entry("X-2")
    actions.append(first, second)
    assert waiting() == [
        {"subject": one.subject, "entry": str(one.number), "event": PRIVATE_ERASED.name}
        for one in (first, second)
    ]


def test_the_quick_form_for_one_entry_defers_the_same_job(db: None) -> None:
    one = entry("X-3")
    found = actions.entry_ctes(one)
    sql.run(f"WITH moved AS (SELECT 1 AS id), {found.sql} SELECT 1", found.params)
    assert waiting() == [{"subject": "X-3", "entry": str(one.number), "event": PRIVATE_ERASED.name}]


def test_an_act_that_did_not_go_through_leaves_neither_entry_nor_job(db: None) -> None:
    for found in (actions.entry_ctes(entry("X-4")),):
        sql.run(f"WITH moved AS (SELECT 1 AS id WHERE FALSE), {found.sql} SELECT 1", found.params)
    given = actions.entry_params([entry("X-4")])
    sql.run(f"WITH moved AS (SELECT 1 AS id WHERE FALSE), {actions.ENTRY_CTES} SELECT 1", given)
    assert waiting() == []
    assert sql.run("SELECT 1 FROM journal_entry WHERE subject = 'X-4'") == []


def test_an_event_entered_for_many_cases_at_once_can_have_no_job(db: None) -> None:
    with pytest.raises(ValueError, match="no job can follow"):
        actions.entries_ctes(
            PRIVATE_ERASED.name, PRIVATE_ERASED.public, actor_kind="system", effective_at=NOW
        )
    assert waiting() == []


def test_each_module_wires_its_own_events_and_again_replaces_only_those() -> None:
    actions.react({"other.event": ("z",)})
    actions.react({"other.event": ("a", "b")})
    assert reactions.jobs_after(PRIVATE_ERASED.name) == (JOB,)
    assert reactions.jobs_after_each(["other.event", "other.event", "none"]) == [
        {"event": "other.event", "job": "a"},
        {"event": "other.event", "job": "b"},
    ]
