"""Questions at the windows of the hall, answered from the same knowledge base as the hotline's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import models
from liuquan.hotline.actions.registering import register
from liuquan.hotline.queries import articles, catalogue
from liuquan.hotline.types import Identity, Inlet, NewTicket, RequestKind
from liuquan.journal import actions as journal
from liuquan.journal import queries as record
from liuquan.journal.types import NewEntry
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties

_ENTRIES: Final = uuid.UUID("6c716c71-0000-5000-8000-636f6e73756c")  #: the name space of counted questions
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('liuquan.hotline_consultation', 0))"
#: what becomes of a question at a window
COUNT, TICKET, PASS = "count", "ticket", "pass"
WAYS: Final = {
    COUNT: "已答复，只计数",
    TICKET: "已答复，留工单",
    PASS: "答不了，转热线中心",
}


@dataclass(frozen=True)
class Consultation:
    """A question at a window. `article`: what was quoted. `name`, `phone`: of whoever wants the hotline's
    answer."""

    way: str
    article: str = ""
    class_code: str = ""
    question: str = ""
    reply: str = ""
    name: str = ""
    phone: str = ""


def consult(given: Consultation, *, by: Actor, now: datetime, submission_key: uuid.UUID | None = None) -> str:
    """Record a question that was asked at a window: count it, keep it as a ticket answered at once, or hand
    it to the hotline centre as a ticket that waits for its dispatch. The number of the ticket; empty where it
    is only counted.

    Refuses (403) a post without the mandate; (422, by field) an article that may not be quoted today, an
    answer from no article, a ticket without the question, a question passed on without who asks.
    The same `submission_key` again is the same question."""
    if not by.may(articles.CONSULT, "", catalogue.centre()):
        raise NotAllowed("您的岗位不能登记窗口咨询，请由综合窗口的岗位登记。")
    quoted = _checked(given, now)
    entry = uuid.uuid5(_ENTRIES, str(submission_key)) if submission_key else uuid.uuid4()
    number = "" if given.way == COUNT else _ticket(given, by, now, submission_key)
    with transaction.atomic(durable=True):
        sql.run(_LOCK)
        counted = number and models.Consultation.objects.filter(ticket=number).exists()
        if counted or record.is_entered(entry):
            return number  # sent twice
        models.Consultation.objects.create(
            at=now,
            body_code=by.body_code,
            post_code=by.post_code,
            class_code=given.class_code,
            article=quoted["number"] if quoted else "",
            version=quoted["version"] if quoted else None,
            ticket=number,
        )
        if quoted and not number:
            journal.append(_counted(given, quoted, entry, by, now))
    return number


def _checked(given: Consultation, now: datetime) -> dict[str, str | int] | None:
    """The article to be quoted, if there is one."""
    on, wrong = moments.today(now), {}
    found = articles.quoted(given.article, on=on) if given.article and given.way != PASS else None
    filed = catalogue.class_of(given.class_code, on=on)
    if given.way not in WAYS:
        wrong["way"] = "请选择怎样记录这次咨询。"
    elif given.way != PASS and found is None:
        wrong["article"] = "请选择引用的知识条目；知识库里没有的，请转热线中心。"
    elif found and found["refused"]:
        wrong["article"] = found["refused"]
    if filed is None or filed.is_top:
        wrong["class_code"] = "请选择归类，选到第二级。"
    if given.way in (TICKET, PASS) and not given.question.strip():
        wrong["question"] = "请写下问的是什么。"
    if given.way == TICKET and not given.reply.strip():
        wrong["reply"] = "请写下答复的内容。"
    if given.way == PASS and not (given.name.strip() and given.phone.strip()):
        wrong["name"] = "请填写姓名和手机号码，热线中心好答复；不愿意留的请本人拨打 12345。"
    if wrong:
        raise BadInput(next(iter(wrong.values())), fields=wrong)
    return found


def _ticket(given: Consultation, by: Actor, now: datetime, key: uuid.UUID | None) -> str:
    requester = ""
    if given.way == PASS:
        caller = parties.register_caller(name=given.name.strip(), phone=given.phone.strip(), by=by, now=now)
        requester = str(caller.number)
    new = NewTicket(
        request_kind=RequestKind.CONSULT,
        class_code=given.class_code,
        text=given.question,
        inlet=Inlet.WINDOW,
        division=by.division_code,
        identity=Identity.OPEN if requester else Identity.ANONYMOUS,
        requester=requester,
    )
    window = by.body_code if given.way == TICKET else ""
    number = register(new, by=by, now=now, submission_key=key, window=window).number
    if given.way == TICKET and cases.read(number).state == "registered":
        data = {"reply": given.reply.strip(), "article": given.article}
        casework.perform(number, "answer_now", by=by, now=now, data=data)
    return number


def _counted(
    given: Consultation, quoted: dict[str, str | int], entry: uuid.UUID, by: Actor, now: datetime
) -> NewEntry:
    return NewEntry(
        event="hotline.consulted",
        subject=str(quoted["number"]),
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public={
            "version": quoted["version"],
            "class_code": given.class_code,
            "article_source": quoted["source"],
        },
        private={"staff": by.staff_id},
        number=entry,
    )
