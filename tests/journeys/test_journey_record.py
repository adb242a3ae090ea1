"""One licence from the counter to its delivery, and what stands of it in the open record: every exercise of
power, provable by an outsider, and nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from liuquan.casework import actions as casework_actions
from liuquan.casework import queries as casework
from liuquan.journal import actions, queries
from liuquan.journal.log import keys
from liuquan.merkle import Tile, Trust, parse_leaf, parse_receipt, unpack_entries, verify
from liuquan.papers import actions as papers_actions
from liuquan.testing.cast import LI_YUNXI, Cast


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 2, tzinfo=UTC)


@pytest.fixture
def delivered(city: str, log_home: Path, cast: Cast) -> str:
    """A food licence, applied for, examined on site, granted, papers issued and delivered."""
    number = cast.examined("food", at=at(2))
    casework_actions.perform(number, "grant", by=cast.approver, now=at(4), data=cast.decision("food"))
    granted = queries.entries_of(number)[-1]
    assert papers_actions.issue_papers(number, entry=granted.number, now=at(4))
    casework_actions.perform(number, "deliver", by=cast.clerk, now=at(5), data={"way": "pick_up"})
    return number


def sealed(now: datetime) -> None:
    while queries.log_status().unsealed:
        actions.seal(now=now)


def test_every_exercise_of_power_over_a_case_can_be_proven_by_an_outsider(
    delivered: str, log_home: Path
) -> None:
    sealed(at(5))
    entries = queries.entries_of(delivered)
    moved = [entry.to_state for entry in entries if entry.to_state and entry.to_state != entry.from_state]
    assert moved[0] == "received"
    assert moved[-1] == casework.read(delivered).state
    trust = Trust(keys.log_keys())
    for entry in entries:
        receipt = queries.receipt_of(entry.number)
        assert receipt is not None
        carried = parse_receipt(str(receipt))
        assert verify(carried, trust).passed
        opened = carried.openings["public"].values
        assert {key: opened[key] for key in entry.public} == entry.public
        assert opened["_entry"]["subject"] == delivered
        assert (opened["_entry"]["from"], opened["_entry"]["to"]) == (entry.from_state, entry.to_state)
        assert opened["_entry"]["post"] == entry.post_code
    found = actions.audit(now=at(5))
    assert found.ok
    assert found.private_parts > 0


def published(get: Callable[[str], bytes], size: int) -> bytes:
    """All entries of the log, read as any stranger can."""
    full, rest = divmod(size, 256)
    tiles = [Tile(0, index) for index in range(full)] + ([Tile(0, full, rest)] if rest else [])
    return b"".join(get(tile.entries_path) for tile in tiles)


def test_the_published_record_names_no_person_and_no_case(delivered: str, log_home: Path) -> None:
    sealed(at(5))
    stranger = Client()

    def get(path: str) -> bytes:
        answer = stranger.get(f"/log/{path}")
        assert answer.status_code == 200
        return b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]

    head = Trust(keys.log_keys()).open(get("checkpoint")).checkpoint
    content = published(get, head.size)
    leaves = [parse_leaf(entry) for entry in unpack_entries(content)]
    assert len(leaves) == head.size
    assert {entry.number for entry in queries.entries_of(delivered)} <= {leaf.number for leaf in leaves}
    for secret in (LI_YUNXI.name, LI_YUNXI.id_number, LI_YUNXI.phone, delivered):
        assert secret.encode() not in content
