"""The parent and the children of a case, and until when its children have time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from liuquan.casework import registry, snapshots
from liuquan.casework.children import ENDS, LastChild
from liuquan.casework.effects import Correct
from liuquan.casework.queries.reading import can_see
from liuquan.casework.types import ChildView, Facts, Family, Relative, Snapshot, Transition
from liuquan.kernel import sql
from liuquan.organisation.types import Actor

#: of the open duties of these children the one that ends last, for each clock of the parent over them
_LAST = f"""
SELECT DISTINCT ON (c.parent_clock) c.parent_clock, c.number, d.due_at
FROM casework_case c JOIN casework_deadline d ON d.case_id = c.id
WHERE c.number = ANY(%(numbers)s::text[]) AND d.state IN ('running', 'paused') AND d.step = ''
    AND {snapshots.IS_DUTY}
ORDER BY c.parent_clock, d.due_at DESC, c.number
"""


def children_end(row: Transition | None, snapshot: Snapshot) -> Facts:
    """The fact until when the open children of a case have time, for an act that corrects its clocks; no
    query for another act, or where no child is open."""
    numbers = [child.number for child in snapshot.children if not child.is_closed]
    if row is None or not row.of(Correct) or not numbers:
        return {}
    rows = sql.run_prepared(_LAST, {"numbers": numbers})
    return {ENDS: {one["parent_clock"]: LastChild(one["number"], one["due_at"]) for one in rows}}


def family(snapshot: Snapshot, *, by: Actor) -> Family:
    """The parent and the children of a case that the actor sees, by number, kind and state alone. Whether
    any of them may be opened is decided as for every case."""
    numbers = [child.number for child in snapshot.children]
    if snapshot.parent:
        numbers.append(snapshot.parent)
    seen = _seen(numbers, by) if numbers else frozenset()
    return Family(
        Relative(snapshot.parent, snapshot.parent in seen) if snapshot.parent else None,
        tuple(_relative(child, child.number in seen) for child in snapshot.children),
    )


def children_then(snapshot: Snapshot, states: Mapping[str, str], *, by: Actor) -> tuple[Relative, ...]:
    """The children that had a state at a past moment, in that state. `states`: by number, of those that were
    open or closed then; which of them may be opened is decided as of today."""
    then = [replace(one, state=states[one.number]) for one in snapshot.children if one.number in states]
    seen = _seen([one.number for one in then], by) if then else frozenset()
    return tuple(_relative(child, child.number in seen) for child in then)


def _relative(child: ChildView, may_open: bool) -> Relative:
    procedure = registry.procedure(child.kind, child.procedure_version)
    state = procedure.state(child.state)
    return Relative(child.number, may_open, procedure.label, state.label, state.closed)


def _seen(numbers: list[str], by: Actor) -> frozenset[str]:
    """Which of these cases the actor may see, in one query."""
    rows = sql.run(
        snapshots.READ.replace("WHERE c.number = %(number)s", "WHERE c.number = ANY(%(numbers)s)"),
        {"numbers": numbers},
    )
    return frozenset(case.number for case in map(snapshots.snapshot, rows) if can_see(case, by))
