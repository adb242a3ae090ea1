"""A case as a line of stages and a set of clocks, in words for the applicant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from liuquan.applications.types import Clock, Track
from liuquan.casework.types import Lamp, Snapshot
from liuquan.clock import Unit, remaining, short_date, weekday_date
from liuquan.journal import queries as journal
from liuquan.kernel import moments

STAGES = ("提交", "受理", "审查", "决定", "送达")
#: state → the stage in progress
_NOW = {
    "received": 1,
    "supplementing": 1,
    "examining": 2,
    "deciding": 3,
    "granted": 4,
    "refused": 4,
    "closed": 5,
}


def progress(snapshot: Snapshot) -> list[dict[str, str]]:
    """The five stages: which are done, in progress, or will not be reached."""
    moments_of = (snapshot.received_at, snapshot.accepted_at, None, snapshot.decided_at, snapshot.closed_at)
    at = _NOW.get(snapshot.state)
    stopped = at is None
    if at is None:  # not accepted, or withdrawn on the way
        at = 1 + sum(moment is not None for moment in (snapshot.accepted_at, snapshot.decided_at))
    rows = []
    for number, (label, moment) in enumerate(zip(STAGES, moments_of, strict=True)):
        state = "done" if number < at else "skipped" if stopped else "current" if number == at else "todo"
        note = short_date(moments.today(moment)) if moment and state == "done" else ""
        rows.append({"label": label, "state": state, "note": note})
    if snapshot.state == "supplementing":
        rows[1]["note"] = "等您补正"
    if stopped:
        rows[at]["note"] = {"withdrawn": "已撤回"}.get(snapshot.state, "不予受理")
    return rows


def happened(found: Track) -> list[dict[str, str]]:
    """What happened, newest first; what took effect on an earlier day says both days."""
    rows = []
    for entry in reversed(found.timeline):
        acted, effective = journal.acted_at(entry), moments.today(entry.effective_at)
        at = f"{acted.astimezone(moments.LOCAL):%-m月%-d日 %H:%M}"
        if moments.today(acted) > effective:
            at = f"登记于{at}，自{short_date(effective)}起生效"
        rows.append({"at": at, "title": entry.label, "sentence": entry.sentence})
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
