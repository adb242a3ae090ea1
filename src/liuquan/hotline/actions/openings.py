"""Readings of what is sensitive: a caller's number and earlier tickets, a recording, what a shift left. Each
is entered in the record before anything is shown.

Cites: 个人信息保护法 第六条, 第五十一条"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.hotline import events, models
from liuquan.hotline.actions.calls import PHONE, digest, entry, phone_system
from liuquan.hotline.actions.shifts import NOTE
from liuquan.hotline.queries import calls
from liuquan.hotline.types import KIND
from liuquan.journal import actions as journal
from liuquan.kernel.refusals import NotAllowed, NotVisible, Unavailable, WrongState
from liuquan.kernel.secrecy import decrypt
from liuquan.organisation.types import Actor
from liuquan.parties import queries as parties

PURPOSE: Final = "登记诉求"


def open_caller(phone: str, *, by: Actor, now: datetime) -> tuple[Snapshot, ...]:
    """The tickets of whoever has this mobile that this post sees, the newest first. The look-up is entered,
    and on each ticket that it was found. Refuses (403) who may not register requests."""
    if not may_register(by):
        raise NotAllowed("您的岗位不登记诉求，不能按来电号码查工单。")
    numbers = [one for ref in parties.find_by_phone(phone) for one in parties.same_party(ref.number)]
    if not numbers:
        return ()
    found = tuple(
        one for one in casework.of_parties(numbers) if one.kind == KIND and casework.can_see(one, by)
    )
    public: dict[str, object] = {"post": by.post_name, "purpose": PURPOSE}
    journal.append_durably(
        entry(events.CALLERS_OPENED.name, events.CALLERS, {**public, "cases": len(found)}, by, now),
        *(entry(events.TICKET_FOUND.name, one.number, public, by, now) for one in found),
    )
    return found


def may_register(by: Actor) -> bool:
    """Whether a mandate of this post lets it register requests."""
    return by.kind == "staff" and any(f"{KIND}.register" in term.actions for term in by.mandates)


def open_call(number: str, *, by: Actor, now: datetime) -> str:
    """The number that this call came from. Refuses (403) outsiders, (404) a call that is none."""
    calls.check_centre(by)
    row = calls.row_of(number)
    if row.phone_enc is None:
        return ""
    public: dict[str, object] = {"post": by.post_name, "purpose": PURPOSE}
    journal.append_durably(entry(events.CALL_OPENED.name, str(row.number), public, by, now))
    return decrypt(bytes(row.phone_enc), purpose=PHONE)


def hear(number: str, *, by: Actor, now: datetime) -> bytes:
    """The recording of a call, as the phone system keeps it. Refuses (403) whoever neither took the call nor
    checks quality, (404) a call without a recording, (503) a sound that is not the one recorded."""
    calls.check_centre(by)
    row = calls.row_of(number)
    if not by.has_role("dispatcher", "body_head") and row.staff_id != by.staff_id:
        raise NotAllowed("只能听自己接的电话；其他录音由质检人员听。")
    if not row.recording_hash:
        raise NotVisible("这通来电没有录音。")
    public: dict[str, object] = {"post": by.post_name, "purpose": "核对通话"}
    journal.append_durably(entry(events.RECORDING_HEARD.name, str(row.number), public, by, now))
    sound = phone_system().recording(row.line)
    if digest(sound) != row.recording_hash:
        raise Unavailable("录音与通话结束时登记的不一致，可能被改动，不能作为依据，请报告系统管理员。")
    return sound


def take_over(number: str, *, by: Actor, now: datetime) -> str:
    """Take over from the shift before: what it leaves, in words. Refuses (403) outsiders, (404) a hand-over
    that is none, (409) one's own, and one that somebody else took."""
    calls.check_centre(by)
    row = _hand_over(number)
    if row is None:
        raise NotVisible("没有这次交接，请从列表重新打开。")
    if row.from_staff == by.staff_id:
        raise WrongState("自己交的班要由别人接。")
    if row.to_staff not in (None, by.staff_id):
        raise WrongState("这一班已经有人接了，请从列表核对。")
    journal.append_durably(entry(events.TAKEN_OVER.name, str(row.number), {}, by, now))
    with transaction.atomic():
        models.HandOver.objects.filter(pk=row.pk, to_staff__isnull=True).update(
            to_staff=by.staff_id, taken_at=now
        )
    return decrypt(bytes(row.note_enc), purpose=NOTE)


def _hand_over(number: str) -> models.HandOver | None:
    try:
        return models.HandOver.objects.filter(number=UUID(number)).first()
    except ValueError:
        return None
