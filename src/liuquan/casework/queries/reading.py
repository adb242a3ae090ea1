"""One case, and who may see it or works on it."""

from __future__ import annotations

from typing import Final

from liuquan.casework import registry, rules, snapshots
from liuquan.casework.types import (
    Procedure,
    Snapshot,
    Transition,
)
from liuquan.clock import (
    Calendar,
)
from liuquan.kernel import sql
from liuquan.kernel.refusals import NotAllowed, NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor, declare_acts

EXAMINE: Final = "casework.examine"
"""The act of a supervising mandate that opens the files of cases, as mandates name it."""
declare_acts({EXAMINE: "查阅案卷"})
_UNKNOWN = "没有找到这个编号，请核对后再试。"


def read(number: str) -> Snapshot:
    """The case as one query reads it, for the engine and verticals' own checks. Refuses an unknown number."""
    rows = sql.run_prepared(snapshots.READ, {"number": number})
    if not rows:
        raise NotVisible(_UNKNOWN)
    return snapshots.snapshot(rows[0])


def visible(number: str, *, by: Actor) -> Snapshot:
    """The case if this actor may see it; an invisible case answers as an unknown one (404)."""
    snapshot = read(number)
    if not can_see(snapshot, by):
        raise NotVisible(_UNKNOWN)
    return snapshot


def can_see(snapshot: Snapshot, by: Actor) -> bool:
    """Whether this actor may see the case; a party sees it from when it joins until it leaves."""
    if by.kind == "system":
        return True
    if by.kind == "party":
        return by.party_number in snapshot.parties
    if by.kind == "staff":
        return by.body_code in snapshot.bodies or by.supervises(snapshot.supervising_path)
    return False


def is_handler(snapshot: Snapshot, by: Actor) -> bool:
    """Whether this actor works on the case: its post is mandated for an act of the procedure on the item, has
    or had a step of the case, or examines it under a supervising mandate. Being able to see it is not enough.

    Cites: 个人信息保护法 第六条
    """
    if by.kind != "staff" or not can_see(snapshot, by):
        return False
    acts = {snapshot.act(row.action) for row in procedure_of(snapshot).rows}
    mandated = any(
        term.body_code in (snapshot.body_code, snapshot.terms.body_code)
        and term.names(snapshot.terms.subject_code)
        and not acts.isdisjoint(term.actions)
        for term in by.mandates
    )
    assigned = by.post_code in {a.post_code for a in snapshot.assignments}
    return mandated or assigned or is_examining(snapshot, by)


def check_handler(snapshot: Snapshot, by: Actor) -> None:
    """Refuse (403) an actor who may see the case but does not work on it. Cites: 个人信息保护法 第六条"""
    if not is_handler(snapshot, by):
        raise NotAllowed(
            "案卷里的个人信息只向承办岗位和电子监察岗位开放，您可以查看办理过程；确需查阅的，请商承办岗位。",
            citation="个人信息保护法 第六条",
        )


def are_parties_kept_from(snapshot: Snapshot, by: Actor) -> bool:
    """Whether this actor may not learn who the parties are, though it handles the case. Whoever examines it
    under a supervising mandate may. Cites: 信访工作条例 第三十条, 个人信息保护法 第六条"""
    rule = procedure_of(snapshot).keeps_parties_from
    if rule is None or by.kind != "staff" or is_examining(snapshot, by):
        return False
    return rule(snapshot, by.body_code)


def is_examining(snapshot: Snapshot, by: Actor) -> bool:
    """Whether this actor examines the case under a supervising mandate."""
    return by.may_supervise(EXAMINE, snapshot.supervising_path)


def procedure_of(snapshot: Snapshot) -> Procedure:
    """The procedure the case was begun under."""
    return registry.procedure(snapshot.kind, snapshot.procedure_version)


def row_of(snapshot: Snapshot, action: str) -> Transition:
    """The row of an act in the procedure of the case. Refuses (400) one that it does not know."""
    return rules.row_of(procedure_of(snapshot), action)


def calendar_of(snapshot: Snapshot) -> Calendar:
    """The working days by which this case counts: those of the region in its terms, as now known."""
    return organisation.calendar_if_version(snapshot.calendar_version, snapshot.terms.counting.region)
