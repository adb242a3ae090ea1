"""Reading a list of items: good rows, bad rows with number and reason, files that are no list; pure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.catalogue.item_list_file import MAX_BYTES, read_item_list
from liuquan.catalogue.types import ItemType
from liuquan.kernel.home import CHECKOUT
from liuquan.kernel.refusals import BadInput, TooLarge

HEADER = "department,main_item,name,area_code,item_code,task_type,dept_code,task_type_name_guess,link\r\n"
SAMPLE = CHECKOUT / "packs" / "demo" / "samples" / "matters.csv"


def row(name: str = "测试事项", code: str = "A001-1", kind: str = "1", label: str = "行政许可") -> str:
    return f"市测试局,未分类,{name},990100000000,{code},{kind},99010009,{label},https://service.example/{code}\r\n"


def file(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return (header + "".join(rows)).encode(encoding)


def reasons(content: bytes) -> dict[int, str]:
    return {one.row: one.reason for one in read_item_list(content).rejected}


def test_a_good_file_gives_its_rows_as_they_stand() -> None:
    found = read_item_list(file(row("甲事项", "A-01"), row("乙事项", "B-01", "20", "公共服务")))
    assert (found.rows, found.rejected, found.notes) == (2, (), ())
    assert [(one.row, one.name, one.item_type) for one in found.items] == [
        (2, "甲事项", ItemType.LICENCE),
        (3, "乙事项", ItemType.PUBLIC_SERVICE),
    ]


def test_the_sample_of_the_demo_is_all_good() -> None:
    found = read_item_list(SAMPLE.read_bytes())
    assert (found.rows, len(found.items)) == (25, 25)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_other_encodings_are_read_and_said(encoding: str) -> None:
    found = read_item_list(file(row("甲事项"), row("乙事项", "B-01"), encoding=encoding))
    assert [one.name for one in found.items] == ["甲事项", "乙事项"]
    assert bool(found.notes) == (encoding != "utf-8-sig")
    if encoding.startswith("gb"):
        assert "GBK" in found.notes[0]


def test_a_utf8_file_with_one_broken_line_loses_only_that_line() -> None:
    broken = row("坏", "B-01").encode().replace("坏".encode(), b"\xff\xfe")
    found = read_item_list(file(row("甲事项")) + broken + row("丙事项", "C-01").encode())
    assert [one.name for one in found.items] == ["甲事项", "丙事项"]
    assert found.rejected[0].row == 3
    assert "无法识别的字符" in found.rejected[0].reason


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (row(name=""), "没有填写事项名称"),
        (row(code=""), "没有填写事项编码"),
        (row(name="=HYPERLINK(1)"), "像是表格公式"),
        (row(name="+事项"), "像是表格公式"),
        (row(name="@事项"), "像是表格公式"),
        (row(name="-事项"), "像是表格公式"),
        (row(name="事\x00项"), "空字符"),
        (row(name="事\x07项"), "控制字符"),
        (row(name="事\u202e项"), "控制字符"),
        (row(name="<script>x</script>事项"), "网页代码"),
        (row(name="长" * 201), "超过200个"),
        (row(name="长" * 1_000_000), "没有读入"),
        (row(kind="77"), "不在国家标准的代码表里"),
        (row(kind="1", label="公共服务"), "名称却写"),
        (row(code="编码一"), "不是4至64位"),
        (row().replace("990100000000", "99 01"), "区划代码"),
        (row().replace("https:", "javascript:"), "不是 http 开头"),
        ("多一列," + row(), "有10列，表头是9列"),
        (row().replace(",未分类", "", 1), "有8列，表头是9列"),
        (
            "未分类,测试事项,990100000000,A001-1,1,99010009,行政许可,https://a.example/,市测试局\r\n",
            "疑似整行错位",
        ),
        (
            '市测试局,未分类,"没有关上的引号,990100000000,A001-1,1,1,行政许可,https://a.example/\r\n',
            "引号没有成对",
        ),
    ],
)
def test_a_bad_row_is_named_and_the_rows_around_it_go_in(bad: str, words: str) -> None:
    found = read_item_list(file(row("前一行", "Q-01"), bad, row("后一行", "H-01")))
    assert [one.name for one in found.items] == ["前一行", "后一行"]
    assert [one.row for one in found.rejected] == [3]
    assert words in found.rejected[0].reason
    assert found.rows == 3


def test_a_repeated_code_says_which_row_it_repeats() -> None:
    found = reasons(file(row("甲", "A-01"), row("乙", "B-01"), row("丙", "A-01")))
    assert found == {4: "事项编码“A-01”与第2行重复，没有读入；以第2行为准。"}


def test_a_cell_of_several_lines_is_one_row_of_the_spreadsheet() -> None:
    found = read_item_list(file(row('"甲\r\n事项"', "A-01"), row(kind="77", code="B-01")))
    assert [one.row for one in found.rejected] == [3]


def test_blank_lines_are_skipped_and_row_numbers_stay_those_of_the_spreadsheet() -> None:
    found = read_item_list(file("\r\n", row("甲", "A-01"), ",,,,,,,,\r\n", row(kind="77", code="B-01")))
    assert (found.rows, [one.row for one in found.items], [one.row for one in found.rejected]) == (
        2,
        [3],
        [5],
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"\xef\xbb\xbf \r\n\r\n", "空的"),
        (HEADER.encode(), "只有表头"),
        (row().encode(), "应当是表头，但缺少列"),
        (file(row(), header="department,name,area_code\r\n"), "item_code（事项编码）"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\xd0\xcf\x11\xe0rest", "旧版 Excel"),
        (b"%PDF-1.7", "PDF"),
        (file(row(), header=HEADER.replace("link", "name")), "出现了两次"),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(content: bytes, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_item_list(content)
    assert words in refused.value.sentence


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(TooLarge, match="请拆成几个文件"):
        read_item_list(b"a" * (MAX_BYTES + 1))


def test_chinese_headers_and_other_separators_are_known() -> None:
    header = "实施主体\t事项名称\t区划代码\t实施编码\t事项类型代码\n"
    found = read_item_list((header + "市测试局\t甲事项\t990100\tA-01\t01\n").encode())
    assert found.items[0].name == "甲事项"


@settings(max_examples=60)
@given(st.lists(st.text(alphabet='a,"\r\n=甲1\x00', max_size=30), max_size=8))
def test_whatever_stands_in_the_rows_every_row_is_taken_or_named(lines: list[str]) -> None:
    try:
        found = read_item_list(file(row("甲", "A-01"), *(line + "\n" for line in lines)))
    except BadInput:
        return
    assert len(found.items) + len(found.rejected) == found.rows
    assert found.items[0].name == "甲"
