"""Live supervision: findings follow the acts, and are the same live, nightly and on DuckDB."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from liuquan.casework import actions as casework
from liuquan.casework.types import NewCase
from liuquan.journal import actions as journal_actions
from liuquan.journal import queries as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import sql
from liuquan.kernel.postgres.roles import OWNER
from liuquan.supervision import actions, queries, rulebook
from liuquan.supervision.rulebook import parse, rule
from liuquan.supervision.tests import duck
from liuquan.supervision.types import RunReport
from liuquan.testing import kinds as licence
from liuquan.testing.databases import connected_to
from liuquan.testing.kinds import consultation

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10 o'clock in Shanghai


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


def standing(case: str) -> set[tuple[str, str, str]]:
    """Rule, what it is about, state."""
    rows = sql.run(
        "SELECT rule, split_part(key, '@', 1) AS about, state FROM supervision_finding "
        "WHERE subject_number = %(n)s",
        {"n": case},
    )
    return {(row["rule"], row["about"], row["state"]) for row in rows}


@pytest.mark.requirement("SUPV-04")
def test_every_clock_of_a_case_is_watched_from_receipt_to_delivery_as_time_passes(committed_db: str) -> None:
    case = licence.receive(MONDAY)
    assert actions.watch(now=MONDAY).raised == 0

    # Acceptance: 5 working days from 2 March end with the 9th; nobody touches the case, only time passes.
    assert actions.watch(now=at(3, 9, 23)).raised == 0
    assert actions.watch(now=at(3, 10, 0)).raised == 1
    assert standing(case) == {("duty_past", "acceptance", "open")}

    # Accepted late on the 10th: the step of 3 days ends with the 13th, the promise of 10 with the 24th.
    licence.act(case, "accept", at(3, 10))
    assert actions.watch(now=at(3, 10, 11)) == RunReport(ran=True, subjects=1)
    assert actions.watch(now=at(3, 16)).raised == 1
    assert ("duty_past", "step:review", "open") in standing(case)

    # The second step is another body's: its finding goes to that body.
    licence.act(case, "complete_step", at(3, 16))
    actions.watch(now=at(3, 19))
    owner = sql.run("SELECT body_code FROM supervision_finding WHERE key LIKE 'step:opinion%%'")
    assert [row["body_code"] for row in owner] == [licence.OTHER]

    # Yellow at the opening of the tenth counted day, 24 March; red the day after, and the yellow goes.
    assert actions.watch(now=at(3, 23, 23)).raised == 0
    assert actions.watch(now=at(3, 24, 0)).raised == 1
    assert ("promise_near", "promised", "open") in standing(case)
    assert actions.watch(now=at(3, 25, 0)) == RunReport(ran=True, subjects=1, raised=1, lifted=1)
    assert {("promise_near", "promised", "lifted"), ("promise_past", "promised", "open")} <= standing(case)

    # The law: 20 working days end with 8 April (6 April is a holiday); delivery of 10 with 22 April.
    licence.act(case, "complete_step", at(3, 26), body=licence.OTHER)
    actions.watch(now=at(4, 9))
    assert ("statutory_past", "statutory", "open") in standing(case)
    licence.act(case, "decide", at(4, 9))
    actions.watch(now=at(4, 24, 0))
    assert ("duty_past", "delivery", "open") in standing(case)
    licence.act(case, "deliver", at(4, 24))
    assert actions.watch(now=at(4, 24, 11)) == RunReport(ran=True, subjects=1)
    assert {state for _, _, state in standing(case)} == {"open", "lifted"}


@pytest.mark.requirement("SUPV-04")
def test_an_act_is_seen_by_the_very_next_run(committed_db: str) -> None:
    case = licence.receive(MONDAY)
    actions.watch(now=MONDAY)
    licence.act(case, "accept", MONDAY)
    licence.act(case, "complete_step", at(3, 5))
    assert actions.watch(now=at(3, 5, 11)) == RunReport(ran=True, subjects=1)
    licence.act(case, "complete_step", at(3, 10), body=licence.OTHER)  # its two days ended with the 9th
    assert actions.watch(now=at(3, 10, 11)).raised == 1
    actions.watch(now=at(3, 16, 12))
    assert ("promise_near", "promised", "open") in standing(case)
    licence.act(case, "decide", at(3, 16, 14))
    assert actions.watch(now=at(3, 16, 15)).lifted == 1
    assert ("promise_near", "promised", "lifted") in standing(case)


ANSWERING = licence.officer(acts=("consultation.ask", "consultation.answer"))
OF_CONSULTATIONS = replace(rule("duty_past"), kinds=("consultation",))
#: what a module's migration does to have its counters supervised, as `caselog` says
COUNTERS = f"""
DO $do$ BEGIN
    EXECUTE 'CREATE OR REPLACE VIEW caselog.subjects AS '
        || rtrim(pg_get_viewdef('caselog.subjects'::regclass), ';')
        || $$ UNION ALL SELECT 'counter'::text, 'C-3'::text, 'liuquan'::text, '{licence.BODY}'::text,
            '{licence.CITY}'::text, '三号窗口'::text, ''::text, false $$;
END $do$
"""
OVERRUN = """-- id: overrun
-- version: 1
-- name: 窗口排队过长
-- sentence: 窗口排队过长。
-- severity: red
-- standing: lasting
-- kinds: counter
-- scope: 一切窗口
-- basis: 优化营商环境条例 第三十六条
-- owes: 增开窗口。
-- in_force: 2020-01-01 ..
-- parameters: now, subjects
SELECT f.log AS subject_number, CAST(f.entry AS TEXT) AS key, s.body_code, f.effective_at AS since_at
FROM caselog.record_faults AS f
JOIN caselog.subjects AS s ON s.number = f.log
WHERE f.effective_at <= :now
    AND (:subjects IS NULL OR f.log = ANY(:subjects))
"""


def consulted() -> str:
    """A question asked on Monday; five working days to answer."""
    consultation.registered()
    number = casework.next_number(kind="consultation", now=MONDAY)
    new = NewCase(
        kind="consultation",
        number=number,
        terms=consultation.terms(licence.BODY),
        subject_version="1",
        division_path=licence.CITY,
        parties={},
        bodies={licence.BODY: "lead"},
    )
    return casework.create(new, by=ANSWERING, now=MONDAY).number


def test_a_case_kind_it_has_never_heard_of_is_supervised_unchanged(committed_db: str) -> None:
    number = consulted()
    assert actions.watch(now=MONDAY).raised == 0
    assert actions.watch(now=at(3, 10, 0)).raised == 1
    assert standing(number) == {("duty_past", "answer", "open")}
    casework.perform(number, "answer", by=ANSWERING, now=at(3, 11), data=consultation.in_writing())
    assert actions.watch(now=at(3, 11, 11)).raised == 0
    assert standing(number) == {("duty_past", "answer", "open")}


def test_a_rule_that_names_one_kind_never_judges_another(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two kinds of case are late in the same way: the same rule is tried for each, for both, for logs."""
    asked, received = consulted(), licence.receive(MONDAY)
    late = at(3, 12)
    for kinds, expected in (
        (("consultation",), {asked}),
        (("test_licence",), {received}),
        (("log",), set()),
        (("*",), {asked, received}),
    ):
        one = replace(OF_CONSULTATIONS, id="tried_" + kinds[0].replace("*", "all"), kinds=kinds)
        monkeypatch.setattr(rulebook, "rulebook", lambda one=one: (one,))
        assert {h.subject_number for h in queries.judge(one, now=late)} == expected
        assert queries.judge(one, now=late) == duck.judged(duck.exported(), one, now=late)
        assert actions.run_all(now=late).raised == len(expected)
        found = sql.run("SELECT * FROM supervision_finding WHERE rule = %(rule)s", {"rule": one.id})
        assert {(f["subject_number"], f["subject_kind"]) for f in found} == {
            (number, {asked: "consultation", received: "test_licence"}[number]) for number in expected
        }


def test_cases_of_a_kind_set_apart_are_judged_by_rules_that_name_it_and_never_counted(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor, late = licence.watcher(), at(3, 12)
    asked, received = consulted(), licence.receive(MONDAY)
    assert queries.figures(supervisor, now=late).cases_open == 2
    monkeypatch.setattr(rulebook, "kinds_apart", lambda: ["consultation"])
    assert actions.run_all(now=late).raised == 1
    assert standing(asked) == set()
    assert standing(received) == {("duty_past", "acceptance", "open")}
    assert [h.subject_number for h in queries.judge(OF_CONSULTATIONS, now=late)] == [asked]
    assert queries.figures(supervisor, now=late).cases_open == 1
    assert [line.cases_open for line in queries.by_body(supervisor, now=late)] == [1]
    assert [line.number for line in queries.case_lines(supervisor, now=late)[0]] == [received]


@pytest.mark.parametrize("live", [True, False])
def test_what_is_no_case_is_found_out_with_its_own_kind_and_name(committed_db: str, live: bool) -> None:
    """A module adds its counters as subjects, as the case log says, and a rule about them."""
    with connected_to(committed_db, OWNER):
        sql.run(COUNTERS)
    actions.watch(now=MONDAY)
    one = parse(OVERRUN, "overrun.sql")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rulebook, "rulebook", lambda: (one,))
        patched.setattr(rulebook, "rule", lambda *_: one)
        entered = NewEntry(
            "journal.audit_failed", "C-3", "", "", "system", MONDAY, public={"problem": "排队"}
        )
        journal_actions.append_durably(entered)
        report = actions.watch(now=at(3, 3)) if live else actions.run_all(now=at(3, 3))
        assert report == RunReport(ran=True, subjects=1 if live else None, raised=1)
        found = sql.run_one("SELECT * FROM supervision_finding")
        assert found is not None
        about = ("subject_kind", "subject_number", "subject_name", "item_code", "body_code")
        assert tuple(found[name] for name in about) == ("counter", "C-3", "三号窗口", "", licence.BODY)
        assert queries.judge(one, now=at(3, 3)) == duck.judged(duck.exported(), one, now=at(3, 3))
        shown = queries.finding(found["number"], by=licence.watcher(), now=at(3, 3))
        assert not shown.is_case
        assert queries.clock_of(shown) == (None, None, None)


def test_a_breach_that_was_made_good_before_anybody_looked_is_found_all_the_same(committed_db: str) -> None:
    case = licence.receive(MONDAY)
    actions.watch(now=MONDAY)
    licence.act(case, "accept", at(3, 11))
    assert actions.watch(now=at(3, 11, 11)).raised == 1
    assert standing(case) == {("duty_past", "acceptance", "open")}
    (line,) = queries.findings(licence.watcher(), now=at(3, 11, 11))[0]
    assert line.sentence == "“受理期限”2026年3月9日届满，逾期，2026年3月11日才办完。"


def test_what_is_not_done_yet_is_said_to_be_so_and_what_was_done_in_time_is_no_warning(
    committed_db: str,
) -> None:
    case = licence.receive(MONDAY)
    actions.watch(now=at(3, 11, 11))
    (line,) = queries.findings(licence.watcher(), now=at(3, 11, 11))[0]
    assert line.sentence.endswith("届满，仍未办完。")
    licence.act(case, "accept", at(3, 11, 12))
    (line,) = queries.findings(licence.watcher(), now=at(3, 12))[0]
    assert line.sentence.endswith("逾期，2026年3月11日才办完。")


def test_time_that_the_law_leaves_out_makes_no_finding_and_lifts_the_yellow_one(committed_db: str) -> None:
    case = licence.receive(MONDAY)
    licence.act(case, "accept", MONDAY)
    actions.watch(now=at(3, 16, 9))
    assert ("promise_near", "promised", "open") in standing(case)
    casework_stop(case, at(3, 13), until=date(2026, 3, 27))
    actions.watch(now=at(3, 16, 10))
    assert ("promise_near", "promised", "lifted") in standing(case)
    actions.watch(now=at(3, 20))
    assert "promise_past" not in {rule for rule, _, _ in standing(case)}
    licence.act(case, "go_on", at(3, 27))
    # One counted day was left: 30 March is the last, and the yellow finding is open again, not a second one.
    report = actions.watch(now=at(3, 30, 9))
    assert report.raised == 1
    assert ("promise_near", "promised", "open") in standing(case)
    number = sql.run("SELECT number FROM supervision_finding WHERE rule = 'promise_near'")[0]["number"]
    events = [e.event.split(".")[1] for e in journal.entries_of(number)]
    assert events == ["finding_raised", "finding_lifted", "finding_raised"]


def test_a_provisional_end_shows_yellow_and_makes_no_red_finding(committed_db: str) -> None:
    case = licence.receive(at(12, 28))
    licence.act(case, "accept", at(12, 28))
    clocks = sql.run(
        "SELECT key, due_at, provisional FROM caselog.clocks WHERE case_number = %(n)s AND key = 'promised'",
        {"n": case},
    )
    assert clocks[0]["provisional"]
    later = clocks[0]["due_at"] + timedelta(days=30)
    actions.watch(now=later)
    assert ("promise_near", "promised", "open") in standing(case)
    assert not {"promise_past", "statutory_past"} & {rule for rule, _, _ in standing(case)}


@pytest.mark.parametrize("live", [True, False])
def test_live_nightly_and_duckdb_give_the_same_findings(committed_db: str, live: bool) -> None:
    """Eight cases are played; runs every few hours and one run at the end give the same findings."""
    for now in play():
        if live:
            actions.watch(now=now)
    end = at(4, 30)
    if live:
        actions.watch(now=end)
        assert actions.run_all(now=end) == RunReport(ran=True, subjects=None)  # the night finds nothing new
    else:
        assert actions.run_all(now=end).raised > 5
    log = duck.exported()
    table = {
        (row["rule"], row["subject_number"], row["key"])
        for row in sql.run("SELECT * FROM supervision_finding WHERE state <> 'lifted'")
    }
    for one in rulebook.rulebook():
        hits = queries.judge(one, now=end)
        assert hits == duck.judged(log, one, now=end)
        assert {(h.rule, h.subject_number, h.key) for h in hits} == {t for t in table if t[0] == one.id}
        some = sorted({h.subject_number for h in hits})[:1]
        assert queries.judge(one, now=end, subjects=some) == duck.judged(log, one, now=end, subjects=some)
    assert {rule for rule, _, _ in table} >= {"promise_past", "statutory_past", "duty_past"}


def test_two_workers_at_once_make_each_finding_once(committed_db: str) -> None:
    case = licence.receive(MONDAY)
    actions.watch(now=MONDAY)
    reports: list[RunReport] = []
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        reports.append(actions.watch(now=at(3, 10)))
        connection.close()

    workers = [threading.Thread(target=run) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(report.raised for report in reports) == 1
    assert standing(case) == {("duty_past", "acceptance", "open")}
    raised = sql.run("SELECT 1 FROM journal_entry WHERE event = 'supervision.finding_raised'")
    assert len(raised) == 1


def test_nothing_is_skipped_while_an_older_transaction_is_still_open(committed_db: str) -> None:
    case = licence.receive(MONDAY)
    actions.watch(now=MONDAY)
    older = connection.copy()
    older.set_autocommit(False)
    with older.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
    licence.act(case, "accept", at(3, 11))
    assert (
        actions.watch(now=MONDAY).subjects == 0
    )  # not yet: an older entry might still appear before this one
    older.rollback()
    older.close()
    assert actions.watch(now=at(3, 11)).subjects == 1


def test_after_a_restore_everything_is_looked_at_again(committed_db: str) -> None:
    case = licence.receive(MONDAY)
    actions.watch(now=MONDAY)
    sql.run("UPDATE supervision_watch_mark SET xid = 9000000000000")
    assert actions.watch(now=at(3, 10)) == RunReport(ran=True, subjects=None, raised=1)
    assert standing(case) == {("duty_past", "acceptance", "open")}


@pytest.mark.requirement("SUPV-06")
def test_findings_come_from_the_acts_alone_and_cannot_be_keyed_in(committed_db: str) -> None:
    case = licence.receive(MONDAY)
    actions.run_all(now=at(3, 10))
    made = sql.run("SELECT * FROM supervision_finding")[0]
    assert (made["subject_number"], made["rule"], made["body_code"]) == (case, "duty_past", licence.BODY)
    assert made["evidence"]["due_on"] == "2026-03-09"

    copy = (
        "INSERT INTO supervision_finding (number, rule, rule_version, subject_kind, subject_number, key, "
        "severity, body_code, division_path, item_code, subject_name, since_at, found_at, evidence, state, "
        "disposal, ruling, ground) "
        "SELECT 'JC-X', rule, 1, subject_kind, 'by-hand', key, 'red', body_code, division_path, item_code, "
        "subject_name, since_at, found_at, '{}', 'open', '', '', '' FROM supervision_finding"
    )
    with pytest.raises(DatabaseError, match="without a journal entry"), transaction.atomic():
        sql.run(copy)
    for text in (
        "DELETE FROM supervision_finding",
        "UPDATE supervision_finding SET severity = 'yellow'",
        "UPDATE supervision_finding SET subject_number = 'another'",
        "UPDATE supervision_finding SET body_code = 'another'",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            sql.run(text)
    with pytest.raises(DatabaseError, match="without a journal entry"), transaction.atomic():
        sql.run("UPDATE supervision_finding SET state = 'closed', settled_at = now(), ruling = 'unfounded'")
    assert [row["number"] for row in sql.run("SELECT number FROM supervision_finding")] == [made["number"]]


def casework_stop(case: str, now: datetime, *, until: date) -> None:
    """A hearing pauses the clocks, announced in writing until this day."""
    casework.perform(
        case,
        "stop",
        by=licence.officer(),
        now=now,
        data={"ground": "hearing", "until": until.isoformat(), "document": "听证通知"},
    )


def play() -> Any:
    """Eight cases, each late in another way or not at all; gives the moments at which something happened."""
    cases = [licence.receive(MONDAY + timedelta(minutes=n)) for n in range(8)]
    yield at(3, 2, 12)
    for case in cases[:6]:
        licence.act(case, "accept", at(3, 4))
    yield at(3, 4, 12)
    casework_stop(cases[1], at(3, 6), until=date(2026, 3, 20))
    for case in (cases[0], cases[2]):
        licence.act(case, "complete_step", at(3, 6))
        licence.act(case, "complete_step", at(3, 9), body=licence.OTHER)
    yield at(3, 9, 12)
    licence.act(cases[6], "accept", at(3, 12))  # too late
    licence.act(cases[2], "decide", at(3, 12))
    yield at(3, 12, 12)
    licence.act(cases[2], "deliver", at(3, 13))
    yield at(3, 18, 12)
    licence.act(cases[1], "go_on", at(3, 20))
    licence.act(cases[0], "decide", at(3, 20))  # promise broken
    yield at(3, 20, 12)
    casework_stop(cases[3], at(3, 23), until=date(2026, 4, 3))  # already late
    yield at(3, 27, 12)
    yield at(4, 10, 12)


@pytest.mark.fact("L-14")
def test_a_hearing_longer_than_told_is_found_though_no_clock_is_late(committed_db: str) -> None:
    case = licence.receive(MONDAY)
    licence.act(case, "accept", at(3, 3))
    hearing = {"ground": "hearing", "until": "2026-03-06", "document": "听证告知书"}
    licence.act(case, "stop", at(3, 4), **hearing)
    assert actions.watch(now=at(3, 6, 23)).raised == 0
    assert actions.watch(now=at(3, 7, 0)).raised == 1
    assert standing(case) == {("special_over", "hearing", "open")}
    licence.act(case, "go_on", at(3, 9))
    assert actions.watch(now=at(3, 9, 11)).raised == 0
    assert standing(case) == {("special_over", "hearing", "open")}
