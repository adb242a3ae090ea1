"""The law this system applies, for everybody: the limits in force, and the words of each cited article.

Cites: 行政许可法 第五条, 政府信息公开条例 第二十条
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from liuquan.clock import Limit, Sense, Verification
from liuquan.kernel import moments
from liuquan.kernel.home import current_home
from liuquan.kernel.pages import page
from liuquan.kernel.refusals import NotVisible, Unavailable
from liuquan.law import Figure, FigureEntry, LawError, LimitEntry, Texts, citation_in, load_law

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


@dataclass(frozen=True)
class Shown:
    """One limit or figure as the list shows it."""

    label: str
    text: str
    citations: str
    unread: bool
    profile: str


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Every limit and figure in force today, by field, with what still has to be confirmed."""
    on = moments.today(moments.now())
    book = load_law()
    entries: list[LimitEntry | FigureEntry] = [*book.limits(), *book.figures()]
    found = [(entry.id, terms) for entry in entries if (terms := _in_force(entry, on)) is not None]
    order = list(FIELDS)
    found.sort(key=lambda pair: order.index(pair[0].partition(".")[0]))
    groups = [
        (FIELDS[field], [_shown(terms) for _, terms in pairs])
        for field, pairs in groupby(found, key=lambda pair: pair[0].partition(".")[0])
    ]
    unread = sum(one.unread for _, shown in groups for one in shown)
    context = {"groups": groups, "on": on, "count": len(found), "unread": unread, "trail": _trail("")}
    return page(request, "timekeeping/law_limits.html", context)


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
        "trail": _trail(str(cited)),
    }
    return page(request, "timekeeping/law_article.html", context)


def _in_force(entry: LimitEntry | FigureEntry, on: date) -> Limit | Figure | None:
    try:
        return entry.on(on)
    except LawError:
        return None


def _shown(terms: Limit | Figure) -> Shown:
    text = terms.text
    if isinstance(terms, Limit) and terms.amount:
        text = f"{'不少于' if terms.sense is Sense.AT_LEAST else ''}{terms.text}"
    return Shown(
        label=terms.label,
        text=text,
        citations="；".join(terms.citations),
        unread=terms.verification is not Verification.TEXT,
        profile=terms.profile or "",
    )


def _trail(last: str) -> list[tuple[str, str]]:
    trail = [("首页", reverse("home")), ("期限和依据", reverse("law_limits") if last else "")]
    return [*trail, (last, "")] if last else trail
