"""What happened on a case and its clocks, in words for the person concerned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from liuquan.casework.types import Clock, Lamp
from liuquan.clock import Unit, remaining, short_date, weekday_date
from liuquan.journal import queries as journal
from liuquan.kernel import moments
from liuquan.kinds import queries as kinds
from liuquan.tracking.types import Track


def happened(found: Track, *, now: datetime) -> list[dict[str, str]]:
    """What happened, newest first, and who did it; what took effect on an earlier day says both days."""
    kind, names = kinds.kind_of(found.snapshot), kinds.post_names(moments.today(now))
    rows = []
    for entry in reversed(found.timeline):
        acted, effective = journal.acted_at(entry), moments.today(entry.effective_at)
        at = f"{acted.astimezone(moments.LOCAL):%-m月%-d日 %H:%M}"
        if moments.today(acted) > effective:
            at = f"登记于{at}，自{short_date(effective)}起生效"
        who = kinds.who(kind, entry, names)
        rows.append({"at": at, "who": who, "title": entry.label, "sentence": entry.sentence})
    return rows


def clock_rows(found: Track, *, now: datetime) -> list[dict[str, Any]]:
    """Every running clock with its lamp, its last day, what is left of it, and each day of the count."""
    return [_clock_row(clock, moments.today(now)) for clock in found.clocks]


def _clock_row(clock: Clock, on: date) -> dict[str, Any]:
    paused = clock.lamp is Lamp.PAUSED
    due = weekday_date(clock.view.due_on)
    today = clock.explained.due_on
    return {
        "clock": clock,
        "colour": "grey" if paused else clock.lamp.value,
        "word": clock.lamp.label,
        "due": f"{short_date(today)}（如今天恢复）" if paused else due,
        "left": f"暂停计时，按告知的结束日为{due}" if paused else _left(clock, on),
        "citation": "、".join(clock.citations),
        "days": clock.explained.days,
    }


def _left(clock: Clock, on: date) -> str:
    calendar = clock.explained.calendar
    if calendar is None or on > clock.view.due_on or clock.explained.limit.unit.is_momentary:
        return ""
    left = remaining(clock.explained, on, calendar)
    if not left:
        return "今天截止"
    unit = "个工作日" if clock.explained.limit.unit is Unit.WORKING_DAY else "天"
    return f"还剩{left}{unit}"
