"""Facts of the law that are no number: shown where the system keeps them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from liuquan.applications import actions
from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.casework.effects import Start
from liuquan.casework.registry import procedures
from liuquan.catalogue import queries as catalogue
from liuquan.clock import SHANGHAI
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.kernel.sql import run
from liuquan.supervision.rulebook import rulebook
from liuquan.supervision.types import Severity
from liuquan.testing.cast import ITEMS, Cast

SUNDAY_NIGHT = datetime(2026, 3, 8, 23, 30, tzinfo=SHANGHAI)
MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=SHANGHAI)


def cases() -> int:
    return len(run("SELECT 1 FROM casework_case"))


@pytest.mark.fact("T-15")
def test_what_is_filed_online_at_night_is_received_when_it_enters_the_system(
    city_db: str, cast: Cast
) -> None:
    number = cast.applies("food", at=SUNDAY_NIGHT, by=cast.applicant)
    assert casework.read(number).received_at == SUNDAY_NIGHT
    with pytest.raises(BadInput):
        actions.submit(
            item_code=ITEMS["food"], applicant=cast.applicant.party_number, by=cast.clerk, now=SUNDAY_NIGHT,
            received_at=MONDAY, channel="window",
        )  # fmt: skip
    assert cases() == 1


@pytest.mark.fact("L-26")
def test_one_window_takes_in_for_the_body_that_decides_and_gives_out(city_db: str, cast: Cast) -> None:
    number = cast.accepted("food", at=MONDAY)
    body = casework.read(number).body_code
    assert cast.clerk.body_code != body
    assert casework.read(number).state == "examining"
    cast.examines(number, at=MONDAY)
    casework_actions.perform(number, "grant", by=cast.approver, now=MONDAY, data=cast.decision("food"))
    assert cast.approver.body_code == body
    offered = casework.offers(casework.read(number), by=cast.clerk, now=MONDAY)
    assert "deliver" in {offer.action for offer in offered}


@pytest.mark.fact("B-03")
def test_whoever_applies_chooses_the_window_or_the_network_for_the_same_item(
    city_db: str, cast: Cast
) -> None:
    online = cast.applies("food", at=MONDAY, by=cast.applicant)
    at_window = cast.applies("food", at=MONDAY)
    assert casework.read(online).state == casework.read(at_window).state == "received"
    assert online != at_window


@pytest.mark.fact("B-04")
def test_what_is_not_in_the_published_list_cannot_be_applied_for(city_db: str, cast: Cast) -> None:
    unknown = "11990100MB9901024C3990199999000"
    with pytest.raises(NotVisible):
        catalogue.terms(unknown, on=MONDAY.date())
    with pytest.raises(NotVisible):
        actions.submit(
            item_code=unknown, applicant=cast.applicant.party_number, by=cast.clerk, now=MONDAY,
            channel="window",
        )  # fmt: skip
    assert cases() == 0


@pytest.mark.fact("V-04")
def test_every_rule_says_what_it_watches_why_how_grave_and_what_is_owed() -> None:
    rules = rulebook()
    assert {one.severity for one in rules} == {Severity.YELLOW, Severity.RED}
    for one in rules:
        assert one.name
        assert one.sentence
        assert one.scope
        assert one.basis
        assert one.sql.upper().startswith("SELECT")
        assert one.from_on >= date(2004, 7, 1)


@pytest.mark.fact("V-03")
def test_where_silence_is_acceptance_the_kind_of_case_has_a_rule_of_its_own() -> None:
    """`duty_past` leaves these clocks to it."""
    silent = {
        procedure.kind
        for procedure in procedures()
        for row in (procedure.creation, *procedure.rows)
        for start in row.of(Start)
        if start.key == "acceptance" and start.on_expiry
    }
    named = {kind for one in rulebook() if "on_expiry <> ''" in one.sql for kind in one.kinds}
    assert silent
    assert silent <= named
