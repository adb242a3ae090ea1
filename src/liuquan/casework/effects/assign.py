"""Work is put into the hands of a post that is chosen when it is done, and handed on to another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from liuquan.casework.effects.complete_step import CompleteStep
from liuquan.casework.effects.move_body import MoveBody, body_of, named, standing
from liuquan.casework.effects.take_back import TakeBack, check_any
from liuquan.casework.types import Act, Change, Data, Effect, NewAssignment, Snapshot
from liuquan.kernel.refusals import BadInput, WrongState

#: bodies whose posts may get work: of these only, not those that merely look on
WORKING_ROLES = frozenset({"lead", "cooperating"})


@dataclass(frozen=True)
class Assign(Effect):
    """Puts a step into the hands of the post whose code is in this field, a post of the body that handles the
    case after the act or of a cooperating one.

    The terms need not know the step: `name` is what pages then call it. It has no clock of its own; the row
    starts one for the case, if there is to be one.
    """

    step: str
    name: str
    field: str = "post"

    @property
    def asks(self) -> tuple[str, ...]:
        return (self.field,)

    def codes(self, case: Snapshot, data: Data) -> Iterable[str]:
        return [named(data, self.field), *(a.post_code for a in case.open_assignments)]

    def can(self, act: Act) -> None:
        """Refuse (409) a step that is in somebody's hands and stays there."""
        row, mine = act.row, act.assignment is not None and act.assignment.step == self.step
        ends = bool(row.of(MoveBody)) or (mine and bool(row.of(TakeBack) or row.of(CompleteStep)))
        if not ends and any(a.step == self.step for a in act.case.open_assignments):
            raise self._taken()

    def check(self, act: Act) -> None:
        """Refuse (422) a post that cannot get the step; (409) if another body still has it."""
        check_post(act, self.field)
        ending = act.assignment.id if act.assignment else 0
        moves = bool(act.row.of(MoveBody))
        for one in act.case.open_assignments:
            stays = not moves or body_of(act, one) != act.case.body_code
            if one.step == self.step and one.id != ending and stays:
                raise self._taken()

    def apply(self, change: Change) -> None:
        assign(change, self.step, self.name, self.field)

    def _taken(self) -> WrongState:
        return WrongState(f"“{self.name}”已经交给一个岗位，请先收回或者改派。")


@dataclass(frozen=True)
class Reassign(Effect):
    """Hands the step that the act is about to the post whose code is in this field. The old assignment is
    cancelled and a new one opened; the clock of the step goes on."""

    disposes: ClassVar[bool] = True
    field: str = "post"

    @property
    def asks(self) -> tuple[str, ...]:
        return (self.field,)

    def codes(self, case: Snapshot, data: Data) -> Iterable[str]:
        return [named(data, self.field)]

    def can(self, act: Act) -> None:
        """Refuse (409) where no step is in anybody's hands."""
        check_any(act)

    def check(self, act: Act) -> None:
        """Refuse (422) a post that cannot get the step, and the one that has it."""
        check_post(act, self.field)
        if act.assignment and act.assignment.post_code == named(act.given.data, self.field):
            sentence = "这一环节现在就在这个岗位，请选择另一个岗位。"
            raise BadInput(sentence, fields={self.field: sentence})

    def apply(self, change: Change) -> None:
        mine = change.act.assignment
        if mine is not None:
            change.taken_back.add(mine.id)
            assign(change, mine.step, change.act.case.step_name(mine), self.field)


def check_post(act: Act, field: str) -> None:
    """Refuse (422) where no post is named, or one that does not exist on this day or is of a body that has no
    part in handling the case."""
    code, existing = named(act.given.data, field), standing(act)
    if not code:
        sentence = "请选择交给哪个岗位。"
    elif existing is None or code not in existing.posts:
        sentence = "没有这个岗位，或者它今天已经撤销，请从现有的岗位中选择。"
    elif existing.posts[code] not in _working(act):
        sentence = "这个岗位不属于承办或者协办本件的单位，请选择这些单位的岗位。"
    else:
        return
    raise BadInput(sentence, fields={field: sentence})


def assign(change: Change, step: str, name: str, field: str) -> None:
    """Put the step into the hands of the post given in the field."""
    act, existing = change.act, standing(change.act)
    post = named(act.given.data, field)
    body = existing.posts[post] if existing else ""
    before = next((a.id for a in act.case.open_assignments if a.step == step), None)
    change.assigned.append(NewAssignment(step, name, post, body, before))
    assigned = change.public.setdefault("assigned", {})
    assigned[step] = {"post": post, "body": body}


def _working(act: Act) -> set[str]:
    """The bodies whose posts may get work after the act."""
    moves = act.row.of(MoveBody)
    lead = named(act.given.data, moves[0].field) if moves else act.case.body_code
    roles = (role for role in act.case.roles if role.to_at is None and role.role in WORKING_ROLES)
    return {lead, *(role.body_code for role in roles if role.role != "lead")}
