"""Somebody becomes a party of a case that is under way: a bidder, an interested party, a new agent.

Cites: 行政许可法 第三十六条, 第四十七条
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from liuquan.casework.types import Act, Change, Effect, Given, PartyView
from liuquan.kernel.refusals import BadInput

#: the fact that says which of the named parties are registered; gathered for every act that adds one
REGISTERED: Final = "registered_parties"


@dataclass(frozen=True)
class AddParty(Effect):
    """The party whose number is given as `field` joins the case in this role, from the moment of the act.

    The entry has the number and the role, as `field` and `<field>_role`; the row's event declares both.
    """

    role: str
    field: str = "party"

    def check(self, act: Act) -> None:
        """Refuse (422): no number, one that is no UUID or nobody's, somebody who is a party already."""
        number = party_number(act.given, self.field)
        if number not in act.given.facts.get(REGISTERED, ()):
            raise refused(self.field, "没有找到这位当事人，请先登记其身份，再选择。")
        named = [numbered(act.given.data.get(one.field)) for one in act.row.of(AddParty)]
        if number in act.case.parties or named.count(number) > 1:
            raise refused(self.field, "这位当事人已经是本件的当事人，不需要再加入，请核对后重新选择。")

    def apply(self, change: Change) -> None:
        given = change.act.given
        number = party_number(given, self.field)
        change.joined.append(PartyView(number, self.role, given.now))
        change.public |= {self.field: number, f"{self.field}_role": self.role}


def numbered(value: Any) -> str:
    """The number of a party as it is written everywhere; empty if this is none."""
    try:
        return str(UUID(str(value).strip()))
    except ValueError:
        return ""


def party_number(given: Given, field: str) -> str:
    """The number given as this field. Refuses (422) none, and one that is no UUID."""
    value = given.data.get(field)
    if not str(value or "").strip():
        raise refused(field, "请选择当事人。")
    number = numbered(value)
    if not number:
        raise refused(field, "当事人的编号不对，请从列表中重新选择。")
    return number


def refused(field: str, sentence: str) -> BadInput:
    """The refusal with its sentence beside the field."""
    return BadInput(sentence, fields={field: sentence})
