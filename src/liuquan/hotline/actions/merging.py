"""Requests that say the same are handled once and answered to everybody."""

from __future__ import annotations

from datetime import datetime

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

_ANSWERS = frozenset({events.ANSWERED.name, events.ANSWERED_NOW.name})


def tell_merged(number: str, *, now: datetime) -> int:
    """Tell each request merged into this ticket its newest answer, once; how many were told now. Names,
    telephones and documents in the answer are taken out: it was written to somebody else."""
    answer = next((one for one in reversed(journal.entries_of(number)) if one.event in _ANSWERS), None)
    waiting = tickets.untold(number, answered_at=answer.effective_at) if answer else []
    if answer is None or not waiting:
        return 0
    reply, told = _reply(cases.read(number), answer, now), 0
    for one in waiting:
        try:
            casework.perform(one, "tell_with", by=SYSTEM, now=now, data={"reply": reply})
        except WrongState:
            continue  # somebody else told it a moment before
        told += 1
    return told


def _reply(main: Snapshot, answer: Entry, now: datetime) -> str:
    """The answer as others may read it; that it was opened is entered first."""
    public = {"act": answer.label}
    receipt = casework.enter_reading(TEXTS_OPENED.name, main, by=SYSTEM, now=now, public=public)
    texts = record.open_private_of(main.number, receipt=receipt, erased=parties.ERASED)
    said = texts.get(str(answer.number), {})
    whole = "\n".join(str(said[name]) for name in ("reply", "why") if said.get(name))
    return masked(whole, names=parties.names_in(whole, main.parties), landlines=False)
