"""An outsider's check of a file: right records pass, every change is found, nothing hostile gets through."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuquan.draw import DrawRecord, disclose, opening_of, record_from, record_text, replace, verify_file
from liuquan.draw.canonical import canonical
from liuquan.draw.refusals import DrawRefused
from liuquan.draw.tests.evaluation_draw import EXPERTS, make


def full_record() -> DrawRecord:
    """A record with a replacement, all facts and the members' names opened."""
    record = make()
    record = replace(record, out=record.selected[1], ground="因突发疾病不能履行职责")
    names = [opening_of(one, "identity") for one in EXPERTS if one.id in record.members]
    return disclose(record, [*names, *(opening_of(one, "facts") for one in EXPERTS)])


TEXT = record_text(full_record())
HASH = full_record().announcement.hash


def test_a_record_survives_its_file() -> None:
    assert record_from(TEXT) == full_record()
    assert record_text(record_from(TEXT)) == TEXT


def test_a_right_file_is_answered_yes_with_what_was_checked_and_what_was_not() -> None:
    answer = verify_file(TEXT, announced_hash=HASH)
    assert answer.ok
    told = "".join(answer.sentences)
    for part in ("核对无误", "招标人、监督人", "依规则排除 8 人", "1 次递补", "起的第一个"):
        assert part in told
    assert "尚未公开" not in told
    secret = "".join(verify_file(record_text(make())).sentences)
    assert "有 28 人的回避事项尚未公开" in secret
    assert HASH in secret


def test_another_announcement_than_the_one_in_the_log_is_answered_no() -> None:
    answer = verify_file(TEXT, announced_hash="00" * 32)
    assert not answer.ok
    assert "公告被改过" in answer.sentences[0]


def set_at(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(values: Any) -> None:
        for key in path[:-1]:
            values = values[key]
        values[path[-1]] = to

    return change


def drop(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(values: Any) -> None:
        for key in path[:-1]:
            values = values[key]
        del values[path[-1]]

    return change


def swap_selected(values: dict[str, Any]) -> None:
    chosen = values["selected"]
    chosen[0], chosen[1] = chosen[1], chosen[0]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (set_at("nonces", "监督人", to="00" * 32), "“监督人”公开的随机数与事先承诺的不一致"),
        (drop("nonces", "监督人"), "“监督人”尚未公开随机数"),
        (drop("rows", 3), "被增减过"),
        (set_at("rows", 3, "facts", to="00" * 32), "名单被改动过"),
        (set_at("rows", 3, "id", to="E9"), "没有按编号排序"),
        (drop("exclusions", 0), "有人被加入或移出"),
        (set_at("exclusions", 0, "reason", to="看着不顺眼"), "有人被加入或移出"),
        (set_at("rules", 0, "values", to=[9]), "规则被改动过"),
        (drop("rules", 0), "规则被改动过"),
        (set_at("checkpoint", to="other\n1\n" + "A" * 43 + "=\n"), "不是公告所指日志"),
        (set_at("selected", 0, to="E100"), "第 1 名应为"),
        (swap_selected, "第 1 名应为"),
        (drop("selected", 4), "结果不符"),
        (set_at("replacements", 0, "incoming", to="E100"), "没有按顺序递补"),
        (set_at("replacements", 0, "out", to="E100"), "当时不在席"),
        (set_at("replacements", 0, "ground", to=" "), "没有写明事由"),
        (set_at("openings", 0, "values", "name", to="别人"), "承诺不一致"),
        (set_at("openings", 7, "values", "years", to=1), "承诺不一致"),
        (set_at("log_position", to=30_000), "不能证明公告在先"),
        (set_at("checkpoint_at", to="2026-03-19T00:00:00Z"), "早于公告的时间"),
        (set_at("announcement", "profile", to="md5"), "MD5"),
        (set_at("announcement", "profile", to="sha1"), "不认识"),
        (set_at("announcement", "format", to="liuquan-draw/9"), "格式版本"),
        (set_at("announcement", "take", to=4), "承诺不一致|第 1 名|抽取 4 名"),
        (set_at("announcement", "take", to=True), "写法不对"),
        (set_at("extra", to=1), "多余"),
        (set_at("rows", 0, "name", to="张三"), "多余"),
        (set_at("announcement", "take", to=1.5), "整数"),
        (set_at("openings", 0, "kind", to="secrets"), "种类"),
        (set_at("rules", 0, "test", to="eval"), "不认识"),
        (drop("checkpoint"), "缺少“checkpoint”"),
        (set_at("checkpoint_at", to="2026-02-30T00:00:00Z"), "时间"),
        (set_at("nonces", to=[]), "nonces"),
        (set_at("rows", to=["x"]), "名单"),
    ],
)
def test_a_changed_file_is_answered_no_and_why(
    change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    values = json.loads(TEXT)
    change(values)
    answer = verify_file(json.dumps(values))
    assert not answer.ok
    assert len(answer.sentences) == 1
    assert any(part in answer.sentences[0] for part in sentence.split("|")), answer


PLACES = [index for index, letter in enumerate(TEXT) if letter.isalnum()]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from("0123456789abcdefEZ中"))
def test_any_one_changed_character_is_found_when_the_log_is_at_hand(place: int, letter: str) -> None:
    changed = TEXT[:place] + letter + TEXT[place + 1 :]
    answer = verify_file(changed, announced_hash=HASH)
    same = answer.ok and record_from(changed) == full_record()
    # Beside what is committed stand four words of the office: they are kept by the record's own entry.
    told_apart = json.loads(changed) if answer.ok else {}
    free = {"replacements", "log_position", "checkpoint_at"}
    only_free = answer.ok and {key: value for key, value in told_apart.items() if key not in free} == {
        key: value for key, value in json.loads(TEXT).items() if key not in free
    }
    assert not answer.ok or same or only_free


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.binary()))
def test_whatever_a_file_holds_the_answer_is_a_sentence(text: str | bytes) -> None:
    answer = verify_file(text)
    assert not answer.ok
    assert answer.sentences[0].endswith("。")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(json.loads(TEXT))), json_values)
def test_whatever_stands_in_a_field_the_answer_is_a_sentence(key: str, value: Any) -> None:
    values = {**json.loads(TEXT), key: value}
    answer = verify_file(json.dumps(values))
    assert answer.sentences
    assert not answer.ok or key in {"openings", "replacements", "log_position"}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"announcement": 1, "announcement": 1}',
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": ' + "9" * 100_000 + "}",
        '{"a": "\\ud800"}',
        '{"a": "e\u0301"}',
        "{}",
        "[]",
        "",
        b"\xff\xfe",
    ],
)
def test_hostile_text_is_refused(text: str | bytes) -> None:
    assert not verify_file(text).ok


def test_a_file_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liuquan.draw.canonical.LARGEST_TEXT", 10)
    assert "过大" in verify_file(TEXT).sentences[0]


def test_the_canonical_text_is_one_for_one_value() -> None:
    assert canonical({"乙": [1, True, None], "a": "甲"}) == '{"a":"甲","乙":[1,true,null]}'.encode()
    for doubtful in (1 << 60, "\ud800", "e\u0301"):
        with pytest.raises(DrawRefused):
            canonical([doubtful])
    for mistake in (1.5, {1: 2}, {"a"}):
        with pytest.raises(TypeError):
            canonical([mistake])


def test_the_lines_of_the_documentation_reach_the_same_members() -> None:
    page = (Path(__file__).parents[4] / "docs" / "draw-and-sealing.md").read_text()
    lines = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert lines is not None
    made: dict[str, Any] = {}
    exec(lines.group(1), made)
    assert tuple(made["members"](json.loads(TEXT))) == full_record().members
