"""Texts that say the same: among the open tickets only, whatever was asked before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liuquan.hotline import models, queries, texts
from liuquan.hotline.actions.own_rows import CLOSING
from liuquan.hotline.procedure import PROCEDURE
from liuquan.hotline.tests.cases import LEADS_TO, acted, brought
from liuquan.hotline.tests.conftest import MONDAY, Hotline
from liuquan.organisation.types import SYSTEM
from liuquan.testing.cast import Cast

DAY = timedelta(days=1)
SAID = "路灯不亮溪畔大道三十号门前的路灯连续三天不亮，晚上看不见路。溪畔大道30号门前"
_CLOSED = {state.key for state in PROCEDURE.states if state.closed}


def is_open(hotline: Hotline, number: str) -> bool:
    """What the ticket's own row says, after it was held against the case."""
    case = hotline.read(number)
    said = models.Ticket.objects.get(case_id=case.id).is_open
    assert said == (case.closed_at is None)
    return said


@pytest.mark.parametrize("state", [one.key for one in PROCEDURE.states])
def test_a_ticket_is_open_in_every_state_but_the_closed_ones(
    hotline: Hotline, cast: Cast, state: str
) -> None:
    assert state in LEADS_TO
    assert is_open(hotline, brought(cast, state)) == (state not in _CLOSED)


@pytest.mark.parametrize("action", ["transfer", "answer_now", "close_unreached", "join"])
def test_a_ticket_that_ends_otherwise_is_no_longer_open_either(
    hotline: Hotline, cast: Cast, action: str
) -> None:
    number = brought(cast, "answered" if action == "close_unreached" else "registered")
    assert is_open(hotline, number)
    acted(cast, action, number, SYSTEM if action == "join" else hotline.caller_back)
    assert not is_open(hotline, number)


def test_every_act_that_closes_a_ticket_says_so_on_its_row() -> None:
    assert {row.action for row in PROCEDURE.rows if row.target in _CLOSED} == CLOSING


def test_what_is_over_is_not_offered_as_the_same(hotline: Hotline) -> None:
    over, waits = hotline.answered(), hotline.dispatched()
    assert {one.number for one in queries.alike(SAID, since=MONDAY - DAY)} == {over, waits}
    hotline.act(over, "call_back", hotline.caller_back, MONDAY + DAY, satisfied="satisfied", confirmed="yes")
    assert [one.number for one in queries.alike(SAID, since=MONDAY - DAY)] == [waits]


def test_a_text_has_the_same_bands_whatever_was_asked_before(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = texts.bands(SAID), texts.bands(SAID + "已经三天")
    assert len(set(first)) == texts.BANDS
    assert 0 < len(set(first) & set(other)) < texts.BANDS
    monkeypatch.setattr(texts, "blind_index", lambda *_, **__: b"another key of thirty-two bytes.")
    assert not set(texts.bands(SAID)) & set(first)
    monkeypatch.undo()
    texts._values.cache_clear()
    assert texts.bands(SAID) == first
    assert texts.bands("，。") == []
