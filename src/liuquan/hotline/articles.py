"""Articles of the knowledge base: what stands in one, and whether it may be quoted on a day. Pure.

An article is never changed: what is new is a further version, proposed by one person and published by
another. On each day one version of a number holds. It may be quoted while it holds: not before its first day,
not from the day on which it expires, not after it was withdrawn. A version whose review is overdue may still
be quoted, is shown as such, and its owner is asked. `valid_to`: the first day on which it holds no more;
`review_due`: the last day for the review.

Cites: GB/T 44191
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_SOURCE = 120, 4000, 120  #: characters
LONGEST_REVIEW: Final = timedelta(days=731)  #: after which the owner looks at an article at the latest
LEAST_REASON: Final = 4  #: characters of why an article is withdrawn
FIRST_OF_PAGES: Final = 50_001  #: numbers of articles from pages; those below are the packs'


class State(StrEnum):
    """What was done with a version; whether it has expired follows from the day."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class Standing(StrEnum):
    """How a version stands on a day."""

    DRAFT = "draft"
    DROPPED = "dropped"
    UPCOMING = "upcoming"
    CURRENT = "current"
    STALE = "stale"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            "draft": "待发布",
            "dropped": "未采用",
            "upcoming": "尚未生效",
            "current": "有效",
            "stale": "有效，待复核",
            "expired": "已失效",
            "replaced": "已被新版本代替",
            "withdrawn": "已撤下",
        }[self]

    @property
    def colour(self) -> str:
        """The lamp."""
        return {"current": "green", "stale": "yellow", "expired": "red", "withdrawn": "red"}.get(self, "grey")

    @property
    def may_be_quoted(self) -> bool:
        return self in (Standing.CURRENT, Standing.STALE)


@dataclass(frozen=True, kw_only=True)
class ArticleGiven:
    """An article as somebody proposes it. `document`, `clause`: where it is from; `words`: as people say it;
    `class_codes`: the classes of requests that it answers."""

    question: str
    answer: str
    document: str
    clause: str
    owner_body: str
    valid_from: date
    review_due: date
    valid_to: date | None = None
    class_codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    is_public: bool = True

    @property
    def cited(self) -> str:
        """The source in one line."""
        return f"{self.document}{self.clause}"


@dataclass(frozen=True, kw_only=True)
class Article(ArticleGiven):
    """A version of an article. `owner_name`: as the owner is called today, empty if it exists no more;
    `replaced_on`: the first day of the next version; `asked_on`: when its owner was asked to review it."""

    number: str
    version: int
    state: State
    reviewed_on: date
    source: str
    owner_name: str = ""
    replaced_on: date | None = None
    proposed_by: int | None = None
    proposed_post: str = ""
    proposed_at: datetime | None = None
    published_by: int | None = None
    published_post: str = ""
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    reason: str = ""
    asked_on: date | None = None

    @property
    def owner(self) -> str:
        """Who answers for it, in words."""
        return self.owner_name or "原责任单位（已撤销）"


def standing(article: Article, on: date) -> Standing:
    """How this version stands on a day."""
    match article.state:
        case State.DRAFT:
            return Standing.DRAFT
        case State.DROPPED:
            return Standing.DROPPED
        case State.WITHDRAWN:
            return Standing.WITHDRAWN
    if article.replaced_on is not None and on >= article.replaced_on:
        return Standing.REPLACED
    if on < article.valid_from:
        return Standing.UPCOMING
    if article.valid_to is not None and on >= article.valid_to:
        return Standing.EXPIRED
    return Standing.STALE if on > article.review_due else Standing.CURRENT


def why_not_quoted(article: Article, on: date) -> str:
    """Why this version may not be quoted on this day, and who answers for it; empty where it may."""
    stands, name = standing(article, on), f"知识条目{article.number}第{article.version}版"
    whom = f"请向责任单位{article.owner}核实，由它提出新的版本。"
    if not article.owner_name:
        whom = "它的责任单位已经撤销，请报告热线中心，由它重新确定责任单位。"
    match stands:
        case Standing.CURRENT | Standing.STALE:
            return ""
        case Standing.EXPIRED:
            return f"{name}已于{_day(article.valid_to)}失效，不能引用，{whom}"
        case Standing.WITHDRAWN:
            return f"{name}已经撤下，不能引用，{whom}"
        case Standing.UPCOMING:
            return f"{name}从{_day(article.valid_from)}起生效，现在不能引用，{whom}"
        case Standing.REPLACED:
            return f"{name}已被新版本代替，不能引用，请引用现行的版本。"
    return f"{name}还没有发布，不能引用，请等第二人发布。"


def problems(
    given: ArticleGiven, *, on: date, bodies: Collection[str], classes: Collection[str]
) -> dict[str, str]:
    """What is wrong with a proposal, by field. `bodies`, `classes`: those that exist today."""
    wrong: dict[str, str] = {}
    for name, label, most in (
        ("question", "问题", LONGEST_QUESTION),
        ("answer", "答复", LONGEST_ANSWER),
        ("document", "来源文件", LONGEST_SOURCE),
        ("clause", "条款", LONGEST_SOURCE),
    ):
        said = str(getattr(given, name))
        if not said:
            wrong[name] = f"请填写{label}。"
        elif len(said) > most:
            wrong[name] = f"{label}最多{most}个字，现在是{len(said)}个字，请精简。"
    if given.owner_body not in bodies:
        wrong["owner_body"] = "请选择责任单位，由它对内容负责。"
    if not given.class_codes or any(code not in classes for code in given.class_codes):
        wrong["class_codes"] = "请选择至少一个归类，只能选列出的归类。"
    if given.valid_to is not None and given.valid_to <= given.valid_from:
        wrong["valid_to"] = "失效日期要晚于生效日期；没有期限的不用填写。"
    if given.review_due <= on:
        wrong["review_due"] = "下次复核的日期要晚于今天。"
    elif given.review_due > on + LONGEST_REVIEW:
        wrong["review_due"] = f"下次复核最迟在{_day(on + LONGEST_REVIEW)}，知识条目至少两年复核一次。"
    return wrong


def _day(on: date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else ""
