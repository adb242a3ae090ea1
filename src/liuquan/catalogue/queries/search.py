"""Search by plain words, in one statement: bigrams over names, aliases and what belongs to them.

A rare pair of characters weighs more than a common one, a pair in the name or an alias more than one
elsewhere, and a short name more than a long one. Items for later changes (变更, 注销) weigh less, unless the
question asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from liuquan.catalogue import words
from liuquan.catalogue.models import HandledElsewhere
from liuquan.catalogue.types import (
    CaseType,
    ElsewhereView,
    ItemHit,
    ItemType,
    SearchResult,
    VersionState,
    also_in,
)
from liuquan.kernel import spelling, sql

from . import law_and_bodies
from .lists import limit_text

Scope = Literal["public", "staff"]

MAX_HITS = 200
#: An item must hold this share of what was asked, rare pairs counting more; found by measuring real lists.
LEAST_SHARE = 0.4
#: Or this share of it when all pairs count the same: one wrong character makes two pairs that nothing has.
LEAST_PAIRS = 0.6
#: Or so many of its words, however long the story told around them.
LEAST_WORDS = 2

_SCOPES = {
    # In force on the day: what the public may see.
    "public": "v.state <> 'draft' AND v.validity @> %(on)s::date",
    # The newest words of every item, drafts too.
    "staff": "e.is_latest",
}

_SEARCH = """
WITH asked AS (
    SELECT gram, weight, gram = ANY (%(own)s::text[]) AS is_own
    FROM unnest(%(grams)s::text[], %(weights)s::float8[]) AS asked(gram, weight)
),
found AS MATERIALIZED (
    SELECT e.version_id, e.text, e.initials, e.syllables, e.name_bigrams, e.alias_bigrams, e.other_bigrams,
        v.name, v.item_type, v.case_type, v.state, v.promised_amount, v.limit_unit, v.sort_key,
        v.extra, i.implementation_code, i.body_code
    FROM catalogue_searchentry e
    JOIN catalogue_itemversion v ON v.id = e.version_id
    JOIN catalogue_serviceitem i ON i.id = e.item_id
    WHERE {scope} AND (%(body)s = '' OR i.body_code = %(body)s)
        AND ({match})
),
spread AS (
    SELECT a.gram, a.is_own,
        a.weight * ln(1 + (SELECT count(*) + 1 FROM found)::float8 / (1 + count(f.version_id))) AS weight
    FROM asked a LEFT JOIN found f ON a.gram = ANY (f.name_bigrams || f.alias_bigrams || f.other_bigrams)
    GROUP BY a.gram, a.is_own, a.weight
),
scored AS (
    SELECT f.version_id,
        sum(s.weight * CASE WHEN s.gram = ANY (f.name_bigrams) THEN 1.0
            WHEN s.gram = ANY (f.alias_bigrams) THEN 1.0
            WHEN s.gram = ANY (f.other_bigrams) THEN 0.25 ELSE 0 END) AS points,
        sum(s.weight * CASE WHEN s.gram = ANY (f.name_bigrams) AND s.gram = ANY (f.alias_bigrams)
            THEN 0.2 ELSE 0 END) AS both,
        sum(s.weight) FILTER (WHERE s.is_own AND s.gram = ANY (
            f.name_bigrams || f.alias_bigrams || f.other_bigrams))
            / greatest(sum(s.weight) FILTER (WHERE s.is_own), 0.001) AS share,
        count(*) FILTER (WHERE s.is_own AND s.gram = ANY (f.name_bigrams || f.alias_bigrams))::float8
            / greatest(count(*) FILTER (WHERE s.is_own), 1) AS pairs,
        sum(s.weight) FILTER (WHERE s.gram = ANY (f.name_bigrams))
            * count(*) FILTER (WHERE s.gram = ANY (f.name_bigrams))::float8
            / greatest(cardinality(f.name_bigrams), 4) AS closeness
    FROM found f CROSS JOIN spread s
    GROUP BY f.version_id, f.name_bigrams
)
SELECT f.*, (
        (c.points + c.both + 0.4 * coalesce(c.closeness, 0))
            / greatest((SELECT sum(weight) FROM spread), 0.001)
        + CASE WHEN %(phrase)s <> '' AND position(%(phrase)s IN f.text) > 0
            THEN CASE WHEN length(%(phrase)s) > 1 THEN 0.6 ELSE 0.1 END ELSE 0 END
        + CASE WHEN f.name ~ %(official)s THEN 0.4 ELSE 0 END
        + CASE WHEN %(initials)s <> '' AND position(%(initials)s IN f.initials) = 1 THEN 1.0
            WHEN %(initials)s <> '' AND position('|' || %(initials)s IN f.initials) > 0 THEN 0.8
            WHEN %(initials)s <> '' AND position(%(initials)s IN f.initials) > 0 THEN 0.5 ELSE 0 END
        + CASE WHEN %(pinyin)s <> '' AND f.syllables ~ %(pinyin)s THEN 0.8 ELSE 0 END
    ) * CASE WHEN f.name ~ %(unmeant)s THEN 0.6 ELSE 1 END AS score,
    coalesce(c.share, 0) AS share, c.pairs, f.name ~ %(official)s AS is_official,
    %(pinyin)s <> '' AND f.syllables ~ %(pinyin)s AS sounds
FROM found f JOIN scored c USING (version_id)
ORDER BY score DESC, length(f.name), f.sort_key COLLATE "C", f.version_id
LIMIT %(limit)s
"""

# A single character has no pair: only then the names are read one by one.
_MATCHES = {
    "grams": "e.bigrams && %(strong)s::varchar[]",
    "initials": "e.bigrams && %(strong)s::varchar[] OR e.initials LIKE '%%' || %(initials)s || '%%'"
    " OR %(pinyin)s <> '' AND e.syllables ~ %(pinyin)s",
    "single": "e.text LIKE '%%' || %(phrase)s || '%%'",
}

_NEAR = """
SELECT e.version_id, e.text, v.name, v.item_type, v.case_type, v.state, v.promised_amount, v.limit_unit,
    v.extra, i.implementation_code, i.body_code, 0 AS score
FROM catalogue_searchentry e
JOIN catalogue_itemversion v ON v.id = e.version_id
JOIN catalogue_serviceitem i ON i.id = e.item_id
WHERE {scope} AND (%(body)s = '' OR i.body_code = %(body)s)
    AND (e.text LIKE ANY (%(forms)s::text[])
        OR %(sound)s <> '' AND position(%(sound)s IN e.syllables) > 0)
ORDER BY %(sound)s <> '' AND position(%(sound)s IN e.syllables) > 0 DESC, length(v.name),
    v.sort_key COLLATE "C", e.version_id
LIMIT %(limit)s
"""


def search(
    text: str, *, on: date, limit: int = 20, body_code: str = "", scope: Scope = "public"
) -> SearchResult:
    """The items that match the words, best first, and who does what this centre does not do.

    `public` finds what is in force on the day; `staff` finds the newest version of every item, including
    drafts: the caller chooses by the actor. Hits below a quarter of the best score, and those that hold too
    little of what was asked, are left out; then what sounds the same or differs in one character is found
    (`is_near`), and at last what such a matter begins with (`is_general`). Never an item that has nothing to
    do with the question. Never refuses: any characters are accepted as text.
    """
    text = text.replace("\x00", "")
    asked = words.understand(text)
    if not asked:
        return SearchResult((), ())
    elsewhere = _elsewhere(text) if scope == "public" else ()
    params = _params(asked, on, body_code, min(max(limit, 1), MAX_HITS))
    rows = _found(asked, params, scope)
    is_near = not rows
    if is_near and (meant := words.said_by_sound(asked.asked)):
        asked = words.understand(meant)
        params = {**params, **_params(asked, on, body_code, params["limit"])}
        rows = _found(asked, params, scope)
    if not any(_is_sure(row, asked) for row in rows):
        near = _near(params, scope)
        known = {row["version_id"] for row in near}
        rows = [*near, *(row for row in rows if row["version_id"] not in known)][: params["limit"]]
    is_general = not rows and not elsewhere and not asked.official and bool(asked.general)
    if is_general:
        asked = words.understand(asked.general)
        rows = _found(asked, _params(asked, on, body_code, params["limit"]), scope)
    names = law_and_bodies.body_names({row["body_code"] for row in rows}, on=on)
    hits = tuple(_hit(row, names, asked) for row in rows)
    return SearchResult(
        hits,
        asked.words,
        is_near=is_near and bool(hits),
        is_general=is_general and bool(hits),
        elsewhere=elsewhere,
    )


def _found(asked: words.Question, params: dict[str, Any], scope: Scope) -> list[dict[str, Any]]:
    """The items that hold enough of what was asked, best first."""
    match = _MATCHES["single" if len(asked.phrase) < 2 else "initials" if asked.initials else "grams"]
    rows = sql.run(_SEARCH.format(scope=_SCOPES[scope], match=match), params)
    best = rows[0]["score"] if rows else 0
    return [row for row in rows if row["score"] >= best / 4 and _is_meant(row, asked)]


def _near(params: dict[str, Any], scope: Scope) -> list[dict[str, Any]]:
    """The items of which a name or an alias sounds like the question or differs in one character."""
    if not params["forms"] and not params["sound"]:
        return []
    return sql.run(_NEAR.format(scope=_SCOPES[scope]), params)


def _elsewhere(text: str) -> tuple[ElsewhereView, ...]:
    """The matters of other bodies that the question names, by any of their words."""
    asked = spelling.plain(text)
    return tuple(
        ElsewhereView(one.matter, one.body, one.reach)
        for one in HandledElsewhere.objects.all()
        if any(spelling.is_said(said, asked) for said in one.words)
    )


def _is_sure(row: dict[str, Any], asked: words.Question) -> bool:
    """Whether nobody has mistyped: the item is called so, or is the list's name of a short word."""
    return asked.phrase in row["text"] or (
        row["is_official"] and len(asked.phrase) <= words.SHORTEST_MISTYPED
    )


def _is_meant(row: dict[str, Any], asked: words.Question) -> bool:
    """Whether an item that shares pairs with the question is about it: see `LEAST_SHARE`."""
    if (
        row["is_official"]
        or row["share"] >= LEAST_SHARE
        or row["pairs"] >= LEAST_PAIRS
        or asked.phrase in row["text"]
    ):
        return True
    if sum(len(word) > 1 and word in row["text"] for word in asked.words) >= LEAST_WORDS:
        return True
    return bool(asked.initials) and (asked.initials in row["initials"] or bool(row["sounds"]))


def _params(asked: words.Question, on: date, body_code: str, limit: int) -> dict[str, Any]:
    return {
        "grams": list(asked.grams),
        "weights": list(asked.weights),
        "strong": _strong(asked),
        "phrase": asked.phrase.replace("\\", "").replace("%", "").replace("_", ""),
        "initials": asked.initials,
        "pinyin": words.pinyin_pattern(asked.initials),
        "forms": list(words.near_forms(asked.asked) or words.near_forms(asked.phrase)),
        "sound": words.sound(asked.phrase),
        "own": list(asked.own),
        "official": _all_of_any(asked.official),
        "unmeant": "|".join(asked.unmeant) or "^$",
        "on": on,
        "body": body_code,
        "limit": limit,
    }


def _strong(asked: words.Question) -> list[str]:
    """The pairs that make a hit; weak ones (许可, pairs across words) only order hits, where others do."""
    pairs = zip(asked.grams, asked.weights, strict=True)
    return [gram for gram, weight in pairs if weight > words.INSIDE_WORD / 2] or list(asked.grams)


def _all_of_any(names: Sequence[Sequence[str]]) -> str:
    """A pattern for texts that hold all words of one of these names; the words come from our own file."""
    return "|".join("^" + "".join(f"(?=.*{word})" for word in name) for name in names) or "^$"


def _hit(row: dict[str, Any], names: dict[str, str], asked: words.Question) -> ItemHit:
    item_type = ItemType(row["item_type"])
    return ItemHit(
        item_code=row["implementation_code"],
        name=row["name"],
        body_code=row["body_code"],
        body_name=names.get(row["body_code"], ""),
        item_type=item_type,
        item_type_label=item_type.label,
        case_type=CaseType(row["case_type"]) if row["case_type"] else CaseType.PROMISED,
        state=VersionState(row["state"]),
        promised_text=limit_text(row["promised_amount"], row["limit_unit"]),
        score=round(float(row["score"]), 4),
        also=also_in(row["extra"]),
        matched="、".join(word for word in asked.words if word in row["text"]),
    )
