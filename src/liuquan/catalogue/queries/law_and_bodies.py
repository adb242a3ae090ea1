"""What the catalogue needs from law and organisation: limits in force, names of bodies and posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from liuquan.catalogue.models import SourceBody
from liuquan.catalogue.rules import PublicationContext
from liuquan.catalogue.types import ItemDraft
from liuquan.clock import Limit
from liuquan.law import LawError, load_law
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import BodyView


@dataclass(frozen=True)
class BodyLabel:
    """What a guide says of a body."""

    name: str
    phone: str = ""
    address: str = ""


def law_limit(law_id: str, *, on: date) -> Limit | None:
    """The law book's limit on this day; None for no id, an unknown one, and where none is in force."""
    if not law_id:
        return None
    try:
        return load_law().limit(law_id, on=on)
    except LawError:
        return None


def body_label(code: str, *, on: date) -> BodyLabel:
    """Name, telephone and address of a body, as the register has it this day, else as an import named it."""
    return _labels(on, {code}).get(code, BodyLabel(""))


def body_names(codes: Iterable[str], *, on: date) -> dict[str, str]:
    """The names of bodies by code; codes nobody knows are left out."""
    return {code: label.name for code, label in _labels(on, set(codes)).items()}


def _labels(on: date, codes: set[str]) -> dict[str, BodyLabel]:
    if not codes:
        return {}
    found = {
        body.code: BodyLabel(body.name, body.phone, body.address)
        for body in organisation.bodies(on=on)
        if body.code in codes
    }
    if missing := codes - set(found):
        rows = SourceBody.objects.filter(code__in=missing).values_list("code", "name")
        found.update({code: BodyLabel(name) for code, name in rows})
    return found


def registered_bodies(*, on: date) -> dict[tuple[str, str], str]:
    """Body codes by division and name (full and short), as registered on this day."""
    found: dict[tuple[str, str], str] = {}
    for body in organisation.bodies(on=on):
        for name in _names(body):
            found[body.division_code, name] = body.code
    return found


def _names(body: BodyView) -> set[str]:
    return {name for name in (body.name, body.short_name) if name}


def post_names(codes: Iterable[str], *, on: date) -> dict[str, str]:
    """The names of posts by code, as they stand on this day."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    return {post.code: post.name for post in organisation.posts(on=on) if post.code in wanted}


class Reader:
    """The law, bodies and posts that drafts are checked against on one day, read once for all drafts."""

    def __init__(self, on: date) -> None:
        self.on = on

    @cached_property
    def _bodies(self) -> frozenset[str]:
        return frozenset(body.code for body in organisation.bodies(on=self.on))

    @cached_property
    def _posts(self) -> dict[str, str]:
        return {post.code: post.body_code for post in organisation.posts(on=self.on)}

    def context_of(self, draft: ItemDraft) -> PublicationContext:
        """What the publication check of this draft needs."""
        limit = law_limit(draft.statutory_law_id, on=self.on)
        known = not draft.statutory_law_id or limit is not None
        return PublicationContext(law_limit=limit, law_known=known, bodies=self._bodies, posts=self._posts)
