"""How often an act on a ticket asks the database."""

from __future__ import annotations

import pytest

from liuquan.casework import actions as casework
from liuquan.hotline.tests.cases import GIVEN
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.testing.cast import Cast
from liuquan.testing.round_trips import round_trips

MOST = 3


@pytest.mark.parametrize("action", ["dispatch", "refile", "answer_now", "tell_way", "transfer"])
def test_no_act_of_the_centre_takes_more_than_three_round_trips(city: str, cast: Cast, action: str) -> None:
    hotline = Hotline(cast)
    number, by = hotline.registered(), hotline.dispatcher
    # the first of a kind prepares its statements
    casework.perform(hotline.registered(), action, by=by, now=MONDAY, data=GIVEN[action])
    took = round_trips(lambda: casework.perform(number, action, by=by, now=MONDAY, data=GIVEN[action]))
    assert took <= MOST, f"{action}: {took}"
