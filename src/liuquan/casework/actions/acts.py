"""Writing cases. `perform` executes any row of any procedure: one query reads, one statement writes.

Each act commits in a transaction of its own and is durable when the function returns. Rows of a vertical that
must change together with the case come from its procedure (`with_rows`), or are passed to `create`; they run
only when the act itself succeeded. Materials that come with an act are stored before it is written, and
destroyed if it fails.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from liuquan.casework import entries, events, field_values, opening, registry, rows, rules
from liuquan.casework.actions import materials, statements
from liuquan.casework.actions.materials import Handed
from liuquan.casework.queries import calendar_of, can_see, read
from liuquan.casework.types import Data, Given, NewCase, NewNotice, Outcome, OwnRow, Snapshot, Upload
from liuquan.identifiers import format_number
from liuquan.journal import actions as journal
from liuquan.journal.queries import ENTRIES
from liuquan.journal.types import Event, NewEntry
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import BadInput, NotVisible, Refusal, SomebodyWasFirst
from liuquan.kernel.sql import Statement
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import SYSTEM, Actor

logger = logging.getLogger(__name__)

#: placeholder for the serial in the name of a series; no real serial is this large
_PLACE = 10**17


def next_number(*, kind: str, body_key: str = "", now: datetime) -> str:
    """A unique case number by the pattern of the kind. If the act then fails, the number stays unused."""
    row = sql.run_prepared("SELECT nextval('casework_case_serial') AS serial")[0]
    pattern = registry.newest(kind).number_pattern
    return format_number(pattern, body=body_key, on=moments.today(now), serial=row["serial"])


def next_notice_number(pattern: str, *, kind: str, now: datetime) -> str:
    """The next number in the series of this kind and year, by the pattern of the place; `kind` is the
    sign of the paper, such as 受. The pattern without its serial names the series. Call this in the
    transaction that issues the paper: a concurrent caller waits until it ends, and a number that was rolled
    back is used again.
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
    data: Data | None = None,
    files_given: Sequence[Upload] = (),
    with_rows: Iterable[Statement] = (),
) -> Outcome:
    """Open a case under the newest procedure of its kind; its number comes from `next_number`. `data`: the
    values of the procedure's first row; `files_given`: the files that come with it.

    A submission whose key was received before returns the case created then and changes nothing. Refuses an
    actor whom the procedure does not name. Cites: 行政许可法 第二十九条, 电子签名法 第十一条
    """
    sql.refuse_outer_transaction()
    procedure, received = registry.newest(new.kind), new.received_at or now
    if received > now:
        raise BadInput("收件时间不能晚于现在，请重新填写。", fields={"received_at": "不能晚于现在。"})
    blank = opening.blank(new, procedure, received)
    row = procedure.creation
    rules.check_who(row, blank, by)
    handed = materials.handed_in(row, data or {}, files_given)
    field_values.check(row, handed.data, now)
    calendar = organisation.calendar(new.terms.counting.region)
    given = Given(blank, {}, handed.data, now, by)
    opened = opening.opening(new, procedure, received, given, calendar)
    entry = entries.of_opening(opened, given=given)
    with materials.stored(new.number, handed, received) as brought:
        parts = {**rows.case_rows(opened), "materials": brought}
        if not _write(statements.CREATE, rows.case_values(opened), parts, with_rows, entry):
            materials.forget(brought, now)
            return _first_outcome(new, row.action)
    return Outcome(new.number, procedure.initial, row.action, str(entry.number), received, row.papers)


def perform(
    number: str,
    action: str,
    *,
    by: Actor,
    now: datetime,
    data: Data | None = None,
    files_given: Sequence[Upload] = (),
) -> Outcome:
    """Carry out one act on a case, or refuse: not visible (404), not allowed (403), wrong state or changed by
    somebody else meanwhile (409), missing or wrong data (422). A refused act leaves neither rows nor files.

    If a limit has already expired and the law attaches an effect to that, the effect is executed first. A
    body that acts too late therefore finds the case in the state that the law has put it in.

    Cites: 行政许可法 第三十二条第一款第四项
    """
    sql.refuse_outer_transaction()
    snapshot = read(number)
    if not can_see(snapshot, by):
        raise NotVisible("没有找到这个编号，请核对后再试。")
    executed: set[int] = set()
    while (effect := rules.silent_effect_due(snapshot, now)) and effect.id not in executed:
        if by is SYSTEM and action == effect.on_expiry:
            break
        executed.add(effect.id)
        _carry_out(snapshot, effect.on_expiry, by=SYSTEM, now=now, data={"step": effect.step})
        snapshot = read(number)
    return _carry_out(snapshot, action, by=by, now=now, data=data or {}, files_given=files_given)


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Execute the legal effects of expired limits, record each breach once, and remind once of each duty that
    is due soon. Returns how many effects and breaches there were.

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
    """Remind the posts once of each duty whose warning day has come; returns how many. The reminder is a
    journal entry; the lamp in the work list is yellow. Cites: 优化营商环境条例 第三十六条"""
    with transaction.atomic(durable=True):
        claimed = sql.run(statements.CLAIM_REMINDERS, _claim(now, limit))
        _enter(claimed, events.DEADLINE_NEAR, statements.MARK_REMINDERS, now)
    return len(claimed)


def fold_counts() -> int:
    """Fold the delta rows into the counts; returns how many. Readers always see the sum of both."""
    row = sql.run_one(
        """
        WITH gone AS (DELETE FROM casework_count_delta
            RETURNING kind, body_code, subject_code, state, delta),
        summed AS (SELECT kind, body_code, subject_code, state, sum(delta) AS delta, count(*) AS n FROM gone
            GROUP BY 1, 2, 3, 4),
        folded AS (INSERT INTO casework_count (kind, body_code, subject_code, state, count)
            SELECT kind, body_code, subject_code, state, delta FROM summed
            ON CONFLICT (kind, body_code, subject_code, state) DO UPDATE SET
                count = casework_count.count + excluded.count)
        SELECT coalesce(sum(n), 0) AS n FROM summed
        """
    )
    return int(row["n"]) if row else 0


def issue_notice(notice: NewNotice, *, now: datetime) -> bool:
    """Record a rendered paper on its case and in the journal; False if it had been issued already.

    Cites: 行政许可法 第三十二条
    """
    entered = journal.entry_params([entries.of_notice(notice, now=now)])
    return bool(sql.run(statements.ISSUE_NOTICE, {**vars(notice), "now": now, **entered}))


def _carry_out(
    snapshot: Snapshot,
    action: str,
    *,
    by: Actor,
    now: datetime,
    data: Data,
    files_given: Sequence[Upload] = (),
) -> Outcome:
    procedure = registry.procedure(snapshot.kind, snapshot.procedure_version)
    handed = Handed(data)
    if row := procedure.row(action):
        handed = materials.handed_in(row, data, files_given)
    data = handed.data
    facts = procedure.gather_facts(snapshot, action, data, now)
    calendar = calendar_of(snapshot)
    decision = rules.decide(
        procedure, snapshot, action, by=by, data=data, facts=facts, now=now, calendar=calendar
    )
    if rules.unentered_breach(snapshot, now):
        # A duty done too late is still a breach: it is recorded before the act that meets the duty.
        _enter_breaches(now, limit=50, number=snapshot.number)
    entry = entries.of_act(decision, snapshot, by=by, now=now)
    values, changed = rows.move_values(decision, snapshot), rows.move_rows(decision, by=by, now=now)
    with_rows = procedure.with_rows(action, Given(snapshot, facts, data, now, by))
    with materials.stored(snapshot.number, handed, now) as brought:
        if not _write(statements.MOVE, values, {**changed, "materials": brought}, with_rows, entry):
            raise SomebodyWasFirst("另一位工作人员刚刚办理了本件，您的操作没有生效，请刷新页面查看最新状态。")
    return Outcome(
        snapshot.number,
        decision.to_state,
        action,
        str(entry.number),
        decision.effective_at,
        decision.row.papers,
    )


def _write(
    act: str, values: dict[str, Any], parts: rows.Rows, with_rows: Iterable[OwnRow], entry: NewEntry
) -> bool:
    """Run the act with its entry, the jobs that follow, its rows and the vertical's rows as one statement;
    returns whether the act succeeded."""
    filled = rows.listed(parts)
    entered = journal.entry_ctes(entry)
    params = values | filled | entered.params
    more = [entered.sql]
    for i, row in enumerate(with_rows):
        more.append(f"with_row_{i} AS ({row.sql})")
        params |= row.params
    return bool(sql.run_prepared(statements.joined(act, filled, *more), params))


def _enter_breaches(now: datetime, limit: int, number: str = "") -> int:
    """The same for one case, or for all."""
    with transaction.atomic(durable=True):
        claimed = sql.run(statements.CLAIM_BREACHES, {**_claim(now, limit), "number": number})
        _enter(claimed, events.DEADLINE_BREACHED, statements.MARK_BREACHES, now)
    return len(claimed)


def _enter(claimed: list[sql.Row], event: Event, mark: str, now: datetime) -> None:
    """Mark the claimed clocks and enter one entry for each, in one statement."""
    if not claimed:
        return
    entered = journal.entry_params([entries.of_clock(event, row, now=now) for row in claimed])
    sql.run(mark, {"now": now, "ids": [row["id"] for row in claimed], **entered})


def _first_outcome(new: NewCase, action: str) -> Outcome:
    row = sql.run_one(
        "SELECT c.number, c.state, c.received_at, e.number AS entry FROM casework_case c "
        f"JOIN {ENTRIES} e ON e.subject = c.number WHERE c.submission_key = %(key)s ORDER BY e.id LIMIT 1",
        {"key": new.submission_key},
    )
    if row is None:
        raise SomebodyWasFirst("编号被占用，请重新提交。")
    return Outcome(row["number"], row["state"], action, str(row["entry"]), row["received_at"], ())


def _claim(now: datetime, limit: int) -> dict[str, Any]:
    return {"now": now, "limit": limit}
