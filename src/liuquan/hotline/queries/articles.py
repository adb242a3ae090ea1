"""The knowledge base as it is read: by staff every article, by the public those that are public and hold.

A search looks for every word in the text, its pinyin and its initials, and for questions in a person's own
words by the pairs of characters that both share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final

from liuquan.hotline import models
from liuquan.hotline.articles import Article, Standing, State, standing, why_not_quoted
from liuquan.hotline.masking import LONG_NUMBER, PHONE, PLATE, without_numbers
from liuquan.hotline.queries import catalogue
from liuquan.kernel import spelling, sql
from liuquan.kernel.refusals import NotVisible
from liuquan.organisation import queries as organisation
from liuquan.organisation.types import Actor

PROPOSE, PUBLISH, CONSULT = "hotline.propose_article", "hotline.publish_article", "hotline.consult"
LEAST_SHARE: Final = 0.34  #: of the pairs of a question that an article's question and words must hold
LEAST_OF_TEXT: Final = 0.6  #: or its whole text
MOST: Final = 500  #: articles that a search finds

_ARTICLES: Final = f"""
SELECT a.*, coalesce({organisation.body_name("a.owner_body", "%(on)s::date")}, '') AS owner_name,
    (SELECT min(greatest(n.valid_from, (n.published_at AT TIME ZONE 'Asia/Shanghai')::date))
        FROM hotline_article n WHERE n.number = a.number AND n.version > a.version
        AND n.published_at IS NOT NULL AND (n.withdrawn_at IS NULL
            OR (n.withdrawn_at AT TIME ZONE 'Asia/Shanghai')::date > n.valid_from)) AS replaced_on
FROM hotline_article a
"""

_SEARCH: Final = f"""
WITH scored AS (
    SELECT a.id, ({{every}}) AS says_all,
        (SELECT count(*) FROM unnest(%(pairs)s::text[]) p WHERE position(p IN a.heading) > 0)::float8
            / greatest(cardinality(%(pairs)s::text[]), 1) AS of_heading,
        (SELECT count(*) FROM unnest(%(pairs)s::text[]) p WHERE position(p IN a.searched) > 0)::float8
            / greatest(cardinality(%(pairs)s::text[]), 1) AS of_text
    FROM hotline_article a
)
{_ARTICLES} JOIN scored s ON s.id = a.id
WHERE s.says_all OR s.of_heading >= {LEAST_SHARE} OR s.of_text >= {LEAST_OF_TEXT}
ORDER BY s.says_all DESC, s.of_heading + s.of_text / 4 DESC, a.number, a.version DESC LIMIT {MOST}
"""


def search(
    asked: str = "",
    *,
    on: date,
    standings: Iterable[Standing] = (),
    body: str = "",
    class_code: str = "",
    public_only: bool = False,
) -> list[Article]:
    """The articles that these words ask for, the best first; without words every article, by number. Narrowed
    to how they stand on the day, to one owner, to one class (or those below it)."""
    words = [word for piece in asked.split() if (word := spelling.plain(piece))]
    if asked.strip() and not words:
        return []
    if words:
        every, params = _every_word(words)
        found = sql.run(_SEARCH.format(every=every), {"on": on, "pairs": _pairs("".join(words)), **params})
    else:
        found = sql.run(f"{_ARTICLES} ORDER BY a.number, a.version DESC", {"on": on})
    wanted = frozenset(standings)
    return [
        one
        for one in map(_article, found)
        if (not wanted or standing(one, on) in wanted)
        and (not body or one.owner_body == body)
        and (not class_code or any(code.startswith(class_code) for code in one.class_codes))
        and (one.is_public or not public_only)
    ]


def public_articles(asked: str = "", *, on: date) -> list[Article]:
    """What anyone may read: public articles that hold today, without numbers of people in them."""
    found = search(asked, on=on, standings=(Standing.CURRENT, Standing.STALE), public_only=True)
    return [_for_all(one) for one in found]


def public_article(number: str, *, on: date) -> Article:
    """One of them. Refuses (404) what is not public, and what does not hold any more."""
    try:
        one: Article | None = present(number, on=on)
    except NotVisible:
        one = None
    if one is None or not one.is_public or not standing(one, on).may_be_quoted:
        raise NotVisible("没有这个问题的答复，或者它已经失效，请在常见问题里查找，或者拨打 12345。")
    return _for_all(one)


def hides(one: Article) -> bool:
    """Whether anyone reads less of it than staff."""
    public = _for_all(one)
    said = f"{public.question}{public.answer}{public.document}"
    return one.is_public and any(word in said for word in (LONG_NUMBER, PHONE, PLATE))


def _for_all(one: Article) -> Article:
    """As anyone may read it: documents, cards, mobiles and plates of people taken out. The original stays."""
    return replace(
        one,
        question=without_numbers(one.question),
        answer=without_numbers(one.answer),
        document=without_numbers(one.document),
    )


def quotable(*, on: date, class_code: str = "") -> list[Article]:
    """What may be quoted on this day; those of the class first, then those of the class above it."""
    found = search(on=on, standings=(Standing.CURRENT, Standing.STALE))
    above = class_code and (catalogue.class_of(class_code) or None)
    parent = above.parent if above else ""
    near = {code for code in (class_code, parent) if code}

    def distance(one: Article) -> int:
        if class_code and class_code in one.class_codes:
            return 0
        return 1 if parent and any(code.startswith(parent) for code in one.class_codes) else 2

    return sorted(found, key=distance) if near else found


def versions(number: str, *, on: date) -> list[Article]:
    """Every version of an article, the newest first. Refuses (404) a number that is not there."""
    rows = sql.run(
        f"{_ARTICLES} WHERE a.number = %(number)s ORDER BY a.version DESC", {"number": number, "on": on}
    )
    if not rows:
        raise NotVisible(f"没有编号为“{number}”的知识条目，请核对编号，或者在知识库里查找。")
    return [_article(row) for row in rows]


def present(number: str, *, on: date) -> Article:
    """The version that holds on this day, else the newest that was published, else the newest."""
    every = versions(number, on=on)
    holding = [one for one in every if standing(one, on).may_be_quoted]
    published = [one for one in every if one.published_at is not None]
    return (holding or published or every)[0]


def quoted(number: str, *, on: date) -> dict[str, Any] | None:
    """What the check of an answer looks at: the version that would be quoted, its source, and why it may not
    be; nothing for a number that is not there."""
    if not models.Article.objects.filter(number=number).exists():
        return None
    one = present(number, on=on)
    return {
        "number": one.number,
        "version": one.version,
        "source": one.cited,
        "refused": why_not_quoted(one, on),
    }


def to_review(body: str, *, on: date) -> list[Article]:
    """The articles of this body whose review is overdue or that have expired; for the centre also those whose
    owner exists no more."""
    found = search(on=on, standings=(Standing.STALE, Standing.EXPIRED))
    newest = {one.number: one for one in reversed(found)}
    orphans = body == catalogue.centre()
    return [one for one in newest.values() if one.owner_body == body or (orphans and not one.owner_name)]


def may_propose(by: Actor, body: str) -> bool:
    """Whether this post may propose an article that this body answers for: its own, or the centre."""
    return by.may(PROPOSE, "", catalogue.centre()) or (by.body_code == body and by.may(PROPOSE, "", body))


def may_publish(by: Actor) -> bool:
    """Whether this post may publish and withdraw articles."""
    return by.may(PUBLISH, "", catalogue.centre())


def consultations(*, post: str, on: date) -> tuple[int, int]:
    """How many questions this window answered, counted or passed on on this day; how many became tickets."""
    row = sql.run_one(
        "SELECT count(*)::int AS n, count(*) FILTER (WHERE ticket <> '')::int AS tickets "
        "FROM hotline_consultation WHERE post_code = %(post)s "
        "AND (at AT TIME ZONE 'Asia/Shanghai')::date = %(on)s",
        {"post": post, "on": on},
    )
    return (row["n"], row["tickets"]) if row else (0, 0)


def _every_word(words: list[str]) -> tuple[str, dict[str, str]]:
    """SQL: each word stands in the text, or in letters in the initials or the pinyin of the heading."""
    parts, params = [], {}
    for at, word in enumerate(words):
        said = f"position(%(word_{at})s IN a.searched) > 0"
        if word.isascii() and len(word) > 1:
            said += f" OR position(%(word_{at})s IN a.letters) > 0 OR position(%(word_{at})s IN a.sounds) > 0"
        parts.append(f"({said})")
        params[f"word_{at}"] = word
    return " AND ".join(parts), params


def _pairs(text: str) -> list[str]:
    return sorted({text[at : at + 2] for at in range(len(text) - 1)})


def _article(row: dict[str, Any]) -> Article:
    return Article(
        **{name: row[name] for name in _PLAIN},
        state=State(row["state"]),
        class_codes=tuple(row["class_codes"]),
        words=tuple(row["words"]),
    )


_PLAIN: Final = tuple(
    name for name in Article.__dataclass_fields__ if name not in ("state", "class_codes", "words")
)
