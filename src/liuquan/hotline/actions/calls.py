"""Calls: what the phone system tells is taken once, and each call gets an outcome."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from liuquan.hotline import events, models
from liuquan.hotline.queries import calls
from liuquan.hotline.types import (
    CallOutcome,
    Emergency,
    PhoneEvent,
    PhoneEventKind,
    PhoneSystem,
    SeatState,
)
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel.refusals import BadInput, Refusal, Unavailable, WrongState
from liuquan.kernel.secrecy import blind_index, encrypt
from liuquan.organisation.types import Actor

PHONE: Final = "hotline.call_phone"
LEAST_NOTE: Final = 4
_DIGITS: Final = re.compile(r"[^0-9+]")


def phone_system() -> PhoneSystem:
    """The phone system of this place. Refuses (503) where none is set up."""
    path = settings.LIUQUAN_PHONE
    if not path:
        raise Unavailable("本系统没有接电话系统，请在话机上操作。")
    return cast("PhoneSystem", import_string(path)())


def take_event(event: PhoneEvent, *, now: datetime) -> bool:
    """Take one event of the phone system, in whatever order they come; whether it was new. The same key
    again changes nothing."""
    with transaction.atomic(durable=True):
        _, is_new = models.CallEvent.objects.get_or_create(key=event.key, defaults={"taken_at": now})
        if not is_new:
            return False
        models.Call.objects.get_or_create(line=event.line, defaults={"arrived_at": event.at})
        row = models.Call.objects.select_for_update().get(line=event.line)
        changed = {"arrived_at": min(row.arrived_at, event.at), **_of_phone(row, event.phone)}
        changed |= _of_event(row, event)
        for name, value in changed.items():
            setattr(row, name, value)
        models.Call.objects.filter(pk=row.pk).update(**changed, outcome=_outcome(row))
        _of_seat(row, event)
    return True


def settle(
    number: str,
    outcome: CallOutcome,
    *,
    by: Actor,
    now: datetime,
    ticket: str = "",
    note: str = "",
) -> None:
    """Say what became of a call: a ticket, answered, called back. Refuses (403) outsiders, (404) a call that
    is none, (409) one that has its outcome, (422) an answer without what was said."""
    calls.check_centre(by)
    if outcome in (CallOutcome.ANSWERED, CallOutcome.CALLED_BACK) and len(note.strip()) < LEAST_NOTE:
        sentence = f"请写明答复了什么，至少{LEAST_NOTE}个字。"
        raise BadInput(sentence, fields={"note": sentence})
    with transaction.atomic(durable=True):
        row = _locked(number)
        waits = row.outcome in (CallOutcome.MISSED, CallOutcome.DROPPED)
        if row.outcome and not waits:
            raise WrongState("这通来电已经有去向，请从来电列表核对。")
        changed: dict[str, Any] = {"outcome": outcome.value, "ticket": ticket}
        if waits:
            changed["called_back_at"] = now
        models.Call.objects.filter(pk=row.pk).update(**changed)
        public = {"outcome": outcome.value, "outcome_label": outcome.label, "ticket": ticket}
        journal.append(
            entry(events.CALL_SETTLED.name, str(row.number), public, by, now, {"note": note.strip()})
        )
        models.Seat.objects.filter(staff_id=calls.staff_of(by), state=SeatState.AFTER).update(
            state=SeatState.READY, since_at=now
        )


def call_back_failed(number: str, *, by: Actor, now: datetime) -> int:
    """Note that nobody answered the call-back; how often that was by now. Refuses as `settle`."""
    calls.check_centre(by)
    with transaction.atomic(durable=True):
        row = _locked(number)
        if row.outcome not in (CallOutcome.MISSED, CallOutcome.DROPPED):
            raise WrongState("这通来电不用回拨，请从来电列表核对。")
        models.Call.objects.filter(pk=row.pk).update(tries=row.tries + 1)
        journal.append(entry(events.CALL_TRIED.name, str(row.number), {"tries": row.tries + 1}, by, now))
    return row.tries + 1


def transfer(number: str, service: Emergency, *, by: Actor, now: datetime) -> str:
    """Put a call through to an emergency number: the phone system first, at once, then the record; what else
    there is to do, in one sentence, empty where the phone system did it. Nothing has to be filled in, and
    nothing that is wrong elsewhere stops it.

    `number`: of the call; empty: the one that this operator is talking. Where there is none, or no phone
    system, the transfer is noted all the same. Cites: 国办发〔2020〕53号
    """
    row = _row_to_transfer(number, by)
    said = f"请马上在话机上转接 {service.value}。"
    if row is not None:
        try:
            phone_system().transfer(row.line, service.value, now=now)
            said = ""
        except Refusal as refusal:
            said = f"{refusal.sentence}{said}"
        except OSError:
            said = f"电话系统连不上。{said}"
    with transaction.atomic(durable=True):
        if row is None:
            row = models.Call.objects.create(
                line=f"hand-{uuid4()}",
                arrived_at=now,
                answered_at=now,
                ended_at=now,
                staff_id=calls.staff_of(by),
                is_by_hand=True,
            )
        models.Call.objects.filter(pk=row.pk).update(service=service.value)
        models.Call.objects.filter(pk=row.pk, outcome__in=["", "missed", "dropped"]).update(
            outcome=CallOutcome.TRANSFERRED.value
        )
        public = {"service": service.value, "service_label": service.label, "by_hand": bool(said)}
        journal.append(entry(events.CALL_TRANSFERRED.name, str(row.number), public, by, now))
    return said


def join_third(number: str, to: str, *, by: Actor, now: datetime) -> str:
    """Add a third to a call, noted with whom; what else there is to do, as `transfer`. Refuses (403)
    outsiders, (409) a call that is not being talked, (422) nobody."""
    calls.check_centre(by)
    row, who = calls.row_of(number), to.strip()
    if not who:
        raise BadInput("请写明请谁加入通话。", fields={"to": "请写明请谁加入通话。"})
    if row.answered_at is None or row.ended_at is not None:
        raise WrongState("这通来电不在通话中，不能加入第三方。")
    said = ""
    try:
        phone_system().join(row.line, who, now=now)
    except Refusal as refusal:
        said = f"{refusal.sentence}请在话机上加入{who}。"
    with transaction.atomic(durable=True):
        models.Call.objects.filter(pk=row.pk).update(third_party=who[:60], third_at=now)
        journal.append(entry(events.CALL_JOINED.name, str(row.number), {}, by, now, {"to": who}))
    return said


def entry(
    event: str,
    subject: str,
    public: Mapping[str, object],
    by: Actor,
    now: datetime,
    private: Mapping[str, object] | None = None,
) -> NewEntry:
    """An entry of the hotline that is no act on a ticket."""
    return NewEntry(
        event=event,
        subject=subject,
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public=public,
        private={"staff": by.staff_id, **(private or {})},
    )


def _row_to_transfer(number: str, by: Actor) -> models.Call | None:
    if number:
        # a transfer does not wait for a call that is named wrong
        return calls.find(number) or calls.talking_row(by)
    return calls.talking_row(by)


def _locked(number: str) -> models.Call:
    return models.Call.objects.select_for_update().get(pk=calls.row_of(number).pk)


def _of_phone(row: models.Call, phone: str) -> dict[str, Any]:
    digits = _DIGITS.sub("", phone)[:20]
    if not digits or row.phone_enc is not None:
        return {}
    return {
        "phone_enc": encrypt(digits, purpose=PHONE),
        "phone_index": blind_index(digits, purpose=PHONE),
        "phone_masked": f"{digits[:3]}****{digits[-4:]}" if len(digits) > 7 else "****",
    }


def _of_event(row: models.Call, event: PhoneEvent) -> dict[str, Any]:
    match event.kind:
        case PhoneEventKind.ANSWERED if row.answered_at is None:
            holder = models.Seat.objects.filter(seat=event.seat).first() if event.seat else None
            staff = holder.staff_id if holder else None
            return {"answered_at": event.at, "seat": event.seat, "staff_id": staff}
        case PhoneEventKind.ENDED | PhoneEventKind.DROPPED if row.ended_at is None:
            return {"ended_at": event.at, "is_broken_off": event.kind is PhoneEventKind.DROPPED}
        case PhoneEventKind.RECORDED if not row.recording_hash:
            return {"recording_hash": event.digest}
        case PhoneEventKind.THIRD if row.third_at is None:
            return {"third_at": event.at, "third_party": event.to[:60]}
    return {}


def _outcome(row: models.Call) -> str:
    """What the events alone say of a call; what somebody said of it stays."""
    if row.outcome not in ("", "missed", "dropped") or row.called_back_at is not None:
        return row.outcome
    if row.ended_at is None:
        return ""
    if row.answered_at is None:
        return CallOutcome.MISSED.value
    return CallOutcome.DROPPED.value if row.is_broken_off else ""


def _of_seat(row: models.Call, event: PhoneEvent) -> None:
    state = {
        PhoneEventKind.ANSWERED: SeatState.TALKING,
        PhoneEventKind.ENDED: SeatState.AFTER,
        PhoneEventKind.DROPPED: SeatState.AFTER,
    }.get(event.kind)
    if state is not None and row.seat:
        models.Seat.objects.filter(seat=row.seat, since_at__lte=event.at).update(
            state=state, since_at=event.at
        )


def digest(sound: bytes) -> str:
    """The SHA-256 by which a recording is known."""
    return hashlib.sha256(sound).hexdigest()
