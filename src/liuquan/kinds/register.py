"""The register of kinds, and what does not fit together in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from string import Formatter

from liuquan.casework.effects import Mark
from liuquan.kinds.types import CaseKind

KINDS: dict[str, CaseKind] = {}
#: what a message to a party may say beside its own words: no name, no number but that of the case
MESSAGE_SLOTS = frozenset({"number", "state", "next_step", "due"})


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
    given = {mark.outcome for row in procedure.rows for mark in row.of(Mark) if mark.outcome}
    if unnamed := given - kind.outcomes.keys():
        yield f"has no word for the outcomes {sorted(unnamed)}"
    actions = {row.action for row in procedure.rows}
    if stray := kind.holder_pages.keys() - actions:
        yield f"pages for the holder of the slip name unknown acts {sorted(stray)}"
    events = {row.event for row in (procedure.creation, *procedure.rows)}
    if stray := kind.message_templates.keys() - events:
        yield f"tells the party of events that no row enters {sorted(stray)}"
    for event, template in kind.message_templates.items():
        slots = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        if stray := slots - MESSAGE_SLOTS:
            yield f"the message of {event} has unknown slots {sorted(stray)}"
        if "number" not in slots:
            yield f"the message of {event} does not say the number of the case"
