"""The unit traps: what 日 means is each law's own rule, and the data keep it for every limit of the law."""

from collections.abc import Callable

import pytest

from liuquan.clock import Limit, Unit
from liuquan.law import load_law

WORKING, CALENDAR = Unit.WORKING_DAY, Unit.CALENDAR_DAY


def penalty(limit: Limit) -> Unit:
    return WORKING if limit.amount in (2, 3, 5, 7) else CALENDAR


def compulsion(limit: Limit) -> Unit:
    return WORKING if limit.amount <= 10 else CALENDAR


def reconsideration(limit: Limit) -> Unit:
    return WORKING if limit.amount in (3, 5, 7, 10) else CALENDAR


def disclosure(limit: Limit) -> Unit:
    return WORKING


def tendering(limit: Limit) -> Unit:
    return WORKING if "招标投标法实施条例 第六十一条第二款" in limit.citations else CALENDAR


def procurement(limit: Limit) -> Unit:
    """Twenty, fifteen and thirty days of the bidding are calendar days; the law writes 工作日 elsewhere."""
    calendar_days = {"bidding", "clarification", "consultation_response", "contract", "suspension"}
    return CALENDAR if limit.source.partition(".")[2] in calendar_days else WORKING


def petitions(limit: Limit) -> Unit:
    return WORKING if limit.source == "petitions.transfer_objection" else CALENDAR


RULES = [
    pytest.param("penalty", penalty, marks=pytest.mark.fact("T-05")),
    pytest.param("reconsideration", reconsideration, marks=pytest.mark.fact("T-06")),
    pytest.param("compulsion", compulsion, marks=pytest.mark.fact("T-07")),
    pytest.param("disclosure", disclosure, marks=pytest.mark.fact("T-08")),
    pytest.param("tendering", tendering, marks=pytest.mark.fact("T-09")),
    pytest.param("procurement", procurement, marks=pytest.mark.fact("T-10")),
    pytest.param("petitions", petitions, marks=pytest.mark.fact("T-11")),
]


@pytest.mark.parametrize(("law", "rule"), RULES)
def test_a_day_is_what_the_law_says_it_is(law: str, rule: Callable[[Limit], Unit]) -> None:
    limits = [entry.terms for entry in load_law().limits() if entry.id.startswith(f"{law}.")]
    in_days = [limit for limit in limits if limit.unit in (WORKING, CALENDAR)]
    assert len(in_days) >= 5
    assert {limit.source: limit.unit for limit in in_days} == {limit.source: rule(limit) for limit in in_days}


@pytest.mark.fact("L-14")
@pytest.mark.parametrize(
    ("law", "grounds"),
    [
        ("licensing", 8),
        ("compulsion", 4),
        ("reconsideration", 15),
        ("market_complaints", 4),
        ("disclosure", 2),
        ("tendering", 5),
        ("procurement", 5),
        ("petitions", 1),
        ("penalty", 3),
    ],
)
def test_the_list_of_grounds_of_each_law_is_closed(law: str, grounds: int) -> None:
    assert len(load_law().grounds(law)) == grounds
    used = {
        name for e in load_law().limits() if e.id.startswith(f"{law}.") for name in e.terms.excludes or ()
    }
    assert used <= {ground.name for ground in load_law().grounds(law)}


@pytest.mark.fact("X-11")
def test_nothing_stops_the_ninety_days_of_a_penalty() -> None:
    assert load_law().entry("penalty.decision").terms.excludes == ()


@pytest.mark.fact("X-18")
def test_no_burden_lasts_longer_because_of_a_rest_day() -> None:
    for id in ("compulsion.seizure", "compulsion.freeze", "procurement.suspension"):
        assert load_law().entry(id).terms.end_rule == "no_roll"
