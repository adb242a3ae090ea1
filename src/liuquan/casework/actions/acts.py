"""Writing cases. `perform` executes any row of any procedure: one query reads, one statement writes.

Each act commits in a transaction of its own and is durable when the function returns. Rows of a vertical that
must change together with the case come from its procedure (`with_rows`), or are passed to `create`; they run
only when the act itself succeeded. Materials that come with an act are stored before it is written, and
destroyed if it fails.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from liuquan.casework import entries, events, field_values, opening, registry, rows, rules
from liuquan.casework.actions import children, materials, statements
from liuquan.casework.actions.materials import Handed
from liuquan.casework.queries import STANDING, calendar_of, can_see, read, standing_of
from liuquan.casework.queries.children import children_end
from liuquan.casework.queries.registered import party_facts
from liuquan.casework.types import (
    Data,
    Facts,
    Given,
    NewCase,
    NewNotice,
    Outcome,
    OwnRow,
    Procedure,
    Snapshot,
    Upload,
)
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
    return children.next_number(kind, body_key, now=now)


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
    handed = materials.handed_in(row, data or {}, files_given, strips_photos=procedure.strips_photos)
    field_values.check(row, handed.data, now)
    calendar = organisation.calendar(new.terms.counting.region)
    given = Given(blank, {}, handed.data, now, by)
    opened = opening.opening(new, procedure, received, given, calendar)
    entry = entries.of_opening(opened, given=given)
    with materials.stored(new.number, handed, received) as brought:
        parts = {**rows.case_rows(opened), "materials": brought}
        if not _write(statements.CREATE, rows.case_values(opened), parts, with_rows, [entry]):
            materials.forget(brought, now)
            return _first_outcome(new)
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
        _carry_out(snapshot, effect.on_expiry, by=SYSTEM, now=now, data=_silent(effect.step, effect.part))
        snapshot = read(number)
    return _carry_out(snapshot, action, by=by, now=now, data=data or {}, files_given=files_given)


def close_children(closing: Mapping[str, str], *, now: datetime, insist: bool = True) -> None:
    """End children of a case whose act ends them: for each that is still open, the act of the system that is
    named for it. Safe to run again. `insist`: raises in the end, if one was changed in the same moment."""
    children.close_each(
        closing, lambda number, action: perform(number, action, by=SYSTEM, now=now), insist=insist
    )


def file_as(name: str) -> Statement:
    """What a vertical writes with an act that corrects what a case is filed as: pages, lists and messages
    call it by this name from then on. The terms of the day of receipt, their code and what the record says
    of that day stay."""
    return Statement(statements.FILE_AS, {"filed_as": name})


def sweep(*, now: datetime, limit: int = 500) -> int:
    """Execute the legal effects of expired limits, record each breach once, and remind once of each duty that
    is due soon. Returns how many effects and breaches there were.

    Safe to run at any time and in several workers: each case is decided anew, and a deadline that somebody
    met a moment before is left alone. Cites: 行政许可法 第三十二条, 优化营商环境条例 第三十六条
    """
    done = 0
    for due in sql.run(statements.DUE_EFFECTS, _claim(now, limit)):
        try:
            perform(
                due["number"], due["on_expiry"], by=SYSTEM, now=now, data=_silent(due["step"], due["part"])
            )
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
    row = procedure.row(action)
    strips = procedure.strips_photos
    handed = materials.handed_in(row, data, files_given, strips_photos=strips) if row else Handed(data)
    data, calendar = handed.data, calendar_of(snapshot)
    facts = _facts(procedure, action, snapshot, data, now)
    decision = rules.decide(
        procedure, snapshot, action, by=by, data=data, facts=facts, now=now, calendar=calendar
    )
    given = Given(snapshot, facts, data, now, by)
    entry = entries.of_act(decision, snapshot, by=by, now=now)
    beside = children.beside(decision, given, entry)
    if rules.unentered_breach(snapshot, now):
        # A duty done too late is still a breach: it is recorded before the act that meets the duty.
        _enter_breaches(now, limit=50, number=snapshot.number)
    values, changed = rows.move_values(decision, snapshot), rows.move_rows(decision, by=by, now=now)
    with_rows = procedure.with_rows(action, given)
    with materials.stored(snapshot.number, handed, now) as brought:
        parts = {**changed, "materials": brought, **beside.rows}
        if not _write(statements.MOVE, values, parts, with_rows, beside.entries, beside.jobs):
            raise SomebodyWasFirst("另一位工作人员刚刚办理了本件，您的操作没有生效，请打开本件查看最新状态。")
    close_children(decision.closing, now=now, insist=False)
    effective_at, papers = decision.effective_at, decision.row.papers
    return Outcome(snapshot.number, decision.to_state, action, str(entry.number), effective_at, papers)


def _facts(procedure: Procedure, action: str, snapshot: Snapshot, data: Data, now: datetime) -> Facts:
    """What the vertical and the engine have to ask the database before the act can be decided."""
    row = procedure.row(action)
    found = procedure.gather_facts(snapshot, action, data, now)
    return {
        **found,
        **party_facts(row, data),
        # a vertical that reads the bodies anyway says which of them exist
        **({} if STANDING in found else standing_of(row, snapshot, data, now)),
        **children_end(row, snapshot),
    }


def _write(
    act: str,
    values: dict[str, Any],
    parts: rows.Rows,
    with_rows: Iterable[OwnRow],
    entries: Sequence[NewEntry],
    jobs: Iterable[Statement] = (),
) -> bool:
    """Run the act with its entries, the jobs that follow, its rows and the vertical's rows as one statement;
    returns whether the act succeeded."""
    filled = rows.listed(parts)
    params = values | filled
    more = []
    for entered in (_entered(entries), *jobs):
        more.append(entered.sql)
        params |= entered.params
    for i, row in enumerate(with_rows):
        more.append(f"with_row_{i} AS ({row.sql})")
        params |= row.params
    return bool(sql.run_prepared(statements.joined(act, filled, *more), params))


def _entered(entries: Sequence[NewEntry]) -> Statement:
    """The entries as parts of the statement; one alone, as nearly every act has it, in its quick form."""
    if len(entries) == 1:
        return journal.entry_ctes(entries[0])
    return Statement(journal.ENTRY_CTES, journal.entry_params(entries))


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


def _first_outcome(new: NewCase) -> Outcome:
    """What the submission with this key did when it came first, by the procedure of that day and by the entry
    it made; the state is today's. Refuses (409) a key or number that a case of another kind has."""
    row = sql.run_one(
        "SELECT c.number, c.procedure_version, c.state, e.number AS entry, e.effective_at "
        f"FROM casework_case c JOIN {ENTRIES} e ON e.subject = c.number "
        "WHERE c.submission_key = %(key)s AND c.kind = %(kind)s ORDER BY e.id LIMIT 1",
        {"key": new.submission_key, "kind": new.kind},
    )
    if row is None:
        raise SomebodyWasFirst("编号被占用，请重新提交。")
    action = registry.procedure(new.kind, row["procedure_version"]).creation.action
    return Outcome(row["number"], row["state"], action, str(row["entry"]), row["effective_at"], ())


def _silent(step: str, part: str) -> Data:
    """The values of an act that follows from silence: whose step, about which part."""
    return {"step": step, "part": part} if part else {"step": step}


def _claim(now: datetime, limit: int) -> dict[str, Any]:
    return {"now": now, "limit": limit}
