"""The look: every component renders, labels its controls, and its colours can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, engines
from django_cotton.compiler_regex import CottonCompiler

from liuquan.kernel import pages

KERNEL = Path(pages.__file__).parent
CSS = (KERNEL / "static" / "kernel" / "liuquan.css").read_text(encoding="utf-8")
COMPONENTS = sorted((KERNEL / "templates" / "cotton").glob("*.html"))


def show(source: str, **context: Any) -> str:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    template = engine.from_string(CottonCompiler().process(source))
    return re.sub(r"\s+", " ", str(template.render(Context(context))))


class Asked(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    note = forms.CharField(label="备注", required=False)


def test_every_component_says_in_its_head_how_it_is_used() -> None:
    assert len(COMPONENTS) >= 18
    for path in COMPONENTS:
        assert path.read_text(encoding="utf-8").startswith("{% comment %}"), path.name


@pytest.mark.parametrize(
    ("colour", "shape", "word"),
    [("green", "●", "正常"), ("yellow", "▲", "临近"), ("red", "■", "超期"), ("grey", "Ⅱ", "不计时")],
)
def test_a_lamp_is_colour_and_shape_and_word(colour: str, shape: str, word: str) -> None:
    html = show(f'<c-lamp colour="{colour}" />')
    assert f"lamp-{colour}" in html
    assert shape in html
    assert word in html
    assert "暂停" in show(f'<c-lamp colour="{colour}" word="暂停" />')


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    html = show(
        '<c-field label="姓名" name="name" value="张三" hint="与身份证一致" '
        'error="不能为空。" required maxlength="9" />'
    )
    assert '<label for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'maxlength="9"' in html
    assert " required" in html


def test_a_field_of_a_form_brings_its_own_label_help_and_errors() -> None:
    form = Asked({"name": ""})
    html = show('<c-field :bound="form.name" /><c-field :bound="form.note" />', form=form)
    assert 'id="id_name_error"' in html
    assert "与身份证一致" in html
    assert "备注 <span" in html
    for identity in re.findall(r'aria-describedby="([^"]+)"', html):
        assert all(f'id="{part}"' in html for part in identity.split())


def test_what_a_person_typed_is_escaped() -> None:
    hostile = '"><script>alert(1)</script>'
    html = show(
        '<c-field label="姓名" name="n" :value="typed" :error="typed" /><c-alert>{{ typed }}</c-alert>',
        typed=hostile,
    )
    html += show('<c-card :title="typed"></c-card><c-fact :label="typed">{{ typed }}</c-fact>', typed=hostile)
    assert "<script>" not in html


def test_choices_and_select_mark_what_was_chosen() -> None:
    pairs = [("1", "受理"), ("2", "不予受理")]
    html = show(
        '<c-choices label="结果" name="o" :options="pairs" value="2" />'
        '<c-select label="结果" name="s" :options="pairs" :value="chosen" />',
        pairs=pairs,
        chosen=1,
    )
    assert re.search(r'value="2"\s+checked', html)
    assert '<option value="1" selected>' in html
    boxes = show(
        '<c-choices type="checkbox" label="材料" name="m" :options="pairs" :value="chosen" />',
        pairs=pairs,
        chosen=["1"],
    )
    assert boxes.count(" checked") == 1


def test_a_button_is_a_link_only_with_an_address() -> None:
    assert '<button class="button button-primary' in show(
        '<c-button key="s" name="act" value="accept">受理</c-button>'
    )
    assert 'name="act"' in show('<c-button name="act">受理</c-button>')
    assert ">Alt+1</kbd>" in show('<c-button key="{{ key }}">受理</c-button>', key=1)  # as desk.js takes it
    assert ">s</kbd>" in show('<c-button key="s">受理</c-button>')
    assert 'href="/desk/"' in show('<c-button href="/desk/" kind="plain">返回</c-button>')


def test_steps_say_their_state_in_words() -> None:
    steps = [{"label": "受理", "state": "done"}, {"label": "审查", "state": "current", "note": "3月5日"}]
    html = show('<c-steps :steps="steps" />', steps=steps)
    assert 'aria-current="step"' in html
    assert "已完成" in html
    assert "进行中" in html


def test_a_deadline_folds_its_explanation() -> None:
    html = show('<c-deadline name="承诺办结" colour="yellow" due="3月12日"><p>逐日说明</p></c-deadline>')
    assert "<summary>怎么算的</summary>" in html
    assert "▲" in html
    assert "<details>" not in show('<c-deadline name="法定办结" colour="grey" word="暂停" />')


def test_the_other_parts_render() -> None:
    paging = pages.Paging(number=2, size=10).of(35)
    html = show(
        '<c-pager :paging="paging" /><c-empty title="没有待办">请稍后再看。</c-empty>'
        '<c-table caption="待办" rows><tbody><tr><td>1</td></tr></tbody></c-table>'
        '<c-file-input label="证明" name="f" /><c-progress label="材料" :value="3" :max="5" />'
        '<ol><c-event at="3月5日" title="受理" /></ol>'
        '<c-figure label="红牌" value="3" href="/x" colour="red" />'
        '<c-next who="市场监管局" by="3月12日前">作出决定</c-next>'
        '<c-card title="地点"><p>二楼</p><c-slot name="actions">去</c-slot></c-card>',
        paging=paging,
    )
    for part in (
        'href="?page=3"',
        "没有待办",
        "data-rows",
        'type="file"',
        "<progress",
        "受理",
        "查看明细",
        "接下来",
    ):
        assert part in html
    assert '<div class="actions">去</div>' in html


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "ground"),
        ("soft", "ground"),
        ("soft", "shade"),
        ("press", "ground"),
        ("press", "shade"),
        ("press", "press-tint"),
        ("green", "green-tint"),
        ("yellow", "yellow-tint"),
        ("ground", "red"),
        ("grey", "grey-tint"),
        ("soft", "yellow-tint"),
        ("ground", "press"),
        ("soft", "press-tint"),
    ],
)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    values = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", CSS))
    shown = {
        name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
        for name, value in values.items()
    }
    light, dark = sorted((luminance(shown[text]), luminance(shown[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_stylesheet_is_small_and_asks_nobody_else() -> None:
    assert len(CSS.encode()) < 25_000
    assert "http" not in CSS
    assert "@import" not in CSS
