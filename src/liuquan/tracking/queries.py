"""Following a case by its slip."""

from __future__ import annotations

from datetime import datetime

from liuquan.casework import queries as casework
from liuquan.casework.types import Family, Snapshot
from liuquan.journal import queries as journal
from liuquan.kernel.refusals import NotVisible
from liuquan.kinds import queries as kinds
from liuquan.organisation.types import Actor, party_actor
from liuquan.tracking.types import Track


def track(number: str, code: str, *, now: datetime) -> Track:
    """What anybody who holds the slip may see: state, dates, next step, papers; no names.

    A wrong code is answered exactly like an unknown number, so that guessing reveals nothing (404).
    """
    unknown = NotVisible("编号和查询码对不上，请照接收凭证上的内容重新填写。", code="track_mismatch")
    if not casework.query_code_fits(number, code):
        raise unknown
    try:
        snapshot = held(number)
    except NotVisible:
        raise unknown from None
    return public_track(snapshot, now=now)


def held(number: str) -> Snapshot:
    """The case for those who hold its slip. It is the applicant's: where they left the case and nobody came
    in their place, it opens nothing any more (404)."""
    snapshot = casework.read(number)
    if not snapshot.applicant and any(one.role == "applicant" for one in snapshot.former_parties):
        raise NotVisible("没有找到这个编号，请核对后再试。")
    return snapshot


def public_track(snapshot: Snapshot, *, now: datetime) -> Track:
    """The same for those who have proven that the case is theirs."""
    kind = kinds.kind_of(snapshot)
    reads, by = journal.reading_events(), holder(snapshot)
    everything = journal.entries_of(snapshot.number)
    seen = casework.seen(snapshot, everything, party=snapshot.applicant)
    hidden = {str(e.number) for e in everything} - {str(e.number) for e in seen}
    entries = [e for e in seen if e.event not in reads]
    return Track(
        snapshot=snapshot,
        state_label=casework.procedure_of(snapshot).state(snapshot.state).label,
        next_step=kind.next_step(snapshot, now),
        clocks=tuple(
            c for c in casework.clocks(snapshot, now=now) if c.view.is_open and c.view.key != "step"
        ),
        timeline=tuple(kind.told(one) for one in entries if kind.shows(one)),
        notices=tuple(n for n in casework.notices(snapshot.number) if n.entry not in hidden),
        code=casework.query_code(snapshot.number),
        family=casework.family(snapshot, by=by) if by else Family(),
    )


def holder(snapshot: Snapshot) -> Actor | None:
    """The holder of the slip acts as the applicant; nobody where the case has none."""
    return party_actor(snapshot.applicant) if snapshot.applicant else None
