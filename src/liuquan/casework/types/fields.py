"""The values that an act asks for, as data: page, API and the engine's check come from these rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from liuquan.casework.types.case import Snapshot
from liuquan.casework.types.terms import Step
from liuquan.clock import shanghai_day
from liuquan.organisation.types import Actor

LONGEST_TEXT = 2000  #: characters of any one text
YES = "yes"  #: what a condition calls a ticked field of kind `yes`


class FieldKind(StrEnum):
    """What is given: `many` a list of keys; `files` the same, with scans of them if there are any; `days` a
    whole number; `amount` yuan as written; `person` the number of a member of staff; `yes` true or false;
    `texts` a text for each of the keys chosen in another field (`Field.of`), by key."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    MANY = "many"
    DATE = "date"
    DAYS = "days"
    AMOUNT = "amount"
    PERSON = "person"
    FILES = "files"
    YES = "yes"
    TEXTS = "texts"


class Operator(StrEnum):
    """How a condition compares. Where several values are given, one of them is enough."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    FILLED = "filled"


@dataclass(frozen=True)
class Option:
    """One answer that is offered. `chosen`: selected in an empty form."""

    value: str
    label: str
    hint: str = ""
    chosen: bool = False

    @property
    def text(self) -> str:
        """The label with its hint."""
        return f"{self.label}（{self.hint}）" if self.hint else self.label


@dataclass(frozen=True)
class ShownIf:
    """When a field is asked for: as the answer to an earlier field of the same act says. No condition holds
    while the other field is empty, `is_not` neither. `value`: several for `one_of`, none for `filled`."""

    field: str
    operator: Operator = Operator.FILLED
    value: str | tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """What the other field is compared with."""
        return (self.value,) if isinstance(self.value, str) else self.value

    def holds(self, given: Mapping[str, Any]) -> bool:
        """Whether the given values meet the condition."""
        said = _words(given.get(self.field))
        if self.operator is Operator.FILLED:
            return bool(said)
        among = any(one in self.values for one in said)
        return bool(said) and not among if self.operator is Operator.IS_NOT else among

    def as_data(self) -> dict[str, Any]:
        """The condition for programs."""
        return {"field": self.field, "operator": self.operator.value, "values": list(self.values)}


@dataclass(frozen=True)
class Asking:
    """For whom and on which case a form is made: what a query of options gets."""

    snapshot: Snapshot
    by: Actor
    now: datetime
    assignment: int | None = None

    @property
    def on(self) -> date:
        """Today, in Shanghai."""
        return shanghai_day(self.now)

    @property
    def step(self) -> Step | None:
        """The step of the route that the act is about."""
        mine = next((a for a in self.snapshot.open_assignments if a.id == self.assignment), None)
        return self.snapshot.step(mine.step) if mine else None


@dataclass(frozen=True)
class Field:
    """A value that an act takes.

    `choices`: the only valid answers, with their labels. `options`: a query of the vertical for what is
    offered on this case; where it finds nothing for a choice or a person, the answer is typed, and for a text
    it only suggests. The engine never runs it: a guard refuses what is not among the options.
    `asked_if`: whether it is asked on this case at all; a guard refuses if it is asked and missing.
    `dates`: only days up to today, or only later ones. `most`: the largest number of days that is offered.
    `of`: for texts, the field whose chosen keys want one each. `wanted`: the forms of people are refused
    without it where it is shown; the engine, which also executes what was recorded before it was asked for,
    takes the act without. `instead_of`: the forms of people ask for this list in place of that field, which
    then gets the first answer; programs give both. `begins_with`: the free text that officers of the review
    that stands have given by this name; the forms of people who may open the file begin with it, to be
    changed. `only_uploads`: files that are never handed in on paper; none is ticked, and the act is refused
    with one that is named but did not come.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    help: str = ""
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)
    options: Callable[[Asking], Sequence[Option]] | None = None
    shown_if: ShownIf | None = None
    asked_if: Callable[[Asking], bool] | None = None
    dates: Literal["", "past", "future"] = ""
    most: Callable[[Snapshot], int | None] | None = None
    of: str = ""
    wanted: bool = False
    instead_of: str = ""
    begins_with: str = ""
    only_uploads: bool = False


@dataclass(frozen=True)
class AskedField:
    """A field as it is asked on one case: with its options, the largest number, and in words when it is to be
    filled in (empty: always)."""

    field: Field
    options: tuple[Option, ...] = ()
    most: int | None = None
    condition: str = ""


def condition_text(one: Field, fields: Iterable[Field]) -> str:
    """When a field is to be filled in: 只在“事由”为“听证”时填写; empty: always. `fields`: of its act."""
    asked = one.shown_if
    if asked is None:
        return ""
    other = next(field for field in fields if field.name == asked.field)
    if asked.operator is Operator.FILLED or other.kind is FieldKind.YES:
        verb = "勾选了" if other.kind is FieldKind.YES else "填写了"
        return f"只在{verb}“{other.label}”时填写"
    words = "或".join(f"“{other.choices.get(value, value)}”" for value in asked.values)
    verb = "不为" if asked.operator is Operator.IS_NOT else "为"
    return f"只在“{other.label}”{verb}{words}时填写"


def _words(value: Any) -> list[str]:
    """A given value as the words that conditions compare; none if nothing was given."""
    if value is True:
        return [YES]
    if value is None or value is False:
        return []
    if isinstance(value, Mapping):
        value = list(value)
    several = value if isinstance(value, (list, tuple, set, frozenset)) else (value,)
    return [word for word in (str(one).strip() for one in several) if word]
