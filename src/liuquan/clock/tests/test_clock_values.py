"""The values: what they refuse, and that a frozen limit comes back as it was."""

import json
from datetime import date

import pytest

from liuquan.clock import (
    ClockError,
    Direction,
    Extension,
    Limit,
    Sense,
    Suspension,
    Unit,
    Verification,
)

FULL = Limit(
    amount=20,
    unit=Unit.WORKING_DAY,
    direction=Direction.BEFORE,
    sense=Sense.AT_LEAST,
    starts="application.accepted",
    ends="application.decided",
    excludes=("hearing",),
    extension=Extension(10, Unit.WORKING_DAY, 1, "head_of_body", "reasons", ("行政许可法 第四十二条",)),
    on_expiry="deem_accepted",
    citations=("行政许可法 第四十二条",),
    verification=Verification.TEXT,
    label="行政许可决定期限",
    source="licensing.decision",
    fact="L-11",
    profile="某市",
    valid_from=date(2004, 7, 1),
)


@pytest.mark.parametrize("limit", [FULL, Limit(0, Unit.HOUR)])
def test_a_limit_comes_back_from_its_json_as_it_was(limit: Limit) -> None:
    assert Limit.from_json(json.loads(json.dumps(limit.to_json()))) == limit


def test_the_json_of_a_limit_is_stable() -> None:
    assert json.dumps(FULL.to_json()) == json.dumps(Limit.from_json(FULL.to_json()).to_json())


def test_json_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(ClockError, match="colour"):
        Limit.from_json(FULL.to_json() | {"colour": "red"})
    with pytest.raises(ClockError, match="colour"):
        Limit.from_json(FULL.to_json() | {"extension": {"amount": 1, "unit": "hour", "colour": "red"}})


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(-1, Unit.WORKING_DAY), (40_000, Unit.CALENDAR_DAY), (101, Unit.YEAR), (True, Unit.HOUR)],
)
def test_negative_and_absurd_amounts_are_refused(amount: int, unit: Unit) -> None:
    with pytest.raises(ClockError, match="不合理"):
        Limit(amount, unit)


def test_a_suspension_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ClockError, match="早于"):
        Suspension(date(2026, 9, 2), date(2026, 9, 1), "hearing")
    with pytest.raises(ClockError, match="事由"):
        Suspension(date(2026, 9, 2), None, "")


def test_an_extension_by_nothing_is_refused() -> None:
    with pytest.raises(ClockError, match="正数"):
        Extension(0, Unit.WORKING_DAY)


def test_a_limit_says_itself_in_words() -> None:
    assert FULL.text == "20个工作日"
    assert Limit(0, Unit.WORKING_DAY).text == "即时"
