"""The working-day calendar, cached in each process until its version changes."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from uuid import UUID

from liuquan import law
from liuquan.clock import Calendar, Day, DayKind
from liuquan.kernel.sql import Fragment, run, run_one
from liuquan.organisation.calendars import COUNTRY, Notices, calendar_of, is_body, kept_under, reaching
from liuquan.organisation.types import NoticeView

CALENDAR_VERSION = Fragment("(SELECT version FROM calendar_version)")
"""SQL that gives the version now in force (NULL: nothing loaded yet), to be read along in another query."""

_LOCK = threading.Lock()
_KEPT: dict[str, Calendar] = {}
_KEPT_NOTICES: list[Notices] = []
_KEPT_VERSION: list[UUID] = []


def calendar(region: str = "") -> Calendar:
    """The calendar of a place (a division code, a body code; ``""``: the country). One tiny query for the
    version.

    Before any notice is loaded it is the calendar of the law's own files.
    """
    return calendars()(region)


def calendars() -> Callable[[str], Calendar]:
    """The present calendars of all places, for callers that count for many places."""
    row = run_one("SELECT version FROM calendar_version")
    return partial(calendar_if_version, row["version"] if row else None)


def calendar_if_version(version: UUID | None, region: str = "") -> Calendar:
    """The same, without a query if this process has already cached that version.

    ``version`` is what ``CALENDAR_VERSION`` gave in the caller's own query.
    """
    if version is None:
        return law.national_calendar()
    with _LOCK:
        if [version] != _KEPT_VERSION:
            _KEPT.clear()
            _KEPT_NOTICES[:] = [stored_notices()]
            _KEPT_VERSION[:] = [version]
        notices = _KEPT_NOTICES[0]
        if region not in _KEPT:
            _KEPT[region] = _nearest(notices, region)
        return _KEPT[region]


def _nearest(notices: Notices, region: str) -> Calendar:
    """Let places with the same days share one calendar."""
    if notices.regions == (COUNTRY,):
        region = COUNTRY
    home = division_of(region) if is_body(region) else ""
    nearest = reaching(notices, region, home)[-1]
    if nearest not in _KEPT:
        _KEPT[nearest] = calendar_of(notices, nearest, home)
    return _KEPT[nearest]


def division_of(body: str) -> str:
    """The division whose days apply to a body, by its newest record; none for an unknown body."""
    row = run_one(
        """
        SELECT d.code FROM body b JOIN body_record r ON r.body_id = b.id
        JOIN division d ON d.id = r.division_id WHERE 'B' || substr(b.code, 9, 9) = %(own)s
        ORDER BY r.from_on DESC LIMIT 1
        """,
        {"own": kept_under(body)},
    )
    return str(row["code"]) if row else COUNTRY


def is_place(code: str) -> bool:
    """Whether this region can have its own days: a division, or a body by its unified code."""
    found = run(
        "SELECT FROM division WHERE code = %(code)s UNION ALL SELECT FROM body WHERE code = %(code)s",
        {"code": code},
    )
    return bool(found)


def stored_notices() -> Notices:
    """Every stored day and announced range, with the notice's name as printed on papers."""
    days: dict[str, list[Day]] = defaultdict(list)
    for row in run(
        """
        SELECT d.region, d."on", d.kind, d.name, n.title, n.number
        FROM calendar_day d JOIN holiday_notice n ON n.id = d.notice_id ORDER BY d.region, d."on"
        """
    ):
        source = f"{row['title']}（{row['number']}）" if row["number"] else row["title"]
        days[row["region"]].append(Day(row["on"], DayKind(row["kind"]), row["name"], source))
    announced: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for row in run(
        """
        SELECT region, announced_from, announced_to FROM holiday_notice
        WHERE announced_from IS NOT NULL ORDER BY region, announced_from, announced_to
        """
    ):
        announced[row["region"]].append((row["announced_from"], row["announced_to"]))
    return Notices(
        {region: tuple(rows) for region, rows in days.items()},
        {region: tuple(rows) for region, rows in announced.items()},
    )


def calendars_with(
    days: Iterable[Day], *, announced: tuple[date, date] | None = None, region: str = ""
) -> Callable[[str], Calendar]:
    """The calendars of all places as they would be with these added days and this announced range; nothing is
    stored. Before any notice is loaded, the law's own files are used in place of stored days."""
    stored, region = stored_notices(), kept_under(region)
    if not stored.announced.get(COUNTRY):
        ours = law.national_calendar()
        stored = Notices(
            {COUNTRY: ours.exceptions(), **stored.days}, {COUNTRY: ours.announced, **stored.announced}
        )
    known = {day.on: day for day in stored.days.get(region, ())} | {day.on: day for day in days}
    ranges = (*stored.announced.get(region, ()), *((announced,) if announced else ()))
    notices = Notices({**stored.days, region: tuple(known.values())}, {**stored.announced, region: ranges})
    kept: dict[tuple[str, ...], Calendar] = {}

    @cache
    def of(place: str) -> Calendar:
        home = division_of(place) if is_body(place) else ""
        chain = reaching(notices, place, home)
        if chain not in kept:
            kept[chain] = calendar_of(notices, place, home)
        return kept[chain]

    return of


def holiday_notices() -> tuple[NoticeView, ...]:
    """Every stored notice, the newest first, with the number of days that it sets."""
    rows = run(
        """
        SELECT n.title, n.number, n.issued_on, n.region, n.announced_from, n.announced_to,
            (SELECT count(*) FROM calendar_day d WHERE d.notice_id = n.id) AS days,
            (SELECT min(d."on") FROM calendar_day d WHERE d.notice_id = n.id) AS first,
            (SELECT max(d."on") FROM calendar_day d WHERE d.notice_id = n.id) AS last,
            coalesce((SELECT v.name FROM division v WHERE v.code = n.region),
                (SELECT r.name FROM body b JOIN body_record r ON r.body_id = b.id
                    WHERE n.region = 'B' || substr(b.code, 9, 9) ORDER BY r.from_on DESC LIMIT 1), ''
            ) AS place
        FROM holiday_notice n ORDER BY n.issued_on DESC NULLS LAST, n.id DESC
        """
    )
    return tuple(NoticeView(**row) for row in rows)


def year_to_announce(on: date) -> int | None:
    """The year whose notice is missing on this day: this year's, from 1 December the next one's.

    Whoever keeps the calendar is warned of it every day. Cites: 全国年节及纪念日放假办法 第七条
    """
    national = calendar(COUNTRY)
    years = (on.year, on.year + 1) if on.month == 12 else (on.year,)
    missing = (year for year in years if national.kind(date(year, 6, 30)) is DayKind.NOT_ANNOUNCED)
    return next(missing, None)
