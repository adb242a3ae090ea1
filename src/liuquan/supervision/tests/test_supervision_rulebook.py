"""The rule files: readable, complete, valid on PostgreSQL and DuckDB, right in every line of the tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liuquan.supervision import queries, rulebook
from liuquan.supervision.rulebook import BadRule, check_versions, parse, rule
from liuquan.supervision.rulebook import rulebook as every_rule
from liuquan.supervision.tests import duck
from liuquan.supervision.types import Severity, Standing
from liuquan.testing import kinds as licence

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
GOOD = (rulebook.FOLDER / "promise_past.sql").read_text()


OF_THE_HOTLINE = (
    "call_without_outcome",
    "ticket_answer_escalated",
    "ticket_answer_untrue",
    "ticket_called_by_handler",
    "ticket_called_in_haste",
    "ticket_closed_uncalled",
    "ticket_mail_late",
    "ticket_merged_untold",
    "ticket_pushed_down",
    "ticket_redone_again",
    "ticket_returned_again",
    "ticket_returned_often",
    "ticket_unreasonable_alone",
)


def test_the_rules_of_this_landing_are_there() -> None:
    assert {r.id: r.severity for r in every_rule()} == {
        "promise_near": Severity.YELLOW,
        "promise_past": Severity.RED,
        "statutory_past": Severity.RED,
        "acceptance_late": Severity.RED,
        "duty_past": Severity.RED,
        "second_notice": Severity.RED,
        "special_over": Severity.RED,
        "log_split": Severity.RED,
        "log_suspect": Severity.RED,
        "log_broken": Severity.RED,
        "ticket_answer_near": Severity.YELLOW,
        "ticket_off_catalogue": Severity.YELLOW,
        **dict.fromkeys(OF_THE_HOTLINE, Severity.RED),
    }


@pytest.mark.parametrize("one", every_rule(), ids=lambda r: r.id)
def test_a_rule_says_in_words_what_it_is_and_on_what_law(one: Any) -> None:
    assert one.basis
    assert all(len(words) > 3 for words in (one.name, one.sentence, one.scope, one.owes, *one.basis))
    # a red card stays until somebody decides; only a log proven to be one history lifts its own
    passes = one.severity is Severity.YELLOW or one.id == "log_suspect"
    assert passes == (one.standing is Standing.PASSING)
    assert rulebook.sentence(one, {"label": "承诺", "due_on": "3月1日"}).count("—") == 0


@pytest.mark.parametrize("one", every_rule(), ids=lambda r: r.id)
def test_a_rule_runs_on_both_engines_with_the_same_columns(db: None, one: Any) -> None:
    log = duck.empty_log()
    assert queries.judge(one, now=NOW) == duck.judged(log, one, now=NOW) == []
    given = rulebook.parameters(one, now=NOW, subjects=["x"])
    found = log.execute(f"SELECT * FROM ({rulebook.transpiled(one)}) AS f", given)
    assert tuple(c[0] for c in found.description or ())[:4] == rulebook.REQUIRED_COLUMNS


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("-- basis: ", "-- based_on: "), "lacks or does not know"),
        (("-- parameters: now, subjects", "-- parameters: now"), "declares"),
        ((":subjects IS NULL", ":somebody IS NULL"), "uses"),
        (("-- kinds: *\n", ""), "lacks or does not know"),
        (("-- kinds: *", "-- kinds: *, application"), "names kinds, or \\* alone"),
        (("-- kinds: *", "-- kinds:  "), "names kinds, or \\* alone"),
        (("-- version: 1", "-- version: 1\n-- version: 2"), "twice"),
        (("WHERE k.key", "; DELETE FROM x WHERE k.key"), "one SELECT"),
        (("SELECT\n", "WITH x AS (SELECT 1)\nSELECT\n"), "one SELECT"),
    ],
)
def test_a_rule_file_with_a_fault_is_refused_by_name(change: tuple[str, str], complaint: str) -> None:
    assert parse(GOOD, "good.sql").id == "promise_past"
    with pytest.raises(BadRule, match=complaint) as refusal:
        parse(GOOD.replace(*change), "bad.sql")
    assert "bad.sql" in str(refusal.value)


def test_two_versions_of_a_rule_may_follow_each_other_but_not_judge_the_same_day() -> None:
    old = replace(rule("promise_past"), to_on=date(2026, 7, 1))
    new = replace(old, version=2, from_on=date(2026, 7, 1), to_on=None)
    check_versions((old, new))
    with pytest.raises(BadRule, match="judge the same days"):
        check_versions((old, replace(new, from_on=date(2026, 6, 30))))


def test_a_rule_judges_only_what_came_true_while_it_was_in_force() -> None:
    log = duck.empty_log()
    clock(log, due=-3)
    in_force = rule("promise_past")
    before = replace(in_force, to_on=(NOW - timedelta(days=3)).date())
    assert len(duck.judged(log, in_force, now=NOW)) == 1
    assert duck.judged(log, before, now=NOW) == []


#: key, state, then in days from now: warn, due, counts_until (None: still counting); provisional, sense; the
#: rules that see it
TABLE: list[tuple[str, str, float | None, float, float | None, bool, str, set[str]]] = [
    ("promised", "running", 0.1, 1, None, False, "at_most", set()),
    ("promised", "running", 0, 1, None, False, "at_most", {"promise_near"}),
    ("promised", "running", -1, 0.1, None, False, "at_most", {"promise_near"}),
    ("promised", "running", -1, 0, None, False, "at_most", {"promise_past"}),
    ("promised", "running", -9, -8, None, False, "at_most", {"promise_past"}),
    ("promised", "running", -9, -8, None, True, "at_most", {"promise_near"}),
    ("promised", "paused", -1, 1, 0, False, "at_most", set()),
    ("promised", "paused", -9, -1, -3, False, "at_most", set()),
    ("promised", "paused", -9, -5, -3, False, "at_most", {"promise_past"}),
    ("promised", "met", -9, -5, -6, False, "at_most", set()),
    ("promised", "met", -9, -5, -5, False, "at_most", {"promise_past"}),
    ("promised", "met", -9, -5, -1, False, "at_most", {"promise_past"}),
    ("promised", "met", -9, -5, -1, True, "at_most", set()),
    ("promised", "cancelled", -9, 5, -1, False, "at_most", set()),
    ("promised", "cancelled", -9, -5, -1, False, "at_most", {"promise_past"}),
    ("statutory", "running", -9, 1, None, False, "at_most", set()),
    ("statutory", "running", -9, -1, None, False, "at_most", {"statutory_past"}),
    ("statutory", "met", -9, -1, -2, False, "at_most", set()),
    ("statutory", "running", -9, -1, None, True, "at_most", set()),
    ("acceptance", "running", None, -1, None, False, "at_most", {"acceptance_late"}),
    ("acceptance", "expired", None, -1, -1, False, "at_most", {"acceptance_late"}),
    ("acceptance", "met", None, -1, -2, False, "at_most", set()),
    ("acceptance of a service", "running", None, -1, None, False, "at_most", {"duty_past"}),
    ("step", "running", None, -1, None, False, "at_most", {"duty_past"}),
    ("delivery", "met", None, -3, -1, False, "at_most", {"duty_past"}),
    ("answer", "running", None, -3, None, False, "at_most", {"duty_past"}),
    ("bidding", "running", None, -3, None, False, "at_least", set()),
]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line[0]} {line[1]} {line[3]} {line[4]} {line[5]}")
@pytest.mark.fact("L-28")
@pytest.mark.fact("V-02")
@pytest.mark.fact("V-03")
def test_each_line_of_the_table_is_seen_by_exactly_these_rules(line: Any) -> None:
    key, state, warn, due, until, provisional, sense, expected = line
    log = duck.empty_log()
    clock(log, key=key, state=state, warn=warn, due=due, until=until, provisional=provisional, sense=sense)
    assert {r.id for r in every_rule() if duck.judged(log, r, now=NOW)} == expected


@pytest.mark.parametrize(
    ("kinds", "apart", "judged"),
    [
        (("*",), set(), ["licence", "complaint"]),
        (("*",), {"complaint"}, ["licence"]),
        (("complaint",), {"complaint"}, ["complaint"]),
        (("complaint", "window"), set(), ["complaint", "window"]),
    ],
)
def test_a_rule_judges_the_kinds_that_it_names_and_no_other(
    monkeypatch: pytest.MonkeyPatch, kinds: tuple[str, ...], apart: set[str], judged: list[str]
) -> None:
    monkeypatch.setattr(rulebook, "kinds_apart", lambda: sorted(apart))
    log = duck.empty_log()
    for kind in ("licence", "complaint", "window"):
        clock(log, number=kind, about=kind, is_case=kind != "window", due=-1)
    hits = duck.judged(log, replace(rule("promise_past"), kinds=kinds), now=NOW)
    assert sorted(h.subject_kind for h in hits) == sorted(judged)


def test_a_kind_of_case_brings_its_own_rules(tmp_path: Path) -> None:
    (tmp_path / "brought.sql").write_text(
        GOOD.replace("promise_past", "brought").replace("*", "test_licence")
    )
    before = every_rule()
    with licence.registered(replace(licence.KIND, supervision_rules=tmp_path)):
        assert rule("brought").kinds == ("test_licence",)
        assert len(every_rule()) == len(before) + 1
    assert every_rule() == before


def test_only_the_subjects_asked_for_are_judged() -> None:
    log = duck.empty_log()
    clock(log, number="A", due=-1)
    clock(log, number="B", due=-1)
    past = rule("promise_past")
    assert [h.subject_number for h in duck.judged(log, past, now=NOW)] == ["A", "B"]
    assert [h.subject_number for h in duck.judged(log, past, now=NOW, subjects=["B"])] == ["B"]
    assert duck.judged(log, past, now=NOW, subjects=[]) == []


@pytest.mark.parametrize(("public", "seen"), [('{"again": true}', 1), ('{"again": false}', 0), ("{}", 0)])
def test_only_a_second_and_different_notice_is_flagged(public: str, seen: int) -> None:
    log = duck.empty_log()
    duck.fill(log, "cases", [{"case_number": "A", "body_code": "B"}])
    duck.fill(log, "subjects", [{"kind": "application", "number": "A", "is_case": True}])
    event = {
        "case_number": "A",
        "entry": "e",
        "event": "application.supplement_notified",
        "effective_at": NOW,
        "public": public,
    }
    duck.fill(log, "events", [event, {**event, "event": "application.accepted"}])
    assert len(duck.judged(log, rule("second_notice"), now=NOW)) == seen


def clock(
    log: Any,
    *,
    number: str = "A",
    key: str = "promised",
    state: str = "running",
    warn: float | None = -1,
    due: float,
    until: float | None = None,
    provisional: bool = False,
    sense: str = "at_most",
    about: str = "application",
    is_case: bool = True,
) -> None:
    """One clock of one case; times are days from now."""
    kind = key.removesuffix(" of a service")
    duck.fill(log, "subjects", [{"kind": about, "number": number, "is_case": is_case}])
    row = {
        **SOME_CLOCK,
        "case_number": number,
        "clock": f"{kind}@1",
        "key": kind,
        "sense": sense,
        "due_at": at(due),
        "warn_at": at(warn),
        "state": state,
        "provisional": provisional,
        "counts_until": at(until),
        "on_expiry": "deem_accepted" if key == "acceptance" else "",
    }
    duck.fill(log, "clocks", [row])


def at(days: float | None) -> datetime | None:
    return None if days is None else NOW + timedelta(days=days)


#: what no rule checks
SOME_CLOCK = {
    "step": "",
    "label": "承诺",
    "body_code": "B",
    "amount": 10,
    "unit": "working_day",
    "anchor_at": at(-30),
    "due_on": NOW.date(),
}


@pytest.mark.parametrize(
    ("told", "ended", "seen"),
    [
        (date(2026, 3, 20), None, 0),  # announced until today, which is not over
        (date(2026, 3, 19), None, 1),
        (date(2026, 3, 19), date(2026, 3, 19), 0),
        (date(2026, 3, 12), date(2026, 3, 11), 0),
        (date(2026, 3, 12), date(2026, 3, 13), 1),  # over by now, and took longer than announced
    ],
)
@pytest.mark.fact("L-14")
def test_a_special_procedure_longer_than_told_is_a_finding_of_its_own(
    told: date, ended: date | None, seen: int
) -> None:
    log = duck.empty_log()
    over = datetime(told.year, told.month, told.day, 16, tzinfo=UTC)
    row = {
        "case_number": "A",
        "ground": "testing",
        "from_on": date(2026, 3, 2),
        "to_on": ended,
        "announced_to_on": told,
        "suspension": "testing@2026-03-02",
        "label": "检测",
        "body_code": "B",
        "over_at": over,
    }
    duck.fill(log, "subjects", [{"kind": "application", "number": "A", "is_case": True}])
    duck.fill(log, "suspensions", [row])
    hits = duck.judged(log, rule("special_over"), now=NOW)
    assert [(h.key, h.since_at) for h in hits] == [("testing@2026-03-02", over)] * seen
