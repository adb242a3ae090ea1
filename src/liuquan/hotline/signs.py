"""What a rise in requests is, and which ones show a matter before everybody complains of it (未诉先办). Pure.

The last week is held against the weekly average of the four weeks before it. Few requests prove nothing:
below `LEAST` a rise is no sign, and a class of which few were closed has no share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liuquan.kernel.shares import percent

WEEK: Final = 7  #: days
BEFORE: Final = 4  #: weeks
LEAST: Final = 5  #: requests in the week
TENFOLD: Final = 900  #: percent above the average, from which a rise reads as so many times it
TIMES: Final = 2  #: times the average of the weeks before
LEAST_CLOSED: Final = 5  #: tickets closed of a class before its share says anything

RISE: Final = f"近{WEEK}天的诉求，与此前{BEFORE}周的周平均数相比。"
SIGN: Final = (
    f"同一类诉求在同一个地方，近{WEEK}天有{LEAST}件以上，并且达到此前{BEFORE}周周平均数的{TIMES}倍以上。"
)
DEAD: Final = (
    f"近90天办结的工单里，告知法定途径的和认定为不合理的占多少；办结不到{LEAST_CLOSED}件的不列。"
    "占得多的，说明诉求人找错了地方，应当改进指引。"
)


def against(now: int, before: int) -> int | None:
    """By how many percent `now` is above (below: negative) `before`, rounded to whole percent, halves away
    from nothing; nothing where there was none before."""
    if not before:
        return None
    rise = 100 * (now - before)
    return (2 * abs(rise) + before) // (2 * before) * (1 if rise >= 0 else -1)


def change_words(now: int, change: int | None) -> str:
    """Such a change in words; a rise beyond tenfold as so many times."""
    if change is None:
        return "新出现" if now else "没有"
    if change >= TENFOLD:
        return f"约{round(1 + change / 100)}倍"
    return f"增{change}%" if change > 0 else f"减{-change}%" if change else "持平"


@dataclass(frozen=True)
class Rise:
    """How many requests of a class, of a division or of both: in the last week and in the weeks before it."""

    week: int
    before: int
    class_code: str = ""
    class_name: str = ""
    division: str = ""
    division_name: str = ""

    @property
    def change(self) -> int | None:
        """By how many percent the week is above (below: negative) the average, rounded to whole percent,
        halves away from nothing; nothing where there was none before."""
        return against(self.week * BEFORE, self.before)

    @property
    def words(self) -> str:
        """The change in words."""
        return change_words(self.week, self.change)

    @property
    def is_sign(self) -> bool:
        """Whether somebody should look before more people complain."""
        return self.week >= LEAST and self.week * BEFORE >= TIMES * self.before


@dataclass(frozen=True)
class Dead:
    """A class by how its tickets ended. `elsewhere`: told a legal way; `unreasonable`: judged so."""

    class_code: str
    class_name: str
    closed: int
    elsewhere: int
    unreasonable: int

    @property
    def percent(self) -> str:
        return percent(self.elsewhere + self.unreasonable, self.closed) or "0"
