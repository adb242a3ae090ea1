"""Putting a version in force, and ending an item.

Cites: 行政许可法 第三十条, 优化营商环境条例 第三十五条
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from liuquan.catalogue import events, history, rules
from liuquan.catalogue.models import ItemVersion
from liuquan.catalogue.queries import law_and_bodies
from liuquan.catalogue.queries.lists import limit_text
from liuquan.catalogue.queries.versions import draft_of, versions_of
from liuquan.catalogue.types import ItemDraft, Severity, VersionState
from liuquan.clock import shanghai_day
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel.refusals import BadInput, SomebodyWasFirst, WrongState
from liuquan.organisation.types import Actor

from . import storing
from .drafting import require


def publish(item_code: str, *, effective_on: date, by: Actor, now: datetime) -> int:
    """Put the item's draft in force from this day (Asia/Shanghai) on; gives the version's number.

    The version before it ends the day before. Refuses a draft that lacks something (the sentence names the
    first thing, `details` has all), a day in the past for anyone but the system loading a pack, and a day
    that is not after the start of the version in force.
    Cites: 行政许可法 第四条, 行政许可法 第三十条
    """
    versions = versions_of(item_code)
    version = versions[-1] if versions else None
    if version is None or version.state != VersionState.DRAFT:
        raise WrongState("这个事项没有待发布的草稿，请先起草或者调整。", code="no_draft")
    draft = draft_of(version)
    require(by, "catalogue.publish_item", item_code, draft.body_code)
    if by.kind != "system" and effective_on < shanghai_day(now):
        raise BadInput("施行日期不能早于今天，请改为今天或者以后。", fields={"effective_on": "早于今天"})
    _refuse_lacking(draft, effective_on)
    with transaction.atomic(durable=True):
        _end_before(versions[:-1], effective_on)
        moved = ItemVersion.objects.filter(
            pk=version.pk, state=VersionState.DRAFT, edited_at=version.edited_at
        )
        changed = moved.update(
            state=VersionState.PUBLISHED, validity=DateRange(effective_on, None), published_at=now
        )
        if not changed:
            raise SomebodyWasFirst("草稿刚刚被别人修改或者发布，请刷新后核对再发布。")
        storing.index_items([version.item_id])
        journal.append(_published(version, draft, effective_on, by, now))
    return version.version_no


def _refuse_lacking(draft: ItemDraft, on: date) -> None:
    lacks = rules.publication_lacks(draft, law_and_bodies.Reader(on).context_of(draft))
    refusing = [lack for lack in lacks if lack.severity is Severity.REFUSES]
    if not refusing:
        return
    first = refusing[0]
    more = f"（另有{len(refusing) - 1}处）" if len(refusing) > 1 else ""
    raise BadInput(
        f"“{draft.name}”还不能发布：{first.sentence}{more}请补正后再发布。",
        fields={lack.field: lack.sentence for lack in reversed(refusing)},
        citation=first.citation,
        code="item_lacks",
        details={"lacks": [lack.sentence for lack in refusing]},
    )


def _end_before(earlier: list[ItemVersion], effective_on: date) -> None:
    """End the version in force on the day before the new one begins."""
    for version in earlier:
        span = version.validity
        if span is None or span.isempty or (span.upper is not None and span.upper <= effective_on):
            continue
        if span.lower >= effective_on:
            raise WrongState(
                f"第{version.version_no}版自{span.lower}起施行，新版本的施行日期应当在它之后。",
                code="not_after_version_in_force",
            )
        ItemVersion.objects.filter(pk=version.pk).update(
            state=VersionState.SUPERSEDED,
            validity=DateRange(span.lower, effective_on),
            ended_reason="发布了新版本",
        )


def _published(
    version: ItemVersion, draft: ItemDraft, effective_on: date, by: Actor, now: datetime
) -> NewEntry:
    return NewEntry(
        event=events.PUBLISHED.name,
        subject=draft.item_code,
        body_code=draft.body_code,
        post_code=by.post_code,
        actor_kind=by.kind,
        effective_at=now,
        public={
            "name": draft.name,
            "version": version.version_no,
            "from_on": effective_on.isoformat(),
            "promised": limit_text(draft.promised_amount, draft.promised_unit),
            "statutory": limit_text(draft.statutory_amount, draft.statutory_unit) or "未规定",
            "bases": "、".join(basis.citation for basis in draft.bases),
            "words_sha256": history.words_hash(draft),
        },
    )


def cancel(item_code: str, *, from_on: date, reason: str, by: Actor, now: datetime) -> None:
    """End an item: from this day on nobody can apply. Cases begun before keep their terms.

    Refuses an item that is not published, a day in the past, and a missing reason.
    Cites: 行政许可法 第二十条
    """
    if not reason.strip():
        raise BadInput("请写明取消的依据或者理由。", fields={"reason": "没有填写"})
    released = [version for version in versions_of(item_code) if version.state == VersionState.PUBLISHED]
    if not released:
        raise WrongState("这个事项没有正在施行的版本，不需要取消。", code="item_not_published")
    version = released[-1]
    require(by, "catalogue.cancel_item", item_code, version.item.body_code)
    if by.kind != "system" and from_on < shanghai_day(now):
        raise BadInput("取消日期不能早于今天，请改为今天或者以后。", fields={"from_on": "早于今天"})
    ends = max(from_on, version.validity.lower)
    span = DateRange(version.validity.lower, ends) if ends > version.validity.lower else DateRange(empty=True)
    with transaction.atomic(durable=True):
        moved = ItemVersion.objects.filter(pk=version.pk, state=VersionState.PUBLISHED)
        if not moved.update(state=VersionState.CANCELLED, validity=span, ended_reason=reason.strip()[:200]):
            raise SomebodyWasFirst("别人刚刚调整或者取消了这个事项，请刷新后核对。")
        storing.index_items([version.item_id])
        journal.append(
            NewEntry(
                event=events.CANCELLED.name,
                subject=item_code,
                body_code=version.item.body_code,
                post_code=by.post_code,
                actor_kind=by.kind,
                effective_at=now,
                public={
                    "name": version.name,
                    "version": version.version_no,
                    "from_on": from_on.isoformat(),
                },
                private={"reason": reason.strip()},
            )
        )
