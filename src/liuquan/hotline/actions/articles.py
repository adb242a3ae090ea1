"""Articles of the knowledge base are proposed, published by a second person, withdrawn, and asked about.

What a pack brings and what was done in pages meet thus: a pack's article is a version, published as of its
review; loaded again unchanged it changes nothing, changed it is a further version. As soon as the newest
version of a number is from the pages, or was withdrawn there, the pack no longer touches that number, and an
article that the pack names no more stays until somebody withdraws it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from liuquan.clock import SHANGHAI
from liuquan.hotline import articles, models
from liuquan.hotline.articles import ArticleGiven, Standing, State
from liuquan.hotline.queries import articles as queries
from liuquan.hotline.queries import catalogue
from liuquan.journal import actions as journal
from liuquan.journal.types import NewEntry
from liuquan.kernel import moments, spelling, sql
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, WrongState
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import SYSTEM, Actor

PAGES: Final = "pages"  #: the source of what was written in pages
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('liuquan.hotline_article', 0))"


def propose(given: ArticleGiven, *, number: str = "", by: Actor, now: datetime) -> tuple[str, int]:
    """Propose a new article, or with its number a further version: also the way to say that what stands was
    reviewed and still holds. Number and version.

    Refuses (403) a post that may not propose for this owner, or may not for the owner of what stands; (409) a
    number that has a proposal already; (422) what is missing or wrong, field by field."""
    on = moments.today(now)
    _check_proposer(given.owner_body, by)
    if number:
        every = queries.versions(number, on=on)
        owner = every[0]
        if owner.owner_name:
            _check_proposer(owner.owner_body, by)
    _check(given, on)
    with transaction.atomic(durable=True):
        sql.run(_LOCK)
        if models.Article.objects.filter(number=number, state=State.DRAFT).exists():
            raise WrongState("这个条目已经有一版待发布，请先发布或者不采用那一版，再提出新的版本。")
        number = number or _next_number()
        version = _next_version(number)
        row = _row(given, number, version, reviewed_on=on, source=PAGES)
        row.state, row.proposed_by, row.proposed_at = State.DRAFT, by.staff_id, now
        row.proposed_post = by.post_code
        row.save(force_insert=True)
        _enter("article_proposed", row, by, now)
    return number, version


def publish(number: str, version: int, *, by: Actor, now: datetime) -> None:
    """Publish a proposed version, which holds from its first day, not before today.

    Refuses (403) a post without the mandate, and whoever proposed it; (409) a version that is not waiting, or
    that would expire at once; (404) one that is not there."""
    if not queries.may_publish(by):
        raise NotAllowed("您的岗位不能发布知识条目，请转交热线中心的派单质检岗位。")
    with transaction.atomic(durable=True):
        sql.run(_LOCK)
        row = _found(number, version)
        if row.state != State.DRAFT:
            raise WrongState("这一版不在待发布的状态，请刷新页面核对。")
        if row.proposed_by == by.staff_id:
            raise NotAllowed("提出和发布不能是同一人，请由另一人核对来源后发布。")
        if row.valid_to is not None and row.valid_to <= moments.today(now):
            raise WrongState("这一版到今天已经失效，不能发布，请不采用它，另提出新的版本。")
        row.state, row.published_by, row.published_at = State.PUBLISHED, by.staff_id, now
        row.published_post = by.post_code
        row.save(update_fields=["state", "published_by", "published_post", "published_at"])
        _enter("article_published", row, by, now)


def withdraw(number: str, version: int, reason: str, *, by: Actor, now: datetime) -> None:
    """Withdraw a published version at once, or drop a proposed one.

    Refuses (403) a post without the mandate to publish, unless it drops its own proposal; (409) what is
    neither published nor waiting; (422) a reason that is missing."""
    said = reason.strip()
    with transaction.atomic(durable=True):
        sql.run(_LOCK)
        row = _found(number, version)
        own = row.state == State.DRAFT and row.proposed_by is not None and row.proposed_by == by.staff_id
        if not own and not queries.may_publish(by):
            raise NotAllowed("您的岗位不能撤下知识条目，请把理由告诉热线中心的派单质检岗位。")
        if row.state not in (State.DRAFT, State.PUBLISHED):
            raise WrongState("这一版已经撤下或者没有采用，请刷新页面核对。")
        if len(said) < articles.LEAST_REASON or len(said) > 200:
            sentence = "请写明理由，四个字以上、二百字以内。"
            raise BadInput(sentence, fields={"reason": sentence})
        event = "article_dropped" if row.state == State.DRAFT else "article_withdrawn"
        row.state = State.DROPPED if row.state == State.DRAFT else State.WITHDRAWN
        row.withdrawn_at = now if row.state == State.WITHDRAWN else None
        row.reason = said
        row.save(update_fields=["state", "withdrawn_at", "reason"])
        _enter(event, row, by, now, reason=said)


def ask_owners(*, now: datetime) -> int:
    """Ask the owner of each version whose review is overdue, once; how many were asked now."""
    on, asked = moments.today(now), 0
    for one in queries.search(on=on, standings=(Standing.STALE,)):
        if one.asked_on is not None:
            continue
        with transaction.atomic(durable=True):
            sql.run(_LOCK)
            row = _found(one.number, one.version)
            if row.asked_on is None and row.state == State.PUBLISHED:
                row.asked_on = on
                row.save(update_fields=["asked_on"])
                _enter("article_review_asked", row, SYSTEM, now)
                asked += 1
    return asked


def load(given: Iterable[tuple[str, date, ArticleGiven]], source: str) -> None:
    """Put in the articles of a pack, in the caller's transaction: (number, reviewed on, article)."""
    for number, reviewed_on, one in given:
        newest = models.Article.objects.filter(number=number).order_by("-version").first()
        if newest is not None and (newest.source != source or newest.state != State.PUBLISHED):
            continue
        row = _row(one, number, newest.version + 1 if newest else 1, reviewed_on=reviewed_on, source=source)
        if newest is not None and _content(newest) == _content(row):
            continue
        row.state = State.PUBLISHED
        row.published_at = datetime.combine(reviewed_on, time(), SHANGHAI)
        row.save(force_insert=True)


def _check(given: ArticleGiven, on: date) -> None:
    bodies = [body.code for body in organisation.bodies(on=on)]
    classes = [one.code for one in catalogue.classes(on=on)]
    if wrong := articles.problems(given, on=on, bodies=bodies, classes=classes):
        raise BadInput("还有内容需要更正，请按提示改好后再提交。", fields=wrong)


def _check_proposer(body: str, by: Actor) -> None:
    if not queries.may_propose(by, body):
        raise NotAllowed("您的岗位只能提出本单位负责的知识条目，其他单位的请告诉该单位的热线联系人。")


def _found(number: str, version: int) -> models.Article:
    row = models.Article.objects.filter(number=number, version=version).first()
    if row is None:
        raise NotVisible("没有这一版知识条目，请在知识库里查找。")
    return row


def _next_number() -> str:
    last = models.Article.objects.filter(number__gte=f"ZS{articles.FIRST_OF_PAGES}").aggregate(
        n=Max("number")
    )
    return f"ZS{int(last['n'][2:]) + 1 if last['n'] else articles.FIRST_OF_PAGES}"


def _next_version(number: str) -> int:
    last = models.Article.objects.filter(number=number).aggregate(n=Max("version"))["n"]
    return int(last or 0) + 1


def _row(given: ArticleGiven, number: str, version: int, *, reviewed_on: date, source: str) -> models.Article:
    said = {name: value for name, value in asdict(given).items() if name in _COLUMNS}
    said |= {"class_codes": list(given.class_codes), "words": list(given.words)}
    named = (given.question, *given.words)
    return models.Article(
        **said,
        number=number,
        version=version,
        reviewed_on=reviewed_on,
        source=source,
        heading="|".join(spelling.plain(one) for one in named),
        searched="|".join(spelling.plain(one) for one in (*named, given.answer, given.cited, number)),
        letters="|".join(spelling.initials(one) for one in named),
        sounds="|".join(spelling.syllables(one).replace(" ", "") for one in named),
    )


_COLUMNS: Final = tuple(ArticleGiven.__dataclass_fields__)


def _content(row: models.Article) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in (*_COLUMNS, "reviewed_on"))


def _enter(event: str, row: models.Article, by: Actor, now: datetime, *, reason: str = "") -> None:
    journal.append(
        NewEntry(
            event=f"hotline.{event}",
            subject=row.number,
            body_code=by.body_code or row.owner_body,
            post_code=by.post_code,
            actor_kind=by.kind,
            effective_at=now,
            public={
                "version": row.version,
                "document": f"{row.document}{row.clause}",
                "owner": row.owner_body,
            },
            private={"staff": by.staff_id, **({"reason": reason} if reason else {})},
        )
    )
