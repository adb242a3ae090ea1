"""`./run demo` as a newcomer meets it: prepared once, gone on with, never taken back in time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from liuquan.kernel.home import Home
from liuquan.kernel.postgres.cluster import SUPERUSER
from liuquan.kernel.postgres.sharing import serving
from liuquan.kernel.refusals import WrongState
from liuquan.site.rehearsal import memory
from liuquan.testing.room import room

pytestmark = pytest.mark.slow

RECORDED = "SELECT count(*), max(id), max(effective_at), max(recorded_at) FROM journal_entry"


def demo(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as `./run demo` does, without serving."""
    # The suite's own settings must not reach the demo.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIUQUAN_")}
    environment["DJANGO_SETTINGS_MODULE"] = "liuquan.site.settings"
    return subprocess.run(
        [sys.executable, "-m", "liuquan.site.command", "demo", "--no-serve", "--home", str(home), *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A home whose server is kept running, so that each run need not start and stop it."""
    with tempfile.TemporaryDirectory(prefix="liuquan-", dir=room()) as made:
        Path(made).chmod(0o755)
        home = Path(made) / "home"
        with serving(Home(home), {"fsync": "off", "shared_buffers": "32MB"}):
            yield home


@pytest.fixture(scope="module")
def prepared(folder: Path) -> dict[str, Any]:
    """What the first run said: the demo of the second day of its weeks."""
    made = demo(folder, "--today", "2026-02-03", "--port", "8765", "--json")
    assert made.returncode == 0, made.stderr
    said: dict[str, Any] = json.loads(made.stdout)
    return said


def recorded(folder: Path) -> tuple[Any, ...]:
    with serving(Home(folder)) as server, psycopg.connect(server.dsn("liuquan", SUPERUSER)) as connection:
        row = connection.execute(RECORDED).fetchone()
    assert row is not None
    return row


def test_the_first_run_makes_a_city_and_says_who_may_sign_in(prepared: dict[str, Any], folder: Path) -> None:
    assert (prepared["made"], prepared["address"]) == (True, "http://127.0.0.1:8765")
    assert prepared["now"].startswith("2026-02-03T09:00:0")
    roles = {account["role"] for account in prepared["accounts"]}
    assert {"window_clerk", "examiner", "approver", "body_head", "supervisor"} <= roles
    assert all(len(case["code"]) == 10 for case in prepared["cases"])
    assert 5 < prepared["played"] < 30
    assert recorded(folder)[0] > 50


def test_a_second_run_goes_on_and_changes_nothing(prepared: dict[str, Any], folder: Path) -> None:
    before = recorded(folder)
    again = json.loads(demo(folder, "--json").stdout)
    assert (again["made"], again["played"]) == (False, prepared["played"])
    assert again["now"].startswith("2026-02-03T09:00:0")
    assert recorded(folder) == before


def test_a_day_before_what_was_played_is_refused(prepared: dict[str, Any], folder: Path) -> None:
    before = recorded(folder)
    refused = demo(folder, "--today", "2026-02-02")
    assert refused.returncode == 1
    assert refused.stderr.strip().endswith(
        "演示已经到了2026-02-03，不能回到2026-02-02：请把 --today 设在这一天以后，或者用 --fresh 从头开始。"
    )
    assert recorded(folder) == before


def test_a_home_with_other_data_is_not_used(prepared: dict[str, Any], folder: Path) -> None:
    home = Home(folder)
    with serving(home) as server:
        with pytest.raises(WrongState, match="不是演示"):
            memory.refuse_other_data(home, server)
        with psycopg.connect(server.dsn("liuquan", SUPERUSER)) as connection:
            rows = connection.execute("SELECT count(*) FROM casework_case").fetchone()
    assert rows == (prepared["played"],)
