"""The sealer and the audit over a journal of many entries; how long an entry waits under full load, and what
the sealer costs those who write."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import clients
import office
import psycopg
from figures import Figure, median

from liuquan.kernel.home import current_home

SEALING_AIM = 40_000  #: entries a second
AUDIT_SECONDS = 30  #: for a million entries
LAG_AIM = 1.0  #: seconds, the 99th of a hundred
_AT_ONCE = 10_000
_MANY = """
WITH made AS (
    INSERT INTO journal_entry (event, vocabulary_version, subject, body_code, post_code, actor_kind,
        from_state, to_state, effective_at, public, commitment)
    SELECT 'application.step_completed', 1, 'YX-2026-' || (n / 9), %(body)s, 'A-1', 'staff', 'examining',
        'examining', %(at)s, %(public)s::jsonb || jsonb_build_object('due', n::text),
        decode(%(commitment)s, 'hex')
    FROM generate_series(1, %(number)s) AS n
    RETURNING id
)
INSERT INTO journal_private (entry_id, salt, "values")
SELECT id, decode(%(salt)s, 'hex'), decode(%(private)s, 'hex') FROM made
"""
_BARE = """
INSERT INTO bare_leaf SELECT row_number() OVER (ORDER BY e.id), e.id,
    sha256(convert_to(e.number::text || e.public::text, 'UTF8'))
FROM (SELECT * FROM journal_entry WHERE id > %s ORDER BY id LIMIT 1000) AS e RETURNING entry_id
"""


def measure(
    server: Any, applicants: Sequence[str], repetitions: int, entries: int, each: int
) -> list[Figure]:
    """Every figure of the sealer: first beside writers, then alone over many entries."""
    with psycopg.connect(server.dsn("liuquan"), autocommit=True) as owner:
        return [*_beside_writers(applicants, repetitions, each), *_alone(owner, entries)]


# ── beside writers ──


def _beside_writers(applicants: Sequence[str], repetitions: int, each: int) -> Iterator[Figure]:
    paces: dict[tuple[str, bool], list[float]] = {}
    lags: list[float] = []
    with clients.clients(applicants) as lines, _sealer() as sealer:
        for kind in ("engine", "packed"):
            clients.pace(lines, kind, 5)  # statements prepared
        for _ in range(repetitions):
            for kind in ("engine", "packed"):
                for sealed in (False, True):
                    if sealed:
                        sealer.send("go")
                        sealer.recv()  # what was written meanwhile is sealed
                    pace = clients.pace(lines, kind, each)
                    paces.setdefault((kind, sealed), []).append(pace.a_second)
                    if sealed:
                        sealer.send("stop")
                        lags += _lags(*sealer.recv())
    lags.sort()
    p99 = lags[int(len(lags) * 0.99)]
    for kind, named in (("engine", "by the engine"), ("packed", "by bare packed SQL")):
        ours, peers = paces[kind, True], paces[kind, False]
        yield Figure(
            f"lifecycles at {clients.CLIENTS} clients {named}, while the sealer runs",
            "lifecycles/s",
            median(ours),
            "the same without a sealer: it holds no lock that a writer wants",
            median(peers),
            ours,
            peers,
        )
    yield Figure(
        f"entries that wait less than p99 from their recording to a published checkpoint, {len(lags):,} "
        f"entries\n  half within {median(lags):.2f} s, p99 {p99:.2f} s, longest {lags[-1]:.2f} s",
        "1/s",
        1 / p99,
        wish=f"p99 at most {LAG_AIM:.0f} s",
    )


def _lags(first: int, published: list[tuple[int, float]]) -> list[float]:
    """Seconds from an entry's recording (the start of its transaction) to the checkpoint it stands under."""
    from liuquan.kernel import sql

    sizes = [size for size, _ in published]
    rows = sql.run(
        "SELECT l.position, extract(epoch FROM e.recorded_at)::float AS at FROM journal_leaf l "
        "JOIN journal_entry e ON e.id = l.entry_id WHERE l.position >= %(first)s AND l.position < %(last)s",
        {"first": first, "last": sizes[-1] if sizes else 0},
    )
    return [published[bisect_right(sizes, row["position"])][1] - row["at"] for row in rows]


@contextmanager
def _sealer() -> Iterator[Connection]:
    """A sealer in a process of its own, as `liuquan serve` has one; it works between `go` and `stop`."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    child = spawning.Process(target=_seal, args=(theirs,), daemon=True)
    child.start()
    try:
        yield ours
    finally:
        ours.send(None)
        child.join(timeout=20)


def _seal(line: Connection) -> None:
    office.set_up()
    from liuquan.journal.actions import Sealer
    from liuquan.site.sealing import PAUSE_SECONDS

    sealer = Sealer()
    while line.recv() is not None:
        while sealer.seal(now=office.NOW).more:
            pass
        first, published = sealer.seal(now=office.NOW).size, []
        line.send("ready")
        while True:
            done = sealer.seal(now=office.NOW)
            if done.checkpoint:
                published.append((done.size, time.time()))
            elif line.poll():
                break
            time.sleep(0 if done.more else PAUSE_SECONDS)
        line.recv()  # the word to stop
        line.send((first, published))


# ── alone ──


def _alone(owner: psycopg.Connection[Any], entries: int) -> Iterator[Figure]:

    begin_anew(owner)
    lay(owner, entries)
    owner.execute("VACUUM ANALYZE journal_entry, journal_private")
    bare = _rate(entries, lambda: _number(owner, entries))
    busy = _busy()
    sealing = _rate(entries, lambda: sealed(entries))
    busy = _busy() - busy
    yield Figure(
        f"{entries:,} entries sealed in batches of 1,000: leaves, tiles, bundles, signed checkpoints\n"
        f"  {entries / busy:,.0f} for a second of processor time of sealer and server",
        "entries/s",
        sealing,
        "bare SQL: numbered and hashed in the server, as many commits",
        bare,
        wish=f"{SEALING_AIM:,} a second",
    )
    owner.execute("VACUUM ANALYZE journal_entry, journal_private, journal_leaf")
    reading = _rate(entries, lambda: _read(owner))
    auditing = _rate(entries, audited)
    yield Figure(
        f"{entries:,} entries audited on all cores: leaves, private parts, tiles, bundles, checkpoints\n"
        f"  a million in {1_000_000 / auditing:.0f} s",
        "entries/s",
        auditing,
        "reading the same rows and doing nothing with them",
        reading,
        wish=f"a million in {AUDIT_SECONDS} s",
    )


def begin_anew(owner: psycopg.Connection[Any]) -> None:
    """An empty journal and log: the bare clients' private parts are none that an audit could open."""
    owner.execute("SET session_replication_role = replica")
    for table in ("journal_checkpoint", "journal_leaf", "journal_private", "journal_entry"):
        owner.execute(f"DELETE FROM {table}".encode())
    owner.execute("RESET session_replication_role")
    owner.execute("VACUUM journal_checkpoint, journal_leaf, journal_private, journal_entry")
    shutil.rmtree(current_home().log)


def lay(owner: psycopg.Connection[Any], number: int) -> None:
    """Enter so many acts as the engine enters them, with a private part each."""
    from liuquan.journal import actions
    from liuquan.kernel import secrecy

    private, salt = {"opinion": "材料齐全，符合法定形式，建议准予。", "staff": 7}, secrecy.new_salt()
    sealed = secrecy.encrypt(json.dumps(private, ensure_ascii=False), purpose=actions.PRIVATE_PURPOSE)
    public = {"step": "review", "step_name": "审查", "result": "agree", "result_label": "同意"}
    for start in range(0, number, _AT_ONCE):
        owner.execute(
            _MANY,
            {
                "body": office.BODY,
                "at": office.NOW,
                "public": json.dumps(public, ensure_ascii=False),
                "commitment": secrecy.commitment(private, salt).hex(),
                "salt": salt.hex(),
                "private": sealed.hex(),
                "number": min(_AT_ONCE, number - start),
            },
        )


def sealed(entries: int) -> None:
    """Seal everything; it must be so many entries."""
    from liuquan.journal import actions

    if actions.seal(now=office.NOW).leaves != entries:
        raise RuntimeError("entries were not sealed: something else runs on this server")


def _number(owner: psycopg.Connection[Any], entries: int) -> None:
    owner.execute(
        "CREATE TABLE bare_leaf (position bigint, entry_id bigint PRIMARY KEY, leaf_hash bytea NOT NULL)"
    )
    row = owner.execute("SELECT max(id) FROM journal_entry").fetchone()
    last = (row[0] if row else 0) - entries
    for _ in range(0, entries, 1000):
        done = owner.execute(_BARE, [last]).fetchall()
        last = max(done)[0]


def _read(owner: psycopg.Connection[Any]) -> None:
    with owner.transaction(), owner.cursor("all") as rows:
        rows.itersize = 16_384
        rows.execute(
            "SELECT * FROM journal_leaf l JOIN journal_entry e ON e.id = l.entry_id "
            "LEFT JOIN journal_private p ON p.entry_id = e.id ORDER BY l.position"
        )
        for _ in rows:
            pass


def audited() -> None:
    """Audit the whole log on all cores; it must be sound."""
    from liuquan.journal import actions

    found = actions.audit(now=office.NOW, processes=0)
    if not found.ok:
        raise RuntimeError(found.first_problem)


def _busy() -> float:
    """Processor seconds of this process and of the server's process that works for it: other load on the
    machine hardly changes them, and alone on a machine a sealer that waits for nothing takes no longer."""
    from liuquan.kernel import sql

    row = sql.run_one("SELECT pg_backend_pid() AS number")
    return clients.busy(row["number"] if row else 0)


def _rate(number: int, work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return number / (time.perf_counter() - begin)
