"""A/B cover (HALL-03): when A is out, B acts for A from a day up to, not including, another."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from liuquan.kernel.moments import today as day_of
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible, SomebodyWasFirst
from liuquan.organisation.models import Post, PostCover
from liuquan.organisation.types import Actor

_SOURCE = "desk"


def record_absence(
    *,
    post_code: str,
    from_on: date,
    to_on: date,
    reason: str,
    by: Actor,
    now: datetime,
    cover_post_code: str = "",
) -> str:
    """The holders of a post are out; B acts for them. Returns the code of the post that takes over.

    Without ``cover_post_code`` the permanent pair determines B. Refuses: an actor who may not arrange cover
    here (403), an unknown post (404), a day in the past, no end, no reason, no B (422), a second cover for
    the same days (409).
    """
    post = _post(post_code)
    _refuse_outsider(post, by)
    if from_on < day_of(now) or to_on <= from_on:
        sentence = "外出应从今天或者以后开始，终止日晚于起始日，请核对起止日期。"
        raise BadInput(sentence, fields={"to_on": sentence})
    if not reason.strip():
        raise BadInput("请填写外出事由。", fields={"reason": "请填写外出事由。"})
    cover = _post(cover_post_code) if cover_post_code else _paired(post, from_on)
    if cover.pk == post.pk:
        raise BadInput("岗位不能由自己代行，请另选代行岗位。")
    try:
        with transaction.atomic(durable=True):
            PostCover.objects.create(
                post=post,
                cover_post=cover,
                kind=PostCover.Kind.ABSENCE,
                reason=reason.strip(),
                from_on=from_on,
                to_on=to_on,
                source=_SOURCE,
            )
    except IntegrityError as error:
        raise SomebodyWasFirst("这几天已有人代行该岗位，请先结束原来的代行。") from error
    return cover.code


def end_absence(*, post_code: str, by: Actor, now: datetime) -> None:
    """The holders are back: the cover ends at once, from today on.

    Refuses an actor who may not arrange cover here (403) and a post that has no cover today (404).
    """
    post = _post(post_code)
    _refuse_outsider(post, by)
    today = day_of(now)
    with transaction.atomic(durable=True):
        ended = PostCover.objects.filter(
            post=post, kind=PostCover.Kind.ABSENCE, from_on__lte=today, to_on__gt=today
        ).update(to_on=today)
        if not ended:
            raise NotVisible("该岗位今天没有人代行。")


def _post(code: str) -> Post:
    post = Post.objects.select_related("body").filter(code=code).first()
    if post is None:
        raise NotVisible(f"没有编码为“{code}”的岗位，请核对岗位编码。")
    return post


def _refuse_outsider(post: Post, by: Actor) -> None:
    own = by.has_role("chief_rep", "body_head") and by.body_code == post.body.code
    if not (by.kind == "system" or own or by.has_role("hall_manager", "sysadmin")):
        raise NotAllowed("只有本单位首席代表、负责人或者大厅管理人员可以安排代行。")


def _paired(post: Post, on: date) -> Post:
    pair = (
        PostCover.objects.select_related("cover_post")
        .filter(post=post, kind=PostCover.Kind.PAIR, from_on__lte=on)
        .exclude(to_on__lte=on)
        .first()
    )
    if pair is None:
        raise BadInput("该岗位没有配对的B岗，请指定代行岗位。", fields={"cover_post": "请指定代行岗位。"})
    return pair.cover_post
