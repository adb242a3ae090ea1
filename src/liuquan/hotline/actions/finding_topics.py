"""Hot topics of the last days, found by a job and kept, so that their page opens no text.

The machine reads the texts under one entry, made first, and keeps only words and places that most tickets of
a topic share; a topic has tickets of at least `LEAST` people. Reports are left out.

Cites: 个人信息保护法 第六条"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from liuquan.casework import actions as casework
from liuquan.hotline import models
from liuquan.hotline.actions.learning import TEXTS, message_of
from liuquan.hotline.queries import hot_topics as kept
from liuquan.hotline.queries.sight import check_watches
from liuquan.kernel import jobs, moments
from liuquan.kernel.refusals import BadInput
from liuquan.organisation.types import Actor

if TYPE_CHECKING:
    from liuquan.hotline.analysis import Topic

JOB: Final = "hotline.find_topics"
LEAST: Final = 3  #: people who wrote of a topic, and tickets of it in the last days
TOP: Final = 20  #: topics that are kept
MOST: Final = 50_000  #: tickets that are read, the newest
KEPT: Final = timedelta(days=90)  #: searches
_NIGHTLY: Final = 7
_LOOKED_AT: Final = 200  #: topics of both spans, from which those of the last days are taken
_LONGEST_PLACE: Final = 80


def ask_topics(days: int, *, by: Actor, now: datetime) -> int:
    """Have the topics of the last days found anew; the key of the search. One that is on its way already is
    the same. Refuses (403) who neither supervises nor dispatches, (422) another number of days."""
    check_watches(by)
    if days not in kept.SPANS:
        sentence = "请选择近几天：" + "、".join(kept.SPANS.values()) + "。"
        raise BadInput(sentence, fields={"days": sentence})
    with transaction.atomic(durable=True):
        waiting = kept.on_its_way(days, now=now)
        if waiting is not None:
            return waiting.pk
        row = models.TopicSearch.objects.create(
            days=days, state="asked", asked_at=now, asked_post=by.post_code
        )
        jobs.defer(JOB, search=row.pk)
    return row.pk


def find_topics(search: int, *, now: datetime) -> None:
    """Find them. A search that is done, or gone, stays as it is."""
    row = models.TopicSearch.objects.filter(pk=search, state__in=["asked", "running"]).first()
    if row is None:
        return
    models.TopicSearch.objects.filter(pk=search).update(state="running")
    try:
        found, read = _found(row.days, now)
    except ModuleNotFoundError:
        sentence = "没有安装分析用的软件包，请管理员安装 liuquan[analysis] 后再算。"
        models.TopicSearch.objects.filter(pk=search).update(state="failed", reason=sentence, done_at=now)
        return
    _keep(row, found, read, now)


def find_nightly(*, now: datetime) -> None:
    """The same each night, without being asked; searches of long ago go."""
    models.TopicSearch.objects.filter(asked_at__lt=now - KEPT).delete()
    row = models.TopicSearch.objects.create(days=_NIGHTLY, state="asked", asked_at=now)
    find_topics(row.pk, now=now)


@dataclass(frozen=True)
class _Recent:
    """A topic with those of its tickets that came in the last days, and how many people wrote them."""

    topic: Topic
    numbers: tuple[str, ...]
    people: int


def _found(days: int, now: datetime) -> tuple[list[_Recent], dict[str, kept.Source]]:
    from liuquan.hotline.analysis import hot_topics

    since = now - timedelta(days=days)
    read = {one.number: one for one in kept.sources(since=since - timedelta(days=days), now=now, most=MOST)}
    opened = casework.open_matters(list(read), subject=TEXTS, purpose="找热点事项", now=now)
    messages = [
        replace(message_of(one), written_on=moments.today(read[one.number].received_at))
        for one in opened.values()
    ]
    writers = {one.number: one.writer or one.number for one in messages}
    found = []
    for topic in hot_topics(messages, top=_LOOKED_AT, least=LEAST):
        recent = tuple(one for one in topic.messages if read[one].received_at >= since)
        people = {writers[one] for one in topic.messages}
        if len(recent) >= LEAST and len(people) >= LEAST:
            found.append(_Recent(topic, recent, len({writers[one] for one in recent})))
    found.sort(key=lambda one: (-one.people, -len(one.numbers), one.topic.rank))
    return found[:TOP], read


def _keep(
    row: models.TopicSearch, found: Sequence[_Recent], read: dict[str, kept.Source], now: datetime
) -> None:
    with transaction.atomic(durable=True):
        done = models.TopicSearch.objects.filter(pk=row.pk, state="running").update(
            state="done", until=now, done_at=now, tickets=len(read)
        )
        if not done:
            return  # another worker was first
        for rank, one in enumerate(found, 1):
            topic = models.HotTopic.objects.create(
                search=row, rank=rank, words=list(one.topic.words), place=one.topic.place[:_LONGEST_PLACE]
            )
            models.TopicTicket.objects.bulk_create(
                models.TopicTicket(topic=topic, case_id=read[number].case_id) for number in one.topic.messages
            )
