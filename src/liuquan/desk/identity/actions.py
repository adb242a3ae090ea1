"""Checking a party's original document at the window, and correcting what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from liuquan.casework import queries as casework
from liuquan.casework.types import Snapshot
from liuquan.desk import events
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties
from liuquan.parties import queries as registered
from liuquan.parties.types import Corrected

#: documents that prove who somebody is and carry the number, by kind of party
DOCUMENTS = {
    "person": {
        "resident_card": "居民身份证",
        "interim_card": "临时居民身份证",
        "household": "居民户口簿",
        "residence_permit": "港澳台居民居住证",
    },
    "organisation": {"licence": "营业执照", "registration": "法人登记证书"},
}
_SHORTEST_REASON, _LONGEST_REASON = 4, 500


@dataclass(frozen=True)
class Checked:
    """What was done: the names of changed fields (none: only verified), and how many open cases got an
    entry."""

    fields: tuple[str, ...]
    told: int


def check_document(
    number: str,
    *,
    id_number: str,
    document: str,
    seen: bool,
    by: Actor,
    now: datetime,
    name: str = "",
    phone: str = "",
    reason: str = "",
) -> Checked:
    """Verify a party whose original document a clerk has seen; correct the name or mobile if one is given.

    The change is recorded with the old and new values in the private part, and on every open case of the
    party, so that each body that handles one learns of it. Nothing changes without the entries. Refuses:
    anyone but a window clerk (403), an unknown party (404), an erased one (409), a document not named or not
    seen, a number other than the registered one, an invalid name or mobile, a change without a reason (422).

    Cites: 个人信息保护法 第四十六条, 第五十一条
    """
    same = registered.same_party(number)
    if not same:
        raise NotVisible("没有找到该当事人，请核对编号。")
    party = registered.party(same[0])
    label = _document(party.kind, document, seen=seen)
    said = reason.strip()
    with transaction.atomic(durable=True):
        done = parties.check_document(
            party.number, id_number=id_number, name=name, phone=phone, by=by, now=now
        )
        if done.fields:
            _refuse_without_reason(said)
        told = [case for case in casework.of_parties(same, limit=1000) if case.closed_at is None]
        what = f"更正了{'、'.join(done.fields)}" if done.fields else "核验了身份"
        journal.append(
            _entry(party.number, label, done, said, len(told), by, now),
            *(_told(case, label, what, by, now) for case in told),
        )
    return Checked(done.fields, len(told))


def _document(kind: str, document: str, *, seen: bool) -> str:
    label = DOCUMENTS[kind].get(document)
    if label is None:
        raise BadInput("请选择核对的是哪种证件原件。", fields={"document": "请选择证件。"})
    if not seen:
        sentence = "没有见到证件原件不能办理，请核对原件后勾选。"
        raise BadInput(sentence, fields={"seen": sentence})
    return label


def _refuse_without_reason(reason: str) -> None:
    if not _SHORTEST_REASON <= len(reason) <= _LONGEST_REASON:
        sentence = f"更正要写明理由，{_SHORTEST_REASON}个字以上、{_LONGEST_REASON}字以内。"
        raise BadInput(sentence, fields={"reason": sentence})


def _entry(
    number: str, document: str, done: Corrected, reason: str, cases: int, by: Actor, now: datetime
) -> NewEntry:
    """The entry on the party itself; the old and new values are in the private part."""
    event = events.IDENTITY_CORRECTED if done.fields else events.IDENTITY_VERIFIED
    private: dict[str, object] = {"staff": by.staff_id}
    if done.fields:
        private |= {
            "reason": reason,
            "name_before": done.before.name,
            "name_after": done.after.name,
            "phone_before": done.before.phone,
            "phone_after": done.after.phone,
        }
    return NewEntry(
        event=event.name,
        subject=number,
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        private=private,
        public={"document": document, "cases": cases}
        | ({"fields": "、".join(done.fields)} if done.fields else {}),
    )


def _told(case: Snapshot, document: str, what: str, by: Actor, now: datetime) -> NewEntry:
    return NewEntry(
        event=events.PARTY_CHECKED.name,
        subject=case.number,
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public={"document": document, "what": what},
        private={"staff": by.staff_id},
    )
