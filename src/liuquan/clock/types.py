"""The values the clock works with: limits, days, suspensions, counted days. No date arithmetic.

Dates are days in Asia/Shanghai; moments are aware. Every value refuses nonsense when it is made, with a
sentence a clerk can read, so that the counting code never meets it.

Cites: 民法典 第二百条, 民法典 第二百零一条
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Self


class ClockError(ValueError):
    """A question the clock refuses to answer; the message is the sentence to show."""


class UnsupportedUnit(ClockError):
    """The unit cannot be counted with what was given: working hours need a body's office hours."""


class Unit(StrEnum):
    """What a limit is counted in. Days, months and years end with a day; the others end at a moment."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"

    @property
    def label(self) -> str:
        """The unit as papers write it after a number."""
        return _UNIT_LABELS[self]

    @property
    def is_momentary(self) -> bool:
        """Whether the limit runs from a moment to a moment instead of ending with a day."""
        return self in (Unit.SECOND, Unit.MINUTE, Unit.HOUR, Unit.WORKING_HOUR)


_UNIT_LABELS = {
    Unit.SECOND: "秒",
    Unit.MINUTE: "分钟",
    Unit.HOUR: "小时",
    Unit.WORKING_HOUR: "个工作小时",
    Unit.WORKING_DAY: "个工作日",
    Unit.CALENDAR_DAY: "日（自然日）",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}


class Direction(StrEnum):
    """Whether the limit is counted forward from its anchor or back from it."""

    AFTER = "after"
    BEFORE = "before"


class Sense(StrEnum):
    """`at_most`: a duty ends with the limit. `at_least`: an act is refused until the limit is over.
    `earliest`: an act is refused before the limit's last day and allowed on it (a law that counts to a day
    and includes it: the day on which bids close is part of the time to bid)."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    EARLIEST = "earliest"

    @property
    def is_shortest_time(self) -> bool:
        """Whether the limit forbids acting too early instead of too late."""
        return self is not Sense.AT_MOST


class EndRule(StrEnum):
    """Whether a calendar limit that ends on a rest day moves on. Working-day limits never end on one."""

    ROLL = "roll"
    NO_ROLL = "no_roll"


class Resumption(StrEnum):
    """What happens when a suspension ends: the limit goes on with what was left, or begins anew."""

    CONTINUE = "continue"
    RESTART = "restart"


class Verification(StrEnum):
    """How the number was checked: `V` in the law's text, `V2` in a secondary text, `M` from memory."""

    TEXT = "V"
    SECONDARY = "V2"
    MEMORY = "M"


def doubt_of(verification: Verification, profile: str | None) -> str:
    """What must be said of a number of the law beside it; empty where it was read in the law's own text."""
    match verification:
        case Verification.TEXT:
            return ""
        case Verification.SECONDARY:
            return "据转述，没有核对原文"
        case Verification.MEMORY:
            return f"默认值，法律没有写明这个数字{f'（{profile}）' if profile else ''}"


class DayKind(StrEnum):
    """A day is working, off, or its notice has not been published yet."""

    WORKING = "working"
    OFF = "off"
    NOT_ANNOUNCED = "not_announced"


@dataclass(frozen=True)
class Extension:
    """By how much, how often and with whose approval a limit may be (or was) extended; in its own unit.

    `days_before`: the decision must come while at least so many counted days are left; 0 = until the end.
    """

    amount: int
    unit: Unit
    times: int = 1
    approver: str = ""
    notice: str = ""
    citations: tuple[str, ...] = ()
    days_before: int = 0

    def __post_init__(self) -> None:
        if self.days_before < 0:
            raise ClockError("延长应当提前的天数不能为负数")
        if self.amount < 1 or self.times < 1:
            raise ClockError(f"延长的数量和次数应当为正数，收到 {self.amount}、{self.times}")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, every field present, in a stable order."""
        return _plain(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The extension again. Refuses keys it does not know."""
        values = _known(cls, data)
        return cls(**values | {"unit": Unit(values["unit"]), "citations": tuple(values.get("citations", ()))})


@dataclass(frozen=True)
class Limit:
    """One limit with everything needed to count it and to explain it, as it is frozen onto a case.

    `amount` is in `unit`; 0 means at once, that is on the anchor day itself. `starts` and `ends` are event
    names. `excludes` lists the grounds whose time is not counted: a suspension on any other ground stops
    nothing; `None` means no list is kept with this limit and the caller answers for the grounds it passes.
    `on_expiry` names the effect the law attaches to silence. `source` is the id of the value in the law book.
    Refuses a negative or absurd amount.

    Cites: 民法典 第二百条, 民法典 第二百零一条, 民法典 第二百零三条
    """

    amount: int
    unit: Unit
    direction: Direction = Direction.AFTER
    sense: Sense = Sense.AT_MOST
    end_rule: EndRule = EndRule.ROLL
    starts: str = ""
    ends: str = ""
    excludes: tuple[str, ...] | None = None
    extension: Extension | None = None
    on_expiry: str | None = None
    citations: tuple[str, ...] = ()
    verification: Verification = Verification.MEMORY
    label: str = ""
    source: str = ""
    fact: str = ""
    profile: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        # bool is an int in Python; a limit of True working days is a bug at the caller.
        if isinstance(self.amount, bool) or self.amount < 0 or self.amount > _MOST[self.unit]:
            raise ClockError(f"期限数量不合理：{self.amount}{self.unit.label}")

    @property
    def text(self) -> str:
        """The limit in words: 20个工作日, 即时."""
        return f"{self.amount}{self.unit.label}" if self.amount else "即时"

    @property
    def doubt(self) -> str:
        """What must be said wherever the number is shown: that it was not read in the law's own text, or is
        no law's at all. Empty where it was read, and for a number that nobody presents as law."""
        return doubt_of(self.verification, self.profile) if self.source else ""

    @property
    def basis(self) -> tuple[str, ...]:
        """What the number rests on, as it may be printed: its citations, with its doubt if there is one; of a
        default the doubt alone, since the article that is near it does not hold the number."""
        if self.verification is Verification.MEMORY and self.doubt:
            return (self.doubt,)
        return (*self.citations, *((self.doubt,) if self.doubt else ()))

    def excludes_ground(self, ground: str) -> bool:
        """Whether time taken for this ground is left out of this limit."""
        return self.excludes is None or ground in self.excludes

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, every field present, in a stable order."""
        return _plain(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The limit again. Refuses keys it does not know: a frozen term must not lose meaning silently."""
        values = _known(cls, data)
        for name, kind in _ENUM_FIELDS.items():
            if name in values:
                values[name] = kind(values[name])
        for name in ("valid_from", "valid_to"):
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        for name in ("excludes", "citations"):
            if values.get(name) is not None:
                values[name] = tuple(values[name])
        if values.get("extension") is not None:
            values["extension"] = Extension.from_json(values["extension"])
        return cls(**values)


#: Above these a number is a typing error, not a limit: 100 years in each unit.
_MOST = {
    Unit.SECOND: 3_155_760_000,
    Unit.MINUTE: 52_596_000,
    Unit.HOUR: 876_600,
    Unit.WORKING_HOUR: 876_600,
    Unit.WORKING_DAY: 36_525,
    Unit.CALENDAR_DAY: 36_525,
    Unit.MONTH: 1_200,
    Unit.YEAR: 100,
}

_ENUM_FIELDS: dict[str, type[StrEnum]] = {
    "unit": Unit,
    "direction": Direction,
    "sense": Sense,
    "end_rule": EndRule,
    "verification": Verification,
}


@dataclass(frozen=True)
class Day:
    """One day of a calendar: its kind, why (holiday name, weekend …) and the notice that says so."""

    on: date
    kind: DayKind
    reason: str
    source: str = ""


@dataclass(frozen=True)
class Suspension:
    """Time that is not counted: the days after `from_on` up to and including `to_on`; `None` = still running.

    The starting day is not part of it, so day `from_on` is still the office's. `ground` is a name from the
    closed list of the law in question, `citations` where that law leaves the time out; `document` is the
    paper that told the applicant and `announced_to_on` the end it told. `resumes` is a property of the
    ground: whether the limit then goes on or begins anew. Refuses an end before its start.

    Cites: 民法典 第二百零一条, 行政许可法 第四十五条
    """

    from_on: date
    to_on: date | None
    ground: str
    document: str = ""
    label: str = ""
    resumes: Resumption = Resumption.CONTINUE
    announced_to_on: date | None = None
    citations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.announced_to_on is not None and self.announced_to_on < self.from_on:
            raise ClockError(f"告知的结束日 {self.announced_to_on} 早于开始日 {self.from_on}")
        if self.to_on is not None and self.to_on < self.from_on:
            raise ClockError(f"扣除时间的结束日 {self.to_on} 早于开始日 {self.from_on}")
        if not self.ground:
            raise ClockError("扣除时间应当写明事由")


class CountedDay(NamedTuple):
    """One day between start and due: its ordinal when counted, else `None`; `reason` says why in both cases.

    `assumed` marks a day whose notice is not published and which was counted or skipped by the weekend rule.
    A tuple, because an explanation makes one for each day.
    """

    on: date
    ordinal: int | None
    reason: str
    source: str = ""
    assumed: bool = False


def _plain(value: Any) -> dict[str, Any]:
    return {f.name: _plain_value(getattr(value, f.name)) for f in fields(value)}


def _plain_value(value: Any) -> Any:
    if value is None or type(value) in (str, int):  # as nearly all are
        return value
    if isinstance(value, Extension):
        return value.to_json()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _known(cls: type, data: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(data) - {f.name for f in fields(cls)}
    if unknown:
        raise ClockError(f"{cls.__name__} 不认识的字段：{'、'.join(sorted(unknown))}")
    return dict(data)
