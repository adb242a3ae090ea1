"""The past as the record has it. Pure: which entries counted at a moment, asked in one of two ways.

By law: what, as far as is known today, had taken effect by then (`effective_at`). By record: what had been
entered by then (`recorded_at`, set by the database). They differ where an act takes effect earlier than it is
done: an application accepted by silence on 11 March as of its receipt on the 3rd was accepted on the 5th by
law, and the record of the 5th does not know it.

Cites: 行政许可法 第三十二条第一款第四项
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from liuquan.clock import SHANGHAI, chinese_date, day_end
from liuquan.journal.record.types import Entry
from liuquan.kernel import dates
from liuquan.kernel.refusals import BadInput


class Axis(StrEnum):
    """In which time the past is asked for."""

    RECORD = "record"
    LAW = "law"

    @property
    def label(self) -> str:
        return {"record": "那时的记录上怎么写", "law": "那时依法是怎样（按今天所知）"}[self]

    @property
    def sentence(self) -> str:
        return {
            "record": "下面是那时记录上写的：那时还没有记入的事不算在内。",
            "law": "下面是按今天所知、那时依法的情况：后来才记入、但从那时以前起就生效的事也算在内。",
        }[self]


@dataclass(frozen=True)
class Asked:
    """A moment of the past, including what happened at `at` itself; `text`: the moment in words."""

    at: datetime
    on: date
    clock: str
    axis: Axis
    text: str


def acted_at(entry: Entry) -> datetime:
    """The moment of the act itself: the entry names it where the act takes effect earlier."""
    acted = entry.public.get("acted_at")
    return datetime.fromisoformat(acted) if acted else entry.effective_at


def known_at(entry: Entry, *, played: bool) -> datetime:
    """From which moment on the record contains it: when the database wrote it. Where a demo plays another day
    than the machine's (`played`), the moment of the act on the demo's clock is taken instead."""
    return acted_at(entry) if played else entry.recorded_at


def until(entries: Iterable[Entry], at: datetime, *, axis: Axis, played: bool) -> list[Entry]:
    """The entries that had taken effect, or had been entered, before the moment; in their order."""
    if axis is Axis.LAW:
        return [e for e in entries if e.effective_at <= at]
    return [e for e in entries if known_at(e, played=played) <= at]


def not_yet_known(entries: Iterable[Entry], at: datetime, *, played: bool) -> list[Entry]:
    """What had taken effect by the moment, but was entered only later."""
    return [e for e in entries if e.effective_at <= at < known_at(e, played=played)]


def asked(
    on: str,
    clock: str,
    axis: str,
    *,
    begun_at: datetime,
    now: datetime,
    what: str = "本件",
    verb: str = "收件",
) -> Asked:
    """The moment that somebody typed: a day (`2026-03-10`), and a time (`14:30`) or the end of the day.

    Refuses (422): what is no day or no time, a day that is still to come, one before the thing began. Nothing
    typed means now. An unknown `axis` is read as the record's.
    """
    chosen = Axis(axis) if axis in set(Axis) else Axis.RECORD
    day = dates.asked(on, "on") if on.strip() else now.astimezone(SHANGHAI).date()
    to_come = day > now.astimezone(SHANGHAI).date()
    at = now if to_come else _moment(day, clock.strip())
    if to_come or (clock.strip() and _minute(at) > now):
        sentence = "这个时刻还没有到，只能查看今天和以前的情况，请重新选择日期。"
        raise BadInput(sentence, fields={"on": sentence})
    at = min(at, now)
    if at < begun_at:
        since = begun_at.astimezone(SHANGHAI)
        sentence = f"{what}{chinese_date(since.date())}{since:%H:%M}才{verb}，请选择这以后的时刻。"
        raise BadInput(sentence, fields={"on": sentence})
    return Asked(at, day, clock.strip(), chosen, _words(at, day, clock.strip(), now))


def _moment(on: date, clock: str) -> datetime:
    """The end of the day, or of the minute."""
    if not clock:
        return day_end(on) - timedelta(microseconds=1)
    try:
        typed = time.fromisoformat(clock)
    except ValueError:
        typed = None
    if typed is None or typed.tzinfo is not None:
        sentence = "时间应当写成 14:30 这样，请重新填写；不填就是当天结束时。"
        raise BadInput(sentence, fields={"clock": sentence})
    whole = typed.replace(second=59, microsecond=999999) if clock.count(":") == 1 else typed
    return datetime.combine(on, whole, SHANGHAI)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _words(at: datetime, on: date, clock: str, now: datetime) -> str:
    if at == now:
        return f"{chinese_date(on)}（现在）"
    return f"{chinese_date(on)}{clock}" if clock else f"{chinese_date(on)}结束时"
