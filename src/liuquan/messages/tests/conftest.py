"""A case of somebody who agreed to be told, and gateways to choose from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from liuquan.messages import actions
from liuquan.messages.tests.gateways_of_tests import Recording
from liuquan.testing.cast import Cast

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  #: ten in the morning
Carrying = Callable[[str], None]


@pytest.fixture
def carried_by(settings: Settings) -> Carrying:
    """Let a gateway of these tests carry SMS; mail is not open."""

    def choose(name: str) -> None:
        Recording.letters.clear()
        settings.LIUQUAN_GATEWAYS = {"sms": f"liuquan.messages.tests.gateways_of_tests.{name}", "email": ""}

    choose("Recording")
    return choose


@pytest.fixture
def agreed_case(city_db: str, cast: Cast, carried_by: Carrying) -> str:
    """The number of an application whose applicant agreed to SMS."""
    number = cast.applies("food", at=MONDAY)
    party = cast.applicant
    actions.agree_to_sms(party.party_number, by=party, now=MONDAY)
    return number
