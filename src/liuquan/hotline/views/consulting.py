"""窗口咨询: a question at a window of the hall, answered from the hotline's knowledge base (HOT-07)."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liuquan.hotline import actions, queries
from liuquan.hotline.actions.consulting import COUNT, PASS, TICKET, WAYS, Consultation
from liuquan.hotline.articles import Article, Standing, standing
from liuquan.hotline.options import MOST_ARTICLES
from liuquan.hotline.queries import articles
from liuquan.hotline.views import typed_values as typed
from liuquan.hotline.views.knowledge import in_words
from liuquan.hotline.views.staff import HotlineRequest, desk_only
from liuquan.kernel import moments, pages
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible

_TEXTS = ("way", "article", "class_code", "question", "reply", "name", "phone", "submission_key")
_HOLDS = (Standing.CURRENT, Standing.STALE)
_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def consult(request: HotlineRequest) -> HttpResponse:
    """Search, answer, and record it: counted, as a ticket answered at once, or passed to the centre."""
    if not request.actor.may(articles.CONSULT, "", queries.centre()):
        raise NotAllowed("您的岗位不能登记窗口咨询，请由综合窗口的岗位登记。")
    if request.method != "POST":
        asked = request.GET.get("q", "").strip()[:100]
        return _page(request, asked, {"article": request.GET.get("article", "")[:12], "question": asked})
    said = typed.kept(request.POST, *_TEXTS)
    given = Consultation(**{name: said[name] for name in _TEXTS[:-1]})
    try:
        number = actions.consult(
            given, by=request.actor, now=moments.now(), submission_key=_key(said["submission_key"])
        )
    except BadInput as refusal:
        return _page(request, said["question"], said, refusal)
    messages.success(request, _told(given.way, number))
    return HttpResponseRedirect(reverse("hotline-consult"))


def _told(way: str, number: str) -> str:
    if way == COUNT:
        return "已计数，可以接待下一位。"
    if way == TICKET:
        return f"已答复并留工单{number}。"
    return f"已转热线中心，工单编号{number}，请告诉办事人。"


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _chosen(number: str) -> Article | None:
    """The article that was chosen, if it may be quoted."""
    on = moments.today(moments.now())
    try:
        one = queries.present(number, on=on) if number else None
    except NotVisible:
        return None
    return one if one and standing(one, on).may_be_quoted else None


def _others(said: dict[str, str], on: date) -> list[tuple[str, str]]:
    """What else may be quoted for what was typed, where the article chosen before may not any more."""
    found = articles.quotable(on=on, class_code=said.get("class_code", ""))
    return [(one.number, f"{one.number} {one.question}") for one in found[:MOST_ARTICLES]]


def _page(
    request: HotlineRequest, asked: str, said: dict[str, str], refusal: BadInput | None = None
) -> HttpResponse:
    on = moments.today(moments.now())
    one = _chosen(said.get("article", ""))
    found = queries.search(asked, on=on, standings=_HOLDS)[:_SHOWN] if asked and not one else []
    if one:
        said = {"way": COUNT, "reply": one.answer, "class_code": one.class_codes[0], **said}
    expired = queries.search(asked, on=on, standings=(Standing.EXPIRED,))[:3] if asked and not one else []
    others = _others(said, on) if refusal and not one and said.get("way") != PASS else None
    answered, tickets = queries.consultations(post=request.actor.post_code, on=on)
    context: dict[str, Any] = {
        "q": asked,
        "chosen": in_words(one, on) if one else None,
        "rows": [in_words(each, on) for each in found],
        "expired": [in_words(each, on) for each in expired],
        "said": {**said, "submission_key": said.get("submission_key") or str(uuid.uuid4())},
        "ways": [(way, word) for way, word in WAYS.items() if way != PASS or others is not None],
        "classes": typed.class_choices(on=on),
        "passes": said.get("way") == PASS,
        "others": others,
        "answered": answered,
        "tickets": tickets,
        "refusal": refusal,
        "errors": dict(refusal.fields) if refusal else {},
        "trail": [("我的待办", reverse("desk")), ("窗口咨询", "")],
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "hotline/desk/consult.html", context, status=status)
