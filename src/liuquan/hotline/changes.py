"""Changes of what governs the hotline (classes, dispatch catalogue, limits) as people propose them. Pure.

A change has its basis document and the day from which it holds, at the earliest tomorrow: what was in force
on a day never changes once that day has begun. It is proposed by one person and approved by another. Nothing
is overwritten: a line or a class ends on a day and another begins; a limit is followed by one that begins
later.

Cites: 国办函〔2025〕66号
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from liuquan.clock import Unit
from liuquan.hotline.terms import NEEDED
from liuquan.hotline.types import CatalogueLine, LocalLimit, RequestClass

LONGEST: Final = {"document": 200, "place": 120, "name": 40, "code": 24}
LEAST_DOCUMENT: Final = 4  #: characters of the basis of a change
LARGEST: Final = 366  #: of a limit, in any unit
UNITS: Final = {
    one.value: one.label for one in (Unit.HOUR, Unit.WORKING_HOUR, Unit.WORKING_DAY, Unit.CALENDAR_DAY)
}


class ChangeKind(StrEnum):
    LINE_NEW = "line_new"
    LINE_END = "line_end"
    LIMIT_NEW = "limit_new"
    CLASS_NEW = "class_new"
    CLASS_END = "class_end"

    @property
    def label(self) -> str:
        return {
            "line_new": "新增派单目录",
            "line_end": "终止派单目录",
            "limit_new": "调整时限",
            "class_new": "新增分类",
            "class_end": "停用分类",
        }[self]


class ChangeState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"proposed": "待审核", "approved": "已同意", "refused": "不同意"}[self]


@dataclass(frozen=True)
class ChangeGiven:
    """A change as somebody proposes it. `values`: line_new class_code, division, body_code; line_end these
    and line_from (ISO), which together name the line; limit_new key, amount, unit, extension; class_new code,
    name, parent, words; class_end code. `document`: its basis, for a limit the place whose rule it is."""

    kind: ChangeKind
    values: Mapping[str, Any]
    document: str
    starts_on: date


@dataclass(frozen=True)
class Change(ChangeGiven):
    """A change with what became of it."""

    number: str = ""
    state: ChangeState = ChangeState.PROPOSED
    proposed_by: int | None = None
    proposed_post: str = ""
    proposed_at: datetime | None = None
    decided_by: int | None = None
    decided_post: str = ""
    decided_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Governing:
    """What stands now, ended and future rows too, and which bodies exist today; `divisions` of the city."""

    classes: tuple[RequestClass, ...] = ()
    lines: tuple[CatalogueLine, ...] = ()
    limits: tuple[LocalLimit, ...] = ()
    bodies: Collection[str] = field(default=())
    divisions: Collection[str] = field(default=())


def is_open(to_on: date | None, on: date) -> bool:
    """Whether a row with this end holds on this day or begins later."""
    return to_on is None or to_on > on


def problems(given: ChangeGiven, there: Governing, *, on: date) -> dict[str, str]:
    """What is wrong with a change on this day, by field."""
    wrong = _CHECKS[given.kind](given, there)
    if given.starts_on <= on:
        wrong["starts_on"] = "改动最早从明天起生效，过去和今天的规则不能改，请写明天或者以后的日期。"
    if len(given.document) < LEAST_DOCUMENT:
        wrong["document"] = "请写明依据的文件，例如三定方案、联席会议纪要的名称和文号。"
    elif len(given.document) > (most := LONGEST[_document_of(given)]):
        wrong["document"] = f"依据最多{most}个字，请精简。"
    return wrong


def _document_of(given: ChangeGiven) -> str:
    return "place" if given.kind is ChangeKind.LIMIT_NEW else "document"


def _of_new_line(given: ChangeGiven, there: Governing) -> dict[str, str]:
    said, wrong = given.values, {}
    known = {one.code for one in there.classes if is_open(one.to_on, given.starts_on)}
    if said.get("class_code") not in known:
        wrong["class_code"] = "请选择分类，已经停用的不能选。"
    if said.get("body_code") not in there.bodies:
        wrong["body_code"] = "请选择承办单位，已经撤销的不能选。"
    if said.get("division") and said["division"] not in there.divisions:
        wrong["division"] = "请选择本市的区划，适用全市的不用选。"
    if not wrong and any(
        (one.class_code, one.division, one.body_code)
        == (said["class_code"], said.get("division", ""), said["body_code"])
        and is_open(one.to_on, given.starts_on)
        for one in there.lines
    ):
        wrong["body_code"] = "这一类在这个区划已经由这个单位承办，不用新增。"
    return wrong


def _of_ended_line(given: ChangeGiven, there: Governing) -> dict[str, str]:
    line = line_of(given.values, there.lines)
    if line is None or not is_open(line.to_on, given.starts_on):
        return {"line": "没有这一行，或者到那时它已经终止，请从目录里重新选择。"}
    if given.starts_on <= line.from_on:
        return {"starts_on": "终止的日期要晚于这一行生效的日期。"}
    return {}


def line_of(said: Mapping[str, Any], lines: Collection[CatalogueLine]) -> CatalogueLine | None:
    """The line that these values name."""
    key = tuple(str(said.get(name) or "") for name in ("class_code", "division", "body_code", "line_from"))
    return next(
        (
            one
            for one in lines
            if (one.class_code, one.division, one.body_code, one.from_on.isoformat()) == key
        ),
        None,
    )


def _of_new_limit(given: ChangeGiven, there: Governing) -> dict[str, str]:
    said, wrong = given.values, {}
    if said.get("key") not in NEEDED:
        wrong["key"] = "请选择是哪一项时限。"
    if said.get("unit") not in UNITS:
        wrong["unit"] = "请选择时限的单位。"
    for name, label in (("amount", "数量"), ("extension", "最多延长")):
        value = said.get(name)
        if not isinstance(value, int) or not 0 <= value <= LARGEST:
            wrong[name] = f"{label}请写0至{LARGEST}的整数。"
    same = [one for one in there.limits if one.key == said.get("key") and one.from_on == given.starts_on]
    if same:
        wrong["starts_on"] = "这一项时限从这一天起已经有规定，请另选日期。"
    return wrong


def _of_new_class(given: ChangeGiven, there: Governing) -> dict[str, str]:
    said, wrong = given.values, {}
    known = {one.code: one for one in there.classes}
    code, name, parent = (str(said.get(key) or "") for key in ("code", "name", "parent"))
    if not code or len(code) > LONGEST["code"] or not code.isascii() or not code.isalnum():
        wrong["code"] = "分类代码用数字或者字母，例如 0105。"
    elif code in known:
        wrong["code"] = "这个分类代码已经用过，停用的也不能再用，请换一个。"
    if not name or len(name) > LONGEST["name"]:
        wrong["name"] = f"请填写分类的名称，最多{LONGEST['name']}个字。"
    above = known.get(parent)
    if parent and (above is None or not above.is_top or not is_open(above.to_on, given.starts_on)):
        wrong["parent"] = "请从列出的上级分类中选择；分类只有两级。"
    return wrong


def _of_ended_class(given: ChangeGiven, there: Governing) -> dict[str, str]:
    code = str(given.values.get("code") or "")
    found = next((one for one in there.classes if one.code == code), None)
    if found is None or not is_open(found.to_on, given.starts_on):
        return {"code": "没有这个分类，或者到那时它已经停用，请从列表里重新选择。"}
    below = [one for one in there.classes if one.parent == code and is_open(one.to_on, given.starts_on)]
    if below:
        return {"code": f"“{found.name}”下面还有在用的分类，请先停用下级分类。"}
    if any(one.class_code == code and is_open(one.to_on, given.starts_on) for one in there.lines):
        return {"code": f"“{found.name}”在派单目录里到那时还有单位承办，请先终止这些行。"}
    return {}


_CHECKS: Final[Mapping[ChangeKind, Callable[[ChangeGiven, Governing], dict[str, str]]]] = {
    ChangeKind.LINE_NEW: _of_new_line,
    ChangeKind.LINE_END: _of_ended_line,
    ChangeKind.LIMIT_NEW: _of_new_limit,
    ChangeKind.CLASS_NEW: _of_new_class,
    ChangeKind.CLASS_END: _of_ended_class,
}
