"""Moments and days: which day in Asia/Shanghai a moment falls on, and when a day there begins.

Storage is UTC, the law lives in Asia/Shanghai. Naive datetimes are refused: a guess of eight hours is a
whole day at midnight.

Cites: 民法典 第二百零三条
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from liuquan.clock.types import ClockError

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai_day(at: datetime) -> date:
    """The day in Asia/Shanghai that contains this aware moment."""
    if at.tzinfo is None:
        raise ClockError("时刻必须带时区")
    return at.astimezone(SHANGHAI).date()


def chinese_date(on: date) -> str:
    """2026年2月10日"""
    return f"{on.year}年{short_date(on)}"


def short_date(on: date) -> str:
    """2月10日"""
    return f"{on.month}月{on.day}日"


def weekday_date(on: date) -> str:
    """2月10日（周二）"""
    return f"{short_date(on)}（周{'一二三四五六日'[on.weekday()]}）"


def date_in_table(on: date) -> str:
    """2026-02-10 周二, as tables have it."""
    return f"{on} 周{'一二三四五六日'[on.weekday()]}"


@lru_cache(maxsize=4096)
def day_start(on: date) -> datetime:
    """00:00 Asia/Shanghai of this day, as aware UTC."""
    return datetime.combine(on, time.min, SHANGHAI).astimezone(UTC)


@lru_cache(maxsize=4096)
def day_end(on: date) -> datetime:
    """24:00 of this day: the first moment that no longer belongs to it, as aware UTC."""
    return day_start(on + timedelta(days=1))
