"""A clock begins to run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from liuquan.casework import clock_parts, clocks, parse_values
from liuquan.casework.effects.cancel import Cancel
from liuquan.casework.effects.stop import Stop
from liuquan.casework.types import Act, Change, Effect, Given, NewDeadline, SuspensionView
from liuquan.clock import Calendar, Limit, day_start, shanghai_day
from liuquan.kernel.refusals import WrongState

LATEST: Final = timedelta(days=3660)  #: guards against typing errors in a day that an act gives

#: what a clock may count from beside the days that a kind keeps in its terms
MOMENTS = frozenset({"effective", "received", "filed"})


@dataclass(frozen=True)
class Start(Effect):
    """Starts a clock: which limit of the terms, counted from which moment, what silence means. Terms without
    that limit (no fee, no promise, no publicity) start none.

    `anchor`: "effective", when the act takes effect; "received", the receipt of the case; "filed", the moment
    a filing counts from (a party's after hours, by setting of the place); else the name of a date that
    the kind keeps in the terms, as the day a licence ends. `on_expiry`: the row carried out when nobody did
    anything, if the limit of the law knows such an effect.

    Values of the act may say the rest, each by its name: `part_field` the part the clock is about;
    `days_field` the amount, at least 1 and at most `most` or the limit's own; `anchor_field` the day it
    counts from, at the earliest `earliest` days before today; `limit_field` which of the limits named
    `limit:…` it counts, as where the time for an answer depends on what is asked.
    """

    key: str
    limit: str
    on_expiry: str = ""
    anchor: str = "effective"
    part_field: str = ""
    days_field: str = ""
    most: int | None = None
    anchor_field: str = ""
    earliest: int = 0
    limit_field: str = ""

    def limit_key(self, given: Given) -> str:
        """The name of the limit in the terms."""
        return f"{self.limit}:{given.data.get(self.limit_field) or ''}" if self.limit_field else self.limit

    def check(self, act: Act) -> None:
        """Refuse (422) a part that is no code, an amount or a day outside what the row allows; (409) a second
        open clock of the same key and part."""
        limit = act.case.terms.limits.get(self.limit_key(act.given))
        if limit is None:
            if self.limit_field:
                clock_parts.refuse(act, self.limit_field, "请从列出的时限中选择")
            return
        part = clock_parts.check_code(act, self.part_field)
        if act.case.deadline(self.key, part=part) and not self._ends_first(act):
            whose = f"“{part}”的" if part else ""
            raise WrongState(f"{whose}这项期限正在计算，不能重复起算。")
        if self.days_field:
            self._check_days(act, limit)
        if self.anchor_field:
            self._check_day(act)

    def count(self, change: Change) -> None:
        act = change.act
        anchor = self.anchor_of(act.given, change.effective_at, act.calendar)
        new = self.started(act.given, anchor, act.calendar, change.suspensions)
        if new is None:
            return
        change.started.append(new)
        change.public |= self.told(act.given)
        if self.anchor == "filed" and anchor != change.effective_at:
            change.public.setdefault("counts_from", anchor.isoformat())

    def started(
        self, given: Given, anchor: datetime, calendar: Calendar, suspensions: tuple[SuspensionView, ...] = ()
    ) -> NewDeadline | None:
        """The clock from this moment on; nothing when the terms have no such limit."""
        terms = given.snapshot.terms
        key = self.limit_key(given)
        if key not in terms.limits:
            return None
        limit = terms.limits[key]
        if self.days_field:
            limit = replace(limit, amount=self._days(given))
        on_expiry = self.on_expiry if limit.on_expiry else ""
        part = clock_parts.part_of(given, self.part_field)
        return clocks.started(
            self.key, key, limit, terms, anchor, calendar, suspensions, part=part, on_expiry=on_expiry
        )

    def anchor_of(self, given: Given, effective_at: datetime, calendar: Calendar) -> datetime:
        """The moment the clock counts from."""
        case = given.snapshot
        if self.anchor_field and self.limit_key(given) in case.terms.limits:
            return day_start(self._day(given))
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
        return day_start(case.own_day(self.anchor))

    def told(self, given: Given) -> dict[str, Any]:
        """What the act gave, for the public record: a replay reads it there."""
        told: dict[str, Any] = {}
        if self.limit_key(given) not in given.snapshot.terms.limits:
            return told
        if self.part_field:
            told[self.part_field] = clock_parts.part_of(given, self.part_field)
        if self.days_field:
            told[self.days_field] = self._days(given)
        if self.anchor_field:
            told[self.anchor_field] = self._day(given).isoformat()
        if self.limit_field:
            told[self.limit_field] = str(given.data[self.limit_field])
        return told

    def _ends_first(self, act: Act) -> bool:
        """Whether the act itself ends the clock before it starts it anew."""
        mine = (self.key, self.part_field)
        return any(e == Stop(*mine) or e == Cancel(*mine) for e in act.row.effects)

    def _check_days(self, act: Act, limit: Limit) -> None:
        most = limit.amount if self.most is None else self.most
        if not 1 <= self._days(act.given, clock_parts.label_of(act.row, self.days_field)) <= most:
            clock_parts.refuse(act, self.days_field, f"应当在1至{most}{limit.unit.label}之间")

    def _check_day(self, act: Act) -> None:
        day = self._day(act.given, clock_parts.label_of(act.row, self.anchor_field))
        today = shanghai_day(act.given.now)
        if day < today - timedelta(days=self.earliest):
            early = f"距今不能超过{self.earliest}天" if self.earliest else "不能早于今天"
            clock_parts.refuse(act, self.anchor_field, early)
        if day > today + LATEST:
            clock_parts.refuse(act, self.anchor_field, "离现在太远，请核对年份")

    def _days(self, given: Given, label: str = "") -> int:
        return parse_values.whole_number(given.data.get(self.days_field), self.days_field, label)

    def _day(self, given: Given, label: str = "") -> date:
        return parse_values.day(given.data.get(self.anchor_field), self.anchor_field, label)
