"""What the API says about cases to staff. Nothing here holds a name, except `File`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from liuquan.desk.types import CasePage
from liuquan.kernel import moments
from liuquan.kernel.api import value_at
from liuquan.kinds.schemas import Allowed, Deadline, Duty, Happened, Listed, Paper, happened_of, papers_of
from liuquan.organisation.types import Actor


class Case(Schema):
    """A case as its handlers see it. `parent`, `children`: the case that opened it and those that it opened,
    as far as this post may see them."""

    number: str = value_at("snapshot.number")
    kind: str = value_at("snapshot.kind")
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
    happened: list[Happened]
    materials: list[Listed]
    papers: list[Paper]
    parent: str = value_at("family.seen_parent")
    children: list[str] = value_at("family.seen_children")

    @staticmethod
    def resolve_happened(page: CasePage) -> list[Happened]:
        """With who acted."""
        return happened_of(page.snapshot, page.timeline, now=moments.now())

    @staticmethod
    def resolve_papers(page: CasePage) -> list[Paper]:
        """With their titles."""
        return papers_of(page.snapshot, page.notices)


class Work(Schema):
    """One line of a work list."""

    number: str
    kind: str
    item: str = value_at("subject_name")
    body_code: str
    state_label: str
    duties: list[Duty]
    due_on: date | None
    due_at: datetime | None
    lamp: str
    provisional: bool
    received_at: datetime
    waits: str


class File(Schema):
    """Who stands in the case, and the free texts: reading it is an entry of its own. What was erased stands
    as 已依法清除, what was never given is missing or empty. `erased`: the parties whose data was erased."""

    names: dict[str, str]
    ids: dict[str, str]
    phones: dict[str, str]
    matter: str
    texts: dict[str, dict[str, Any]]
    erased: list[str]


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
