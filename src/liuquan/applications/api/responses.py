"""What the API says about applications. Nothing here holds a name, except `File`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from ninja import Schema

from liuquan.applications.papers import PAPERS
from liuquan.applications.types import CaseFile, CasePage, Clock, Material, PublicResult, Track
from liuquan.casework.types import NoticeView, Offer, WorkItem
from liuquan.journal.types import Entry
from liuquan.kernel.api import Count, count_of


class Deadline(Schema):
    """One clock of a case. `lamp`: green, yellow, red, or paused (not counted now)."""

    key: str
    label: str
    step: str
    state: str
    lamp: str
    due_on: date
    due_at: datetime
    extended: int
    breached: bool
    count: Count


class Happened(Schema):
    """One entry of the record. `effective_at` in law, `recorded_at` when it was written."""

    entry: str
    event: str
    sentence: str
    effective_at: datetime
    recorded_at: datetime
    post_code: str
    public: dict[str, Any]


class Paper(Schema):
    """One paper as issued; its file is read at `papers/{number}`."""

    number: str
    kind: str
    title: str
    issued_at: datetime
    sha256: str
    short_code: str


class Listed(Schema):
    """One material of the checklist, and whether it is there."""

    key: str
    name: str
    necessity: str
    received: bool
    files: list[str]


class Tracked(Schema):
    """What the holder of the slip sees: state, dates, the next step, papers."""

    number: str
    item: str
    state: str
    state_label: str
    next_step: str
    received_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    outcome: str
    deadlines: list[Deadline]
    happened: list[Happened]
    papers: list[Paper]
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

    number: str
    revision: int
    item_code: str
    item: str
    body_code: str
    state: str
    state_label: str
    received_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    outcome: str
    offers: list[Allowed]
    deadlines: list[Deadline]
    happened: list[Happened]
    materials: list[Listed]
    papers: list[Paper]


class Work(Schema):
    """One line of a work list."""

    number: str
    item: str
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


def deadlines(clocks: Iterable[Clock]) -> list[Deadline]:
    """Clocks with their day-by-day explanation."""
    return [
        Deadline(
            key=c.view.key,
            label=c.label,
            step=c.view.step,
            state=c.view.state.value,
            lamp=c.lamp.value,
            due_on=c.view.due_on,
            due_at=c.view.due_at,
            extended=c.view.extended,
            breached=c.view.breached,
            count=count_of(c.explained),
        )
        for c in clocks
    ]


def tracked(found: Track) -> Tracked:
    """For the holder of the slip."""
    case = found.snapshot
    return Tracked(
        number=case.number,
        item=case.terms.subject_name,
        state=case.state,
        state_label=found.state_label,
        next_step=found.next_step,
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        decided_at=case.decided_at,
        outcome=case.outcome,
        deadlines=deadlines(found.clocks),
        happened=_happened(found.timeline),
        papers=_papers(found.notices),
        asked=_listed(found.asked),
    )


def case_of(page: CasePage) -> Case:
    """For those who handle it."""
    case = page.snapshot
    return Case(
        number=case.number,
        revision=case.revision,
        item_code=case.terms.subject_code,
        item=case.terms.subject_name,
        body_code=case.body_code,
        state=case.state,
        state_label=page.state_label,
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        decided_at=case.decided_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        offers=_allowed(page.offers),
        deadlines=deadlines(page.clocks),
        happened=_happened(page.timeline),
        materials=_listed(page.materials),
        papers=_papers(page.notices),
    )


def work_of(item: WorkItem) -> Work:
    """One line of a work list."""
    return Work(
        number=item.number,
        item=item.subject_name,
        state_label=item.state_label,
        duties=_allowed(item.duties),
        due_on=item.due_on,
        due_at=item.due_at,
        lamp=item.lamp.value,
        provisional=item.provisional,
        received_at=item.received_at,
        waits=item.waits,
    )


def result_of(found: PublicResult) -> Result:
    """A published result."""
    return Result(
        number=found.number,
        item=found.item,
        body=found.body,
        outcome=found.outcome,
        received_at=found.received_at,
        accepted_at=found.accepted_at,
        decided_at=found.decided_at,
        publicised_at=found.publicised_at,
    )


def file_of(found: CaseFile) -> File:
    """The opened file."""
    return File(
        names=dict(found.names),
        ids=dict(found.ids),
        phones=dict(found.phones),
        matter=found.matter,
        texts={entry: dict(values) for entry, values in found.texts.items()},
    )


def _happened(entries: Iterable[Entry]) -> list[Happened]:
    return [
        Happened(
            entry=str(e.number),
            event=e.event,
            sentence=e.sentence,
            effective_at=e.effective_at,
            recorded_at=e.recorded_at,
            post_code=e.post_code,
            public=dict(e.public),
        )
        for e in entries
    ]


def _papers(notices: Iterable[NoticeView]) -> list[Paper]:
    return [
        Paper(
            number=n.number,
            kind=n.kind,
            title=PAPERS[n.kind].title,
            issued_at=n.issued_at,
            sha256=n.sha256,
            short_code=n.short_code,
        )
        for n in notices
    ]


def _listed(materials: Iterable[Material]) -> list[Listed]:
    return [
        Listed(key=m.key, name=m.name, necessity=m.necessity, received=m.received, files=list(m.files))
        for m in materials
    ]


def _allowed(offers: Iterable[Offer]) -> list[Allowed]:
    return [
        Allowed(
            action=o.action,
            label=o.label,
            cites=list(o.cites),
            confirm=o.confirm,
            assignment=o.assignment,
            step_name=o.step_name,
            duty=o.duty,
            fields=[
                Field(name=f.name, label=f.label, kind=f.kind, required=f.required, help=f.help)
                for f in o.fields
            ],
        )
        for o in offers
    ]
