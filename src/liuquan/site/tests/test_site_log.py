"""The commands of the transparency log, and its process."""

from __future__ import annotations

import logging
import threading
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from liuquan.journal import actions, queries
from liuquan.journal.log import keys
from liuquan.journal.log.actions import key_changes
from liuquan.journal.types import NewEntry, SealingResult
from liuquan.kernel.home import Home
from liuquan.kernel.refusals import WrongState
from liuquan.site import sealing
from liuquan.site.commands import log
from liuquan.site.rehearsal import memory

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
Seal = Callable[[datetime], int]


def enter(number: int) -> None:
    actions.append_durably(
        *(NewEntry("casework.file_opened", "A-1", "B", "P", "staff", NOW) for _ in range(number))
    )


def test_the_commands_tell_people_and_programs_the_same(seal_all: Seal) -> None:
    assert log.status(Namespace()).data["tree_size"] == 0
    enter(3)
    waiting = log.status(Namespace())
    assert waiting.data["unsealed"] == 3
    assert "等待入册 3 条" in waiting.sentence
    seal_all(NOW)
    assert log.seal(Namespace(watch=False, rewrite=False)).data == {
        "leaves": 0,
        "tree_size": 3,
        "busy": False,
    }
    found = log.audit(Namespace(processes=1))
    assert {key: found.data[key] for key in ("ok", "entries", "tree_size", "first_problem")} == {
        "ok": True,
        "entries": 3,
        "tree_size": 3,
        "first_problem": None,
    }
    assert found.data["root"] == log.status(Namespace()).data["root"]
    assert found.exit_code == 0
    assert "核查通过：3 条记录" in found.sentence


def test_an_audit_that_fails_ends_with_one_and_names_the_first_problem(
    seal_all: Seal, committed_db: str, postgres_server: Any
) -> None:
    enter(3)
    seal_all(NOW)
    with psycopg.connect(postgres_server.dsn(committed_db), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("DELETE FROM journal_entry WHERE id = (SELECT min(id) FROM journal_entry)")
    found = log.audit(Namespace(processes=1))
    assert found.exit_code == 1
    assert found.data["ok"] is False
    assert "的记录已被删除" in str(found.data["first_problem"])
    assert str(found.data["first_problem"]) in found.sentence


def test_damaged_files_are_written_again_on_demand(seal_all: Seal, log_home: Path) -> None:
    enter(300)
    seal_all(NOW)
    tile = log_home / "log" / "tile" / "0" / "000"
    whole = tile.read_bytes()
    tile.write_bytes(whole[:-1])
    assert log.audit(Namespace(processes=1)).exit_code == 1
    assert log.seal(Namespace(watch=False, rewrite=True)).data == {"tree_size": 300}
    assert tile.read_bytes() == whole
    assert log.audit(Namespace(processes=1)).exit_code == 0


def test_the_process_goes_on_after_trouble_and_says_it_once(
    committed_db: str, log_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, tries = threading.Event(), 0

    def seal(self: actions.Sealer, *, now: datetime) -> SealingResult:
        nonlocal tries
        tries += 1
        if tries > 4:
            stop.set()
            return SealingResult()
        raise OSError(28, "No space left on device") if tries < 3 else WrongState("日志没有签署。")

    monkeypatch.setattr(actions.Sealer, "seal", seal)
    monkeypatch.setattr(sealing, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(sealing, "REFUSED_PAUSE_SECONDS", 0.0)
    with caplog.at_level(logging.WARNING):
        sealing.watch(stop)
    said = [record.getMessage() for record in caplog.records if record.name == sealing.logger.name]
    assert len(said) == 3, said
    assert "No space left" in said[0]
    assert "没有签署" in said[1]
    assert said[2] == "sealing goes on"
    assert queries.latest_checkpoint() is None


def test_a_demo_that_starts_over_signs_with_the_key_it_has_changed_to(
    seal_all: Seal, log_home: Path, committed_db: str, postgres_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(5)
    seal_all(NOW)
    key_changes.rotate_log_key(reason=key_changes.ROTATED, now=NOW)
    seal_all(NOW)
    key_changes.finish_log_rotation(now=NOW)
    (new,) = keys.register().signing()
    superuser = psycopg.connect(postgres_server.dsn(committed_db), autocommit=True)
    superuser.execute("SET session_replication_role = replica")
    monkeypatch.setattr(memory, "_admin", lambda *_: superuser)
    monkeypatch.setattr(
        memory,
        "drop_database",
        lambda admin, _: admin.execute("TRUNCATE journal_entry, journal_checkpoint, journal_leaf CASCADE"),
    )
    monkeypatch.setattr(memory, "make_database", lambda *_, **__: None)
    memory.clear(Home(log_home), postgres_server)
    assert keys.register().keys == (replace(new, from_size=0),)
    enter(1)
    assert seal_all(NOW) == 1
    assert actions.audit(now=NOW).ok
