"""A case after an entry of the first vocabulary version: the act is worked out again. Pure and frozen.

The due days are those recorded in the entry, whatever the calendar says today.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from liuquan.casework import clocks
from liuquan.casework.history_v1 import deciding
from liuquan.casework.history_v1.deciding import DecisionV1, Told
from liuquan.casework.recorded_days import with_days
from liuquan.casework.types import AssignmentView, ProcedureV1, RowV1, Snapshot
from liuquan.clock import Calendar
from liuquan.journal.queries import acted_at
from liuquan.journal.types import Entry


def begun(blank: Snapshot, procedure: ProcedureV1, entry: Entry, calendar: Calendar) -> Snapshot:
    """The case as its first entry tells it. `blank`: the case as it was before anything ran."""
    counts_from = str(entry.public.get("counts_from", ""))
    found = (
        deciding.started(
            start, blank, deciding.anchor_of(start, blank, entry.effective_at, counts_from), calendar
        )
        for start in procedure.started
    )
    views = (clocks.as_started(new) for new in found if new is not None)
    opened = replace(
        blank,
        state=procedure.initial,
        revision=1,
        deadlines=tuple(replace(view, id=i) for i, view in enumerate(views, 1)),
    )
    return _as_told(opened, entry, calendar)


def after(before: Snapshot, procedure: ProcedureV1, row: RowV1, entry: Entry, calendar: Calendar) -> Snapshot:
    """The case after the act. Refuses (LookupError) an entry with another state than the act leads to."""
    now, step = acted_at(entry), str(entry.public.get("step", ""))
    mine = next((a for a in before.open_assignments if a.step == step), None)
    decision = deciding.decided(procedure, Told(row, before, entry.public, now, calendar, mine))
    if entry.to_state is not None and decision.to_state != entry.to_state:
        raise LookupError(f"{entry.event}: {decision.to_state} is not {entry.to_state}")
    marks: dict[str, Any] = {f"{mark}_at": entry.effective_at for mark in row.marks}
    marks |= {f"{name}_at": at for name, at in decision.corrected.items()}
    return _as_told(replace(_applied(before, decision, row, now), **marks), entry, calendar)


def _applied(case: Snapshot, decision: DecisionV1, row: RowV1, now: datetime) -> Snapshot:
    """The case with what the act changed, as the engine's statement wrote it."""
    opened = tuple(
        AssignmentView(len(case.assignments) + i, step.key, step.post_code, "open", now)
        for i, step in enumerate(decision.steps, 1)
    )
    begun = tuple(
        replace(clocks.as_started(new), id=len(case.deadlines) + i)
        for i, new in enumerate(decision.started, 1)
    )
    moved = (
        clocks.changed(d, decision.changes[d.id]) if d.id in decision.changes else d for d in case.deadlines
    )
    return replace(
        case,
        state=decision.to_state,
        revision=case.revision + 1,
        outcome=row.outcome or case.outcome,
        assignments=tuple(_assignment(a, decision, now) for a in case.assignments) + opened,
        deadlines=(*moved, *begun),
        suspensions=tuple(replace(one, id=one.id or i) for i, one in enumerate(decision.suspensions, 1)),
    )


def _assignment(view: AssignmentView, decision: DecisionV1, now: datetime) -> AssignmentView:
    if view.id in decision.done:
        return replace(view, state="done", done_at=now, result=decision.result)
    if view.id in decision.cancelled:
        return replace(view, state="cancelled", done_at=now)
    return view


def _as_told(case: Snapshot, entry: Entry, calendar: Calendar) -> Snapshot:
    return with_days(case, entry.public.get("due", {}), set(entry.public.get("provisional", ())), calendar)
