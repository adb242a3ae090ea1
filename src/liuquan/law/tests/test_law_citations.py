"""Citations: read as written, written as read, refused when they cannot be looked up."""

import pytest

from liuquan.law import BadCitation, Citation, citation_in, parse_citation
from liuquan.law.citations import from_numeral, to_numeral


@pytest.mark.parametrize(
    ("text", "citation"),
    [
        ("行政许可法 第四十二条", Citation("行政许可法", 42)),
        ("行政许可法 第三十二条第一款第四项", Citation("行政许可法", 32, None, 1, 4)),
        ("民法典 第二百零三条", Citation("民法典", 203)),
        ("刑法 第一百二十条之一第二款", Citation("刑法", 120, 1, 2)),
        ("国办发〔2017〕97号", Citation("国办发〔2017〕97号")),
        ("国务院令第716号 第八条", Citation("国务院令第716号", 8)),
    ],
)
def test_a_citation_is_read_and_written_the_same(text: str, citation: Citation) -> None:
    assert parse_citation(text) == citation
    assert str(citation) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "行政许可法第四十二条",
        "行政许可法 第42条",
        "行政许可法 42条",
        "行政许可法 第四十二",
        "行政许可法 第四十二条 ",
        "行政许可法  第四十二条",
        "行政许可法 第四二条",
        "行政许可法 第四十二条等",
    ],
)
def test_a_citation_that_cannot_be_looked_up_is_refused(text: str) -> None:
    with pytest.raises(BadCitation):
        parse_citation(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("行政许可法 第四十二条第一款", "行政许可法 第四十二条第一款"),
        ("《中华人民共和国行政许可法》第四十二条", "行政许可法 第四十二条"),
        (" 建筑法第七条 ", "建筑法 第七条"),
        ("国办发〔2017〕97号", "国办发〔2017〕97号"),
    ],
)
def test_people_may_write_a_citation_their_own_way(text: str, written: str) -> None:
    assert str(citation_in(text)) == written


@pytest.mark.parametrize("text", ["", "   ", "第四十二条", "行政许可法 第42条", "看 这里"])
def test_what_is_no_citation_is_none(text: str) -> None:
    assert citation_in(text) is None


def test_every_article_number_has_one_numeral() -> None:
    numbers = (1, 10, 11, 20, 42, 100, 101, 110, 203, 1001)
    numerals = "一 十 十一 二十 四十二 一百 一百零一 一百一十 二百零三 一千零一"
    assert " ".join(to_numeral(n) for n in numbers) == numerals
    assert all(from_numeral(to_numeral(n)) == n for n in range(1, 1300))
