"""The journal entries of a case: for its opening, an act, a paper, a clock. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from liuquan.casework import events, stored_terms, structure
from liuquan.casework import opening as openings
from liuquan.casework.opening import Opening
from liuquan.casework.types import Decision, Given, NewNotice, Snapshot, notice_record
from liuquan.journal.types import Event, NewEntry
from liuquan.organisation.types import Actor


def of_opening(opening: Opening, *, given: Given) -> NewEntry:
    """The entry of a new case, with what its first row enters of the given values."""
    new, row, by, now = opening.new, opening.procedure.creation, given.by, given.now
    return NewEntry(
        event=row.event,
        subject=new.number,
        body_code=by.body_code or new.terms.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=opening.received_at,
        to_state=opening.procedure.initial,
        public={
            "item": new.terms.subject_name,
            "channel": new.channel,
            "due": {clock.name: clock.due_on.isoformat() for clock in opening.started},
            "terms_sha256": stored_terms.hash_of(opening.stored_terms),
            **_unsure(opening),
            **_acted(opening.received_at, now),
            **_acted_as(by, new.parties),
            **_counted_from(opening),
            **(row.public(given) if row.public else {}),
            **opening.told,
            structure.KEY: structure.told(given.snapshot, openings.values(opening)),
        },
        private={**(row.private(given) if row.private else {}), **_who(by)},
    )


def of_act(decision: Decision, snapshot: Snapshot, *, by: Actor, now: datetime) -> NewEntry:
    """The entry of an act on a case; it names the states only if the state changes."""
    moved = decision.from_state != decision.to_state
    changed = structure.told(snapshot, structure.values(snapshot, decision, now))
    return NewEntry(
        event=decision.row.event,
        subject=snapshot.number,
        body_code=by.body_code or snapshot.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=decision.effective_at,
        from_state=decision.from_state if moved else None,
        to_state=decision.to_state if moved else None,
        public={
            **decision.public,
            **_acted(decision.effective_at, now),
            **_acted_as(by, snapshot.parties),
            structure.KEY: changed,
        },
        private={**decision.private, **_who(by)},
    )


def of_child(opening: Opening, *, given: Given) -> NewEntry:
    """The entry of a case that another one opens: that of any new case, with its parent's number."""
    entry = of_opening(opening, given=given)
    return replace(entry, public={**entry.public, "parent": given.snapshot.parent})


def of_parent(entry: NewEntry, numbers: Iterable[str]) -> NewEntry:
    """The entry of an act, with the numbers of the children that it opens."""
    return replace(entry, public={**entry.public, "children": list(numbers)})


def of_notice(notice: NewNotice, *, now: datetime) -> NewEntry:
    """The entry of a paper; its number is known before the paper is rendered."""
    return NewEntry(
        event=events.NOTICE_ISSUED.name,
        subject=notice.case_number,
        body_code=notice.body_code,
        post_code=notice.post_code,
        actor_kind="system",
        effective_at=now,
        public={
            "notice": notice.number,
            "kind": notice.kind,
            "label": notice.label,
            "sha256": notice.sha256,
        },
        number=notice_record(notice.entry, notice.kind),
    )


def of_clock(event: Event, claimed: Mapping[str, Any], *, now: datetime) -> NewEntry:
    """The entry of a clock that is over or due soon, from its claimed row, with the posts on duty."""
    also = {name: claimed[name] for name in ("part", "posts") if claimed.get(name)}
    due_on = claimed["due_on"].isoformat()
    return NewEntry(
        event=event.name,
        subject=claimed["number"],
        body_code=claimed["body_code"],
        post_code="",
        actor_kind="system",
        effective_at=now,
        public={"key": claimed["key"], "step": claimed["step"], "due_on": due_on, **also},
    )


def _acted(effective_at: datetime, now: datetime) -> dict[str, Any]:
    """The moment of the act itself, if it takes effect earlier: otherwise nobody could tell later when it was
    done."""
    return {} if effective_at == now else {"acted_at": now.isoformat()}


def _acted_as(by: Actor, parties: Mapping[str, str]) -> dict[str, Any]:
    """The role of a party that acts; nothing for one who is no party, as who files for somebody else."""
    role = parties.get(by.party_number) if by.kind == "party" else None
    return {events.ACTED_AS: role} if role else {}


def _counted_from(opening: Opening) -> dict[str, Any]:
    return {"counts_from": opening.counts_from.isoformat()} if opening.counts_from else {}


def _unsure(opening: Opening) -> dict[str, Any]:
    unsure = sorted(clock.name for clock in opening.started if clock.provisional)
    return {"provisional": unsure} if unsure else {}


def _who(by: Actor) -> dict[str, Any]:
    return {"staff": by.staff_id} if by.staff_id else {}
