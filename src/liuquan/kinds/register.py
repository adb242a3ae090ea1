"""The register of kinds, and what does not fit together in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from liuquan.kinds.types import CaseKind

KINDS: dict[str, CaseKind] = {}


def problems(kind: CaseKind) -> Iterator[str]:
    """What is wrong with a kind beyond its procedure's own rows."""
    procedure = kind.procedure
    named = {notice: row.action for row in (procedure.creation, *procedure.rows) for notice in row.papers}
    for notice, action in named.items():
        if kind.paper(notice) is None:
            yield f"row {action} issues the paper {notice}, which the kind does not write"
    for paper in kind.papers:
        if paper.kind not in named:
            yield f"no row issues the paper {paper.kind}"
    for name, times in Counter(paper.kind for paper in kind.papers).items():
        if times > 1:
            yield f"the paper {name} is written twice"
    for state in procedure.states:
        if not state.closed and state.key not in kind.turns:
            yield f"says not what is to be done in the state {state.key}"
    placed = {state for stage in kind.stages for state in (*stage.states, *stage.done_in)}
    if stray := placed - {state.key for state in procedure.states}:
        yield f"stages name unknown states {sorted(stray)}"
    for state in procedure.states:
        if not state.closed and state.key not in placed:
            yield f"no stage is in progress in the state {state.key}"
    actions = {row.action for row in procedure.rows}
    if stray := kind.holder_pages.keys() - actions:
        yield f"pages for the holder of the slip name unknown acts {sorted(stray)}"
