"""The course of a case as staff see it: its stages, with the steps of the route and their branches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liuquan.casework.types import AssignmentView, Snapshot, Step
from liuquan.clock import shanghai_day, weekday_date
from liuquan.kinds import queries as kinds

_STATES = {"open": "current", "done": "done"}


@dataclass(frozen=True)
class StepRow:
    """One step of the route, or work given to a post chosen at run time: its post, its state, its result."""

    name: str
    post: str
    state: str  #: done, current, todo
    word: str
    result: str
    kind: str = ""
    officers: int = 1
    limit: str = ""
    task: str = ""
    standard: str = ""


@dataclass(frozen=True)
class Stage:
    """Steps shown side by side: several are parallel branches that the next stage waits for."""

    label: str
    state: str  #: done, current, todo, skipped
    note: str
    steps: tuple[StepRow, ...] = ()


def stages(snapshot: Snapshot, post_names: Mapping[str, str]) -> list[Stage]:
    """The whole course of a case; where its kind has a route, its steps, parallel branches as one stage."""
    ended = snapshot.closed_at is not None
    results = kinds.kind_of(snapshot).results
    found = []
    for row in kinds.progress(snapshot):
        if row.stage.is_route:
            levels = _levels(snapshot.terms.steps)
            found += [_stage(level, snapshot, post_names, results, ended=ended) for level in levels]
        else:
            said = row.stage.staff_notes.get(snapshot.state, row.note) if row.note else ""
            note = said or (weekday_date(shanghai_day(row.ended_at)) if row.ended_at else "")
            found.append(Stage(row.stage.staff_label or row.stage.label, row.state, note))
    return found


def chosen_steps(snapshot: Snapshot, post_names: Mapping[str, str]) -> list[StepRow]:
    """The work that was given to posts chosen when it was given, oldest first, a row for each time."""
    results = kinds.kind_of(snapshot).results
    return [
        StepRow(
            name=snapshot.step_name(one) or one.step,
            post=post_names.get(one.post_code, one.post_code),
            state=_STATES.get(one.state, "todo"),
            word=_word(one, 1),
            result=results.get(one.result, ""),
        )
        for one in sorted(snapshot.assignments, key=lambda one: one.id)
        if snapshot.step(one.step) is None
    ]


def _levels(steps: tuple[Step, ...]) -> list[list[Step]]:
    """Steps by how many must come before them; the route is free of cycles (checked at publication)."""
    depth: dict[str, int] = {}
    waiting = list(steps)
    while waiting:
        ready = [one for one in waiting if set(one.after) <= depth.keys()]
        if not ready:
            break
        for one in ready:
            depth[one.key] = 1 + max((depth[key] for key in one.after), default=-1)
        waiting = [one for one in waiting if one.key not in depth]
    levels: list[list[Step]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for one in steps:
        if one.key in depth:
            levels[depth[one.key]].append(one)
    return levels


def _stage(
    level: list[Step],
    s: Snapshot,
    post_names: Mapping[str, str],
    results: Mapping[str, str],
    *,
    ended: bool,
) -> Stage:
    rows = tuple(_step_row(step, s, post_names, results) for step in level)
    states = {row.state for row in rows}
    state = "done" if states == {"done"} else "current" if "current" in states or "done" in states else "todo"
    if ended and state != "done":
        state = "skipped"
    done = sum(row.state == "done" for row in rows)
    note = f"{done}/{len(rows)} 已完成" if len(rows) > 1 else ""
    return Stage("、".join(row.name for row in rows), state, note, rows)


def _step_row(step: Step, s: Snapshot, post_names: Mapping[str, str], results: Mapping[str, str]) -> StepRow:
    mine = [a for a in s.assignments if a.step == step.key]
    last = max(mine, key=lambda a: a.id, default=None)
    state = "todo" if last is None else _STATES.get(last.state, "todo")
    return StepRow(
        name=step.name,
        kind=step.kind.label,
        post=post_names.get(step.post_code, step.post_code),
        officers=step.officers,
        limit=step.limit.text if step.limit else "",
        state=state,
        word=_word(last, len(mine)),
        result=results.get(last.result, "") if last else "",
        task=step.task,
        standard=step.standard,
    )


def _word(last: AssignmentView | None, times: int) -> str:
    if last is None:
        return "未开始"
    if last.state == "open":
        again = "（退回重办）" if times > 1 else ""
        return f"办理中，{weekday_date(shanghai_day(last.opened_at))}开始{again}"
    if last.state == "done" and last.done_at:
        return f"{weekday_date(shanghai_day(last.done_at))}完成"
    return "已终止"
