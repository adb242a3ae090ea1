"""The form of an act, made from its fields alone: how each is drawn, and what was typed, kept.

What is missing or wrong is the engine's to say; nothing is checked here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from django.http import QueryDict

from liuquan.casework.types import LONGEST_TEXT, YES, AskedField, AskedOffer, Field, FieldKind, ShownIf
from liuquan.kernel.received_files import input_name

_LISTS: Final = (FieldKind.MANY, FieldKind.FILES)
_MOST_BUTTONS: Final = 6  #: of a choice; more are offered in a list that unfolds


@dataclass(frozen=True)
class Upload:
    """The input for the scans of one option."""

    name: str
    label: str
    error: str


@dataclass(frozen=True)
class Control:
    """One field as it is drawn. `shape`: line, long, number, date, choice, select, checks, files (uploads
    alone). `when`: attributes of what surrounds it, by which the page hides it while its condition does not
    hold."""

    name: str
    label: str
    shape: str
    value: Any
    hint: str = ""
    error: str = ""
    is_required: bool = False
    is_optional: bool = False
    options: tuple[tuple[str, str], ...] = ()
    attrs: Mapping[str, Any] = field(default_factory=dict)  #: further attributes of the input
    suggestions: tuple[str, ...] = ()
    uploads: tuple[Upload, ...] = ()
    when: Mapping[str, str] = field(default_factory=dict)


def values(fields: Iterable[Field], post: QueryDict) -> dict[str, Any]:
    """What was typed, by field: lists for tick boxes, yes or no, stripped text for the rest."""
    found: dict[str, Any] = {}
    for one in fields:
        if one.kind in _LISTS:
            found[one.name] = post.getlist(one.name)
        elif one.kind is FieldKind.YES:
            found[one.name] = bool(post.get(one.name))
        else:
            found[one.name] = post.get(one.name, "").strip()
    if post.get("assignment"):
        found["assignment"] = post["assignment"]
    return found


def controls(
    offer: AskedOffer,
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    *,
    on: date,
    only_uploads: bool = False,
) -> list[Control]:
    """The fields of an act as they are drawn; an empty form is filled with expected values. `on`: today.
    `only_uploads`: nobody at a window ticks what came on paper."""
    found = [_control(asked, typed, errors, on) for asked in offer.asked]
    if only_uploads:
        found = [replace(one, shape="files") if one.uploads else one for one in found]
    if found:
        found[0] = replace(found[0], attrs={**found[0].attrs, "autofocus": True})
    return found


def _control(asked: AskedField, typed: Mapping[str, Any], errors: Mapping[str, str], on: date) -> Control:
    one = asked.field
    drawn = _DRAWN[one.kind](asked, typed.get(one.name), on)
    is_pressing = one.required and not one.shown_if
    uploads = (
        Upload(input_name(option.value), option.text, errors.get(input_name(option.value), ""))
        for option in (asked.options if one.kind is FieldKind.FILES else ())
    )
    return replace(
        drawn,
        hint="；".join(filter(None, (drawn.hint or one.help, asked.condition))),
        error=errors.get(one.name, ""),
        is_required=is_pressing,
        is_optional=not one.required,
        uploads=tuple(uploads),
        when=_when(one.shown_if) if one.shown_if else {},
    )


def _line(asked: AskedField, typed: Any, on: date) -> Control:
    one = asked.field
    attrs: dict[str, Any] = {"maxlength": str(LONGEST_TEXT)}
    if one.kind is FieldKind.AMOUNT:
        attrs = {"inputmode": "decimal", "maxlength": "15"}
    suggestions = tuple(option.value for option in asked.options)
    if suggestions:
        attrs["list"] = f"id_{one.name}_list"
    return Control(one.name, one.label, "line", typed or "", attrs=attrs, suggestions=suggestions)


def _long(asked: AskedField, typed: Any, on: date) -> Control:
    one = asked.field
    return Control(one.name, one.label, "long", typed or "", attrs={"maxlength": str(LONGEST_TEXT)})


def _choice(asked: AskedField, typed: Any, on: date) -> Control:
    """One of the options; the only one is selected to begin with. Without options the answer is typed."""
    one = asked.field
    if not asked.options:
        return _line(asked, typed, on)
    only = asked.options[0].value if len(asked.options) == 1 else ""
    begun = next((option.value for option in asked.options if option.chosen), only)
    shape = "choice" if len(asked.options) <= _MOST_BUTTONS else "select"
    return Control(one.name, one.label, shape, typed or begun, options=_pairs(asked))


def _person(asked: AskedField, typed: Any, on: date) -> Control:
    """One of the people, none selected to begin with. Without any, a number is typed, for the guards."""
    one = asked.field
    if not asked.options:
        return replace(_line(asked, typed, on), hint="今天没有可选的在岗人员，请先安排人员")
    return Control(one.name, one.label, "select", typed or "", options=_pairs(asked))


def _checks(asked: AskedField, typed: Any, on: date) -> Control:
    one = asked.field
    begun = [option.value for option in asked.options if option.chosen]
    return Control(one.name, one.label, "checks", begun if typed is None else typed, options=_pairs(asked))


def _yes(asked: AskedField, typed: Any, on: date) -> Control:
    one = asked.field
    return Control(one.name, one.label, "checks", [YES] if typed else [], options=((YES, "是"),))


def _date(asked: AskedField, typed: Any, on: date) -> Control:
    one = asked.field
    attrs = {
        "": {},
        "past": {"max": on.isoformat()},
        "future": {"min": (on + timedelta(days=1)).isoformat()},
    }[one.dates]
    return Control(one.name, one.label, "date", typed or "", attrs=attrs)


def _days(asked: AskedField, typed: Any, on: date) -> Control:
    one = asked.field
    most = {} if asked.most is None else {"max": str(asked.most)}
    attrs = {"min": "1", **most, "inputmode": "numeric"}
    return Control(one.name, one.label, "number", typed or "", attrs=attrs)


def _pairs(asked: AskedField) -> tuple[tuple[str, str], ...]:
    return tuple((option.value, option.text) for option in asked.options)


def _when(asked: ShownIf) -> dict[str, str]:
    """The condition as the page's script reads it."""
    return {
        "data-shown-if-field": asked.field,
        "data-shown-if-operator": asked.operator,
        "data-shown-if-values": json.dumps(asked.values, ensure_ascii=False),
    }


_DRAWN: Final[Mapping[FieldKind, Callable[[AskedField, Any, date], Control]]] = {
    FieldKind.TEXT: _line,
    FieldKind.LONG: _long,
    FieldKind.CHOICE: _choice,
    FieldKind.MANY: _checks,
    FieldKind.DATE: _date,
    FieldKind.DAYS: _days,
    FieldKind.AMOUNT: _line,
    FieldKind.PERSON: _person,
    FieldKind.FILES: _checks,
    FieldKind.YES: _yes,
}
