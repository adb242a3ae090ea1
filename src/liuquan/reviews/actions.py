"""The only code that writes for reviews; acts on a rectification are `casework.actions.perform`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.casework.events import TEXTS_OPENED
from liuquan.casework.types import NewCase, Snapshot, Terms
from liuquan.journal import actions as record
from liuquan.journal import queries as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotVisible, WrongState
from liuquan.kernel.sql import Statement
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import SYSTEM, Actor
from liuquan.parties import queries as parties
from liuquan.reviews import events, models, queries
from liuquan.reviews.terms import LABELS, RectificationTerms, rectification_terms
from liuquan.reviews.types import KIND, Grade, LocalLimit

LONGEST: Final = 1000  #: characters of what somebody says
SERVED_BY: Final = "served_by"  #: the public value by which an entry names the body that served
_KEYS: Final = uuid.UUID("6c716c71-0000-5000-8000-726576696577")  #: the name space of submission keys


def invite(number: str, entry: str) -> bool:
    """Enter a service event of a case, by its entry, as one that can be reviewed; whether it was new. It is
    about the body that the entry names as having served, else the one that acted."""
    found = next((one for one in journal.entries_of(number) if str(one.number) == entry), None)
    if found is None:
        return False
    snapshot, on = cases.read(number), moments.today(found.effective_at)
    body = str(found.public.get(SERVED_BY) or found.body_code or snapshot.body_code)
    names = {one.code: one.name for one in organisation.bodies(on=on)}
    _, is_new = models.Service.objects.get_or_create(
        entry=found.number,
        defaults={
            "number": number,
            "kind": snapshot.kind,
            "event": found.event,
            "label": found.label,
            "body_code": body,
            "body_name": names.get(body) or snapshot.body_name,
            "happened_at": found.effective_at,
        },
    )
    return is_new


def rate(number: str, entry: str, *, grade: int, words: str, now: datetime) -> None:
    """What the holder of the slip of this case says of one of its service events; it is never changed.

    Refuses (404) an event of another case, (409) one that was reviewed, (422) no grade, a bad one without a
    word of what was bad, words that are too long."""
    service = queries.service(number, entry)
    if service is None:
        raise NotVisible("没有这项可以评价的服务，请回到进度页面重新选择。")
    said, given = words.strip(), _grade(grade, words.strip())
    try:
        with transaction.atomic(durable=True):
            new = NewEntry(
                events.GIVEN.name,
                number,
                "",
                "",
                "party",
                now,
                {"service": service.label, "grade": int(given), "grade_label": given.label},
                private={"words": said} if said else {},
            )
            models.Review.objects.create(
                service=models.Service.objects.get(entry=entry),
                entry=new.number,
                grade=int(given),
                given_at=now,
            )
            record.append(new)
    except IntegrityError:
        raise WrongState("这项服务已经评价过，评价以后不能修改。") from None


def follow(number: str, entry: str, *, by: Actor, now: datetime) -> str:
    """Open the rectification of a bad review, by its entry; its number, empty for a good one. A second time
    gives the same case. Refuses (409) where the place has not set its limits, (403) all but the system."""
    review = models.Review.objects.select_related("service").filter(entry=entry).first()
    if review is None or not Grade(review.grade).is_bad:
        return ""
    about, body = cases.read(number), review.service.body_code
    case = NewCase(
        kind=KIND,
        number=casework.next_number(kind=KIND, now=now),
        terms=_terms(review, about, moments.today(now)),
        subject_version="1",
        division_path=about.supervising_path,
        parties={about.applicant: "applicant"} if about.applicant else {},
        bodies={body: "lead"},
        channel="online",
        submission_key=uuid.uuid5(_KEYS, entry),
        matter=_words(about, entry, now),
    )
    row = Statement(
        "INSERT INTO reviews_rectification (case_id, review_id) SELECT moved.id, %(review)s FROM moved",
        {"review": review.pk},
    )
    return casework.create(case, by=by, now=now, with_rows=[row]).number


def _terms(review: models.Review, about: Snapshot, on: date) -> Terms:
    lines = queries.limits(on=on)
    if lacking := set(LABELS) - {one.key for one in lines}:
        names = "、".join(LABELS[key] for key in sorted(lacking))
        raise WrongState(f"本地没有设定{names}，差评不能立案整改。请管理员补齐。")
    own = RectificationTerms(
        body_name=review.service.body_name,
        about=about.number,
        service=review.service.label,
        grade=Grade(review.grade).label,
    )
    return rectification_terms(
        lines,
        own,
        subject_code=about.terms.subject_code,
        subject_name=about.terms.subject_name,
        body_code=review.service.body_code,
        counting=about.terms.counting,
    )


def load(lines: Iterable[LocalLimit], *, source: str) -> None:
    """Put the limits of this source in place of what it brought before."""
    with transaction.atomic(durable=True):
        models.LocalLimit.objects.filter(source=source).delete()
        models.LocalLimit.objects.bulk_create(models.LocalLimit(**vars(one), source=source) for one in lines)


def _grade(grade: int, said: str) -> Grade:
    if grade not in {int(one) for one in Grade}:
        raise BadInput("请选择满意的程度。", fields={"grade": "请选择满意的程度。"})
    if len(said) > LONGEST:
        sentence = f"最多{LONGEST}个字，现在是{len(said)}个字。"
        raise BadInput(sentence, fields={"words": sentence})
    given = Grade(grade)
    if given.is_bad and not said:
        sentence = "请写一句哪里不满意，办理单位才知道改什么。"
        raise BadInput(sentence, fields={"words": sentence})
    return given


def _words(about: Snapshot, entry: str, now: datetime) -> str:
    """What was said, for those who put it right; that it was opened is entered first."""
    public = {"act": events.GIVEN.label}
    receipt = casework.enter_reading(TEXTS_OPENED.name, about, by=SYSTEM, now=now, public=public)
    texts = record.open_private_of(about.number, receipt=receipt, erased=parties.ERASED)
    return str(texts.get(entry, {}).get("words", ""))
