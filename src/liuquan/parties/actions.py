"""Registering, merging and erasing parties; and the only way to their plain values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from liuquan.identifiers import (
    FICTIONAL_PROVINCE,
    IdentifierError,
    parse_mobile,
    parse_resident_id,
    parse_uscc,
)
from liuquan.kernel.moments import today
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, SomebodyWasFirst, WrongState
from liuquan.kernel.secrecy import blind_index, decrypt, encrypt
from liuquan.kernel.sql import run
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.parties.models import AgentAppointment, Party
from liuquan.parties.queries import purpose_of, ref, same_party
from liuquan.parties.rules import clean_name, mask_name, mask_phone, mask_uscc
from liuquan.parties.types import Capacity, Corrected, Identity, PartyKind, PartyRef

T = TypeVar("T")

ANONYMOUS = "匿名"  #: what stands as the name of somebody who wants to stay unknown
WRITER = "来信人"  #: of somebody known by nothing but the address that a mail names
_NAME = "party.name"
_ID = "party.id"
_PHONE = "party.phone"
_TRUSTED = ("staff", "system")  #: whose word on somebody else's mobile counts
_EMAIL = "party.email"
_EMAIL_FORM = re.compile(
    r"[^@\s,;<>()\[\]\\\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188}[A-Za-z0-9])?\.[A-Za-z]{2,24}"
)

_INSERT = """
INSERT INTO party (kind, name_enc, name_index, name_masked, id_enc, id_index, id_masked,
                   phone_enc, phone_index, phone_tail_index, phone_masked, registered_at,
                   phone_standing, verified_at)
VALUES (%(kind)s, %(name_enc)s, %(name_index)s, %(name_masked)s, %(id_enc)s, %(id_index)s, %(id_masked)s,
        %(phone_enc)s, %(phone_index)s, %(phone_tail_index)s, %(phone_masked)s, %(now)s,
        %(phone_standing)s, %(verified_at)s)
ON CONFLICT (kind, id_index) WHERE id_index IS NOT NULL DO NOTHING
RETURNING number
"""


@dataclass(frozen=True)
class _Given:
    """What was filled in, normalised."""

    kind: PartyKind
    name: str
    id_number: str
    id_masked: str
    phone: str


def register_person(
    *, name: str, id_number: str, phone: str, by: Actor, now: datetime, seen: bool | None = None
) -> PartyRef:
    """Find the person with this identity number, or register them; simultaneous calls create only one row.

    `seen`: the original document was seen in person; by default it was when staff register.

    Refuses (422, by field): a wrong name, identity number or mobile (each with what is wrong), a name that
    is not the one registered with this number, a fictional number where the place is real. ``phone`` may be
    empty. Cites: 行政许可法 第二十九条
    """
    return _register(_person(name, id_number, phone, now), by, now, seen)


def register_caller(*, name: str, phone: str, by: Actor, now: datetime) -> PartyRef:
    """Find who has this mobile and this name, or register them as a caller, of whom no document is asked: a
    person registered with a document before that is the same one. Refuses (422, by field) a wrong name and a
    missing or wrong mobile."""
    if not phone.strip():
        sentence = "请填写手机号码，办理单位要联系诉求人。"
        raise BadInput(sentence, fields={"phone": sentence})
    clean, mobile = clean_name(name, "person"), _mobile(phone)
    values = {
        "name_index": blind_index(clean, purpose=_NAME),
        "phone_index": blind_index(mobile, purpose=_PHONE),
    }
    known = (
        Party.objects.filter(kind="person", erased_at__isnull=True, **values)
        .order_by("id_index", "pk")
        .first()
    )
    if known is not None:
        return ref(known.merged_into or known)
    party = Party.objects.create(
        kind="person",
        name_enc=encrypt(clean, purpose=_NAME),
        name_index=values["name_index"],
        name_masked=mask_name(clean, "person"),
        **_phone_values(mobile),
        phone_standing="window" if by.kind in _TRUSTED else "claimed",
        registered_at=now,
    )
    party.refresh_from_db()
    return ref(party)


def register_anonymous(*, now: datetime) -> PartyRef:
    """Somebody who wants to stay unknown: one row for each time, found by nothing, reached by no message.
    Whoever holds the slip acts as this party."""
    party = Party.objects.create(
        kind="person",
        name_enc=encrypt(ANONYMOUS, purpose=_NAME),
        name_masked=ANONYMOUS,
        phone_enc=encrypt("", purpose=_PHONE),
        phone_standing="doubtful",
        registered_at=now,
    )
    party.refresh_from_db()
    return ref(party)


def register_writer(email: str, *, now: datetime) -> PartyRef:
    """Whoever wrote a mail: one row for each mail, because the address in it proves nothing. Found by
    nothing, reached by mail alone. Refuses (422) what is no address."""
    address = _address(email)
    party = Party.objects.create(
        kind="person",
        name_enc=encrypt(WRITER, purpose=_NAME),
        name_masked=WRITER,
        phone_enc=encrypt("", purpose=_PHONE),
        phone_standing="doubtful",
        email_enc=encrypt(address, purpose=_EMAIL),
        registered_at=now,
    )
    party.refresh_from_db()
    return ref(party)


def register_organisation(
    *, name: str, uscc: str, phone: str, by: Actor, now: datetime, seen: bool | None = None
) -> PartyRef:
    """Find the organisation with this unified social credit code, or register it. Refuses as for a person."""
    return _register(_organisation(name, uscc, phone), by, now, seen)


def refuse_unfit(kind: PartyKind, *, name: str, id_number: str, phone: str, now: datetime) -> None:
    """Refuse what registering this person or organisation would refuse, and write nothing. It tells a right
    name from a wrong one: the caller limits tries."""
    if kind == "person":
        given = _person(name, id_number, phone, now)
    else:
        given = _organisation(name, id_number, phone)
    index = blind_index(given.id_number, purpose=purpose_of(given.kind))
    party = Party.objects.filter(kind=given.kind, id_index=index).first()
    if party is not None:
        _refuse_other_name(party, given.name)


def _person(name: str, id_number: str, phone: str, now: datetime) -> _Given:
    found = _read("id_number", lambda: parse_resident_id(id_number, today=today(now)))
    _refuse_fictional(found.is_fictional, "id_number")
    return _Given("person", clean_name(name, "person"), found.number, found.masked, _mobile(phone))


def _organisation(name: str, uscc: str, phone: str) -> _Given:
    found = _read("uscc", lambda: parse_uscc(uscc))
    _refuse_fictional(found.region.startswith(FICTIONAL_PROVINCE), "uscc")
    name = clean_name(name, "organisation")
    return _Given("organisation", name, found.number, mask_uscc(found.number), _mobile(phone))


def check_document(
    number: str | UUID, *, id_number: str, by: Actor, now: datetime, name: str = "", phone: str = ""
) -> Corrected:
    """Verify a party whose original document a clerk has in hand, and correct a wrong or outdated name or
    mobile. Empty values change nothing. Returns the values before and after, for the private part of the
    entry that the caller commits with this: it runs inside the caller's durable transaction.

    `id_number` is typed again from the document, as proof that the clerk has it. Refuses: anyone but a window
    clerk or centre officer (403), an unknown party (404), an erased one (409), an identity number other than
    the registered one, an invalid name or mobile (422). Cites: 个人信息保护法 第四十六条
    """
    _refuse_outsider(by, "window_clerk", "centre_officer")
    with transaction.atomic():
        party = _lock(number)
        _refuse_other_document(party, id_number, now)
        before = _identity(party)
        after = Identity(
            before.number,
            before.kind,
            clean_name(name, party.kind) if name.strip() else before.name,
            before.id_number,
            _mobile(phone) or before.phone,
        )
        values = {
            "verified_at": now,
            "name_enc": encrypt(after.name, purpose=_NAME),
            "name_index": blind_index(after.name, purpose=_NAME),
            "name_masked": mask_name(after.name, party.kind),
        }
        if phone.strip():
            values |= _phone_values(after.phone) | {"phone_standing": "window"}
        Party.objects.filter(pk=party.pk).update(**values)
    label = "姓名" if party.kind == "person" else "名称"
    changed = {label: after.name != before.name, "手机号码": after.phone != before.phone}
    return Corrected(before, after, tuple(word for word, is_changed in changed.items() if is_changed))


def _refuse_other_document(party: Party, id_number: str, now: datetime) -> None:
    if party.kind == "person":
        typed = _read("id_number", lambda: parse_resident_id(id_number, today=today(now)).number)
    else:
        typed = _read("id_number", lambda: parse_uscc(id_number).number)
    index = blind_index(typed, purpose=purpose_of(ref(party).kind))
    if party.id_index is None or bytes(party.id_index) != index:
        sentence = "证件上的号码和登记的不是同一个，不能更正；请核对证件，或者按证件上的号码另行登记。"
        raise BadInput(sentence, fields={"id_number": sentence})


def appoint_agent(
    *,
    principal: str | UUID,
    agent: str | UUID,
    capacity: Capacity,
    scope: str,
    from_on: date,
    by: Actor,
    now: datetime,
    to_on: date | None = None,
) -> None:
    """One party acts for another from a day, up to, not including, ``to_on``; the same again adds nothing.

    Refuses: the same party twice, an organisation that represents, a scope that is empty, an end before the
    beginning (422), an unknown party (404), an erased one (409), an applicant who is not the principal (403).

    Cites: 行政许可法 第二十九条, 民法典 第一百六十五条
    """
    if by.kind not in ("staff", "system") and by.party_number not in (str(principal), str(agent)):
        raise NotAllowed("只能为本人或者由本人登记代理关系，请到窗口办理。")
    if not scope.strip() or (to_on is not None and to_on <= from_on):
        raise BadInput("请写明代理的事项和权限，终止日应晚于起始日。", fields={"scope": "请写明代理权限。"})
    with transaction.atomic(durable=True):
        one, other = _lock_two(principal, agent)
        if capacity != "agent" and other.kind != "person":
            raise BadInput("法定代表人和监护人应为自然人，请核对代理人。", fields={"agent": "应为自然人。"})
        AgentAppointment.objects.get_or_create(
            principal=one, agent=other, capacity=capacity, scope=scope.strip(), from_on=from_on, to_on=to_on
        )


def merge(*, loser: str | UUID, survivor: str | UUID, by: Actor, now: datetime) -> PartyRef:
    """Two rows are one and the same party (a changed identity number): the loser points to the survivor.

    Both rows stay; a search for the old number finds the survivor. Refuses: anyone but the centre's officer
    (403), the same party twice and parties of different kinds (422), an unknown one (404), one that is erased
    or merged already (409).
    """
    _refuse_outsider(by, "centre_officer")
    with transaction.atomic(durable=True):
        lost, kept = _lock_two(loser, survivor)
        if lost.kind != kept.kind:
            raise BadInput("自然人和组织不能合并，请核对两个当事人。")
        if lost.merged_into_id is not None or kept.merged_into_id is not None:
            raise WrongState("其中一个当事人已经合并过，请刷新后用合并后的当事人办理。")
        Party.objects.filter(Q(pk=lost.pk) | Q(merged_into=lost)).update(merged_into=kept, merged_at=now)
    return ref(kept)


def erase(number: str | UUID, *, by: Actor, now: datetime) -> None:
    """Destroy the personal data of a party for good; its row and number stay, so that references remain
    valid.

    The caller decides whether the law requires the data to be kept longer. Refuses: anyone but the centre's
    officer (403), an unknown party (404), one that is erased already (409). Cites: 个人信息保护法 第四十七条
    """
    _refuse_outsider(by, "centre_officer")
    with transaction.atomic(durable=True):
        party = _lock(number)
        Party.objects.filter(pk=party.pk).update(
            name_enc=None,
            name_index=None,
            name_masked="",
            id_enc=None,
            id_index=None,
            id_masked="",
            phone_enc=None,
            phone_index=None,
            phone_tail_index=None,
            phone_masked="",
            email_enc=None,
            erased_at=now,
        )
        AgentAppointment.objects.filter(Q(principal=party) | Q(agent=party)).update(scope="")


def keep_email(number: str | UUID, email: str, *, by: Actor) -> None:
    """Keep the address that the party itself gave for notices, in place of the one before.

    Refuses anybody else (403), what is no address (422), an erased party (409).
    """
    if by.kind != "party" or by.party_number not in same_party(number):
        raise NotAllowed("电子邮箱只能由本人登记。")
    address = _address(email)
    with transaction.atomic(durable=True):
        party = _lock(number)
        Party.objects.filter(pk=party.pk).update(email_enc=encrypt(address, purpose=_EMAIL))


def _address(email: str) -> str:
    address = email.strip()
    if not _EMAIL_FORM.fullmatch(address):
        sentence = "电子邮箱的写法不对，例如 name@example.cn，请核对。"
        raise BadInput(sentence, fields={"email": sentence})
    return address


def reveal(number: str | UUID, *, receipt: UUID) -> Identity:
    """The plain values of a party: the only decryption there is.

    ``receipt`` is the number of the journal entry that records this opening and is committed already; the
    caller, above the journal, vouches for it. Refuses: no receipt (403), an unknown party (404), an erased
    one (409). Cites: 个人信息保护法 第五十一条
    """
    if not isinstance(receipt, UUID):
        raise NotAllowed("查看身份信息前必须先登记，请从案件页面查看。")
    party = Party.objects.filter(number=_uuid(number)).first()
    if party is None:
        raise NotVisible("没有找到该当事人，请核对编号。")
    return _identity(party)


def _identity(party: Party) -> Identity:
    """The plain values; refuses (409) an erased party."""
    if party.name_enc is None:
        raise WrongState("该当事人的个人信息已依法清除，不能再查看。", citation="个人信息保护法 第四十七条")
    return Identity(
        number=str(party.number),
        kind=ref(party).kind,
        name=decrypt(bytes(party.name_enc), purpose=_NAME),
        id_number=decrypt(bytes(party.id_enc), purpose=_ID) if party.id_enc is not None else "",
        phone=decrypt(bytes(party.phone_enc), purpose=_PHONE) if party.phone_enc is not None else "",
        email=decrypt(bytes(party.email_enc), purpose=_EMAIL) if party.email_enc is not None else "",
    )


def _register(given: _Given, by: Actor, now: datetime, seen: bool | None) -> PartyRef:
    verified = now if (by.kind == "staff" if seen is None else seen and by.kind == "staff") else None
    index = blind_index(given.id_number, purpose=purpose_of(given.kind))
    values = {
        "kind": given.kind,
        "name_enc": encrypt(given.name, purpose=_NAME),
        "name_index": blind_index(given.name, purpose=_NAME),
        "name_masked": mask_name(given.name, given.kind),
        "id_enc": encrypt(given.id_number, purpose=_ID),
        "id_index": index,
        "id_masked": given.id_masked,
        **_phone_values(given.phone),
        "phone_standing": "window" if by.kind in _TRUSTED else "claimed",
        "now": now,
        "verified_at": verified,
    }
    with transaction.atomic(durable=True):
        if run(_INSERT, values):
            return ref(Party.objects.get(kind=given.kind, id_index=index))
        party = Party.objects.select_for_update().filter(kind=given.kind, id_index=index).first()
        if party is None:
            raise SomebodyWasFirst("该当事人的信息刚被变更，请重新提交一次。")
        _refuse_other_name(party, given.name)
        if party.merged_into_id is not None:
            party = Party.objects.select_for_update().get(pk=party.merged_into_id)
        _update_phone(party, given.phone, by)
        if verified is not None and party.verified_at is None:
            Party.objects.filter(pk=party.pk).update(verified_at=verified)
        party.refresh_from_db()
    return ref(party)


def _refuse_other_name(party: Party, name: str) -> None:
    if party.name_index is None or bytes(party.name_index) != blind_index(name, purpose=_NAME):
        sentence = (
            "这个证件号码登记的是另一个姓名（名称）。请核对有没有写错；没有写错的，"
            "请本人带证件原件到窗口更正，当场办好。"
        )
        raise BadInput(sentence, fields={"name": sentence})


def _update_phone(party: Party, phone: str, by: Actor) -> None:
    """Replace the mobile if staff or the party itself gives a new one. Others may know a name and a number,
    so an unverified online application does not change the phone that notices go to. Where it names another
    than the one that came online before, or the first one of somebody whom a window knows without, that is
    doubtful: nothing is sent to it until a window has registered it."""
    if not phone:
        return
    row = Party.objects.filter(pk=party.pk)
    if by.kind in _TRUSTED or by.party_number == str(party.number):
        row.update(**_phone_values(phone), phone_standing="window")
    elif party.phone_index is None:
        row.update(**_phone_values(phone), phone_standing="doubtful" if party.verified_at else "claimed")
    elif party.phone_standing == "claimed" and bytes(party.phone_index) != blind_index(phone, purpose=_PHONE):
        row.update(phone_standing="doubtful")


def _phone_values(phone: str) -> dict[str, bytes | str | None]:
    if not phone:
        return {"phone_enc": None, "phone_index": None, "phone_tail_index": None, "phone_masked": ""}
    return {
        "phone_enc": encrypt(phone, purpose=_PHONE),
        "phone_index": blind_index(phone, purpose=_PHONE),
        "phone_tail_index": blind_index(phone[-4:], purpose="party.phone_tail"),
        "phone_masked": mask_phone(phone),
    }


def _mobile(phone: str) -> str:
    return _read("phone", lambda: parse_mobile(phone)) if phone.strip() else ""


def _read(field: str, parse: Callable[[], T]) -> T:
    try:
        return parse()
    except IdentifierError as error:
        raise BadInput(
            error.sentence, fields={field: error.sentence}, code=f"identifier_{error.fault}"
        ) from None


def _refuse_fictional(is_fictional: bool, field: str) -> None:
    if is_fictional and organisation.is_real_place():
        sentence = "号码的行政区划是演示用的虚构地区，请填写真实证件上的号码。"
        raise BadInput(sentence, fields={field: sentence})


def _refuse_outsider(by: Actor, *roles: str) -> None:
    if by.kind != "system" and not by.has_role(*roles):
        raise NotAllowed("您所在的岗位不能变更当事人信息，请转交有权限的岗位办理。")


def _lock(number: str | UUID) -> Party:
    party = Party.objects.select_for_update().filter(number=_uuid(number)).first()
    if party is None:
        raise NotVisible("没有找到该当事人，请核对编号。")
    if party.erased_at is not None:
        raise WrongState("该当事人的个人信息已依法清除，不能再办理。", citation="个人信息保护法 第四十七条")
    return party


def _lock_two(one: str | UUID, other: str | UUID) -> tuple[Party, Party]:
    """Both rows, locked in a fixed order to avoid deadlocks."""
    first, second = _uuid(one), _uuid(other)
    if first == second:
        raise BadInput("两处填写的是同一个当事人，请核对。")
    locked = {number: _lock(number) for number in sorted((first, second))}
    return locked[first], locked[second]


def _uuid(number: str | UUID) -> UUID:
    try:
        return number if isinstance(number, UUID) else UUID(number)
    except ValueError:
        raise NotVisible("没有找到该当事人，请核对编号。") from None
