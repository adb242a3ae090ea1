"""The law for everybody: the list of limits, an article's own words, and the commands that keep them."""

import re
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from liuquan.kernel.home import Home
from liuquan.law import is_named, load_law
from liuquan.site.commands import Answer, law
from liuquan.testing.browsers import SetNow
from liuquan.timekeeping.views import law as pages

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
TEXT = """# 中华人民共和国行政许可法

第四十二条 应当自受理之日起二十日内作出决定，可以延长十日。<script>alert(1)</script>

第二款的字句，四十五日，十五日。

第八十二条 以工作日计算。
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    found = Home(tmp_path / "home")
    monkeypatch.setattr(pages, "current_home", lambda: found)
    monkeypatch.setattr(law, "current_home", lambda: found)
    return found


@pytest.fixture
def visitor(city_db: str, home: Home, set_now: SetNow) -> Client:
    set_now(NOW)
    return Client()


def asked(**values: Any) -> Namespace:
    return Namespace(**{"json": False, "on": "2026-03-04", "law": "", "unconfirmed": False, **values})


def bring_in(folder: Path) -> Answer:
    folder.mkdir(exist_ok=True)
    (folder / "行政许可法(2019-04-23).md").write_text(TEXT, encoding="utf-8")
    return law.import_(asked(folder=folder))


def article(client: Client, citation: str, status: int = 200) -> str:
    response = client.get(reverse("law_article", args=[citation]))
    assert response.status_code == status
    return response.content.decode()


def test_an_article_opens_with_its_own_words_and_the_cited_paragraph_first(
    visitor: Client, tmp_path: Path
) -> None:
    bring_in(tmp_path / "texts")
    shown = article(visitor, "行政许可法 第四十二条第二款")
    assert "<strong>第二款的字句，四十五日，十五日。</strong>" in shown
    assert "二十日内作出决定" in shown
    assert "2019年4月23日" in shown
    assert "<script>alert" not in shown
    assert "行政许可法 第四十二条" in article(visitor, "《中华人民共和国行政许可法》第四十二条")
    assert "第八十二条" in article(visitor, "行政许可法")
    assert "没有这一条" in article(visitor, "行政许可法 第九十条")


def test_without_a_text_the_page_says_so_and_what_is_no_citation_is_not_found(visitor: Client) -> None:
    assert "原文没有导入" in article(visitor, "行政许可法 第四十二条")
    assert "原文没有导入" in article(visitor, "GB/T33358—2016")
    assert "请写成" in article(visitor, "行政许可法 第42条", 404)
    assert "请写成" in article(visitor, "第四十二条", 404)


def test_the_fragment_is_the_words_alone(visitor: Client, tmp_path: Path) -> None:
    bring_in(tmp_path / "texts")
    address = reverse("law_article", args=["行政许可法 第八十二条"])
    shown = visitor.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "以工作日计算" in shown
    assert "<html" not in shown


def listed(client: Client, **asked: str) -> str:
    """All pages of the list, one after the other."""
    told = []
    for number in range(1, 20):
        response = client.get(reverse("law_limits"), {**asked, "page": str(number)})
        assert response.status_code == 200
        told.append(response.content.decode())
        if "下一页" not in told[-1]:
            return "".join(told)
    raise AssertionError("too many pages")


def labels(page: str) -> list[str]:
    return [" ".join(one.split()) for one in re.findall(r'data-label="什么期限">\s*<span>\s*(.*?)\s*<', page)]


def test_the_list_shows_every_limit_in_force_and_what_is_to_be_confirmed(visitor: Client) -> None:
    shown = listed(visitor)
    assert "行政许可决定期限" in shown
    assert "待核对" in shown
    assert reverse("law_article", args=["行政许可法 第四十二条第一款"]) in shown
    assert "最长公示期" in shown
    assert "轻微失信" not in shown  # in force from 2026-04-01
    (count,) = set(re.findall(r"有效的期限和数额共(\d+)项", shown))
    assert len(labels(shown)) == int(count)


def test_what_names_no_place_is_left_out_and_counted_and_no_open_name_is_shown(visitor: Client) -> None:
    shown = listed(visitor)
    assert "某" not in "".join(re.findall(r"<td.*?</td>", shown, re.DOTALL))
    assert "名称待核对" not in shown
    book = load_law()
    unnamed = [
        one for entry in (*book.limits(), *book.figures()) for one in entry.all_terms() if not is_named(one)
    ]
    assert f"另有{len(unnamed)}项" in shown


def test_in_each_topic_the_limits_of_this_place_come_first_and_of_others_last_with_their_names(
    visitor: Client,
) -> None:
    shown = listed(visitor, field="hotline")
    rows = re.findall(r'data-label="什么期限">(.*?)</td>', shown, re.DOTALL)
    local = ["地方规定：" in row for row in rows]
    assert local == sorted(local)
    assert 0 < sum(local) < len(local)
    assert "地方规定：安阳市" in "".join(rows)
    assert "地方规定" not in listed(visitor, place="全国")


def test_the_list_is_narrowed_by_words_topic_law_and_place_and_says_how_many(visitor: Client) -> None:
    def count(**asked: str) -> int:
        page = listed(visitor, **asked)
        found = len(labels(page))
        assert (f"符合条件的共 {found} 项" in page) == bool(found)
        assert ("没有符合条件的期限" in page) == (not found)
        return found

    assert count(q="行政许可决定期限") == count(q="行政許可決定期限") == count(q="xzxkjdqx") >= 1
    assert count(q="安阳 热线") == 2 == count(place="安阳市", field="hotline")
    assert set(labels(listed(visitor, law="行政许可法"))) > {"行政许可决定期限"}
    assert "行政处罚法" not in "".join(re.findall(r'"依据">.*?</td>', listed(visitor, law="行政许可法")))
    assert count(field="licensing") < count(field="procurement")
    assert count(q="量子纠缠") == 0
    assert count(field="nothing") == 0


def test_every_field_of_law_has_a_name_for_people() -> None:
    book = load_law()
    fields = {entry.id.partition(".")[0] for entry in (*book.limits(), *book.figures())}
    assert fields == set(pages.FIELDS)


def test_a_line_of_citations_becomes_links_and_nothing_else_does() -> None:
    template = Template("{% load citations %}{{ text|cited }}")
    shown = template.render(Context({"text": "行政许可法 第四十二条、国办发〔2017〕97号；<b>"}))
    assert shown.count("<a ") == 1
    assert "、国办发〔2017〕97号；&lt;b&gt;" in shown
    assert template.render(Context({"text": ""})) == ""
    assert template.render(Context({"text": None})) == ""
