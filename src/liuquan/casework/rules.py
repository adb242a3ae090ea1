"""What an act on a case changes, or why it may not happen. Pure: snapshot, act, facts, `now` in; values out.

The order of the checks is the order of the answers: unknown act, not allowed (403), wrong state and what the
case itself forbids (409), missing and wrong values (422), then the row's own guards.

Cites: 行政许可法 第三十二条, 第三十四条, 第四十二条, 第四十五条
"""

from __future__ import annotations

from datetime import datetime

from liuquan.casework import amounts, children, decisions, field_values
from liuquan.casework.effects import CompleteStep, Pause
from liuquan.casework.effects.complete_step import awaits_experts
from liuquan.casework.types import (
    Act,
    AssignmentView,
    Data,
    DeadlineView,
    Decision,
    Facts,
    Given,
    Lamp,
    Offer,
    Procedure,
    Running,
    Snapshot,
    Transition,
    Who,
)
from liuquan.clock import Calendar
from liuquan.kernel.refusals import BadInput, Malformed, NotAllowed, Refusal, WrongState
from liuquan.organisation.types import Actor


def decide(
    procedure: Procedure,
    snapshot: Snapshot,
    action: str,
    *,
    by: Actor,
    data: Data,
    facts: Facts,
    now: datetime,
    calendar: Calendar,
) -> Decision:
    """What `action` changes. Raises the refusal that says why not; then nothing has changed."""
    row = row_of(procedure, action)
    check_who(row, snapshot, by, data)
    check_state(procedure, row, snapshot)
    assignment = _assignment(row, snapshot, by, data)
    check_case(Act(procedure, row, Given(snapshot, {}, {}, now, by), calendar, assignment))
    field_values.check(row, data, now)
    given = Given(snapshot, facts, data, now, by)
    amounts.check_amount(row, given)
    act = Act(procedure, row, given, calendar, assignment)
    for effect in row.effects:
        effect.check(act)
    for guard in row.guards:
        guard(given)
    return children.decided(act, decisions.decision_of(act))


def row_of(procedure: Procedure, action: str) -> Transition:
    """The row of an act. Refuses (400) one that the procedure does not know."""
    row = procedure.row(action)
    if row is None:
        raise Malformed("没有这一操作，请刷新页面后重新选择。", code="unknown_action")
    return row


def offers(
    procedure: Procedure, snapshot: Snapshot, *, by: Actor, now: datetime, calendar: Calendar
) -> list[Offer]:
    """The acts this actor may take now: the page's buttons, the API's list. Acts that the case itself forbids
    are left out; refusals that depend on facts and given values come only when the act is tried."""
    found: list[Offer] = []
    given = Given(snapshot, {}, {}, now, by)
    for row in procedure.rows:
        if snapshot.state not in row.sources or row.who == (Who.SYSTEM,):
            continue
        for assignment in _about(row, snapshot, by):
            try:
                check_who(row, snapshot, by)
                check_case(Act(procedure, row, given, calendar, assignment))
            except Refusal:
                continue
            found.append(_offer(row, assignment, snapshot, by))
    return found


def check_case(act: Act) -> None:
    """Refuse (409) what the case itself forbids, whatever values are given with the act."""
    for effect in act.row.effects:
        effect.can(act)
    for need in act.row.needs:
        need(act.given)


def check_who(row: Transition, snapshot: Snapshot, by: Actor, data: Data | None = None) -> None:
    """Refuse (403) an actor whom the row does not name. A post acts only under its mandate, and only up to
    the amount the mandate allows: 法无授权不可为. `data`: the values given with the act; None if none yet."""
    amount = amounts.decided_fen(row, snapshot.terms, data)
    reasons = [reason for who in row.who if (reason := _barred(who, row, snapshot, by, amount)) is not None]
    if len(reasons) == len(row.who):
        # if parties may take the act too, the refusal tells staff what staff lack
        said = reasons[-1] if by.kind == "staff" else reasons[0]
        raise NotAllowed(said, citation=row.cites[0] if row.cites else "")


def _barred(who: Who, row: Transition, snapshot: Snapshot, by: Actor, amount: int | None) -> str | None:
    if who is Who.SYSTEM:
        return None if by.kind == "system" else f"“{row.label}”由系统依法执行，任何岗位都不能代办。"
    if who is Who.PARTY:
        if by.kind == "party" and snapshot.parties.get(by.party_number) in row.parties:
            return None
        who_may = "当事人或其代理人" if "applicant" in row.parties else "有相应身份的当事人"
        return f"“{row.label}”只能由本件的{who_may}办理。"
    if by.kind != "staff":
        return f"“{row.label}”只能由经授权的工作人员办理，请先登录工作台。"
    if who is Who.SUPERVISOR:
        watches = by.may_supervise(snapshot.act(row.action), snapshot.supervising_path)
        return None if watches else f"“{row.label}”由对该区划有监察授权的岗位办理，请转交该岗位。"
    # A cooperating body's post gives its opinion under its own body's mandate; every other act of staff is an
    # exercise of the lead body's power.
    whose = by.body_code if who is Who.ASSIGNEE else snapshot.body_code
    if who is Who.RECEIVER:
        whose = snapshot.terms.body_code
    subject = snapshot.terms.subject_code
    if not by.may(snapshot.act(row.action), subject, whose, amount_fen=amount):
        unmandated = f"您所在的岗位没有“{row.label}”的授权，请转交有授权的岗位办理。"
        return amounts.beyond(row, snapshot, whose, by, amount) or unmandated
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
    """Refuse (409) an act that the present state does not allow, naming the state."""
    if snapshot.state in row.sources:
        return
    label = procedure.state(snapshot.state).label
    raise WrongState(
        f"本件现在的状态是“{label}”，不能办理“{row.label}”，请刷新页面查看可以办理的事项。",
        citation=row.cites[0] if row.cites else "",
        details={"state": snapshot.state, "action": row.action},
    )


def _assignment(row: Transition, snapshot: Snapshot, by: Actor, data: Data) -> AssignmentView | None:
    if row.of(CompleteStep) and by.kind == "system":
        return next((a for a in snapshot.open_assignments if a.step == data.get("step")), None)
    if Who.ASSIGNEE not in row.who:
        return _chosen(snapshot, data) if row.names_assignment else None
    mine = [a for a in snapshot.open_assignments if a.post_code == by.post_code]
    wanted = data.get("assignment")
    if wanted not in (None, ""):
        mine = [a for a in mine if str(a.id) == str(wanted)]
    if not mine:
        if any(a.post_code != by.post_code for a in snapshot.open_assignments) and wanted in (None, ""):
            raise NotAllowed("这一环节不在您的岗位办理，请由承办岗位办理。")
        raise WrongState("这一环节已经办完或不在您的岗位，请刷新页面。")
    return mine[0]


def _about(row: Transition, snapshot: Snapshot, by: Actor) -> tuple[AssignmentView | None, ...]:
    """The assignments that the act may be about, each of which is an offer of its own."""
    if Who.ASSIGNEE in row.who:
        return tuple(a for a in snapshot.open_assignments if a.post_code == by.post_code)
    return snapshot.open_assignments if row.names_assignment else (None,)


def _chosen(snapshot: Snapshot, data: Data) -> AssignmentView | None:
    """The assignment that another post disposes of: the one that is named, or the only one."""
    wanted, step = str(data.get("assignment") or ""), str(data.get("step") or "")
    found = [a for a in snapshot.open_assignments if wanted in ("", str(a.id)) and step in ("", a.step)]
    if not found and snapshot.open_assignments:
        raise WrongState("这一环节已经办完或者已经收回，请刷新页面。")
    if len(found) > 1:
        names = "、".join(snapshot.step_name(a) or a.step for a in found)
        sentence = f"现在办理中的环节有：{names}，请选择其中一个。"
        raise BadInput(sentence, fields={"assignment": sentence})
    return found[0] if found else None


def _offer(row: Transition, assignment: AssignmentView | None, snapshot: Snapshot, by: Actor) -> Offer:
    # If experts must review a step first, its holder can only start that review.
    awaited = bool(row.of(Pause)) and any(
        awaits_experts(snapshot, a) and not snapshot.open_suspensions
        for a in snapshot.open_assignments
        if a.post_code == by.post_code
    )
    return Offer(
        row.action,
        row.label,
        amounts.fields_of(row, snapshot.terms),
        row.cites,
        row.confirm,
        assignment.id if assignment else None,
        snapshot.step_name(assignment) if assignment else "",
        row.duty or awaited,
    )


def lamp(view: DeadlineView | None, now: datetime) -> Lamp:
    """Green, yellow from the opening of the warning day, red from the first moment that is too late; a clock
    that does not run is never late."""
    if view is None or view.state is not Running.RUNNING:
        return Lamp.PAUSED if view is not None and view.state is Running.PAUSED else Lamp.GREEN
    if now >= view.due_at:
        return Lamp.RED if view.is_duty else Lamp.GREEN
    return Lamp.YELLOW if view.warn_at is not None and now >= view.warn_at else Lamp.GREEN


def pressing(snapshot: Snapshot) -> DeadlineView | None:
    """The running duty that ends first, or a paused one if none runs. Clocks that an act merely has to wait
    for are left out: they are nobody's duty."""
    duties = [d for d in snapshot.deadlines if d.is_open and d.is_duty]
    return min(duties, key=lambda d: (d.state is Running.PAUSED, d.due_at), default=None)


def silent_effect_due(snapshot: Snapshot, now: datetime) -> DeadlineView | None:
    """The deadline whose legal effect must be executed before anything else is done on the case.

    A provisional deadline (its calendar is not yet published) has no effect.
    """
    return next(
        (
            d
            for d in snapshot.deadlines
            if d.state is Running.RUNNING and d.on_expiry and not d.provisional and now >= d.due_at
        ),
        None,
    )


def unentered_breach(snapshot: Snapshot, now: datetime) -> bool:
    """Whether a duty of the case is overdue with no breach recorded; a provisional clock never counts."""
    return any(
        d.state is Running.RUNNING
        and d.is_duty
        and now >= d.due_at
        and not (d.on_expiry or d.provisional or d.breached)
        for d in snapshot.deadlines
    )
