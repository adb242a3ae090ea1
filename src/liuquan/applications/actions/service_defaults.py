"""Recording that a service promise of quality or attitude was broken, which no clock can detect."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from liuquan.applications import events, promises
from liuquan.journal import actions as journal
from liuquan.journal import queries as record
from liuquan.journal.types import NewEntry
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import PROMISED, Actor, BodyView, ServicePromiseView

_SHORTEST, _LONGEST = 10, 2000
_NUMBERS = uuid.UUID("6c716c71-0000-5000-8000-70726f6d6973")  #: the name space of these entries
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('liuquan.service_default', 0))"


def record_service_default(
    *, body_code: str, aspect: str, what: str, happened_on: date, note: str, by: Actor, now: datetime
) -> uuid.UUID:
    """Record that a body broke its service promise; returns the number of the entry, which is the only
    record.

    A supervising post records it as its own finding, a post of the body itself as a public admission: the
    ground follows from who records it and cannot be chosen. `note`, the facts, stays private. Refuses: an
    unknown body (404), a post without the mandate (403), a day on which the body had made no promise, the
    same default a second time (409), a missing aspect or kind of breach, a future day, facts too short (422).

    Cites: 优化营商环境条例 第三十六条
    """
    today = moments.today(now)
    body = organisation.body(body_code, on=today)
    ground = promises.ground_for(by, body)
    if ground is None:
        raise NotAllowed(
            "您的岗位不能登记这个单位的服务违诺：由电子监察岗位认定，或者由该单位的首席代表、负责人公开承认。"
        )
    said = _read(aspect, what, happened_on, note, today)
    promise = organisation.service_promise(body.code, on=happened_on)
    if promise is None:
        raise WrongState(f"{body.name}在这一天没有公布服务承诺，不能登记违诺，请核对发生日期。")
    number = uuid.uuid5(_NUMBERS, f"{body.code}\n{aspect}\n{what}\n{happened_on}")
    entry = _entry(number, body, promise, aspect, what, ground, happened_on, said, by, now)
    with transaction.atomic(durable=True):
        sql.run(_LOCK)
        if record.is_entered(number):
            raise WrongState("这一天的同一情形已经登记过，不用再登记；情况有补充的，请写进监察材料。")
        journal.append(entry)
    return number


def _read(aspect: str, what: str, happened_on: date, note: str, today: date) -> str:
    """The facts, stripped of surrounding blanks. Refuses everything that is missing or wrong at once."""
    said, wrong = note.strip(), {}
    if aspect not in promises.WAYS:
        wrong["aspect"] = "请选择违反了哪一方面的承诺；办事时效由系统按办件记录自动认定。"
    elif what not in promises.WAYS[aspect]:
        wrong["what"] = "请选择这一方面的具体情形。"
    if happened_on > today:
        wrong["happened_on"] = "发生日期不能晚于今天。"
    if not _SHORTEST <= len(said) <= _LONGEST:
        wrong["note"] = f"请写清楚时间、地点、经过和凭据，{_SHORTEST}字以上、{_LONGEST}字以内。"
    if wrong:
        raise BadInput("还有内容需要更正，请按提示改好后再登记。", fields=wrong)
    return said


def _entry(
    number: uuid.UUID,
    body: BodyView,
    promise: ServicePromiseView,
    aspect: str,
    what: str,
    ground: str,
    happened_on: date,
    note: str,
    by: Actor,
    now: datetime,
) -> NewEntry:
    return NewEntry(
        event=events.SERVICE_DEFAULT.name,
        subject=body.code,
        body_code=by.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public={
            "body": body.name,
            "aspect": aspect,
            "aspect_label": PROMISED[aspect],
            "what": what,
            "what_label": promises.WAYS[aspect][what],
            "promise": promise.of(aspect),
            "ground": ground,
            "ground_label": promises.GROUNDS[ground],
            "happened_on": happened_on.isoformat(),
        },
        private={"staff": by.staff_id, "note": note},
        number=number,
    )
