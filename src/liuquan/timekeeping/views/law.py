"""The law this system applies, for everybody: the words of each cited article, and the names of its topics.

Cites: 行政许可法 第五条, 政府信息公开条例 第二十条
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.kernel import moments
from liuquan.kernel.home import current_home
from liuquan.kernel.pages import page
from liuquan.kernel.refusals import NotVisible, Unavailable
from liuquan.law import LawError, Texts, citation_in

#: The file of a field of law, and its name for people.
FIELDS = {
    "licensing": "行政许可",
    "service": "公共服务事项",
    "publicity": "结果公示",
    "penalty": "行政处罚",
    "compulsion": "行政强制",
    "reconsideration": "行政复议",
    "disclosure": "政府信息公开",
    "petitions": "信访",
    "decisions": "重大行政决策",
    "rule_documents": "规章和规范性文件",
    "government_inspection": "政府督查",
    "tendering": "招标投标",
    "procurement": "政府采购",
    "land": "土地出让",
    "auction": "拍卖",
    "mineral": "矿业权出让",
    "property": "国有产权交易",
    "resources": "公共资源配置公开",
    "hotline": "12345热线",
    "market_complaints": "市场监管投诉举报",
    "complaints": "效能投诉",
    "reviews": "好差评",
    "credit": "信用公示与修复",
    "construction": "工程建设审批",
    "spending": "公务接待",
    "supervision": "电子监察",
    "holidays": "法定节假日",
}

#: A profile that begins with a place: 安阳市, 新疆（转述…）.
_PLACE = re.compile(r"[^：（]*[省市县区州盟旗](?=（|$)|[^：（]+(?=（转述)")


def place_of(profile: str) -> str:
    """The place whose rule a limit is, from its profile; empty for what binds everywhere."""
    return found[0] if (found := _PLACE.match(profile)) else ""


@require_safe
def article(request: HttpRequest, citation: str) -> HttpResponse:
    """The cited article's own words in the version in force today, or that its text is not imported.

    Refuses (404) what is no citation.
    """
    cited = citation_in(citation)
    if cited is None:
        raise NotVisible("这不是一条法律引用，请写成“行政许可法 第四十二条”的样子。", code="no_citation")
    on = moments.today(moments.now())
    texts = Texts.load(current_home().root / "law")
    try:
        statute, found = texts.in_force(cited.instrument, on), texts.article(cited, on)
        known = texts.versions(cited.instrument)
    except LawError as damaged:
        raise Unavailable("这部法律的文本暂时打不开，请稍后再试，或向工作人员查询。") from damaged
    articles = [] if statute is None or cited.article else list(statute.articles.items())
    context = {
        "citation": str(cited),
        "instrument": cited.instrument,
        "article": found,
        "cited_words": [text for text, here in found.marked(cited) if here] if found else [],
        "statute": statute,
        "articles": articles,
        "later": known[0].in_force_on if known and statute is None else None,
        "trail": trail(str(cited)),
    }
    return page(request, "timekeeping/law_article.html", context)


def trail(last: str) -> list[tuple[str, str]]:
    """Where a page of the law stands; without `last`, the list of limits itself."""
    steps = [("首页", reverse("home")), ("期限和依据", reverse("law_limits") if last else "")]
    return [*steps, (last, "")] if last else steps
