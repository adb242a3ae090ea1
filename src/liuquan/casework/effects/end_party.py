"""Somebody is no longer a party of a case that goes on: a bid withdrawn, an agent dismissed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from liuquan.casework.effects.add_party import AddParty, party_number, refused
from liuquan.casework.types import Act, Change, Effect, Given
from liuquan.kernel.refusals import WrongState


@dataclass(frozen=True)
class EndParty(Effect):
    """The party whose number is given as `field` leaves at the moment of the act; if its row asks a party for
    no number, the one who acts. `roles`: who can leave by this act; nobody named: any party.

    The entry has the number and the role, as `field` and `<field>_role`; the row's event declares both.
    """

    field: str = "party"
    roles: tuple[str, ...] = ()

    def can(self, act: Act) -> None:
        """Refuse (409) if the case would be left without a party, and if nobody with such a role is there."""
        row, parties = act.row, act.case.parties
        if len(parties) + len(row.of(AddParty)) <= len(row.of(EndParty)):
            raise WrongState("这是本件唯一的当事人，不能退出；不再需要办理的，请办理撤回或者终结本件。")
        if self.roles and not set(self.roles) & set(parties.values()):
            raise WrongState(f"本件没有可以办理“{row.label}”的当事人，请刷新页面查看现有的当事人。")

    def check(self, act: Act) -> None:
        """Refuse (422): no number, one that is no UUID, somebody who is no party of the case with such a
        role."""
        role = act.case.parties.get(_number(act.given, self.field))
        if role is None or (self.roles and role not in self.roles):
            raise refused(self.field, "本件没有这位可以退出的当事人，请从现有的当事人中选择。")

    def apply(self, change: Change) -> None:
        case, given = change.act.case, change.act.given
        number = _number(given, self.field)
        view = next((one for one in case.parties_ever if (one.number, one.to_at) == (number, None)), None)
        if view is None:
            raise LookupError(f"{number} is no party of {case.number}")
        change.left.append(replace(view, to_at=given.now))
        change.public |= {self.field: number, f"{self.field}_role": view.role}


def _number(given: Given, field: str) -> str:
    if field not in given.data and given.by.kind == "party":
        return given.by.party_number
    return party_number(given, field)
