"""The start-up check of the law's data: no gap, no overlap, every citation well formed, every name known.

The loader already refuses what it cannot read; this finds what reads well and is still wrong. Each complaint
names the file and the id.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from liuquan.clock import DayKind, Direction, Verification
from liuquan.law.calendars import CalendarYear
from liuquan.law.citations import BadCitation, parse_citation
from liuquan.law.types import APPROVERS, DatedFigure, DatedValue, Entry, FigureEntry, LawBook, LimitEntry


def check_law(book: LawBook) -> list[str]:
    """Complaints about the law book; empty when it is sound."""
    complaints = [complaint for entry in book.limits() for complaint in _limit_complaints(entry, book)]
    for figure in book.figures():
        complaints += _shared_complaints(f"{figure.file}：figures.{figure.id}", figure, figure.values)
    for ground in book.all_grounds.values():
        complaints += _citation_complaints(f"{ground.file}：grounds.{ground.name}", ground.citations)
    used = {(_law(entry.id), entry.terms.on_expiry) for entry in book.limits()}
    for effect in book.all_effects.values():
        where = f"{effect.file}：effects.{effect.name}"
        complaints += _citation_complaints(where, effect.citations)
        if (effect.law, effect.name) not in used:
            complaints.append(f"{where}：没有期限使用这一届满效果")
    return complaints


def _law(id: str) -> str:
    return id.partition(".")[0]


def _limit_complaints(entry: LimitEntry, book: LawBook) -> Iterator[str]:
    where, terms, law = f"{entry.file}：{entry.id}", entry.terms, _law(entry.id)
    yield from _shared_complaints(where, entry, entry.values)
    for name in terms.excludes or ():
        if (law, name) not in book.all_grounds:
            yield f"{where}：不计入期限的事由 {name} 不在 {law} 的清单中"
    if terms.excludes and terms.direction is Direction.BEFORE:
        yield f"{where}：向前倒算的期限没有不计入的时间"
    if terms.on_expiry and (law, terms.on_expiry) not in book.all_effects:
        yield f"{where}：届满效果 {terms.on_expiry} 不在 {law} 的清单中"
    if terms.on_expiry and terms.sense.is_shortest_time:
        yield f"{where}：最短期间届满不产生拟制效果"
    if terms.on_expiry and any(one.verification is Verification.MEMORY for one in entry.all_terms()):
        yield f"{where}：默认值届满不产生法律效果，没有人因为本系统自定的数字失去权利"
    if terms.extension:
        yield from _citation_complaints(f"{where}：extension", terms.extension.citations)
        if not terms.extension.approver:
            yield f"{where}：延长没有写明批准人"
        elif terms.extension.approver not in APPROVERS:
            yield f"{where}：不认识的批准人 {terms.extension.approver}，可以用：{'、'.join(APPROVERS)}"


def _shared_complaints(where: str, entry: Entry, values: Sequence[DatedValue | DatedFigure]) -> Iterator[str]:
    terms = entry if isinstance(entry, FigureEntry) else entry.terms
    yield from _value_complaints(where, values)
    yield from _citation_complaints(where, terms.citations)
    for value in values:
        if value.citations:
            yield from _citation_complaints(f"{where}：{value.from_on}", value.citations)
    if not terms.fact and not terms.profile:
        yield f"{where}：没有事实编号，也不是地方或其他文件的设定"
    if terms.verification is Verification.TEXT and not any("第" in cite for cite in terms.citations):
        yield f"{where}：核对过原文（V）的数值应当引到条"


def _value_complaints(where: str, values: Sequence[DatedValue | DatedFigure]) -> Iterator[str]:
    followers: list[DatedValue | DatedFigure | None] = [*values[1:], None]
    for value, following in zip(values, followers, strict=True):
        if value.to_on is not None and value.to_on < value.from_on:
            yield f"{where}：{value.from_on} 起的数值结束早于开始"
        if following is None:
            continue
        if following.from_on == value.from_on:
            yield f"{where}：{value.from_on} 有两个数值"
        elif value.to_on is not None and value.to_on >= following.from_on:
            yield f"{where}：{following.from_on} 起的数值与前一数值重叠"
        elif value.to_on is not None and value.to_on + timedelta(days=1) < following.from_on:
            yield f"{where}：{value.to_on} 与 {following.from_on} 之间没有数值"


def _citation_complaints(where: str, citations: Iterable[str]) -> Iterator[str]:
    empty = True
    for cite in citations:
        empty = False
        try:
            parse_citation(cite)
        except BadCitation as error:
            yield f"{where}：{error}"
    if empty:
        yield f"{where}：没有引用依据"


def check_calendar(years: Iterable[CalendarYear]) -> list[str]:
    """Complaints about the holiday data: a day named twice, a make-up day that is no weekend day."""
    complaints: list[str] = []
    seen: dict[object, str] = {}
    for year in years:
        for notice in year.notices:
            for one in notice.days:
                where = f"calendar/{year.year}.toml：{one.on}"
                if one.on in seen:
                    complaints.append(f"{where} 已由 {seen[one.on]} 规定")
                if one.kind is DayKind.WORKING and one.on.weekday() < 5:
                    complaints.append(f"{where} 不是周末，无须调休上班")
                seen[one.on] = notice.citation
    return complaints
