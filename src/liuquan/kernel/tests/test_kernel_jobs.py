"""Jobs: deferred with the transaction that makes them necessary, and done in the end."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from liuquan.kernel import jobs
from liuquan.kernel.sql import run, run_one

WORKER = """
import asyncio, os, signal, sys
import django
from procrastinate.contrib.django import app
django.setup()
from liuquan.kernel import jobs

mark = sys.argv[1]

@jobs.job("test.mark")
def work(word: str) -> None:
    if not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)  # dies in the middle of the work
    with open(mark, "a") as file:
        file.write(word)
    os.kill(os.getpid(), signal.SIGTERM)

recover = jobs.recover_stalled

async def at_the_start(working):
    jobs.recover_stalled = recover
    return await recover(working, seconds=0)

jobs.recover_stalled = at_the_start
asyncio.run(jobs.run_worker())
"""


@pytest.fixture(autouse=True)
def _the_job() -> None:
    """A job to defer; registered once, for the whole process."""
    if "test.mark" not in app.tasks:
        jobs.job("test.mark")(lambda word: None)


def waiting() -> list[tuple[str, dict[str, object]]]:
    rows = run("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
    return [(row["task_name"], row["args"]) for row in rows]


def work_until_it_ends(database: str, mark: Path) -> int:
    host = connection.settings_dict["HOST"]
    environment = {**os.environ, "DATABASE_URL": f"postgresql://liuquan_app@/{database}?host={host}"}
    environment["DJANGO_SETTINGS_MODULE"] = "liuquan.site.settings"
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(mark)], env=environment, timeout=180, check=False
    )
    return done.returncode


def test_a_rolled_back_transaction_leaves_no_job(committed_db: str) -> None:
    with transaction.atomic():
        jobs.defer("test.mark", word="a")
        transaction.set_rollback(True)
    assert waiting() == []
    with transaction.atomic():
        jobs.defer("test.mark", word="b")
    assert waiting() == [("test.mark", {"word": "b"})]


@pytest.mark.django_db
def test_a_job_is_deferred_within_the_statement_once_for_each_row_it_changed() -> None:
    part = jobs.defer_cte(
        "test.mark",
        alias="told",
        source="changed",
        columns={"word": "changed.word"},
        values={"reason": "到期"},
    )
    run(f"WITH changed (word) AS (VALUES ('甲'), ('乙')), {part.sql} SELECT 1", part.params)
    assert waiting() == [
        ("test.mark", {"word": "甲", "reason": "到期"}),
        ("test.mark", {"word": "乙", "reason": "到期"}),
    ]


@pytest.mark.django_db
def test_our_row_is_the_one_that_the_library_would_make() -> None:
    jobs.defer("test.mark", word="a")
    app.configure_task("test.mark").defer(word="a")
    columns = "queue_name, task_name, priority, lock, queueing_lock, args, status, scheduled_at, attempts"
    ours, theirs = run(f"SELECT {columns} FROM procrastinate_jobs ORDER BY id")
    assert ours == theirs
    assert run_one("SELECT count(*) AS n FROM procrastinate_events WHERE type = 'deferred'") == {"n": 2}


def test_a_job_that_nobody_registered_is_refused() -> None:
    with pytest.raises(LookupError, match=r"jobs\.py"):
        jobs.defer("nobody.knows")


@pytest.mark.slow
def test_the_job_of_a_killed_worker_is_done_by_the_next_one(committed_db: str, tmp_path: Path) -> None:
    jobs.defer("test.mark", word="done")
    mark = tmp_path / "mark"
    assert work_until_it_ends(committed_db, mark) == -signal.SIGKILL
    status = "SELECT status FROM procrastinate_jobs WHERE task_name = 'test.mark'"
    assert run(status) == [{"status": "doing"}]
    assert work_until_it_ends(committed_db, mark) == 0
    assert mark.read_text() == "done"
    assert run(status) == []


def test_committed_databases_are_seen_by_other_threads(committed_db: str) -> None:
    seen: list[object] = []

    def look() -> None:
        seen.append(run_one("SELECT current_database() AS name, current_user AS role"))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [{"name": committed_db, "role": "liuquan_app"}]
