"""Whether the values given with an act are those that its row asks for. Pure, and the same for pages and API.

What a value means is judged by the row's guards; amounts, which depend on the item, by `amounts`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from liuquan.casework import parse_values
from liuquan.casework.types import LONGEST_TEXT, Data, Field, FieldKind, Transition, condition_text
from liuquan.clock import shanghai_day
from liuquan.kernel.refusals import BadInput

OF_THE_ENGINE: Final = frozenset({"assignment", "step", "part"})  #: values that every act may bring
_MISSING: Final = "还有必填内容没有填写，请补上后再提交。"
_LONG: Final = "有内容写得太长，请精简后再提交。"
_SEVERAL: Final = "填写的内容有误，请按各项的提示改正后再提交。"
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_LISTS: Final = (FieldKind.MANY, FieldKind.FILES)


class Wrong(NamedTuple):
    """What is wrong with one value: beside its field, and as the answer if nothing else is wrong."""

    beside: str
    alone: str


def typed(row: Transition, data: Data) -> dict[str, Any]:
    """The values as guards, effects and rows read them, from wherever they come: a form sends text, a program
    a number. `days` become whole numbers; what is none stays as it was given, for `check` to refuse."""
    days = {one.name for one in row.takes if one.kind is FieldKind.DAYS}
    return {name: _as_days(value) if name in days else value for name, value in data.items()}


def check(row: Transition, data: Data, now: datetime) -> None:
    """Refuse (422), every field at once: a value that the act does not take, one whose condition does not
    hold, a required one that is missing, one of the wrong type, too long, outside the choices or the days."""
    wrong = problems(row, data, shanghai_day(now))
    if wrong:
        said = {one.alone for one in wrong.values()}
        sentence = said.pop() if len(said) == 1 else _SEVERAL
        raise BadInput(sentence, fields={name: one.beside for name, one in wrong.items()})


def problems(row: Transition, data: Data, on: date) -> dict[str, Wrong]:
    """What is wrong with each value, by field. `on`: today."""
    found: dict[str, Wrong] = {}
    shown: set[str] = set()
    for one in row.takes:
        asked = one.shown_if
        if asked is None or (asked.field in shown and asked.holds(data)):
            shown.add(one.name)
        value = data.get(one.name)
        if not is_filled(value):
            if one.required and one.asked_if is None and one.name in shown:
                found[one.name] = Wrong(f"请填写“{one.label}”。", _MISSING)
        elif one.name not in shown:
            sentence = f"“{one.label}”{condition_text(one, row.takes)}，请清空该项。"
            found[one.name] = Wrong(sentence, sentence)
        elif wrong := problem(one, value) or _wrong_day(one, value, on):
            found[one.name] = wrong
    for name in sorted(data.keys() - {one.name for one in row.takes} - OF_THE_ENGINE):
        sentence = f"“{row.label}”不需要填写“{name}”，请去掉该项后再提交。"
        found[name] = Wrong(sentence, sentence)
    return found


def problem(one: Field, value: Any) -> Wrong | None:
    """What is wrong with one given value, whatever else is given; nothing if it may stand."""
    if one.kind in _LISTS:
        return _wrong_list(one, value)
    if one.kind is FieldKind.TEXTS:
        return _wrong_by_key(one, value)
    if one.kind is FieldKind.YES:
        return None if value is True else _plain(f"“{one.label}”只能回答是或者否，请重新选择。")
    if one.kind in (FieldKind.DATE, FieldKind.DAYS):
        return _wrong_number(one, value)
    if not isinstance(value, str):
        return _plain(f"“{one.label}”应当是文字，请重新填写。")
    return _wrong_texts(one, [value])


def is_filled(value: Any) -> bool:
    """Whether anything was given: not white space, an empty list, or no for an answer."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, Collection):
        return bool(value)
    return value is not None and value is not False


def _wrong_list(one: Field, value: Any) -> Wrong | None:
    if not isinstance(value, (list, tuple, set, frozenset)) or not all(isinstance(v, str) for v in value):
        return _plain(f"“{one.label}”应当是选中的各项，请重新勾选。")
    return _wrong_texts(one, list(value))


def _wrong_by_key(one: Field, value: Any) -> Wrong | None:
    if not isinstance(value, Mapping) or not all(isinstance(v, str) for pair in value.items() for v in pair):
        return _plain(f"“{one.label}”应当是每一项的文字，请重新填写。")
    return _wrong_texts(one, list(value.values()))


def _wrong_number(one: Field, value: Any) -> Wrong | None:
    """Stricter than `parse_values`, which also reads what old entries recorded: 20260320 is no day, 1_0 no
    number."""
    text = str(value).strip()
    if one.kind is FieldKind.DAYS:
        if not _WHOLE.fullmatch(text):
            return _plain(f"“{one.label}”应当是整数。")
        return _plain(f"“{one.label}”不能小于零，请重新填写。") if int(text) < 0 else None
    try:
        day = parse_values.day(value, one.name, one.label)
    except BadInput as refused:
        return _plain(refused.sentence)
    if not isinstance(value, date) and day.isoformat() != text:
        return _plain(f"“{one.label}”应当写成 {day} 这样的日期。")
    return None


def _wrong_texts(one: Field, texts: Sequence[str]) -> Wrong | None:
    if any(len(text) > LONGEST_TEXT for text in texts):
        return Wrong(f"最多写{LONGEST_TEXT}字，请精简后再提交，详细内容可以作为材料上传。", _LONG)
    if one.choices and any(text not in one.choices for text in texts):
        return _plain(f"请从“{one.label}”列出的选项中选择。")
    return None


def _wrong_day(one: Field, value: Any, on: date) -> Wrong | None:
    if one.dates and one.kind is FieldKind.DATE:
        day = parse_values.day(value, one.name, one.label)
        if one.dates == "past" and day > on:
            return Wrong("不能晚于今天。", f"{one.label}不能晚于今天。")
        if one.dates == "future" and day <= on:
            return Wrong("应当晚于今天。", f"{one.label}应当晚于今天，请重新填写。")
    return None


def _as_days(value: Any) -> Any:
    text = str(value).strip()
    return int(text) if _WHOLE.fullmatch(text) else value


def _plain(sentence: str) -> Wrong:
    return Wrong(sentence, sentence)
