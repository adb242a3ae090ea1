"""Running the rules: live over what changed, nightly over everything. Both run the same statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from liuquan.caselog import queries as caselog
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import moments, sql
from liuquan.supervision import events, rulebook
from liuquan.supervision.types import Rule, RunReport, Standing

#: if more subjects than this changed, one run over everything replaces the live run
AT_MOST = 5000
ENTRIES_AT_ONCE = 500
_LOCK = "hashtextextended('liuquan.supervision.watch', 0)"

#: Runs one rule: inserts new findings, reopens lifted ones that apply again, lifts those that no longer
#: apply.
_RUN = """
WITH hits AS MATERIALIZED (
    SELECT f.*, to_jsonb(f) - %(known)s::text[] AS evidence FROM ({rule}) AS f
    WHERE (f.since_at AT TIME ZONE 'Asia/Shanghai')::date >= %(from_on)s
        AND (%(to_on)s::date IS NULL OR (f.since_at AT TIME ZONE 'Asia/Shanghai')::date < %(to_on)s)
),
raised AS (
    INSERT INTO supervision_finding (number, rule, rule_version, subject_kind, subject_number, key, severity,
        body_code, division_path, item_code, subject_name, since_at, found_at, evidence, state,
        disposal, ruling, ground)
    SELECT 'JC' || %(day)s || lpad(nextval('supervision_finding_serial')::text, 6, '0'), %(rule)s,
        %(version)s, h.subject_kind, h.subject_number, h.key, %(severity)s, h.body_code,
        h.division_path::ltree, h.item_code, h.subject_name, h.since_at, %(now)s, h.evidence, 'open',
        '', '', ''
    FROM hits h
    WHERE NOT EXISTS (SELECT 1 FROM supervision_finding x WHERE x.rule = %(rule)s
        AND x.subject_kind = h.subject_kind AND x.subject_number = h.subject_number AND x.key = h.key
        AND x.state <> 'lifted')
    ON CONFLICT (rule, subject_kind, subject_number, key) DO UPDATE SET state = 'open', settled_at = NULL,
        since_at = excluded.since_at, found_at = excluded.found_at, evidence = excluded.evidence,
        rule_version = excluded.rule_version
    WHERE supervision_finding.state = 'lifted'
    RETURNING number, subject_number, key, body_code, since_at
),
lifted AS (
    UPDATE supervision_finding x SET state = 'lifted', settled_at = %(now)s
    WHERE %(passing)s AND x.rule = %(rule)s AND x.state = 'open'
        AND (%(subjects)s::text[] IS NULL OR x.subject_number = ANY(%(subjects)s::text[]))
        AND NOT EXISTS (SELECT 1 FROM hits h WHERE h.subject_kind = x.subject_kind
            AND h.subject_number = x.subject_number AND h.key = x.key)
    RETURNING number, subject_number, key, body_code, since_at
)
SELECT true AS is_new, * FROM raised UNION ALL SELECT false, * FROM lifted
"""


def watch(*, now: datetime) -> RunReport:
    """The live run: the rules over the subjects somebody touched since the last run, and the cases whose
    clocks reached a warning or an end meanwhile, with their parents and children. The first run, and one
    after a restore, looks at everything.

    Safe in several workers: one runs, the others return at once. Nothing is skipped if transactions commit in
    a different order than they began: those still open are seen by the next run.
    """
    with transaction.atomic(durable=True):
        held = sql.run_one(f"SELECT pg_try_advisory_xact_lock({_LOCK}) AS mine")
        if not (held and held["mine"]):
            return RunReport(ran=False)
        mark = sql.run_one("SELECT xid, looked_at FROM supervision_watch_mark WHERE id = 1")
        upto = caselog.watermark()
        if mark is None or mark["xid"] > upto:
            report = _run_rules(None, now)
        else:
            changed = caselog.changed_since(mark["xid"])
            upto = changed.upto
            crossed = caselog.crossed_between(mark["looked_at"], now)
            touched = caselog.with_families({*changed.numbers, *crossed})
            report = _run_rules(touched if len(touched) <= AT_MOST else None, now)
        _move_mark(upto, now)
    return report


def run_all(*, now: datetime) -> RunReport:
    """The nightly run: every rule over every subject. Waits for a live run in progress."""
    with transaction.atomic(durable=True):
        sql.run(f"SELECT pg_advisory_xact_lock({_LOCK})")
        upto = caselog.watermark()
        report = _run_rules(None, now)
        _move_mark(upto, now)
    return report


def _run_rules(subjects: Sequence[str] | None, now: datetime) -> RunReport:
    if subjects is not None and not subjects:
        return RunReport(ran=True)
    raised = lifted = 0
    for rule in rulebook.rulebook():
        text = _RUN.format(rule=rulebook.for_postgres(rule))
        rows = sql.run(text, _params(rule, subjects, now))
        for start in range(0, len(rows), ENTRIES_AT_ONCE):
            journal.append(*(_entry(rule, row, now) for row in rows[start : start + ENTRIES_AT_ONCE]))
        raised += sum(row["is_new"] for row in rows)
        lifted += sum(not row["is_new"] for row in rows)
    checked = None if subjects is None else len(subjects)
    return RunReport(ran=True, subjects=checked, raised=raised, lifted=lifted)


def _params(rule: Rule, subjects: Sequence[str] | None, now: datetime) -> dict[str, Any]:
    return {
        **rulebook.parameters(rule, now=now, subjects=subjects),
        "known": [*rulebook.REQUIRED_COLUMNS, *rulebook.SUBJECT_COLUMNS],
        "rule": rule.id,
        "version": rule.version,
        "severity": rule.severity.value,
        "passing": rule.standing is Standing.PASSING,
        "from_on": rule.from_on,
        "to_on": rule.to_on,
        "day": f"{moments.today(now):%Y%m%d}",
    }


def _entry(rule: Rule, row: sql.Row, now: datetime) -> NewEntry:
    public: dict[str, Any] = {"case": row["subject_number"], "rule": rule.id}
    if row["is_new"]:
        public |= {
            "rule_version": rule.version,
            "severity": rule.severity.value,
            "key": row["key"],
            "label": f"{rule.severity.label} · {rule.name}",
            "since": row["since_at"].isoformat(),
        }
    event = events.FINDING_RAISED if row["is_new"] else events.FINDING_LIFTED
    return NewEntry(
        event=event.name,
        subject=row["number"],
        body_code=row["body_code"],
        post_code="",
        actor_kind="system",
        effective_at=now,
        public=public,
    )


def _move_mark(upto: int, now: datetime) -> None:
    sql.run(
        """
        INSERT INTO supervision_watch_mark (id, xid, looked_at) VALUES (1, %(upto)s, %(now)s)
        ON CONFLICT (id) DO UPDATE SET xid = excluded.xid, looked_at = excluded.looked_at
        """,
        {"upto": upto, "now": now},
    )
