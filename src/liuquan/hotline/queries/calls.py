"""Calls, seats and the roster as the hotline centre sees them: numbers masked, figures counted exactly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from liuquan.clock import deadline
from liuquan.hotline import models
from liuquan.hotline.queries import catalogue
from liuquan.hotline.types import (
    CallFigures,
    CallOutcome,
    CallView,
    HandOverView,
    SeatState,
    SeatView,
    ShiftView,
)
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import NotAllowed, NotVisible
from liuquan.law import load_law
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

ANSWER, CONNECTED = "hotline.answer_call", "hotline.connected"
MOMENT = timedelta(seconds=1)  #: the present, as a span
_ROLES = ("operator", "dispatcher", "body_head")
#: calls that are over, or were answered, and have no outcome yet; those that wait to be called back
WITHOUT = Q(outcome="", ended_at__isnull=False)
TO_CALL_BACK = Q(outcome__in=["missed", "dropped"])


def is_of_centre(by: Actor) -> bool:
    """Whether this actor answers, dispatches or leads at the hotline centre."""
    return by.kind == "staff" and by.body_code == catalogue.centre() and by.has_role(*_ROLES)


def check_centre(by: Actor) -> None:
    """Refuse (403) whoever does not work at the hotline centre: calls are seen there alone."""
    if not is_of_centre(by):
        raise NotAllowed("来电和录音只供热线中心的人员使用，需要时请与热线中心联系。")


def staff_of(by: Actor) -> int:
    """Who acts, as a member of staff. Refuses (403) everybody else."""
    if by.staff_id is None:
        raise NotAllowed("热线只供工作人员使用，请用工作人员账号登录。")
    return by.staff_id


def watches(by: Actor) -> bool:
    """Whether this actor may look at the wallboard: the centre, supervisors and leaders."""
    return is_of_centre(by) or by.has_role("supervisor", "leader", "overseer")


def answer_seconds(*, on: date) -> int:
    """Within how many seconds a call is to be answered on this day."""
    return load_law().limit(ANSWER, on=on).amount


def call(number: str, *, by: Actor) -> CallView:
    """One call. Refuses (403) outsiders, (404) a number that is none."""
    check_centre(by)
    return _views([row_of(number)])[0]


def row_of(number: str) -> models.Call:
    """The row of a call, for this module's own actions. Refuses (404) a number that is none."""
    row = find(number)
    if row is None:
        raise NotVisible("没有这通来电，请从来电列表重新打开。")
    return row


def find(number: str) -> models.Call | None:
    """The row of a call, if this is the number of one."""
    try:
        return models.Call.objects.filter(number=UUID(number)).first()
    except ValueError:
        return None


def to_call_back(*, by: Actor, limit: int = 200) -> list[CallView]:
    """Calls that were missed or broke off and were not called back, the oldest first."""
    check_centre(by)
    return _views(models.Call.objects.filter(TO_CALL_BACK).order_by("arrived_at")[:limit])


def without_outcome(*, by: Actor, limit: int = 200) -> list[CallView]:
    """Calls that are over and of which nobody said what became of them, the oldest first."""
    check_centre(by)
    return _views(models.Call.objects.filter(WITHOUT).order_by("arrived_at")[:limit])


def under_way(*, by: Actor) -> list[CallView]:
    """Calls that ring or are being talked: until they are over, also those whose outcome is known already,
    as it is of every call that is registered while talking."""
    check_centre(by)
    rows = models.Call.objects.filter(ended_at__isnull=True).order_by("arrived_at")[:50]
    return _views(rows)


def at_seat(*, by: Actor, ringing: int = 3) -> list[CallView]:
    """What an operator has before them: the call that they are talking, and the first that ring."""
    rings = models.Call.objects.filter(answered_at__isnull=True, ended_at__isnull=True, outcome="")
    row = talking_row(by)
    return _views([*([row] if row else []), *rings.order_by("arrived_at")[:ringing]])


def mine(*, by: Actor) -> CallView | None:
    """The call that this member of staff is talking now."""
    row = talking_row(by)
    return _views([row])[0] if row else None


def talking_row(by: Actor) -> models.Call | None:
    """The row of the call that this member of staff is talking, for this module's own actions: the last one
    that they answered, while it is not over. One before it is over, whatever the phone system told of it."""
    answered = models.Call.objects.filter(staff_id=staff_of(by), answered_at__isnull=False, is_by_hand=False)
    last = answered.order_by("-answered_at").first()
    return last if last is not None and last.ended_at is None else None


def calls(*, on: date, by: Actor, only: str = "", limit: int = 500) -> list[CallView]:
    """The calls of a day, the newest first; `only`: "late" those answered after the limit, "lost" those that
    were not answered."""
    check_centre(by)
    begins, ends = _day(on)
    rows = models.Call.objects.filter(arrived_at__gte=begins, arrived_at__lt=ends, is_by_hand=False)
    if only == "late":
        seconds = timedelta(seconds=answer_seconds(on=on))
        rows = rows.filter(answered_at__gte=F("arrived_at") + seconds)
    elif only == "lost":
        rows = rows.filter(answered_at__isnull=True, ended_at__isnull=False)
    return _views(rows.order_by("-arrived_at")[:limit])


def figures(*, begins: datetime, ends: datetime) -> CallFigures:
    """The calls that arrived from one moment to another, counted; those noted by hand are left out, and a
    call that still rings is counted once it is answered or over.

    Connected: answered by a person. Quick: answered before the moment at which the limit is over.
    Cites: GB/T 33358—2016
    """
    on = moments.today(begins)
    limit, least = load_law().limit(ANSWER, on=on), load_law().figure(CONNECTED, on=on)
    row = sql.run(
        """
        SELECT count(*) AS arrived,
            count(*) FILTER (WHERE answered_at IS NOT NULL OR ended_at IS NOT NULL) AS counted,
            count(answered_at) AS connected,
            count(*) FILTER (WHERE answered_at < arrived_at + make_interval(secs => %(seconds)s)) AS quick
        FROM hotline_call
        WHERE arrived_at >= %(begins)s AND arrived_at < %(ends)s AND NOT is_by_hand
        """,
        {"begins": begins, "ends": ends, "seconds": limit.amount},
    )[0]
    return CallFigures(
        arrived=row["arrived"],
        counted=row["counted"],
        connected=row["connected"],
        quick=row["quick"],
        seconds=limit.amount,
        least=Fraction(least.amount),
        citation="、".join(least.basis),
    )


def figures_of(on: date) -> CallFigures:
    """The calls of a day, midnight to midnight in Asia/Shanghai."""
    begins, ends = _day(on)
    return figures(begins=begins, ends=ends)


def seats() -> list[SeatView]:
    """Who sits where."""
    names = _names(one.staff_id for one in models.Seat.objects.all())
    return [
        SeatView(one.seat, names[one.staff_id], SeatState(one.state), one.since_at)
        for one in models.Seat.objects.order_by("seat")
    ]


def seat_of(by: Actor) -> SeatView | None:
    """The seat of this member of staff."""
    row = models.Seat.objects.filter(staff_id=staff_of(by)).first()
    return SeatView(row.seat, by.name, SeatState(row.state), row.since_at) if row else None


def shifts(*, begins: datetime, ends: datetime) -> list[ShiftView]:
    """The shifts that reach into a span, in their order."""
    rows = list(
        models.Shift.objects.filter(starts_at__lt=ends, ends_at__gt=begins).order_by("starts_at", "pk")
    )
    names = _names(one.staff_id for one in rows)
    return [ShiftView(one.pk, names[one.staff_id], one.starts_at, one.ends_at) for one in rows]


def gaps(*, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """The times of a span in which nobody is on the roster: the line is manned day and night.
    Cites: 国办发〔2020〕53号"""
    found, reached = [], begins
    for one in shifts(begins=begins, ends=ends):
        if one.starts_at > reached:
            found.append((reached, one.starts_at))
        reached = max(reached, one.ends_at)
    return [*found, (reached, ends)] if reached < ends else found


def hand_overs(*, limit: int = 20) -> list[HandOverView]:
    """The last hand-overs, without what was said."""
    rows = list(models.HandOver.objects.order_by("-handed_at")[:limit])
    names = _names(number for one in rows for number in (one.from_staff, one.to_staff) if number)
    return [
        HandOverView(
            str(one.number),
            names[one.from_staff],
            one.handed_at,
            one.to_call_back,
            one.without_outcome,
            names[one.to_staff] if one.to_staff else "",
            one.taken_at,
        )
        for one in rows
    ]


def is_late(arrived_at: datetime, answered_at: datetime | None) -> bool:
    """Whether a call was answered after the limit of its day, as the clock says."""
    if answered_at is None:
        return False
    limit = load_law().limit(ANSWER, on=moments.today(arrived_at))
    return answered_at >= deadline(limit, arrived_at, organisation.calendar()).due_at


def _day(on: date) -> tuple[datetime, datetime]:
    begins = datetime(on.year, on.month, on.day, tzinfo=moments.LOCAL)
    return begins, begins + timedelta(days=1)


def _names(numbers: Iterable[int | None]) -> dict[int | None, str]:
    return {number: organisation.staff_name(number) for number in set(numbers) if number is not None} | {
        None: ""
    }


def _views(rows: Iterable[models.Call]) -> list[CallView]:
    listed = list(rows)
    names = _names(one.staff_id for one in listed)
    return [_view(one, names) for one in listed]


def _view(row: models.Call, names: dict[int | None, str]) -> CallView:
    until: Any = row.answered_at or row.ended_at
    return CallView(
        number=str(row.number),
        phone_masked=row.phone_masked,
        arrived_at=row.arrived_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        seat=row.seat,
        staff_name=names[row.staff_id],
        outcome=CallOutcome(row.outcome) if row.outcome else None,
        ticket=row.ticket,
        service=row.service,
        third_party=row.third_party,
        tries=row.tries,
        has_recording=bool(row.recording_hash),
        waited=(until - row.arrived_at).total_seconds() if until else None,
        is_late=is_late(row.arrived_at, row.answered_at),
    )


def waiting(*, now: datetime) -> dict[str, int]:
    """How many calls ring, for how many seconds the longest, and how many are being talked."""
    row = sql.run(
        """
        SELECT count(*) FILTER (WHERE answered_at IS NULL) AS ringing,
            count(answered_at) AS talking,
            min(arrived_at) FILTER (WHERE answered_at IS NULL) AS oldest
        FROM hotline_call WHERE ended_at IS NULL
        """
    )[0]
    longest = int((now - row["oldest"]).total_seconds()) if row["oldest"] else 0
    return {"ringing": row["ringing"], "talking": row["talking"], "longest": max(longest, 0)}


def open_counts() -> dict[str, int]:
    """How many calls wait to be called back, and how many have no outcome."""
    return {
        "to_call_back": models.Call.objects.filter(TO_CALL_BACK).count(),
        "without": models.Call.objects.filter(WITHOUT).count(),
    }


def number_of(line: str) -> str:
    """The number of the call on this line of the phone system. Refuses (404) a line without one."""
    row = models.Call.objects.filter(line=line).first()
    if row is None:
        raise NotVisible("没有这通来电，请从来电列表重新打开。")
    return str(row.number)
