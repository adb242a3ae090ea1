"""The audit names what somebody with every right did to the record behind its back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from liuquan.journal import actions, queries
from liuquan.journal.log import keys, stored_leaves
from liuquan.journal.log.leaves import ENTRY_COLUMNS, EntryRow
from liuquan.journal.types import AuditReport, NewEntry
from liuquan.merkle import Trust, pack_entries, unpack_entries, verify
from liuquan.organisation.types import SYSTEM

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
Seal = Callable[[datetime], int]
Tamper = Callable[[str], None]


def enter(number: int, subject: str = "A-1") -> list[NewEntry]:
    entries = [
        NewEntry(
            "casework.file_opened",
            subject,
            "B",
            "P",
            "staff",
            NOW,
            public={"post": f"审查岗{place}"},
            private={"staff": place},
        )
        for place in range(number)
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
    """Three hundred sealed entries under two heads."""
    entries = enter(260)
    seal_all(NOW)
    entries += enter(40, "A-2")
    assert seal_all(NOW) == 300
    assert actions.audit(now=NOW).ok
    seal_all(NOW)
    return entries


def audit() -> AuditReport:
    found = actions.audit(now=NOW)
    last = queries.entries_of("log")[-1]
    assert last.event == ("journal.audited" if found.ok else "journal.audit_failed")
    assert found.ok or last.sentence == found.first_problem
    return found


def queries_row(position: int) -> EntryRow:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ENTRY_COLUMNS}, true FROM journal_entry e WHERE id = {at(position)}")
        row = cursor.fetchone()
    assert row is not None
    return EntryRow(*row)


def at(position: int) -> str:
    return f"(SELECT entry_id FROM journal_leaf WHERE position = {position})"


ALTERED = (
    ("event = 'application.granted'", "事件由 casework.file_opened 改为 application.granted"),
    ("effective_at = '2026-03-06 02:00Z'", "生效时刻由 2026-03-09T02:00:00.000000Z 改为 2026-03-06T02:00"),
    ("recorded_at = recorded_at - interval '3 days'", "入册时刻由"),
    ("body_code = 'C'", "机关由 B 改为 C"),
    ('public = \'{"post": "别的岗"}\'', "公开内容、状态、岗位或者行为人类别被改动"),
    ("from_state = 'x'", "公开内容、状态、岗位或者行为人类别被改动"),
    ("to_state = 'x'", "公开内容、状态、岗位或者行为人类别被改动"),
    ("post_code = 'Q'", "公开内容、状态、岗位或者行为人类别被改动"),
    ("actor_kind = 'system'", "公开内容、状态、岗位或者行为人类别被改动"),
    ("vocabulary_version = 9", "词汇版本由 1 改为 9"),
    ("subject = 'A-3'", "对象被改动"),
    ("commitment = decode(repeat('00', 32), 'hex')", "非公开内容的承诺值被改动"),
    ("number = gen_random_uuid()", "被换成了另一条记录"),
)


def test_any_changed_column_of_an_entry_is_named(
    sealed: list[NewEntry], seal_all: Seal, tamper: Tamper
) -> None:
    for step, (change, told) in enumerate(ALTERED):
        place = 100 - step  # each before the last, so that the newest change is the first found
        tamper(f"UPDATE journal_entry SET {change} WHERE id = {at(place)}")
        found = audit()
        assert (found.first_position, found.first_entry) == (place, str(sealed[place].number))
        assert (found.first_problem or "").startswith(f"第 {place + 1} 位（{sealed[place].number}"), found
        assert told in (found.first_problem or "")
    assert len(found.problems) >= len(ALTERED)


GONE = (
    ("DELETE FROM journal_entry WHERE id = {}", "的记录已被删除"),
    ("DELETE FROM journal_leaf WHERE entry_id = {}", "的日志叶已被删除"),
    ("UPDATE journal_leaf SET leaf_hash = sha256('x') WHERE entry_id = {}", "的日志叶被改动"),
)


def test_a_removed_entry_is_named_by_what_was_published_of_it(sealed: list[NewEntry], tamper: Tamper) -> None:
    for step, (statement, told) in enumerate(GONE):
        place = 270 - step
        tamper(statement.format(at(place)))
        found = audit()
        assert (found.first_position, found.first_entry) == (place, str(sealed[place].number))
        assert told in (found.first_problem or "")


def test_two_entries_that_changed_places_are_named(sealed: list[NewEntry], tamper: Tamper) -> None:
    tamper("UPDATE journal_leaf SET position = 100061 - position WHERE position IN (30, 31)")
    tamper("UPDATE journal_leaf SET position = position - 100000 WHERE position > 100000")
    found = audit()
    assert found.first_position == 30
    assert "次序被改动" in (found.first_problem or "")


COLUMNS = (
    "event, vocabulary_version, subject, body_code, post_code, actor_kind, effective_at, public, commitment"
)


def test_an_entry_put_in_behind_the_sealer_is_named(sealed: list[NewEntry], tamper: Tamper) -> None:
    tamper(
        f"INSERT INTO journal_entry ({COLUMNS}, xid) "
        f"SELECT {COLUMNS}, xid FROM journal_entry WHERE id = {at(9)}"
    )
    found = audit()
    assert "事后插入" in (found.first_problem or "")
    assert found.unsealed == 1


def test_a_back_dated_entry_is_named_though_the_sealer_took_it(
    sealed: list[NewEntry], seal_all: Seal, tamper: Tamper
) -> None:
    tamper(
        f"INSERT INTO journal_entry ({COLUMNS}, recorded_at) "
        f"SELECT {COLUMNS}, now() - interval '2 hours' FROM journal_entry WHERE id = {at(9)}"
    )
    size = seal_all(NOW)
    found = audit()
    assert found.first_position == size - 1
    assert "倒签" in (found.first_problem or "")


def test_entries_recorded_while_the_clock_was_set_back_are_not_called_back_dated(
    sealed: list[NewEntry], seal_all: Seal, tamper: Tamper
) -> None:
    last = "(SELECT max(size) FROM journal_checkpoint)"
    tamper(
        f"UPDATE journal_checkpoint SET recorded_at = recorded_at + interval '3 hours' WHERE size = {last}"
    )
    enter(1)
    seal_all(NOW)
    assert audit().ok


def test_history_rewritten_everywhere_still_fails_at_the_signed_head(
    sealed: list[NewEntry], tamper: Tamper, log_home: Path
) -> None:
    # Entry, leaf, tile and bundle, all made to agree again: only the signature is out of reach.
    tamper(f"UPDATE journal_entry SET effective_at = effective_at - interval '9 days' WHERE id = {at(40)}")
    made = stored_leaves.make_leaves([queries_row(40)], 40, 1)[0]
    tamper(f"UPDATE journal_leaf SET leaf_hash = '\\x{made.hash.hex()}' WHERE position = 40")
    tile, bundle = log_home / "log" / "tile" / "0" / "000", log_home / "log" / "tile" / "entries" / "000"
    hashes = tile.read_bytes()
    tile.write_bytes(hashes[: 40 * 32] + made.hash + hashes[41 * 32 :])
    entries = list(unpack_entries(bundle.read_bytes()))
    bundle.write_bytes(pack_entries([*entries[:40], made.content, *entries[41:]]))
    found = audit()
    assert found.first_position == 0
    assert "第 1 至 260 位与当时签署的检查点（260 条）不符" in (found.first_problem or "")


def test_a_private_part_that_was_changed_added_or_silently_erased_is_named(
    sealed: list[NewEntry], tamper: Tamper
) -> None:
    tamper(f"UPDATE journal_private SET salt = sha256('x') WHERE entry_id = {at(90)}")
    assert "与入册时的承诺值不符" in (audit().first_problem or "")
    tamper(f"UPDATE journal_private SET \"values\" = sha256('x') WHERE entry_id = {at(80)}")
    assert "打不开" in (audit().first_problem or "")
    tamper(f"DELETE FROM journal_private WHERE entry_id = {at(70)}")
    found = audit()
    assert (found.first_position, found.first_entry) == (70, str(sealed[70].number))
    assert "已被删除，却没有删除的记录" in (found.first_problem or "")


DAMAGED: tuple[tuple[str, Callable[[bytes], bytes], str], ...] = (
    ("tile/0/000", lambda content: content[:-40], "应为 8192 字节"),
    ("tile/0/000", lambda content: content[:64] + bytes(32) + content[96:], "第 3 位"),
    ("tile/0/001.p/{}", lambda content: b"", "实为 0 字节"),
    ("tile/1/000.p/1", lambda content: bytes(32), "瓦片 tile/1/000.p/1"),
    ("tile/entries/000", lambda content: content[:-9], "断开"),
    ("tile/entries/000", lambda content: content.replace(b"opened", b"Opened", 1), "第 1 位"),
    ("checkpoint", lambda content: content.replace(b"\n3", b"\n4", 1), "签名"),
)


def test_a_damaged_file_of_the_log_is_named(sealed: list[NewEntry], log_home: Path) -> None:
    head = queries.latest_checkpoint()
    assert head is not None
    for path, damage, told in DAMAGED:
        file = log_home / "log" / path.format(head.size - 256)
        whole = file.read_bytes()
        file.write_bytes(damage(whole))
        assert told in (audit().first_problem or "")
        file.write_bytes(whole)
    (log_home / "log" / "tile" / "0" / "000").unlink()
    assert "缺少瓦片 tile/0/000" in (audit().first_problem or "")


def test_a_checkpoint_file_put_back_to_an_older_one_is_named(sealed: list[NewEntry], log_home: Path) -> None:
    old = queries.checkpoints(limit=9)[-1]
    (log_home / "log" / "checkpoint").write_text(old.note)
    assert f"已发布的检查点停在 {old.size} 条" in (audit().first_problem or "")
    (log_home / "log" / "checkpoint").unlink()
    assert "缺少已发布的检查点文件" in (audit().first_problem or "")


def test_erasing_private_parts_leaves_every_proof_and_the_audit(
    sealed: list[NewEntry], seal_all: Seal
) -> None:
    before = queries.receipt_of(sealed[3].number)
    erased = actions.erase_private(subject="A-1", reason="保存期限届满", by=SYSTEM, now=NOW)
    assert erased is not None
    seal_all(NOW)
    found = audit()
    assert found.ok
    assert found.private_parts < 260
    after = queries.receipt_of(sealed[3].number)
    assert before is not None
    assert after is not None
    assert after.leaf == before.leaf
    assert verify(after, Trust(keys.log_keys())).passed
    assert verify(before, Trust(keys.log_keys())).passed
    assert list(actions.open_private_of("A-1", receipt=erased.number)) == [str(erased.number)]


def test_unsealed_entries_are_listed_apart(sealed: list[NewEntry]) -> None:
    waiting = actions.audit(now=NOW).unsealed
    enter(4)
    found = audit()
    assert found.ok
    assert found.unsealed == waiting + 1 + 4  # and the entry of the audit between
