"""What if: a day moved, a special procedure, an extension, and every clock of the case that would shift.

Nothing is written: anyone who may see the case may ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.casework import queries as casework
from liuquan.casework.types import DeadlineView, Snapshot
from liuquan.clock import (
    AddExtension,
    AddSuspension,
    ClockError,
    Extension,
    MoveAnchor,
    Shift,
    Suspension,
    date_in_table,
    shanghai_day,
    weekday_date,
)
from liuquan.desk.staff import DeskRequest, staff_only
from liuquan.kernel import dates, moments, pages
from liuquan.kernel.refusals import BadInput
from liuquan.kinds import queries as kinds

Change = MoveAnchor | AddSuspension | AddExtension
NAMES: Final = ("clock", "to", "ground", "begins", "ends", "days")
LONGEST: Final = 3660  #: days; guards against typing errors


@dataclass(frozen=True)
class Line:
    """One clock before and after, in words."""

    label: str
    before: str
    after: str
    shift: str
    provisional: bool


@require_safe
@staff_only
def what_if(request: DeskRequest, number: str) -> HttpResponse:
    """The form and its result. A case the reader may not see is answered like an unknown one."""
    snapshot = casework.visible(number, by=request.actor)
    today = moments.today(moments.now())
    asked = {name: request.GET.get(name, "").strip() for name in NAMES}
    refusal, shifts, tried = None, tuple[Shift, ...](), False
    try:
        changes = asked_changes(snapshot, asked)
        tried = bool(changes)
        shifts = casework.what_if(snapshot, changes, on=today) if changes else ()
    except BadInput as refused:
        refusal = refused
    moved = {shift.key for shift in shifts}
    context = {
        "case": snapshot,
        "asked": asked,
        "refusal": refusal,
        "tried": tried,
        "errors": refusal.fields if refusal else {},
        "lines": [_line(snapshot, shift) for shift in shifts],
        "same": [
            f"{casework.clock_label(snapshot, view)}（{weekday_date(view.due_on)}）"
            for view in snapshot.deadlines
            if view.is_open and view.name not in moved
        ],
        "clocks": casework.correctable_labels(snapshot),
        "grounds": [(name, ground.label) for name, ground in snapshot.terms.grounds.items()],
        "extendable": _extendable(snapshot),
        "trail": [
            ("我的待办", reverse("desk")),
            (f"{kinds.kind_of(snapshot).label} {number}", reverse("desk-case", args=[number])),
            ("如果这样，期限会怎样", ""),
        ],
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "desk/what_if.html", context, status=status)


def asked_changes(snapshot: Snapshot, asked: Mapping[str, str]) -> list[Change]:
    """The changes that were typed, in the order in which they would happen. Refuses (422) invalid dates and
    numbers and incomplete changes, by field."""
    changes: list[Change] = []
    if asked["to"]:
        changes.append(_moved(snapshot, asked))
    if asked["begins"] or asked["ends"]:
        changes.append(_stopped(snapshot, asked))
    if asked["days"]:
        view = _extendable(snapshot)
        if view is None:
            _refuse("days", "本件的期限不能延长。")
        days = _whole(asked["days"])
        unit = view.limit(snapshot.terms).unit
        changes.append(AddExtension(Extension(days, unit), keys=(view.name,)))
    return changes


def _moved(snapshot: Snapshot, asked: Mapping[str, str]) -> MoveAnchor:
    named = next((v for v in casework.correctable(snapshot) if v.name == asked["clock"]), None)
    if named is None:
        _refuse("clock", "请选择从哪一项期限的起算日算起。")
    to = dates.asked(asked["to"], "to", "改到哪天")
    if abs((to - shanghai_day(named.anchor_at)).days) > LONGEST:
        _refuse("to", "这一天离现在的起算日太远，请核对年份。")
    return MoveAnchor(to, keys=tuple(view.name for view in casework.resting_on(named, snapshot)))


def _stopped(snapshot: Snapshot, asked: Mapping[str, str]) -> AddSuspension:
    if asked["ground"] not in snapshot.terms.grounds:
        _refuse("ground", "请从法律列明的事由中选择。")
    begins, ends = dates.asked(asked["begins"], "begins", "开始"), dates.asked(asked["ends"], "ends", "结束")
    if abs((ends - begins).days) > LONGEST:
        _refuse("ends", "开始和结束相隔太久，请核对年份。")
    ground = snapshot.terms.grounds[asked["ground"]]
    try:
        return AddSuspension(
            Suspension(
                begins,
                ends,
                asked["ground"],
                label=ground.label,
                resumes=ground.resumes,
                citations=ground.citations,
            )
        )
    except ClockError as refused:
        return _refuse("ends", f"{refused}。", refused)


def _extendable(snapshot: Snapshot) -> DeadlineView | None:
    """The open clock that the law lets the office extend."""
    return next(
        (
            view
            for view in snapshot.deadlines
            if view.is_open and not view.step and view.limit(snapshot.terms).extension
        ),
        None,
    )


def _line(snapshot: Snapshot, shift: Shift) -> Line:
    view = next(v for v in snapshot.deadlines if v.is_open and v.name == shift.key)
    days = shift.days
    words = f"晚{days}日" if days > 0 else f"早{-days}日" if days < 0 else "日期不变"
    return Line(
        casework.clock_label(snapshot, view),
        date_in_table(shift.before.due_on),
        date_in_table(shift.after.due_on),
        words,
        shift.after.provisional,
    )


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= LONGEST:
        _refuse("days", "延长天数应当是不太大的正整数。")
    return int(text)


def _refuse(name: str, sentence: str, cause: Exception | None = None) -> NoReturn:
    raise BadInput(sentence, fields={name: sentence}) from cause
