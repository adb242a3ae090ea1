"""The law for everybody: the list of limits, an article's own words, and the commands that keep them."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liuquan.kernel.home import Home
from liuquan.kernel.refusals import BadInput, NotVisible
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


def test_import_tells_what_it_did_and_what_it_refused(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "说明.md").write_text("# 说明", encoding="utf-8")
    data = bring_in(folder).data
    assert (data["new"], data["articles"]) == (1, 2)
    assert [one["file"] for one in data["refused"]] == ["说明.md"]
    assert bring_in(folder).data["unchanged"] == 1
    with pytest.raises(BadInput, match="没有文件夹"):
        law.import_(asked(folder=tmp_path / "none"))


def test_check_counts_facts_and_compares_numbers(home: Home, tmp_path: Path) -> None:
    before = law.check(asked())
    assert "没有导入法律文本" in before.sentence
    assert before.data["facts"] == 229
    assert len(before.data["encoded"]) + len(before.data["waiting"]) + len(before.data["outside"]) == 229
    assert set(before.data["tested"]) >= {"L-04", "T-01", "X-11", "Z-04"}
    assert "credit.general_longest" in before.data["to_be_confirmed"]
    bring_in(tmp_path / "texts")
    numbers = law.check(asked()).data["numbers"]
    assert numbers["said"] >= 4
    missing = {one["id"] for one in numbers["not_found"]}
    assert "licensing.decision" not in missing
    assert "licensing.acceptance" in missing  # its own article is not among the two that were imported


def test_unsound_data_are_refused_with_every_complaint(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law, "check_law", lambda book: ["licensing.toml：甲", "licensing.toml：乙"])
    with pytest.raises(BadInput, match=r"甲\n.*乙\n.*2处"):
        law.check(asked())


def test_list_and_show_answer_people_and_programs(home: Home, tmp_path: Path) -> None:
    listed = law.list_(asked(law="licensing"))
    assert "licensing.decision　行政许可决定期限　最长20个工作日" in listed.sentence
    assert all(one["id"].startswith("licensing.") for one in listed.data["values"])
    waiting = law.list_(asked(unconfirmed=True)).data["values"]
    assert {one["verification"] for one in waiting} >= {"V2", "M"}
    bring_in(tmp_path / "texts")
    shown = law.show(asked(id="licensing.decision"))
    assert "不计入：听证、招标" in shown.sentence
    assert "可延长1次，每次不超过10个工作日" in shown.sentence
    assert "二十日内作出决定" in shown.sentence
    assert shown.data["amount"] == 20
    assert "自收到申请材料之日起即为受理" in law.show(asked(id="licensing.acceptance")).sentence
    old = law.show(asked(id="credit.slight_longest"))
    assert "没有生效的数值" in old.sentence


def test_diff_shows_both_values_with_their_instruments(home: Home) -> None:
    found = law.diff(asked(first="2026-03-31", second="2026-04-01"))
    assert "36个月（信用信息修复管理办法（试行）） → 12个月（信用修复管理办法）" in found.sentence
    assert len(found.data["differences"]) == 5


@pytest.mark.parametrize("day", ["20260331", "2026-02-30", "2026-3-1", "昨天"])
def test_what_is_no_day_is_refused(home: Home, day: str) -> None:
    with pytest.raises(BadInput, match="不是日期"):
        law.diff(asked(first=day, second="2026-04-01"))


def test_unknown_ids_and_laws_are_refused_by_name(home: Home) -> None:
    with pytest.raises(NotVisible, match=r"licensing\.nothing"):
        law.show(asked(id="licensing.nothing"))
    with pytest.raises(NotVisible, match="penalty"):
        law.list_(asked(law="nothing"))
