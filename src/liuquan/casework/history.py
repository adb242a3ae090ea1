"""A case at a past moment, rebuilt from its journal entries. Pure: entries and frozen terms in, a value out.

An entry holds what its act changed (`structure`), and that is read. Entries of the first vocabulary version
do not; they are read by the frozen `history_v1`. The due days are those recorded in the entry, whatever the
calendar says today, and no change of a rule or a procedure moves the past. From the present tables only what
never changes is used: number, kind, the terms, whose hash is recorded in the first entry, and, of
older cases, the parties since the receipt.

Cites: 行政许可法 第四十条, 电子签名法 第五条
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from liuquan.casework import body_roles, clock_columns, events, party_views, structure
from liuquan.casework.history_v1 import replay
from liuquan.casework.recorded_days import with_days
from liuquan.casework.types import AssignmentView, DeadlineView, Procedure, Running, Snapshot
from liuquan.clock import Calendar
from liuquan.journal.types import Entry
from liuquan.kernel.refusals import Refusal, WrongState


def rebuilt(
    case: Snapshot, procedure: Procedure, entries: Iterable[Entry], calendar: Calendar
) -> Snapshot | None:
    """The case after these entries (oldest first); nothing before it was opened.

    `case`: only its values that never change are used. Entries that contradict each other or the terms are
    refused (409): then the record has to be audited.
    """
    snapshot: Snapshot | None = None
    for entry in entries:
        try:
            snapshot = _after(snapshot or _blank(case, entry), snapshot is None, procedure, entry, calendar)
        except (Refusal, LookupError, ValueError) as problem:
            raise _contradiction(entry) from problem
    return snapshot


def _after(
    before: Snapshot, is_first: bool, procedure: Procedure, entry: Entry, calendar: Calendar
) -> Snapshot | None:
    """The case after an entry; `is_first`: no entry before this one opened it."""
    if structure.KEY in entry.public:
        if not is_first and entry.from_state not in (None, before.state):
            raise LookupError(f"{entry.event}: {entry.from_state} is not {before.state}")
        then = structure.unopened(before) if is_first else before
        return structure.read(then, entry.public[structure.KEY])
    old = procedure.version_1
    if is_first:
        opens = old is not None and entry.event == old.creation
        return replay.begun(before, old, entry, calendar) if old and opens else None
    if old is not None and entry.event in old.rows:
        return replay.after(before, old, old.rows[entry.event], entry, calendar)
    if entry.event == events.DEADLINE_BREACHED.name:
        return _breached(before, entry)
    if entry.event == events.DEADLINE_REPROJECTED.name:
        return _counted_again(before, entry, calendar)
    return before


def _blank(case: Snapshot, entry: Entry) -> Snapshot:
    """The case before anything was recorded of it."""
    blank = replace(
        case,
        state="",
        revision=0,
        body_code=case.terms.body_code,
        received_at=entry.effective_at,
        accepted_at=None,
        decided_at=None,
        closed_at=None,
        outcome="",
        assignments=(),
        suspensions=(),
        deadlines=(),
        children=(),
        parent_clock=None,
    )
    blank = body_roles.with_roles(blank, body_roles.at_receipt(case.roles))
    return party_views.with_parties(blank, party_views.at_receipt(case.parties_ever, entry.effective_at))


def state_at(snapshot: Snapshot, at: datetime) -> Snapshot:
    """The case without what had not yet happened at this moment: an act with retroactive effect opens no step
    and meets no clock before the day it was done. A clock of no step may count from a day to come."""
    then = party_views.with_parties(snapshot, party_views.known_at(snapshot.parties_ever, at))
    return replace(
        then,
        assignments=tuple(_open_at(a, at) for a in snapshot.assignments if a.opened_at <= at),
        deadlines=tuple(_running_at(d, at) for d in snapshot.deadlines if not d.step or d.anchor_at <= at),
    )


def differences(present: Snapshot, recorded: Snapshot) -> tuple[str, ...]:
    """The differences between the present tables and the record, in words; nothing if they agree. The signers
    and the written notice of a suspension are in the private part and are not compared."""
    one, other = _facts(present), _facts(recorded)
    return tuple(label for label in one if one[label] != other[label])


def _facts(case: Snapshot) -> dict[str, Any]:
    return {
        "状态": case.state,
        "结果": case.outcome,
        "收件时刻": case.received_at,
        "受理时刻": case.accepted_at,
        "决定时刻": case.decided_at,
        "办结时刻": case.closed_at,
        "承办单位": (
            case.body_code,
            sorted((r.body_code, r.role, r.from_at, str(r.to_at)) for r in case.roles),
        ),
        "环节": sorted(
            (a.step, a.opened_at, a.post_code, a.state, str(a.done_at), a.result, a.body_code)
            for a in case.assignments
        ),
        "期限": [
            (d.breached, *(getattr(d, column) for column in clock_columns.COMPARED))
            for d in sorted(case.deadlines, key=lambda d: (d.name, d.anchor_at))
        ],
        "特别程序": sorted((s.from_on, s.ground, str(s.to_on), s.announced_to_on) for s in case.suspensions),
        "当事人": sorted((p.number, p.role, p.from_at, str(p.to_at)) for p in case.parties_ever),
    }


def _counted_again(case: Snapshot, entry: Entry, calendar: Calendar) -> Snapshot:
    """The clocks after a new calendar, with the days the entry records; firm unless it says otherwise."""
    due: Mapping[str, str] = entry.public.get("due", {})
    return with_days(case, due, () if entry.public.get("firm", True) else due, calendar)


def _breached(case: Snapshot, entry: Entry) -> Snapshot:
    late = tuple(entry.public.get(name, "") for name in ("key", "step", "part"))
    return replace(
        case,
        deadlines=tuple(
            replace(d, breached=True) if d.is_open and (d.key, d.step, d.part) == late else d
            for d in case.deadlines
        ),
    )


def _open_at(view: AssignmentView, at: datetime) -> AssignmentView:
    if view.done_at is None or view.done_at <= at:
        return view
    return replace(view, state="open", done_at=None, result="")


def _running_at(view: DeadlineView, at: datetime) -> DeadlineView:
    if view.met_at is None or view.met_at <= at:
        return view
    return replace(view, state=Running.RUNNING, met_at=None)


def _contradiction(entry: Entry) -> WrongState:
    return WrongState(
        f"按日志重建本件时，“{entry.label}”这条记录和前面的记录对不上，请联系系统管理员审计日志。",
        code="record_contradicts",
    )
