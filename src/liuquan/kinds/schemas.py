"""What the API says about a case of any kind, to staff and to the holder of the slip alike; no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from ninja import Schema

from liuquan.casework.types import Material, NoticeView, Outcome, Snapshot
from liuquan.journal.types import Entry
from liuquan.kernel import moments
from liuquan.kernel.api import Count, value_at
from liuquan.kinds.queries import kind_of, post_names, titled, who


class Deadline(Schema):
    """One clock of a case. `part`: what it is about, where a key has a clock for each; `lamp`: green, yellow,
    red, or paused (not counted now)."""

    key: str = value_at("view.key")
    label: str
    step: str = value_at("view.step")
    part: str = value_at("view.part")
    state: str = value_at("view.state")
    lamp: str
    due_on: date = value_at("view.due_on")
    due_at: datetime = value_at("view.due_at")
    extended: int = value_at("view.extended")
    breached: bool = value_at("view.breached")
    count: Count = value_at("explained")


class Happened(Schema):
    """One entry of the record. `effective_at` in law, `recorded_at` when it was written; `who`: the post, or
    the party by its role, in Chinese."""

    entry: str
    event: str
    sentence: str
    effective_at: datetime
    recorded_at: datetime
    post_code: str
    who: str
    public: dict[str, Any]


class Paper(Schema):
    """One paper as issued; its file is read at `papers/{number}`, unless it was erased."""

    number: str
    kind: str
    title: str
    issued_at: datetime
    sha256: str
    short_code: str
    is_erased: bool


class Listed(Schema):
    """One material of the checklist, and whether it is there. `erased`: files nobody can open any more."""

    key: str
    name: str
    necessity: str
    received: bool
    files: list[str]
    erased: list[str]

    @staticmethod
    def resolve_erased(material: Material) -> list[str]:
        """In the order of the files."""
        return [file for file in material.files if file in material.erased]


class Condition(Schema):
    """Another field of the act, and what it must say. `operator`: is, is_not, one_of, filled."""

    field: str
    operator: str
    values: list[str]


class Field(Schema):
    """A value that an act takes; `shown_if` says when, if not always."""

    name: str
    label: str
    kind: str
    required: bool
    help: str
    shown_if: Condition | None


class Option(Schema):
    """One answer that a field offers on this case. `chosen`: selected in an empty form."""

    value: str
    label: str
    hint: str
    chosen: bool


class AskedField(Schema):
    """A value that an act asks for on this case. No `options`: it is typed. `most`: the largest number."""

    name: str = value_at("field.name")
    label: str = value_at("field.label")
    kind: str = value_at("field.kind")
    required: bool = value_at("field.required")
    help: str = value_at("field.help")
    shown_if: Condition | None = value_at("field.shown_if")
    options: list[Option]
    most: int | None


class Duty(Schema):
    """An act that waits for this post. `confirm` is the question before what cannot be undone."""

    action: str
    label: str
    fields: list[Field]
    cites: list[str]
    confirm: str
    assignment: int | None
    step_name: str
    duty: bool


class Allowed(Duty):
    """An act this post may take on the case now, with what it asks here."""

    fields: list[AskedField] = value_at("asked")  # type: ignore[assignment]  # the same with their options


class Done(Schema):
    """What an act did. `paper_trouble` says why a paper could not be issued yet; the act itself stands."""

    number: str
    state: str
    action: str
    entry: str
    effective_at: datetime
    papers: list[str]
    paper_trouble: str


def done_values(outcome: Outcome, papers: Iterable[str], trouble: str) -> dict[str, Any]:
    """The values of `Done`, with the papers that were issued right after the act."""
    return {
        "number": outcome.number,
        "state": outcome.state,
        "action": outcome.action,
        "entry": outcome.entry,
        "effective_at": outcome.effective_at,
        "papers": list(papers),
        "paper_trouble": trouble,
    }


def happened_of(snapshot: Snapshot, entries: Iterable[Entry], *, now: datetime) -> list[Happened]:
    """These entries of a case, with who acted in words."""
    kind, names = kind_of(snapshot), post_names(moments.today(now))
    return [
        Happened(
            entry=str(one.number),
            event=one.event,
            sentence=one.sentence,
            effective_at=one.effective_at,
            recorded_at=one.recorded_at,
            post_code=one.post_code,
            who=who(kind, one, names),
            public=dict(one.public),
        )
        for one in entries
    ]


def papers_of(snapshot: Snapshot, notices: Sequence[NoticeView]) -> list[Paper]:
    """The papers of a case with their titles, oldest first."""
    return [
        Paper(
            number=one.number,
            kind=one.kind,
            title=title,
            issued_at=one.issued_at,
            sha256=one.sha256,
            short_code=one.short_code,
            is_erased=one.is_erased,
        )
        for title, one in reversed(titled(snapshot, notices))
    ]
