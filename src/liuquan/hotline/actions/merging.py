"""Requests that say the same are handled once and told to everybody, however the one that is handled ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.events import TEXTS_OPENED
from liuquan.casework.types import Snapshot
from liuquan.hotline import events
from liuquan.hotline.masking import masked
from liuquan.hotline.queries import tickets
from liuquan.journal import actions as record
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel.refusals import WrongState
from liuquan.organisation.types import SYSTEM
from liuquan.parties import queries as parties

_ANSWERS: Final = frozenset({events.ANSWERED.name, events.ANSWERED_NOW.name})
#: how a ticket ends without an answer, and what those who waited with it are told of that
_ENDS: Final = {
    events.WAY_TOLD.name: "这件事应当通过{way_label}解决。{told}",
    events.TRANSFERRED.name: "这件事已经即时转接{service_label}处理。",
    events.WITHDRAWN.name: "一并办理的那件诉求已由它的诉求人撤回。您的诉求仍然有效，请重新反映，会单独办理。",
}
_ONWARD: Final = frozenset({events.MERGED.name, events.JOINED.name})


def tell_merged(number: str, *, now: datetime) -> int:
    """Tell each request merged into this ticket its newest answer, or how it ended without one, once; where
    it was itself merged, they wait with that one from now on. How many were told now. Names, telephones and
    documents in what is told are taken out: it was written to somebody else."""
    found = {*_ANSWERS, *_ENDS, *_ONWARD}
    last = next((one for one in reversed(journal.entries_of(number)) if one.event in found), None)
    if last is None:
        return 0
    if last.event in _ONWARD:
        into = str(last.public["into"])
        for one in tickets.held(number):
            _perform(one, "move_with", now, {"into": into})
        return tell_merged(into, now=now)
    waiting = tickets.untold(number, since=last.effective_at)
    if not waiting:
        return 0
    main = cases.read(number)
    action = "tell_with" if last.event in _ANSWERS else "end_with"
    data = {"reply": _reply(main, last, now), "served_by": last.body_code or main.body_code}
    return sum(_perform(one, action, now, data) for one in waiting)


def _perform(number: str, action: str, now: datetime, data: dict[str, Any]) -> bool:
    """Whether it was done; not where somebody else did it a moment before."""
    try:
        casework.perform(number, action, by=SYSTEM, now=now, data=data)
    except WrongState:
        return False
    return True


def _reply(main: Snapshot, last: Entry, now: datetime) -> str:
    """What is told, as others may read it; that the texts were opened is entered first."""
    public = {"act": last.label}
    receipt = casework.enter_reading(TEXTS_OPENED.name, main, by=SYSTEM, now=now, public=public)
    texts = record.open_private_of(main.number, receipt=receipt, erased=parties.ERASED)
    said = texts.get(str(last.number), {})
    # why somebody withdrew, and a note on an emergency, are theirs
    names = ("reply", "why") if last.event in _ANSWERS else ("note",) if last.event in _WITH_NOTE else ()
    parts = [_ENDS[last.event].format_map(last.public)] if last.event in _ENDS else []
    whole = "\n".join(parts + [str(said[name]) for name in names if said.get(name)])
    return masked(whole, names=parties.names_in(whole, main.parties), landlines=False)


_WITH_NOTE: Final = frozenset({events.WAY_TOLD.name})
