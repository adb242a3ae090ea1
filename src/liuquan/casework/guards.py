"""What a step of a route requires before it may be completed, in any procedure."""

from __future__ import annotations

from liuquan.casework.types import AssignmentView, Given, Snapshot, StepKind
from liuquan.kernel.refusals import BadInput, WrongState


def check_officers(given: Given, assignment: AssignmentView) -> None:
    """Refuse to complete a step that needs more officers than signed. Cites: 行政许可法 第三十四条."""
    step = given.snapshot.step(assignment.step)
    second = given.facts.get("second_officer")
    if step is not None and step.officers > 1 and second in (None, given.by.staff_id):
        raise BadInput(
            "现场核查应当由两名以上工作人员进行，请选择本单位另一名在岗的核查人员；"
            "本人、今天不在岗的人员和决定岗位的人员不能作另一名核查人员。",
            citation="行政许可法 第三十四条",
            fields={"second_officer": "请选择另一名在岗的核查人员。"},
        )


def check_experts(snapshot: Snapshot, assignment: AssignmentView) -> None:
    """Refuse to complete an expert review that was not notified in writing and ended. Cites: 行政许可法
    第四十五条."""
    if awaits_experts(snapshot, assignment):
        raise WrongState(
            "专家评审须先书面告知申请人所需时间，并在评审结束后登记，请先办理“启动特别程序”。",
            citation="行政许可法 第四十五条",
        )


def awaits_experts(snapshot: Snapshot, assignment: AssignmentView) -> bool:
    """Whether the step is an expert review that has not been held yet."""
    step = snapshot.step(assignment.step)
    held = any(s.ground == StepKind.EXPERT_REVIEW and s.to_on for s in snapshot.suspensions)
    return step is not None and step.kind is StepKind.EXPERT_REVIEW and not held
