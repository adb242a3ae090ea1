"""From words to values for the clock: starts, limits, suspensions. Every refusal is a sentence.

A moment without a zone is taken as Asia/Shanghai, the time zone of the law.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from liuquan import law
from liuquan.clock import (
    SHANGHAI,
    Calendar,
    ClockError,
    CountingRules,
    DayEnd,
    Deadline,
    Direction,
    EndRule,
    Extension,
    Limit,
    OfficeHours,
    Sense,
    Suspension,
    Unit,
    deadline,
)
from liuquan.kernel import dates

_AMOUNT = re.compile(r"([0-9]{1,6})\s*(\w+)")
_START = re.compile(
    r"(.+?)(?:(?:T|\s+|(?<=日))(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?)?", re.DOTALL
)
_WORDS = {
    "秒": Unit.SECOND,
    "分钟": Unit.MINUTE,
    "小时": Unit.HOUR,
    "个小时": Unit.HOUR,
    "工作小时": Unit.WORKING_HOUR,
    "个工作小时": Unit.WORKING_HOUR,
    "工作日": Unit.WORKING_DAY,
    "个工作日": Unit.WORKING_DAY,
    "日": Unit.CALENDAR_DAY,
    "天": Unit.CALENDAR_DAY,
    "个自然日": Unit.CALENDAR_DAY,
    "自然日": Unit.CALENDAR_DAY,
    "月": Unit.MONTH,
    "个月": Unit.MONTH,
    "年": Unit.YEAR,
}


@cache
def law_book() -> law.LawBook:
    """The law's limits, read once."""
    return law.load_law()


@dataclass(frozen=True)
class Ways:
    """How a limit of one's own words is to be counted, where that is not as usual. `extend`: by how much it
    was extended, in its own unit; also for a limit of the law, within what the law allows."""

    extend: str = ""
    no_roll: bool = False
    before: bool = False
    at_least: bool = False
    close: bool = False

    @property
    def bend_the_law(self) -> bool:
        """Whether something is asked that a limit of the law says itself."""
        return self.no_roll or self.before or self.at_least


@dataclass(frozen=True)
class Question:
    """One question to the clock, in words as typed. `zone`: where the day of a moment is read."""

    start: str
    limit: str = ""
    law: str = ""
    suspensions: tuple[str, ...] = ()
    until: date | None = None
    hours: OfficeHours | None = None
    ways: Ways = Ways()
    zone: ZoneInfo = SHANGHAI


def answer(asked: Question, calendar: Calendar) -> Deadline:
    """The deadline asked for, or the sentence (`ClockError`) that says what to write instead."""
    start = read_start(asked.start, asked.zone)
    on = start.astimezone(asked.zone).date() if isinstance(start, datetime) else start
    limit, extensions = _in_their_way(read_limit(asked.limit, law_id=asked.law, on=on), asked)
    suspensions = [read_suspension(one, asked.law) for one in asked.suspensions]
    for one in suspensions:
        if one.to_on is not None and one.to_on < on:
            raise ClockError(f"扣除时间 {one.from_on} 至 {one.to_on} 在起算日 {on} 之前，请核对日期")
    return deadline(
        limit,
        start if limit.unit.is_momentary else on,
        calendar,
        suspensions=suspensions,
        extensions=extensions,
        until=asked.until,
        hours=asked.hours,
        rules=CountingRules(ends=DayEnd.CLOSE if asked.ways.close else DayEnd.MIDNIGHT),
    )


def _in_their_way(limit: Limit, asked: Question) -> tuple[Limit, tuple[Extension, ...]]:
    """The limit as it is to be counted, and its extension. Refuses to change what a limit of the law says."""
    ways = asked.ways
    if asked.law and ways.bend_the_law:
        raise ClockError("法定期限怎样起算、是否顺延由法律规定，不能另外指定，请去掉这些选项或者不用法定期限")
    if ways.close and asked.hours is None:
        raise ClockError("按下班时间届满要写明办公时间，例如 08:30-12:00,13:30-17:30")
    if not asked.law:
        limit = replace(
            limit,
            direction=Direction.BEFORE if ways.before else limit.direction,
            sense=Sense.AT_LEAST if ways.at_least else limit.sense,
            end_rule=EndRule.NO_ROLL if ways.no_roll else limit.end_rule,
        )
    if not ways.extend.strip():
        return limit, ()
    found = re.fullmatch(r"([0-9]{1,6})\s*(\w*)", unicodedata.normalize("NFKC", ways.extend).strip())
    if found is None or int(found[1]) == 0 or (found[2] and read_unit(found[2]) is not limit.unit):
        raise ClockError(f"看不懂延长“{ways.extend.strip()[:30]}”，请写成延长的数量，单位与期限相同")
    by = Extension(int(found[1]), limit.unit)
    return (limit if asked.law else replace(limit, extension=by)), (by,)


def read_zone(name: str) -> ZoneInfo:
    """A time zone by its name, such as Europe/Amsterdam."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ClockError(f"不认识的时区“{name[:30]}”，请写成 Asia/Shanghai 的样子") from None


def read_start(text: str, zone: ZoneInfo = SHANGHAI) -> date | datetime:
    """A day like 2026-02-10, or as people write it, or a moment like 2026-02-10T09:30 in this zone."""
    found = _START.fullmatch(unicodedata.normalize("NFKC", text).strip())
    written, clock, offset = found.groups() if found else ("", None, None)
    try:
        on = dates.read(written)
    except ValueError as why:
        raise ClockError(str(why).removesuffix("。")) from None
    if clock is None:
        return on
    try:
        at = datetime.fromisoformat(f"{on}T{clock.zfill(8 if clock.count(':') > 1 else 5)}{offset or ''}")
    except ValueError:
        raise ClockError(f"看不懂日期“{text.strip()[:30]}”，请写成 2026-02-10") from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def read_day(text: str, zone: ZoneInfo = SHANGHAI) -> date:
    """The day in this zone of a date or a moment."""
    start = read_start(text, zone)
    return start.astimezone(zone).date() if isinstance(start, datetime) else start


def read_limit(text: str, *, law_id: str = "", on: date) -> Limit:
    """A limit from words like `20 working_day` or 20个工作日, or the law's of this id, or both: the amount of
    the words with the law's grounds, anchor and end rule. Refuses an unknown unit, an unknown id, another
    unit than the law's, and neither."""
    base: Limit | None = None
    if law_id:
        try:
            base = law_book().limit(law_id, on=on)
        except law.LawError as error:
            raise ClockError(f"{error}，请从列出的期限里选择") from error
    if not text.strip():
        if base is None:
            raise ClockError("请写明期限，例如“20个工作日”，或者指明法定期限")
        return base
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"[0-9]+", plain):
        raise ClockError(
            f"期限“{plain[:30]}”没有写单位，请写成“{plain[:6]}个工作日”或者“{plain[:6]} working_day”"
        )
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise ClockError(f"看不懂期限“{text.strip()[:30]}”，请写成“20个工作日”的样子")
    unit = read_unit(found[2])
    if base is None:
        return Limit(int(found[1]), unit)
    if unit is not base.unit:
        raise ClockError(f"{base.label}以{base.unit.label}计算，不能写成{unit.label}")
    return replace(base, amount=int(found[1]))


def read_unit(word: str) -> Unit:
    """A unit by its name or its Chinese word."""
    if word in _WORDS:
        return _WORDS[word]
    try:
        return Unit(word)
    except ValueError:
        raise ClockError(f"不认识的单位“{word[:20]}”，可以用：{'、'.join(_WORDS)}") from None


def read_suspension(text: str, law_id: str = "") -> Suspension:
    """A suspension from `2026-03-02..2026-03-13:expert_review`; an empty end is one that still runs. With a
    law's limit the ground must be on that law's list."""
    days, _, ground = text.partition(":")
    begins, dots, ends = days.partition("..")
    if not dots:
        raise ClockError(f"看不懂扣除时间“{text[:40]}”，请写成 2026-03-02..2026-03-13:事由")
    label, ground = "", ground.strip() or "suspended"
    citations: tuple[str, ...] = ()
    if law_id:
        family = law_id.partition(".")[0]
        known = {one.name: one for one in law_book().grounds(family)}
        by_label = {one.label: one for one in known.values()}
        found = known.get(ground) or by_label.get(ground)
        if found is None:
            names = "、".join(one.label for one in known.values()) or "没有"
            raise ClockError(f"“{ground[:30]}”不是依法不计入期限的事由，该法的事由：{names}")
        ground, label, citations = found.name, found.label, found.citations
    else:
        label = "扣除时间" if ground == "suspended" else ""
    last = read_day(ends) if ends.strip() else None
    return Suspension(read_day(begins), last, ground, label=label, citations=citations)
