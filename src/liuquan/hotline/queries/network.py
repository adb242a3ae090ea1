"""The network that handles requests: bodies by level, with the people who sign for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from liuquan.casework.types import Option, Snapshot
from liuquan.hotline import models
from liuquan.hotline.queries import catalogue
from liuquan.kernel.refusals import NotAllowed
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

#: level → its name
LEVELS: Final = {
    1: "热线中心",
    2: "县（市、区）和部门、公共服务企业",
    3: "乡镇、街道和所属单位",
    4: "村、社区和站点",
}
#: level of a division (1 province … 5 village) from which on a body belongs to the third and the fourth level
_TOWN, _VILLAGE = 4, 5
_SUBORDINATE: Final = "事业单位"  #: the nature of a unit that belongs to a department


@dataclass(frozen=True)
class Contact:
    """Who signs tickets for a body: the post, and who holds it today."""

    post_name: str
    holders: tuple[str, ...]


@dataclass(frozen=True)
class NetworkBody:
    """A body of the network. `phone`: the body's."""

    code: str
    name: str
    phone: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True)
class NetworkLevel:
    """A level, with its bodies; those without a named contact first."""

    number: int
    name: str
    bodies: Sequence[NetworkBody]

    @property
    def lacking(self) -> int:
        return sum(1 for one in self.bodies if not any(contact.holders for contact in one.contacts))


def _stations(on: date) -> list[NetworkBody]:
    """The posts that a body has in a village or a community, with who holds them."""
    villages = {one.code: one.name for one in organisation.divisions() if one.level >= _VILLAGE}
    holders = {line.post_code: line.holders for line in organisation.authorisation_register(on=on)}
    return [
        NetworkBody(
            post.code,
            f"{villages[post.division_code]}　{post.unit_name}".strip(),
            "",
            (Contact(post.name, holders.get(post.code, ())),),
        )
        for post in organisation.posts(on=on)
        if post.division_code in villages
    ]


def below(case: Snapshot, *, on: date) -> list[Option]:
    """The bodies below the one that has this ticket that may get it: those of the catalogue, with
    its reason, then those that are no grass-roots."""
    filed = models.Ticket.objects.filter(case_id=case.id).first()
    depths = {one.code: one.division_path.count(".") + 1 for one in organisation.bodies(on=on)}
    own = depths.get(case.body_code, 0)
    listed = catalogue.suggestions(filed.class_code, filed.division, on=on) if filed else ()
    first = [
        Option(one.body_code, one.body_name, one.reason) for one in listed if depths[one.body_code] > own
    ]
    known = {one.value for one in first}
    return first + [
        Option(one.code, one.name)
        for one in organisation.bodies(on=on)
        if own < depths[one.code] < _TOWN and one.code not in known
    ]


def network(by: Actor, *, on: date) -> list[NetworkLevel]:
    """The four levels as they stand on this day. Refuses (403) everybody but staff."""
    if by.kind != "staff":
        raise NotAllowed("承办网络供工作人员查看，请用工作人员账号登录。")
    centre = catalogue.centre()
    contacts: dict[str, list[Contact]] = {}
    for line in organisation.authorisation_register(on=on):
        if "ticket.sign" in line.term.actions or (
            line.term.body_code == centre and "ticket.dispatch" in line.term.actions
        ):
            listed = contacts.setdefault(line.term.body_code, [])
            contact = Contact(line.post_name, line.holders)
            if contact not in listed:
                listed.append(contact)
    found: dict[int, list[NetworkBody]] = {number: [] for number in LEVELS}
    found[4] += _stations(on)
    for body in organisation.bodies(on=on):
        depth = body.division_path.count(".") + 1
        level = 4 if depth >= _VILLAGE else 3 if depth >= _TOWN or body.nature == _SUBORDINATE else 2
        level = 1 if body.code == centre else level
        found[level].append(NetworkBody(body.code, body.name, body.phone, tuple(contacts.get(body.code, ()))))
    return [
        NetworkLevel(number, name, sorted(found[number], key=lambda one: bool(one.contacts)))
        for number, name in LEVELS.items()
    ]
