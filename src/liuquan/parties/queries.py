"""What may be read of the parties: masked forms, and comparisons that open nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, cast
from uuid import UUID

from django.db.models import Q

from liuquan.identifiers import (
    IdentifierError,
    parse_mobile,
    parse_organisation_code,
    parse_resident_id,
    parse_uscc,
)
from liuquan.kernel.refusals import BadInput, NotVisible
from liuquan.kernel.secrecy import blind_index
from liuquan.parties.models import AgentAppointment, Party
from liuquan.parties.rules import LONGEST_PERSON, clean_name
from liuquan.parties.types import Agency, Capacity, Found, PartyKind, PartyRef, Searched

ERASED: Final = "已依法清除"
"""What stands in the place of a name, a reason or a file that was erased. What was never given is empty."""

_MOBILE_DIGITS: Final = 11
LONGEST_NAMED: Final = 6  #: characters of a name that is looked for in a text
_WORDS: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|·)*[^\W\d_]")


def purpose_of(kind: PartyKind) -> str:
    """What the blind index of an identity number is bound to."""
    return f"party.id.{kind}"


def ref(party: Party) -> PartyRef:
    """The masked form of a row (for this module's own actions); of an erased one the word for that."""
    erased = party.erased_at is not None
    return PartyRef(
        number=str(party.number),
        kind="person" if party.kind == "person" else "organisation",
        label_masked=ERASED if erased else party.name_masked,
        id_masked=ERASED if erased else party.id_masked,
        phone_masked=ERASED if erased else party.phone_masked,
        is_erased=erased,
        is_verified=party.verified_at is not None,
    )


def party(number: str | UUID) -> PartyRef:
    """One party, masked. Refuses an unknown number (404)."""
    found = parties([number])
    if not found:
        raise NotVisible("没有找到该当事人，请核对编号。")
    return next(iter(found.values()))


def parties(numbers: Iterable[str | UUID]) -> dict[str, PartyRef]:
    """Parties by number, masked; unknown numbers are left out. One query."""
    wanted = [number for number in map(_uuid, numbers) if number is not None]
    return {str(row.number): ref(row) for row in Party.objects.filter(number__in=wanted)}


def any_document() -> bool:
    """Whether any party is registered with an identity number, which only the index key finds again."""
    return Party.objects.filter(id_index__isnull=False).exists()


def find_person(id_number: str) -> PartyRef | None:
    """The person registered with this identity number (after a merge, the survivor), if any."""
    try:
        return _find("person", parse_resident_id(id_number).number)
    except IdentifierError:
        return None


def find_organisation(uscc: str) -> PartyRef | None:
    """The organisation registered with this code (after a merge, the survivor), if any."""
    try:
        return _find("organisation", parse_uscc(uscc).number)
    except IdentifierError:
        return None


def find_by_phone(phone: str) -> tuple[PartyRef, ...]:
    """The parties with this mobile, in the order they were registered."""
    try:
        index = blind_index(parse_mobile(phone), purpose="party.phone")
    except IdentifierError:
        return ()
    return tuple(ref(row) for row in Party.objects.filter(phone_index=index).order_by("id"))


def find_caller(name: str, phone: str) -> PartyRef | None:
    """Who has this name and this mobile (after a merge, the survivor), with a document or without."""
    try:
        mobile = parse_mobile(phone)
    except IdentifierError:
        return None
    row = (
        Party.objects.select_related("merged_into")
        .filter(
            kind="person",
            name_index=blind_index(name, purpose="party.name"),
            phone_index=blind_index(mobile, purpose="party.phone"),
        )
        .order_by("id_index", "id")
        .first()
    )
    return None if row is None else ref(row.merged_into or row)


def names_in(text: str, numbers: Iterable[str | UUID]) -> frozenset[str]:
    """The names of these parties that stand in a text, found by comparing every piece of it that may be one:
    nothing is opened. Names of more than `LONGEST_NAMED` characters are not found."""
    wanted = [number for number in map(_uuid, numbers) if number is not None]
    rows = Party.objects.filter(number__in=wanted, name_index__isnull=False)
    indexes = {bytes(row.name_index) for row in rows if row.name_index is not None}
    if not indexes:
        return frozenset()
    pieces = {
        match[at : at + length]
        for match in _WORDS.findall(text)
        for length in range(2, LONGEST_NAMED + 1)
        for at in range(len(match) - length + 1)
    }
    return frozenset(one for one in pieces if blind_index(one, purpose="party.name") in indexes)


def has_phone(number: str | UUID, phone: str) -> bool:
    """Whether this is the mobile of the party, without doubt; nothing is opened."""
    known = _uuid(number)
    try:
        index = blind_index(parse_mobile(phone), purpose="party.phone")
    except IdentifierError:
        return False
    if known is None:
        return False
    found = Party.objects.filter(number=known, phone_index=index).exclude(phone_standing="doubtful")
    return found.exists()


def may_be_called(number: str | UUID) -> bool:
    """Whether the party has a mobile that is theirs without doubt: messages go to no other."""
    known = _uuid(number)
    if known is None:
        return False
    found = Party.objects.filter(number=known, phone_index__isnull=False).exclude(phone_standing="doubtful")
    return found.exists()


def has_phone_tail(numbers: Iterable[str | UUID], tail: str) -> bool:
    """Whether one of these parties has a mobile ending in these four digits; the caller limits tries."""
    digits = "".join(tail.split())
    if len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        return False
    wanted = [number for number in map(_uuid, numbers) if number is not None]
    index = blind_index(digits, purpose="party.phone_tail")
    return Party.objects.filter(number__in=wanted, phone_tail_index=index).exists()


def same_party(number: str | UUID) -> tuple[str, ...]:
    """All numbers that are this party, the surviving one first."""
    known = _uuid(number)
    row = None if known is None else Party.objects.filter(number=known).first()
    if row is None:
        return ()
    survivor = row.merged_into_id or row.pk
    rows = Party.objects.filter(Q(pk=survivor) | Q(merged_into=survivor)).order_by("id")
    numbers = sorted(rows, key=lambda one: (one.pk != survivor, one.pk))
    return tuple(str(one.number) for one in numbers)


def acts_for(number: str | UUID, *, on: date) -> tuple[Agency, ...]:
    """Whom this party may act for on this day."""
    return _agencies(Q(agent__number=_uuid(number)), on)


def agents_of(number: str | UUID, *, on: date) -> tuple[Agency, ...]:
    """Who may act for this party on this day."""
    return _agencies(Q(principal__number=_uuid(number)), on)


def _agencies(whose: Q, on: date) -> tuple[Agency, ...]:
    in_force = Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gt=on))
    rows = (
        AgentAppointment.objects.select_related("principal", "agent").filter(whose & in_force).order_by("id")
    )
    return tuple(
        Agency(
            ref(row.principal),
            ref(row.agent),
            cast(Capacity, row.capacity),
            row.scope,
            row.from_on,
            row.to_on,
        )
        for row in rows
    )


def _find(kind: PartyKind, id_number: str) -> PartyRef | None:
    index = blind_index(id_number, purpose=purpose_of(kind))
    row = Party.objects.select_related("merged_into").filter(kind=kind, id_index=index).first()
    return None if row is None else ref(row.merged_into or row)


def _uuid(number: str | UUID) -> UUID | None:
    try:
        return number if isinstance(number, UUID) else UUID(number)
    except ValueError:
        return None


def find(number: str, *, today: date) -> Found:
    """Who has this number. Whether it is a person's or an organisation's follows from which check digit fits.

    If neither fits, the complaint is about the kind of number that the characters look like. One wrong digit
    in 31 makes a person's number fit the check of an organisation's: such a one is a mistyped person's.
    """
    try:
        parse_resident_id(number, today=today)
    except IdentifierError as not_a_person:
        try:
            parse_uscc(number)
        except IdentifierError as not_an_organisation:
            letters = sum(c.isalpha() for c in number.strip()[:17])
            wrong = not_an_organisation if letters else not_a_person
            return Found("organisation" if letters else "person", None, wrong.sentence)
        organisation = find_organisation(number)
        if organisation is None and _mistyped(number, not_a_person):
            return Found("person", None, not_a_person.sentence)
        return Found("organisation", organisation)
    return Found("person", find_person(number))


def _mistyped(number: str, not_a_person: IdentifierError) -> bool:
    """Whether a code that fits as an organisation's is rather a person's number with a wrong digit: only its
    check is wrong, or it is all digits and the organisation code in it (GB 11714) does not fit."""
    code = parse_uscc(number)
    if not_a_person.fault == "check":
        return True
    try:
        parse_organisation_code(code.organisation_code)
    except IdentifierError:
        return code.number[:17].isdigit()
    return False


def search(text: str, *, today: date) -> Searched:
    """Who has exactly this name, identity number or mobile (after a merge, the survivor), in the order they
    were registered. Indexes are of whole values: parts of a name or a number find nobody.

    The caller enters the search before it shows anything. Refuses (422): nothing typed, a number that cannot
    be one, a name that cannot be one.
    """
    typed = "".join(text.split()) if text.isascii() and any(map(str.isdigit, text)) else text.strip()
    try:
        if not typed:
            raise BadInput("没有填写，请写姓名、证件号码或者手机号码。")
        if not (typed.isascii() and any(map(str.isdigit, typed))):
            name = clean_name(typed, "person" if len(typed) <= LONGEST_PERSON else "organisation")
            return Searched("姓名", _survivors(Q(name_index=blind_index(name, purpose="party.name"))))
        if len(typed) == _MOBILE_DIGITS:
            mobile = parse_mobile(typed)
            return Searched("手机号码", _survivors(Q(phone_index=blind_index(mobile, purpose="party.phone"))))
        found = find(typed, today=today)
        if found.error:
            raise BadInput(found.error)
    except (BadInput, IdentifierError) as wrong:
        raise BadInput(wrong.sentence, fields={"text": wrong.sentence}) from wrong
    return Searched("证件号码", (found.party,) if found.party else ())


def _survivors(whose: Q) -> tuple[PartyRef, ...]:
    rows = Party.objects.select_related("merged_into").filter(whose).order_by("id")
    return tuple({row.merged_into_id or row.pk: ref(row.merged_into or row) for row in rows}.values())
