"""The amount that an act decides on, where the item has one: which values are valid, and who may decide them.

A mandate may be limited to an amount. Until an amount is entered, the act is offered to every post that may
decide some amount; once it is entered, only to posts that may decide that much.
"""

from __future__ import annotations

from dataclasses import replace

from liuquan.casework.types import Data, Field, FieldKind, Given, Snapshot, Terms, Transition
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import Actor, read_fen, yuan

AMOUNT = FieldKind.AMOUNT
_HOW = "请写元数，如 3000 或者 3000.50。"


def fields_of(row: Transition, terms: Terms) -> tuple[Field, ...]:
    """The fields of an act on this case, with the amount under the item's own name where the item has one."""
    return tuple(
        replace(one, label=terms.amount_label, required=True, help=_HOW) if one.kind is AMOUNT else one
        for one in row.fields
        if one.kind is not AMOUNT or terms.amount_label
    )


def decided_fen(row: Transition, terms: Terms, data: Data | None) -> int | None:
    """The amount this act decides on, in fen; None if it decides none, 0 while no valid amount is given."""
    name = _name(row, terms)
    return (read_fen((data or {}).get(name)) or 0) if name else None


def check_amount(row: Transition, given: Given) -> None:
    """Refuse (422) an amount that is missing, zero or invalid, and any amount where the item has none."""
    terms = given.snapshot.terms
    wanted = _name(row, terms)
    for one in row.fields:
        said = given.data.get(one.name)
        if one.kind is AMOUNT and not wanted and said not in (None, ""):
            raise BadInput("本事项不决定金额，请清空该项。", fields={one.name: "请清空该项。"})
    if wanted and not read_fen(given.data.get(wanted)):
        sentence = f"请填写“{terms.amount_label}”：大于零的元数，最多两位小数。"
        raise BadInput(sentence, fields={wanted: sentence})


def beyond(row: Transition, case: Snapshot, body_code: str, by: Actor, fen: int | None) -> str:
    """Why this actor may not decide this amount; nothing if the amount is not the obstacle."""
    ends = by.ends_at(case.act(row.action), case.terms.subject_code, body_code) if fen else None
    if fen is None or ends is None or fen <= ends:
        return ""
    return (
        f"您所在岗位的“{row.label}”授权以{yuan(ends)}为限，本次{yuan(fen)}超出授权，"
        "请转交授权更高的岗位或者单位负责人决定。"
    )


def _name(row: Transition, terms: Terms) -> str:
    return next((one.name for one in row.fields if one.kind is AMOUNT), "") if terms.amount_label else ""
