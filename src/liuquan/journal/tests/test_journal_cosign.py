"""A witness with its tables: heads move forward once, whatever runs at once, and evidence is kept."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from liuquan.journal import queries
from liuquan.journal.actions import cosign, drop_log, know_log, retire_log_key
from liuquan.journal.witness import queries as witness_queries
from liuquan.journal.witness.actions.refused_heads import settle
from liuquan.journal.witness.rules import WitnessRefusal
from liuquan.kernel import sql
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.merkle import (
    SHA256,
    Advance,
    Checkpoint,
    Signer,
    Tree,
    checkpoint_of,
    consistency_path,
    ed25519_signer,
    open_checkpoint,
    parse_signatures,
)
from liuquan.organisation.types import SYSTEM

ORIGIN = "county.example/log"
COUNTY = ed25519_signer(ORIGIN, bytes(range(32)))
NEXT = ed25519_signer(ORIGIN, bytes(range(1, 33)))
CITY = ed25519_signer("city.example/witness", bytes(range(2, 34)), witness=True)
NOW = datetime(2026, 3, 20, 2, tzinfo=UTC)


def tree(size: int, *, word: str = "act") -> Tree:
    grown = Tree(SHA256)
    grown.extend(SHA256.leaves(f"{word} {n}".encode() for n in range(size)))
    return grown


def head(of: Tree) -> Checkpoint:
    return checkpoint_of(SHA256, origin=ORIGIN, size=of.size, root=of.root())


def advance(of: Tree, old: int, *, by: Signer = COUNTY, path: tuple[bytes, ...] | None = None) -> bytes:
    path = consistency_path(of, old, of.size) if path is None else path
    return str(Advance(old, path, head(of).signed(by))).encode()


def hand(body: bytes, *, now: datetime = NOW) -> str:
    return cosign(body, signer=CITY, now=now)


def refused(body: bytes) -> tuple[int, int | None, str | None]:
    with pytest.raises(WitnessRefusal) as found:
        hand(body)
    return found.value.status, found.value.size, found.value.misdeed


@pytest.fixture
def county(db: None) -> None:
    know_log(COUNTY.key.text, by=SYSTEM, now=NOW, label="某县政务服务中心")


@pytest.mark.usefixtures("county")
def test_a_head_is_cosigned_and_the_log_moves_forward() -> None:
    line = hand(advance(tree(7), 0))
    note = head(tree(7)).signed(COUNTY).with_signatures(parse_signatures(line))
    opened = open_checkpoint(note, log_keys=[COUNTY.key], witnesses=[CITY.key])
    assert [(each.key, each.at) for each in opened.cosigned] == [(CITY.key, NOW)]
    hand(advance(tree(20), 7))
    log = queries.known_log(ORIGIN)
    assert log is not None
    assert (log.size, log.head, log.shown) == (20, head(tree(20)), "某县政务服务中心")
    assert log.note.count("\n— ") == 2
    assert queries.refused_heads() == []


@pytest.mark.usefixtures("county")
def test_a_lagging_client_moves_nothing_and_leaves_no_trace() -> None:
    hand(advance(tree(20), 0))
    assert refused(advance(tree(25), 7)) == (409, 20, None)
    assert refused(advance(tree(20), 0)) == (409, 20, None)
    with pytest.raises(WitnessRefusal) as stranger:
        hand(advance(tree(25), 20, by=NEXT))
    assert stranger.value.status == 403
    log = queries.known_log(ORIGIN)
    assert log is not None
    assert log.size == 20
    assert queries.refused_heads() == []


@pytest.mark.usefixtures("county")
def test_a_fork_and_a_rewind_are_kept_with_both_notes_and_entered_once() -> None:
    hand(advance(tree(20), 0))
    other, short = tree(20, word="other"), tree(9, word="other")
    for _ in range(2):
        assert refused(advance(other, 20)) == (409, 20, "fork")
        assert refused(advance(short, 0)) == (409, 20, "rewind")
    rewind, fork = queries.refused_heads()
    assert (fork.misdeed, fork.offered_size, fork.known_size) == ("fork", 20, 20)
    assert (rewind.misdeed, rewind.offered_size) == ("rewind", 9)
    assert fork.offered_note == str(head(other).signed(COUNTY))
    assert fork.known_note.startswith(head(tree(20)).text)
    entered = [entry for entry in queries.entries_of(ORIGIN) if entry.event == "journal.witness_refused"]
    assert [entry.number for entry in entered] == [fork.entry, rewind.entry]
    assert entered[0].public["offered_root"] == other.root().hex()
    assert "分叉" in entered[0].sentence


@pytest.mark.usefixtures("county")
def test_a_replayed_old_head_is_no_evidence() -> None:
    hand(advance(tree(7), 0))
    hand(advance(tree(20), 7))
    assert refused(advance(tree(7), 0)) == (409, 20, None)
    assert queries.refused_heads() == []


@pytest.mark.usefixtures("county")
def test_a_badly_proven_head_is_a_suspicion_that_goes_when_it_is_proven() -> None:
    hand(advance(tree(7), 0))
    assert refused(advance(tree(20), 7, path=())) == (422, None, "proof")
    assert queries.refused_heads()[0].settled_at is None
    later = NOW + timedelta(minutes=1)
    hand(advance(tree(20), 7), now=later)
    assert queries.refused_heads()[0].settled_at == later
    assert queries.entries_of(ORIGIN)[-1].event == "journal.witness_resumed"


@pytest.mark.usefixtures("county")
def test_strangers_can_raise_one_suspicion_at_a_time_and_never_hide_a_fork() -> None:
    hand(advance(tree(7), 0))
    hand(advance(tree(30), 7))
    for size in range(8, 20):  # heads of an honest log that we never cosigned
        assert refused(advance(tree(size), 0)) == (409, 30, "rewind")
    assert refused(advance(tree(40), 30, path=())) == (422, None, "proof")
    assert [each.offered_size for each in queries.refused_heads()] == [8]
    assert refused(advance(tree(30, word="other"), 30)) == (409, 30, "fork")
    assert refused(advance(tree(7, word="other"), 0)) == (409, 30, "fork")
    assert [each.misdeed for each in queries.refused_heads()] == ["fork", "fork", "rewind"]
    first = queries.refused_heads()[-1]
    settle(first, now=NOW)
    assert refused(advance(tree(8), 0)) == (409, 30, "rewind")  # placed already: not entered again
    assert refused(advance(tree(9), 0)) == (409, 30, "rewind")
    assert [each.offered_size for each in witness_queries.suspicions(ORIGIN)] == [9]
    entered = [entry.event for entry in queries.entries_of(ORIGIN)]
    assert entered.count("journal.witness_refused") == 4


@pytest.mark.usefixtures("county")
def test_a_log_that_is_dropped_while_its_head_is_checked_is_not_cosigned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hand(advance(tree(7), 0))
    found = queries.known_log(ORIGIN)
    drop_log(ORIGIN, by=SYSTEM, now=NOW)
    looks = iter([found])  # what the request saw before
    monkeypatch.setattr(witness_queries, "known_log", lambda origin: next(looks, None))
    assert refused(advance(tree(20), 7)) == (409, 0, None)
    row = sql.run_one("SELECT size FROM journal_known_log")
    assert row == {"size": 7}
    assert sql.run("SELECT 1 AS one FROM journal_seen_head WHERE size = 20") == []


@pytest.mark.usefixtures("county")
def test_the_database_itself_refuses_to_take_a_head_back() -> None:
    hand(advance(tree(20), 0))
    for change in ("size = 7", "size = NULL", "root = decode(repeat('00', 32), 'hex')"):
        with pytest.raises(DatabaseError, match="may not go back"), transaction.atomic():
            sql.run(f"UPDATE journal_known_log SET {change}")
    for table in ("journal_seen_head", "journal_refused_head", "journal_known_log", "journal_cosignature"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            sql.run(f"DELETE FROM {table}")
    log = queries.known_log(ORIGIN)
    assert log is not None
    assert log.size == 20


@pytest.mark.usefixtures("committed_db")
def test_of_many_requests_at_once_none_rolls_the_log_back() -> None:
    know_log(COUNTY.key.text, by=SYSTEM, now=NOW)
    hand(advance(tree(7), 0))
    whole, answers = tree(40), []

    def ask(size: int) -> None:
        part = tree(size)
        try:
            hand(advance(part, 7, path=consistency_path(whole, 7, size)))
            answers.append((size, 200))
        except WitnessRefusal as refusal:
            answers.append((size, refusal.status))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(size,)) for size in (40, 9, 33, 12, 20, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [size for size, status in answers if status == 200]
    assert len(answers) == 6
    assert len(winners) == 1
    log = queries.known_log(ORIGIN)
    assert log is not None
    assert log.size == winners[0]
    assert {status for size, status in answers if size not in winners} == {409}


@pytest.mark.usefixtures("county")
def test_a_key_is_replaced_and_the_old_one_counts_no_further() -> None:
    hand(advance(tree(7), 0))
    know_log(NEXT.key.text, by=SYSTEM, now=NOW, from_size=8)
    retire_log_key(COUNTY.key.text, until_size=7, by=SYSTEM, now=NOW)
    with pytest.raises(WitnessRefusal) as old:
        hand(advance(tree(20), 7))
    assert old.value.status == 403
    hand(advance(tree(20), 7, by=NEXT))
    log = queries.known_log(ORIGIN)
    assert log is not None
    assert log.size == 20
    drop_log(ORIGIN, by=SYSTEM, now=NOW)
    with pytest.raises(WitnessRefusal) as gone:
        hand(advance(tree(21), 20, by=NEXT))
    assert gone.value.status == 404
    with pytest.raises(NotVisible):
        drop_log(ORIGIN, by=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "county.example/log",
        COUNTY.key.text[:-2] + "A=",
        CITY.key.text,
        ed25519_signer("localhost/log", bytes(32)).key.text,
        ed25519_signer("x" * 60 + ".long/log", bytes(32)).key.text,
        ed25519_signer("plain", bytes(32)).key.text,
    ],
)
def test_what_is_no_key_of_another_log_is_refused(db: None, key: str) -> None:
    with pytest.raises(BadInput) as found:
        know_log(key, by=SYSTEM, now=NOW)
    assert found.value.sentence.endswith("。")
    assert queries.known_logs() == []
