"""What the API says about applications. Nothing here holds a name, except `File`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from liuquan.applications.papers import PAPERS
from liuquan.casework.types import NoticeView
from liuquan.journal.types import Entry
from liuquan.kernel.api import Count, value_at
from liuquan.organisation.types import Actor


class Deadline(Schema):
    """One clock of a case. `lamp`: green, yellow, red, or paused (not counted now)."""

    key: str = value_at("view.key")
    label: str
    step: str = value_at("view.step")
    state: str = value_at("view.state")
    lamp: str
    due_on: date = value_at("view.due_on")
    due_at: datetime = value_at("view.due_at")
    extended: int = value_at("view.extended")
    breached: bool = value_at("view.breached")
    count: Count = value_at("explained")


class Happened(Schema):
    """One entry of the record. `effective_at` in law, `recorded_at` when it was written."""

    entry: str
    event: str
    sentence: str
    effective_at: datetime
    recorded_at: datetime
    post_code: str
    public: dict[str, Any]

    @staticmethod
    def resolve_entry(entry: Entry) -> str:
        """Its number."""
        return str(entry.number)


class Paper(Schema):
    """One paper as issued; its file is read at `papers/{number}`."""

    number: str
    kind: str
    title: str
    issued_at: datetime
    sha256: str
    short_code: str

    @staticmethod
    def resolve_title(notice: NoticeView) -> str:
        """What stands at its head."""
        return PAPERS[notice.kind].title


class Listed(Schema):
    """One material of the checklist, and whether it is there."""

    key: str
    name: str
    necessity: str
    received: bool
    files: list[str]


class Tracked(Schema):
    """What the holder of the slip sees: state, dates, the next step, papers."""

    number: str = value_at("snapshot.number")
    item: str = value_at("snapshot.terms.subject_name")
    state: str = value_at("snapshot.state")
    state_label: str
    next_step: str
    received_at: datetime = value_at("snapshot.received_at")
    accepted_at: datetime | None = value_at("snapshot.accepted_at")
    decided_at: datetime | None = value_at("snapshot.decided_at")
    outcome: str = value_at("snapshot.outcome")
    deadlines: list[Deadline] = value_at("clocks")
    happened: list[Happened] = value_at("timeline")
    papers: list[Paper] = value_at("notices")
    asked: list[Listed]


class Field(Schema):
    """A value that an act takes."""

    name: str
    label: str
    kind: str
    required: bool
    help: str


class Allowed(Schema):
    """An act this post may take on the case now. `confirm` is the question before what cannot be undone."""

    action: str
    label: str
    fields: list[Field]
    cites: list[str]
    confirm: str
    assignment: int | None
    step_name: str
    duty: bool


class Case(Schema):
    """A case as its handlers see it."""

    number: str = value_at("snapshot.number")
    revision: int = value_at("snapshot.revision")
    item_code: str = value_at("snapshot.terms.subject_code")
    item: str = value_at("snapshot.terms.subject_name")
    body_code: str = value_at("snapshot.body_code")
    state: str = value_at("snapshot.state")
    state_label: str
    received_at: datetime = value_at("snapshot.received_at")
    accepted_at: datetime | None = value_at("snapshot.accepted_at")
    decided_at: datetime | None = value_at("snapshot.decided_at")
    closed_at: datetime | None = value_at("snapshot.closed_at")
    outcome: str = value_at("snapshot.outcome")
    offers: list[Allowed]
    deadlines: list[Deadline] = value_at("clocks")
    happened: list[Happened] = value_at("timeline")
    materials: list[Listed]
    papers: list[Paper] = value_at("notices")


class Work(Schema):
    """One line of a work list."""

    number: str
    item: str = value_at("subject_name")
    state_label: str
    duties: list[Allowed]
    due_on: date | None
    due_at: datetime | None
    lamp: str
    provisional: bool
    received_at: datetime
    waits: str


class Done(Schema):
    """What an act did. `paper_trouble` says why a paper could not be issued yet; the act itself stands."""

    number: str
    state: str
    action: str
    entry: str
    effective_at: datetime
    papers: list[str]
    paper_trouble: str


class Submitted(Done):
    """A received application; `query_code` is what its holder follows it with."""

    query_code: str


class Result(Schema):
    """A published result, without names (GUIDE-09)."""

    number: str
    item: str
    body: str
    outcome: str
    received_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    publicised_at: datetime


class File(Schema):
    """Who stands in the case, and the free texts: reading it is an entry of its own."""

    names: dict[str, str]
    ids: dict[str, str]
    phones: dict[str, str]
    matter: str
    texts: dict[str, dict[str, Any]]


class Me(Schema):
    """Who is acting, in which post."""

    name: str
    post_code: str
    post_name: str
    body_code: str
    roles: list[str]
    acting_for: str
    other_posts: list[str]

    @staticmethod
    def resolve_roles(by: Actor) -> list[str]:
        """In one order, whoever asks."""
        return sorted(by.roles)
