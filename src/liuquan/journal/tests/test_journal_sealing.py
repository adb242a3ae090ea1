"""Entries become leaves under signed heads: in order, once, and provable."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liuquan.journal import actions, queries
from liuquan.journal.log import keys
from liuquan.journal.types import NewEntry
from liuquan.kernel import secrecy, sm_crypto
from liuquan.merkle import Algorithm, Trust, parse_receipt, verify

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
Seal = Callable[[datetime], int]


def enter(number: int, subject: str = "A-1") -> list[NewEntry]:
    entries = [
        NewEntry(
            "casework.file_opened",
            subject,
            "B",
            "P",
            "staff",
            NOW,
            public={"post": "审查岗"},
            private={"staff": place},
        )
        for place in range(number)
    ]
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


def test_leaves_under_two_log_secrets_stand_in_one_tree(seal_all: Seal, log_home: Path) -> None:
    before = enter(5)
    seal_all(NOW)
    assert secrecy.rotate_log_secret() == 2
    after = enter(5)
    (log_home / "log" / "checkpoint").unlink()  # everything is made again from both
    shutil.rmtree(log_home / "log" / "tile")
    assert seal_all(NOW) == 10
    first, second = (queries.receipt_of(entries[0].number) for entries in (before, after))
    assert first is not None
    assert second is not None
    assert first.leaf.subject != second.leaf.subject  # the same case under another pseudonym
    assert all(verify(receipt, Trust(keys.log_keys())).passed for receipt in (first, second))
    assert actions.audit(now=NOW).ok


@pytest.mark.skipif(not sm_crypto.installed(), reason="the 国密 package is not installed")
def test_a_log_over_the_national_hash_is_sealed_and_audited(
    seal_all: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sm_crypto.VARIABLE, "1")
    monkeypatch.setattr(
        keys, "algorithms", lambda: [Algorithm.ED25519]
    )  # its signature is tested with the keys
    entries = enter(300)
    assert seal_all(NOW) == 300
    head = queries.latest_checkpoint()
    assert head is not None
    assert "liuquan/tree-hash sm3" in head.note
    receipt = queries.receipt_of(entries[299].number)
    assert receipt is not None
    assert verify(receipt, Trust(keys.log_keys())).passed
    assert actions.audit(now=NOW).ok
