"""What a kind says of the course of one case: its stages, and the parts of pages that only it has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from liuquan.casework.effects import Mark
from liuquan.casework.types import Snapshot
from liuquan.journal.types import Entry
from liuquan.kinds.types import CaseKind, Panel, PanelAsked, StageRow


def progress(kind: CaseKind, snapshot: Snapshot) -> list[StageRow]:
    """The stages of a case: which are done, in progress, or will not be reached."""
    stages = kind.stages
    state = snapshot.state
    at = next((n for n, one in enumerate(stages) if state in one.states), None)
    if at is None:
        at = next((n + 1 for n, one in enumerate(stages) if state in one.done_in), None)
    stopped = at is None
    if at is None:  # it ended on the way: what is over has its moment
        at = max(
            (n + 1 for n, one in enumerate(stages) if _moment(snapshot, one.moment, "closed")), default=0
        )
    rows = []
    for number, one in enumerate(stages):
        is_done = number < at
        word = "done" if is_done else "skipped" if stopped else "current" if number == at else "todo"
        note = one.notes.get(state, "") if number == at else ""
        rows.append(StageRow(one, word, _moment(snapshot, one.moment) if is_done else None, note))
    return rows


def outcome(kind: CaseKind, snapshot: Snapshot) -> str:
    """How a case came out, in one word: of its outcome, else of the state that ended it; empty before."""
    if snapshot.outcome in kind.outcomes:
        return kind.outcomes[snapshot.outcome]
    return kind.procedure.state(snapshot.state).label if snapshot.closed_at else ""


def outcome_entry(kind: CaseKind, snapshot: Snapshot, entries: Sequence[Entry]) -> Entry | None:
    """The act that gave the outcome, the last of them; where none has a name, the one that ended the case."""
    rows = kind.procedure.rows
    named = {
        row.event for row in rows if any(m.outcome == snapshot.outcome for m in row.of(Mark) if m.outcome)
    }
    closing = {row.event for row in rows if any(m.moment == "closed" for m in row.of(Mark))}
    wanted = named or closing
    return next((one for one in reversed(entries) if one.event in wanted), None)


def panels(kind: CaseKind, asked: PanelAsked) -> list[dict[str, Any]]:
    """The parts of a page that only this kind has, each with its template and its values."""
    return [_drawn(one, asked) for one in kind.panels if asked.place in one.places]


def _drawn(panel: Panel, asked: PanelAsked) -> dict[str, Any]:
    return {"template": panel.template, "values": panel.values(asked)}


def _moment(snapshot: Snapshot, name: str, *without: str) -> datetime | None:
    found: datetime | None = getattr(snapshot, f"{name}_at") if name and name not in without else None
    return found
