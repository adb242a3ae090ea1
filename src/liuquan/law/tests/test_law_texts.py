"""Statute texts: articles, versions, refusals, and whether an article says the number that cites it."""

from datetime import date
from pathlib import Path

import pytest

from liuquan.law import (
    LawBook,
    LawError,
    Texts,
    compare_numbers,
    import_folder,
    load_law,
    parse_citation,
    read_statute,
)

OLD = """# 中华人民共和国某法

2010年1月1日 通过

<!-- INFO END -->

## 第一章 总则

第一条 为了试验，制定本法。

第二条 应当在三十日内决定。第一条的规定不适用于此。

前款规定以外的，分别处理：

（一）在十五日内答复；

（二）当场答复。

第二条之一 两名以上工作人员，罚款不超过百分之二。

第三条 本法自2010年3月1日起施行。
"""
NEW = OLD.replace("三十日", "二十日").replace("2010年3月1日", "2020年7月1日")


def texts(folder: Path, **files: str) -> Texts:
    source = folder / "source"
    source.mkdir(exist_ok=True)
    for on, content in files.items():
        name = f"某法({on.removeprefix('on_').replace('_', '-')}).md"
        (source / name).write_text(content, encoding="utf-8")
    import_folder(source, folder / "law")
    return Texts.load(folder / "law")


def test_articles_keep_their_own_words_and_nothing_else() -> None:
    statute = read_statute("某法(2010-01-01).md", OLD.encode())
    assert statute.title == "中华人民共和国某法"
    assert list(statute.articles) == ["1", "2", "2-1", "3"]
    assert statute.articles["1"] == ("为了试验，制定本法。",)
    assert len(statute.articles["2"]) == 4
    assert statute.in_force_on == date(2010, 3, 1)


def test_an_amended_law_is_in_force_from_its_own_version() -> None:
    assert read_statute("某法(2019-04-23).md", OLD.encode()).in_force_on == date(2019, 4, 23)


def test_a_citation_opens_the_version_in_force_on_its_day(tmp_path: Path) -> None:
    found = texts(tmp_path, on_2010_01_01=OLD, on_2020_05_01=NEW)
    before = found.article("某法 第二条", date(2020, 6, 30))
    after = found.article("中华人民共和国某法 第二条第一款", date(2020, 7, 1))
    assert before is not None
    assert "三十日" in before.words
    assert after is not None
    assert "二十日" in after.words
    assert found.article("某法 第二条", date(2010, 2, 28)) is None
    assert found.article("某法 第九条", date(2021, 1, 1)) is None
    assert found.article("某法", date(2021, 1, 1)) is None
    assert found.article("别的法 第一条", date(2021, 1, 1)) is None


def test_the_cited_paragraph_and_item_are_marked(tmp_path: Path) -> None:
    found = texts(tmp_path, on_2010_01_01=OLD)
    for cite, marked in (
        ("某法 第二条第一款", [True, False, False, False]),
        ("某法 第二条第二款第二项", [False, False, False, True]),
        ("某法 第二条", [False] * 4),
        ("某法 第二条之一", [False]),
    ):
        article = found.article(cite, date(2021, 1, 1))
        assert article is not None
        assert [here for _, here in article.marked(parse_citation(cite))] == marked, cite


def test_it_works_without_any_text(tmp_path: Path) -> None:
    nothing = Texts.load(tmp_path / "law")
    assert nothing.names() == ()
    assert nothing.article("行政许可法 第四十二条", date(2026, 3, 2)) is None
    report = compare_numbers(load_law(), nothing)
    assert (report.said, report.not_found) == (0, ())
    assert report.without_text > 200


def test_a_second_import_changes_nothing_and_a_correction_is_told(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "law"
    source.mkdir()
    (source / "某法(2010-01-01).md").write_text(OLD, encoding="utf-8")
    first, second = import_folder(source, target), import_folder(source, target)
    assert (first.new, first.articles, second.new, second.unchanged) == (1, 4, 0, 1)
    (source / "某法(2010-01-01).md").write_text(NEW, encoding="utf-8")
    assert import_folder(source, target).changed == 1
    found = Texts.load(target).article("某法 第二条", date(2026, 1, 1))
    assert found is not None
    assert "二十日" in found.words
    assert [path.name for path in target.iterdir()] == ["某法(2010-01-01).json"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("某法.md", OLD.encode(), "文件名应如"),
        ("../某法(2010-01-01).md", OLD.encode(), "文件名应如"),
        ("某 法(2010-01-01).md", OLD.encode(), "文件名应如"),
        ("某法(2010-02-30).md", OLD.encode(), "不存在"),
        ("某法(2010-01-01).md", OLD.encode("gbk"), "不是 UTF-8"),
        ("某法(2010-01-01).md", b"\x00" + OLD.encode(), "控制字符"),
        ("某法(2010-01-01).md", OLD.replace("试验", "试\u202e验").encode(), "U\\+202E"),
        ("某法(2010-01-01).md", "# 通知\n\n没有条文。".encode(), "没有找到"),
        ("某法(2010-01-01).md", b"", "没有找到"),
        ("某法(2010-01-01).md", (OLD + "\n第二条 又一条。\n").encode(), "出现了两次"),
        ("某法(2010-01-01).md", "第二一条 错。".encode(), "数字写法不对"),
        ("某法(2010-01-01).md", b"a" * (4 * 1024 * 1024 + 1), "超过 4 MB"),
    ],
)
def test_a_file_that_is_no_statute_is_refused_by_name(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(LawError, match=sentence) as caught:
        read_statute(name, content)
    assert str(caught.value).startswith(name)


def test_bad_files_are_refused_alone_and_a_bad_folder_whole(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "law"
    (source / "again").mkdir(parents=True)
    (source / "某法(2010-01-01).md").write_text(OLD, encoding="utf-8")
    (source / "again" / "某法(2010-01-01).md").write_text(NEW, encoding="utf-8")
    (source / "README.md").write_text("# 说明", encoding="utf-8")
    (source / "链接(2010-01-01).md").symlink_to("/etc/hostname")
    report = import_folder(source, target)
    assert report.new == 1
    assert sorted(name for name, _ in report.refused) == sorted(
        ["README.md", "链接(2010-01-01).md", "某法(2010-01-01).md"]
    )
    for folder, sentence in ((tmp_path / "none", "没有文件夹"), (source / "README.md", "没有文件夹")):
        with pytest.raises(LawError, match=sentence):
            import_folder(folder, target)
    (tmp_path / "empty").mkdir()
    with pytest.raises(LawError, match="没有可以导入"):
        import_folder(tmp_path / "empty", tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_kept_text_that_was_damaged_is_named(tmp_path: Path) -> None:
    found = texts(tmp_path, on_2010_01_01=OLD)
    (tmp_path / "law" / "某法(2010-01-01).json").write_text("{}", encoding="utf-8")
    with pytest.raises(LawError, match="某法"):
        found.article("某法 第一条", date(2026, 1, 1))


BOOK = """
prefix = "sample"
[decision]
label = "决定"
starts = "a"
unit = "working_day"
cites = ["某法 第二条"]
extension = { amount = 15, approver = "head_of_body", cites = ["某法 第二条"] }
verification = "V"
fact = "X-01"
values = [{ from = 2012-01-01, amount = 30 }, { from = 2020-07-01, amount = 20 }]
[figures.officers]
label = "人数"
unit = "people"
sense = "at_least"
cites = ["某法 第二条之一"]
verification = "V"
fact = "X-01"
values = [{ from = 2012-01-01, amount = 2 }]
[figures.share]
label = "比例"
unit = "share"
sense = "at_most"
cites = ["某法 第二条之一"]
verification = "V"
fact = "X-01"
values = [{ from = 2012-01-01, amount = "2/100" }]
"""


def sample(folder: Path, text: str) -> LawBook:
    (folder / "sample.toml").write_text(text, encoding="utf-8")
    return load_law(folder)


def test_each_value_is_looked_for_in_the_version_of_its_own_time(tmp_path: Path) -> None:
    found = texts(tmp_path, on_2010_01_01=OLD, on_2020_05_01=NEW)
    report = compare_numbers(sample(tmp_path, BOOK), found)
    assert (report.said, report.without_text, report.not_found) == (6, 0, ())


def test_a_number_the_article_does_not_say_is_listed_and_no_tail_of_another_counts(tmp_path: Path) -> None:
    found = texts(tmp_path, on_2010_01_01=OLD, on_2020_05_01=NEW)
    wrong = BOOK.replace("amount = 20 }", "amount = 10 }").replace('"2/100"', '"2/10"')
    report = compare_numbers(sample(tmp_path, wrong), found)
    assert [(one.id, one.from_on) for one in report.not_found] == [
        ("sample.decision", date(2020, 7, 1)),
        ("sample.share", date(2012, 1, 1)),
    ]
