"""Reading a holiday notice: from its sentences to days, or a refusal. Nothing is guessed.

Every clause must be one that is known, every weekday written beside a date must be that date's, a count
("共7天") must be the number of days, the days a weekend is moved to must be off, and a
make-up day must be a weekend day. What does not fit is refused with the words that do not fit.

Cites: 全国年节及纪念日放假办法 第七条
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from liuquan.clock.calendar import Calendar
from liuquan.clock.types import ClockError, Day, DayKind

_ANNOTATION = r"(?:\([^()]*\))?"
_DATE = rf"(?:\d{{4}}年)?(?:\d{{1,2}}月)?\d{{1,2}}日{_ANNOTATION}"
_RANGE = rf"{_DATE}(?:(?:至|到|—+|–|-|~){_DATE})?"
_DATES = rf"{_RANGE}(?:[、和]{_RANGE})*"
_ONE_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(\([^()]*\))?")
_WEEKDAY = re.compile(r"(?:星期|周)([一二三四五六日天])")

#: What a clause may say, tried in order; `days` are its dates.
_OFF = re.compile(
    rf"(?P<days>{_DATES})(?:全国)?(?:放假调休|调休放假|放假公休|放假|补休)(?P<count>\d+天)?(?:,?共(?P<total>\d+)天)?"
)
_WORK = re.compile(rf"(?P<days>{_DATES})(?:照常)?上班")
_REST = re.compile(rf"(?P<days>{_DATES})(?:为法定节假日|为法定假日|为公休日|照常公休|调休)")
_MOVED = re.compile(
    rf"将?(?P<days>{_DATES})(?:(?:两|[一二三四五六]|\d)个)?公休日(?:分别)?调至(?P<to>{_DATES})"
)
_LONGER = re.compile(
    rf"延长(?:\d{{4}}年)?(?P<holiday>[^\d,]{{2,6}})假期至(?P<days>{_DATE})(?:,{_DATE}起(?:正常|照常)上班)?"
)
_TOTAL = re.compile(r"共(?P<total>\d+)天")
_SILENT = re.compile(r"与周末连休|不调休|其中")

_TITLE = re.compile(r"^.*关于(?:.*?(?P<year>\d{4})年)?.*(?:放假|节假日|假期).*通知$")
_FULL_DATE = re.compile(r"(\d{4})年\d{1,2}月\d{1,2}日")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.、])")
#: Words before the first date of a sentence that say no day themselves: why, and what follows.
_LEAD = re.compile(r"^[^\d不除]*[,:](?=\d)")
_ISSUE = re.compile(r"[^\s,。:]{1,12}[〔\[]\d{4}[〕\]]\d+号")
_SIGNED = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$")
_SECTION = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d+[.、])\s*(?P<name>[^:\d]{2,12}):(?P<text>.+)$"
)
_SPEAKS_OF_DAYS = re.compile(rf"{_DATE}.*(?:放假|上班|调休|补休|公休)|(?:放假|上班|补休|假期).*{_DATE}")
#: The festivals of the year; a notice that names all of them announces the year whole.
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")


@dataclass(frozen=True)
class HolidayNotice:
    """A notice as read: its days in order, each with the holiday's name as `reason` and the notice as source.

    `whole_year`: all festivals are named, so that every other day of the year is announced too.
    """

    year: int
    title: str
    number: str
    issued_on: date | None
    days: tuple[Day, ...]
    whole_year: bool


def read_notice(text: str, year: int | None = None, standing: Calendar | None = None) -> HolidayNotice:
    """A whole notice, or a few sentences of one. `year` is needed where the text names none, `standing` (the
    days as they are without it) where the notice makes a holiday longer.

    Refuses what it cannot read to the end, with the words; a day both off and worked; no day at all.
    """
    lines = [line for line in (_normal(one) for one in text.splitlines()) if line]
    title, number, issued, told = _head(lines)
    if year is not None and told is not None and told != year:
        raise ClockError(f"通知是 {told} 年的，与指定的 {year} 年不一致")
    year = told if told is not None else year
    if year is None:
        raise ClockError("通知没有写明年份，请指明是哪一年的放假安排")
    source = f"{title}({number})".replace("(", "（").replace(")", "）") if number else title
    sections = _sections(lines, title)
    days: dict[date, Day] = {}
    for name, words in sections:
        for day in _read(_Reading(year, name, source or "放假安排", standing), words):
            if day.on in days and days[day.on].kind is not day.kind:
                raise ClockError(f"{day.on} 既写放假又写上班，请核对通知")
            days.setdefault(day.on, day)
    if not days:
        raise ClockError("没有读到任何放假或者上班的日期")
    named = "".join(name for name, _ in sections)
    whole = all(festival in named for festival in FESTIVALS)
    return HolidayNotice(year, title, number, issued, tuple(days[on] for on in sorted(days)), whole)


def read_sentence(text: str, year: int, name: str = "节假日", source: str = "放假安排") -> tuple[Day, ...]:
    """The days of the sentences about one holiday, in order of date. Refuses what it cannot read."""
    return tuple(sorted(_read(_Reading(year, name, source), _normal(text)), key=lambda day: day.on))


def _head(lines: list[str]) -> tuple[str, str, date | None, int | None]:
    """Title, number, day of issue and year, as far as the text gives them."""
    title = number = ""
    issued: date | None = None
    year: int | None = None
    for line in lines:
        signed, issue, heading = _SIGNED.match(line), _ISSUE.search(line), _TITLE.match(line)
        if heading and not title:
            title, year = line, int(heading["year"]) if heading["year"] else None
        if issue and not number:
            number = issue[0]
        if signed:
            issued = _day(*(int(part) for part in signed.groups()))
    if year is None:
        named = (_FULL_DATE.search(line) for line in lines if not _SIGNED.match(line))
        year = next((int(found[1]) for found in named if found), None)
    return title, number, issued, year


def _sections(lines: list[str], title: str) -> list[tuple[str, str]]:
    """The numbered paragraphs with their holidays; a text without any is about the holiday of its title."""
    found = [(at, match) for at, line in enumerate(lines) if (match := _SECTION.match(line))]
    if not found:
        return _sentences_on_days(lines, title)
    first = found[0][0]
    numbered = {at for at, _ in found}
    for at, line in enumerate(lines):
        if at > first and at not in numbered and _SPEAKS_OF_DAYS.search(line):
            raise ClockError(f"读不懂这一段，请人工核对：{line[:60]}")
    return [(match["name"].strip(), match["text"]) for _, match in found]


def _sentences_on_days(lines: list[str], title: str) -> list[tuple[str, str]]:
    """The sentences that name a day; one that only says why, or whom to inform, is left out."""
    words = [line for line in lines if not _TITLE.match(line) and not _SIGNED.match(line)]
    kept = [line for line in words if not _ISSUE.fullmatch(line)]
    if not title:
        return [("节假日", "".join(kept))] if kept else []
    sentences = [one for line in kept for one in re.split(r"[。;]", _NUMBERED.sub("", line))]
    on_days = [_LEAD.sub("", one) for one in sentences if _SPEAKS_OF_DAYS.search(one)]
    festival = next((name for name in FESTIVALS if name in title), "")
    name = festival or ("纪念日" if "纪念日" in title else "节假日")
    return [(name, "。".join(on_days))] if on_days else []


@dataclass
class _Reading:
    """What has been read of one paragraph: the days by kind, and the month and year spoken of."""

    year: int
    name: str
    source: str
    standing: Calendar | None = None
    off: dict[date, None] = field(default_factory=dict)
    work: dict[date, None] = field(default_factory=dict)
    rests: list[date] = field(default_factory=list)
    moved: list[date] = field(default_factory=list)
    years: dict[int, int] = field(default_factory=dict)
    at: date | None = None
    block: int = 0

    def dates(self, text: str) -> list[date]:
        """The days of a list of dates and ranges, every weekday checked."""
        days: list[date] = []
        for span in re.findall(_RANGE, text):
            ends = [self._one(*match.groups()) for match in _ONE_DATE.finditer(span)]
            if ends[-1] < ends[0]:
                raise ClockError(f"“{span}”的末日早于首日，跨年的日期须写明年份")
            if (ends[-1] - ends[0]).days > 31:
                raise ClockError(f"“{span}”超过一个月，请核对日期")
            days += [ends[0] + timedelta(days=n) for n in range((ends[-1] - ends[0]).days + 1)]
        return days

    def _one(self, year: str | None, month: str | None, day: str, beside: str | None) -> date:
        if month is None and self.at is None:
            raise ClockError(f"“{day}日”没有写明月份")
        number = int(month) if month else self.at.month if self.at else 0
        if year:
            self.years[number] = int(year)
            which = int(year)
        elif month is None and self.at is not None:
            which = self.at.year
        else:
            # The December of a New Year's holiday is the year before, whether or not the notice says so.
            before = number == 12 and self.name == FESTIVALS[0]
            which = self.years.get(number, self.year - 1 if before else self.year)
        self.at = on = _day(which, number, int(day))
        told = _WEEKDAY.search(beside or "")
        if told and "一二三四五六日".index(told[1].replace("天", "日")) != on.weekday():
            raise ClockError(f"{on} 不是{told[0]}，请核对日期")
        return on


def _read(reading: _Reading, text: str) -> list[Day]:
    name, source = reading.name, reading.source
    for clause in _clauses(text):
        _take(clause, reading)
    # A weekend day that is moved away is worked, unless it is itself part of the holiday.
    reading.work |= dict.fromkeys(on for on in reading.moved if on not in reading.off)
    _check(reading, name)
    off = [Day(on, DayKind.OFF, name, source) for on in reading.off]
    return off + [Day(on, DayKind.WORKING, name, source) for on in reading.work]


def _clauses(text: str) -> Iterable[str]:
    """The clauses, a list of dates kept whole: `1月3日(星期六),4日上班` is one."""
    for sentence in re.split(r"[。;]", text):
        yield from _clauses_of(sentence.strip(" ,"))


def _clauses_of(sentence: str) -> Iterable[str]:
    while sentence:
        for pattern in (_SILENT, _LONGER, _MOVED, _OFF, _WORK, _REST, _TOTAL):
            found = pattern.match(sentence)
            if found and re.match(r"$|[,:、]|其中|\d", sentence[found.end() :] or ""):
                yield found[0]
                sentence = sentence[found.end() :].lstrip(" ,:、")
                break
        else:
            raise ClockError(f"读不懂“{sentence[:40]}”，请人工核对通知原文")


def _take(clause: str, reading: _Reading) -> None:
    if _SILENT.fullmatch(clause):
        return
    if longer := _LONGER.fullmatch(clause):
        reading.off |= dict.fromkeys(_added(longer["holiday"], reading.dates(longer["days"])[0], reading))
    elif total := _TOTAL.fullmatch(clause):
        _same_count(int(total["total"]), reading.block, clause)
    elif moved := _MOVED.fullmatch(clause):
        reading.moved += reading.dates(moved["days"])
        reading.rests += reading.dates(moved["to"])
    elif off := _OFF.fullmatch(clause):
        days = reading.dates(off["days"])
        reading.off |= dict.fromkeys(days)
        reading.block = len(days)
        for told in (off["count"], off["total"]):
            if told:
                _same_count(int(told.rstrip("天")), len(days), clause)
    elif work := _WORK.fullmatch(clause):
        reading.work |= dict.fromkeys(reading.dates(work["days"]))
    elif rest := _REST.fullmatch(clause):
        reading.rests += reading.dates(rest["days"])


def _added(holiday: str, last: date, reading: _Reading) -> list[date]:
    """The days by which a holiday becomes longer: from the day after its last one as it stands."""
    if reading.standing is None:
        raise ClockError(f"通知延长{holiday}假期，须先有原来的放假安排才能读出增加的日子")
    ends = [
        day.on
        for day in reading.standing.exceptions()
        if day.kind is DayKind.OFF and holiday in day.reason and day.source != reading.source
        if day.on.year == last.year and day.on < last
    ]
    if not ends:
        raise ClockError(f"没有收录{last.year}年{holiday}的放假安排，读不出延长了哪几天")
    return [ends[-1] + timedelta(days=n) for n in range(1, (last - ends[-1]).days + 1)]


def _same_count(told: int, found: int, clause: str) -> None:
    if told != found:
        raise ClockError(f"“{clause}”写明 {told} 天，日期却有 {found} 天，请核对通知")


def _check(reading: _Reading, name: str) -> None:
    if not reading.off:
        raise ClockError(f"{name}没有写明哪一天放假")
    for on in reading.work:
        if on in reading.off:
            raise ClockError(f"{on} 既写放假又写上班，请核对通知")
        if on.weekday() < 5:
            raise ClockError(f"{on} 不是周末，写为调休上班，请核对日期")
    for on in reading.rests:
        if on not in reading.off:
            raise ClockError(f"{on} 写为休息日，却不在放假日期之内，请核对通知")


def _normal(text: str) -> str:
    """One form for each sign: half-width digits, brackets and commas; no spaces."""
    plain = unicodedata.normalize("NFKC", text).replace("﹐", ",")
    return re.sub(r"\s+", "", plain)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ClockError(f"{year}年{month}月{day}日不存在，请核对日期") from None
