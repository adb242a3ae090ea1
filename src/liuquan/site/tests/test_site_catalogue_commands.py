"""The commands `catalogue …` and `pack …`: what they answer to people and to programs."""

from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.refusals import BadInput
from liuquan.site.commands import all_commands, catalogue, pack

SAMPLE = CHECKOUT / "packs" / "demo" / "samples" / "matters.csv"


def asked(**values: Any) -> Namespace:
    return Namespace(**{"json": False, **values})


def test_import_answers_programs_with_five_figures_and_nothing_else(
    db: None, capfd: pytest.CaptureFixture[str]
) -> None:
    first = catalogue.import_file(asked(file=SAMPLE, json=True)).data
    assert first == {"rows": 25, "created": 25, "updated": 0, "unchanged": 0, "rejected": []}
    second = catalogue.import_file(asked(file=SAMPLE, json=True)).data
    assert second == {"rows": 25, "created": 0, "updated": 0, "unchanged": 25, "rejected": []}
    assert capfd.readouterr().out == ""


def test_import_tells_people_what_is_lacking(db: None) -> None:
    sentence = catalogue.import_file(asked(file=SAMPLE)).sentence
    assert "读到25行：新增25" in sentence
    assert "市交通运输局　6项" in sentence
    assert "没有设定依据，不得发布。　25" in sentence


def test_rejected_rows_come_with_row_and_reason(db: None, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:3], "=坏" + lines[3], lines[2]]), encoding="gbk")
    answer = catalogue.import_file(asked(file=file))
    rejected = answer.data["rejected"]
    assert [one["row"] for one in rejected] == [4, 5]
    assert "公式" in rejected[0]["reason"]
    assert "与第3行重复" in rejected[1]["reason"]
    assert "第4行没有收" in answer.sentence
    assert "GBK" in answer.sentence


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有文件"):
        catalogue.import_file(asked(file=tmp_path / "none.csv"))
    with pytest.raises(BadInput, match="文件夹"):
        catalogue.import_file(asked(file=tmp_path))


def test_lacks_and_search_answer_for_drafts(db: None) -> None:
    catalogue.import_file(asked(file=SAMPLE))
    lacks = catalogue.lacks(asked(body=""))
    assert (lacks.data["drafts"], lacks.data["publishable"]) == (25, 0)
    assert "草稿25项，其中0项可以发布" in lacks.sentence
    found = catalogue.search(asked(words=["网吧"], limit=5, public=False))
    assert "互联网上网服务营业场所" in found.data["hits"][0]["name"]
    none = catalogue.search(asked(words=["网吧"], limit=5, public=True))
    assert none.data["hits"] == []
    assert "没有找到" in none.sentence
    assert catalogue.law(asked()).data == {"longer_than_law": []}


def test_pack_check_says_that_the_demo_is_good_and_names_what_is_not(tmp_path: Path) -> None:
    assert pack.check(asked(path=CHECKOUT / "packs" / "demo")).data["errors"] == 0
    (tmp_path / "pack.toml").write_text('name = "x"\n', encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        pack.check(asked(path=tmp_path))
    assert "pack.toml:1：" in refused.value.sentence
    assert "divisions.toml:1：没有这个文件" in refused.value.sentence


def test_pack_load_says_what_it_did(db: None) -> None:
    first = pack.load(asked(path=CHECKOUT / "packs" / "demo"))
    assert (first.data["created"], first.data["published"]) == (20, 20)
    assert "没有变化" in pack.load(asked(path=CHECKOUT / "packs" / "demo")).sentence


def test_the_commands_are_found_by_their_words() -> None:
    words = {command.words for command in all_commands()}
    assert {"catalogue import", "catalogue lacks", "catalogue search", "pack check", "pack load"} <= words
