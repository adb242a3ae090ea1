"""The form of an act, made from its fields alone: how each is drawn, and what was typed, kept.

What is missing or wrong is the engine's to say; nothing is checked here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.http import QueryDict

from liuquan.casework.types import (
    YES,
    AskedField,
    AskedOffer,
    Field,
    FieldKind,
    Operator,
    ShownIf,
)
from liuquan.kernel import dates
from liuquan.kernel.drafts import KeptFile
from liuquan.kernel.received_files import ReceivedFiles, input_name

_LISTS: Final = (FieldKind.MANY, FieldKind.FILES)
_MOST_BUTTONS: Final = 6  #: of a choice; more are offered in a list that unfolds


@dataclass(frozen=True)
class Upload:
    """The input for the scans of one option."""

    name: str
    label: str
    error: str
    kept: tuple[KeptFile, ...] = ()  #: of an earlier try


@dataclass(frozen=True)
class Noted:
    """One option with the line for its text. `name`: of the line."""

    value: str
    label: str
    is_chosen: bool
    name: str
    said: str
    error: str
    when: Mapping[str, str]  #: by which the page hides the line while its option is not ticked


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
    noted: tuple[Noted, ...] = ()  #: the options, where each wants a text (`texts` of this field)
    asks: str = ""  #: what that text is called
    when: Mapping[str, str] = field(default_factory=dict)


def values(fields: Iterable[Field], post: QueryDict) -> dict[str, Any]:
    """What was typed, by field: lists for tick boxes, yes or no, dates as the engine reads them,
    stripped text for the rest."""
    found: dict[str, Any] = {}
    for one in fields:
        if one.kind in _LISTS:
            found[one.name] = post.getlist(one.name)
        elif one.kind is FieldKind.YES:
            found[one.name] = bool(post.get(one.name))
        elif one.kind is FieldKind.TEXTS:
            found[one.name] = _by_key(one.name, post)
        elif one.kind is FieldKind.DATE:
            found[one.name] = dates.as_iso(post.get(one.name, "").strip())
        else:
            found[one.name] = post.get(one.name, "").strip()
        if one.instead_of and found[one.name]:
            found[one.instead_of] = found[one.name][0]
    if post.get("assignment"):
        found["assignment"] = post["assignment"]
    return found


def _by_key(name: str, post: QueryDict) -> dict[str, str]:
    """The texts that were typed beside the options, by option."""
    own = [key for key in post if key.startswith(f"{name}.")]
    lines = {key.removeprefix(f"{name}."): post.get(key, "").strip() for key in own}
    return {key: text for key, text in lines.items() if text}


def texts(fields: Iterable[Field], typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was written in words, with the label of its field."""
    found: list[tuple[str, str]] = []
    for one in fields:
        said = typed.get(one.name)
        if said and one.kind in (FieldKind.TEXT, FieldKind.LONG):
            found.append((one.label, str(said)))
        elif said and one.kind is FieldKind.TEXTS:
            found += [(one.label, text) for text in said.values()]
    return found


def unsaid(fields: Iterable[Field], typed: Mapping[str, Any]) -> dict[str, str]:
    """What the form of a person is refused without: the wanted fields that are shown and empty, each with its
    sentence by the name of its input."""
    found: dict[str, str] = {}
    for one in fields:
        if not one.wanted or (one.shown_if and not one.shown_if.holds(typed)):
            continue
        if one.kind is FieldKind.TEXTS:
            lacking = set(typed.get(one.of) or ()) - set(typed.get(one.name) or ())
            found |= {f"{one.name}.{key}": f"请填写“{one.label}”。" for key in lacking}
        elif not typed.get(one.name):
            found[one.name] = f"请填写“{one.label}”。"
    return found


def controls(
    offer: AskedOffer,
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    *,
    on: date,
    only_uploads: bool = False,
    received: ReceivedFiles | None = None,
) -> list[Control]:
    """The fields of an act as they are drawn; an empty form is filled with expected values. `on`: today.
    `only_uploads`: nobody at a window ticks what came on paper. `received`: the files of this try."""
    kept = received.kept if received else {}
    replaced = {one.field.instead_of for one in offer.asked}
    drawn = [one for one in offer.asked if one.field.name not in replaced]
    found = [_control(asked, typed, errors, on, kept) for asked in drawn]
    found = _folded(found, drawn, typed, errors)
    alone = {one.field.name for one in drawn if only_uploads or one.field.only_uploads}
    found = [replace(one, shape="files") if one.uploads and one.name in alone else one for one in found]
    if found:
        found[0] = replace(found[0], attrs={**found[0].attrs, "autofocus": True})
    return found


def file_keys(offer: AskedOffer) -> frozenset[str]:
    """The materials for which the form of an act takes files."""
    asked = (one for one in offer.asked if one.field.kind is FieldKind.FILES)
    return frozenset(option.value for one in asked for option in one.options)


def _folded(
    found: list[Control], asked: Iterable[AskedField], typed: Mapping[str, Any], errors: Mapping[str, str]
) -> list[Control]:
    """Texts by key are drawn in the lines of the field that they belong to."""
    texts = {one.field.of: one.field for one in asked if one.field.kind is FieldKind.TEXTS}
    folded = {field.name for field in texts.values()}
    return [
        replace(one, noted=_noted(one, texts[one.name], typed, errors), asks=texts[one.name].label)
        if one.name in texts
        else one
        for one in found
        if one.name not in folded
    ]


def _noted(
    control: Control, texts: Field, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> tuple[Noted, ...]:
    said = typed.get(texts.name) or {}
    return tuple(
        Noted(
            value=value,
            label=label,
            is_chosen=value in control.value,
            name=f"{texts.name}.{value}",
            said=said.get(value, ""),
            error=errors.get(f"{texts.name}.{value}", ""),
            when=_when(ShownIf(control.name, Operator.IS, value)),
        )
        for value, label in control.options
    )


def _control(
    asked: AskedField,
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    on: date,
    kept: Mapping[str, Sequence[KeptFile]],
) -> Control:
    one = asked.field
    drawn = _DRAWN[one.kind](asked, typed.get(one.name), on)
    is_pressing = (one.required or one.wanted) and not one.shown_if
    uploads = (
        Upload(
            input_name(option.value),
            option.text,
            errors.get(input_name(option.value), ""),
            tuple(kept.get(option.value, ())),
        )
        for option in (asked.options if one.kind is FieldKind.FILES else ())
    )
    return replace(
        drawn,
        hint="；".join(filter(None, (drawn.hint or one.help, asked.condition))),
        error=errors.get(one.name, ""),
        is_required=is_pressing,
        is_optional=not (one.required or one.wanted),
        uploads=tuple(uploads),
        when=_when(one.shown_if) if one.shown_if else {},
    )


def _line(asked: AskedField, typed: Any, on: date) -> Control:
    one = asked.field
    attrs: dict[str, Any] = {"inputmode": "decimal"} if one.kind is FieldKind.AMOUNT else {}
    suggestions = tuple(option.value for option in asked.options)
    if suggestions:
        attrs["list"] = f"id_{one.name}_list"
    return Control(one.name, one.label, "line", typed or "", attrs=attrs, suggestions=suggestions)


def _long(asked: AskedField, typed: Any, on: date) -> Control:
    one = asked.field
    return Control(one.name, one.label, "long", typed or "")


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
    return Control(asked.field.name, asked.field.label, "date", typed or "")


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
    FieldKind.TEXTS: _line,
}
