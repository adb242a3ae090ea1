"""Submitting with the whole way through the catalogue: item, terms, law, windows, number, case."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import office
from figures import Figure, median

ITEM = "11990100MB9901024C3990131001000"  #: 食品经营许可证核发 of the demo's pack


def counter() -> tuple[Callable[[], str], Callable[[], None]]:
    """What a clerk does: submit with everything looked up; open the same case when its terms are at hand."""
    from liuquan.applications import actions as applications
    from liuquan.casework import actions as casework
    from liuquan.casework import queries
    from liuquan.casework.types import NewCase

    clerk = office.staff(1, "ZWFW-CK1", office.WINDOW, ("submit", "accept"), of=office.BODY)
    applicant = _applicant(clerk)

    def submit() -> str:
        return applications.submit(
            item_code=ITEM,
            applicant=applicant,
            by=clerk,
            now=office.NOW,
            channel="window",
            materials=("form", "layout", "rules"),
        ).number

    known = queries.read(submit())

    def create() -> None:
        new = NewCase(
            kind="application",
            number=casework.next_number(kind="application", body_key="B", now=office.NOW),
            terms=known.terms,
            subject_version="1",
            division_path=office.PATH,
            parties={applicant: "applicant"},
            bodies=dict.fromkeys(known.bodies, "window"),
        )
        casework.create(new, by=clerk, now=office.NOW)

    return submit, create


def _applicant(clerk: Any) -> str:
    """Somebody who applies in the city of the demo's pack, which is loaded for it; their number."""
    from liuquan.kernel.home import CHECKOUT
    from liuquan.organisation.types import SYSTEM
    from liuquan.parties import actions as parties
    from liuquan.site import packs
    from liuquan.site.rehearsal import people

    packs.load_pack(CHECKOUT / "packs" / "demo", by=SYSTEM, now=office.NOW)
    one = people.person(1)
    made = parties.register_person(
        name=one.name, id_number=one.id_number, phone=one.phone, by=clerk, now=office.NOW
    )
    return str(made.number)


def measure(repetitions: int, number: int) -> Figure:
    """Submissions a second of one client, beside opening the same case when its terms are at hand."""
    submit, create = counter()
    ours, peers = [], []
    for _ in range(repetitions):
        ours.append(_rate(submit, number))
        peers.append(_rate(create, number))
    return Figure(
        "submitting, with item, terms, law and windows looked up; 1 client",
        "submissions/s",
        median(ours),
        "the engine opening the same case when its terms are known",
        median(peers),
        ours,
        peers,
    )


def _rate(act: Callable[[], object], number: int) -> float:
    begin = time.perf_counter()
    for _ in range(number):
        act()
    return number / (time.perf_counter() - begin)
