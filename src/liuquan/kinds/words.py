"""What pages show of a case of any kind, in words: moments, days left, clocks, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from liuquan.casework.events import ACTED_AS, DEADLINE_BREACHED, DEADLINE_NEAR
from liuquan.casework.types import CaseFile, Clock, Lamp, Running
from liuquan.clock import Calendar, Unit, chinese_date, remaining, shanghai_day, short_date, weekday_date
from liuquan.journal import queries as journal
from liuquan.journal.types import Entry
from liuquan.kernel import moments
from liuquan.kinds.types import CaseKind, ClockRow, EventRow, StageRow
from liuquan.organisation import queries as organisation

COLOURS = {Lamp.GREEN: "green", Lamp.YELLOW: "yellow", Lamp.RED: "red", Lamp.PAUSED: "grey"}
#: parties of any kind of case but the one who brings it
_ROLES = {
    "agent": "代办人",
    "legal_representative": "法定代表人",
    "interested_party": "利害关系人",
}
_ENDED = {
    Running.MET: "按时完成",
    Running.EXPIRED: "期满，依法生效",
    Running.CANCELLED: "已终止",
    Running.SUPERSEDED: "起算日已更正",
}


def moment_text(at: datetime) -> str:
    """2026年3月12日 10:21, in Shanghai, as running text has it."""
    return f"{chinese_date(shanghai_day(at))} {at.astimezone(moments.LOCAL):%H:%M}"


def moment_in_table(at: datetime) -> str:
    """2026-03-12 10:21, in Shanghai, as tables have it."""
    return f"{at.astimezone(moments.LOCAL):%Y-%m-%d %H:%M}"


def happened_text(entry: Entry) -> str:
    """When it happened; where it took effect on an earlier day, both: 登记于…，自2026年3月2日起生效."""
    acted = journal.acted_at(entry)
    if shanghai_day(acted) <= shanghai_day(entry.effective_at):
        return moment_text(entry.effective_at)
    return f"登记于{moment_text(acted)}，自{chinese_date(shanghai_day(entry.effective_at))}起生效"


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


def clock_row(clock: Clock, *, now: datetime, calendar: Calendar) -> ClockRow:
    """A clock in words; a stopped one says how it ended, one of hours and minutes at which time it ends."""
    view, word, left, due = clock.view, "", "", weekday_date(clock.view.due_on)
    if clock.explained.limit.unit.is_momentary:
        due = f"{due} {view.due_at.astimezone(moments.LOCAL):%H:%M}"
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
        citations="、".join(clock.explained.basis),
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


def stage_marks(rows: Sequence[StageRow]) -> list[dict[str, str]]:
    """Stages as the line of steps shows them: label, state, and the day it was done or what the kind says."""
    return [
        {
            "label": row.stage.label,
            "state": row.state,
            "note": row.note or (short_date(moments.today(row.ended_at)) if row.ended_at else ""),
        }
        for row in rows
    ]


def event_rows(
    kind: CaseKind, entries: Sequence[Entry], file: CaseFile, post_names: Mapping[str, str]
) -> list[EventRow]:
    """What happened, newest first, because readers look for the latest event."""
    rows = []
    for entry in reversed(entries):
        texts = file.texts.get(str(entry.number), {})
        rows.append(
            EventRow(
                at=happened_text(entry),
                who=who(kind, entry, post_names),
                title=entry.label,
                sentence=_of_which_clock(kind, entry),
                tone="red" if entry.event == DEADLINE_BREACHED.name else kind.tones.get(entry.event, ""),
                texts=tuple((kind.texts[key], text_of(texts[key])) for key in kind.texts if texts.get(key)),
            )
        )
    return rows


def _of_which_clock(kind: CaseKind, entry: Entry) -> str:
    """The sentence of an entry; of one about a clock, after the name of the clock."""
    label = kind.procedure.clock_labels.get(str(entry.public.get("key", "")), "")
    about = entry.event in (DEADLINE_BREACHED.name, DEADLINE_NEAR.name)
    return f"{label}：{entry.sentence}" if about and label else entry.sentence


def text_of(said: object) -> str:
    """A free text of an entry as it is shown; of several by name, one a line."""
    return (
        "\n".join(f"{name}：{text}" for name, text in said.items())
        if isinstance(said, Mapping)
        else str(said)
    )


def who(kind: CaseKind, entry: Entry, post_names: Mapping[str, str]) -> str:
    """Who acted: a post by its name, a party as its kind calls those of its role, the system. An entry that
    names no role is taken for the applicant's."""
    if entry.actor_kind == "system":
        return "系统"
    if entry.actor_kind == "party":
        return role_label(kind, entry.public.get(ACTED_AS, "applicant"))
    return post_names.get(entry.post_code, entry.post_code)


def role_label(kind: CaseKind, role: str) -> str:
    """What a party of this role is called; the role itself if nobody named it."""
    if role == "applicant":
        return kind.applicant
    return kind.party_roles.get(role) or _ROLES.get(role, role)


def post_names(on: date) -> dict[str, str]:
    """The names of all posts, for lists that carry their codes."""
    return {post.code: post.name for post in organisation.posts(on=on)}
