"""The file `hotline.toml` of a pack: which body answers the hotline, its classes, dispatch catalogue and
limits.

`[hotline]` body; `[[class]]` code, name, parent, words; `[[line]]` class, body, basis, from_on, to_on,
division; `[[limit]]` key, amount, unit, extension, place, from_on, to_on; `[[article]]`, which may be
missing: number (ZS and five digits up to 50000), question, answer, document, clause, owner, classes, words,
reviewed_on, review_due, valid_from, valid_to, public."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from liuquan.clock import Unit
from liuquan.hotline import actions
from liuquan.hotline.articles import ArticleGiven, problems
from liuquan.hotline.terms import NEEDED
from liuquan.hotline.types import CatalogueLine, HotlineData, LocalLimit, RequestClass
from liuquan.kinds.types import PackSection, PackWrong
from liuquan.organisation.types import OrganisationData

FILE: Final = "hotline.toml"

#: table → its keys with the type of each; those after the bar may be missing
_KEYS: Final[Mapping[str, tuple[Mapping[str, type], Mapping[str, type]]]] = {
    "class": ({"code": str, "name": str}, {"parent": str, "words": list}),
    "line": ({"class": str, "body": str, "basis": str, "from_on": date}, {"to_on": date, "division": str}),
    "limit": (
        {"key": str, "amount": int, "unit": str, "place": str, "from_on": date},
        {"to_on": date, "extension": int},
    ),
    "article": (
        {
            **dict.fromkeys(("number", "question", "answer", "document", "clause", "owner"), str),
            **{"classes": list, "reviewed_on": date, "review_due": date, "valid_from": date},
        },
        {"words": list, "valid_to": date, "public": bool},
    ),
}


#: tables that a pack may leave out
_OPTIONAL: Final = frozenset({"article"})
_NUMBER: Final = re.compile(r"ZS[0-4][0-9]{4}|ZS50000")


def check(values: Mapping[str, Any], beside: OrganisationData | None) -> Iterator[PackWrong]:
    """Everything wrong in the file: form first, and what the rows refer to only where the form is right."""
    formal = list(_form(values))
    yield from formal
    if formal:
        return
    yield from _of_classes(values["class"])
    yield from _of_limits(values["limit"])
    yield from _of_articles(values.get("article", ()), {row["code"] for row in values["class"]}, beside)
    if beside is None:
        return
    bodies = {body.code for body in beside.bodies}
    divisions = {division.code for division in beside.divisions}
    if values["hotline"]["body"] not in bodies:
        yield PackWrong("bodies.toml 里没有这个热线中心，请核对代码。", ("hotline", "body"))
    yield from _of_lines(values["line"], {row["code"] for row in values["class"]}, bodies, divisions)


def load(values: Mapping[str, Any], source: str) -> None:
    """Load the file, which was checked."""
    actions.load(read(values, source))


def read(values: Mapping[str, Any], source: str) -> HotlineData:
    """The hotline as the file, which was checked, describes it."""
    return HotlineData(
        source=source,
        body_code=values["hotline"]["body"],
        classes=tuple(
            RequestClass(row["code"], row["name"], row.get("parent", ""), tuple(row.get("words", ())))
            for row in values["class"]
        ),
        catalogue=tuple(
            CatalogueLine(
                row["class"],
                row["body"],
                row["basis"],
                row["from_on"],
                row.get("to_on"),
                row.get("division", ""),
            )
            for row in values["line"]
        ),
        limits=tuple(
            LocalLimit(
                row["key"],
                row["amount"],
                row["unit"],
                row["place"],
                row["from_on"],
                row.get("to_on"),
                row.get("extension", 0),
            )
            for row in values["limit"]
        ),
        articles=tuple(_article(row) for row in values.get("article", ())),
    )


def _article(row: Mapping[str, Any]) -> tuple[str, date, ArticleGiven]:
    given = ArticleGiven(
        question=row["question"],
        answer=row["answer"],
        document=row["document"],
        clause=row["clause"],
        owner_body=row["owner"],
        class_codes=tuple(row["classes"]),
        words=tuple(row.get("words", ())),
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
        review_due=row["review_due"],
        is_public=row.get("public", True),
    )
    return row["number"], row["reviewed_on"], given


def _form(values: Mapping[str, Any]) -> Iterator[PackWrong]:
    for key in values:
        if key not in (*_KEYS, "hotline"):
            yield PackWrong(f"不认识的表“{key}”，请核对拼写。", (key,))
    centre = values.get("hotline")
    if not isinstance(centre, dict) or not isinstance(centre.get("body"), str):
        yield PackWrong("没有写 [hotline] 的 body，即热线中心的代码。", ("hotline",))
    for table, (needed, optional) in _KEYS.items():
        rows = values.get(table)
        if rows is None and table in _OPTIONAL:
            continue
        if not isinstance(rows, list) or not rows:
            yield PackWrong(f"没有写 [[{table}]]。")
            continue
        for at, row in enumerate(rows):
            yield from _row_form(table, at, row, needed, optional)


def _row_form(
    table: str, at: int, row: Mapping[str, Any], needed: Mapping[str, type], optional: Mapping[str, type]
) -> Iterator[PackWrong]:
    known = {**needed, **optional}
    for key in row:
        if key not in known:
            yield PackWrong(f"不认识的键“{key}”，请核对拼写。", (table, at, key))
    for key, kind in known.items():
        said = row.get(key)
        if (key in needed and said is None) or (said is not None and type(said) is not kind):
            yield PackWrong(f"没有写 {key}，或者写法不对。", (table, at, key) if key in row else (table, at))


def _of_classes(rows: Iterable[Mapping[str, Any]]) -> Iterator[PackWrong]:
    top = {row["code"] for row in rows if not row.get("parent")}
    seen: set[str] = set()
    for at, row in enumerate(rows):
        if row["code"] in seen:
            yield PackWrong(f"分类代码“{row['code']}”写了两次。", ("class", at, "code"))
        seen.add(row["code"])
        if row.get("parent") and row["parent"] not in top:
            yield PackWrong("上级分类不存在，或者它自己还有上级；分类只有两级。", ("class", at, "parent"))


def _of_lines(
    rows: Iterable[Mapping[str, Any]], classes: set[str], bodies: set[str], divisions: set[str]
) -> Iterator[PackWrong]:
    for at, row in enumerate(rows):
        if row["class"] not in classes:
            yield PackWrong(f"没有分类“{row['class']}”。", ("line", at, "class"))
        if row["body"] not in bodies:
            yield PackWrong("bodies.toml 里没有这个单位，请核对代码。", ("line", at, "body"))
        if row.get("division") and row["division"] not in divisions:
            yield PackWrong("divisions.toml 里没有这个区划，请核对代码。", ("line", at, "division"))
        if not row["basis"].strip():
            yield PackWrong("请写明这项职责的依据。", ("line", at, "basis"))


def _of_limits(rows: Iterable[Mapping[str, Any]]) -> Iterator[PackWrong]:
    units = {unit.value for unit in Unit}
    for at, row in enumerate(rows):
        if row["key"] not in NEEDED:
            yield PackWrong(f"没有时限“{row['key']}”，可以写：{'、'.join(NEEDED)}。", ("limit", at, "key"))
        if row["unit"] not in units:
            yield PackWrong(
                f"没有单位“{row['unit']}”，可以写：{'、'.join(sorted(units))}。", ("limit", at, "unit")
            )
        if row["amount"] < 0 or row.get("extension", 0) < 0:
            yield PackWrong("数量不能是负数。", ("limit", at, "amount"))
        if not row["place"].strip():
            yield PackWrong("热线的时限是地方规定，请在 place 写明出处。", ("limit", at, "place"))
    if lacking := [key for key in NEEDED if key not in {row["key"] for row in rows}]:
        yield PackWrong(f"没有写这些时限：{'、'.join(lacking)}。")


def _of_articles(
    rows: Iterable[Mapping[str, Any]], classes: set[str], beside: OrganisationData | None
) -> Iterator[PackWrong]:
    bodies = {body.code for body in beside.bodies} if beside else None
    seen: set[str] = set()
    for at, row in enumerate(rows):
        if not _NUMBER.fullmatch(row["number"]):
            yield PackWrong(
                "编号写 ZS 和五位数字，50000 以后的留给页面新增的条目。", ("article", at, "number")
            )
        if row["number"] in seen:
            yield PackWrong(f"知识条目“{row['number']}”写了两次。", ("article", at, "number"))
        seen.add(row["number"])
        given = _article(row)[2]
        known = [given.owner_body] if bodies is None else bodies
        for name, sentence in problems(given, on=row["reviewed_on"], bodies=known, classes=classes).items():
            where = _FIELDS.get(name, name)
            yield PackWrong(sentence, ("article", at, where) if where in row else ("article", at))


_FIELDS: Final = {"owner_body": "owner", "class_codes": "classes"}
SECTION = PackSection(FILE, check, load)
