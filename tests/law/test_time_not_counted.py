"""The table in `docs/law.md` of sentences that leave time out of a limit, against the data and the texts."""

import re
from pathlib import Path

import pytest

from liuquan.law import Citation, load_law, parse_citation, read_statute

ROOT = Path(__file__).parents[2]
TEXTS = ROOT.parent / "shared" / "data" / "laws"
#: How laws say that time is left out, stands still, or begins again. A word too many costs only a row.
LEAVES_OUT = re.compile(
    "不计算|不计入|不予计算|不包括在|不包括.{0,16}期间|中止|停止计算|重新计算|另行计算|继续计算|期限中断|扣除|顺延"
)
_ENCODED = re.compile(r"([a-z_]+): (\*|[a-z_]+(?:, [a-z_]+)*)")


def table() -> dict[tuple[str, str], str]:
    """(law, article) to where it stands."""
    text = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \| (第\S+条) \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    return {(law, article): where.strip() for law, article, where in rows}


ROWS = table()
ENCODED = [(place, found) for place, where in ROWS.items() if (found := _ENCODED.fullmatch(where))]


@pytest.mark.parametrize(
    ("place", "found"), ENCODED, ids=lambda one: "".join(one) if type(one) is tuple else ""
)
def test_the_grounds_a_row_names_are_in_the_data_and_cite_its_article(
    place: tuple[str, str], found: re.Match[str]
) -> None:
    book, law = load_law(), found[1]
    kept = {ground.name: ground for ground in book.grounds(law)}
    names = list(kept) if found[2] == "*" else found[2].split(", ")
    assert names
    for name in names:
        assert any(cite.startswith(" ".join(place)) for cite in kept[name].citations), name
        assert (
            any(
                name in (entry.terms.excludes or ())
                for entry in book.limits()
                if entry.id.startswith(f"{law}.")
            )
            or law == "penalty"
        ), f"{name} stops nothing"


def test_every_ground_of_the_data_stands_in_a_row() -> None:
    named = {
        (found[1], name)
        for _, found in ENCODED
        for name in (
            [ground.name for ground in load_law().grounds(found[1])]
            if found[2] == "*"
            else found[2].split(", ")
        )
    }
    of_laws = {place[0] for place in ROWS}
    for (law, name), ground in load_law().all_grounds.items():
        if parse_citation(ground.citations[0]).instrument in of_laws and name != "deferral":
            assert (law, name) in named, (law, name)


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts of the laws are not here")
def test_no_sentence_of_the_texts_is_missing_from_the_table_and_no_row_is_made_up() -> None:
    found = set()
    for path in TEXTS.rglob("*.md"):
        statute = read_statute(path.name, path.read_bytes())
        for number, paragraphs in statute.articles.items():
            if any(LEAVES_OUT.search(paragraph) for paragraph in paragraphs):
                article, _, inserted = number.partition("-")
                place = Citation(statute.name, int(article), int(inserted) if inserted else None, None, None)
                found.add((statute.name, str(place).split(" ")[1]))
    assert sorted(found - set(ROWS)) == []
    assert sorted(set(ROWS) - found) == []
