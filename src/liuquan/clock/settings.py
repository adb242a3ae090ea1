"""What a place may choose about counting where the law leaves it open: named values, each with its source.

民法典 第二百零三条 ends a last day at 24:00, or when business stops where there are business hours; it moves
an end on a rest day forward and says nothing of limits counted back; no statute says when an online filing
after hours counts. Each choice here is a setting of a place, never presented as law.

Cites: 民法典 第二百零三条
"""

from dataclasses import dataclass
from enum import StrEnum


class DayEnd(StrEnum):
    """When a last day is over: at 24:00, or when the office closes on it."""

    MIDNIGHT = "midnight"
    CLOSE = "close"


class AfterHours(StrEnum):
    """When a filing outside office hours counts: at its own moment, or at the next working time."""

    AT_ONCE = "at_once"
    NEXT_WORKING_TIME = "next_working_time"


class BackRule(StrEnum):
    """Where the end of a limit counted back goes when it falls on a rest day.

    `EARLIER` is our default: the person to be informed gets more time, never less.
    """

    EARLIER = "earlier"
    STAYS = "stays"
    LATER = "later"


@dataclass(frozen=True)
class CountingRules:
    """The settings of one place; `source` names the place or paper they come from."""

    ends: DayEnd = DayEnd.MIDNIGHT
    after_hours: AfterHours = AfterHours.AT_ONCE
    back: BackRule = BackRule.EARLIER
    source: str = "六权默认设置"


DEFAULT_RULES = CountingRules()
