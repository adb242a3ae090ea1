"""Submitting an application: the item's terms, the windows that may accept, the case with its materials."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings

from liuquan.applications.rules import own_key
from liuquan.applications.terms import case_terms
from liuquan.applications.types import Received
from liuquan.casework import actions as casework
from liuquan.casework.types import Counting, NewCase, Terms, Upload
from liuquan.catalogue import queries as catalogue
from liuquan.catalogue.types import ItemTerms
from liuquan.clock import AfterHours, DayEnd, OfficeHours
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput
from liuquan.kernel.sql import Statement
from liuquan.law import load_law
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor, BodyView


def submit(
    *,
    item_code: str,
    applicant: str,
    by: Actor,
    now: datetime,
    channel: str,
    agent: str = "",
    materials: Sequence[str] = (),
    files_given: Sequence[Upload] = (),
    matter: str = "",
    submission_key: uuid.UUID | None = None,
    received_at: datetime | None = None,
) -> Received:
    """Receive an application, even an incomplete one: the one-time notice then names what is missing.

    `applicant`, `agent`: party numbers. `materials`: keys ticked at the window. Refuses an item that is not
    published, cancelled or not yet in force on the day of receipt, files whose content does not match their
    name, and materials outside the item's list. The same `submission_key` again, for the same applicant and
    item, gives the same case (`replayed`); for another applicant or item it counts as a different key.

    Cites: 行政许可法 第二十九条, 第三十一条, 电子签名法 第十一条
    """
    received = received_at or now
    item = catalogue.terms(item_code, on=moments.today(received))
    _refuse_strange_materials(item, materials, files_given)
    key = own_key(submission_key, applicant, item_code)
    roles = {applicant: "applicant"} | ({agent: "agent"} if agent else {})
    new = _new_case(item, roles, by=by, channel=channel, received=received, key=key, matter=matter)
    outcome = casework.create(
        new,
        by=by,
        now=now,
        data={"materials": list(materials)},
        files_given=files_given,
        with_rows=[_application_row(item)],
    )
    return Received(**vars(outcome), replayed=outcome.number != new.number)


def _new_case(
    item: ItemTerms,
    roles: Mapping[str, str],
    *,
    by: Actor,
    channel: str,
    received: datetime,
    key: uuid.UUID | None,
    matter: str,
) -> NewCase:
    """The case as of the day of receipt. `roles`: by party number."""
    on = moments.today(received)
    body = organisation.body(item.body_code, on=on)
    at_home = body.division_code == item.division_code
    terms = _terms(item, body, on)
    number = casework.next_number(kind="application", body_key=body.key, now=received)
    return NewCase(
        kind="application",
        number=number,
        terms=terms,
        subject_version=str(item.version_id),
        division_path=body.division_path if at_home else organisation.division_path(item.division_code),
        parties=roles,
        bodies=_bodies(terms, by, on),
        channel=channel,
        received_at=received,
        submission_key=key,
        matter=matter,
    )


def _terms(item: ItemTerms, body: BodyView, on: date) -> Terms:
    counting = Counting(
        region=item.body_code,
        hours=OfficeHours.text_in(body.hours),
        ends=DayEnd(settings.LIUQUAN_DAY_ENDS),
        after_hours=AfterHours(settings.LIUQUAN_AFTER_HOURS),
        source=settings.LIUQUAN_COUNTING_SOURCE,
    )
    return case_terms(
        item,
        load_law(),
        on=on,
        body_of_post={post.code: post.body_code for post in organisation.posts(on=on)},
        body_key=body.key,
        warn_share=settings.LIUQUAN_YELLOW_SHARE,
        counting=counting,
    )


def _bodies(terms: Terms, by: Actor, on: date) -> dict[str, str]:
    """The bodies that see and handle the case: the lead body, those asked for an opinion, and the windows
    that may accept for it."""
    lead = terms.body_code
    windows = organisation.mandated_bodies(
        on=on, body_code=lead, item_code=terms.subject_code, action="application.accept"
    )
    mine = {by.body_code} if by.kind == "staff" and by.body_code else set()
    return {
        **dict.fromkeys(windows | mine, "window"),
        **{s.body_code: "cooperating" for s in terms.steps},
        lead: "lead",
    }


def _refuse_strange_materials(
    item: ItemTerms, materials: Iterable[str], files_given: Iterable[Upload]
) -> None:
    known = {m.key for m in item.materials}
    strange = {*materials, *(given.material for given in files_given)} - known
    if strange:
        raise BadInput(
            "提交的材料不在本事项的材料清单内，请按清单重新选择。",
            citation="行政许可法 第三十一条",
            fields={"materials": "清单中没有这项材料。"},
        )


def _application_row(item: ItemTerms) -> Statement:
    return Statement(
        """
        INSERT INTO applications_application (case_id, item_code, item_version)
        SELECT moved.id, %(item_code)s, %(item_version)s FROM moved
        """,
        {"item_code": item.item_code, "item_version": item.version_id},
    )
