"""What an act on a case changes, or why it may not happen. Pure: snapshot, act, facts, `now` in; values out.

The order of the checks is the order of the answers: unknown act, not allowed (403), wrong state (409),
missing data (422), then the row's own guards.

Cites: 行政许可法 第三十二条, 第三十四条, 第四十二条, 第四十五条
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from liuquan.casework import clocks
from liuquan.casework.guards import check_step
from liuquan.casework.types import (
    AssignmentView,
    Data,
    DeadlineChange,
    DeadlineView,
    Decision,
    Facts,
    Given,
    Lamp,
    NewDeadline,
    Offer,
    Procedure,
    Running,
    Snapshot,
    Step,
    SuspensionView,
    Transition,
    Who,
)
from liuquan.clock import Calendar, shanghai_day
from liuquan.kernel.refusals import BadInput, Malformed, NotAllowed, Refusal, WrongState
from liuquan.organisation.types import Actor

RESULTS = {"agree": "同意", "agree_with_conditions": "有条件同意", "disagree": "不同意"}


#: a guard against slips of the pen, not a limit of the law: the law names none
LONGEST_SPECIAL = timedelta(days=366)
LONGEST_DOCUMENT = 120  #: characters


def decide(
    procedure: Procedure, snapshot: Snapshot, action: str, *,
    by: Actor, data: Data, facts: Facts, now: datetime, calendar: Calendar,
) -> Decision:  # fmt: skip
    """What `action` changes. Raises the refusal that says why not; then nothing has changed."""
    row = procedure.row(action)
    if row is None:
        raise Malformed(f"没有“{action}”这一操作，请刷新页面后重新选择。", code="unknown_action")
    check_who(row, snapshot, by)
    check_state(procedure, row, snapshot)
    assignment = _assignment(row, snapshot, by, data)
    check_fields(row, data)
    given = Given(snapshot, facts, data, now, by)
    if row.completes_step and assignment is not None:
        check_step(given, assignment)
    for guard in row.guards:
        guard(given)
    return _Work(procedure, row, given, by, calendar, assignment).decision()


def carried_out(
    procedure: Procedure, snapshot: Snapshot, row: Transition, *,
    by: Actor, data: Data, now: datetime, calendar: Calendar, assignment: AssignmentView | None = None,
) -> Decision:  # fmt: skip
    """What a row changed that was carried out then: the decision alone, without the checks that it passed.
    From this the past is rebuilt; nothing is ever done with it."""
    bare = replace(row, public=None, private=None)
    return _Work(procedure, bare, Given(snapshot, {}, data, now, by), by, calendar, assignment).decision()


def offers(procedure: Procedure, snapshot: Snapshot, *, by: Actor) -> list[Offer]:
    """The acts this actor may take now: the page's buttons, the API's list. Guards speak when it is tried."""
    found: list[Offer] = []
    for row in procedure.rows:
        if snapshot.state not in row.sources or row.who == (Who.SYSTEM,):
            continue
        if (row.pauses and snapshot.open_suspension) or (row.resumes and not snapshot.open_suspension):
            continue
        try:
            check_who(row, snapshot, by)
        except Refusal:
            continue
        if Who.ASSIGNEE in row.who:
            mine = [a for a in snapshot.open_assignments if a.post_code == by.post_code]
            found += [_offer(row, a, snapshot) for a in mine]
        else:
            found.append(_offer(row, None, snapshot))
    return found


def check_who(row: Transition, snapshot: Snapshot, by: Actor) -> None:
    """Refuse (403) whoever the row does not name. A post acts only under its mandate: 法无授权不可为."""
    reasons = [reason for who in row.who if (reason := _barred(who, row, snapshot, by)) is not None]
    if len(reasons) == len(row.who):
        raise NotAllowed(reasons[0], citation=row.cites[0] if row.cites else "")


def _barred(who: Who, row: Transition, snapshot: Snapshot, by: Actor) -> str | None:
    if who is Who.SYSTEM:
        return None if by.kind == "system" else f"“{row.label}”由系统依法执行，任何岗位都不能代办。"
    if who is Who.PARTY:
        mine = by.kind == "party" and snapshot.parties.get(by.party_number) in {"applicant", "agent"}
        return None if mine else f"“{row.label}”只能由本件的申请人或其代理人办理。"
    if by.kind != "staff":
        return f"“{row.label}”只能由经授权的工作人员办理，请先登录工作台。"
    # A cooperating body's post gives its opinion under its own body's mandate; every other act of staff is an
    # exercise of the lead body's power.
    whose = by.body_code if who is Who.ASSIGNEE else snapshot.body_code
    if not by.may(row.action, snapshot.terms.subject_code, whose):
        return f"您所在的岗位没有“{row.label}”的授权，请转交有授权的岗位办理。"
    if who is Who.HEAD and "body_head" not in by.roles:
        return f"“{row.label}”须由机关负责人批准，请报请负责人办理。"
    if who is Who.DECIDER:
        if by.post_code != snapshot.terms.deciding_post and "body_head" not in by.roles:
            return f"“{row.label}”由授权的决定岗位办理，请转交该岗位。"
        if by.staff_id is not None and by.staff_id in {
            who for a in snapshot.assignments for who in (a.done_by, a.second_by) if who is not None
        }:
            return "您已审查过本件，一审一核不得由同一人完成，请由另一名有授权的人员决定。"
    return None


def check_state(procedure: Procedure, row: Transition, snapshot: Snapshot) -> None:
    """Refuse (409) an act the present state does not allow, with what the state is."""
    if snapshot.state in row.sources:
        return
    label = procedure.state(snapshot.state).label
    raise WrongState(
        f"本件现在的状态是“{label}”，不能办理“{row.label}”，请刷新页面查看可以办理的事项。",
        citation=row.cites[0] if row.cites else "",
        details={"state": snapshot.state, "action": row.action},
    )


def check_fields(row: Transition, data: Data) -> None:
    """Refuse (422) when a required value is missing, naming each."""
    missing = {
        field.name: f"请填写“{field.label}”。"
        for field in row.fields
        if field.required and not _filled(data.get(field.name))
    }
    if missing:
        raise BadInput("还有必填内容没有填写，请补上后再提交。", fields=missing)


def _filled(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [], (), {})


def _assignment(row: Transition, snapshot: Snapshot, by: Actor, data: Data) -> AssignmentView | None:
    if Who.ASSIGNEE not in row.who:
        return None
    mine = [a for a in snapshot.open_assignments if a.post_code == by.post_code]
    wanted = data.get("assignment")
    if wanted not in (None, ""):
        mine = [a for a in mine if str(a.id) == str(wanted)]
    if not mine:
        if any(a.post_code != by.post_code for a in snapshot.open_assignments) and wanted in (None, ""):
            raise NotAllowed("这一环节不在您的岗位办理，请由承办岗位办理。")
        raise WrongState("这一环节已经办完或不在您的岗位，请刷新页面。")
    return mine[0]


def _offer(row: Transition, assignment: AssignmentView | None, snapshot: Snapshot) -> Offer:
    step = snapshot.step(assignment.step) if assignment else None
    return Offer(
        row.action, row.label, row.fields, row.cites, row.confirm,
        assignment.id if assignment else None, step.name if step else "", row.duty,
    )  # fmt: skip


def lamp(view: DeadlineView | None, now: datetime) -> Lamp:
    """Green, yellow from the opening of the warning day, red from the first moment that is too late; a clock
    that does not run is never late."""
    if view is None or view.state is not Running.RUNNING:
        return Lamp.PAUSED if view is not None and view.state is Running.PAUSED else Lamp.GREEN
    if now >= view.due_at:
        return Lamp.RED
    return Lamp.YELLOW if view.warn_at is not None and now >= view.warn_at else Lamp.GREEN


def pressing(snapshot: Snapshot) -> DeadlineView | None:
    """The running clock that ends first; a paused one when none runs."""
    open_ones = [d for d in snapshot.deadlines if d.is_open]
    running = [d for d in open_ones if d.state is Running.RUNNING] or open_ones
    return min(running, key=lambda d: d.due_at, default=None)


def done_steps(assignments: Iterable[AssignmentView]) -> set[str]:
    """Steps that are done and not open again."""
    listed = tuple(assignments)
    return {a.step for a in listed if a.state == "done"} - {a.step for a in listed if a.state == "open"}


def next_steps(steps: tuple[Step, ...], done: set[str], open_now: set[str]) -> tuple[Step, ...]:
    """Steps whose predecessors are all done: parallel branches open together, a join waits for the last."""
    return tuple(s for s in steps if s.key not in done and s.key not in open_now and set(s.after) <= done)


def last_steps(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps that nothing follows: where a case goes when it is sent back to the examiners."""
    followed = {key for s in steps for key in s.after}
    return tuple(s for s in steps if s.key not in followed)


@dataclass
class _Work:
    """One decision in the making; holds nothing after `decision()` returned."""

    procedure: Procedure
    row: Transition
    given: Given
    by: Actor
    calendar: Calendar
    assignment: AssignmentView | None

    def decision(self) -> Decision:
        snapshot, row = self.given.snapshot, self.row
        effective_at = self._effective_at()
        new_steps, finished = self._route()
        target = row.target or snapshot.state
        if row.target_when_done and finished:
            target = row.target_when_done
        closes = self.procedure.state(target).closed
        suspension, ended = self._suspensions(closes)
        suspensions = _with(snapshot.suspensions, suspension, ended)
        new = self._started(effective_at, new_steps, suspensions)
        changes = self._changed(suspensions, closes, bool(suspension), bool(ended))
        done = (self.assignment.id,) if row.completes_step and self.assignment else ()
        cancelled = tuple(a.id for a in snapshot.open_assignments if closes and a.id not in done)
        return Decision(
            row=row, from_state=snapshot.state, to_state=target, effective_at=effective_at,
            public=self._public(new, changes), private=row.private(self.given) if row.private else {},
            new_deadlines=new, deadline_changes=changes, new_steps=new_steps,
            done_assignments=done, cancelled_assignments=cancelled,
            step_result=str(self.given.data.get("result", "")) if row.completes_step else "",
            second_by=self.given.facts.get("second_officer") if row.completes_step else None,
            new_suspension=suspension, ended_suspension=ended,
        )  # fmt: skip

    def _effective_at(self) -> datetime:
        if self.row.effective == "now":
            return self.given.now
        clock = self.given.snapshot.deadline(self.row.effective)
        if clock is None:
            raise WrongState("对应的期限已经终止，不再产生法定效果。")
        # 行政许可法 第三十二条: accepted as of the receipt, not as of the day the silence was noticed.
        return clock.anchor_at

    def _route(self) -> tuple[tuple[Step, ...], bool]:
        """The steps to open, and whether the route is then finished."""
        snapshot, row = self.given.snapshot, self.row
        steps = snapshot.terms.steps
        if row.sends_back:
            return last_steps(steps), False
        done = done_steps(snapshot.assignments)
        open_now = {a.step for a in snapshot.open_assignments}
        if row.completes_step and self.assignment:
            done, open_now = done | {self.assignment.step}, open_now - {self.assignment.step}
        elif not row.opens_route:
            return (), False
        return next_steps(steps, done, open_now), done >= {s.key for s in steps}

    def _suspensions(self, closes: bool) -> tuple[SuspensionView | None, SuspensionView | None]:
        """The suspension that begins with this act, and the one that ends with it."""
        today = shanghai_day(self.given.now)
        open_one = self.given.snapshot.open_suspension
        if self.row.pauses:
            if open_one is not None:
                raise WrongState("本件正在特别程序中，一次只能进行一项，请先结束已有的特别程序。")
            return self._new_suspension(today), None
        if self.row.resumes and open_one is None:
            raise WrongState("本件没有正在进行的特别程序。")
        if open_one is not None and (self.row.resumes or closes):
            return None, replace(open_one, to_on=max(today, open_one.from_on))
        return None, None

    def _new_suspension(self, today: date) -> SuspensionView:
        """Only on a ground of the law's closed list, and only with the time told in writing (第四十五条)."""
        data, terms = self.given.data, self.given.snapshot.terms
        ground = str(data.get("ground", ""))
        if ground not in terms.grounds:
            raise BadInput(
                "这不是法律列明的可以不计入期限的事由，请从列表中选择。",
                citation="行政许可法 第四十五条", fields={"ground": "请从列明的事由中选择。"},
            )  # fmt: skip
        until = _date(data.get("until"), "until", "预计结束日期")
        if until <= today:
            raise BadInput("预计结束日期应当晚于今天，请重新填写。", fields={"until": "应当晚于今天。"})
        if until > today + LONGEST_SPECIAL:
            sentence = f"预计结束日期距今超过{LONGEST_SPECIAL.days}天，请核对；确需更长的，届时另行书面告知。"
            raise BadInput(sentence, fields={"until": sentence})
        document = str(data.get("document", ""))
        if len(document) > LONGEST_DOCUMENT:
            sentence = f"“告知文书说明”请不要超过{LONGEST_DOCUMENT}个字。"
            raise BadInput(sentence, fields={"document": sentence})
        return SuspensionView(0, ground, today, None, until, document)

    def _started(
        self, effective_at: datetime, new_steps: tuple[Step, ...], suspensions: tuple[SuspensionView, ...]
    ) -> tuple[NewDeadline, ...]:
        terms = self.given.snapshot.terms
        found = []
        for given in self.row.starts:
            anchor = self.given.snapshot.received_at if given.anchor == "received" else effective_at
            found.append(clocks.start(given, terms, anchor, self.calendar, suspensions))
        for step in new_steps:
            # A step opens when the work can begin, even where acceptance is back-dated by law.
            found.append(clocks.start_step(step, terms, self.given.now, self.calendar, suspensions))
        return tuple(new for new in found if new is not None)

    def _changed(
        self, suspensions: tuple[SuspensionView, ...], closes: bool, paused: bool, resumed: bool
    ) -> tuple[DeadlineChange, ...]:
        row, now = self.row, self.given.now
        changes = []
        if row.extends and self.given.snapshot.deadline(row.extends) is None:
            raise WrongState("本件没有正在计算的法定期限，无需延长。")
        for view in self.given.snapshot.deadlines:
            if not view.is_open:
                continue
            if change := self._stop(view, closes, now):
                changes.append(change)
            elif view.key == row.extends:
                changes.append(self._extended(view, suspensions))
            elif self._turns(view, paused, resumed) and self._stops_for(view, suspensions):
                state = Running.PAUSED if paused else Running.RUNNING
                changes.append(
                    clocks.recounted(view, state, self.given.snapshot.terms, self.calendar, suspensions)
                )
        return tuple(changes)

    def _turns(self, view: DeadlineView, paused: bool, resumed: bool) -> bool:
        """Whether this clock stops or goes on now. One that is over stays over: time taken out afterwards
        does not bring it back, and its lamp stays red."""
        if view.state is Running.RUNNING:
            return paused and self.given.now < view.due_at
        return resumed

    def _stop(self, view: DeadlineView, closes: bool, now: datetime) -> DeadlineChange | None:
        row = self.row
        mine = self.assignment is not None and view.step == self.assignment.step
        if view.key in row.stops or (row.completes_step and view.key == clocks.STEP and mine):
            state = Running.EXPIRED if row.effective == view.key else Running.MET
            return clocks.stopped(view, state, now)
        if view.key in row.cancels or (closes and view.key not in row.keeps):
            return clocks.stopped(view, Running.CANCELLED, now)
        return None

    def _stops_for(self, view: DeadlineView, suspensions: tuple[SuspensionView, ...]) -> bool:
        limit = clocks.limit_of(self.given.snapshot.terms, view.limit_key)
        return any(limit.excludes_ground(s.ground) for s in suspensions) and view.key != "acceptance"

    def _extended(self, view: DeadlineView, suspensions: tuple[SuspensionView, ...]) -> DeadlineChange:
        """Once, within what the law allows, and before the limit is over."""
        terms = self.given.snapshot.terms
        allowed = clocks.limit_of(terms, view.limit_key).extension
        if allowed is None:
            raise WrongState("本事项的法定期限不能延长。")
        cites = allowed.citations[0] if allowed.citations else ""
        if view.extended:
            raise WrongState("本件的期限已经延长过一次，依法不能再次延长。", citation=cites)
        if self.given.now >= view.due_at:
            raise WrongState("法定期限已满，延长须在期限届满前批准。", citation=cites)
        days = _whole(self.given.data.get("days"), "days", "延长天数")
        if not 1 <= days <= allowed.amount:
            sentence = f"延长天数应当在1至{allowed.amount}之间。"
            raise BadInput(sentence, citation=cites, fields={"days": sentence})
        return clocks.recounted(view, view.state, terms, self.calendar, suspensions, extended=days)

    def _public(self, new: tuple[NewDeadline, ...], changes: tuple[DeadlineChange, ...]) -> dict[str, Any]:
        public: dict[str, Any] = dict(self.row.public(self.given)) if self.row.public else {}
        if self.assignment is not None:
            step = self.given.snapshot.step(self.assignment.step)
            public["step"] = step.key if step else self.assignment.step
            public["step_name"] = step.name if step else self.assignment.step
        if new:
            public["due"] = {d.key + (f":{d.step}" if d.step else ""): d.due_on.isoformat() for d in new}
        moved = {c.id: c for c in changes if c.state in (Running.RUNNING, Running.PAUSED)}
        views = {d.id: d for d in self.given.snapshot.deadlines}
        if moved:
            public["due"] = public.get("due", {}) | {
                views[i].key + (f":{views[i].step}" if views[i].step else ""): c.due_on.isoformat()
                for i, c in moved.items()
            }
        unsure = {d.key + (f":{d.step}" if d.step else "") for d in new if d.provisional}
        unsure |= {
            views[i].key + (f":{views[i].step}" if views[i].step else "")
            for i, c in moved.items() if c.provisional
        }  # fmt: skip
        if unsure:
            public["provisional"] = sorted(unsure)
        return public


def _with(
    suspensions: tuple[SuspensionView, ...], new: SuspensionView | None, ended: SuspensionView | None
) -> tuple[SuspensionView, ...]:
    kept = tuple(ended if ended and s.id == ended.id else s for s in suspensions)
    return (*kept, new) if new else kept


def _date(value: Any, name: str, label: str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        sentence = f"“{label}”应当写成 2026-03-20 这样的日期。"
        raise BadInput(sentence, fields={name: sentence}) from None


def _whole(value: Any, name: str, label: str) -> int:
    try:
        return int(str(value))
    except ValueError:
        sentence = f"“{label}”应当是整数。"
        raise BadInput(sentence, fields={name: sentence}) from None


def silent_effect_due(snapshot: Snapshot, now: datetime) -> DeadlineView | None:
    """The deadline whose legal effect must be executed before anything else is done on the case.

    A provisional deadline (its calendar is not announced) executes nothing.
    """
    return next(
        (
            d for d in snapshot.deadlines
            if d.state is Running.RUNNING and d.on_expiry and not d.provisional and now >= d.due_at
        ),
        None,
    )  # fmt: skip


def unentered_breach(snapshot: Snapshot, now: datetime) -> bool:
    """Whether a duty of the case is over with no breach on record; a provisional clock breaches nothing."""
    return any(
        d.state is Running.RUNNING and now >= d.due_at and not (d.on_expiry or d.provisional or d.breached)
        for d in snapshot.deadlines
    )
