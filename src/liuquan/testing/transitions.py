"""Who may take which act in which state: beside each module with a case kind a table by every role.

`<module>/tests/transitions.csv`: kind, action and the state it is tried in (none for opening a case); then a
column a role with `yes` or the status of the refusal: 403 not allowed, 404 not visible, 409 not in this
state.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache

from liuquan.casework import queries as casework
from liuquan.kernel.refusals import Refusal
from liuquan.organisation.types import Actor
from liuquan.testing.cases import Cases, Kind, kinds
from liuquan.testing.city import undone
from liuquan.testing.modules import PACKAGE, beside
from liuquan.testing.role_classes import IN_PROCEDURES, actor

NAME = "transitions.csv"
KEYS = ("kind", "action", "state")
Key = tuple[str, str, str]
Row = dict[str, str]


@cache
def table() -> dict[Key, Row]:
    """Every row of every table by kind, action and state."""
    found: dict[Key, Row] = {}
    for path in beside(NAME).values():
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines(), strict=True):
            key = (row["kind"], row["action"], row["state"])
            if key in found:
                raise ValueError(f"{path} says twice what holds for {key}")
            found[key] = row
    return found


def outcome(act: Callable[[], object]) -> str:
    """What happens, undone afterwards: `yes` or the status of the refusal."""
    try:
        with undone():
            act()
    except Refusal as refusal:
        return str(refusal.status)
    return "yes"


def wrong_in(cases: Cases, kind: Kind, state: str, number: str, stand_ins: dict[str, str]) -> list[str]:
    """What may be done in a state otherwise than the table says. Where a row does not begin in the state, all
    who may take it elsewhere are kept out by the state, or do not see the case yet. `stand_ins`: role →
    another member of its class; none for the tried roles themselves."""
    found, case = [], casework.read(number)
    for row in kind.procedure.rows:
        said = table().get((kind.procedure.kind, row.action, state))
        for role in IN_PROCEDURES if said else allowed_elsewhere(kind, row.action):
            if stand_ins and role not in stand_ins:
                continue
            by = actor(cases.cast, stand_ins.get(role, role))
            happened = tried(cases, kind, row.action, number, by)
            wanted = said[role] if said else "409" if casework.can_see(case, by) else "404"
            if happened != wanted:
                who = stand_ins.get(role, role)
                found.append(f"{row.action} in {state} by {who}: {happened}, the table says {wanted}")
    return found


def tried(cases: Cases, kind: Kind, action: str, number: str, by: Actor) -> str:
    """What happens when this actor takes this act, undone afterwards."""
    return outcome(lambda: kind.act(cases.cast, action, number, by))


def allowed_elsewhere(kind: Kind, action: str) -> list[str]:
    """Who may take the act in some state: in any other, the state is what bars them."""
    rows = [row for key, row in table().items() if key[:2] == (kind.procedure.kind, action)]
    return [role for role in IN_PROCEDURES if any(row[role] == "yes" for row in rows)]


def gaps() -> list[str]:
    """What is missing in the tables or too much, with what to do."""
    there: dict[Key, str] = {}
    for key, (module, kind) in kinds().items():
        there[key, kind.procedure.creation.action, ""] = module
        there |= {(key, row.action, state): module for row in kind.procedure.rows for state in row.sources}
    unlike = [path for path in beside(NAME).values() if _columns(path.read_text()) != (*KEYS, *IN_PROCEDURES)]
    empty = [key for key, row in table().items() if any(not row[role] for role in IN_PROCEDURES)]
    return [
        *(f"{path}: the first line must be {','.join((*KEYS, *IN_PROCEDURES))}" for path in unlike),
        *(
            f"add to {_path(module)} a line {','.join(key)}, with who may ({','.join(IN_PROCEDURES)})"
            for key, module in there.items()
            if key not in table()
        ),
        *(f"take out, no procedure has it: {','.join(key)}" for key in table() if key not in there),
        *(f"say for every role yes, 403, 404 or 409: {','.join(key)}" for key in empty),
    ]


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines()[0].split(","))


def _path(module: str) -> str:
    return str((PACKAGE / module / "tests" / NAME).relative_to(PACKAGE.parents[1]))
