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
    offset = timedelta(seconds=int(os.environ.get(OFFSET_VARIABLE) or 0))
    return datetime.now(UTC) + offset


def today(now: datetime) -> date:
    """The date in Asia/Shanghai on which the moment falls."""
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone has no date: pass an aware datetime")
    return now.astimezone(LOCAL).date()
