"""What of each figure is our own work, to be repeated and timed by processor: no peer is in it.

Two commits are compared by these: each does the same tasks in a home of its own, in turns.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import office
import psycopg
from suite import Office


@dataclass(frozen=True)
class Task:
    """Work that is timed: `work` does it and returns how many units it did, `prepare` goes before untimed."""

    name: str
    unit: str
    work: Callable[[], int]
    prepare: Callable[[], object] = lambda: None


Tasks = Callable[[Office, ExitStack], Iterator[Task]]


def _lifecycles(place: Office, until: ExitStack) -> Iterator[Task]:
    import clients

    lines = until.enter_context(clients.clients(place.applicants))
    each = place.much(40, 10)

    def work() -> int:
        clients.pace(lines, "engine", each)
        return each * clients.CLIENTS

    yield Task("lifecycles", "lifecycle", work)


def _submitting(place: Office, until: ExitStack) -> Iterator[Task]:
    import submitting

    submit, _ = submitting.counter()
    yield Task("submitting", "submission", _times(submit, place.much(200, 50)))


def _deadlines(place: Office, until: ExitStack) -> Iterator[Task]:
    import clock

    from liuquan.clock import Limit, Unit, deadline
    from liuquan.law import national_calendar

    calendar, limit = national_calendar(), Limit(clock.LIMIT, Unit.WORKING_DAY)
    starts = clock.starts_of(place.much(100_000, 20_000))

    def work() -> int:
        for on in starts:
            deadline(limit, on, calendar)
        return len(starts)

    yield Task("deadlines", "deadline", work)


def _statutory(place: Office, until: ExitStack) -> Iterator[Task]:
    import clock

    from liuquan.law import national_calendar

    due_on, starts = national_calendar().due_on, clock.starts_of(place.much(2_000_000, 200_000))

    def work() -> int:
        for on in starts:
            due_on(on, clock.LIMIT)
        return len(starts)

    yield Task("statutory", "due date", work)


def _log(place: Office, until: ExitStack) -> Iterator[Task]:
    import merkle

    entries = merkle.real_leaves(place.much(200_000, 20_000))
    for kind in (merkle.SHA256, merkle.SM3):

        def work(kind: Any = kind) -> int:
            merkle.grow(kind, entries)
            return len(entries)

        yield Task(f"log: leaves, {kind.name}", "leaf", work)
    tree = merkle.TiledTree(merkle.SHA256, merkle.LEAVES_10M, merkle.large_tree())
    root, chance = tree.root(), random.Random(9162)  # noqa: S311 - not a secret
    places = [chance.randrange(merkle.LEAVES_10M) for _ in range(place.much(5_000, 500))]

    def prove() -> int:
        merkle.prove(tree, places, root)
        return len(places)

    yield Task("log: proofs", "proof", prove)


def _sealing(place: Office, until: ExitStack) -> Iterator[Task]:
    import sealing

    owner, entries = _owner(place, until), place.much(100_000, 10_000)

    def lay() -> None:
        sealing.begin_anew(owner)
        sealing.lay(owner, entries)
        owner.execute("VACUUM ANALYZE journal_entry, journal_private")

    def seal() -> int:
        sealing.sealed(entries)
        return entries

    def audit() -> int:
        sealing.audited()
        return entries

    yield Task("sealing", "entry", seal, lay)
    yield Task("audit", "entry", audit)


def _sweeping(place: Office, until: ExitStack) -> Iterator[Task]:
    import sweeping

    from liuquan.casework import actions

    owner, marks = _owner(place, until), iter(range(10_000))
    owner.execute("SET session_replication_role = replica")  # history is laid, not lived
    many = place.much(100_000, 10_000)
    sweeping.lay(owner, "open", many, "acceptance", days=40, effect="deem_accepted", terms="{}")
    owner.execute("ANALYZE casework_case, casework_deadline")
    for name, key, effect in (("silences", "acceptance", "deem_accepted"), ("breaches", "promised", "")):

        def lay(key: str = key, effect: str = effect) -> None:
            sweeping.lay(owner, f"due{next(marks)}-", sweeping.DUE, key, days=-1, effect=effect)

        def work() -> int:
            return actions.sweep(now=office.NOW, limit=sweeping.DUE)

        yield Task(f"sweeping: {name}", "case", work, lay)


def _recounting(place: Office, until: ExitStack) -> Iterator[Task]:
    import recounting

    from liuquan.casework.actions import reprojection

    owner, number = _owner(place, until), place.open_deadlines

    def work() -> int:
        calendar = recounting.closing(recounting.LATE, recounting.EARLY)
        reprojection.reproject(calendar, now=office.NOW, reason="一次通知", since=recounting.EARLY)
        return number

    yield Task("recounting", "deadline", work, lambda: recounting.lay_deadlines(owner, number))


#: by the names of the figures
TASKS: dict[str, Tasks] = {
    "lifecycles": _lifecycles,
    "submitting": _submitting,
    "deadlines": _deadlines,
    "statutory": _statutory,
    "log": _log,
    "sealing": _sealing,
    "sweeping": _sweeping,
    "recounting": _recounting,
}


def _times(work: Callable[[], object], number: int) -> Callable[[], int]:
    def repeated() -> int:
        for _ in range(number):
            work()
        return number

    return repeated


def _owner(place: Office, until: ExitStack) -> psycopg.Connection[Any]:
    return until.enter_context(psycopg.connect(place.server.dsn("liuquan"), autocommit=True))
