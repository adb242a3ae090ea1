"""The parent and the children of a case."""

from __future__ import annotations

from liuquan.casework import registry, snapshots
from liuquan.casework.queries.reading import can_see
from liuquan.casework.types import ChildView, Family, Relative, Snapshot
from liuquan.kernel import sql
from liuquan.organisation.types import Actor


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


def _relative(child: ChildView, may_open: bool) -> Relative:
    procedure = registry.procedure(child.kind, child.procedure_version)
    state = procedure.state(child.state)
    return Relative(child.number, may_open, procedure.label, state.label, child.is_closed)


def _seen(numbers: list[str], by: Actor) -> frozenset[str]:
    """Which of these cases the actor may see, in one query."""
    rows = sql.run(
        snapshots.READ.replace("WHERE c.number = %(number)s", "WHERE c.number = ANY(%(numbers)s)"),
        {"numbers": numbers},
    )
    return frozenset(case.number for case in map(snapshots.snapshot, rows) if can_see(case, by))
