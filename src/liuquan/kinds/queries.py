"""Reading the register of kinds, and what it says of one case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liuquan.casework import queries as casework
from liuquan.casework.types import Material, NoticeView, Snapshot
from liuquan.journal.types import Entry
from liuquan.kinds import course
from liuquan.kinds.act_forms import controls as act_controls
from liuquan.kinds.act_forms import file_keys as act_file_keys
from liuquan.kinds.act_forms import texts as act_texts
from liuquan.kinds.act_forms import unsaid as act_unsaid
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
    moment_in_table,
    moment_text,
    post_names,
    role_label,
    stage_marks,
    who,
)

__all__ = [
    "COLOURS",
    "act_controls",
    "act_file_keys",
    "act_texts",
    "act_unsaid",
    "act_values",
    "body_of",
    "case_then",
    "clock_row",
    "event_rows",
    "given_values",
    "handed_in",
    "happened_text",
    "history_page",
    "kind",
    "kind_of",
    "kinds",
    "labels_of",
    "left_text",
    "moment_in_table",
    "moment_text",
    "outcome",
    "outcome_entry",
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


def labels_of(action: str) -> dict[str, str]:
    """What the fields of an act of any kind are called, by their names."""
    rows = [row for kind in kinds() for row in kind.procedure.rows if row.action == action]
    return {field.name: field.label for row in rows for field in row.fields}


def kind_of(snapshot: Snapshot) -> CaseKind:
    """The kind of a case."""
    return kind(snapshot.kind)


def paper_title(snapshot: Snapshot, paper: str) -> str:
    """The title of a paper of this case; its key if the kind no longer writes it."""
    found = kind_of(snapshot).paper(paper)
    return found.title_for(snapshot) if found else paper


def titled(snapshot: Snapshot, notices: Sequence[NoticeView]) -> list[tuple[str, NoticeView]]:
    """Papers of a case with their titles, newest first."""
    return [(paper_title(snapshot, one.kind), one) for one in reversed(notices)]


def progress(snapshot: Snapshot) -> list[StageRow]:
    """The stages of a case: which are done, in progress, or will not be reached."""
    return course.progress(kind_of(snapshot), snapshot)


def handed_in(snapshot: Snapshot) -> dict[str, list[Material]]:
    """The materials of a case: `came`; `lacking`, required and not here yet; `later`, allowed to follow. What
    may follow is never counted among what is lacking."""
    found = casework.materials(snapshot)
    missing = [one for one in found if not one.received]
    return {
        "came": [one for one in found if one.received],
        "lacking": [one for one in missing if one.necessity == "required"],
        "later": [one for one in missing if one.necessity == "deferrable"],
    }


def outcome(snapshot: Snapshot) -> str:
    """How a case came out, in one word; empty before."""
    return course.outcome(kind_of(snapshot), snapshot)


def outcome_entry(snapshot: Snapshot, entries: Sequence[Entry]) -> Entry | None:
    """The act that gave the outcome, among these entries of the case."""
    return course.outcome_entry(kind_of(snapshot), snapshot, entries)


def turn(snapshot: Snapshot) -> Turn | None:
    """What is to be done in the present state, for staff; nothing when the case is over."""
    return kind_of(snapshot).turns.get(snapshot.state)


def panels(asked: PanelAsked) -> list[dict[str, Any]]:
    """The parts of a page that only this kind has, each with its template and its values."""
    return course.panels(kind_of(asked.snapshot), asked)
