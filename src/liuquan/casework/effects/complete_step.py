"""A step of the route is done: who has to sign, what must have been held, what opens next.

Cites: 行政许可法 第三十四条, 第四十五条
"""

from __future__ import annotations

from dataclasses import dataclass

from liuquan.casework import clocks
from liuquan.casework.effects.open_route import done_steps, go_on, start_steps, taken_back_steps
from liuquan.casework.effects.stop import stop
from liuquan.casework.types import Act, AssignmentView, Change, Effect, Snapshot, StepKind
from liuquan.kernel.refusals import BadInput, WrongState


@dataclass(frozen=True)
class CompleteStep(Effect):
    """Completes the step whose assignment the actor holds, stops its clock, and opens what comes next.
    `result`: of the step, if nobody acted on it; else it is among the values of the act."""

    result: str = ""

    def can(self, act: Act) -> None:
        """Refuse (409) to complete an expert review that was not notified in writing and ended."""
        if act.assignment is not None and act.given.by.kind != "system":
            check_experts(act.case, act.assignment)

    def check(self, act: Act) -> None:
        """Refuse (422) a step that needs more officers than signed."""
        step = act.case.step(act.assignment.step) if act.assignment else None
        second = act.given.facts.get("second_officer")
        if step is not None and step.officers > 1 and second in (None, act.given.by.staff_id):
            raise BadInput(
                "现场核查应当由两名以上工作人员进行，请选择本单位另一名在岗的核查人员；"
                "本人、今天不在岗的人员和决定岗位的人员不能作另一名核查人员。",
                citation="行政许可法 第三十四条",
                fields={"second_officer": "请选择另一名在岗的核查人员。"},
            )

    def apply(self, change: Change) -> None:
        act = change.act
        change.step_result = self.result or str(act.given.data.get("result", ""))
        change.second_by = act.given.facts.get("second_officer")
        if act.assignment is None:
            return
        mine = act.assignment.step
        change.done = (act.assignment.id,)
        stop(change, clocks.STEP, mine)
        listed = act.case.assignments
        open_now = {a.step for a in act.case.open_assignments} - {mine}
        go_on(change, done_steps(listed) | {mine}, open_now | taken_back_steps(listed))
        if act.case.step(mine) is None:
            change.steps = ()  # a step beside the route opens nothing on it

    def count(self, change: Change) -> None:
        start_steps(change)


def check_experts(case: Snapshot, assignment: AssignmentView) -> None:
    """Refuse (409) to complete an expert review that was not notified in writing and ended."""
    if awaits_experts(case, assignment):
        raise WrongState(
            "专家评审须先书面告知申请人所需时间，并在评审结束后登记，请先办理“启动特别程序”。",
            citation="行政许可法 第四十五条",
        )


def awaits_experts(case: Snapshot, assignment: AssignmentView) -> bool:
    """Whether the step is an expert review that has not been held yet."""
    step = case.step(assignment.step)
    held = any(s.ground == StepKind.EXPERT_REVIEW and s.to_on for s in case.suspensions)
    return step is not None and step.kind is StepKind.EXPERT_REVIEW and not held
