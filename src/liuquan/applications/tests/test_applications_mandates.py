"""Who may decide what, up to which amount: by act, by button, by page and by API (CASE-11)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as cases
from liuquan.journal import queries as journal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.organisation import queries as offices
from liuquan.organisation.types import Actor
from liuquan.testing.browsers import SetNow
from liuquan.testing.cast import ITEMS, Cast

#: acts of staff under a mandate, whose mandates, and a state in which each may be taken
ACTS = [
    ("accept", "clerk", "received"),
    ("complete_step", "examiner", "examining"),
    ("grant", "approver", "deciding"),
    ("refuse", "approver", "deciding"),
    ("extend", "head", "deciding"),
]


def at(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, day, hour - 8, tzinfo=UTC)


def in_state(cast: Cast, state: str) -> str:
    make = {"received": cast.applies, "examining": cast.accepted, "deciding": cast.examined}[state]
    number: str = make("device", at=at(2))
    return number


def data_of(cast: Cast, action: str) -> dict[str, object]:
    decided = cast.decision("device")
    return {
        "accept": {"materials": cast.materials("device")},
        "complete_step": {"result": "agree", "opinion": "材料齐全，符合要求"},
        "extend": {"days": 5, "reason": "需要向厂家核实"},
    }.get(action, decided)


def acts(number: str) -> list[str]:
    """The acts on the case, without the readings that are in the same record."""
    reads = journal.reading_events()
    return [entry.event for entry in journal.entries_of(number) if entry.event not in reads]


def take_mandates(post_code: str) -> None:
    """End all mandates of this post before today, as if they had never been granted."""
    sql.run(
        "UPDATE mandate SET to_on = from_on WHERE post_id = (SELECT id FROM post WHERE code = %(code)s)",
        {"code": post_code},
    )


@pytest.mark.requirement("CASE-11")
@pytest.mark.parametrize(("action", "who", "state"), ACTS)
def test_a_post_without_the_mandate_is_refused_by_act_button_page_and_api(
    city_db: str, cast: Cast, set_now: SetNow, action: str, who: str, state: str
) -> None:
    set_now(at(3))
    number = in_state(cast, state)
    may = cast.staff(who)
    assert action in {o.action for o in cases.offers(cases.read(number), by=may, now=at(3))}
    take_mandates(may.post_code)
    may_not = Cast().staff(who)
    assert (may_not.post_code, may_not.mandates) == (may.post_code, ())
    before = acts(number)

    with pytest.raises(NotAllowed, match="没有.*授权"):
        casework_actions.perform(number, action, by=may_not, now=at(3), data=data_of(cast, action))
    assert cases.offers(cases.read(number), by=may_not, now=at(3)) == []
    client, address = cast.client(who), reverse("desk-act", args=[number, action])
    assert client.get(address).status_code == 403
    assert client.post(address, data_of(cast, action) | {"confirm": "1"}).status_code == 403
    assert address not in client.get(reverse("desk-case", args=[number])).content.decode()
    path = f"/api/v1/cases/{number}/actions/{action}"
    answer = client.post(path, json.dumps(data_of(cast, action)), "application/json")
    assert (answer.status_code, "授权" in answer.json()["detail"]) == (403, True)
    assert client.get(f"/api/v1/cases/{number}").json()["offers"] == []

    assert (cases.read(number).state, acts(number)) == (state, before)


@pytest.mark.requirement("CASE-11")
def test_the_window_takes_nothing_in_without_the_mandate(city_db: str, cast: Cast, set_now: SetNow) -> None:
    set_now(at(3))
    take_mandates(cast.clerk.post_code)
    before = sql.run("SELECT count(*) AS n FROM casework_case")
    with pytest.raises(NotAllowed, match="没有.*授权"):
        cast.applies("device", at=at(3), by=Cast().clerk)
    assert sql.run("SELECT count(*) AS n FROM casework_case") == before


# --- amounts ------------------------------------------------------------------------------------------------


def rewarded(cast: Cast, amount: object, by: Actor, number: str = "") -> str:
    """A reward decided at this amount; its post may go to 5000 yuan."""
    number = number or cast.examined("reward", at=at(2))
    data = {**cast.decision("reward"), "amount": amount}
    casework_actions.perform(number, "grant", by=by, now=at(4), data=data)
    return number


@pytest.mark.requirement("CASE-11")
def test_the_engine_holds_a_mandate_to_its_amount(city_db: str, cast: Cast) -> None:
    number = cast.examined("reward", at=at(2))
    entries = len(journal.entries_of(number))
    for amount in ("5000.01", "6000"):
        with pytest.raises(NotAllowed, match="以5000.00元为限，本次.*超出授权"):
            rewarded(cast, amount, cast.examiner, number)
    assert (cases.read(number).state, len(journal.entries_of(number))) == ("deciding", entries)
    offered = {o.action: o for o in cases.offers(cases.read(number), by=cast.examiner, now=at(4))}
    assert [f.label for f in offered["grant"].fields if f.kind == "amount"] == ["奖励金额"]

    rewarded(cast, "6000", cast.head, number)  # the head's mandate has no limit
    assert journal.entries_of(number)[-1].public["amount_fen"] == 6000_00
    assert rewarded(cast, "5000", cast.examiner)


@pytest.mark.requirement("CASE-11")
def test_page_and_api_hold_a_mandate_to_its_amount(city_db: str, cast: Cast, set_now: SetNow) -> None:
    set_now(at(4))
    number = cast.examined("reward", at=at(2))
    client, data = cast.client("examiner"), {**cast.decision("reward"), "amount": "5000.01"}
    form = reverse("desk-act", args=[number, "grant"])
    page = client.get(form).content.decode()
    assert "奖励金额" in page
    refused = client.post(form, {**data, "confirmed": "1"})
    assert (refused.status_code, "超出授权" in refused.content.decode()) == (403, True)
    path = f"/api/v1/cases/{number}/actions/grant"
    answer = client.post(path, json.dumps(data), "application/json")
    assert (answer.status_code, "超出授权" in answer.json()["detail"]) == (403, True)
    assert cases.read(number).state == "deciding"
    assert client.post(form, data | {"amount": "4999.99", "confirmed": "1"}).status_code == 302
    assert cases.read(number).state == "granted"


@pytest.mark.parametrize("amount", ["", "0", "-5", "三千", "1.234", None])
def test_a_reward_is_granted_with_an_amount_or_not_at_all(city_db: str, cast: Cast, amount: object) -> None:
    number = cast.examined("reward", at=at(2))
    entries = len(journal.entries_of(number))
    with pytest.raises(BadInput) as refused:
        rewarded(cast, amount, cast.head, number)
    assert "奖励金额" in refused.value.fields["amount"]
    assert (cases.read(number).state, len(journal.entries_of(number))) == ("deciding", entries)


def test_an_item_without_an_amount_asks_for_none_and_takes_none(city_db: str, cast: Cast) -> None:
    number = cast.examined("device", at=at(2))
    offered = {o.action: o for o in cases.offers(cases.read(number), by=cast.approver, now=at(4))}
    assert [f for f in offered["grant"].fields if f.kind == "amount"] == []
    with pytest.raises(BadInput, match="不决定金额"):
        casework_actions.perform(
            number, "grant", by=cast.approver, now=at(4), data={**cast.decision("device"), "amount": "10"}
        )
    assert cases.read(number).state == "deciding"
    assert offices.authorisation_register(
        on=date(2026, 3, 4), item_code=ITEMS["reward"], action="application.grant"
    )
