"""A request comes in: its class, its limits, whose duty it may be, and the ticket that nobody can lose."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from liuquan.casework import actions as casework
from liuquan.casework.types import Counting, NewCase, Terms, Upload
from liuquan.clock import AfterHours, DayEnd, OfficeHours
from liuquan.hotline import texts
from liuquan.hotline.queries import catalogue, class_hints
from liuquan.hotline.suggesting import Shown
from liuquan.hotline.terms import NEEDED, ticket_terms
from liuquan.hotline.types import KIND, Identity, NewTicket, Registered, RequestClass
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, WrongState
from liuquan.kernel.sql import Statement
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor, BodyView

LONGEST, LONGEST_TITLE, LONGEST_PLACE = 20_000, 60, 200  #: characters
_KEYS = uuid.UUID("6c716c71-0000-5000-8000-686f746c696e")  #: the name space of submission keys


def register(
    new: NewTicket,
    *,
    by: Actor,
    now: datetime,
    files_given: Sequence[Upload] = (),
    submission_key: uuid.UUID | None = None,
    window: str = "",
    shown: Shown | None = None,
    with_rows: Sequence[Statement] = (),
) -> Registered:
    """Register a request as a ticket of the hotline centre; its number.

    Refuses (422, by field) a class that is none or has others below it, a text that is empty or longer than
    20,000 characters, a place outside the city, a named request without a person; (409) where the place has
    not set every limit. The same `submission_key` again gives the same ticket. `window`: a body whose
    window goes on seeing the ticket, because it answers it. `shown`: what was suggested to whoever wrote it
    down; where nobody did that for somebody else it is found now, and shown on the ticket. `with_rows`: of
    this module, written with it."""
    on = moments.today(now)
    filed = check(new, on, is_named=bool(new.requester))
    body = organisation.body(catalogue.centre(), on=on)
    case = NewCase(
        kind=KIND,
        number=casework.next_number(kind=KIND, now=now),
        terms=_terms(new, filed, body, on),
        subject_version="1",
        division_path=organisation.division_path(new.division),
        parties={new.requester: "applicant"} if new.requester else {},
        bodies={**({window: "window"} if window else {}), body.code: "lead"},
        channel="online" if by.kind == "party" else "window",
        submission_key=uuid.uuid5(_KEYS, f"{new.requester}\n{submission_key}") if submission_key else None,
        matter=_matter(new),
    )
    shown = shown or Shown.of(class_hints.meant(new.title, new.text, new.place, on=on))
    rows = [_row(new, now), _suggestion(new, shown, now), *with_rows]
    outcome = casework.create(case, by=by, now=now, files_given=files_given, with_rows=rows)
    return Registered(**vars(outcome), replayed=outcome.number != case.number)


def _terms(new: NewTicket, filed: RequestClass, body: BodyView, on: date) -> Terms:
    limits = catalogue.limits(on=on)
    if lacking := set(NEEDED) - {one.key for one in limits}:
        names = "、".join(NEEDED[key] for key in sorted(lacking))
        raise WrongState(f"本地没有设定这些时限，不能登记：{names}。请管理员补齐热线时限。")
    counting = Counting(
        region=body.code,
        hours=OfficeHours.text_in(body.hours),
        ends=DayEnd(settings.LIUQUAN_DAY_ENDS),
        after_hours=AfterHours(settings.LIUQUAN_AFTER_HOURS),
        source=settings.LIUQUAN_COUNTING_SOURCE,
    )
    return ticket_terms(
        new,
        filed,
        limits,
        body_code=body.code,
        body_name=body.name,
        counting=counting,
        warn_share=settings.LIUQUAN_YELLOW_SHARE,
    )


def _matter(new: NewTicket) -> str:
    """Heading, place and text as one, as the handlers read it."""
    said = (new.title.strip(), f"地点：{new.place.strip()}" if new.place.strip() else "", new.text.strip())
    return "\n".join(part for part in said if part)


def check(new: NewTicket, on: date, *, is_named: bool) -> RequestClass:
    """The class of a request that may be registered on this day; refuses what `register` refuses. `is_named`:
    whether somebody said who they are."""
    wrong: dict[str, str] = {}
    filed = catalogue.class_of(new.class_code, on=on)
    if filed is None or filed.is_top:
        wrong["class_code"] = "请选择归类，选到第二级。"
    if not new.text.strip():
        wrong["text"] = "请写下诉求的内容。"
    elif len(new.text) > LONGEST:
        wrong["text"] = f"诉求的内容最多{LONGEST}个字，现在是{len(new.text)}个字，其余请作为文件附上。"
    if len(new.title) > LONGEST_TITLE:
        wrong["title"] = f"标题最多{LONGEST_TITLE}个字。"
    if len(new.place) > LONGEST_PLACE:
        wrong["place"] = f"地点最多{LONGEST_PLACE}个字。"
    if not organisation.is_place(new.division):
        wrong["division"] = "请选择事情发生在本市哪里；不在本市的，请拨打当地的 12345。"
    if new.identity is not Identity.ANONYMOUS and not is_named:
        wrong["name"] = "请填写诉求人的姓名和手机号码，不愿意留的选“匿名”。"
    if wrong or filed is None:
        raise BadInput(next(iter(wrong.values())), fields=wrong)
    return filed


def _row(new: NewTicket, now: datetime) -> Statement:
    return Statement(
        """
        INSERT INTO hotline_ticket (case_id, request_kind, class_code, division, inlet,
            identity, is_urgent, about_body, may_publish, received_at, bands, is_open, returns, redone, tries,
            fixed, satisfied, confirmed)
        SELECT moved.id, %(request_kind)s, %(class_code)s, %(division)s, %(inlet)s,
            %(identity)s, %(is_urgent)s, %(about_body)s,
            %(may_publish)s, %(ticket_at)s, %(bands)s::jsonb, true, 0, 0, 0, '', '', ''
        FROM moved
        """,
        {
            "request_kind": new.request_kind.value,
            "class_code": new.class_code,
            "division": new.division,
            "inlet": new.inlet.value,
            "identity": new.identity.value,
            "is_urgent": new.is_urgent,
            "about_body": new.about_body,
            "may_publish": new.may_publish and new.identity is not Identity.CONFIDENTIAL,
            "ticket_at": now,
            "bands": json.dumps(texts.bands(f"{new.title}{new.text}{new.place}")),
        },
    )


def _suggestion(new: NewTicket, shown: Shown, now: datetime) -> Statement:
    values = {**vars(shown), "filed_code": new.class_code, "shown_at": now}
    names = ", ".join(values)
    given = ", ".join(f"%(suggestion_{name})s" for name in values)
    return Statement(
        f"INSERT INTO hotline_suggestion (case_id, {names}) SELECT moved.id, {given} FROM moved",
        {f"suggestion_{name}": value for name, value in values.items()},
    )
