"""Writing cases. `perform` executes any row of any procedure: one query reads, one statement writes.

Each act is durable when it returns and belongs to nobody else's transaction. What must change with the case
goes in with it as `with_rows`: CTE bodies that may refer to `moved(id, number, body_code, subject_code)`, and
so run only when the act itself went through.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction

from liuquan.casework import clocks, decision_builder, events, registry, rules, snapshots
from liuquan.casework.actions import statements
from liuquan.casework.queries import calendar_of, can_see, read
from liuquan.casework.types import (
    Data,
    DeadlineChange,
    Decision,
    Given,
    NewCase,
    NewDeadline,
    Outcome,
    Procedure,
    Snapshot,
    notice_record,
)
from liuquan.identifiers import format_number
from liuquan.journal import actions as journal
from liuquan.journal.queries import ENTRIES
from liuquan.journal.types import Event, NewEntry
from liuquan.kernel import jobs, moments, sql
from liuquan.kernel.refusals import BadInput, NotVisible, Refusal, SomebodyWasFirst
from liuquan.kernel.sql import Statement
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import SYSTEM, Actor

logger = logging.getLogger(__name__)

#: rows to be written by the name of their part of the statement (`statements.PARTS`)
_Rows = dict[str, list[dict[str, Any]]]
#: stands for the serial where a series is named; no paper gets so far
_PLACE = 10**17


def next_number(*, kind: str, body_key: str = "", now: datetime) -> str:
    """A number no other case has, by the pattern of the kind. Numbers of acts that then fail stay unused."""
    row = sql.run_prepared("SELECT nextval('casework_case_serial') AS serial")[0]
    pattern = registry.newest(kind).number_pattern
    return format_number(pattern, body=body_key, on=moments.today(now), serial=row["serial"])


def next_notice_number(pattern: str, *, kind: str, now: datetime) -> str:
    """The number that follows in the series of this kind and year, by the pattern of the place; `kind` is the
    sign of the paper, as 受. A series is whatever the pattern says beside the serial. To be called in the
    transaction that issues the paper: the next one waits for its end, and what is rolled back is used again.
    """
    year = moments.today(now).year
    series = format_number(pattern, kind=kind, year=year, serial=_PLACE).replace(str(_PLACE), "*")
    row = sql.run_prepared(
        "INSERT INTO casework_notice_series AS s (series, last) VALUES (%(series)s, 1) "
        "ON CONFLICT (series) DO UPDATE SET last = s.last + 1 RETURNING last",
        {"series": series},
    )[0]
    return format_number(pattern, kind=kind, year=year, serial=row["last"])


def create(
    new: NewCase,
    *,
    by: Actor,
    now: datetime,
    with_rows: Iterable[Statement] = (),
    public: Mapping[str, Any] = MappingProxyType({}),
) -> Outcome:
    """Open a case under the newest procedure of its kind; its number comes from `next_number`. `public`:
    what the vertical adds to the public part of the entry.

    A submission whose key was received before returns the case it made then, and changes nothing. Refuses an
    actor the procedure does not name. Cites: 行政许可法 第二十九条, 电子签名法 第十一条
    """
    sql.refuse_outer_transaction()
    procedure = registry.newest(new.kind)
    row = procedure.creation
    received = new.received_at or now
    if received > now:
        raise BadInput("收件时间不能晚于现在，请重新填写。", fields={"received_at": "不能晚于现在。"})
    blank = _blank(procedure, new, received)
    rules.check_who(row, blank, by)
    calendar = organisation.calendar(new.terms.counting.region)
    opened = Given(blank, {}, {}, now, by)
    anchors = [(given, decision_builder.anchor_of(given, opened, received, calendar)) for given in row.starts]
    starts = (clocks.start(given, new.terms, anchor, calendar, ()) for given, anchor in anchors)
    started = [clock for clock in starts if clock is not None]
    counts_from = next((at for given, at in anchors if given.anchor == "filed" and at != received), None)
    entry = NewEntry(
        event=row.event,
        subject=new.number,
        body_code=by.body_code or new.terms.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=received,
        to_state=procedure.initial,
        public={
            "item": new.terms.subject_name,
            "channel": new.channel,
            "due": {clock.key: clock.due_on.isoformat() for clock in started},
            "terms_sha256": snapshots.terms_hash(snapshots.terms_to_json(new.terms)),
            **_unsure(started),
            **_acted(received, now),
            **_counted_from(counts_from),
            **public,
        },
        private=_who(by),
    )
    values = _create_values(new, procedure, received)
    rows = _create_rows(new, procedure, started)
    if not _write(statements.CREATE, values, rows, with_rows, entry):
        return _first_outcome(new.submission_key)
    return Outcome(new.number, procedure.initial, row.action, str(entry.number), received, row.notices)


def perform(
    number: str,
    action: str,
    *,
    by: Actor,
    now: datetime,
    data: Data | None = None,
    with_rows: Iterable[Statement] = (),
) -> Outcome:
    """Carry out one act on a case, or refuse: not visible (404), not allowed (403), wrong state or somebody
    was first (409), missing or wrong data (422).

    What the law says follows from a silence that is already over comes first: a body that is too late to
    speak finds the case as the law left it.

    Cites: 行政许可法 第三十二条第一款第四项
    """
    sql.refuse_outer_transaction()
    snapshot = read(number)
    if not can_see(snapshot, by):
        raise NotVisible("没有找到这个办件，请核对编号。")
    executed: set[int] = set()
    while (effect := rules.silent_effect_due(snapshot, now)) and effect.id not in executed:
        if by is SYSTEM and action == effect.on_expiry:
            break
        executed.add(effect.id)
        _carry_out(snapshot, effect.on_expiry, by=SYSTEM, now=now, data={"step": effect.step})
        snapshot = read(number)
    return _carry_out(snapshot, action, by=by, now=now, data=data or {}, with_rows=with_rows)


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Execute what the law says follows from silence, enter each breach once, remind once of each duty that
    nears its end. Returns how many effects and breaches there were.

    Safe to run at any time and in several workers: each case is decided anew, and a deadline that somebody
    met a moment before is left alone. Cites: 行政许可法 第三十二条, 优化营商环境条例 第三十六条
    """
    done = 0
    for due in sql.run(statements.DUE_EFFECTS, _claim(now, limit)):
        try:
            perform(due["number"], due["on_expiry"], by=SYSTEM, now=now, data={"step": due["step"]})
            done += 1
        except Refusal as refusal:
            # Somebody acted a moment before.
            logger.warning("sweep left %s alone: %s", due["number"], refusal.code)
        except Exception:
            # One broken case must not keep the law's effect from all the others.
            logger.exception("sweep could not decide %s", due["number"])
    done += _enter_breaches(now, limit)
    remind(now=now, limit=limit)
    return done


def remind(*, now: datetime, limit: int = 500) -> int:
    """Remind once whoever holds a duty whose warning has begun; how many. The reminder is an entry, the lamp
    in the work list is yellow. Cites: 优化营商环境条例 第三十六条"""
    with transaction.atomic(durable=True):
        rows = sql.run(statements.CLAIM_REMINDERS, {"now": now, "limit": limit})
        _enter(rows, events.DEADLINE_NEAR, statements.MARK_REMINDERS, now)
    return len(rows)


def fold_counts() -> int:
    """Fold the delta rows into the counts; how many were folded. Readers see the sum of both at any time."""
    row = sql.run_one(
        """
        WITH gone AS (DELETE FROM casework_count_delta RETURNING body_code, subject_code, state, delta),
        summed AS (SELECT body_code, subject_code, state, sum(delta) AS delta, count(*) AS n FROM gone
            GROUP BY 1, 2, 3),
        folded AS (INSERT INTO casework_count (body_code, subject_code, state, count)
            SELECT body_code, subject_code, state, delta FROM summed
            ON CONFLICT (body_code, subject_code, state) DO UPDATE SET
                count = casework_count.count + excluded.count)
        SELECT coalesce(sum(n), 0) AS n FROM summed
        """
    )
    return int(row["n"]) if row else 0


def issue_notice(
    *,
    case_number: str,
    kind: str,
    number: str,
    entry: uuid.UUID,
    file: uuid.UUID,
    sha256: str,
    short_code: str,
    body_code: str,
    post_code: str,
    label: str,
    now: datetime,
) -> bool:
    """Enter a rendered paper on its case and in the journal; False when it had been issued already.

    Cites: 行政许可法 第三十二条
    """
    entry_row = NewEntry(
        event=events.NOTICE_ISSUED.name,
        subject=case_number,
        body_code=body_code,
        post_code=post_code,
        actor_kind="system",
        effective_at=now,
        public={"notice": number, "kind": kind, "label": label, "sha256": sha256},
        number=notice_record(entry, kind),
    )
    rows = sql.run(
        f"""
        WITH moved AS (
            INSERT INTO casework_notice (number, case_id, kind, entry, file, sha256, short_code, issued_at)
            SELECT %(number)s, id, %(kind)s, %(entry)s, %(file)s, %(sha256)s, %(short_code)s, %(now)s
            FROM casework_case WHERE number = %(case_number)s
            ON CONFLICT (case_id, kind, entry) DO NOTHING RETURNING id
        ), {journal.ENTRY_CTES} SELECT id FROM moved
        """,
        {
            "number": number,
            "case_number": case_number,
            "kind": kind,
            "entry": entry,
            "file": file,
            "sha256": sha256,
            "short_code": short_code,
            "now": now,
            **journal.entry_params([entry_row]),
        },
    )
    return bool(rows)


def _carry_out(
    snapshot: Snapshot,
    action: str,
    *,
    by: Actor,
    now: datetime,
    data: Data,
    with_rows: Iterable[Statement] = (),
) -> Outcome:
    procedure = registry.procedure(snapshot.kind, snapshot.procedure_version)
    facts = procedure.gather_facts(snapshot, action, data, now)
    calendar = calendar_of(snapshot)
    decision = rules.decide(
        procedure, snapshot, action, by=by, data=data, facts=facts, now=now, calendar=calendar
    )
    if rules.unentered_breach(snapshot, now):
        # A duty done too late is a breach all the same: it is entered before the act that meets it.
        _enter_breaches(now, limit=50, number=snapshot.number)
    moved = decision.from_state != decision.to_state
    entry = NewEntry(
        event=decision.row.event,
        subject=snapshot.number,
        body_code=by.body_code or snapshot.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=decision.effective_at,
        from_state=decision.from_state if moved else None,
        to_state=decision.to_state if moved else None,
        public={**decision.public, **_acted(decision.effective_at, now)},
        private={**decision.private, **_who(by)},
    )
    values, rows = _move_values(snapshot, decision), _move_rows(decision, by, now)
    if not _write(statements.MOVE, values, rows, with_rows, entry):
        raise SomebodyWasFirst("另一位工作人员刚刚办理了本件，您的操作没有生效，请刷新页面查看最新状态。")
    return Outcome(
        snapshot.number,
        decision.to_state,
        action,
        str(entry.number),
        decision.effective_at,
        decision.row.notices,
    )


def _move_values(snapshot: Snapshot, decision: Decision) -> dict[str, Any]:
    marks = decision.row.marks
    return {
        "id": snapshot.id,
        "revision": snapshot.revision,
        "to_state": decision.to_state,
        "calendar_version": snapshot.calendar_version,
        "received_at": decision.corrected.get("received"),
        "accepted_at": decision.effective_at if "accepted" in marks else decision.corrected.get("accepted"),
        "decided_at": decision.effective_at if "decided" in marks else decision.corrected.get("decided"),
        "closed_at": decision.effective_at if "closed" in marks else None,
        "outcome": decision.row.outcome,
    }


def _move_rows(decision: Decision, by: Actor, now: datetime) -> _Rows:
    moved = decision.from_state != decision.to_state
    counts = [(decision.from_state, -1), (decision.to_state, 1)] if moved else []
    done = [
        {
            "id": i,
            "state": "done",
            "done_at": now.isoformat(),
            "done_by": by.staff_id,
            "second_by": decision.second_by,
            "result": decision.step_result,
        }
        for i in decision.done_assignments
    ] + [
        {
            "id": i,
            "state": "cancelled",
            "done_at": now.isoformat(),
            "done_by": None,
            "second_by": None,
            "result": "",
        }
        for i in decision.cancelled_assignments
    ]
    new, over = (
        decision.new_suspension,
        {c.id for c in decision.deadline_changes} & {one.supersedes for one in decision.new_deadlines},
    )
    return {
        "done_assignments": done,
        "new_assignments": [
            {"step": s.key, "post_code": s.post_code, "opened_at": now.isoformat()}
            for s in decision.new_steps
        ],
        "new_deadlines": [_new_deadline(d) for d in decision.new_deadlines if d.supersedes is None],
        "changed_deadlines": [_changed_deadline(c) for c in decision.deadline_changes if c.id not in over],
        "superseded": [{"id": i, "met_at": now.isoformat()} for i in sorted(over)],
        "superseding": [_new_deadline(d) for d in decision.new_deadlines if d.supersedes is not None],
        "new_suspension": []
        if new is None
        else [
            {
                "ground": new.ground,
                "from_on": new.from_on.isoformat(),
                "announced_to_on": new.announced_to_on.isoformat(),
                "document": new.document,
            }
        ],
        "ended_suspensions": [
            {"id": one.id, "to_on": one.to_on.isoformat()} for one in decision.ended_suspensions if one.to_on
        ],
        "counts": [{"state": state, "delta": delta} for state, delta in counts],
    }


def _write(
    act: str, values: dict[str, Any], rows: _Rows, with_rows: Iterable[Statement], entry: NewEntry
) -> bool:
    """Run the act with its entry, its rows, the vertical's rows and the jobs that follow as one statement;
    whether the act went through."""
    filled = {name: _json(listed) for name, listed in rows.items() if listed}
    entered = journal.entry_ctes(entry)
    params = values | filled | entered.params
    more = [entered.sql]
    for i, row in enumerate(with_rows):
        more.append(f"with_row_{i} AS ({row.sql})")
        params |= row.params
    for i, name in enumerate(registry.jobs_after(entry.event)):
        given = {"case_number": entry.subject, "entry": str(entry.number), "event": entry.event}
        deferred = jobs.defer_cte(name, alias=f"job_{i}", source="moved", values=given)
        more.append(deferred.sql)
        params |= deferred.params
    return bool(sql.run_prepared(statements.joined(act, filled, *more), params))


def _enter_breaches(now: datetime, limit: int, number: str = "") -> int:
    """Of one case, or of all."""
    with transaction.atomic(durable=True):
        rows = sql.run(statements.CLAIM_BREACHES, {**_claim(now, limit), "number": number})
        _enter(rows, events.DEADLINE_BREACHED, statements.MARK_BREACHES, now)
    return len(rows)


def _enter(rows: list[sql.Row], event: Event, mark: str, now: datetime) -> None:
    """Mark the claimed clocks and enter one entry for each, in one statement."""
    if not rows:
        return
    entries = [
        NewEntry(
            event=event.name,
            subject=row["number"],
            body_code=row["body_code"],
            post_code="",
            actor_kind="system",
            effective_at=now,
            public={"key": row["key"], "step": row["step"], "due_on": row["due_on"].isoformat()}
            | ({"posts": row["posts"]} if row.get("posts") else {}),
        )
        for row in rows
    ]
    sql.run(mark, {"now": now, "ids": [row["id"] for row in rows], **journal.entry_params(entries)})


def _create_values(new: NewCase, procedure: Procedure, received: datetime) -> dict[str, Any]:
    return {
        "number": new.number,
        "kind": new.kind,
        "procedure_version": procedure.version,
        "to_state": procedure.initial,
        "body_code": new.terms.body_code,
        "division_path": new.division_path,
        "subject_code": new.terms.subject_code,
        "subject_version": new.subject_version,
        "terms": _json(snapshots.terms_to_json(new.terms)),
        "channel": new.channel,
        "submission_key": new.submission_key or uuid.uuid4(),
        "received_at": received,
    }


def _create_rows(new: NewCase, procedure: Procedure, started: list[NewDeadline]) -> _Rows:
    return {
        "parties": [{"number": number, "role": role} for number, role in new.parties.items()],
        "bodies": [{"body_code": code, "role": role} for code, role in new.bodies.items()],
        "new_deadlines": [_new_deadline(clock) for clock in started],
        "counts": [{"state": procedure.initial, "delta": 1}],
    }


def _blank(procedure: Procedure, new: NewCase, received: datetime) -> Snapshot:
    """The case before it is there, for the check of who may open it."""
    return Snapshot(
        id=0,
        number="",
        kind=procedure.kind,
        procedure_version=procedure.version,
        state="",
        revision=0,
        body_code=new.terms.body_code,
        received_at=received,
        accepted_at=None,
        decided_at=None,
        closed_at=None,
        outcome="",
        terms=new.terms,
        parties=new.parties,
        bodies=frozenset(new.bodies),
        supervising_path=new.division_path,
    )


def _acted(effective_at: datetime, now: datetime) -> dict[str, Any]:
    """The moment of the act itself where it takes effect earlier: without it nobody could say later what was
    done when."""
    return {} if effective_at == now else {"acted_at": now.isoformat()}


def _counted_from(counts_from: datetime | None) -> dict[str, Any]:
    """The moment a filing counts from, where that is later than its receipt."""
    return {"counts_from": counts_from.isoformat()} if counts_from else {}


def _unsure(started: Iterable[NewDeadline]) -> dict[str, Any]:
    unsure = sorted(clock.key for clock in started if clock.provisional)
    return {"provisional": unsure} if unsure else {}


def _who(by: Actor) -> dict[str, Any]:
    return {"staff": by.staff_id} if by.staff_id else {}


def _first_outcome(submission_key: uuid.UUID | None) -> Outcome:
    row = sql.run_one(
        "SELECT c.number, c.state, c.received_at, e.number AS entry FROM casework_case c "
        f"JOIN {ENTRIES} e ON e.subject = c.number WHERE c.submission_key = %(key)s ORDER BY e.id LIMIT 1",
        {"key": submission_key},
    )
    if row is None:
        raise SomebodyWasFirst("办件编号被占用，请重新提交。")
    return Outcome(row["number"], row["state"], "submit", str(row["entry"]), row["received_at"], ())


def _claim(now: datetime, limit: int) -> dict[str, Any]:
    return {"now": now, "limit": limit}


def _new_deadline(new: NewDeadline) -> dict[str, Any]:
    return {
        "key": new.key,
        "limit_key": new.limit_key,
        "step": new.step,
        "amount": new.amount,
        "unit": new.unit,
        "anchor_at": new.anchor_at.isoformat(),
        "due_on": new.due_on.isoformat(),
        "due_at": new.due_at.isoformat(),
        "warn_at": new.warn_at.isoformat() if new.warn_at else None,
        "state": new.state.value,
        "provisional": new.provisional,
        "on_expiry": new.on_expiry,
        "extended": new.extended,
        "times_extended": new.times_extended,
        "supersedes": new.supersedes,
    }


def _changed_deadline(change: DeadlineChange) -> dict[str, Any]:
    return {
        "id": change.id,
        "state": change.state.value,
        "due_on": change.due_on.isoformat(),
        "due_at": change.due_at.isoformat(),
        "warn_at": change.warn_at.isoformat() if change.warn_at else None,
        "provisional": change.provisional,
        "extended": change.extended,
        "times_extended": change.times_extended,
        "met_at": change.met_at.isoformat() if change.met_at else None,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
