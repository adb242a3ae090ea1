"""What the demo remembers between two runs, in the home's `demo` folder; and starting over."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date

import psycopg

from liuquan.journal.log import keys
from liuquan.journal.queries import ENTRIES
from liuquan.kernel.home import Home
from liuquan.kernel.postgres import Server
from liuquan.kernel.postgres.roles import DATABASE, drop_database, make_database
from liuquan.kernel.refusals import WrongState

_HELD = "演示正在另一个窗口运行：请先在那里按 Ctrl-C 停下，或者用 --home 换一个文件夹。"
_NOT_A_DEMO = "“{root}”里是别的数据，不是演示，不能用来演示也不会被清除：请用 --home 换一个文件夹。"


@dataclass(frozen=True)
class Memory:
    """The demo of a home: ready or half made, its pack, its day (an ISO date), how many cases were played."""

    ready: bool
    pack: str
    today: str
    cases: int = 0

    @property
    def day(self) -> date:
        """The day the demo was last set to."""
        return date.fromisoformat(self.today)


def recall(home: Home) -> Memory | None:
    """What the last run left, if there was one; what an older version wrote besides is passed over."""
    try:
        written = json.loads((home.demo / "memory.json").read_text())
    except FileNotFoundError:
        return None
    return Memory(**{one.name: written[one.name] for one in fields(Memory) if one.name in written})


def keep(home: Home, memory: Memory) -> None:
    """Save the memory: written to a temporary file and renamed, so that it is never read half-written."""
    draft = home.demo / "memory.json.new"
    draft.write_text(json.dumps(asdict(memory)))
    draft.rename(home.demo / "memory.json")


@contextlib.contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Refuse a second demo in the same home. The lock is the process's, so it goes when the process goes."""
    with os.fdopen(os.open(home.demo / "running.lock", os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongState(_HELD, code="demo_runs") from None
        yield


def refuse_other_data(home: Home, server: Server) -> None:
    """Refuse a home that holds data of another kind: a demo never goes over them and never clears them."""
    with _admin(server, DATABASE) as connection:
        try:
            rows = connection.execute(f"SELECT 1 FROM {ENTRIES} AS e LIMIT 1".encode()).fetchone()
        except psycopg.errors.UndefinedTable:  # no tables yet
            rows = None
    if rows is not None:
        raise WrongState(_NOT_A_DEMO.format(root=home.root), code="not_a_demo")


def clear(home: Home, server: Server) -> None:
    """Start over: an empty database, no files, no log, no memory. Keys are kept; those of the log count from
    its first leaf."""
    with _admin(server, "postgres") as connection:
        drop_database(connection, DATABASE)
        make_database(connection, DATABASE, template="template1")
    for folder in (home.files, home.log):
        shutil.rmtree(folder)
    keys.begin_again()
    for path in home.demo.glob("memory.json*"):  # last: until then the home is known to be a demo's
        path.unlink()


@contextlib.contextmanager
def _admin(server: Server, database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.dsn(database), autocommit=True) as connection:
        yield connection
