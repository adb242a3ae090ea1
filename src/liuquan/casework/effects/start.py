"""A clock begins to run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from liuquan.casework import clocks
from liuquan.casework.types import Change, Effect, Given, NewDeadline, SuspensionView
from liuquan.clock import Calendar, day_start


@dataclass(frozen=True)
class Start(Effect):
    """Starts a clock: which limit of the terms, counted from which moment, what silence means. Terms without
    that limit (no fee, no promise, no publicity) start none.

    `anchor`: "effective", when the act takes effect; "received", the receipt of the case; "filed", the moment
    a filing counts from (a party's after hours, by setting of the place); else the name of a date in the
    terms' `extra`, as the day a licence ends. `on_expiry`: the row carried out when nobody did anything, if
    the limit of the law knows such an effect.
    """

    key: str
    limit: str
    on_expiry: str = ""
    anchor: str = "effective"

    def count(self, change: Change) -> None:
        act = change.act
        anchor = self.anchor_of(act.given, change.effective_at, act.calendar)
        new = self.started(act.given, anchor, act.calendar, change.suspensions)
        if new is None:
            return
        change.started.append(new)
        if self.anchor == "filed" and anchor != change.effective_at:
            change.public.setdefault("counts_from", anchor.isoformat())

    def started(
        self, given: Given, anchor: datetime, calendar: Calendar, suspensions: tuple[SuspensionView, ...] = ()
    ) -> NewDeadline | None:
        """The clock from this moment on; nothing when the terms have no such limit."""
        terms = given.snapshot.terms
        if self.limit not in terms.limits:
            return None
        limit = terms.limits[self.limit]
        on_expiry = self.on_expiry if limit.on_expiry else ""
        return clocks.started(
            self.key, self.limit, limit, terms, anchor, calendar, suspensions, on_expiry=on_expiry
        )

    def anchor_of(self, given: Given, effective_at: datetime, calendar: Calendar) -> datetime:
        """The moment the clock counts from."""
        case = given.snapshot
        if self.anchor == "effective":
            return effective_at
        if self.anchor == "received":
            return case.received_at
        if self.anchor == "filed":
            if told := given.facts.get("counts_from"):
                return datetime.fromisoformat(str(told))
            # somebody who hands in at the window does so during office hours
            by_party = given.by.kind == "party"
            return clocks.filed(effective_at, case.terms, calendar) if by_party else effective_at
        return day_start(date.fromisoformat(str(case.terms.extra[self.anchor])))
