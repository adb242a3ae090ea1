"""Sets the actor of every request, so that pages and API decide by the post and not by the account.

The post is the one chosen at the desk (`SESSION_POST` in the session); one no longer held is forgotten
and the first own post taken. A program names the post in a header instead; one that is not theirs is refused.
Nobody signed in is the public, without a query.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from liuquan.kernel import moments
from liuquan.kernel.refusals import NotAllowed
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import PUBLIC, Actor

SESSION_POST: Final = "post_code"
POST_HEADER: Final = "Acting-Post"


class ActorMiddleware:
    """Sets `request.actor`; stands after the middleware that sets `request.user`.

    `request.actor_refusal` says why somebody who is signed in has no post today: they read as the public and
    are told so where staff are asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor, refusal = _actor(request)
        request.__dict__.update(actor=actor, actor_refusal=refusal)
        return self.get_response(request)


def _actor(request: HttpRequest) -> tuple[Actor, NotAllowed | None]:
    user = request.user
    if not user.is_authenticated:
        return PUBLIC, None
    on = moments.today(moments.now())
    if named := request.headers.get(POST_HEADER):
        try:
            return organisation.actor_for(user, on=on, post_code=named), None
        except NotAllowed as refusal:
            return PUBLIC, refusal
    chosen = request.session.get(SESSION_POST)
    if chosen:
        try:
            return organisation.actor_for(user, on=on, post_code=str(chosen)), None
        except NotAllowed:
            request.session.pop(SESSION_POST, None)
    try:
        return organisation.actor_for(user, on=on), None
    except NotAllowed as refusal:
        return PUBLIC, refusal
