"""Reading the register of kinds, and what it says of one case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liuquan.casework.types import NoticeView, Snapshot
from liuquan.kinds import course
from liuquan.kinds.act_forms import controls as act_controls
from liuquan.kinds.act_forms import values as act_values
from liuquan.kinds.act_models import body_of, given_values, party_models, staff_models
from liuquan.kinds.past import case_then
from liuquan.kinds.past_page import history_page
from liuquan.kinds.register import KINDS
from liuquan.kinds.types import CaseKind, PanelAsked, StageRow, Turn
from liuquan.kinds.words import (
    COLOURS,
    clock_row,
    event_rows,
    happened_text,
    left_text,
    moment_text,
    post_names,
    role_label,
    stage_marks,
    who,
)

__all__ = [
    "COLOURS",
    "act_controls",
    "act_values",
    "body_of",
    "case_then",
    "clock_row",
    "event_rows",
    "given_values",
    "happened_text",
    "history_page",
    "kind",
    "kind_of",
    "kinds",
    "left_text",
    "moment_text",
    "panels",
    "paper_title",
    "party_models",
    "post_names",
    "progress",
    "role_label",
    "staff_models",
    "stage_marks",
    "titled",
    "turn",
    "who",
]


def kind(key: str) -> CaseKind:
    """The kind of this name. Refuses an unknown one: every kind is entered at start-up."""
    try:
        return KINDS[key]
    except KeyError:
        raise LookupError(f"no kind {key} is registered") from None


def kinds() -> tuple[CaseKind, ...]:
    """Every kind, in the order of registration."""
    return tuple(KINDS.values())


def kind_of(snapshot: Snapshot) -> CaseKind:
    """The kind of a case."""
    return kind(snapshot.kind)


def paper_title(kind_key: str, paper: str) -> str:
    """The title of a paper of this kind of case; its key if the kind no longer writes it."""
    found = kind(kind_key).paper(paper)
    return found.title if found else paper


def titled(snapshot: Snapshot, notices: Sequence[NoticeView]) -> list[tuple[str, NoticeView]]:
    """Papers of a case with their titles, newest first."""
    return [(paper_title(snapshot.kind, one.kind), one) for one in reversed(notices)]


def progress(snapshot: Snapshot) -> list[StageRow]:
    """The stages of a case: which are done, in progress, or will not be reached."""
    return course.progress(kind_of(snapshot), snapshot)


def turn(snapshot: Snapshot) -> Turn | None:
    """What is to be done in the present state, for staff; nothing when the case is over."""
    return kind_of(snapshot).turns.get(snapshot.state)


def panels(asked: PanelAsked) -> list[dict[str, Any]]:
    """The parts of a page that only this kind has, each with its template and its values."""
    return course.panels(kind_of(asked.snapshot), asked)
