"""What may be done on a case now, and what each act asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from liuquan.casework import field_values, rules
from liuquan.casework.queries.reading import calendar_of, procedure_of
from liuquan.casework.types import (
    Act,
    AskedField,
    AskedOffer,
    Asking,
    Field,
    Given,
    Offer,
    Option,
    Snapshot,
    Transition,
    condition_text,
)
from liuquan.kernel.refusals import NotVisible, Refusal
from liuquan.organisation.types import Actor


def offers(snapshot: Snapshot, *, by: Actor, now: datetime) -> list[Offer]:
    """The acts this actor may take on the case now, with all that each takes."""
    procedure = procedure_of(snapshot)
    found = rules.offers(procedure, snapshot, by=by, now=now, calendar=calendar_of(snapshot))
    return [_with_recorded(one, procedure.row(one.action)) for one in found]


def _with_recorded(offer: Offer, row: Transition | None) -> Offer:
    """The offer with the values that go into the record alone, and the question about them."""
    if row is None or not row.recorded:
        return offer
    fields, confirm = (*offer.fields, *row.recorded), offer.confirm or row.confirm_record
    return replace(offer, fields=fields, confirm=confirm)


def asked(offers: Iterable[Offer], snapshot: Snapshot, *, by: Actor, now: datetime) -> list[AskedOffer]:
    """The same offers with what each asks on this case: runs the vertical's queries of options, each once."""
    found: dict[Any, tuple[Option, ...]] = {}

    def options(one: Field, asking: Asking) -> tuple[Option, ...]:
        if one.options is None:
            return tuple(Option(value, label) for value, label in one.choices.items())
        key = (one.options, asking.assignment)
        if key not in found:
            found[key] = tuple(one.options(asking))
        return found[key]

    def fields(offer: Offer) -> Iterable[AskedField]:
        asking = Asking(snapshot, by, now, offer.assignment)
        for one in offer.fields:
            if one.asked_if is None or one.asked_if(asking):
                most = one.most(snapshot) if one.most else None
                yield AskedField(one, options(one, asking), most, condition_text(one, offer.fields))

    return [AskedOffer(**vars(offer), asked=tuple(fields(offer))) for offer in offers]


def wrong_value(one: Field, value: object) -> str:
    """Why the engine would refuse this value of a field, whatever else is given; empty if it would not."""
    wrong = field_values.problem(one, value) if field_values.is_filled(value) else None
    return wrong.beside if wrong else ""


def barred(snapshot: Snapshot, action: str, *, by: Actor, now: datetime) -> Refusal | None:
    """Why this actor may not take this act now (403, 409), without trying it; None if only the values given
    with the act can still cause a refusal."""
    procedure = procedure_of(snapshot)
    row = procedure.row(action)
    if row is None:
        return NotVisible("没有这项操作，请从本件的页面选择。")
    try:
        rules.check_who(row, snapshot, by)
        rules.check_state(procedure, row, snapshot)
        mine = next((a for a in snapshot.open_assignments if a.post_code == by.post_code), None)
        given = Given(snapshot, {}, {}, now, by)
        rules.check_case(Act(procedure, row, given, calendar_of(snapshot), mine))
    except Refusal as refusal:
        return refusal
    return None
