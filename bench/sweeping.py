"""The sweeper over many open cases: 500 silences executed, 500 breaches entered."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import office
import psycopg
from figures import Figure, median

DUE = 500
_CASES = """
INSERT INTO casework_case (number, kind, procedure_version, state, revision, body_code, division_path,
    subject_code, subject_version, terms, channel, received_at, outcome)
SELECT %(mark)s || n, 'application', 1, 'received', 1, %(body)s, %(path)s::ltree, %(item)s, '1',
    %(terms)s::jsonb, 'window', %(at)s, '' FROM generate_series(1, %(number)s) AS n
"""
_CLOCKS = """
INSERT INTO casework_deadline (case_id, key, limit_key, step, amount, unit, anchor_at, due_on, due_at, state,
    provisional, on_expiry, extended, times_extended)
SELECT id, %(key)s, %(key)s, '', 5, 'working_day', received_at, %(due_at)s::timestamptz::date, %(due_at)s,
    'running', false, %(effect)s, 0, 0 FROM casework_case WHERE number LIKE %(mark)s || '%%'
"""


def measure(server: Any, open_cases: int, repetitions: int) -> list[Figure]:
    """Cases a second that the sweeper finds and carries out, beside the same work with less to find."""
    from liuquan.casework import actions

    with psycopg.connect(server.dsn("liuquan"), autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")  # history is laid, not lived
        lay(owner, "open", open_cases, "acceptance", days=40, effect="deem_accepted", terms="{}")
        owner.execute("ANALYZE casework_case, casework_deadline")
        silences, told, breaches, updates = [], [], [], []
        for repetition in range(repetitions):
            lay(owner, f"silent{repetition}-", DUE, "acceptance", days=-1, effect="deem_accepted")
            silences.append(_rate(lambda: actions.sweep(now=office.NOW, limit=DUE)))
            lay(owner, f"told{repetition}-", DUE, "acceptance", days=-1, effect="deem_accepted")
            told.append(_rate(lambda mark=f"told{repetition}-": _accept_each(mark)))
            lay(owner, f"late{repetition}-", DUE, "promised", days=-1, effect="")
            breaches.append(_rate(lambda: actions.sweep(now=office.NOW, limit=DUE)))
            lay(owner, f"bare{repetition}-", DUE, "promised", days=-1, effect="")
            updates.append(_rate(lambda: _update(owner)))
    among = f"among {open_cases:,} open cases"
    return [
        Figure(
            f"sweep: {DUE} silences {among}, found and executed, each a durable act",
            "cases/s",
            median(silences),
            "the same acts by one who is told which cases are due",
            median(told),
            silences,
            told,
        ),
        Figure(
            f"sweep: {DUE} breaches {among}, found, claimed and entered",
            "cases/s",
            median(breaches),
            "one bare UPDATE that marks as many due rows and enters nothing",
            median(updates),
            breaches,
            updates,
        ),
    ]


def lay(
    owner: psycopg.Connection[Any],
    mark: str,
    number: int,
    key: str,
    *,
    days: int,
    effect: str,
    terms: str = "",
) -> None:
    """Open cases, each with one clock that ends so many days from now."""
    kept = terms or office.stored_terms()
    values = {
        "mark": mark,
        "number": number,
        "body": office.BODY,
        "path": office.PATH,
        "item": office.ITEM,
        "terms": kept,
        "at": office.NOW - timedelta(days=9),
        "key": key,
        "effect": effect,
        "due_at": office.NOW + timedelta(days=days),
    }
    owner.execute(_CASES, values)
    owner.execute(_CLOCKS, values)


def _accept_each(mark: str) -> int:
    from liuquan.casework import actions
    from liuquan.organisation.types import SYSTEM

    for number in range(1, DUE + 1):
        actions.perform(f"{mark}{number}", "deem_accepted", by=SYSTEM, now=office.NOW)
    return DUE


def _update(owner: psycopg.Connection[Any]) -> int:
    done = owner.execute(
        "UPDATE casework_deadline SET breached_at = %(now)s WHERE state = 'running' AND breached_at IS NULL "
        "AND due_at <= %(now)s",
        {"now": office.NOW},
    )
    return done.rowcount


def _rate(sweep: Callable[[], int]) -> float:
    begin = time.perf_counter()
    done = sweep()
    taken = time.perf_counter() - begin
    if done != DUE:
        raise RuntimeError(f"{DUE} were due, {done} were done")
    return DUE / taken
