"""Reading a case for the desk."""

from __future__ import annotations

from datetime import datetime

from liuquan.casework import queries as casework
from liuquan.desk.types import CasePage
from liuquan.journal import queries as journal
from liuquan.kinds import queries as kinds
from liuquan.organisation.types import Actor
from liuquan.parties.queries import ERASED


def case_page(number: str, *, by: Actor, now: datetime) -> CasePage:
    """The case as its handlers see it, without names: those are opened by `casework.actions.open_case_file`.
    A case the actor may not see is answered like an unknown one (404)."""
    snapshot = casework.visible(number, by=by)
    entries = casework.timeline(snapshot, by=by)
    reads = journal.reading_events()  # an audit trail of their own, not part of what happened
    return CasePage(
        snapshot=snapshot,
        state_label=casework.procedure_of(snapshot).state(snapshot.state).label,
        offers=tuple(casework.offers(snapshot, by=by, now=now)),
        clocks=tuple(casework.clocks(snapshot, now=now)),
        timeline=tuple(e for e in entries if e.event not in reads),
        readings=tuple(e for e in entries if e.event in reads),
        materials=tuple(casework.materials(snapshot)),
        notices=tuple(casework.notices(number)),
        family=casework.family(snapshot, by=by),
    )


def papers_of(page: CasePage) -> list[dict[str, str]]:
    """The papers of a case with their titles, newest first; `erased`: the word, where a paper was."""
    return [
        {
            "title": title,
            "number": notice.number,
            "issued": kinds.moment_text(notice.issued_at),
            "code": notice.short_code,
            "erased": ERASED if notice.is_erased else "",
        }
        for title, notice in kinds.titled(page.snapshot, page.notices)
    ]
