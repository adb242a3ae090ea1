"""Entries become leaves under signed heads: in order, once, and provable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from liuquan.journal import actions, keys, queries
from liuquan.journal.types import NewEntry
from liuquan.merkle import Trust, parse_receipt, verify

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
Seal = Callable[[datetime], int]


def enter(number: int, subject: str = "A-1") -> list[NewEntry]:
    entries = [
        NewEntry(
            "application.file_opened", subject, "B", "P", "staff", NOW, public={"post": "审查岗"},
            private={"staff": place},
        )
        for place in range(number)
    ]  # fmt: skip
    actions.append_durably(*entries)
    return entries


def test_a_sealed_entry_has_a_receipt_that_anyone_can_check(seal_all: Seal, log_home: Path) -> None:
    entries = enter(300)
    assert queries.receipt_of(entries[7].number) is None
    assert seal_all(NOW) == 300
    receipt = queries.receipt_of(entries[7].number)
    assert receipt is not None
    again = parse_receipt(str(receipt))
    answer = verify(again, Trust(keys.log_keys()))
    assert answer.passed, answer
    assert again.openings["public"].values["post"] == "审查岗"
    assert again.openings["public"].values["_entry"]["subject"] == "A-1"
    assert queries.leaf_position(entries[7].number) == receipt.index
    enter(3)
    assert queries.log_status().unsealed == 3
    assert seal_all(NOW + timedelta(seconds=1)) == 303
    assert [c.size for c in queries.checkpoints(limit=5)] == [303, 300]
    assert (log_home / "log" / "checkpoint").read_text().startswith("localhost/log\n303\n")
    assert not (log_home / "log" / "tile" / "0" / "000.p").exists()
