"""The clock's edge: the only place that reads the machine's time.

Views, API, jobs and commands call `now()` once and pass the moment on; nothing inside reads a clock.
"""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
OFFSET_VARIABLE = "LIUQUAN_CLOCK_OFFSET_SECONDS"


def now() -> datetime:
    """The present moment, aware, in UTC, moved by the demo's offset (whole seconds) when one is set."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """By how much a demo's clock is moved. What the database's clock wrote is shown moved by it too, so that
    no page has two clocks."""
    return timedelta(seconds=int(os.environ.get(OFFSET_VARIABLE) or 0))


def today(now: datetime) -> date:
    """The date in Asia/Shanghai on which the moment falls."""
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone has no date: pass an aware datetime")
    return now.astimezone(LOCAL).date()
