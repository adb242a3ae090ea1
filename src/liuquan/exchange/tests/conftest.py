"""The hotline in the demo's city, as far as other systems see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from liuquan.casework import actions as casework
from liuquan.hotline import actions
from liuquan.hotline.types import Inlet, NewTicket, RequestKind
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties
from liuquan.testing.cast import Cast

#: Monday, 2 March 2026, 10:00 in Shanghai
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CITY_MANAGEMENT = "11990100MB9901083F"
LOGINS = {
    "operator": "rexiaojie",
    "dispatcher": "rexiaopai",
    "second": "rexiaofang",
    "contact": "chengxiaore",
}


@dataclass
class Hotline:
    """The hotline with its people: `hotline.operator`, `hotline.contact` of the city management."""

    cast: Cast

    def __getattr__(self, who: str) -> Actor:
        if who not in LOGINS:
            raise AttributeError(who)
        return self.cast.staff(LOGINS[who], on=date(2026, 3, 2))

    def act(self, number: str, action: str, by: Actor, **data: object) -> None:
        casework.perform(number, action, by=by, now=MONDAY, data=data)

    def registered(self, **changed: object) -> str:
        """The number of a request registered by the operator."""
        caller = parties.register_caller(name="李云溪", phone="19900000001", by=self.operator, now=MONDAY)
        new = NewTicket(
            request_kind=RequestKind.COMPLAINT,
            class_code="0103",
            text="溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。",
            inlet=Inlet.PHONE,
            division="990102001000",
            place="溪畔大道30号门前",
            requester=caller.number,
        )
        asked = replace(new, **changed)  # type: ignore[arg-type]
        return actions.register(asked, by=self.operator, now=MONDAY).number

    def dispatched(self) -> str:
        """The number of a request dispatched to the city management."""
        number = self.registered()
        self.act(number, "dispatch", self.dispatcher, body=CITY_MANAGEMENT, limit="complaint")
        return number

    def answered(self) -> str:
        """The number of a request that the city management answered."""
        number = self.dispatched()
        self.act(number, "sign", self.contact)
        self.act(number, "answer", self.contact, reply="已更换灯具。", fixed="fixed", contact="phone")
        return number


@pytest.fixture
def hotline(city_db: str, cast: Cast) -> Hotline:
    return Hotline(cast)
