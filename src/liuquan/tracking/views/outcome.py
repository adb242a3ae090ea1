"""How a case came out, before everything else: the result, why, what can be done against it, the paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liuquan.casework import actions as casework
from liuquan.casework.types import NoticeView
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import moments
from liuquan.kinds import queries as kinds
from liuquan.kinds.types import remedy_text
from liuquan.organisation import queries as organisation
from liuquan.tracking.types import Track


@dataclass(frozen=True)
class Result:
    """The outcome in a word and in the sentence of its act, with the texts that say why; `remedy`: what can
    be done against it, naming the bodies; `paper`: its title and its code, if there is one to read."""

    word: str
    sentence: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    remedy: str = ""
    paper: tuple[str, str] | None = None


def result_of(found: Track, *, now: datetime) -> Result | None:
    """The result of a case; nothing before there is one. Opening its reason is entered in the record."""
    snapshot = found.snapshot
    word = kinds.outcome(snapshot)
    entry = kinds.outcome_entry(snapshot, found.timeline) if word else None
    if entry is None:
        return Result(word) if word else None
    kind = kinds.kind_of(snapshot)
    told = casework.open_told(snapshot, entry, kind.reasons, party=snapshot.applicant, now=now)
    texts = tuple((kind.texts.get(name, name), str(text)) for name, text in told.items())
    paper, remedy = _paper(found, entry)
    shown = (kinds.paper_title(snapshot, paper.kind), paper.short_code) if paper else None
    return Result(word, entry.sentence, texts, remedy, shown)


def _paper(found: Track, entry: Entry) -> tuple[NoticeView | None, str]:
    """The paper of the act, unless it was erased, and the remedies against what it tells."""
    snapshot, written = found.snapshot, kinds.kind_of(found.snapshot).papers
    own = [one for one in found.notices if one.entry == str(entry.number)]
    row = next((r for r in kinds.kind_of(snapshot).procedure.rows if r.event == entry.event), None)
    adverse = any(one.is_adverse and row and one.kind in row.papers for one in written)
    acted_at = journal.acted_at(entry)
    heard = organisation.remedy_bodies(snapshot.lead_at(acted_at), on=moments.today(acted_at))
    paper = next((one for one in own if not one.is_erased), None)
    return paper, remedy_text(heard) if adverse else ""
