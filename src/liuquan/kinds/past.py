"""A case as it stood at a moment, from its journal entries: state, clocks, steps, papers.

There are two views (`journal.history`): what the record knew then, and what, as known today, was legally in
effect then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from liuquan.casework import queries as casework
from liuquan.casework.events import NOTICE_ISSUED
from liuquan.casework.types import Clock, PartyView, Snapshot
from liuquan.journal import queries as record
from liuquan.journal.queries import Asked, Axis
from liuquan.journal.types import Entry
from liuquan.kernel.refusals import NotVisible
from liuquan.kinds.register import KINDS


@dataclass(frozen=True)
class PaperThen:
    """A paper that had been issued by then."""

    title: str
    number: str
    issued_at: datetime


@dataclass(frozen=True)
class MaterialThen:
    """A material of the case's list, and since when it was there (never: not yet)."""

    name: str
    necessity: str
    since: datetime | None


@dataclass(frozen=True)
class CaseThen:
    """A case at a past moment. `unknown`: what was in effect by law but not yet recorded; `later`: what came
    after; `parties`: who had not left then; `child_states`: of the cases that it had opened by then, by
    number; `tables_differ`: differences between the present tables and the record, when asked for now."""

    asked: Asked
    case: Snapshot
    state_label: str
    clocks: tuple[Clock, ...]
    entries: tuple[Entry, ...]
    later: tuple[Entry, ...]
    unknown: tuple[Entry, ...]
    materials: tuple[MaterialThen, ...]
    papers: tuple[PaperThen, ...]
    parties: tuple[PartyView, ...]
    child_states: Mapping[str, str]
    tables_differ: tuple[str, ...] = ()


def case_then(
    case: Snapshot, *, on: str, clock: str, axis: str, now: datetime, party: str | None = None
) -> CaseThen:
    """The case at the moment that was typed; the caller has checked that the reader may see the case.
    `party`: who reads, if this is a party: of entries and parties it gets what it may see today.

    Refuses (422) an invalid day or time, a future one, and one before the receipt; (409) a record that
    contradicts itself.
    """
    reads = record.reading_events()
    everything = [e for e in record.entries_of(case.number) if e.event not in reads]
    chosen = _asked(case, everything, on, clock, axis, now)
    entries = record.until(everything, chosen.at, axis=chosen.axis, played=settings.LIUQUAN_DEMO)
    stood = _stood(case, entries, chosen.at)
    known = {e.number for e in entries}
    shown = everything if party is None else casework.seen(case, everything, party=party)
    entries = [e for e in shown if e.number in known]
    return CaseThen(
        asked=chosen,
        case=stood,
        state_label=casework.procedure_of(case).state(stood.state).label,
        clocks=tuple(casework.clocks(stood, now=chosen.at)),
        entries=tuple(entries),
        later=tuple(e for e in shown if e.number not in known),
        unknown=tuple(record.not_yet_known(shown, chosen.at, played=settings.LIUQUAN_DEMO)),
        materials=_materials(case, entries, chosen.at),
        papers=_papers(entries),
        parties=_parties(case, stood, party),
        child_states=_child_states(case, chosen),
        tables_differ=_differences(case, everything, stood if chosen.at == now else None),
    )


def _differences(case: Snapshot, entries: Sequence[Entry], as_now: Snapshot | None) -> tuple[str, ...]:
    """The terms, which never change, at any moment; everything else when the present is asked for."""
    said = next((e.public["terms_sha256"] for e in entries if "terms_sha256" in e.public), "")
    changed = ("适用条款",) if said and said != casework.kept_terms_hash(case.number) else ()
    return changed + (casework.differences(case, as_now) if as_now else ())


def _asked(case: Snapshot, entries: Sequence[Entry], on: str, clock: str, axis: str, now: datetime) -> Asked:
    opening = casework.procedure_of(case).creation.event
    first = next((e for e in entries if e.event == opening), None)
    if first is None:
        raise NotVisible("日志里没有本件的收件记录，不能查看过去的情况，请联系系统管理员。")
    by_law = axis == Axis.LAW
    begun = first.effective_at if by_law else record.known_at(first, played=settings.LIUQUAN_DEMO)
    return record.asked(
        on, clock, axis, begun_at=begun, now=max(now, begun), verb="收件" if by_law else "记入"
    )


def _stood(case: Snapshot, entries: Iterable[Entry], at: datetime) -> Snapshot:
    stood = casework.as_it_stood(case, entries, at=at)
    if stood is None:
        raise NotVisible("那时记录里还没有本件，请选择收件以后的时刻。")
    return stood


def _materials(case: Snapshot, entries: Iterable[Entry], at: datetime) -> tuple[MaterialThen, ...]:
    named_in = KINDS[case.kind].materials_in
    since: dict[str, datetime] = {}
    for entry in entries:
        came = record.acted_at(entry)
        for key in entry.public.get(named_in.get(entry.event, ""), ()):
            if came <= at:
                since.setdefault(key, came)
    return tuple(MaterialThen(one.name, one.necessity, since.get(one.key)) for one in case.materials)


def _parties(case: Snapshot, stood: Snapshot, party: str | None) -> tuple[PartyView, ...]:
    """Who had not left, the applicant first; an entry keeps no order among those who came with it."""
    present = sorted(
        (one for one in stood.parties_ever if one.to_at is None),
        key=lambda one: (one.role != "applicant", one.from_at, one.role, one.number),
    )
    return tuple(present if party is None else casework.seen_parties(case, present, party=party))


def _child_states(case: Snapshot, chosen: Asked) -> dict[str, str]:
    """The states of the children at the moment, by their own entries; one opened later has none."""
    if not case.children:
        return {}
    told = record.events_of(child.number for child in case.children)
    states: dict[str, str] = {}
    for number, entries in told.items():
        for entry in record.until(entries, chosen.at, axis=chosen.axis, played=settings.LIUQUAN_DEMO):
            states[number] = entry.to_state or states.get(number, "")
    return {number: state for number, state in states.items() if state}


def _papers(entries: Iterable[Entry]) -> tuple[PaperThen, ...]:
    return tuple(
        PaperThen(e.public["label"], e.public["notice"], e.effective_at)
        for e in entries
        if e.event == NOTICE_ISSUED.name
    )
