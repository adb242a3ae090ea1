"""常见问题: the public part of the knowledge base, with source, owner and last review. Cites: GB/T 44191"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.hotline import queries
from liuquan.hotline.views.knowledge import in_words
from liuquan.kernel import moments, pages
from liuquan.kernel.pages import Paging


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """What is asked often, found by words; only what is public and holds today."""
    on = moments.today(moments.now())
    asked = request.GET.get("q", "").strip()[:100]
    found = queries.public_articles(asked, on=on)
    paging = Paging.asked(request, size=20).of(len(found))
    context = {
        "rows": [in_words(one, on) for one in found[paging.offset : paging.offset + paging.limit]],
        "paging": paging,
        "q": asked,
        "trail": [("首页", reverse("home")), ("常见问题", "")],
    }
    return pages.page(request, "hotline/portal/articles.html", context)


@require_safe
def article(request: HttpRequest, number: str) -> HttpResponse:
    """One answer. Refuses (404) what is not public, and what does not hold any more."""
    on = moments.today(moments.now())
    one = queries.public_article(number, on=on)
    trail = [("首页", reverse("home")), ("常见问题", reverse("hotline-articles")), (one.question, "")]
    return pages.page(request, "hotline/portal/article.html", {**in_words(one, on), "trail": trail})
