"""Seats, the roster and the hand-over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from liuquan.hotline import events, models
from liuquan.hotline.actions.calls import entry
from liuquan.hotline.queries import calls
from liuquan.hotline.types import SeatState
from liuquan.journal import actions as journal
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.kernel.secrecy import encrypt
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

NOTE: Final = "hotline.handover_note"
LONGEST_SHIFT: Final = timedelta(hours=12)
LONGEST_NOTE: Final = 2000
_CHOSEN: Final = (SeatState.READY, SeatState.REST, SeatState.AWAY)


def sit(seat: str, state: SeatState, *, by: Actor, now: datetime) -> None:
    """Sit down at a seat, or say what one does there; leaving frees it. Refuses (403) outsiders, (409) a seat
    at which somebody else sits, (422) a seat without a number and a state that only a call brings about."""
    calls.check_centre(by)
    chair = seat.strip()
    if not chair or len(chair) > 16:
        raise BadInput("请写坐席号，例如 801。", fields={"seat": "请写坐席号，例如 801。"})
    if state not in _CHOSEN:
        raise BadInput("通话和整理由来电决定，请选空闲、小休或者离席。")
    with transaction.atomic(durable=True):
        if state is SeatState.AWAY:
            models.Seat.objects.filter(staff_id=calls.staff_of(by)).delete()
            return
        taken = (
            models.Seat.objects.select_for_update().filter(seat=chair).exclude(staff_id=calls.staff_of(by))
        )
        if taken.exists():
            raise WrongState("这个坐席上有人，请换一个坐席，或者请上一班先离席。")
        models.Seat.objects.update_or_create(
            staff_id=calls.staff_of(by), defaults={"seat": chair, "state": state.value, "since_at": now}
        )


def plan_shift(staff_id: int, *, starts_at: datetime, ends_at: datetime, by: Actor, now: datetime) -> None:
    """Put somebody of the centre on the roster. Refuses (403) who does not plan there, (422) somebody who is
    not of the centre that day, a shift that does not end after it begins or is longer than 12 hours, and one
    that meets another of the same person."""
    _check_planner(by)
    if not timedelta(0) < ends_at - starts_at <= LONGEST_SHIFT:
        sentence = "一班要有起止，最长12小时，请核对时间。"
        raise BadInput(sentence, fields={"ends": sentence})
    people = organisation.colleagues(on=moments.today(starts_at), body_codes=[by.body_code])
    if staff_id not in {one.staff_id for one in people}:
        sentence = "请选择热线中心这一天在岗的人员。"
        raise BadInput(sentence, fields={"staff": sentence})
    meets = models.Shift.objects.filter(staff_id=staff_id, starts_at__lt=ends_at, ends_at__gt=starts_at)
    with transaction.atomic(durable=True):
        if meets.exists():
            sentence = "这个人这段时间已经排了班，请核对。"
            raise BadInput(sentence, fields={"staff": sentence})
        try:
            with transaction.atomic():
                models.Shift.objects.create(staff_id=staff_id, starts_at=starts_at, ends_at=ends_at)
        except IntegrityError as twice:
            raise WrongState("这一班刚刚有人排过，请刷新后核对。") from twice


def drop_shift(key: int, *, by: Actor, now: datetime) -> None:
    """Take a shift off the roster that has not begun. Refuses (403) who does not plan, (409) one that has."""
    _check_planner(by)
    with transaction.atomic(durable=True):
        row = models.Shift.objects.select_for_update().filter(pk=key).first()
        if row is None or row.starts_at <= now:
            raise WrongState("这一班已经开始或者已经撤掉，不能再撤。")
        row.delete()


def hand_over(note: str, *, by: Actor, now: datetime) -> str:
    """Hand over to the next shift, with what it has to know and the calls that are still open; its number.
    Refuses (403) outsiders, (422) nothing said."""
    calls.check_centre(by)
    said = note.strip()
    if not said or len(said) > LONGEST_NOTE:
        sentence = f"请写要交代的事，最多{LONGEST_NOTE}个字；没有的写“无”。"
        raise BadInput(sentence, fields={"note": sentence})
    counts = {
        "to_call_back": models.Call.objects.filter(calls.TO_CALL_BACK).count(),
        "without_outcome": models.Call.objects.filter(calls.WITHOUT).count(),
    }
    with transaction.atomic(durable=True):
        row = models.HandOver.objects.create(
            from_staff=calls.staff_of(by), handed_at=now, note_enc=encrypt(said, purpose=NOTE), **counts
        )
        journal.append(entry(events.HANDED_OVER.name, str(row.number), dict(counts), by, now))
    return str(row.number)


def _check_planner(by: Actor) -> None:
    calls.check_centre(by)
    if not by.has_role("dispatcher", "body_head"):
        raise NotAllowed("排班由派单质检岗位或者中心负责人办理。")
