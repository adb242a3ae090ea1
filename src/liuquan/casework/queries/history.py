"""What happened on a case, how it stood at a moment, who held it on each day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime

from liuquan.casework import history, stored_terms, time_by_holder
from liuquan.casework.queries.reading import _UNKNOWN, calendar_of, can_see, procedure_of
from liuquan.casework.queries.sight import seen
from liuquan.casework.types import (
    Snapshot,
)
from liuquan.clock import (
    shanghai_day,
)
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import sql
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation.types import Actor


def timeline(snapshot: Snapshot, *, by: Actor) -> list[Entry]:
    """What happened, oldest first, for a party what it may see of it; refuses an actor who may not see the
    case."""
    if not can_see(snapshot, by):
        raise NotVisible(_UNKNOWN)
    entries = journal.entries_of(snapshot.number)
    return seen(snapshot, entries, party=by.party_number) if by.kind == "party" else entries


def days_spent(
    snapshot: Snapshot, *, until: date, party: str = time_by_holder.LABELS[time_by_holder.PARTY]
) -> dict[str, int]:
    """Calendar days of the case from receipt to `until` (or to its close) by who held it, in Chinese labels;
    they add up to the elapsed days. A case that was handed on names its bodies.
    `party`: what the kind calls the party who brings the case."""
    procedure = procedure_of(snapshot)
    changes = [
        (shanghai_day(e.effective_at), procedure.state(e.to_state).holder)
        for e in journal.entries_of(snapshot.number)
        if e.to_state is not None
    ]
    end = min(until, shanghai_day(snapshot.closed_at)) if snapshot.closed_at else until
    totals = time_by_holder.days_by_holder(time_by_holder.spans(snapshot, changes, end))
    labels = time_by_holder.LABELS | {time_by_holder.PARTY: party}
    spent: dict[str, int] = {}
    for holder, days in totals.items():
        label = labels.get(holder) or snapshot.name_of_body(holder)
        spent[label] = spent.get(label, 0) + days
    return spent


def as_it_stood(case: Snapshot, entries: Iterable[Entry], *, at: datetime) -> Snapshot | None:
    """The case at a moment, rebuilt from these of its entries (oldest first); nothing before it was opened.

    Refuses (409) entries that contradict each other; the caller has checked that the case may be seen.
    """
    stood = history.rebuilt(case, procedure_of(case), entries, calendar_of(case))
    return history.state_at(stood, at) if stood else None


def kept_terms_hash(number: str) -> str:
    """The hash of the terms as stored today, to compare with the one recorded when the case was opened."""
    row = sql.run_one(
        "SELECT terms::text AS terms FROM casework_case WHERE number = %(number)s", {"number": number}
    )
    return stored_terms.hash_of(json.loads(row["terms"])) if row else ""


def differences(present: Snapshot, recorded: Snapshot) -> tuple[str, ...]:
    """The differences between the present tables and the record, in words."""
    return history.differences(present, recorded)
