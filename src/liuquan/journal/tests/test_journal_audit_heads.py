"""The audit names what was changed besides the leaves: heads, moments, lines of witnesses, the register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from liuquan.journal import actions, queries
from liuquan.journal.log import keys
from liuquan.journal.types import NewEntry
from liuquan.merkle import checkpoint_of, ed25519_signer, parse_note
from liuquan.organisation.types import SYSTEM

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
COLUMNS = "vocabulary_version, body_code, post_code, actor_kind, effective_at, commitment"
NEVER = "99999999999"  # a transaction number that no transaction will reach
Seal = Callable[[datetime], int]
Tamper = Callable[[str], None]


def enter(number: int) -> list[NewEntry]:
    entries = [
        NewEntry(
            "casework.file_opened",
            "A-1",
            "B",
            "P",
            "staff",
            NOW,
            public={"post": "审查岗"},
            private={"staff": 1},
        )
        for _ in range(number)
    ]
    actions.append_durably(*entries)
    return entries


@pytest.fixture
def tamper(committed_db: str, postgres_server: Any) -> Iterator[Tamper]:
    """Run a statement as a superuser with all triggers off."""
    with psycopg.connect(postgres_server.dsn(committed_db), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        yield lambda statement: superuser.execute(statement.encode()) and None


@pytest.fixture
def sealed(seal_all: Seal) -> list[NewEntry]:
    """Four entries, a head over each."""
    entries = []
    for _ in range(4):
        entries += enter(1)
        seal_all(NOW)
    return entries


def problems() -> str:
    found = actions.audit(now=NOW)
    assert found.ok == (not found.problems)
    return "\n".join(found.problems)


def insert(event: str, public: str, xid: str) -> str:
    return (
        f"INSERT INTO journal_entry ({COLUMNS}, event, subject, public, xid) SELECT {COLUMNS}, '{event}', "
        f"subject, '{public}', '{xid}' FROM journal_entry WHERE subject = 'A-1' LIMIT 1"
    )


def test_an_entry_the_sealer_would_never_reach_is_named(sealed: list[NewEntry], tamper: Tamper) -> None:
    tamper(insert("casework.file_opened", "{}", NEVER))
    assert "事后插入" in problems()


def test_only_an_entry_of_erasure_of_the_same_subject_excuses_a_missing_private_part(
    sealed: list[NewEntry], seal_all: Seal, tamper: Tamper
) -> None:
    number = str(sealed[1].number)
    tamper(
        "DELETE FROM journal_private p USING journal_entry e "
        f"WHERE e.id = p.entry_id AND e.number = '{number}'"
    )
    # Another event that happens to list the entry is no erasure.
    told = NewEntry(
        "journal.audited", "A-1", "", "", "system", NOW, public={"entries": [number], "tree_size": 0}
    )
    actions.append_durably(told)
    seal_all(NOW)
    assert "没有删除的记录" in problems()
    # Nor is one put in where the sealer never looks: it is named itself.
    tamper(insert("journal.private_erased", f'{{"entries": ["{number}"]}}', NEVER))
    assert "journal.private_erased" in problems()


def test_leaves_beyond_the_head_that_do_not_follow_one_another_are_reported(
    sealed: list[NewEntry], tamper: Tamper
) -> None:
    enter(2)
    tamper(
        "INSERT INTO journal_leaf (position, entry_id, leaf_hash, secret, has_private) "
        "SELECT 4 + 2 * (row_number() OVER (ORDER BY id) - 1), id, sha256('x'), 1, true FROM journal_entry e "
        "WHERE NOT EXISTS (SELECT 1 FROM journal_leaf l WHERE l.entry_id = e.id)"
    )
    assert "不连续" in problems()


def test_a_head_that_is_not_what_its_note_says_is_reported(sealed: list[NewEntry], tamper: Tamper) -> None:
    tamper("UPDATE journal_checkpoint SET root = sha256('x') WHERE size = 2")
    assert "大小为 2 的检查点与它签署的内容不同" in problems()


def test_a_head_signed_before_the_one_before_it_is_reported(sealed: list[NewEntry], tamper: Tamper) -> None:
    tamper("UPDATE journal_checkpoint SET signed_at = signed_at - interval '1 day' WHERE size = 3")
    assert "大小为 3 的检查点的签署时刻早于前一个" in problems()


def test_a_published_fork_is_reported(sealed: list[NewEntry], log_home: Path) -> None:
    fork = checkpoint_of(keys.tree_hash(), origin=keys.origin(), size=4, root=b"f" * 32)
    (log_home / "log" / "checkpoint").write_text(str(fork.signed(keys.log_signers()[0])))
    assert "日志出现了分叉" in problems()


def test_heads_that_an_audit_saw_cannot_go_unnoticed(
    sealed: list[NewEntry], seal_all: Seal, tamper: Tamper
) -> None:
    assert problems() == ""
    seal_all(NOW)
    tamper("DELETE FROM journal_checkpoint WHERE size = 2")
    assert "检查点被删改" in problems()


def test_a_head_that_an_audit_named_cannot_go_unnoticed(
    sealed: list[NewEntry], seal_all: Seal, tamper: Tamper
) -> None:
    assert problems() == ""
    seal_all(NOW)
    tamper("UPDATE journal_entry SET public = public - 'checkpoints' WHERE event = 'journal.audited'")
    tamper("DELETE FROM journal_checkpoint WHERE size = 4")
    assert "4 条以内" in problems()


def test_a_line_of_a_witness_over_another_head_is_reported(
    sealed: list[NewEntry], seal_all: Seal, tamper: Tamper
) -> None:
    witness = ed25519_signer("city.example/witness", b"1" * 32, witness=True)
    actions.add_witness(witness.key.text, by=SYSTEM, now=NOW)
    size = seal_all(NOW)
    head = queries.latest_checkpoint()
    assert head is not None
    signed = parse_note(head.note).signed(witness, at=NOW + timedelta(minutes=1))
    actions.store_cosignatures(signed, now=NOW)
    assert problems() == ""
    tamper(f"UPDATE journal_cosignature SET size = 2 WHERE size = {size}")
    assert "大小为 2 的检查点下存的见证行" in problems()
