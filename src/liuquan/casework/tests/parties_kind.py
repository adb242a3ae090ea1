"""A case kind for tests whose parties change: a tender that bidders join late and leave, and that an
interested party may object to. A bidder does not see what the others do.

Cites: 招标投标法 第二十二条, 第二十九条
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from liuquan.casework import actions, registry
from liuquan.casework.effects import AddParty, EndParty, Mark
from liuquan.casework.events import OF_A_PARTY, OF_THE_ENGINE
from liuquan.casework.types import (
    Field,
    FieldKind,
    Given,
    NewCase,
    Procedure,
    Snapshot,
    State,
    Terms,
    Transition,
    Who,
)
from liuquan.journal.events import declare
from liuquan.journal.types import Entry, Event
from liuquan.organisation.types import Actor, MandateTerm
from liuquan.parties import actions as registering

BODY = "11990100MB9901024C"
NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
#: fictional people: name, identity number
PEOPLE = (
    ("李云溪", "990101199003076548"),
    ("王溪畔", "990101198808126536"),
    ("赵远客", "990101197505206518"),
    ("钱远山", "990101198505056518"),
)
_NEW_AGENT = frozenset({"new", "new_role", "old", "old_role"})
_PUBLIC = OF_THE_ENGINE | OF_A_PARTY | _NEW_AGENT | {"item", "channel"}


def own(given: Given) -> dict[str, Any]:
    """Whose act it was: what the rule of sight asks for."""
    return {"party": given.by.party_number}


def may_see(case: Snapshot, party: str, entry: Entry) -> bool:
    """A bidder sees what is nobody's, and what is its own; everybody else sees all."""
    return case.parties.get(party) != "bidder" or entry.public.get("party") in (None, party)


def _row(action: str, sources: tuple[str, ...], target: str | None, **more: Any) -> Transition:
    event = f"tender.{action}"
    declare(Event(event, action, action, _PUBLIC, frozenset({"staff"})))
    return Transition(
        action=action,
        label=action,
        sources=sources,
        target=target,
        event=event,
        **{"who": (Who.POST,), **more},
    )


_PARTY = Field("party", "当事人", required=False)
_BIDDER = {"who": (Who.PARTY,), "parties": ("bidder",)}
PROCEDURE = Procedure(
    kind="tender", version=1, label="招标", in_force=date(2026, 1, 1),
    states=(State("open", "招标中"), State("closed", "已结束", holder="nobody", closed=True)),
    rows=(
        _row("join", ("open",), None, effects=(AddParty("bidder"),), fields=(_PARTY,)),
        _row("admit", ("open",), None, effects=(AddParty("interested_party"),), fields=(_PARTY,)),
        _row("join_both", ("open",), None, effects=(AddParty("bidder"), AddParty("agent", "new")),
             fields=(_PARTY, Field("new", "代理人"))),
        _row("drop", ("open",), None, effects=(EndParty(),), fields=(_PARTY,)),
        _row("exclude", ("open",), None, effects=(EndParty(roles=("bidder",)),), fields=(_PARTY,)),
        _row("change_agent", ("open",), None,
             effects=(AddParty("agent", "new"), EndParty("old", ("agent",))),
             fields=(Field("new", "新代理人"), Field("old", "原代理人"))),
        _row("bid", ("open",), None, **_BIDDER, public=own,
             fields=(Field("copies", "标书", FieldKind.FILES, required=False),)),
        _row("withdraw_bid", ("open",), None, **_BIDDER, effects=(EndParty(),)),
        _row("object", ("open",), None, who=(Who.PARTY,), parties=("interested_party",), public=own),
        _row("ask", ("open",), None, who=(Who.PARTY,)),
        _row("close", ("open",), "closed", effects=(Mark("closed"),)),
    ),
    initial="open",
    creation=_row("begin", (), "open"),
    may_see=may_see,
)  # fmt: skip


def registered() -> Procedure:
    """Register the kind; registering it twice is the same."""
    registry.register(PROCEDURE)
    return PROCEDURE


def officer() -> Actor:
    """A post mandated for every act of the kind."""
    acts = frozenset(f"tender.{row.action}" for row in (PROCEDURE.creation, *PROCEDURE.rows))
    return Actor(
        kind="staff",
        staff_id=1,
        post_code="P-1",
        post_name="招标岗",
        body_code=BODY,
        mandates=(MandateTerm(acts, ("*",), BODY),),
    )


def people() -> list[str]:
    """Everybody registered; their numbers."""
    return [
        registering.register_person(
            name=name, id_number=number, phone="", by=officer(), now=NOW, seen=True
        ).number
        for name, number in PEOPLE
    ]


def begun(parties: dict[str, str], now: datetime = NOW) -> str:
    """A tender with these parties, received now; its number."""
    new = NewCase(
        kind="tender",
        number=actions.next_number(kind="tender", now=now),
        terms=Terms("tender", "招标", BODY, {}),
        subject_version="1",
        division_path="r990000.r990100",
        parties=parties,
        bodies={BODY: "lead"},
    )
    return actions.create(new, by=officer(), now=now).number


def act(number: str, action: str, now: datetime = NOW, *, by: Actor | None = None, **data: Any) -> None:
    """Carry out an act, as the officer unless somebody else is named."""
    actions.perform(number, action, by=by or officer(), now=now, data=data)
