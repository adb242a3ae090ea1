"""A log that begins over many entries, or goes on with them on another server, loses none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from liuquan.journal import actions, queries
from liuquan.journal.log.actions import sealing
from liuquan.journal.types import NewEntry
from liuquan.kernel import sql

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)
_INSERT = (
    "INSERT INTO journal_entry (event, vocabulary_version, subject, body_code, post_code, actor_kind, "
    "effective_at, public, commitment) VALUES ('casework.file_opened', 1, %s, 'B', 'P', 'staff', now(), "
    "'{}', sha256('x')) RETURNING number"
)


def enter(number: int) -> None:
    actions.append_durably(
        *(
            NewEntry("casework.file_opened", "A-1", "B", "P", "staff", NOW, public={"post": str(place)})
            for place in range(number)
        )
    )


def without_a_place() -> list[str]:
    rows = sql.run(
        "SELECT e.subject FROM journal_entry e LEFT JOIN journal_leaf l ON l.entry_id = e.id "
        "WHERE l.position IS NULL"
    )
    return [row["subject"] for row in rows]


@pytest.fixture
def busy_writers(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """While switched on, others enter and commit between the sealer's look at what runs and each batch."""
    take = sealing.Sealer._integrate_batch

    def among_writers(self: sealing.Sealer, place: Any, upto: int, beyond: int) -> Any:
        enter(4)
        return take(self, place, upto, beyond)

    return lambda on: monkeypatch.setattr(sealing.Sealer, "_integrate_batch", among_writers if on else take)


def test_an_entry_that_was_open_while_its_number_went_by_is_sealed_after_the_first_look(
    committed_db: str,
    postgres_server: Any,
    log_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    busy_writers: Callable[[bool], None],
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    monkeypatch.setattr(sealing, "BATCHES", 2)
    sealer = sealing.Sealer()
    with psycopg.connect(postgres_server.dsn(committed_db, "liuquan_app")) as slow:
        enter(2)
        slow.execute(_INSERT, ["SLOW"])
        busy_writers(True)
        assert all(sealer.seal(now=NOW).more for _ in range(2))
        busy_writers(False)
        assert "SLOW" not in without_a_place()  # nobody else sees it yet
        slow.commit()
    for _ in range(40):
        if not sealer.seal(now=NOW).more:
            break
    assert without_a_place() == []
    assert actions.seal(now=NOW).leaves == 0  # the mark that was stored is not above it either
    found = actions.audit(now=NOW)
    assert found.ok, found.problems


def test_one_call_seals_everything_that_is_committed_before_it(
    committed_db: str, log_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    monkeypatch.setattr(sealing, "BATCHES", 2)
    enter(20)
    assert actions.seal(now=NOW).size == 20
    assert queries.log_status().unsealed == 0


def test_a_sealer_that_finds_nothing_and_reports_more_ends(
    committed_db: str, log_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(1)
    monkeypatch.setattr(sealing.Sealer, "_integrate", lambda self: ([], False))
    with pytest.raises(RuntimeError, match="finds none"):
        actions.seal(now=NOW)
    assert queries.log_status().leaves == 0
