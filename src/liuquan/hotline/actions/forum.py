"""A post of an online forum becomes a ticket, or joins the one that its thread has become.

While that ticket waits for its answer, a further post and an edited one are added to it; after the answer a
post is a request of its own, which names the ticket before. A name on a forum is nobody's name.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liuquan.casework import actions as casework
from liuquan.hotline import models
from liuquan.hotline.actions import registering
from liuquan.hotline.actions.programmes import city_of_centre
from liuquan.hotline.types import UNFILED, Identity, Inlet, NewTicket, RequestKind
from liuquan.kernel import moments
from liuquan.kernel.refusals import Refusal
from liuquan.kernel.secrecy import blind_index
from liuquan.organisation.types import party_actor
from liuquan.parties import actions as parties

_DIGEST: Final = "hotline.forum_digest"
_KEYS: Final = uuid.UUID("6c716c71-0000-5000-8000-666f72756d00")  #: the name space of submission keys
_WHO: Final = "论坛网友"
_WRONG_STATE: Final = 409


@dataclass(frozen=True)
class Post:
    """A post. `thread`, `post`: its ids on the forum; `url`: its address; `author`: the name shown there."""

    thread: str
    post: str
    url: str
    text: str
    author: str
    posted_at: datetime
    title: str = ""


@dataclass(frozen=True)
class TakenPost:
    """What became of a post. `is_new`: not taken before; `joined`: it was added to the ticket."""

    ticket: str
    is_new: bool
    joined: bool = False


def take_post(post: Post, *, source: str, now: datetime) -> TakenPost:
    """Take a post of the forum of this name. The same post with the same words again changes nothing; where
    the power fails in between, an addition is at worst made twice. Refuses (422) what `register` refuses."""
    digest = blind_index(json.dumps([post.title, post.text, post.url]), purpose=_DIGEST)
    mine = models.ForumPost.objects.filter(source=source, thread=post.thread)
    registering.check(_ticket(post, "", "", now), moments.today(now), is_named=True)
    last = mine.exclude(ticket="").order_by("-pk").first()
    is_edit = mine.filter(post=post.post).exclude(ticket="").exists()
    row, _ = mine.get_or_create(
        source=source,
        thread=post.thread,
        post=post.post,
        digest=digest,
        defaults={
            "party": last.party if last else parties.register_anonymous(now=now).number,
            "ticket": "",
            "taken_at": now,
        },
    )
    if row.ticket:
        return TakenPost(row.ticket, is_new=False)
    joined = last is not None and _added(last, post, is_edit=is_edit, now=now)
    ticket = last.ticket if joined and last else _registered(row, post, last.ticket if last else "", now)
    models.ForumPost.objects.filter(pk=row.pk).update(ticket=ticket)
    return TakenPost(ticket, is_new=True, joined=joined)


def _added(last: models.ForumPost, post: Post, *, is_edit: bool, now: datetime) -> bool:
    """Whether the post was added to the ticket of its thread: not where that has its answer."""
    said = f"{'改过的帖子' if is_edit else '同一主题的帖子'}：{_words(post)}"
    by = party_actor(str(last.party), _WHO)
    try:
        casework.perform(last.ticket, "add", by=by, now=now, data={"more": said})
    except Refusal as refusal:
        if refusal.status != _WRONG_STATE:
            raise
        return False
    return True


def _registered(row: models.ForumPost, post: Post, before: str, now: datetime) -> str:
    """The ticket of this post, the same each time. `before`: the one that the thread became before."""
    party = str(row.party)
    key = uuid.uuid5(_KEYS, str(row.pk))
    new = _ticket(post, party, before, now)
    return registering.register(new, by=party_actor(party, _WHO), now=now, submission_key=key).number


def _ticket(post: Post, party: str, before: str, now: datetime) -> NewTicket:
    text = f"{_words(post)}\n【同一主题以前的工单：{before}】" if before else _words(post)
    return NewTicket(
        request_kind=RequestKind.HELP,
        class_code=UNFILED,
        title=" ".join(post.title.split())[: registering.LONGEST_TITLE],
        text=text if post.text.strip() else "",
        inlet=Inlet.FORUM,
        division=city_of_centre(moments.today(now)),
        identity=Identity.ANONYMOUS,
        requester=party,
        may_publish=True,  # it was asked in public, and the answer is masked
    )


def _words(post: Post) -> str:
    """What was posted, by whom and where."""
    at = post.posted_at.astimezone(moments.LOCAL)
    return f"{post.text.strip()}\n【{post.author.strip()}发表于{at:%Y-%m-%d %H:%M}，{post.url}】"
