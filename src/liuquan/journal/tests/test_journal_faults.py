"""What the sealer survives, and what it refuses, shown by doing it."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction

from liuquan.journal import actions, queries
from liuquan.journal.log import keys
from liuquan.journal.log.actions import key_changes, sealing
from liuquan.journal.log.files import LogFiles
from liuquan.journal.types import NewEntry
from liuquan.kernel import sql
from liuquan.kernel.refusals import Unavailable
from liuquan.merkle import Trust, checkpoint_of, ed25519_signer, parse_note

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
Seal = Callable[[datetime], int]
Tamper = Callable[[str], None]
KILLS = 200


def entries(number: int, subject: str = "A-1") -> list[NewEntry]:
    return [
        NewEntry("casework.file_opened", subject, "B", "P", "staff", NOW, public={"post": f"审查岗{place}"})
        for place in range(number)
    ]


def enter(number: int, subject: str = "A-1") -> list[NewEntry]:
    made = entries(number, subject)
    actions.append_durably(*made)
    return made


@pytest.fixture
def tamper(committed_db: str, postgres_server: Any) -> Iterator[Tamper]:
    """Run a statement as a superuser with all triggers off."""
    with psycopg.connect(postgres_server.dsn(committed_db), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        yield lambda statement: superuser.execute(statement.encode()) and None


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    monkeypatch.setattr(sealing, "BATCHES", 1)


def published(home: Path) -> tuple[dict[str, bytes], str]:
    """Everything below the log's folder that anybody can read."""
    root = home / "log"
    files = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return files, files.get("checkpoint", b"").decode()


def refused_entries() -> list[str]:
    return [e.sentence for e in queries.entries_of("log") if e.event == "journal.sealing_refused"]


# ── killed anywhere ──


def killed_while_sealing(events: int) -> bool:
    """Fork a sealer that kills itself (-9) at its so-manieth call or return, wherever in sealing that is."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    left = events

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        sealer = sealing.Sealer()
        connection.ensure_connection()
        sys.setprofile(count)
        while sealer.seal(now=NOW).more:
            pass
    finally:
        os._exit(0)


@pytest.mark.slow
def test_killed_at_any_point_the_sealer_goes_on_without_gap_or_fork(
    seal_all: Seal, log_home: Path, small_batches: None
) -> None:
    chance = random.Random(20260309)
    seen: list[tuple[int, str]] = []
    number = kills = 0
    while kills < KILLS:
        if not seen or number - seen[-1][0] < 9:
            number += len(enter(60))
            connections.close_all()
        kills += killed_while_sealing(chance.randrange(1, 22_000))
        note = queries.log_file("checkpoint")
        if note is not None:
            head = Trust(keys.log_keys()).open(note).checkpoint
            assert not seen or head.size >= seen[-1][0]
            seen.append((head.size, note.decode()))
    assert seal_all(NOW) == number
    known = {head.size: head.note for head in queries.checkpoints(limit=10_000)}
    assert all(known[size] == note for size, note in seen)
    assert len(known) > KILLS / 10
    found = actions.audit(now=NOW)
    assert found.ok, found.problems
    row = sql.run_one("SELECT count(*) AS n, count(DISTINCT entry_id) AS d FROM journal_leaf")
    assert row == {"n": number, "d": number}


# ── writers ──


def writer(server: Any, database: str) -> psycopg.Connection[Any]:
    """A writer of its own, whose transaction the test holds open."""
    return psycopg.connect(server.dsn(database, "liuquan_app"))


_INSERT = (
    "INSERT INTO journal_entry (event, vocabulary_version, subject, body_code, post_code, actor_kind, "
    "effective_at, public, commitment) VALUES ('casework.file_opened', 1, %s, 'B', 'P', 'staff', now(), "
    "'{}', sha256('x')) RETURNING number"
)


def test_an_entry_whose_transaction_commits_late_is_not_passed_over(
    seal_all: Seal, committed_db: str, postgres_server: Any
) -> None:
    with (
        writer(postgres_server, committed_db) as first,
        writer(postgres_server, committed_db) as second,
        writer(postgres_server, committed_db) as third,
    ):
        early = first.execute(_INSERT, ["A-1"]).fetchone()
        first_id = queries.log_status().unsealed
        given_up = second.execute(_INSERT, ["A-2"]).fetchone()
        late = third.execute(_INSERT, ["A-3"]).fetchone()
        third.commit()
        # Committed, but above a transaction that still runs: nobody knows yet what that one will bring.
        assert first_id == 0
        assert actions.seal(now=NOW).size == 0
        assert queries.log_status().unsealed == 1
        second.rollback()
        first.commit()
    assert seal_all(NOW) == 2
    assert early is not None
    assert late is not None
    assert given_up is not None
    assert [queries.leaf_position(row[0]) for row in (early, late, given_up)] == [0, 1, None]


class Crowd:
    """Writers that commit in any order or give up, and sealers, each in a thread of its own."""

    def __init__(self, server: Any, database: str) -> None:
        self.server, self.database = server, database
        self.done = threading.Event()
        self.kept: list[Any] = []
        self.troubles: list[BaseException] = []

    def write(self, seed: int) -> None:
        own = random.Random(seed)
        with writer(self.server, self.database) as mine:
            for _ in range(25):
                rows = [mine.execute(_INSERT, [f"A-{seed}"]).fetchone() for _ in range(own.randrange(1, 4))]
                if own.random() < 0.2:
                    mine.rollback()
                else:
                    mine.commit()
                    self.kept.extend(rows)

    def seal(self, root: Path) -> None:
        sealer = sealing.Sealer(LogFiles(root))
        try:
            while not self.done.is_set():
                sealer.seal(now=NOW)
        except BaseException as trouble:
            self.troubles.append(trouble)
        finally:
            connections.close_all()

    def run(self, roots: list[Path]) -> None:
        keys.log_keys()  # made before two ask for them
        sealers = [threading.Thread(target=self.seal, args=[root]) for root in roots]
        writers = [threading.Thread(target=self.write, args=[seed]) for seed in (3, 5, 7)]
        for thread in (*sealers, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        self.done.set()
        for thread in sealers:
            thread.join()


def test_writers_in_any_order_lose_no_entry_and_two_sealers_make_no_fork(
    seal_all: Seal, committed_db: str, postgres_server: Any, log_home: Path, small_batches: None
) -> None:
    # Each sealer in a folder of its own, as on two hosts with one database: no file lock holds them apart.
    roots = [log_home / "log", log_home / "elsewhere"]
    for root in roots:
        root.mkdir(parents=True)
    crowd = Crowd(postgres_server, committed_db)
    crowd.run(roots)
    assert crowd.troubles == []
    assert seal_all(NOW) == len(crowd.kept)
    assert all(queries.leaf_position(row[0]) is not None for row in crowd.kept)
    found = actions.audit(now=NOW)
    assert found.ok, found.problems
    assert refused_entries() == []


def test_a_second_sealer_in_the_same_folder_does_nothing(seal_all: Seal, log_home: Path) -> None:
    enter(3)
    with sealing.Sealer().files.sole_sealer() as mine:
        assert mine
        assert actions.seal(now=NOW).busy
    assert queries.log_status().leaves == 0
    assert seal_all(NOW) == 3


# ── what was published counts ──


def remembered(database: str, tamper: Tamper) -> Callable[[], None]:
    """Take a backup of the log's tables; the result brings it back."""
    for table in ("journal_entry", "journal_leaf", "journal_checkpoint"):
        tamper(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")

    def restore() -> None:
        for table in ("journal_checkpoint", "journal_leaf", "journal_private", "journal_entry"):
            tamper(f"TRUNCATE {table} CASCADE")
        for table in ("journal_entry", "journal_leaf", "journal_checkpoint"):
            tamper(f"INSERT INTO {table} SELECT * FROM kept_{table}")

    return restore


def test_a_database_restored_to_an_older_state_is_not_signed(
    seal_all: Seal, log_home: Path, committed_db: str, tamper: Tamper
) -> None:
    enter(5)
    seal_all(NOW)
    restore = remembered(committed_db, tamper)
    enter(5)
    assert seal_all(NOW) == 10
    before = published(log_home)
    restore()
    enter(9, "A-2")  # even with as many entries as before, they are others
    for _ in range(2):
        with pytest.raises(actions.SealingRefused, match="恢复到较早的状态"):
            actions.seal(now=NOW)
    assert published(log_home) == before
    (said,) = refused_entries()  # entered once, not at every try
    assert "已发布的检查点有 10 条记录，数据库只签到 5 条" in said
    latest = queries.latest_checkpoint()
    assert latest is not None
    assert latest.size == 5


def test_a_checkpoint_of_another_history_or_another_key_is_not_continued(
    seal_all: Seal, log_home: Path, tamper: Tamper
) -> None:
    enter(5)
    seal_all(NOW)
    file = log_home / "log" / "checkpoint"
    good = file.read_text()
    hash, origin = keys.tree_hash(), keys.origin()
    beside = checkpoint_of(hash, origin=origin, size=5, root=bytes(32))
    stranger = ed25519_signer(origin, bytes(32))
    forged = (
        (str(beside.signed(keys.log_signers()[0])), "不同"),
        (str(beside.signed(stranger)), "没有日志"),
        (good.replace("\n5\n", "\n6\n"), "签名"),
        ("\x00", "检查点"),
    )
    enter(1)
    for text, told in forged:
        file.write_text(text)
        with pytest.raises(actions.SealingRefused, match=told):
            actions.seal(now=NOW)
        assert file.read_text() == text
    file.write_text(good)
    size = seal_all(NOW)
    assert size == 6 + len(refused_entries())
    tamper(f"UPDATE journal_checkpoint SET root = sha256('x') WHERE size = {size}")
    enter(1)
    with pytest.raises(actions.SealingRefused, match="与它签署的内容不同"):
        actions.seal(now=NOW)


def test_a_key_that_was_replaced_signs_no_larger_head(
    seal_all: Seal, log_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(3)
    seal_all(NOW)
    (old,) = keys.log_signers()
    key_changes.rotate_log_key(reason="compromised", now=NOW)
    monkeypatch.setattr(keys, "log_signers", lambda: (old,))
    before = queries.log_file("checkpoint")
    with pytest.raises(actions.SealingRefused, match="停用的密钥不能签新的检查点"):
        actions.seal(now=NOW)
    assert queries.log_file("checkpoint") == before
    monkeypatch.undo()
    monkeypatch.setenv("LIUQUAN_HOME", str(log_home))
    assert seal_all(NOW) > 3
    assert actions.audit(now=NOW).ok


def test_a_checkpoint_file_put_back_to_an_older_one_is_overtaken(seal_all: Seal, log_home: Path) -> None:
    enter(3)
    seal_all(NOW)
    file = log_home / "log" / "checkpoint"
    old = file.read_text()
    enter(3)
    seal_all(NOW)
    file.write_text(old)
    assert sealing.Sealer().seal(now=NOW).size == 6
    assert parse_note(file.read_text()).text.split("\n")[1] == "6"
    assert actions.audit(now=NOW).ok


def test_lost_and_truncated_files_are_written_again_from_the_database(seal_all: Seal, log_home: Path) -> None:
    enter(300)
    seal_all(NOW)
    whole, _ = published(log_home)
    root = log_home / "log"
    (root / "tile" / "0" / "001.p" / "44").write_bytes(b"short")
    (root / "tile" / "entries" / "000").unlink()
    (root / "checkpoint").unlink()
    assert sealing.Sealer().seal(now=NOW).size == 300
    assert published(log_home)[0] == whole
    (root / "tile" / "0" / "001.p" / "44").unlink()
    enter(1)
    assert seal_all(NOW) == 301
    assert actions.audit(now=NOW).ok


def test_a_lone_inner_file_is_reported_by_audit_and_receipt_and_written_again_on_demand(
    seal_all: Seal, log_home: Path
) -> None:
    (first, *_) = enter(600)
    seal_all(NOW)
    whole, _ = published(log_home)
    tile, bundle = (log_home / "log" / "tile" / name / "000" for name in ("0", "entries"))
    tile.unlink()
    with pytest.raises(Unavailable, match="缺失或者损坏"):
        queries.receipt_of(first.number)
    assert "缺少瓦片 tile/0/000" in str(actions.audit(now=NOW).problems)
    assert sealing.Sealer().rewrite(now=NOW).size == 600
    bundle.unlink()
    assert "缺少这个记录包" in str(actions.audit(now=NOW).problems)
    assert sealing.Sealer().rewrite(now=NOW).size == 600
    assert published(log_home)[0] == whole
    assert queries.receipt_of(first.number) is not None
    assert actions.audit(now=NOW).ok


def test_a_truncated_tile_whose_leaves_were_changed_too_is_not_signed_over(
    seal_all: Seal, log_home: Path, tamper: Tamper
) -> None:
    enter(10)
    seal_all(NOW)
    (log_home / "log" / "tile" / "0" / "000.p" / "10").write_bytes(bytes(320))
    tamper("UPDATE journal_leaf SET leaf_hash = sha256('x') WHERE position = 4")
    enter(1)
    before = published(log_home)
    with pytest.raises(actions.SealingRefused, match="叶被改动过"):
        actions.seal(now=NOW)
    assert published(log_home) == before


def test_an_entry_changed_before_it_was_signed_is_not_signed(
    seal_all: Seal, log_home: Path, tamper: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(10)
    monkeypatch.setattr(LogFiles, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        actions.seal(now=NOW)
    monkeypatch.undo()
    monkeypatch.setenv("LIUQUAN_HOME", str(log_home))
    tamper("UPDATE journal_entry SET event = 'x' WHERE id = (SELECT min(id) FROM journal_entry)")
    for _ in range(3):  # though the entry of the refusal itself becomes a leaf
        with pytest.raises(actions.SealingRefused, match="第 1 位的记录与入册时不同"):
            actions.seal(now=NOW)
    assert len(refused_entries()) == 1


# ── the machine ──


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """The operating system refuses this process every file larger than this, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_everything_as_it_was_and_sealing_goes_on_when_there_is_room(
    seal_all: Seal, log_home: Path
) -> None:
    enter(200)
    seal_all(NOW)
    before = published(log_home)
    sealer = sealing.Sealer()
    enter(100)
    for room in (0, 7000, 20_000):  # no file, no full tile, no full bundle
        with no_room_beyond(room), pytest.raises(OSError, match="File too large"):
            sealer.seal(now=NOW)
        files, checkpoint = published(log_home)
        assert checkpoint == before[1]
        assert all(files[path] == content for path, content in before[0].items())
        assert not (log_home / "log" / ".draft").exists()
        latest = queries.latest_checkpoint()
        assert latest is not None
        assert latest.size == 200
        assert queries.log_status().unsealed == 100  # they have places, and no signature
    assert sealer.seal(now=NOW).size == 300
    assert actions.audit(now=NOW).ok


def test_a_clock_that_is_set_back_stops_nothing_and_no_head_is_dated_back(seal_all: Seal) -> None:
    for minutes in (0, -90, -60, 5):
        enter(1)
        seal_all(NOW + timedelta(minutes=minutes))
    dated = [head.signed_at - NOW for head in queries.checkpoints(limit=9)]
    assert dated == [timedelta(minutes=minutes) for minutes in (5, 0, 0, 0)]
    assert actions.audit(now=NOW).ok


def test_after_a_move_to_another_server_old_and_new_entries_are_sealed_in_order(
    seal_all: Seal, tamper: Tamper
) -> None:
    enter(3)
    seal_all(NOW)
    old = enter(7, "A-2")
    # What a dump brings into a new server: transaction numbers above all of its own, and some among them.
    tamper("UPDATE journal_checkpoint SET cluster = '1', watermark = watermark + 900000")
    tamper("UPDATE journal_entry SET xid = (xid::text::bigint + 900000)::text::xid8 WHERE subject = 'A-1'")
    tamper("UPDATE journal_entry SET xid = (id % 4 * 900000 + 5)::text::xid8 WHERE subject = 'A-2'")
    new = enter(4, "A-3")
    assert queries.log_status().unsealed == 11
    assert seal_all(NOW) == 14
    assert [queries.leaf_position(entry.number) for entry in (*old, *new)] == list(range(3, 14))
    last = enter(2, "A-4")
    assert seal_all(NOW) == 16
    assert [queries.leaf_position(entry.number) for entry in last] == [14, 15]
    assert sealing.Sealer().seal(now=NOW).leaves == 0
    assert actions.audit(now=NOW).ok


def test_an_entry_written_in_a_longer_act_keeps_its_place_within_it(seal_all: Seal) -> None:
    with transaction.atomic():
        first, *rest = entries(1200)
        actions.append(first)
        actions.append(*rest)
    assert seal_all(NOW) == 1200
    assert queries.leaf_position(first.number) == 0
    assert queries.leaf_position(rest[-1].number) == 1199
