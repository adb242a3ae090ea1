"""The system refuses to start on anything that would lead to wrong decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from liuquan.casework import registry
from liuquan.kernel.refusals import Unavailable
from liuquan.law import LawBook
from liuquan.site import startup
from liuquan.testing.cast import Cast

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)


def test_a_sound_system_starts_with_nothing_to_say(city_db: str) -> None:
    assert startup.check(now=NOW) == []


def test_a_quorum_that_no_head_can_reach_is_told_at_the_start(city_db: str, settings: Any) -> None:
    settings.LIUQUAN_WITNESS_QUORUM = 2
    assert startup.check(now=NOW) == [
        "要求 2 个见证，只登记了 0 个见证方：请登记见证方，或者调低 LIUQUAN_WITNESS_QUORUM。"
    ]


def test_an_open_case_of_a_procedure_that_is_gone_keeps_the_system_from_starting(
    city_db: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.applies("food", at=NOW)
    monkeypatch.setattr(registry, "procedures", lambda: ())
    with pytest.raises(Unavailable, match=r"application v\d"):
        startup.check(now=NOW)


def test_wrong_law_data_keep_the_system_from_starting(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(_book: LawBook) -> list[str]:
        return ["licensing.toml: decision 有空档"]

    monkeypatch.setattr(startup, "check_law", wrong)
    with pytest.raises(Unavailable, match="有空档"):
        startup.check(now=NOW)
