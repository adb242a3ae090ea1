"""Papers handed over at a window: what is said in one visit, and where to come again."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest

from liuquan.applications.tests.printing import at, printed
from liuquan.casework import actions as casework
from liuquan.organisation import queries as organisation
from liuquan.testing.cast import Cast


@pytest.mark.parametrize(
    ("action", "data", "said"),
    [
        ("notify_supplement", {"items": ["layout"], "remarks": "须盖章"}, "已经当场一次告知"),
        ("accept", {}, "已经当场受理"),
    ],
)
def test_a_receipt_promises_no_answer_that_was_given_in_the_same_visit(
    city_db: str, cast: Cast, action: str, data: dict[str, Any], said: str
) -> None:
    for later, promised in ((at(2), False), (at(3), True)):
        number = cast.applies("food", at=at(2))
        casework.perform(number, action, by=cast.clerk, now=later, data=data)
        text = printed(cast, number, "receipt", now=at(3))["receipt"]
        assert ("即为受理" in text) is promised
        assert ("2026年3月9日" in text) is promised
        assert (said in text) is not promised


def test_a_paper_that_asks_people_to_come_says_where_when_and_whom_to_ring(city_db: str, cast: Cast) -> None:
    number = cast.applies("food", at=at(2), materials=["form"])
    data = {"items": ["layout", "rules"], "remarks": "制度目录须盖章"}
    casework.perform(number, "notify_supplement", by=cast.clerk, now=at(3), data=data)
    text = printed(cast, number, "supplement", now=at(5))["supplement"]
    window = organisation.body(cast.clerk.body_code, on=at(3).date())
    for told in (window.name, window.address, window.hours, window.phone):
        assert told
        assert re.sub(r"\s", "", unicodedata.normalize("NFKC", told)) in text
