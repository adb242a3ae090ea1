"""Classes, the dispatch catalogue and the local limits: loaded from a pack, changed in pages.

A pack says how things begin; approved changes are laid over it. Loading a pack again puts its own rows in
place of those it brought before, leaves every row that came from pages, and then applies the approved changes
once more in the order in which they were approved. So what was approved holds whatever the pack says: a line
or a class that was ended stays ended, a limit that begins later follows the pack's, and where the pack itself
brings what was added in pages the pages' row stays. Taking a change back is another change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Max, Q

from liuquan.hotline import changes, models
from liuquan.hotline.actions import articles
from liuquan.hotline.changes import Change, ChangeGiven, ChangeKind, ChangeState
from liuquan.hotline.queries import governing as queries
from liuquan.hotline.types import HotlineData
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import moments, sql
from liuquan.kernel.refusals import BadInput, NotAllowed, WrongState
from liuquan.organisation.types import Actor

PAGES: Final = "pages"  #: the source of what was changed in pages
_FIRST: Final = 1001
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('liuquan.hotline_change', 0))"


def load(data: HotlineData) -> None:
    """Put the hotline of this source in place of what it brought before, and what was approved in pages over
    it; the same again changes nothing."""
    with transaction.atomic(durable=True):
        sql.run(_LOCK)
        for table in (models.RequestClass, models.CatalogueLine, models.LocalLimit, models.Centre):
            table.objects.filter(source=data.source).delete()
        models.Centre.objects.create(body_code=data.body_code, source=data.source)
        models.RequestClass.objects.bulk_create(
            (
                models.RequestClass(
                    code=one.code, name=one.name, parent=one.parent, words=list(one.words), source=data.source
                )
                for one in data.classes
            ),
            ignore_conflicts=True,
        )
        models.CatalogueLine.objects.bulk_create(
            (models.CatalogueLine(**vars(one), source=data.source) for one in data.catalogue),
            ignore_conflicts=True,
        )
        models.LocalLimit.objects.bulk_create(
            (models.LocalLimit(**vars(one), source=data.source) for one in data.limits), ignore_conflicts=True
        )
        for one in models.Change.objects.filter(state=ChangeState.APPROVED).order_by("decided_at", "id"):
            _apply(queries.change(one.number))
        articles.load(data.articles, data.source)


def propose_change(given: ChangeGiven, *, by: Actor, now: datetime) -> str:
    """Propose a change; its number. Nothing changes before a second person approves.

    Refuses (403) a post without the mandate, (422) what is missing or wrong, field by field."""
    if not queries.may_govern(by):
        raise NotAllowed("您的岗位不能提出改动，请转交热线中心的派单质检岗位。")
    on = moments.today(now)
    if wrong := changes.problems(given, queries.governing(on), on=on):
        raise BadInput("还有内容需要更正，请按提示改好后再提交。", fields=wrong)
    with transaction.atomic(durable=True):
        sql.run(_LOCK)
        last = models.Change.objects.aggregate(n=Max("id"))["n"]
        row = models.Change.objects.create(
            number=f"GZ{_FIRST + int(last or 0)}",
            kind=given.kind.value,
            values=dict(given.values),
            document=given.document,
            starts_on=given.starts_on,
            state=ChangeState.PROPOSED,
            proposed_by=by.staff_id,
            proposed_post=by.post_code,
            proposed_at=now,
        )
        _enter("change_proposed", queries.change(row.number), by, now)
    return row.number


def approve_change(number: str, *, by: Actor, now: datetime) -> None:
    """Approve a change, which holds from its day.

    Refuses (403) a post without the mandate and whoever proposed it, (409) a change that was decided, and one
    that is no longer right: its day has come, or what it is about has changed meanwhile."""
    on = moments.today(now)
    with transaction.atomic(durable=True):
        sql.run(_LOCK)
        found = _waiting(number, by)
        if wrong := changes.problems(found, queries.governing(on), on=on):
            raise WrongState(f"提出以后情况有变，不能同意：{next(iter(wrong.values()))}")
        _apply(found)
        _decide(found, ChangeState.APPROVED, by, now)


def refuse_change(number: str, reason: str, *, by: Actor, now: datetime) -> None:
    """Refuse a change, with why. Refuses as `approve_change`, and (422) a reason that is missing."""
    said = reason.strip()
    with transaction.atomic(durable=True):
        sql.run(_LOCK)
        found = _waiting(number, by)
        if not 4 <= len(said) <= 200:
            sentence = "请写明不同意的理由，四个字以上、二百字以内。"
            raise BadInput(sentence, fields={"reason": sentence})
        _decide(found, ChangeState.REFUSED, by, now, said)


def _waiting(number: str, by: Actor) -> Change:
    if not queries.may_approve(by):
        raise NotAllowed("您的岗位不能审核改动，请转交热线中心的派单质检岗位。")
    found = queries.change(number)
    if found.state is not ChangeState.PROPOSED:
        raise WrongState("这项改动已经审核过，请刷新页面核对。")
    if found.proposed_by == by.staff_id:
        raise NotAllowed("提出和审核不能是同一人，请由另一人审核。")
    return found


def _decide(one: Change, state: ChangeState, by: Actor, now: datetime, reason: str = "") -> None:
    models.Change.objects.filter(number=one.number).update(
        state=state, decided_by=by.staff_id, decided_post=by.post_code, decided_at=now, reason=reason
    )
    _enter(f"change_{state.value}", one, by, now, reason)


def _apply(one: Change) -> None:
    """Write what an approved change says; written already, nothing."""
    match one.kind:
        case ChangeKind.LINE_NEW | ChangeKind.LINE_END:
            _apply_line(one)
        case ChangeKind.LIMIT_NEW:
            said = {name: one.values[name] for name in ("amount", "unit", "extension")}
            models.LocalLimit.objects.get_or_create(
                key=one.values["key"],
                from_on=one.starts_on,
                defaults={**said, "place": one.document, "source": PAGES},
            )
        case ChangeKind.CLASS_NEW:
            said = {name: one.values[name] for name in ("name", "parent", "words")}
            models.RequestClass.objects.get_or_create(
                code=one.values["code"], defaults={**said, "from_on": one.starts_on, "source": PAGES}
            )
        case ChangeKind.CLASS_END:
            models.RequestClass.objects.filter(_still_open(one.starts_on), code=one.values["code"]).update(
                to_on=one.starts_on
            )


def _apply_line(one: Change) -> None:
    line = {name: one.values[name] for name in ("class_code", "division", "body_code")}
    if one.kind is ChangeKind.LINE_NEW:
        models.CatalogueLine.objects.get_or_create(
            **line, from_on=one.starts_on, defaults={"basis": one.document, "source": PAGES}
        )
        return
    begun = date.fromisoformat(one.values["line_from"])
    models.CatalogueLine.objects.filter(_still_open(one.starts_on), **line, from_on=begun).update(
        to_on=one.starts_on
    )


def _still_open(on: date) -> Q:
    return Q(to_on__isnull=True) | Q(to_on__gt=on)


def _enter(event: str, one: Change, by: Actor, now: datetime, reason: str = "") -> None:
    journal.append(
        NewEntry(
            event=f"hotline.{event}",
            subject=one.number,
            body_code=by.body_code,
            post_code=by.post_code,
            actor_kind=by.kind,
            effective_at=now,
            public={
                "kind": one.kind.value,
                "kind_label": one.kind.label,
                "what": queries.what(one, moments.today(now)),
                "document": one.document,
                "starts_on": one.starts_on.isoformat(),
            },
            private={"staff": by.staff_id, **({"reason": reason} if reason else {})},
        )
    )
