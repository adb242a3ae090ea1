"""The part of a case that an act names, where a key has a clock for each: a lot, a bidder, a body. Pure.

A part is a code, since it enters the public record: never a name, never free text.
"""

from __future__ import annotations

import re
from typing import Final

from liuquan.casework.types import Act, Change, DeadlineView, Given, Transition
from liuquan.kernel.refusals import BadInput

BY_THE_ENGINE: Final = (
    "part"  #: the value by which the engine names the part whose silence an act follows from
)
_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,59}")


def part_of(given: Given, field: str) -> str:
    """The part that the value of this name gives; empty if the effect asks for none."""
    return str(given.data.get(field, "")).strip() if field else ""


def check_code(act: Act, field: str) -> str:
    """The part. Refuses (422) what is no code of at most 60 letters, digits, points, dashes."""
    part = part_of(act.given, field)
    if field and not _CODE.fullmatch(part):
        refuse(act, field, "应当是代码（字母、数字、点和短横，最多60个）")
    return part


def check_open(act: Act, key: str, field: str) -> DeadlineView | None:
    """The open clock of the part that the act names. Refuses (422) a part that has none."""
    part = check_code(act, field)
    found = [d for d in act.case.deadlines if d.is_open and (d.key, d.part) == (key, part)]
    if field and not found:
        refuse(act, field, "没有正在计算的期限，请核对")
    return found[0] if found else None


def entered(change: Change, field: str) -> str:
    """The part, which enters the public record under the name of the value, so that it can be replayed."""
    part = part_of(change.act.given, field)
    if field:
        change.public[field] = part
    return part


def label_of(row: Transition, field: str) -> str:
    """What the row calls this value."""
    return next((one.label for one in row.fields if one.name == field), field)


def refuse(act: Act, field: str, why: str) -> None:
    """Refuse (422) the value of this name, beside its field."""
    sentence = f"“{label_of(act.row, field)}”{why}。"
    raise BadInput(sentence, fields={field: sentence})
