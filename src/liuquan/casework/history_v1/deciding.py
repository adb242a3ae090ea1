"""What a row of the first vocabulary version changed on a case. Pure and frozen.

Cites: 行政许可法 第三十二条, 第三十四条, 第四十二条, 第四十五条, 第五十条, 民法典 第二百零一条
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from liuquan.casework import clocks
from liuquan.casework.types import (
    AssignmentView,
    DeadlineChange,
    DeadlineView,
    NewDeadline,
    ProcedureV1,
    RowV1,
    Running,
    Snapshot,
    StartV1,
    Step,
    SuspensionView,
)
from liuquan.clock import SHANGHAI, Calendar, Direction, day_start, shanghai_day
from liuquan.kernel.refusals import BadInput, WrongState

MOMENTS: Final = ("received", "accepted", "decided")


@dataclass(frozen=True)
class Told:
    """What an entry tells of an act: its row, the case before, the public values, when it was done."""

    row: RowV1
    case: Snapshot
    public: Mapping[str, Any]
    now: datetime
    calendar: Calendar
    assignment: AssignmentView | None

    @property
    def today(self) -> date:
        return shanghai_day(self.now)


@dataclass(frozen=True)
class DecisionV1:
    """What the act changed."""

    to_state: str
    started: tuple[NewDeadline, ...]
    changes: Mapping[int, DeadlineChange]
    steps: tuple[Step, ...]
    done: frozenset[int]
    cancelled: frozenset[int]
    result: str
    suspensions: tuple[SuspensionView, ...]
    corrected: Mapping[str, datetime]


def decided(procedure: ProcedureV1, told: Told) -> DecisionV1:
    """What the act changed, whether or not today's rules would allow it."""
    case, row = told.case, told.row
    effective_at = _effective_at(told)
    steps, finished = _route(told)
    target = row.target or case.state
    if row.target_when_done and finished:
        target = row.target_when_done
    closes = target in procedure.closed and target != case.state
    suspensions = _suspensions(told, closes)
    anchor, resting = _corrected(told) if row.corrects else (told.now, ())
    started = (
        *_started(told, effective_at, steps, suspensions),
        *(_superseding(one, anchor, told) for one in resting),
    )
    done = frozenset({told.assignment.id} if row.completes_step and told.assignment else ())
    moved = {name for name in MOMENTS if resting and _moment(case, name) == resting[0].anchor_at}
    return DecisionV1(
        target,
        started,
        {c.id: c for c in _changed(told, suspensions, closes, started)},
        steps,
        done,
        frozenset(a.id for a in case.open_assignments if closes and a.id not in done),
        (row.step_result or str(told.public.get("result", ""))) if row.completes_step else "",
        suspensions,
        dict.fromkeys(sorted(moved), anchor),
    )


def anchor_of(start: StartV1, case: Snapshot, effective_at: datetime, counts_from: str) -> datetime:
    """The moment a clock counted from."""
    if start.anchor == "effective":
        return effective_at
    if start.anchor == "received":
        return case.received_at
    if start.anchor == "filed":
        return datetime.fromisoformat(counts_from) if counts_from else effective_at
    return day_start(case.own_day(start.anchor))


def started(
    start: StartV1,
    case: Snapshot,
    anchor: datetime,
    calendar: Calendar,
    suspensions: tuple[SuspensionView, ...] = (),
) -> NewDeadline | None:
    """The clock from this moment on; nothing when the terms have no such limit."""
    if start.limit not in case.terms.limits:
        return None
    limit = case.terms.limits[start.limit]
    on_expiry = start.on_expiry if limit.on_expiry else ""
    return clocks.started(
        start.key, start.limit, limit, case.terms, anchor, calendar, suspensions, on_expiry=on_expiry
    )


def _effective_at(told: Told) -> datetime:
    if told.row.effective == "now":
        return told.now
    clock = told.case.deadline(told.row.effective, told.assignment.step if told.assignment else "")
    if clock is None:
        raise WrongState("对应的期限已经终止，不再产生法定效果。")
    return clock.anchor_at if told.row.effective_from == "start" else clock.due_at


def _route(told: Told) -> tuple[tuple[Step, ...], bool]:
    """The steps that were opened, and whether the route was then finished."""
    case, row = told.case, told.row
    if row.sends_back:
        return case.terms.last_steps, False
    open_now = {a.step for a in case.open_assignments}
    done = {a.step for a in case.assignments if a.state == "done"} - open_now
    if row.completes_step and told.assignment:
        done, open_now = done | {told.assignment.step}, open_now - {told.assignment.step}
    elif not row.opens_route:
        return (), False
    steps = case.terms.steps
    following = (s for s in steps if s.key not in done and s.key not in open_now and set(s.after) <= done)
    return tuple(following), done >= {s.key for s in steps}


def _suspensions(told: Told, closes: bool) -> tuple[SuspensionView, ...]:
    """The suspensions of the case after the act."""
    case, today = told.case, told.today
    if told.row.pauses:
        until = date.fromisoformat(str(told.public.get("until")))
        document = str(told.public.get("document", "")).strip()
        ground = str(told.public.get("ground", ""))
        return (*case.suspensions, SuspensionView(0, ground, today, None, until, document))
    if closes:
        ended = {s.id for s in case.open_suspensions}
    elif told.row.resumes:
        wanted = str(told.public.get("ground") or "")
        found = [s.id for s in case.open_suspensions if wanted in ("", s.ground)]
        if len(found) != 1:
            raise BadInput("记录没有写明结束的是哪一项特别程序。")
        ended = set(found)
    else:
        return case.suspensions
    over = (replace(s, to_on=max(today, s.from_on)) if s.id in ended else s for s in case.suspensions)
    return tuple(over)


def _started(
    told: Told, effective_at: datetime, steps: Iterable[Step], suspensions: tuple[SuspensionView, ...]
) -> Iterable[NewDeadline]:
    counts_from = str(told.public.get("counts_from", ""))
    for start in told.row.starts:
        anchor = anchor_of(start, told.case, effective_at, counts_from)
        if new := started(start, told.case, anchor, told.calendar, suspensions):
            yield new
    for step in steps:
        if new := clocks.start_step(step, told.case.terms, told.now, told.calendar, suspensions):
            yield new


def _changed(
    told: Told, suspensions: tuple[SuspensionView, ...], closes: bool, new: Iterable[NewDeadline]
) -> Iterable[DeadlineChange]:
    row, case = told.row, told.case
    superseded = {one.supersedes for one in new}
    for view in case.deadlines:
        if not view.is_open:
            continue
        if state := _stopped(told, view, closes):
            yield clocks.stopped(view, state, told.now)
        elif view.id in superseded:
            yield clocks.stopped(view, Running.SUPERSEDED, told.now)
        elif view.key == row.extends:
            granted = int(told.public["days"])
            yield clocks.recounted(view, view.state, case.terms, told.calendar, suspensions, granted=granted)
        elif (row.pauses or row.resumes) and (change := _turned(told, view, suspensions)):
            yield change


def _turned(told: Told, view: DeadlineView, suspensions: tuple[SuspensionView, ...]) -> DeadlineChange | None:
    terms = told.case.terms
    limit = terms.limit(view.limit_key)
    if limit.direction is Direction.BEFORE or not any(limit.excludes_ground(s.ground) for s in suspensions):
        return None
    counted = clocks.recounted(view, Running.RUNNING, terms, told.calendar, suspensions)
    standing = clocks.is_paused(limit, counted.due_on, suspensions)
    change = replace(counted, state=Running.PAUSED if standing else Running.RUNNING)
    return None if (change.state, change.due_at) == (view.state, view.due_at) else change


def _stopped(told: Told, view: DeadlineView, closes: bool) -> Running | None:
    row = told.row
    mine = told.assignment is not None and view.step == told.assignment.step
    if view.key in row.stops or (row.completes_step and view.key == clocks.STEP and mine):
        return Running.EXPIRED if row.effective == view.key else Running.MET
    if view.key in row.cancels or (closes and view.key not in row.keeps):
        return Running.CANCELLED
    return None


def _corrected(told: Told) -> tuple[datetime, tuple[DeadlineView, ...]]:
    """The right moment, and the clocks that counted from the wrong one."""
    case = told.case
    clock = case.deadline(str(told.public.get("clock", "")))
    if clock is None:
        raise WrongState("这项期限已经终止，不能更正起算日。")
    to = date.fromisoformat(str(told.public.get("to")))
    at = datetime.combine(to, clock.anchor_at.astimezone(SHANGHAI).timetz())
    resting = (d for d in case.deadlines if d.is_open and not d.step and d.anchor_at == clock.anchor_at)
    return min(at, told.now).astimezone(UTC), tuple(resting)


def _superseding(view: DeadlineView, anchor: datetime, told: Told) -> NewDeadline:
    return clocks.superseding(view, anchor, told.case, told.calendar)


def _moment(case: Snapshot, name: str) -> datetime | None:
    moment: datetime | None = getattr(case, f"{name}_at")
    return moment
