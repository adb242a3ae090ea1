"""The page of a case as it stood on a day, for those who handle it and for the holder of its slip. It has no
names; the desk adds them for those who may read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from liuquan.casework.types import Snapshot
from liuquan.catalogue.types import Necessity
from liuquan.journal import queries as record
from liuquan.journal.queries import Axis
from liuquan.journal.types import Entry
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.kinds import course, register, words
from liuquan.kinds.past import CaseThen, case_then
from liuquan.kinds.types import CaseKind, PanelAsked, Place
from liuquan.organisation import queries as organisation

_DONE = {"open": "办理中", "done": "已完成", "cancelled": "已终止"}


def history_page(
    case: Snapshot, asked: Mapping[str, str], *, now: datetime, public_only: bool = False
) -> tuple[dict[str, Any], int]:
    """What `kinds/_history.html` shows of the moment that was typed (`on`, `clock`, `axis`, `print`), and the
    status of the answer: 422 with the wrong fields. `public_only`: for the holder of the slip."""
    given = {name: asked.get(name, "").strip()[:20] for name in ("on", "clock", "axis")}
    context: dict[str, Any] = {
        "case": case,
        "given": given,
        "errors": {},
        "axes": [(axis.value, axis.label) for axis in Axis],
        "printing": asked.get("print") == "1",
    }
    given["axis"] = given["axis"] or Axis.RECORD.value
    try:
        then = case_then(case, **given, now=now, party=case.applicant if public_only else None)
    except BadInput as refusal:
        return context | {"errors": refusal.fields}, refusal.status
    return context | _shown(then, now, public_only=public_only), 200


def _shown(then: CaseThen, now: datetime, *, public_only: bool) -> dict[str, Any]:
    names = words.post_names(moments.today(now))
    calendar, kind = organisation.calendar(), register.KINDS[then.case.kind]
    return {
        "then": then,
        "is_now": then.asked.at == now,
        "steps": words.stage_marks(course.progress(kind, then.case)),
        "clocks": [words.clock_row(clock, now=then.asked.at, calendar=calendar) for clock in then.clocks],
        "assignments": [
            {
                "step": then.case.step_name(a) or a.step,
                "post": names.get(a.post_code, a.post_code),
                "state": _DONE.get(a.state, a.state),
                "opened": words.moment_in_table(a.opened_at),
                "done": words.moment_in_table(a.done_at) if a.done_at else "",
            }
            for a in then.case.assignments
        ],
        "people": [
            {
                "number": one.number,
                "role": words.role_label(kind, one.role),
                "since": words.moment_text(one.from_at),
            }
            for one in then.parties
        ],
        "materials": [
            (m, Necessity(m.necessity).label, words.moment_text(m.since) if m.since else "")
            for m in then.materials
        ],
        "panels": course.panels(
            kind, PanelAsked(then.case, Place.HISTORY, at=then.asked.at, entries=then.entries)
        ),
        "papers": [(paper, words.moment_text(paper.issued_at)) for paper in then.papers],
        "events": [_event(kind, e, names) for e in reversed(_read(kind, then.entries, public_only))],
        "later": [_event(kind, e, names) for e in _read(kind, then.later, public_only)],
        "unknown": [_event(kind, entry, names) for entry in then.unknown],
    }


def _read(kind: CaseKind, entries: Iterable[Entry], public_only: bool) -> list[Entry]:
    """The entries as this reader reads them: the holder of the slip those it sees, as it is told them."""
    return [kind.told(one) for one in entries if kind.shows(one)] if public_only else list(entries)


def _event(kind: CaseKind, entry: Entry, names: dict[str, str]) -> dict[str, str]:
    known = words.moment_text(record.known_at(entry, played=settings.LIUQUAN_DEMO))
    effective = words.moment_text(entry.effective_at)
    return {
        "title": entry.label,
        "sentence": entry.sentence,
        "effective": effective,
        "known": known,
        "late": known if known[:10] > effective[:10] else "",
        "who": words.who(kind, entry, names),
    }
