"""What one party sees of what the others did, by the rule of the procedure (`Procedure.may_see`).

A party asked for here may see the case. Cites: 招标投标法 第二十二条, 第三十八条
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from liuquan.casework.events import NOTICE_ISSUED
from liuquan.casework.queries.reading import procedure_of
from liuquan.casework.types import NoticeView, PartyView, Snapshot, notice_record
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry


def seen(snapshot: Snapshot, entries: Iterable[Entry], *, party: str) -> list[Entry]:
    """Those of all entries of the case that this party sees; all of them without a rule. With an act its
    papers are hidden."""
    rule, entries = procedure_of(snapshot).may_see, list(entries)
    if rule is None:
        return entries
    shown = [one for one in entries if rule(snapshot, party, one)]
    hidden = {one.number for one in entries} - {one.number for one in shown}
    return [one for one in shown if not _is_of_paper(one, hidden)]


def _is_of_paper(entry: Entry, acts: Iterable[UUID]) -> bool:
    """Whether this entry records a paper that followed one of these acts."""
    return entry.event == NOTICE_ISSUED.name and any(
        notice_record(act, entry.public["kind"]) == entry.number for act in acts
    )


def seen_parties(snapshot: Snapshot, views: Iterable[PartyView], *, party: str) -> list[PartyView]:
    """Those of these parties of the case that this party may know of: all of them without a rule, else only
    itself: who else takes part may be the very thing that is kept from it."""
    open_to_all = procedure_of(snapshot).may_see is None
    return [one for one in views if open_to_all or one.number == party]


def sees_paper(snapshot: Snapshot, paper: NoticeView, *, party: str) -> bool:
    """Whether this party sees the paper: if it sees the act that the paper followed."""
    if procedure_of(snapshot).may_see is None:
        return True
    acts = seen(snapshot, journal.entries_of(snapshot.number), party=party)
    return paper.entry in {str(one.number) for one in acts}


def sees_material(snapshot: Snapshot, received_at: datetime, *, party: str) -> bool:
    """Whether this party sees what was handed in at this moment: if it sees all that was done then."""
    if procedure_of(snapshot).may_see is None:
        return True
    then = [
        one
        for one in journal.entries_of(snapshot.number)
        if received_at in (journal.acted_at(one), one.effective_at)
    ]
    return bool(then) and then == seen(snapshot, then, party=party)
