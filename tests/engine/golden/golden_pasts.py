"""What a case was at past moments, rebuilt from stored journal entries: for recording and for comparing.

A past is the entries of a case as they are recorded, with its terms and the calendar of today. What is told
of it: the case after each entry, and the case at moments between, both as changes since the entry before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from golden_values import (
    HERE,
    Plain,
    calendar_from_json,
    case_from_json,
    changes,
    flat,
    line,
    plain,
    procedures,
    read,
    stored_lines,
)

from liuquan.casework import history, stored_terms
from liuquan.casework.types import BodyRole, PartyView, Snapshot
from liuquan.journal.types import Entry
from liuquan.kernel.refusals import Refusal

#: too large, or known only later
_NOT_TOLD = ("terms", "parties_ever", "roles", "body_names")
PASTS, REPLAYED = HERE / "pasts", HERE / "replayed"


def replayed(path: Path) -> Iterator[Plain]:
    """What is told of every past of a file, a line for each entry and each moment."""
    head, *pasts = stored_lines(path)
    for past in pasts:
        yield from _Replay(head, past).lines()


class _Replay:
    """One past with today's replay."""

    def __init__(self, head: Plain, past: Plain) -> None:
        self.id = past["id"]
        self.procedure = procedures()[head["procedure"]]
        self.calendar = calendar_from_json(head["calendars"][past["calendar"]])
        self.entries: list[Entry] = [read(Entry, one) for one in past["entries"]]
        case = case_from_json(past["case"], stored_terms.from_json(head["terms"][past["terms"]]))
        begun_at = self.entries[0].effective_at
        parties = tuple(PartyView(number, role, begun_at) for number, role in case.parties.items())
        lead = case.terms.body_code
        roles = tuple(
            BodyRole(code, "lead" if code == lead else "cooperating", begun_at)
            for code in sorted(case.bodies)
        )
        self.case = replace(case, parties_ever=parties, roles=roles)
        self.moments = [datetime.fromisoformat(at) for at in past["moments"]]

    def lines(self) -> Iterator[Plain]:
        stood: list[Plain] = [{}]
        for number, entry in enumerate(self.entries, 1):
            found = self._told(self.entries[:number])
            yield {
                "past": self.id,
                "entry": number,
                "event": entry.event,
                "changes": _since(stood[-1], found),
            }
            stood.append(found)
        for at in self.moments:
            known = [entry for entry in self.entries if entry.effective_at <= at]
            told = _since(stood[len(known)], self._told(known, at))
            yield {"past": self.id, "at": plain(at), "entries": len(known), "changes": told}
        yield {"past": self.id, "differs": self._differences()}

    def _told(self, entries: list[Entry], at: datetime | None = None) -> Plain:
        try:
            found = history.rebuilt(self.case, self.procedure, entries, self.calendar)
        except Refusal as refusal:
            return {"refusal": type(refusal).__name__, "code": refusal.code, "sentence": refusal.sentence}
        if found is None:
            return {}
        return _case_told(history.state_at(found, at) if at else found)

    def _differences(self) -> list[str]:
        try:
            found = history.rebuilt(self.case, self.procedure, self.entries, self.calendar)
        except Refusal:
            return ["refused"]
        return list(history.differences(self.case, found)) if found else ["nothing"]


def _case_told(case: Snapshot) -> Plain:
    told: Plain = {
        name: said
        for name, said in plain(case).items()
        if name not in ("terms", "parties_ever", "roles", "body_names")
    }
    for name in ("assignments", "deadlines", "suspensions"):
        told[name] = {str(one["id"]): one for one in told.get(name, [])}
    return told


def _since(before: Plain, after: Plain) -> Plain:
    """The values that changed, by path; null for one that is gone."""
    values = flat(after)
    return {path: values.get(path) for path in changes(before, after)}


def differences(path: Path, stored: Iterable[Plain]) -> Iterator[str]:
    """Where today's replay tells otherwise than is stored, in words with the values that differ."""
    found = list(replayed(path))
    recorded = list(stored)
    if len(found) != len(recorded):
        yield f"{path.name}: {len(recorded)} lines are recorded, now there are {len(found)}"
    for one, now in zip(recorded, found, strict=False):
        if line(one) != line(now):
            yield f"{_where(now)}\n{_what(one, now)}"


def _where(told: Plain) -> str:
    if "entry" in told:
        return f"past {told['past']}, after entry {told['entry']}, {told['event']}:"
    return f"past {told['past']}, {'at ' + told['at'] if 'at' in told else 'differs from its rows in'}:"


def _what(recorded: Plain, now: Plain) -> str:
    one, other = (_by_path(told) for told in (recorded, now))
    paths = [*one, *(path for path in other if path not in one)]
    return "\n".join(
        f"    {path}: recorded {one.get(path, 'as before')}, now {other.get(path, 'as before')}"
        for path in paths
        if one.get(path) != other.get(path)
    )


def _by_path(told: Plain) -> dict[str, Any]:
    changed = told.get("changes")
    if changed is None:
        return {"differs": line(told.get("differs"))}
    return {path: line(said) for path, said in changed.items()}
