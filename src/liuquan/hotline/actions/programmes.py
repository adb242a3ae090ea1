"""行风热线 on air and interviews online: a programme is set up, and each question to it becomes a ticket.

A question that the guest answers in the programme is closed with that answer; the others go on as every
ticket does."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction

from liuquan.casework import actions as casework
from liuquan.casework import queries as cases
from liuquan.hotline import events, models
from liuquan.hotline.actions.calls import entry
from liuquan.hotline.actions.openings import may_register
from liuquan.hotline.actions.registering import register
from liuquan.hotline.programmes import ProgrammeGiven, ProgrammeKind, QuestionGiven
from liuquan.hotline.queries import calls, catalogue, programmes
from liuquan.hotline.types import Identity, Inlet, NewTicket
from liuquan.journal import actions as journal
from liuquan.kernel import moments
from liuquan.kernel.refusals import BadInput, NotAllowed
from liuquan.kernel.sql import Statement
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor
from liuquan.parties import actions as parties

LONGEST: Final = 60  #: characters of a title and a name
SHORTEST_REPLY: Final = 4


def plan_programme(given: ProgrammeGiven, *, by: Actor, now: datetime) -> str:
    """Set a programme up; its number. Refuses (403) outsiders, (422, by field) a body that is none on the
    day, what is missing or too long, and a programme that is there already."""
    calls.check_centre(by)
    wrong: dict[str, str] = {}
    for name, said, label in (("title", given.title, "节目名称"), ("guest", given.guest, "上线负责人")):
        if not said.strip() or len(said.strip()) > LONGEST:
            wrong[name] = f"请填写{label}，最多{LONGEST}个字。"
    if len(given.presenter.strip()) > LONGEST:
        wrong["presenter"] = f"主持人最多{LONGEST}个字。"
    if given.body_code not in {one.code for one in organisation.bodies(on=given.airs_on)}:
        wrong["body_code"] = "请选择节目当天在的上线单位。"
    if wrong:
        raise BadInput(next(iter(wrong.values())), fields=wrong)
    try:
        with transaction.atomic(durable=True):
            row = models.Programme.objects.create(
                kind=given.kind.value,
                title=given.title.strip(),
                airs_on=given.airs_on,
                body_code=given.body_code,
                guest=given.guest.strip(),
                presenter=given.presenter.strip(),
                made_by=by.staff_id,
                made_at=now,
            )
            public: dict[str, object] = {"kind_label": given.kind.label, "body": given.body_code}
            journal.append(entry(events.PROGRAMME_PLANNED.name, str(row.number), public, by, now))
    except IntegrityError:
        sentence = "这一天已经有同名的节目，请从列表打开。"
        raise BadInput(sentence, fields={"title": sentence}) from None
    return str(row.number)


def take_question(
    number: str,
    given: QuestionGiven,
    *,
    by: Actor,
    now: datetime,
    submission_key: uuid.UUID | None = None,
) -> str:
    """Register a question to this programme, answered in it or not; the number of its ticket. The same
    `submission_key` again is the same question.

    Refuses (403) who may not register, (404) a programme that is none, (422, by field) what `register`
    refuses, an answer that is too short, and one that was given before the day of the programme."""
    calls.check_centre(by)
    if not may_register(by):
        raise NotAllowed("您的岗位不登记诉求，请转热线接线岗位。")
    programme, reply = programmes.row_of(number), given.reply.strip()
    _check_reply(reply, programme, now)
    requester = _requester(given, by, now)
    new = NewTicket(
        request_kind=given.request_kind,
        class_code=given.class_code,
        text=given.text,
        inlet=Inlet.PROGRAMME,
        division=given.division or by.division_code,
        identity=Identity.OPEN if requester else Identity.ANONYMOUS,
        requester=requester,
    )
    made = register(
        new, by=by, now=now, submission_key=submission_key, with_rows=[question_row(number, bool(reply))]
    ).number
    if reply and cases.read(made).state == "registered":
        casework.perform(made, "answer_now", by=by, now=now, data={"reply": _on_air(programme, reply)})
    return made


def _check_reply(reply: str, programme: models.Programme, now: datetime) -> None:
    sentence = ""
    if reply and len(reply) < SHORTEST_REPLY:
        sentence = f"请写下节目里怎么答复的，至少{SHORTEST_REPLY}个字；没有答复的不要填。"
    elif reply and moments.today(now) < programme.airs_on:
        sentence = "节目还没有播出，不能记当场答复；请留空，播出以后再记。"
    if sentence:
        raise BadInput(sentence, fields={"reply": sentence})


def question_row(programme: str, on_air: bool) -> Statement:
    """The row that makes a new ticket one of the programme's with this number."""
    return Statement(
        "INSERT INTO hotline_programme_question (case_id, programme_id, on_air) "
        "SELECT moved.id, p.id, %(on_air)s FROM moved, hotline_programme p "
        "WHERE p.number = %(programme)s::uuid",
        {"programme": programme, "on_air": on_air},
    )


def _requester(given: QuestionGiven, by: Actor, now: datetime) -> str:
    """Who asks, where they said so; nobody has to."""
    name, phone = given.name.strip(), given.phone.strip()
    if not name and not phone:
        return ""
    if not name:
        raise BadInput("请填写姓名，或者把手机号码也留空。", fields={"name": "请填写姓名。"})
    return str(parties.register_caller(name=name, phone=phone, by=by, now=now).number)


def _on_air(programme: models.Programme, reply: str) -> str:
    body = organisation.body(programme.body_code, on=programme.airs_on).name
    kind = ProgrammeKind(programme.kind).label
    return f"{body}{programme.guest}在{programme.airs_on:%Y-%m-%d}的{kind}“{programme.title}”里答复：{reply}"


def city_of_centre(on: date) -> str:
    """The division that the centre answers for."""
    return organisation.body(catalogue.centre(), on=on).division_code
