"""The sealer's second fences, each shown alone: leaves that went, a tree that does not continue, the disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from liuquan.journal import actions, queries
from liuquan.journal.log.actions import sealing
from liuquan.journal.log.files import LogFiles
from liuquan.journal.types import NewEntry

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
Seal = Callable[[datetime], int]


@pytest.fixture
def five(seal_all: Seal) -> None:
    """Five sealed entries."""
    enter(5)
    assert seal_all(NOW) == 5


def enter(number: int) -> None:
    actions.append_durably(
        *(NewEntry("casework.file_opened", "A-1", "B", "P", "staff", NOW) for _ in range(number))
    )


def heads() -> list[int]:
    return [head.size for head in queries.checkpoints(limit=9)]


@pytest.mark.usefixtures("five")
def test_nothing_is_signed_where_a_leaf_under_the_head_is_gone(
    committed_db: str, postgres_server: Any
) -> None:
    with psycopg.connect(postgres_server.dsn(committed_db), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("DELETE FROM journal_leaf WHERE position = 4")
    with pytest.raises(actions.SealingRefused, match="有叶被删除"):
        actions.seal(now=NOW)
    assert heads() == [5]


@pytest.mark.usefixtures("five")
def test_no_tree_is_signed_that_does_not_continue_the_published_one(monkeypatch: pytest.MonkeyPatch) -> None:
    enter(3)
    before = queries.log_file("checkpoint")
    with monkeypatch.context() as wrong:
        wrong.setattr(sealing, "consistency_path", lambda *_: (b"x" * 32,) * 3)
        with pytest.raises(actions.SealingRefused):
            actions.seal(now=NOW)
    assert heads() == [5]
    assert queries.log_file("checkpoint") == before


def test_a_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, put = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        done.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
        sync(descriptor)

    def replace(old: Path, new: Path) -> None:
        done.append("name")
        put(old, new)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    LogFiles(tmp_path).write({"checkpoint": b"1", "tile/0/000.p/1": b"2"})
    assert done[:4] == ["file", "name", "file", "name"]
    assert set(done[4:]) == {"folder"}
    assert (tmp_path / "checkpoint").read_bytes() == b"1"
