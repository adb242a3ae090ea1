"""What people type into the forms of the hotline: dates, lists of words, choices of classes and bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.http import QueryDict

from liuquan.hotline import queries
from liuquan.kernel import dates
from liuquan.kernel.refusals import BadInput
from liuquan.organisation import queries as organisation

_BETWEEN = re.compile(r"[、，,；;\s]+")
_LONGEST = 6000  #: characters taken of a field; what it means is judged where it is written


def kept(given: QueryDict, *names: str) -> dict[str, str]:
    """What was typed, for the form to show again."""
    return {name: given.get(name, "").replace("\x00", "").strip()[:_LONGEST] for name in names}


def listed(text: str) -> tuple[str, ...]:
    """Words parted by 、, commas or blanks, each once."""
    return tuple(dict.fromkeys(word for word in _BETWEEN.split(text) if word))


def days(typed: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, date | None]:
    """The days of these fields (name → label); an empty one is none. Refuses (422) all that cannot be read,
    each beside its field."""
    found: dict[str, date | None] = {}
    wrong: dict[str, str] = {}
    for name, label in wanted.items():
        try:
            found[name] = dates.asked(typed[name], name, label) if typed[name] else None
        except BadInput as refusal:
            wrong |= refusal.fields
    if wrong:
        raise BadInput("日期有误，请按提示改正。", fields=wrong)
    return found


def day_or(text: str, default: date) -> tuple[date, str]:
    """The day of a filter, else the default with the sentence for who typed it."""
    try:
        return (dates.read(text) if text.strip() else default), ""
    except ValueError as why:
        return default, str(why)


def class_choices(*, on: date) -> list[tuple[str, str]]:
    """The classes of the second level that are in force, each after the class above it."""
    found = queries.classes(on=on)
    names = {one.code: one.name for one in found}
    below = sorted((one for one in found if not one.is_top), key=lambda one: one.code)
    return [(one.code, f"{names.get(one.parent, '')}：{one.name}") for one in below]


def every_class(*, on: date) -> list[tuple[str, str]]:
    """The classes of both levels that are in force."""
    names = {one.code: one.name for one in queries.classes(on=on)}
    return [(code, f"{code} {names[code]}") for code in sorted(names)]


def body_choices(*, on: date) -> list[tuple[str, str]]:
    """The bodies that exist."""
    return [(body.code, body.name) for body in organisation.bodies(on=on)]
