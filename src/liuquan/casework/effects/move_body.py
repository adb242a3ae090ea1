"""A case is handed to another body, which handles it from then on.

Who sees it: the body that handed it on no longer sees the case, unless it has another part in it (it
cooperates, say). What its people did stays in the record, under their body and post; whoever examines that
does so under a supervising mandate, as for every other case. The division of the case stays, and with it who
supervises it. The terms stay what bound the case at its receipt: `terms.body_code` is the body that received
it. A decision that the terms give to a post of the former body is the head's of the new one.

Cites: 行政许可法 第二十三条, 个人信息保护法 第六条
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from liuquan.casework.effects.take_back import drop_clocks
from liuquan.casework.types import Act, AssignmentView, Change, Data, Effect, Snapshot, Who
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.organisation.types import Standing

STANDING = "standing"  #: the fact which of the named bodies and posts exist on the day of the act


@dataclass(frozen=True)
class MoveBody(Effect):
    """Makes the body whose code is in this field the lead body of the case, in place of the present one.

    Assignments in the hands of posts of the former body end undone, and with them the clocks of their steps.
    All other clocks go on, since they bind the case; the row stops those that shall not. `keeps`: the part in
    the case that the former body keeps, if any, such as `following`: it goes on seeing the case.
    """

    field: str = "body"
    keeps: str = ""

    @property
    def asks(self) -> tuple[str, ...]:
        return (self.field,)

    def codes(self, case: Snapshot, data: Data) -> Iterable[str]:
        return [named(data, self.field), *(a.post_code for a in case.open_assignments)]

    def can(self, act: Act) -> None:
        """Refuse (403) whoever only has a step of the case for another body: it is not theirs to hand on."""
        by = act.given.by
        if Who.ASSIGNEE in act.row.who and by.kind == "staff" and by.body_code != act.case.body_code:
            raise NotAllowed(f"“{act.row.label}”由承办本件的单位办理，您的单位只是协办，请办完自己的环节。")

    def check(self, act: Act) -> None:
        """Refuse (422): no body, one that does not exist on this day, the one that has the case."""
        code, existing = named(act.given.data, self.field), standing(act)
        if not code:
            sentence = "请选择把本件转给哪个单位。"
        elif code == act.case.body_code:
            sentence = "本件现在就由这个单位办理，请选择另一个单位。"
        elif existing is None or code not in existing.bodies:
            sentence = "没有这个单位，或者它今天已经撤销，请从现有的单位中选择。"
        else:
            return
        raise BadInput(sentence, fields={self.field: sentence})

    def apply(self, change: Change) -> None:
        act = change.act
        change.body_to = named(act.given.data, self.field)
        change.body_keeps = self.keeps
        change.public |= {"body": change.body_to, "body_from": act.case.body_code}

    def count(self, change: Change) -> None:
        act, case = change.act, change.act.case
        mine = [a for a in case.open_assignments if body_of(act, a) == case.body_code]
        gone = [a for a in mine if a.id not in change.done]
        change.taken_back |= {a.id for a in gone}
        drop_clocks(change, gone)
        if gone:
            told = change.public.get("taken_back", [])
            change.public["taken_back"] = sorted({*told, *(a.step for a in gone)})


def named(data: Data, field: str) -> str:
    """The code given in this field; empty if none was."""
    return str(data.get(field) or "").strip()


def standing(act: Act) -> Standing | None:
    """Which of the named bodies and posts exist on this day; nothing if nobody asked."""
    found: Standing | None = act.given.facts.get(STANDING)
    return found


def body_of(act: Act, assignment: AssignmentView) -> str:
    """The body in whose hands an assignment is; that of the case, if the post says nothing else."""
    existing, step = standing(act), act.case.step(assignment.step)
    home = existing.homes.get(assignment.post_code, "") if existing else ""
    return assignment.body_code or home or (step.body_code if step else "") or act.case.body_code
