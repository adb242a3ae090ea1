"""The law book's values: limits with dated amounts, grounds for leaving time out, and what they rest on.

A limit's wording (unit, anchor, excluded grounds) belongs to its entry, its amount to dated values: each is
in force from its day until the day before the next one, or until its own `to`. A value without an amount
ends the limit. The case of a given day uses the value in force on that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from liuquan.clock import Limit
from liuquan.law.citations import Citation, parse_citation


class LawError(LookupError):
    """The law book has no answer, or a data file is wrong; the message names the id or the file."""


@dataclass(frozen=True)
class DatedValue:
    """An amount and the days it is in force, both included; `amount` `None` says the limit has ended."""

    from_on: date
    amount: int | None
    to_on: date | None = None


@dataclass(frozen=True)
class LimitEntry:
    """One limit of the law book: its terms (with the latest amount), its dated values, the file it is in."""

    id: str
    terms: Limit
    values: tuple[DatedValue, ...]
    file: str

    def on(self, day: date) -> Limit:
        """The limit as in force on this day. Refuses a day on which no value is in force."""
        for at, value in enumerate(self.values):
            following = self.values[at + 1].from_on - timedelta(days=1) if at + 1 < len(self.values) else None
            ends = min(filter(None, (value.to_on, following)), default=None)
            if value.amount is not None and value.from_on <= day and (ends is None or day <= ends):
                return replace(self.terms, amount=value.amount, valid_from=value.from_on, valid_to=ends)
        raise LawError(f"{self.id} 在 {day} 没有生效的数值")


@dataclass(frozen=True)
class Ground:
    """A ground on which a law leaves time out of its limits. The list of a law is closed."""

    law: str
    name: str
    label: str
    citations: tuple[str, ...]
    notice_required: bool
    file: str = ""


@dataclass(frozen=True)
class LawBook:
    """Everything the data files say, by id."""

    entries: Mapping[str, LimitEntry]
    all_grounds: Mapping[tuple[str, str], Ground] = field(default_factory=dict)

    def limit(self, id: str, *, on: date) -> Limit:
        """The limit with this id as in force on this day, ready for `clock.deadline`.

        Refuses an unknown id and a day without a value in force, naming both.
        """
        return self.entry(id).on(on)

    def entry(self, id: str) -> LimitEntry:
        """The limit with all its dated values. Refuses an unknown id."""
        if id not in self.entries:
            raise LawError(f"法规数据中没有期限 {id}")
        return self.entries[id]

    def limits(self) -> tuple[LimitEntry, ...]:
        """All limits in order of id."""
        return tuple(self.entries[id] for id in sorted(self.entries))

    def ground(self, law: str, name: str) -> Ground:
        """One ground of this law. Refuses what is not on the law's closed list."""
        if (law, name) not in self.all_grounds:
            raise LawError(f"{law} 没有不计入期限的事由 {name}")
        return self.all_grounds[law, name]

    def grounds(self, law: str) -> tuple[Ground, ...]:
        """The closed list of grounds of this law, in the order of its text; empty when it knows none."""
        return tuple(ground for ground in self.all_grounds.values() if ground.law == law)

    def citations(self) -> tuple[Citation, ...]:
        """Every place the data cite, once, in order."""
        texts = {cite for ground in self.all_grounds.values() for cite in ground.citations}
        for entry in self.entries.values():
            texts.update(entry.terms.citations)
            if entry.terms.extension:
                texts.update(entry.terms.extension.citations)
        return tuple(sorted(map(parse_citation, texts), key=str))
