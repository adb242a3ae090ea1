"""Who held a case on each day: every day belongs to exactly one holder.

A state entered on day A covers the days after A up to and including the day it is left, just as limits are
counted (民法典 第二百零一条). Time suspended by law takes precedence over the state; a day on which only
other bodies had an open step belongs to them. Where a case was handed on, each of its bodies is a holder of
its own, named by its code: the day on which the case left it is still its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from liuquan.casework.types import AssignmentView, Snapshot
from liuquan.clock import shanghai_day

OFFICE, PARTY, OTHER_BODY, LAW, NOBODY = "office", "party", "other_body", "law", "nobody"
RECEIVER = "receiver"  #: of a state: the body that received the case, while another handles it
LABELS = {OFFICE: "本机关", PARTY: "当事人", OTHER_BODY: "其他机关", LAW: "依法不计", NOBODY: "已终结"}

Span = tuple[date, date, str]


def spans(snapshot: Snapshot, changes: Iterable[tuple[date, str]], until: date) -> list[Span]:
    """The stretches of a case (after, up to and including, holder) from receipt to `until`.

    `changes`: the day of each change of state and the holder of the state entered, oldest first; the first is
    the receipt.
    """
    listed = list(changes)
    found: list[Span] = []
    day = shanghai_day(snapshot.received_at)
    while day < until:
        after, day = day, day + timedelta(days=1)
        holder = _holder(snapshot, listed, day)
        if found and found[-1][2] == holder:
            found[-1] = (found[-1][0], day, holder)
        else:
            found.append((after, day, holder))
    return found


def days_by_holder(found: Iterable[Span]) -> Mapping[str, int]:
    """Calendar days by holder; they add up to the elapsed days. Refuses a gap or an overlap."""
    totals: dict[str, int] = {}
    last: date | None = None
    for begin, end, holder in found:
        if (last is not None and begin != last) or end < begin:
            raise ValueError(f"spans must follow one another: {begin} after {last}")
        totals[holder] = totals.get(holder, 0) + (end - begin).days
        last = end
    return totals


def _holder(snapshot: Snapshot, changes: list[tuple[date, str]], day: date) -> str:
    """Who held the case when this day began."""
    state = next((holder for on, holder in reversed(changes) if on < day), OFFICE)
    if state == RECEIVER:
        return snapshot.terms.body_code if len(snapshot.leads) > 1 else OFFICE
    if state != OFFICE:
        return state
    if any(s.from_on < day and (s.to_on is None or day <= s.to_on) for s in snapshot.suspensions):
        return LAW
    lead = _lead(snapshot, day)
    bodies = {
        body
        for a in snapshot.assignments
        if shanghai_day(a.opened_at) < day
        and (a.done_at is None or shanghai_day(a.done_at) >= day)
        and (body := _body(snapshot, a)) is not None
    }
    if bodies and lead not in bodies:
        return OTHER_BODY
    return lead if len(snapshot.leads) > 1 else OFFICE


def _lead(snapshot: Snapshot, day: date) -> str:
    """The body that handled the case when this day began; the first one from the receipt on."""
    leads = snapshot.leads
    if len(leads) < 2:
        return snapshot.body_code
    began = (one.body_code for one in reversed(leads) if shanghai_day(one.from_at) < day)
    return next(began, leads[0].body_code)


def _body(snapshot: Snapshot, assignment: AssignmentView) -> str | None:
    """The body in whose hands a step is or was; nothing for a step that says nothing about it."""
    if assignment.body_code:
        return assignment.body_code
    step = snapshot.step(assignment.step)
    if step is None:
        return None
    if not step.body_code and len(snapshot.leads) > 1:
        return snapshot.lead_at(assignment.opened_at)
    return step.body_code
