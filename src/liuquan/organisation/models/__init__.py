"""Tables of the organisation.

The identity of a body, a unit or a post is one permanent row; its attributes (name, place, duties) are dated
rows that never overlap. Ranges are half-open: the day `to_on` is no longer included.
`source` says which pack or import a row came from; a load changes rows of its own source only.
"""

from liuquan.organisation.models.days import CalendarDay, CalendarVersion, HolidayNotice, Workday
from liuquan.organisation.models.places import Body, BodyRecord, Division, Unit, UnitRecord
from liuquan.organisation.models.posts import Mandate, Post, PostCover, PostHolding, PostSheet, Seal, Staff
from liuquan.organisation.models.promises import ServicePromise

__all__ = [
    "Body",
    "BodyRecord",
    "CalendarDay",
    "CalendarVersion",
    "Division",
    "HolidayNotice",
    "Mandate",
    "Post",
    "PostCover",
    "PostHolding",
    "PostSheet",
    "Seal",
    "ServicePromise",
    "Staff",
    "Unit",
    "UnitRecord",
    "Workday",
]
