"""A refused form says first what is wrong: in the title, in one list with the focus, beside the field."""

from __future__ import annotations

import re

from django.template import engines

PAGE = """{{% extends "base_portal.html" %}}
{{% block title %}}查进度{{% endblock %}}
{{% block content %}}<h1>查进度</h1>{0}{{% endblock %}}"""


def drawn(content: str, **context: object) -> str:
    return str(engines["django"].from_string(PAGE.format(content)).render(context))


def test_a_wrong_field_is_named_in_the_title_and_linked_from_the_list_with_the_focus() -> None:
    html = drawn('{% wrong "id_name" "姓名" said %}', said="请填写。")
    assert "<title>错误：查进度</title>" in html
    box = re.search(r'<div[^>]*id="refused"[^>]*>.*</ul></div>', html)
    assert box
    assert 'tabindex="-1" autofocus' in box[0]
    assert '<a href="#id_name">姓名：请填写。</a>' in box[0]
    assert html.index("refused") < html.index("<h1>")
    assert '<p class="wrong" id="id_name_error">请填写。</p>' in html


def test_a_page_without_anything_wrong_has_neither() -> None:
    html = drawn('{% wrong "id_name" "姓名" said %}{% refused "" %}', said="")
    assert "<title>查进度</title>" in html
    assert "refused" not in html
    assert "wrong" not in html


def test_what_is_wrong_with_the_whole_form_stands_once_with_its_law() -> None:
    html = drawn('{% refused said "行政许可法 第三十二条" %}{% wrong "id_a" "" "缺。" %}', said="<没有办成>")
    assert "&lt;没有办成&gt;" in html
    assert "依据：" in html
    law = drawn('{% refused said "行政许可法 第三十二条" %}{% wrong "id_a" "甲" said %}', said="缺“材料”。")
    listed = law[law.index('id="refused"') :].partition("</div>")[0]
    assert listed.count("缺“材料”") == 1
    assert "第三十二条" in listed
    twice = drawn('{% wrong "id_a" "" said %}{% wrong "id_b" "" said %}', said="缺材料。")
    assert twice.count('<a href="#id_a">') == 1
    assert 'href="#id_b"' not in twice
    once = drawn('{% refused said %}{% wrong "id_a" "" said %}', said="缺材料。")
    assert once.count("缺材料。") == 2  # in the list and beside the field


def test_a_fragment_shows_the_sentence_beside_the_field_only() -> None:
    html = engines["django"].from_string('{% wrong "id_name" "姓名" "请填写。" %}').render({})
    assert html == '<p class="wrong" id="id_name_error">请填写。</p>'
