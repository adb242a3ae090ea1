"""The people of the hotline in the demo's city, and a request of theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.types import Outcome, Snapshot
from liuquan.hotline import actions, queries
from liuquan.hotline.types import Inlet, NewTicket, RequestKind
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties
from liuquan.testing.cast import Cast

#: Monday, 2 March 2026, 10:00 in Shanghai
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CITY_MANAGEMENT, HOUSING, TOWN = "11990100MB9901083F", "11990100MB99010327", "11990121MB9901091P"
LOGINS = {
    "operator": "rexiaojie",
    "dispatcher": "rexiaopai",
    "caller_back": "rexiaofang",
    "contact": "chengxiaore",
    "housing": "jianxiaore",
    "market": "shixiaore",
    "town": "taoxiaore",
}


@dataclass
class Hotline:
    """The hotline with its people: `hotline.operator`, `hotline.contact` of the city management …"""

    cast: Cast

    def __getattr__(self, who: str) -> Actor:
        if who not in LOGINS:
            raise AttributeError(who)
        return self.cast.staff(LOGINS[who], on=date(2026, 3, 2))

    def caller(self, *, at: datetime = MONDAY, name: str = "李云溪", phone: str = "19900000001") -> str:
        return str(parties.register_caller(name=name, phone=phone, by=self.operator, now=at).number)

    def request(self, *, at: datetime = MONDAY, **changed: object) -> NewTicket:
        new = NewTicket(
            request_kind=RequestKind.COMPLAINT,
            class_code="0103",
            text="溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。",
            inlet=Inlet.PHONE,
            division="990102001000",
            title="路灯不亮",
            place="溪畔大道30号门前",
            requester=self.caller(at=at),
        )
        return replace(new, **changed)  # type: ignore[arg-type]

    def registered(self, *, at: datetime = MONDAY, **changed: object) -> str:
        """The number of a request registered by the operator."""
        return actions.register(self.request(at=at, **changed), by=self.operator, now=at).number

    def act(self, number: str, action: str, by: Actor, at: datetime = MONDAY, **data: object) -> Outcome:
        return casework.perform(number, action, by=by, now=at, data=data)

    def dispatched(self, *, at: datetime = MONDAY, **changed: object) -> str:
        """The number of a request dispatched to the city management."""
        number = self.registered(at=at, **changed)
        self.act(number, "dispatch", self.dispatcher, at, body=CITY_MANAGEMENT, limit="complaint")
        return number

    def answered(self, *, at: datetime = MONDAY, **changed: object) -> str:
        """The number of a request that the city management answered."""
        number = self.dispatched(at=at, **changed)
        self.act(number, "sign", self.contact, at)
        self.act(
            number,
            "answer",
            self.contact,
            at,
            reply="已更换灯具，今晚恢复照明。",
            fixed="fixed",
            contact="phone",
        )
        return number

    @staticmethod
    def read(number: str) -> Snapshot:
        return cases.read(number)

    ticket = staticmethod(queries.ticket)


@pytest.fixture
def hotline(city_db: str, cast: Cast) -> Hotline:
    return Hotline(cast)
