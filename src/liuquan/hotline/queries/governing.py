"""What governs the hotline, as it stands and as it stood on a day, and the changes that people proposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from liuquan.clock import Unit
from liuquan.hotline import models
from liuquan.hotline.changes import Change, ChangeKind, ChangeState, Governing, line_of
from liuquan.hotline.queries import catalogue
from liuquan.hotline.terms import NEEDED
from liuquan.hotline.types import CatalogueLine, LocalLimit, RequestClass
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

GOVERN, APPROVE = "hotline.govern", "hotline.approve"
WHOLE_CITY: Final = "全市"


@dataclass(frozen=True)
class LineView:
    """A line of the catalogue in words. `is_broken`: its body exists no more on the day that is asked for."""

    line: CatalogueLine
    class_name: str
    body_name: str
    division_name: str
    is_broken: bool = False

    @property
    def query(self) -> str:
        """What names this line in an address."""
        one = self.line
        return urlencode(
            {
                "class_code": one.class_code,
                "division": one.division,
                "body_code": one.body_code,
                "line_from": one.from_on.isoformat(),
            }
        )


@dataclass(frozen=True)
class LimitView:
    """A limit in words."""

    line: LocalLimit
    label: str
    text: str
    extension_text: str

    @property
    def query(self) -> str:
        """What its form begins with, in an address."""
        one = self.line
        return urlencode({"key": one.key, "amount": one.amount, "unit": one.unit, "extension": one.extension})


def lines_on(on: date, *, class_code: str = "", body: str = "") -> list[LineView]:
    """The lines in force on this day; of one class and those below it, of one body."""
    held = (one for one in _lines() if one.from_on <= on and (one.to_on is None or one.to_on > on))
    chosen = (
        one for one in held if one.class_code.startswith(class_code) and (not body or one.body_code == body)
    )
    return in_words(chosen, on)


def lines_to_come(on: date) -> list[LineView]:
    """The lines that begin after this day."""
    return in_words((one for one in _lines() if one.from_on > on), on)


def broken(on: date) -> list[LineView]:
    """The lines in force whose body exists no more."""
    return [one for one in lines_on(on) if one.is_broken]


def menders(on: date) -> tuple[str, ...]:
    """The posts that propose changes of the catalogue: who must mend a broken line."""
    register = organisation.authorisation_register(
        on=on, body_code=catalogue.centre(), item_code="", action=GOVERN
    )
    return tuple(dict.fromkeys(line.post_name for line in register))


def limits_on(on: date) -> list[LimitView]:
    """The limits in force on this day, in the order of the work."""
    found = {one.key: one for one in catalogue.limits(on=on)}
    return [_limit(found[key]) for key in NEEDED if key in found]


def limits_to_come(on: date) -> list[LimitView]:
    """The limits that begin after this day."""
    rows = models.LocalLimit.objects.filter(from_on__gt=on).order_by("from_on", "key")
    return [_limit(_limit_line(row)) for row in rows]


def classes_on(on: date) -> list[tuple[RequestClass, str]]:
    """The classes in force on this day, each with the name of the class above it."""
    found = catalogue.classes(on=on)
    names = {one.code: one.name for one in found}
    return [(one, names.get(one.parent, "")) for one in sorted(found, key=lambda one: one.code)]


def governing(on: date) -> Governing:
    """What a proposed change is checked against on this day."""
    return Governing(
        classes=catalogue.classes(),
        lines=tuple(_lines()),
        limits=tuple(map(_limit_line, models.LocalLimit.objects.order_by("id"))),
        bodies=[body.code for body in organisation.bodies(on=on)],
        divisions=[one.code for one in organisation.divisions() if organisation.is_place(one.code)],
    )


def changes(*, state: str = "") -> list[Change]:
    """The changes that were proposed, the newest first."""
    rows = models.Change.objects.order_by("-id")
    return [_change(row) for row in (rows.filter(state=state) if state else rows)]


def change(number: str) -> Change:
    """One change. Refuses (404) a number that is not there."""
    row = models.Change.objects.filter(number=number).first()
    if row is None:
        raise NotVisible("没有这项改动，请从改动列表里选择。")
    return _change(row)


def what(one: Change, on: date) -> str:
    """What the change is about, in words. `on`: for the names of bodies."""
    said = one.values
    names = {row.code: row.name for row in catalogue.classes()}
    match one.kind:
        case ChangeKind.LINE_NEW | ChangeKind.LINE_END:
            class_name = names.get(said["class_code"], said["class_code"])
            where = _division_names([said.get("division", "")]).get(said.get("division", ""), WHOLE_CITY)
            return f"{class_name}（{where}）由{bodyin_words(said['body_code'], on)[0]}承办"
        case ChangeKind.LIMIT_NEW:
            line = LocalLimit(
                said["key"],
                said["amount"],
                said["unit"],
                one.document,
                one.starts_on,
                None,
                said["extension"],
            )
            found = _limit(line)
            return f"{found.label}{found.text}，{found.extension_text}"
        case ChangeKind.CLASS_NEW:
            return f"{said['name']}（{said['code']}）"
        case ChangeKind.CLASS_END:
            return f"{names.get(said['code'], '')}（{said['code']}）"


def line_named(said: dict[str, str]) -> CatalogueLine | None:
    """The line that these values of a page name."""
    return line_of(said, list(_lines()))


def may_govern(by: Actor) -> bool:
    return by.may(GOVERN, "", catalogue.centre())


def may_approve(by: Actor) -> bool:
    return by.may(APPROVE, "", catalogue.centre())


def bodyin_words(code: str, on: date) -> tuple[str, bool]:
    """What a body is called on a day, and whether it exists no more."""
    name = {body.code: body.name for body in organisation.bodies(on=on)}.get(code, "")
    return (name, False) if name else (f"已撤销的单位（{code}）", True)


def _lines() -> Iterable[CatalogueLine]:
    for row in models.CatalogueLine.objects.order_by("class_code", "division", "from_on", "id"):
        yield CatalogueLine(row.class_code, row.body_code, row.basis, row.from_on, row.to_on, row.division)


def in_words(lines: Iterable[CatalogueLine], on: date) -> list[LineView]:
    held = list(lines)
    bodies = {body.code: body.name for body in organisation.bodies(on=on)}
    names = {one.code: one.name for one in catalogue.classes()}
    places = _division_names(one.division for one in held)
    return [
        LineView(
            one,
            names.get(one.class_code, one.class_code),
            bodies.get(one.body_code, f"已撤销的单位（{one.body_code}）"),
            places.get(one.division, WHOLE_CITY),
            one.body_code not in bodies,
        )
        for one in held
    ]


def _division_names(codes: Iterable[str]) -> dict[str, str]:
    wanted = {code for code in codes if code}
    return {one.code: one.name for one in organisation.divisions() if one.code in wanted} if wanted else {}


def _limit(line: LocalLimit) -> LimitView:
    unit = Unit(line.unit).label
    return LimitView(
        line,
        NEEDED.get(line.key, line.key),
        f"{line.amount}{unit}" if line.amount else "当天",
        f"最多延长{line.extension}{unit}" if line.extension else "不能延长",
    )


def _limit_line(row: models.LocalLimit) -> LocalLimit:
    return LocalLimit(row.key, row.amount, row.unit, row.place, row.from_on, row.to_on, row.extension)


def _change(row: models.Change) -> Change:
    return Change(
        kind=ChangeKind(row.kind),
        values=row.values,
        document=row.document,
        starts_on=row.starts_on,
        number=row.number,
        state=ChangeState(row.state),
        proposed_by=row.proposed_by,
        proposed_post=row.proposed_post,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_post=row.decided_post,
        decided_at=row.decided_at,
        reason=row.reason,
    )
