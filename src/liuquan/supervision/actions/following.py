"""How a finding follows its disposal: rows written in the statement of the act itself."""

from __future__ import annotations

from collections.abc import Iterable

from liuquan.casework.types import Given
from liuquan.kernel.sql import Statement
from liuquan.supervision.types import FindingState, Ruling

_STATES = {
    "ask_again": FindingState.ASKED,
    "explain": FindingState.EXPLAINED,
    "judge": FindingState.CLOSED,
    "order_correction": FindingState.CORRECTING,
    "report_correction": FindingState.CLOSED,
}
_ASKED = """
UPDATE supervision_finding f SET state = 'asked', disposal = moved.number
FROM moved WHERE f.number = %(finding_number)s
"""
_FOLLOWS = """
UPDATE supervision_finding f SET state = %(finding_state)s, settled_at = %(finding_settled_at)s::timestamptz,
    ruling = coalesce(nullif(%(finding_ruling)s, ''), f.ruling),
    ground = coalesce(nullif(%(finding_ground)s, ''), f.ground)
FROM moved WHERE f.disposal = moved.number
"""


def asked(finding: str) -> Statement:
    """The finding of this number is asked about, and names the new case. The database refuses one that was
    settled meanwhile; the case is then not opened."""
    return Statement(_ASKED, {"finding_number": finding})


def follows(action: str, given: Given) -> Iterable[Statement]:
    """What an act on a disposal changes on its finding: its state, and the verdict."""
    state, ruling, ground = _STATES[action], "", ""
    if action == "order_correction":
        ruling = Ruling.FOUNDED.value
    elif action == "judge":
        ruling, ground = str(given.data["ruling"]), str(given.data.get("ground") or "")
    yield Statement(
        _FOLLOWS,
        {
            "finding_state": state.value,
            "finding_settled_at": given.now if state is FindingState.CLOSED else None,
            "finding_ruling": ruling,
            "finding_ground": ground,
        },
    )
