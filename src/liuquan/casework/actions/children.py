"""The children of a case: opened in the statement of the act on it, ended after it by the system."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from liuquan.casework import children, entries, registry, rows
from liuquan.casework.effects import OpenChildren
from liuquan.casework.effects.assign import WORKING_ROLES
from liuquan.casework.queries import read
from liuquan.casework.types import Decision, Given, NewChild
from liuquan.identifiers import format_number
from liuquan.journal.types import NewEntry
from liuquan.kernel import jobs, moments, sql
from liuquan.kernel.refusals import BadInput, Refusal, SomebodyWasFirst
from liuquan.kernel.sql import Statement
from liuquan.organisation import queries as organisation

logger = logging.getLogger(__name__)

#: the job that ends children after an act on their parent
CLOSE = "casework.close_children"
_SERIAL = "SELECT nextval('casework_case_serial') AS serial"
#: for children, with those of their bodies that do not exist
_SERIALS = f"""
SELECT nextval('casework_case_serial') AS serial,
    ARRAY(SELECT asked.code FROM unnest(%(bodies)s::text[]) AS asked(code)
        WHERE {organisation.body_name("asked.code", "%(on)s::date")} IS NULL) AS absent
FROM generate_series(1, %(n)s)
"""


@dataclass(frozen=True)
class Beside:
    """What an act writes for children: rows, entries (that of the act first), and the job that ends them."""

    rows: rows.Rows
    entries: tuple[NewEntry, ...]
    jobs: tuple[Statement, ...] = ()


def beside(decision: Decision, given: Given, entry: NewEntry) -> Beside:
    """What the decision writes for children; `entry`: of the act itself.

    Refuses (422, 409) children that would end later than their parent, or whose bodies do not exist. Numbers
    and bodies are asked for at once: a second query, and the last before the act is written.
    """
    deferred = _closing(decision.closing)
    calendar_in = partial(organisation.calendar_if_version, given.snapshot.calendar_version)
    found = children.openings(decision, given, calendar_in)
    if not found:
        return Beside({}, (entry,), deferred)
    effect = decision.row.of(OpenChildren)[0]
    keys, bodies = [child.body_key for child in decision.children], _working(decision.children)
    numbers = _next_numbers(effect.kind, keys, now=given.now, bodies=bodies)
    opened = [children.numbered(one, number) for (one, _), number in zip(found, numbers, strict=True)]
    first = [entries.of_child(one, given=opens) for one, (_, opens) in zip(opened, found, strict=True)]
    written = (entries.of_parent(entry, numbers), *first)
    return Beside(rows.child_rows(opened, effect.within), written, deferred)


def next_number(kind: str, body_key: str, *, now: datetime) -> str:
    """A unique number by the pattern of the kind for this body."""
    return _number(kind, body_key, sql.run_prepared(_SERIAL)[0]["serial"], now)


def _next_numbers(kind: str, body_keys: Sequence[str], *, now: datetime, bodies: Iterable[str]) -> list[str]:
    """A unique number by the pattern of the kind for each of these keys, in one query. Refuses (422) if one
    of the bodies does not exist on this day: none of that code, not yet founded, dissolved."""
    on = moments.today(now)
    serials = sql.run_prepared(_SERIALS, {"n": len(body_keys), "bodies": sorted(bodies), "on": on})
    if serials and (absent := serials[0]["absent"]):
        raise BadInput(
            f"没有这个单位，或者它今天还没有设立、已经撤销：{'、'.join(absent)}，"
            "请改为现有的单位后再分出子件。"
        )
    return [_number(kind, key, row["serial"], now) for key, row in zip(body_keys, serials, strict=True)]


def _number(kind: str, body_key: str, serial: int, now: datetime) -> str:
    return format_number(
        registry.newest(kind).number_pattern, body=body_key, on=moments.today(now), serial=serial
    )


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


def _working(opened: Iterable[NewChild]) -> set[str]:
    """The bodies that are to work on these children; those that look on may be gone."""
    of_roles = (code for one in opened for code, role in one.bodies.items() if role in WORKING_ROLES)
    return {*of_roles, *(one.terms.body_code for one in opened)}


def _closing(closing: Mapping[str, str]) -> tuple[Statement, ...]:
    """The job that ends the children, as a part of the statement; none where there is nothing to end."""
    if not closing:
        return ()
    return (jobs.defer_cte(CLOSE, alias="closing", source="moved", values={"closing": dict(closing)}),)
