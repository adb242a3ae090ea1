"""A case at a past moment, rebuilt from its journal entries. Pure: entries and frozen terms in, a value out.

Each act is replayed on a value by the engine's own rules, at the moment it was done. The due days are those
recorded in the entry, whatever the calendar says today. From the present tables only what never changes is
used: number, kind, parties, and the terms, whose hash is recorded in the first entry.

Cites: 行政许可法 第四十条, 电子签名法 第五条
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from liuquan.casework import clocks, events, rules
from liuquan.casework.effects import Start
from liuquan.casework.types import (
    AssignmentView,
    DeadlineView,
    Decision,
    Given,
    Procedure,
    Running,
    Snapshot,
    Transition,
)
from liuquan.clock import Calendar, day_end
from liuquan.journal.queries import acted_at
from liuquan.journal.types import Entry
from liuquan.kernel.refusals import Refusal, WrongState
from liuquan.organisation.types import SYSTEM


def rebuilt(
    case: Snapshot, procedure: Procedure, entries: Iterable[Entry], calendar: Calendar
) -> Snapshot | None:
    """The case after these entries (oldest first); nothing before it was opened.

    `case`: only its values that never change are used. Entries that contradict each other or the terms are
    refused (409): then the record has to be audited.
    """
    rows = {row.event: row for row in procedure.rows}
    snapshot: Snapshot | None = None
    for entry in entries:
        try:
            if snapshot is None:
                if entry.event == procedure.creation.event:
                    snapshot = _begun(case, procedure, entry, calendar)
            elif entry.event in rows:
                snapshot = _after(snapshot, procedure, rows[entry.event], entry, calendar)
            elif entry.event == events.DEADLINE_BREACHED.name:
                snapshot = _breached(snapshot, entry)
            elif entry.event == events.DEADLINE_REPROJECTED.name:
                snapshot = _counted_again(snapshot, entry, calendar)
        except (Refusal, LookupError) as problem:
            raise _contradiction(entry) from problem
    return snapshot


def state_at(snapshot: Snapshot, at: datetime) -> Snapshot:
    """The case without what had not yet happened at this moment: an act with retroactive effect opens no step
    and meets no clock before the day it was done."""
    return replace(
        snapshot,
        assignments=tuple(_open_at(a, at) for a in snapshot.assignments if a.opened_at <= at),
        deadlines=tuple(_running_at(d, at) for d in snapshot.deadlines if d.anchor_at <= at),
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
        "环节": sorted(
            (a.step, a.opened_at, a.post_code, a.state, str(a.done_at), a.result) for a in case.assignments
        ),
        "期限": sorted(
            (
                _name(d),
                d.anchor_at,
                d.due_on,
                d.due_at,
                str(d.warn_at),
                d.state,
                d.provisional,
                d.on_expiry,
                d.extended,
                d.times_extended,
                str(d.met_at),
                d.breached,
                d.limit_key,
            )
            for d in case.deadlines
        ),
        "特别程序": sorted((s.from_on, s.ground, str(s.to_on), s.announced_to_on) for s in case.suspensions),
    }


def _begun(case: Snapshot, procedure: Procedure, entry: Entry, calendar: Calendar) -> Snapshot:
    told = {name: entry.public[name] for name in ("counts_from",) if name in entry.public}
    then = Given(replace(case, received_at=entry.effective_at), told, {}, entry.effective_at, SYSTEM)
    started = (
        start.started(then, start.anchor_of(then, entry.effective_at, calendar), calendar)
        for start in procedure.creation.of(Start)
    )
    views = (clocks.as_started(new) for new in started if new is not None)
    blank = replace(
        case,
        state=procedure.initial,
        revision=1,
        received_at=entry.effective_at,
        accepted_at=None,
        decided_at=None,
        closed_at=None,
        outcome="",
        assignments=(),
        suspensions=(),
        deadlines=tuple(replace(view, id=i) for i, view in enumerate(views, 1)),
    )
    return _as_told(blank, entry, calendar)


def _after(
    before: Snapshot, procedure: Procedure, row: Transition, entry: Entry, calendar: Calendar
) -> Snapshot:
    now = acted_at(entry)
    step = str(entry.public.get("step", ""))
    mine = next((a for a in before.open_assignments if a.step == step), None)
    decision = rules.redecide(
        procedure, before, row, by=SYSTEM, data=entry.public, now=now, calendar=calendar, assignment=mine
    )
    if entry.to_state is not None and decision.to_state != entry.to_state:
        raise LookupError(f"{entry.event}: {decision.to_state} is not {entry.to_state}")
    after = _applied(before, decision, now)
    marks: dict[str, Any] = {f"{mark}_at": entry.effective_at for mark in decision.marks}
    marks |= {f"{name}_at": at for name, at in decision.corrected.items()}
    return _as_told(replace(after, **marks), entry, calendar)


def _applied(case: Snapshot, decision: Decision, now: datetime) -> Snapshot:
    """The snapshot with what the act changed, as the engine's statement writes it."""
    changes = {change.id: change for change in decision.deadline_changes}
    ended = {one.id: one for one in decision.ended_suspensions}
    suspensions = tuple(ended.get(s.id, s) for s in case.suspensions)
    if decision.new_suspension is not None:
        suspensions += (replace(decision.new_suspension, id=len(suspensions) + 1),)
    opened = tuple(
        AssignmentView(len(case.assignments) + i, step.key, step.post_code, "open", now)
        for i, step in enumerate(decision.new_steps, 1)
    )
    started = tuple(
        replace(clocks.as_started(new), id=len(case.deadlines) + i, state=new.state)
        for i, new in enumerate(decision.new_deadlines, 1)
    )
    return replace(
        case,
        state=decision.to_state,
        revision=case.revision + 1,
        outcome=decision.outcome or case.outcome,
        assignments=tuple(_assignment(a, decision, now) for a in case.assignments) + opened,
        deadlines=tuple(clocks.changed(d, changes[d.id]) if d.id in changes else d for d in case.deadlines)
        + started,
        suspensions=suspensions,
    )


def _assignment(view: AssignmentView, decision: Decision, now: datetime) -> AssignmentView:
    if view.id in decision.done_assignments:
        return replace(view, state="done", done_at=now, result=decision.step_result)
    if view.id in decision.cancelled_assignments:
        return replace(view, state="cancelled", done_at=now)
    return view


def _as_told(case: Snapshot, entry: Entry, calendar: Calendar) -> Snapshot:
    """The clocks with the last days recorded in the entry, provisional where the entry says so."""
    due: Mapping[str, str] = entry.public.get("due", {})
    unsure = set(entry.public.get("provisional", ()))
    return replace(
        case,
        deadlines=tuple(
            replace(
                _placed(d, date.fromisoformat(due[_name(d)]), case, calendar), provisional=_name(d) in unsure
            )
            if d.is_open and _name(d) in due
            else d
            for d in case.deadlines
        ),
    )


def _counted_again(case: Snapshot, entry: Entry, calendar: Calendar) -> Snapshot:
    """The clocks after a new calendar, with the days the entry records; firm unless it says otherwise."""
    due: Mapping[str, str] = entry.public.get("due", {})
    firm = bool(entry.public.get("firm", True))
    return replace(
        case,
        deadlines=tuple(
            replace(_placed(d, date.fromisoformat(due[_name(d)]), case, calendar), provisional=not firm)
            if d.is_open and _name(d) in due
            else d
            for d in case.deadlines
        ),
    )


def _placed(view: DeadlineView, due_on: date, case: Snapshot, calendar: Calendar) -> DeadlineView:
    """The clock with this last day. If today's calendar gives the same day, its moments are exact; otherwise
    the clock ends with the day, and when it turned yellow is unknown."""
    again = clocks.recounted(view, view.state, case.terms, calendar, case.suspensions)
    if again.due_on == due_on:
        return replace(view, due_on=due_on, due_at=again.due_at, warn_at=again.warn_at)
    return replace(view, due_on=due_on, due_at=day_end(due_on), warn_at=None)


def _breached(case: Snapshot, entry: Entry) -> Snapshot:
    key, step = entry.public.get("key"), entry.public.get("step", "")
    return replace(
        case,
        deadlines=tuple(
            replace(d, breached=True) if d.is_open and (d.key, d.step) == (key, step) else d
            for d in case.deadlines
        ),
    )


def _name(view: DeadlineView) -> str:
    """The name of the clock in entries."""
    return f"{view.key}:{view.step}" if view.step else view.key


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
