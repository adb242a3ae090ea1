"""The law book's values: limits and figures with dated amounts, grounds, effects of silence.

A limit's wording (anchor, excluded grounds) belongs to its entry, its amount to dated values: each is in
force from its day until the day before the next one, or until its own `to`. A value without an amount ends
the limit; one that came with another instrument or unit says so itself. The case of a given day uses the
value in force on that day. A figure is a number of the law that is no time: people, yuan, a share.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from liuquan.clock import Limit, Sense, Unit, Verification, doubt_of
from liuquan.law.citations import Citation, parse_citation


class LawError(LookupError):
    """The law book has no answer, or a data file is wrong; the message names the id or the file."""


class TakesEffect(StrEnum):
    """From when an effect of silence counts: back from the limit's anchor, or from its end."""

    START = "start"
    DUE = "due"


@dataclass(frozen=True)
class DatedValue:
    """An amount and the days it is in force, both included; `amount` `None` says the limit has ended.

    `unit`, `citations` and `verification` are the entry's own unless the value brings others.
    """

    from_on: date
    amount: int | None
    to_on: date | None = None
    unit: Unit | None = None
    citations: tuple[str, ...] = ()
    verification: Verification | None = None


@dataclass(frozen=True)
class LimitEntry:
    """One limit of the law book: its terms (with the latest amount), its dated values, the file it is in.
    `ended`: what took its place after the last value, when nobody here has read that."""

    id: str
    terms: Limit
    values: tuple[DatedValue, ...]
    file: str
    ended: str = ""

    def on(self, day: date) -> Limit:
        """The limit as in force on this day. Refuses a day on which no value is in force."""
        for value, ends in spans(self.values):
            if value.amount is not None and value.from_on <= day and (ends is None or day <= ends):
                return self.with_value(value, ends)
        last = self.values[-1].to_on
        why = f"：{self.ended}" if self.ended and last is not None and day > last else ""
        raise LawError(f"{self.id} 在 {day} 没有生效的数值{why}")

    def with_value(self, value: DatedValue, ends: date | None) -> Limit:
        """The terms with one of the dated values, which must have an amount."""
        return replace(
            self.terms,
            amount=value.amount or 0,
            unit=value.unit or self.terms.unit,
            citations=value.citations or self.terms.citations,
            verification=value.verification or self.terms.verification,
            valid_from=value.from_on,
            valid_to=ends,
        )

    def all_terms(self) -> tuple[Limit, ...]:
        """The limit with each of its values, oldest first."""
        return tuple(self.with_value(one, ends) for one, ends in spans(self.values) if one.amount is not None)


@dataclass(frozen=True)
class DatedFigure:
    """A number and the days it is in force, both included."""

    from_on: date
    amount: Fraction
    to_on: date | None = None
    citations: tuple[str, ...] = ()
    verification: Verification | None = None


@dataclass(frozen=True)
class Figure:
    """A number of the law in force on a day. `unit` is one of `FIGURE_UNITS`; money is in yuan."""

    id: str
    label: str
    amount: Fraction
    unit: str
    sense: Sense
    citations: tuple[str, ...]
    verification: Verification
    fact: str
    profile: str | None
    valid_from: date
    valid_to: date | None

    @property
    def basis(self) -> tuple[str, ...]:
        """What the number rests on, as it may be printed: its citations, with its doubt if it has one."""
        doubt = doubt_of(self.verification, self.profile)
        if self.verification is Verification.MEMORY:
            return (doubt,)
        return (*self.citations, *((doubt,) if doubt else ()))

    @property
    def text(self) -> str:
        """The figure in words: 不少于2人, 不超过2/100."""
        bound = "不少于" if self.sense is Sense.AT_LEAST else "不超过"
        return f"{bound}{self.amount}{FIGURE_UNITS[self.unit]}"


#: Who the law wants to approve an extension, and the words for it.
APPROVERS: Mapping[str, str] = {
    "head_of_body": "本机关负责人",
    "head_of_government": "本级人民政府负责人",
    "head_of_disclosure_office": "政府信息公开工作机构负责人",
    "head_of_reconsideration_office": "行政复议机构负责人",
    "body_itself": "本机关",
}

#: What a figure counts, and how papers write it after the number. A share is a part of one.
FIGURE_UNITS: Mapping[str, str] = {
    "people": "人",
    "bidders": "家",
    "count": "",
    "days": "天",
    "years": "年",
    "years_of_age": "周岁",
    "yuan": "元",
    "share": "",
}


@dataclass(frozen=True)
class FigureEntry:
    """One figure of the law book with its dated values."""

    id: str
    label: str
    unit: str
    sense: Sense
    citations: tuple[str, ...]
    verification: Verification
    fact: str
    profile: str | None
    values: tuple[DatedFigure, ...]
    file: str

    def on(self, day: date) -> Figure:
        """The figure as in force on this day. Refuses a day on which none is."""
        for found in self.all_terms():
            if found.valid_from <= day and (found.valid_to is None or day <= found.valid_to):
                return found
        raise LawError(f"{self.id} 在 {day} 没有生效的数值")

    def all_terms(self) -> tuple[Figure, ...]:
        """The figure with each of its values, oldest first."""
        return tuple(
            Figure(
                self.id,
                self.label,
                one.amount,
                self.unit,
                self.sense,
                one.citations or self.citations,
                one.verification or self.verification,
                self.fact,
                self.profile,
                one.from_on,
                ends,
            )
            for one, ends in spans(self.values)
        )


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
class Effect:
    """The legal effect of silence at the end of a limit, and from when it counts."""

    law: str
    name: str
    label: str
    takes_effect: TakesEffect
    sentence: str
    citations: tuple[str, ...]
    file: str = ""


Entry = LimitEntry | FigureEntry
_UNNAMED = ("某", "名称待核对")


def is_named(terms: Limit | Figure) -> bool:
    """Whether its document is known by name: what is retold from a document that nobody can name binds
    nobody, and no public page lists it."""
    return not any(word in text for text in (*terms.citations, terms.profile or "") for word in _UNNAMED)


@dataclass(frozen=True)
class LawBook:
    """Everything the data files say, by id."""

    entries: Mapping[str, LimitEntry]
    all_grounds: Mapping[tuple[str, str], Ground] = field(default_factory=dict)
    all_effects: Mapping[tuple[str, str], Effect] = field(default_factory=dict)
    all_figures: Mapping[str, FigureEntry] = field(default_factory=dict)

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

    def figure(self, id: str, *, on: date) -> Figure:
        """The figure with this id as in force on this day. Refuses an unknown id and a day without one."""
        if id not in self.all_figures:
            raise LawError(f"法规数据中没有数额 {id}")
        return self.all_figures[id].on(on)

    def figures(self) -> tuple[FigureEntry, ...]:
        """All figures in order of id."""
        return tuple(self.all_figures[id] for id in sorted(self.all_figures))

    def ground(self, law: str, name: str) -> Ground:
        """One ground of this law. Refuses what is not on the law's closed list."""
        if (law, name) not in self.all_grounds:
            raise LawError(f"{law} 没有不计入期限的事由 {name}")
        return self.all_grounds[law, name]

    def grounds(self, law: str) -> tuple[Ground, ...]:
        """The closed list of grounds of this law, in the order of its text; empty when it knows none."""
        return tuple(ground for ground in self.all_grounds.values() if ground.law == law)

    def effect(self, law: str, name: str) -> Effect:
        """One effect of silence of this law. Refuses what the law does not know."""
        if (law, name) not in self.all_effects:
            raise LawError(f"{law} 没有届满效果 {name}")
        return self.all_effects[law, name]

    def to_be_confirmed(self) -> tuple[Entry, ...]:
        """Limits and figures with a value that was not read in the law's own text."""
        entries: list[Entry] = [*self.limits(), *self.figures()]
        unread = Verification.SECONDARY, Verification.MEMORY
        return tuple(one for one in entries if any(terms.verification in unread for terms in one.all_terms()))

    def citations(self) -> tuple[Citation, ...]:
        """Every place the data cite, once, in order."""
        texts = {cite for ground in self.all_grounds.values() for cite in ground.citations}
        texts.update(cite for effect in self.all_effects.values() for cite in effect.citations)
        for entry in self.entries.values():
            texts.update(cite for one in entry.all_terms() for cite in one.citations)
            if entry.terms.extension:
                texts.update(entry.terms.extension.citations)
        for figure in self.all_figures.values():
            texts.update(cite for one in figure.all_terms() for cite in one.citations)
        return tuple(sorted(map(parse_citation, texts), key=str))


Value = TypeVar("Value", DatedValue, DatedFigure)


def spans(values: Sequence[Value]) -> Iterator[tuple[Value, date | None]]:
    """Each value with its last day: its own `to`, or the day before the next value; `None` when open."""
    for at, value in enumerate(values):
        following = values[at + 1].from_on - timedelta(days=1) if at + 1 < len(values) else None
        yield value, min(filter(None, (value.to_on, following)), default=None)
