"""知识库 on the desk: found, read, proposed, published by a second person, withdrawn. Cites: GB/T 44191"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuquan.hotline import actions, queries
from liuquan.hotline.articles import Article, ArticleGiven, Standing, standing, why_not_quoted
from liuquan.hotline.views import typed_values as typed
from liuquan.hotline.views.staff import HotlineRequest, desk_only, with_posts
from liuquan.journal import queries as journal
from liuquan.kernel import moments, pages
from liuquan.kernel.pages import Paging
from liuquan.kernel.refusals import BadInput, NotAllowed, NotVisible

#: what a list can be narrowed to
SHOWN: Final = {
    "": (Standing.CURRENT, Standing.STALE, Standing.UPCOMING, Standing.DRAFT, Standing.EXPIRED),
    "holds": (Standing.CURRENT, Standing.STALE),
    "draft": (Standing.DRAFT,),
    "stale": (Standing.STALE,),
    "ended": (Standing.EXPIRED, Standing.WITHDRAWN),
}
_SHOWN_LABELS: Final = [
    ("holds", "可以引用"),
    ("stale", "待复核"),
    ("draft", "待发布"),
    ("ended", "已失效或者撤下"),
]
_TEXTS: Final = ("question", "answer", "document", "clause", "owner_body", "words", "is_public")
_DAYS: Final = {"valid_from": "生效日期", "valid_to": "失效日期", "review_due": "下次复核"}
_YEAR: Final = timedelta(days=365)


def in_words(one: Article, on: date) -> dict[str, Any]:
    """An article as pages show it."""
    stands = standing(one, on)
    return {"article": one, "stands": stands, "refused": why_not_quoted(one, on)}


@require_safe
@desk_only
def knowledge(request: HotlineRequest) -> HttpResponse:
    """The articles that the words ask for, narrowed by standing, owner and class."""
    on = moments.today(moments.now())
    given = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "show", "body", "class")}
    show = given["show"] if given["show"] in SHOWN else ""
    found = queries.search(
        given["q"], on=on, standings=SHOWN[show], body=given["body"], class_code=given["class"]
    )
    paging = Paging.asked(request, size=20).of(len(found))
    context = {
        "rows": [in_words(one, on) for one in found[paging.offset : paging.offset + paging.limit]],
        "paging": paging,
        "given": given,
        "narrowed": any(given.values()),
        "shown": _SHOWN_LABELS,
        "bodies": typed.body_choices(on=on),
        "classes": typed.every_class(on=on),
        "to_review": queries.to_review(request.actor.body_code, on=on),
        "may_propose": bool(_owners(request, on)),
    }
    return pages.page(request, "hotline/desk/knowledge.html", context)


@require_safe
@desk_only
def article(request: HotlineRequest, number: str, version: int = 0) -> HttpResponse:
    """One article: the version that holds, or the one that is asked for, and the history of all."""
    return _article(request, number, version)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def propose(request: HotlineRequest, number: str = "") -> HttpResponse:
    """The form for a new article, or for a further version of one."""
    on = moments.today(moments.now())
    owners = _owners(request, on)
    if not owners:
        raise NotAllowed("您的岗位不能提出知识条目，请告诉本单位的热线联系人或者热线中心。")
    newest = queries.versions(number, on=on)[0] if number else None
    if request.method != "POST":
        return _form(request, owners, newest, _first(newest, on))
    said: dict[str, Any] = typed.kept(request.POST, *_TEXTS, *_DAYS)
    said["class_codes"] = request.POST.getlist("class_codes")[:50]
    try:
        given = _given(said, on)
        number, version = actions.propose(given, number=number, by=request.actor, now=moments.now())
    except BadInput as refusal:
        return _form(request, owners, newest, said, refusal)
    messages.success(request, f"已提出{number}第{version}版，由另一人核对来源后发布。")
    return HttpResponseRedirect(reverse("hotline-article-version", args=[number, version]))


@require_POST
@desk_only
def publish(request: HotlineRequest, number: str, version: int) -> HttpResponse:
    """Publish a proposed version."""
    actions.publish(number, version, by=request.actor, now=moments.now())
    messages.success(request, f"已发布{number}第{version}版。")
    return HttpResponseRedirect(reverse("hotline-article-version", args=[number, version]))


@require_POST
@desk_only
def withdraw(request: HotlineRequest, number: str, version: int) -> HttpResponse:
    """Withdraw a published version, or drop a proposed one, with the reason."""
    reason = typed.kept(request.POST, "reason")["reason"]
    try:
        actions.withdraw(number, version, reason, by=request.actor, now=moments.now())
    except BadInput as refusal:
        return _article(request, number, version, reason, refusal)
    messages.success(request, f"{number}第{version}版不再使用，理由已记入历史。")
    return HttpResponseRedirect(reverse("hotline-article-version", args=[number, version]))


def _article(
    request: HotlineRequest, number: str, version: int, reason: str = "", refusal: BadInput | None = None
) -> HttpResponse:
    on = moments.today(moments.now())
    every = queries.versions(number, on=on)
    chosen = [one for one in every if one.version == version] if version else [queries.present(number, on=on)]
    if not chosen:
        raise NotVisible("没有这一版知识条目，请从版本列表里选择。")
    one, by = chosen[0], request.actor
    stands = standing(one, on)
    publishes = queries.may_publish(by)
    own = one.proposed_by is not None and one.proposed_by == by.staff_id
    names = dict(typed.class_choices(on=on))
    context = {
        **in_words(one, on),
        "classes": [names.get(code, code) for code in one.class_codes],
        "versions": [in_words(each, on) for each in every],
        "entries": with_posts(journal.entries_of(number), on),
        "may_publish": stands is Standing.DRAFT and publishes and not own,
        "hides": queries.hides(one),
        "is_own": stands is Standing.DRAFT and own,
        "may_withdraw": publishes
        and stands not in (Standing.WITHDRAWN, Standing.DROPPED, Standing.REPLACED)
        or (stands is Standing.DRAFT and own),
        "may_propose": any(queries.may_propose(by, code) for code in (one.owner_body, by.body_code)),
        "reason": reason,
        "refusal": refusal,
        "errors": dict(refusal.fields) if refusal else {},
        "trail": [("知识库", reverse("hotline-knowledge")), (number, "")],
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "hotline/desk/article.html", context, status=status)


def _owners(request: HotlineRequest, on: date) -> list[tuple[str, str]]:
    return [one for one in typed.body_choices(on=on) if queries.may_propose(request.actor, one[0])]


def _first(newest: Article | None, on: date) -> dict[str, Any]:
    """What the form holds at first: the newest version, reviewed today."""
    again = (on + _YEAR).isoformat()
    if newest is None:
        return {"valid_from": on.isoformat(), "review_due": again, "is_public": "yes"}
    held = replace(newest, valid_from=max(newest.valid_from, on))
    return {
        **{name: getattr(held, name) for name in ("question", "answer", "document", "clause", "owner_body")},
        "words": "、".join(held.words),
        "class_codes": list(held.class_codes),
        "valid_from": held.valid_from.isoformat(),
        "valid_to": held.valid_to.isoformat() if held.valid_to and held.valid_to > on else "",
        "review_due": again,
        "is_public": "yes" if held.is_public else "no",
    }


def _given(said: dict[str, Any], on: date) -> ArticleGiven:
    found = typed.days(said, _DAYS)
    if found["review_due"] is None:
        sentence = "请填写下次复核的日期。"
        raise BadInput(sentence, fields={"review_due": sentence})
    return ArticleGiven(
        **{name: said[name] for name in ("question", "answer", "document", "clause", "owner_body")},
        class_codes=tuple(said["class_codes"]),
        words=typed.listed(said["words"]),
        is_public=said["is_public"] != "no",
        valid_from=found["valid_from"] or on,
        valid_to=found["valid_to"],
        review_due=found["review_due"],
    )


def _form(
    request: HotlineRequest,
    owners: list[tuple[str, str]],
    newest: Article | None,
    said: dict[str, Any],
    refusal: BadInput | None = None,
) -> HttpResponse:
    heading = f"{newest.number}：提出新的版本" if newest else "提出知识条目"
    context = {
        "heading": heading,
        "newest": newest,
        "owners": owners,
        "classes": typed.class_choices(on=moments.today(moments.now())),
        "public": [("yes", "向社会公开"), ("no", "只供工作人员使用")],
        "said": said,
        "refusal": refusal,
        "errors": dict(refusal.fields) if refusal else {},
        "trail": [("知识库", reverse("hotline-knowledge")), (heading, "")],
    }
    status = refusal.status if refusal else 200
    return pages.page(request, "hotline/desk/article_form.html", context, status=status)
