"""Notify bodies that the law has become stricter than what they published."""

from __future__ import annotations

from datetime import date, datetime

from liuquan.catalogue import events
from liuquan.catalogue.queries.law_changes import law_changes
from liuquan.catalogue.types import LawChange
from liuquan.journal import actions as journal
from liuquan.journal import queries as journal_queries
from liuquan.journal.types import Entry, NewEntry
from liuquan.organisation.types import Actor


def check_against_law(*, on: date, by: Actor, now: datetime) -> tuple[LawChange, ...]:
    """Compare every version in force with the law of this day; record each excess once; return all of them.

    Changes no version: what was published stays as it was, and the law governs new cases (`queries.terms`).
    Cites: 行政许可法 第四十二条
    """
    changes = law_changes(on=on)
    told = journal_queries.events_of([change.item_code for change in changes])
    new = [change for change in changes if not _is_told(change, told)]
    if new:
        journal.append_durably(*(_entry(change, by, now) for change in new))
    return changes


def _values(change: LawChange) -> dict[str, object]:
    return {
        "name": change.item_name,
        "version": change.version_no,
        "stored": change.stored.text,
        "law": change.law.text,
        "citation": change.law.citation,
    }


def _is_told(change: LawChange, told: dict[str, list[Entry]]) -> bool:
    entries = told.get(change.item_code, [])
    return any(
        entry.event == events.LAW_SHORTENED.name and dict(entry.public) == _values(change)
        for entry in entries
    )


def _entry(change: LawChange, by: Actor, now: datetime) -> NewEntry:
    return NewEntry(
        event=events.LAW_SHORTENED.name,
        subject=change.item_code,
        body_code=change.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public=_values(change),
    )
