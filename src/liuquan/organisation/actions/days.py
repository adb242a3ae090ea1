"""Loading working days: the law's own yearly files, a new notice, a place's own closures.

Every change raises the calendar's version, which all processes watch, and rewrites the table of ordinals
that SQL counts with. Cites: 全国年节及纪念日放假办法 第七条
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from liuquan import law
from liuquan.clock import DayKind
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.organisation.calendars import Notices, calendar_of, is_body, kept_under
from liuquan.organisation.models import CalendarDay, CalendarVersion, HolidayNotice
from liuquan.organisation.queries.days import division_of, is_place, stored_notices
from liuquan.organisation.types import Actor, CalendarReport

_LOCK = 0x6C71_0002
"""Advisory lock: one load at a time."""
_MARGIN = timedelta(days=400)
"""How far past the announced days the table of ordinals goes at least, for deadlines that are provisional; it
reaches to the end of the years whose holidays by law are known."""


@dataclass(frozen=True)
class _Order:
    """A notice and its days, ready to be written."""

    title: str
    number: str
    issued_on: date | None
    region: str
    announced: tuple[date, date] | None
    days: tuple[law.NoticeDay, ...]


def load_calendar(years: Iterable[int] | None = None, *, by: Actor, now: datetime) -> CalendarReport:
    """Load the national days from the law's files (``None``: all years); loading twice changes nothing.

    A day that a later notice has set is kept. Refuses anyone but the system and administrators (403), and a
    year that is not yet announced (422).
    """
    _refuse_outsider(by)
    try:
        found = law.load_calendar(years=years)
    except law.LawError as error:
        raise BadInput(f"{error}，请在通知公布后再加载。") from error
    orders = [
        _Order(
            notice.title,
            notice.number,
            notice.issued_on,
            "",
            (date(year.year, 1, 1), date(year.year, 12, 31)) if place == 0 else None,
            notice.days,
        )
        for year in found
        for place, notice in enumerate(year.notices)
    ]
    return _write(orders, now)


def load_holiday_notice(
    *,
    title: str,
    number: str,
    issued_on: date,
    days: Sequence[law.NoticeDay],
    by: Actor,
    now: datetime,
    announced: tuple[date, date] | None = None,
    region: str = "",
) -> CalendarReport:
    """Load one notice: which days are off or worked, and the range it announces (both ends included).

    ``region``: a division code for a place's own holidays, a body's unified code for its own closures;
    national days belong to no region.
    Refuses: anyone but an administrator (403); no title, no day and no range, a day named twice, a range that
    ends before it begins, an unknown place (422).
    """
    _refuse_outsider(by)
    if not title.strip():
        raise BadInput("请填写通知的标题。", fields={"title": "请填写通知的标题。"})
    if not days and announced is None:
        raise BadInput("通知没有写明任何日期，请填写放假或者上班的日期。")
    if len({day.on for day in days}) != len(days):
        raise BadInput("同一天在通知中出现了两次，请核对日期。")
    if any(day.kind is DayKind.NOT_ANNOUNCED for day in days):
        raise BadInput("每一天应写明放假或者上班。")
    if announced is not None and announced[1] < announced[0]:
        raise BadInput("公布范围的末日早于首日，请核对日期。")
    if region and not is_place(region):
        raise BadInput(
            f"没有代码为“{region}”的行政区划或者机关，请核对代码。", fields={"region": "代码不存在。"}
        )
    kept = kept_under(region)
    return _write([_Order(title.strip(), number.strip(), issued_on, kept, announced, tuple(days))], now)


def _refuse_outsider(by: Actor) -> None:
    if by.kind != "system" and not by.has_role("sysadmin"):
        raise NotAllowed("只有系统管理员可以变更工作日历，请联系系统管理员。")


def _write(orders: Sequence[_Order], now: datetime) -> CalendarReport:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        before = stored_notices()
        report = CalendarReport(0, 0, 0, 0)
        for order in orders:
            report = _write_order(order, report)
        if stored_notices() != before:
            _raise_version(now)
            _write_workdays()
    return report


def _write_order(order: _Order, report: CalendarReport) -> CalendarReport:
    """Write one notice and the days it may set; a day set by a notice issued later is kept."""
    values = {"issued_on": order.issued_on}
    if order.announced is not None:
        values |= {"announced_from": order.announced[0], "announced_to": order.announced[1]}
    notice, _ = HolidayNotice.objects.update_or_create(
        title=order.title, number=order.number, region=order.region, defaults=values
    )
    standing = {
        row.on: row
        for row in CalendarDay.objects.select_related("notice").filter(
            region=order.region, on__in=[day.on for day in order.days]
        )
    }
    rows = []
    kept = 0
    for day in order.days:
        there = standing.get(day.on)
        if there is not None and _is_later(there.notice.issued_on, order.issued_on):
            kept += 1
        elif there is None or (there.kind, there.name, there.notice_id) != (day.kind, day.name, notice.pk):
            rows.append(
                CalendarDay(region=order.region, on=day.on, kind=day.kind, name=day.name, notice=notice)
            )
    CalendarDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["region", "on"], update_fields=["kind", "name", "notice"]
    )
    changed, unchanged = len(rows), len(order.days) - len(rows) - kept
    return CalendarReport(
        report.notices + 1, report.changed + changed, report.unchanged + unchanged, report.kept + kept
    )


def _is_later(one: date | None, other: date | None) -> bool:
    return one is not None and (other is None or one > other)


def _raise_version(now: datetime) -> None:
    row, _ = CalendarVersion.objects.get_or_create(id=1, defaults={"changed_at": now})
    CalendarVersion.objects.filter(pk=row.pk).update(
        serial=row.serial + 1, version=CalendarVersion.new_version(), changed_at=now
    )


def _write_workdays() -> None:
    """Rewrite the differing rows of the table of ordinals, for the country and every place with its own
    days."""
    notices = stored_notices()
    for region in notices.regions:
        _write_region(region, notices)


def _write_region(region: str, notices: Notices) -> None:
    calendar = calendar_of(notices, region, division_of(region) if is_body(region) else "")
    if not calendar.announced:
        return
    fixed = date(law.LAST_STATUTORY_YEAR, 12, 31)
    first, last = calendar.announced[0][0], max(calendar.announced[-1][1] + _MARGIN, fixed)
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO workday (region, "on", kind, ordinal)
            SELECT %s, d, k, o FROM unnest(%s::date[], %s::text[], %s::int[]) AS t (d, k, o)
            ON CONFLICT (region, "on") DO UPDATE SET kind = excluded.kind, ordinal = excluded.ordinal
            WHERE (workday.kind, workday.ordinal) IS DISTINCT FROM (excluded.kind, excluded.ordinal)
            """,
            [region, days, [calendar.kind(on).value for on in days], [calendar.ordinal(on) for on in days]],
        )
