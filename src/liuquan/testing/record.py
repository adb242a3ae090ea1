"""A transparency log of one test alone: a home of its own with fresh keys, and a sealer for it."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from liuquan.kernel.home import VARIABLE

PATIENCE_SECONDS = 20  # a neighbour's transaction ends by then; an entry that was lost never comes


@pytest.fixture
def log_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of this test: empty log, its own keys. The database stays the run's."""
    home = tmp_path / "home"
    monkeypatch.setenv(VARIABLE, str(home))
    return home


@pytest.fixture
def seal_all(committed_db: str, log_home: Path) -> Callable[[datetime], int]:
    """Seal whatever is committed, waiting for neighbours' transactions; gives the log's size."""
    from liuquan.journal import actions, queries
    from liuquan.kernel import sql

    def seal(now: datetime) -> int:
        row = sql.run_one("SELECT count(*) AS number FROM journal_entry")
        wanted = row["number"] if row else 0
        until = time.monotonic() + PATIENCE_SECONDS
        while actions.seal(now=now).size < wanted:
            if not queries.log_status().unsealed:
                break
            if time.monotonic() > until:
                raise AssertionError("an entry is never sealed")
        latest = queries.latest_checkpoint()
        return latest.size if latest else 0

    return seal
