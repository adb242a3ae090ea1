"""Entering kinds in the register, at start-up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings

from liuquan.casework import actions as casework
from liuquan.journal import actions as journal
from liuquan.kinds.register import KINDS, problems
from liuquan.kinds.types import CaseKind
from liuquan.organisation.types import declare_acts, declare_roles

ISSUE_PAPERS = "papers.issue_papers"  #: the job that follows every act which requires a paper

TELL_PARTY = "messages.prepare"  #: the job that follows every act of which the party is told


def register(kinds: Iterable[CaseKind]) -> None:
    """Enter kinds with their procedures, roles, acts and reactions.

    Refuses, naming the line: a second kind of one name, a procedure or a paper that does not fit its kind.
    The same kinds again change nothing.
    """
    lines: dict[str, int] = {}
    for line, kind in enumerate(kinds, 1):
        try:
            if lines.setdefault(kind.key, line) != line:
                raise ValueError(f"the kind {kind.key} stands in line {lines[kind.key]} already")
            _enter(kind)
        except ValueError as refused:
            raise ValueError(f"line {line} of the kinds: {refused}") from refused


def reactions(kind: CaseKind) -> dict[str, tuple[str, ...]]:
    """Event → the jobs that follow: its papers where a row requires some, what the party is told, then what
    the kind says."""
    rows = (kind.procedure.creation, *kind.procedure.rows)
    found: dict[str, tuple[str, ...]] = {row.event: (ISSUE_PAPERS,) for row in rows if row.papers}
    for event in kind.message_templates:
        found[event] = (*found.get(event, ()), TELL_PARTY)
    for event, jobs in kind.reactions.items():
        found[event] = (*found.get(event, ()), *jobs)
    return found


def _enter(kind: CaseKind) -> None:
    kind = _numbered(kind)
    known = KINDS.get(kind.key)
    if known == kind:
        return
    if known is not None:
        raise ValueError(f"the kind {kind.key} is there twice: {known.label} and {kind.label}")
    if wrong := list(problems(kind)):
        raise ValueError(f"kind {kind.key}: " + "; ".join(wrong))
    for procedure in (*kind.earlier, kind.procedure):
        casework.register_procedure(procedure)
    declare_roles(kind.roles)
    declare_acts(kind.acts)
    journal.react(reactions(kind))
    KINDS[kind.key] = kind


def _numbered(kind: CaseKind) -> CaseKind:
    """The kind with its case numbers as the place writes them."""
    pattern = settings.LIUQUAN_NUMBER_PATTERNS.get(kind.key, kind.procedure.number_pattern)
    return replace(kind, procedure=replace(kind.procedure, number_pattern=pattern))
