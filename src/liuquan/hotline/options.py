"""What the forms of a ticket offer."""

from __future__ import annotations

from typing import Final

from liuquan.casework.types import Asking, Option
from liuquan.hotline import models
from liuquan.hotline.articles import Standing, standing
from liuquan.hotline.queries import articles as knowledge
from liuquan.hotline.queries import catalogue, class_hints
from liuquan.hotline.terms import HANDLING_CLOCK, PHOTO
from liuquan.hotline.types import HANDLING, URGENT
from liuquan.organisation import queries as organisation

MOST_ARTICLES: Final = 200  #: in one list to choose from


def bodies(asking: Asking) -> list[Option]:
    """The bodies of the catalogue first, each with the reason, the first one chosen; then all others."""
    filed = models.Ticket.objects.filter(case_id=asking.snapshot.id).first()
    if filed is None:
        return []
    listed = catalogue.suggestions(filed.class_code, filed.division, on=asking.on)
    first = [Option(one.body_code, one.body_name, one.reason, chosen=not at) for at, one in enumerate(listed)]
    known = {one.body_code for one in listed} | {asking.snapshot.terms.body_code}
    others = [
        Option(one.code, one.name) for one in organisation.bodies(on=asking.on) if one.code not in known
    ]
    return [one for one in first if one.value != asking.snapshot.body_code] + [
        one for one in others if one.value != asking.snapshot.body_code
    ]


def helpers(asking: Asking) -> list[Option]:
    """Every body but the one that has the ticket and the centre."""
    mine = {asking.snapshot.body_code, asking.snapshot.terms.body_code}
    return [Option(one.code, one.name) for one in organisation.bodies(on=asking.on) if one.code not in mine]


def limits(asking: Asking) -> list[Option]:
    """The limit of what is asked, and that of what cannot wait."""
    filed = models.Ticket.objects.filter(case_id=asking.snapshot.id).first()
    if filed is None:
        return []
    kinds = [filed.request_kind, URGENT]
    chosen = URGENT if filed.is_urgent else filed.request_kind
    found = asking.snapshot.terms.limits
    return [
        Option(kind, HANDLING[kind], found[key].text, chosen=kind == chosen)
        for kind in kinds
        if (key := f"{HANDLING_CLOCK}:{kind}") in found
    ]


def classes(asking: Asking) -> list[Option]:
    """Every class below the top that is in force, with the class above it; what was suggested for this ticket
    first."""
    every = {one.code: one for one in catalogue.classes(on=asking.on)}
    shown = class_hints.shown_on(asking.snapshot.id)
    first = [code for code in (shown.class_code, shown.second_code) if code in every] if shown else []
    listed = [*first, *(one.code for one in every.values() if not one.is_top and one.code not in first)]
    return [
        Option(
            code,
            every[code].name,
            "，".join(
                filter(
                    None,
                    (
                        every[parent].name if (parent := every[code].parent) in every else "",
                        "系统建议" if code in first else "",
                    ),
                )
            ),
        )
        for code in listed
    ]


def photos(_asking: Asking) -> list[Option]:
    """What may come with a request or an answer."""
    return [Option(PHOTO, "照片或者文件")]


def articles(asking: Asking) -> list[Option]:
    """The articles that may be quoted today, those of the ticket's class first, as many as a list can hold;
    an overdue one says so."""
    filed = models.Ticket.objects.filter(case_id=asking.snapshot.id).first()
    found = knowledge.quotable(on=asking.on, class_code=filed.class_code if filed else "")
    return [
        Option(
            one.number,
            f"{one.number} {one.question}",
            one.cited if standing(one, asking.on) is Standing.CURRENT else f"{one.cited}，待复核",
        )
        for one in found[:MOST_ARTICLES]
    ]
