"""Time that does not count begins: a hearing, an expert review. `clock` checks what the law allows.

Several suspensions may be open at once, overlapping or one inside the other: each day is excluded only once.
The same ground cannot be open twice at the same time, and is used a second time only for a recorded reason.

Cites: 行政许可法 第四十五条
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from liuquan.casework import clocks, parse_values
from liuquan.casework.types import Act, Change, Effect, Given, GroundTerm, Running, Snapshot, SuspensionView
from liuquan.clock import ClockError, Direction, Suspension, check_suspension, shanghai_day
from liuquan.kernel.refusals import BadInput, WrongState

#: guards against typing errors; the law itself sets no limit
LONGEST = timedelta(days=366)
LONGEST_DOCUMENT = 120  #: characters
LEAST_REASON = 4  #: characters


@dataclass(frozen=True)
class Pause(Effect):
    """Begins a suspension today, with its ground, announced end and written notice among the values of the
    act; the clocks whose law excludes the ground pause."""

    def can(self, act: Act) -> None:
        """Refuse (409) if the law of the case has no ground, or every ground is already in use."""
        grounds = act.case.terms.grounds
        if not grounds:
            raise WrongState("本事项的期限没有依法可以不计入的时间，不能启动特别程序。")
        if set(grounds) <= {s.ground for s in act.case.open_suspensions}:
            raise WrongState("法律列明的事由都已经在进行，请先结束已有的特别程序。")

    def check(self, act: Act) -> None:
        """Refuse a ground the law does not name, a ground already in use, a second use without a reason, an
        end that is not in the future, and a missing written notice where the law requires one (422, 409)."""
        given = act.given
        ground = _ground(act.case, str(given.data.get("ground", "")))
        _check_repeated(given, str(given.data["ground"]), ground)
        begun = _begun(given)
        _check_until(given, begun)
        _check_document(begun)
        _check_by_law(act.case, begun, ground)

    def apply(self, change: Change) -> None:
        change.begun = _begun(change.act.given)
        change.suspensions = (*change.suspensions, change.begun)

    def count(self, change: Change) -> None:
        turn_clocks(change)


def turn_clocks(change: Change) -> None:
    """Pause, resume or move the clocks by the suspensions as the act leaves them. A clock that is over stays
    over: time excluded afterwards does not reopen it, and its lamp stays red."""
    terms, suspensions = change.act.case.terms, change.suspensions
    for view in change.open_clocks():
        limit = view.limit(terms)
        if limit.direction is Direction.BEFORE or not any(
            limit.excludes_ground(s.ground) for s in suspensions
        ):
            continue
        counted = clocks.recounted(view, Running.RUNNING, terms, change.act.calendar, suspensions)
        if clocks.is_paused(limit, counted.due_on, suspensions):
            counted = replace(counted, state=Running.PAUSED)
        if (counted.state, counted.due_at) != (view.state, view.due_at):
            change.clocks[view.id] = counted


def _begun(given: Given) -> SuspensionView:
    """The suspension that begins today, with its announced end."""
    data = given.data
    until = parse_values.day(data.get("until"), "until", "预计结束日期")
    document = str(data.get("document", "")).strip()
    return SuspensionView(0, str(data.get("ground", "")), shanghai_day(given.now), None, until, document)


def _ground(snapshot: Snapshot, name: str) -> GroundTerm:
    if name not in snapshot.terms.grounds:
        raise BadInput(
            "这不是法律列明的可以不计入期限的事由，请从列表中选择。",
            citation=_cites(snapshot),
            fields={"ground": "请从列明的事由中选择。"},
        )
    return snapshot.terms.grounds[name]


def _cites(snapshot: Snapshot) -> str:
    return next((cite for g in snapshot.terms.grounds.values() for cite in g.citations), "")


def _check_repeated(given: Given, name: str, ground: GroundTerm) -> None:
    if any(s.ground == name for s in given.snapshot.open_suspensions):
        raise WrongState(f"{ground.label}正在进行，不能重复启动，请先结束。", citation=_cites(given.snapshot))
    reason = str(given.data.get("again") or "").strip()
    used_before = any(s.ground == name for s in given.snapshot.suspensions)
    if used_before and len(reason) < LEAST_REASON:
        sentence = f"本件已经进行过{ground.label}，再次启动请写明理由（至少四个字），理由会记录在案。"
        raise BadInput(sentence, citation=_cites(given.snapshot), fields={"again": sentence})


def _check_until(given: Given, begun: SuspensionView) -> None:
    until, today = begun.announced_to_on, shanghai_day(given.now)
    if until <= today:
        raise BadInput("预计结束日期应当晚于今天，请重新填写。", fields={"until": "应当晚于今天。"})
    if until > today + LONGEST:
        sentence = f"预计结束日期距今超过{LONGEST.days}天，请核对；确需更长的，届时另行书面告知。"
        raise BadInput(sentence, fields={"until": sentence})


def _check_document(begun: SuspensionView) -> None:
    if len(begun.document) > LONGEST_DOCUMENT:
        sentence = f"“告知文书说明”请不要超过{LONGEST_DOCUMENT}个字。"
        raise BadInput(sentence, fields={"document": sentence})


def _check_by_law(snapshot: Snapshot, view: SuspensionView, ground: GroundTerm) -> None:
    """Check each clock that would be paused by its law: its list of grounds, its notice, within the case."""
    asks = Suspension(
        view.from_on, None, view.ground, view.document, ground.label, ground.resumes, view.announced_to_on
    )
    begun_on = shanghai_day(snapshot.received_at)
    for clock in snapshot.deadlines:
        limit = clock.limit(snapshot.terms)
        if clock.is_open and limit.excludes_ground(view.ground):
            try:
                check_suspension(
                    limit, asks, opened_on=begun_on, closed_on=None, notice_required=ground.notice_required
                )
            except ClockError as refused:
                raise BadInput(
                    f"{refused}。", citation=_cites(snapshot), fields={"document": f"{refused}。"}
                ) from refused
