"""What changed between two days."""

from datetime import date

import pytest

from liuquan.law import differences, load_law


@pytest.mark.fact("K-01")
def test_the_credit_rules_of_2026_are_a_change_and_nothing_else_is() -> None:
    found = differences(load_law(), date(2026, 3, 31), date(2026, 4, 1))
    assert {(one.id, one.kind) for one in found} == {
        ("credit.slight_longest", "新增"),
        ("credit.general_shortest", "变更"),
        ("credit.general_longest", "变更"),
        ("credit.serious_shortest", "变更"),
        ("credit.serious_longest", "变更"),
    }


def test_backwards_what_was_new_has_ended_and_a_day_equals_itself() -> None:
    found = differences(load_law(), date(2026, 4, 1), date(2026, 3, 31))
    assert [one.kind for one in found if one.id == "credit.slight_longest"] == ["终止"]
    assert differences(load_law(), date(2026, 3, 2), date(2026, 3, 2)) == ()


@pytest.mark.fact("T-12")
def test_two_holidays_were_added_in_2025() -> None:
    (found,) = (
        one
        for one in differences(load_law(), date(2024, 12, 31), date(2025, 1, 1))
        if one.id == "holidays.days"
    )
    assert found.before is not None
    assert found.after is not None
    assert (found.before.amount, found.after.amount) == (11, 13)
