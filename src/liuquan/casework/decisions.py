"""What an act changes on a case that allows it: its effects, applied one after the other. Pure.

Cites: 行政许可法 第三十二条, 第四十五条, 第五十条
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from liuquan.casework import clocks
from liuquan.casework.effects.resume import ended_on
from liuquan.casework.types import Act, Change, DeadlineChange, Decision, NewDeadline, Running
from liuquan.kernel.refusals import WrongState


def decision_of(act: Act) -> Decision:
    """What the act changes. Whether it is allowed was checked before and is not checked again."""
    change = Change(act, _effective_at(act), suspensions=act.case.suspensions)
    for effect in act.row.effects:
        effect.apply(change)
    if change.closes:
        _close(change)
    for effect in act.row.effects:
        effect.count(change)
    return _decision(change)


def _decision(change: Change) -> Decision:
    """All that the effects changed, as one value."""
    act = change.act
    ends = act.case.open_assignments if change.closes else ()
    cancelled = {a.id for a in ends} | change.taken_back
    return Decision(
        row=act.row,
        from_state=act.case.state,
        to_state=change.to_state,
        effective_at=change.effective_at,
        public=_public(change),
        private=act.row.private(act.given) if act.row.private else {},
        new_deadlines=tuple(change.started),
        deadline_changes=tuple(change.clocks[d.id] for d in act.case.deadlines if d.id in change.clocks),
        new_steps=change.steps,
        done_assignments=change.done,
        cancelled_assignments=tuple(
            a.id for a in act.case.open_assignments if a.id in cancelled and a.id not in change.done
        ),
        step_result=change.step_result,
        second_by=change.second_by,
        new_suspension=change.begun,
        ended_suspensions=change.ended,
        corrected=change.corrected,
        marks=change.marks,
        outcome=change.outcome,
        new_parties=tuple(change.joined),
        ended_parties=tuple(change.left),
        body_from=act.case.body_code if change.body_to else "",
        body_to=change.body_to,
        body_keeps=change.body_keeps,
        assigned=tuple(change.assigned),
        closing=change.closing,
    )


def _effective_at(act: Act) -> datetime:
    if act.row.effective == "now":
        return act.given.now
    step = act.assignment.step if act.assignment else ""
    clock = act.case.deadline(act.row.effective, step, str(act.given.data.get("part", "")))
    if clock is None:
        raise WrongState("对应的期限已经终止，不再产生法定效果。")
    # 行政许可法 第三十二条: accepted as of the receipt, not as of the day the silence was noticed;
    # 第五十条: renewed when the limit ended.
    return clock.anchor_at if act.row.effective_from == "start" else clock.due_at


def _close(change: Change) -> None:
    """With the case end its suspensions and, unless they are kept, its clocks."""
    given = change.act.given
    if change.begun is None:
        change.end(ended_on(one, given) for one in change.act.case.open_suspensions)
    for view in change.open_clocks():
        if view.key not in change.kept:
            change.clocks[view.id] = clocks.stopped(view, Running.CANCELLED, given.now)


def _public(change: Change) -> dict[str, Any]:
    """The public part of the entry: the row's own values, the step, and the last days the act set."""
    act = change.act
    public: dict[str, Any] = dict(act.row.public(act.given)) if act.row.public else {}
    if act.assignment is not None:
        public["step"] = act.assignment.step
        public["step_name"] = act.case.step_name(act.assignment) or act.assignment.step
    moved = [(view, change.clocks[view.id]) for view in act.case.deadlines if view.id in change.clocks]
    going = [(view.name, one) for view, one in moved if one.state in (Running.RUNNING, Running.PAUSED)]
    told: list[tuple[str, NewDeadline | DeadlineChange]] = [(one.name, one) for one in change.started]
    told += going
    if told:
        public["due"] = {name: one.due_on.isoformat() for name, one in told}
    if unsure := sorted({name for name, one in told if one.provisional}):
        public["provisional"] = unsure
    return public | change.public
