"""What the desk shows of cases, in words: dates, days left, lamps, the route with its branches, the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from liuquan.applications.rules import RESULT_LABELS
from liuquan.applications.types import CaseFile, CasePage, Clock
from liuquan.casework.types import AssignmentView, Lamp, Running, Snapshot, Step
from liuquan.clock import Calendar, CountedDay, Unit, remaining, shanghai_day, weekday_date
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import moments
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

COLOURS = {Lamp.GREEN: "green", Lamp.YELLOW: "yellow", Lamp.RED: "red", Lamp.PAUSED: "grey"}
_ENDED = {
    Running.MET: "按时完成",
    Running.EXPIRED: "期满，依法生效",
    Running.CANCELLED: "已终止",
    Running.SUPERSEDED: "起算日已更正",
}
#: private values of an entry that its handlers read, with their names
_TEXTS = {
    "reason": "理由",
    "opinion": "意见",
    "remarks": "具体要求",
    "corrections": "更正内容",
    "standard": "标准",
    "refer_to": "应当受理的机关",
    "document": "告知文书说明",
    "request": "申请人的书面请求",
    "again": "再次启动的理由",
    "evidence": "书面证据",
    "note": "内部说明",
}
_TONES = {
    "casework.deadline_breached": "red",
    "application.granted": "green",
    "application.accepted": "green",
    "application.accepted_corrected": "green",
    "application.special_started": "yellow",
    "application.supplement_notified": "yellow",
}


def moment_text(at: datetime) -> str:
    """2026-03-12 10:21, in Shanghai."""
    return f"{at.astimezone(moments.LOCAL):%Y-%m-%d %H:%M}"


def happened_text(entry: Entry) -> str:
    """When it happened; where it took effect on an earlier day, both: 登记于…，自2026-03-02起生效."""
    acted = journal.acted_at(entry)
    if shanghai_day(acted) <= shanghai_day(entry.effective_at):
        return moment_text(entry.effective_at)
    return f"登记于{moment_text(acted)}，自{shanghai_day(entry.effective_at)}起生效"


def left_text(due_on: date | None, today: date, calendar: Calendar, *, paused: bool = False) -> str:
    """How long is left, in working days, which staff plan their queue by."""
    if due_on is None:
        return ""
    if paused:
        return "不计时"
    days = calendar.working_days_between(today, due_on)
    if due_on == today:
        return "今天到期"
    if due_on < today:
        return f"已超{-days}个工作日" if days else "已到期"
    return f"还剩{days}个工作日" if days else "休息日后即到期"


def may_at_all(actor: Actor, action: str) -> bool:
    """Whether any mandate of the post names this act on applications, for whichever item."""
    return any(f"application.{action}" in term.actions for term in actor.mandates)


@dataclass(frozen=True)
class ClockRow:
    """One clock of a case: its lamp, its last day, and every day that was counted."""

    label: str
    colour: str
    word: str
    due: str
    left: str
    provisional: bool
    limit: str
    text: str
    citations: str
    days: tuple[CountedDay, ...]
    is_open: bool


def clock_row(clock: Clock, *, now: datetime, calendar: Calendar) -> ClockRow:
    """A clock in words; a stopped one says how it ended."""
    view, word, left, due = clock.view, "", "", weekday_date(clock.view.due_on)
    colour = COLOURS[clock.lamp]
    if view.is_open:
        paused = view.state is Running.PAUSED
        left = _left(clock, now, calendar, paused=paused)
        if paused:
            told = [s.announced_to_on for s in clock.explained.suspensions if s.announced_to_on]
            over = bool(told) and moments.today(now) > max(told)
            left = "不计时，已过告知的结束日" if over else f"不计时，按告知的结束日为{due}"
            due = f"{weekday_date(clock.explained.due_on)}（如今天恢复）"
    else:
        word = "已完成，但超期" if clock.over else _ENDED[view.state]
        colour = "red" if clock.over else "green" if view.state is Running.MET else "grey"
    return ClockRow(
        label=clock.label,
        colour=colour,
        word=word,
        due=due,
        left=left,
        provisional=view.provisional,
        limit=clock.limit_text,
        text=clock.text,
        citations="、".join(clock.explained.citations or clock.citations),
        days=clock.explained.days,
        is_open=view.is_open,
    )


def _left(clock: Clock, now: datetime, calendar: Calendar, *, paused: bool) -> str:
    unit = clock.explained.limit.unit
    today = moments.today(now)
    if paused or unit is Unit.WORKING_DAY or unit.is_momentary:
        return left_text(clock.view.due_on, today, calendar, paused=paused)
    days = remaining(clock.explained, today, calendar)
    return "今天到期" if days == 0 else f"还剩{days}日" if days > 0 else f"已超{-days}日"


@dataclass(frozen=True)
class StepRow:
    """One step of the route: its post, its state, its result."""

    name: str
    kind: str
    post: str
    officers: int
    limit: str
    state: str  #: done, current, todo
    word: str
    result: str
    task: str
    standard: str


@dataclass(frozen=True)
class Stage:
    """Steps shown side by side: several are parallel branches that the next stage waits for."""

    label: str
    state: str  #: done, current, todo, skipped
    note: str
    steps: tuple[StepRow, ...] = ()


def stages(page: CasePage, post_names: Mapping[str, str]) -> list[Stage]:
    """The whole course of a case from receipt to delivery; parallel branches of the route form one stage."""
    s = page.snapshot
    ended = s.closed_at is not None
    accepted = s.state in ("examining", "deciding", "granted", "refused", "closed")
    rows = [
        Stage("收件", "done", weekday_date(shanghai_day(s.received_at))),
        Stage("受理", _state(accepted, s.state in ("received", "supplementing"), ended), _on(s.accepted_at)),
    ]
    for level in _levels(s.terms.steps):
        rows.append(_stage(level, s, post_names, ended=ended))
    rows.append(
        Stage("决定", _state(s.decided_at is not None, s.state == "deciding", ended), _on(s.decided_at))
    )
    delivered = s.state == "closed"
    rows.append(
        Stage(
            "送达",
            _state(delivered, s.state in ("granted", "refused"), ended),
            _on(s.closed_at) if delivered else "",
        )
    )
    return rows


def _state(done: bool, current: bool, ended: bool) -> str:
    return "done" if done else "current" if current else "skipped" if ended else "todo"


def _on(at: datetime | None) -> str:
    return weekday_date(shanghai_day(at)) if at else ""


def _levels(steps: tuple[Step, ...]) -> list[list[Step]]:
    """Steps by how many must come before them; the route is free of cycles (checked at publication)."""
    depth: dict[str, int] = {}
    waiting = list(steps)
    while waiting:
        ready = [one for one in waiting if set(one.after) <= depth.keys()]
        if not ready:
            break
        for one in ready:
            depth[one.key] = 1 + max((depth[key] for key in one.after), default=-1)
        waiting = [one for one in waiting if one.key not in depth]
    levels: list[list[Step]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for one in steps:
        if one.key in depth:
            levels[depth[one.key]].append(one)
    return levels


def _stage(level: list[Step], s: Snapshot, post_names: Mapping[str, str], *, ended: bool) -> Stage:
    rows = tuple(_step_row(step, s, post_names) for step in level)
    states = {row.state for row in rows}
    state = "done" if states == {"done"} else "current" if "current" in states or "done" in states else "todo"
    if ended and state != "done":
        state = "skipped"
    done = sum(row.state == "done" for row in rows)
    note = f"{done}/{len(rows)} 已完成" if len(rows) > 1 else ""
    return Stage("、".join(row.name for row in rows), state, note, rows)


def _step_row(step: Step, s: Snapshot, post_names: Mapping[str, str]) -> StepRow:
    mine = [a for a in s.assignments if a.step == step.key]
    last = max(mine, key=lambda a: a.id, default=None)
    state = "todo" if last is None else {"open": "current", "done": "done"}.get(last.state, "todo")
    return StepRow(
        name=step.name,
        kind=step.kind.label,
        post=post_names.get(step.post_code, step.post_code),
        officers=step.officers,
        limit=step.limit.text if step.limit else "",
        state=state,
        word=_word(last, len(mine)),
        result=RESULT_LABELS.get(last.result, "") if last else "",
        task=step.task,
        standard=step.standard,
    )


def _word(last: AssignmentView | None, times: int) -> str:
    if last is None:
        return "未开始"
    if last.state == "open":
        again = "（退回重办）" if times > 1 else ""
        return f"办理中，{weekday_date(shanghai_day(last.opened_at))}开始{again}"
    if last.state == "done" and last.done_at:
        return f"{weekday_date(shanghai_day(last.done_at))}完成"
    return "已终止"


@dataclass(frozen=True)
class EventRow:
    """One entry of the timeline, with the free texts its handlers may read."""

    at: str
    who: str
    title: str
    sentence: str
    tone: str
    texts: tuple[tuple[str, str], ...]
    due: tuple[str, ...] = ()


def event_rows(entries: tuple[Entry, ...], file: CaseFile, post_names: Mapping[str, str]) -> list[EventRow]:
    """What happened, newest first, because readers look for the latest event."""
    rows = []
    for entry in reversed(entries):
        texts = file.texts.get(str(entry.number), {})
        rows.append(
            EventRow(
                at=happened_text(entry),
                who=_who(entry, post_names),
                title=entry.label,
                sentence=entry.sentence,
                tone=_TONES.get(entry.event, ""),
                texts=tuple((_TEXTS[key], str(texts[key])) for key in _TEXTS if texts.get(key)),
            )
        )
    return rows


def _who(entry: Entry, post_names: Mapping[str, str]) -> str:
    if entry.actor_kind == "system":
        return "系统"
    if entry.actor_kind == "party":
        return "申请人"
    return post_names.get(entry.post_code, entry.post_code)


def post_names(on: date) -> dict[str, str]:
    """The names of all posts, for lists that carry their codes."""
    return {post.code: post.name for post in organisation.posts(on=on)}
