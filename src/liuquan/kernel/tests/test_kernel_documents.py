"""Papers: the same bytes for the same input, every character present, data never code."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from liuquan.kernel import documents
from liuquan.kernel.refusals import BadInput

ON = date(2026, 3, 9)
URL = "https://zwfw.example.cn/v/7K3QM9XT"
TEMPLATES = Path(documents.__file__).parent / "templates" / "papers"


def notice(**changes: Any) -> dict[str, Any]:
    return {
        "body": "示例市行政审批服务管理局",
        "number": "示审告〔2026〕12号",
        "title": "补正一次性告知书",
        "addressee": "张记小餐馆",
        "paragraphs": ["你单位提出的申请收悉。"],
        "table": {"head": ["序号", "材料"], "rows": [["1", "平面图"]], "widths": [1, 5]},
        "seal": {"demo": True},
        "verify": {"code": "7K3Q-M9XT", "url": URL},
        **changes,
    }


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def render(data: dict[str, Any], template: str = documents.NOTICE) -> bytes:
    return documents.render(template, data, qr=URL, on=ON)


def test_the_same_input_gives_the_same_bytes_also_in_another_thread() -> None:
    here = render(notice())
    with ThreadPoolExecutor(1) as pool:
        there = pool.submit(render, notice()).result()
    assert here == render(notice()) == there
    assert here != render(notice(addressee="李记小餐馆"))


def test_a_notice_is_pdf_a_with_head_number_title_addressee_table_date_seal_and_verify_code() -> None:
    pdf = render(notice())
    text = text_of(pdf)
    for part in (
        "示例市行政审批服务管理局",
        "示审告〔2026〕12号",
        "补正一次性告知书",
        "张记小餐馆：",
        "平面图",
    ):
        assert part in text
    for part in ("2026年3月9日", "7K3Q-M9XT", URL, "审批专用章", "演示", "第1页共1页"):
        assert part in text
    assert b"pdfaid:part>2<" in pdf
    assert PdfReader(io.BytesIO(pdf)).metadata.title == "补正一次性告知书"


def test_a_seal_that_is_not_of_a_demo_does_not_say_so() -> None:
    assert "演示" not in text_of(render(notice(seal={"demo": False})))
    assert "审批专用章" not in text_of(render(notice(seal=None)))


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_a_slip_shows_its_facts_on_one_page(size: str) -> None:
    pdf = render(notice(size=size, facts=[["申请人", "张记小餐馆"], ["查询码", "7K3QM9XT"]]), documents.SLIP)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert "申请人张记小餐馆" in text_of(pdf)


def test_a_long_paper_repeats_the_footer_and_never_leaves_the_signature_alone() -> None:
    pages = (
        PdfReader(io.BytesIO(render(notice(paragraphs=["依据如下。" * 30] * n)))).pages if (n := 9) else []
    )
    assert len(pages) >= 2
    assert all("7K3Q-M9XT" in page.extract_text() for page in pages)


def test_typst_in_the_data_is_printed_and_not_run() -> None:
    hostile = '#panic("x") $x$ *粗* #read("/site/settings.py") \\u{41} <label> @cite // /* `raw` ] } "'
    text = text_of(render(notice(paragraphs=[hostile], addressee="#eval(1)", number="$n$", title="*题*")))
    for part in (
        '#panic("x")',
        "$x$",
        "*粗*",
        '#read("/site/settings.py")',
        "<label>@cite//",
        "#eval(1)",
        "*题*",
    ):
        assert part.replace(" ", "") in text


def test_no_template_evaluates_text() -> None:
    for template in TEMPLATES.glob("*.typ"):
        source = template.read_text(encoding="utf-8")
        assert "eval(" not in source
        assert "@preview" not in source


def test_a_character_missing_from_the_fonts_is_refused_by_name_and_place() -> None:
    with pytest.raises(BadInput) as refusal:
        render(notice(addressee="张\U000323af", table={"rows": [["1", "🎉"]]}))
    assert refusal.value.code == "missing_glyph"
    assert "U+323AF" in refusal.value.sentence
    assert "U+1F389" in refusal.value.sentence
    assert "附上该字的图片" in refusal.value.sentence
    assert set(refusal.value.fields) == {"addressee", "table.rows.0.1"}


@pytest.mark.parametrize("name", ["龘", "㐱", "䶮", "\U0002b36f", "喆", "·", "（）〔〕—…"])
def test_rare_characters_that_the_fonts_have_are_printed(name: str) -> None:
    documents.refuse_unprintable({"name": name})
    assert name in text_of(render(notice(addressee=name)))


def test_the_fixed_words_of_the_templates_are_all_printable() -> None:
    words = {
        path.name: "".join(re.findall(r"[^\x00-\x7f]", path.read_text("utf-8")))
        for path in TEMPLATES.glob("*")
    }
    documents.refuse_unprintable(words)
    assert len(words) >= 3


def test_the_qr_code_is_one_svg_without_script() -> None:
    svg = documents.qr_svg(URL)
    assert svg.startswith("<svg")
    assert "script" not in svg
