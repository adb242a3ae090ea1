"""Guards that any procedure with a route may name in its rows. Each raises the refusal that says why not."""

from __future__ import annotations

from liuquan.casework.types import Given, StepKind
from liuquan.kernel.refusals import BadInput, WrongState


def needs_two_officers(given: Given) -> None:
    """A site check is made by two officers or more. Cites: 行政许可法 第三十四条."""
    wanted = given.data.get("assignment")
    for assignment in given.snapshot.open_assignments:
        step = given.snapshot.step(assignment.step)
        if (
            step is None
            or step.officers < 2
            or (wanted not in (None, "") and str(assignment.id) != str(wanted))
        ):
            continue
        if given.facts.get("second_officer") in (None, given.by.staff_id):
            raise BadInput(
                "现场核查应当由两名以上工作人员进行,请填写本单位另一名核查人员的工号。",
                citation="行政许可法 第三十四条", fields={"second_officer": "请填写另一名核查人员。"},
            )  # fmt: skip


def expert_review_was_held(given: Given) -> None:
    """An expert-review step is completed only after its special procedure was notified and has ended."""
    wanted = given.data.get("assignment")
    for assignment in given.snapshot.open_assignments:
        step = given.snapshot.step(assignment.step)
        if step is None or step.kind is not StepKind.EXPERT_REVIEW:
            continue
        if wanted not in (None, "") and str(assignment.id) != str(wanted):
            continue
        if not any(s.ground == "expert_review" and s.to_on for s in given.snapshot.suspensions):
            raise WrongState(
                "专家评审须先书面告知申请人所需时间并在评审结束后登记,请先办理“特别程序”。",
                citation="行政许可法 第四十五条",
            )
