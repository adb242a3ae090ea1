"""The children of a case: opened in the statement of the act on it, ended after it by the system."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from liuquan.casework import children, entries, registry, rows
from liuquan.casework.effects import OpenChildren
from liuquan.casework.queries import read
from liuquan.casework.types import Decision, Given
from liuquan.identifiers import format_number
from liuquan.journal.types import NewEntry
from liuquan.kernel import jobs, moments, sql
from liuquan.kernel.refusals import Refusal, SomebodyWasFirst
from liuquan.kernel.sql import Statement
from liuquan.organisation import queries as organisation

logger = logging.getLogger(__name__)

#: the job that ends children after an act on their parent
CLOSE = "casework.close_children"
_SERIAL = "SELECT nextval('casework_case_serial') AS serial"
#: the server plans this anew each time; one number, as nearly every act takes, is asked for without it
_SERIALS = f"{_SERIAL} FROM generate_series(1, %(n)s)"


@dataclass(frozen=True)
class Beside:
    """What an act writes for children: rows, entries (that of the act first), and the job that ends them."""

    rows: rows.Rows
    entries: tuple[NewEntry, ...]
    jobs: tuple[Statement, ...] = ()


def beside(decision: Decision, given: Given, entry: NewEntry) -> Beside:
    """What the decision writes for children; `entry`: of the act itself.

    Refuses (422, 409) children that would end later than their parent. Only then are their numbers taken, all
    at once: a second query, and the last before the act is written.
    """
    deferred = _closing(decision.closing)
    calendar_in = partial(organisation.calendar_if_version, given.snapshot.calendar_version)
    found = children.openings(decision, given, calendar_in)
    if not found:
        return Beside({}, (entry,), deferred)
    effect = decision.row.of(OpenChildren)[0]
    numbers = next_numbers(effect.kind, [child.body_key for child in decision.children], now=given.now)
    opened = [children.numbered(one, number) for (one, _), number in zip(found, numbers, strict=True)]
    first = [entries.of_child(one, given=opens) for one, (_, opens) in zip(opened, found, strict=True)]
    written = (entries.of_parent(entry, numbers), *first)
    return Beside(rows.child_rows(opened, effect.within), written, deferred)


def next_numbers(kind: str, body_keys: Sequence[str], *, now: datetime) -> list[str]:
    """A unique number by the pattern of the kind for each of these bodies, in one query."""
    serials = sql.run_prepared(_SERIAL if len(body_keys) == 1 else _SERIALS, {"n": len(body_keys)})
    pattern, on = registry.newest(kind).number_pattern, moments.today(now)
    return [
        format_number(pattern, body=body, on=on, serial=row["serial"])
        for body, row in zip(body_keys, serials, strict=True)
    ]


def close_each(
    closing: Mapping[str, str], carry_out: Callable[[str, str], object], *, insist: bool = False
) -> None:
    """Carry out on each of these children, if it is still open, the act of the system that ends it.

    One that cannot be ended is left as it is and told in the log. `insist`: afterwards raise, if a child was
    changed by somebody in the same moment, so that the job is done again.
    """
    raced = []
    for number, action in closing.items():
        case = read(number)
        if registry.procedure(case.kind, case.procedure_version).state(case.state).closed:
            continue
        try:
            carry_out(number, action)
        except SomebodyWasFirst:
            raced.append(number)
        except Refusal as refusal:
            logger.warning("child %s is not ended by %s: %s", number, action, refusal.code)
        except Exception:
            # One broken child must not keep the others open.
            logger.exception("child %s could not be ended by %s", number, action)
            raced.append(number)
    if raced and insist:
        raise RuntimeError(f"still to be ended: {', '.join(raced)}")


def _closing(closing: Mapping[str, str]) -> tuple[Statement, ...]:
    """The job that ends the children, as a part of the statement; none where there is nothing to end."""
    if not closing:
        return ()
    return (jobs.defer_cte(CLOSE, alias="closing", source="moved", values={"closing": dict(closing)}),)
